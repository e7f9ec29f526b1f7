/// A pack that grows out of sight. For bodies of this floor only.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "git/pack_entry.hpp"
#include "git/repository.hpp"
#include "git/spool.hpp"

namespace fluentsync::git {

/// A pack begins with the number of its objects, which is known at the end only: entries wait in a nameless
/// temporary file, which place() copies. So memory stays bounded (the bytes are on disk, 32 an object stay
/// for the index), and nothing shows in .git before. For one thread and one pack.
class SpooledPack {
  public:
    explicit SpooledPack(const Repository& repository);
    /// `objects`: the folder of a repository; `spool`: where the entries wait.
    SpooledPack(std::string objects, const std::string& spool);
    void append(const PackEntries& entries);
    /// Puts the pack where git looks for it, `durable` as PackFile says, and returns its path without
    /// ".pack". Asks `give_up` often: one that says yes makes this nothing, and nothing is left.
    std::optional<std::string> place(bool durable, const std::function<bool()>& give_up);

  private:
    static constexpr std::uint64_t kHeader = std::tuple_size_v<decltype(pack_header(0))>;

    const std::string objects_folder_;
    Spool spool_;
    std::vector<PackedObject> objects_;
    std::uint64_t end_ = kHeader;  ///< Of the pack so far.
};

}  // namespace fluentsync::git
