/// Objects in the form a pack holds them. For bodies of this floor only.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "git/library.hpp"
#include "git/pack_index.hpp"

struct libdeflate_compressor;

namespace fluentsync::git {

/// A piece of a pack: entries, one after the other. The offsets count from its start.
struct PackEntries {
    std::string bytes;
    std::vector<PackedObject> objects;
};

/// Hashed by libgit2's collision-detecting SHA-1.
base::ObjectId hash_object(git_object_t type, std::string_view data);

/// Turns objects into pack entries (header and zlib data, level 1: by libdeflate, which makes the same format
/// as zlib in a fraction of its time where the whole input is there). For one thread.
class PackEntryEncoder {
  public:
    PackEntryEncoder();
    /// Throws Error(corrupt) where the object is not what `id` says, by hash_object().
    void append(git_object_t type, const base::ObjectId& id, std::string_view data, PackEntries& to);

  private:
    struct FreeCompressor {
        void operator()(libdeflate_compressor* compressor) const;
    };

    void deflate_to(std::string& to, std::string_view data);

    std::unique_ptr<libdeflate_compressor, FreeCompressor> compressor_;
};

/// "PACK", the version, and how many objects follow.
std::array<char, 12> pack_header(std::uint32_t objects);

}  // namespace fluentsync::git
