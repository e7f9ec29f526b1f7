/// Writes new objects into the object database: loose for a few, one pack for many.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/object_id.hpp"
#include "git/repository.hpp"
#include "runtime/lane.hpp"

namespace fluentsync::git {

/// Objects are readable from the repository after finish() (loose ones at once). Dropped without finish(): a
/// pack leaves nothing. One that has thrown is to be dropped.
class ObjectWriter {
  public:
    enum class Kind { blob, tree, commit };
    virtual ~ObjectWriter() = default;
    /// Returns the id. `known`: the id when the caller has it already (blobs), so that it is not hashed twice
    /// here. An object that the database has is not written again. Throws Error(corrupt) where the bytes are
    /// not what `known` says.
    virtual base::ObjectId add(Kind kind, std::string_view data, const base::ObjectId* known = nullptr) = 0;
    using Blobs = std::vector<std::pair<base::ObjectId, std::string_view>>;
    /// Many blobs at once that the database is not known to have: one that it has may be written again. They
    /// are compressed on `pool` where that pays; `beside` runs on this thread meanwhile.
    virtual void add_blobs(const Blobs& blobs, const std::function<void()>& beside) = 0;
    void add_blobs(const Blobs& blobs) {
        add_blobs(blobs, [] {});
    }
    /// Makes everything readable and, with `durable`, lasting (one syncfs; a pack's bytes before it has a
    /// name). Returns how many loose objects were written.
    virtual std::size_t finish(bool durable) = 0;
};

/// `expected_blobs` decides: below tuning::kPackFromObjects loose, else one pack (level 1, no deltas;
/// each object's id is checked by libgit2's collision-detecting SHA-1).
std::unique_ptr<ObjectWriter> make_object_writer(Repository& repository, std::size_t expected_blobs,
                                                 runtime::HelperPool& pool);

/// Packs the loose objects of the repository into one pack when there are at least `at_least`, and removes
/// the loose copies afterwards. Returns how many were packed. Large ones stay loose. Safe against a crash at
/// any point and against other git programs. Asks `give_up` between two objects; when that says yes, this
/// returns nothing: all is as it was or, when the pack is there already, some loose copies are left.
std::optional<std::size_t> pack_loose_objects(Repository& repository, std::size_t at_least,
                                              const std::function<bool()>& give_up);

}  // namespace fluentsync::git
