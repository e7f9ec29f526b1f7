/// By what a version of the index file is known from another.
#pragma once

#include <cstdint>
#include <string>

#include "base/object_id.hpp"

namespace fluentsync::git {

/// The file of a version of the index; size -1: there is none.
struct IndexStamp {
    std::int64_t mtime_ns = 0;
    std::uint64_t inode = 0;
    std::int64_t size = -1;
    bool operator==(const IndexStamp&) const = default;
};

IndexStamp stamp_of(const std::string& path);

/// A version of the index. `entries` is a hash of all that the index says of paths but for their stats: what
/// `git status` writes anew has the same.
struct IndexVersion {
    IndexStamp stamp;
    base::ObjectId entries;
};

}  // namespace fluentsync::git
