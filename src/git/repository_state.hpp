/// What a Repository holds. For bodies of this floor only.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "git/config_includes.hpp"
#include "git/index_stamp.hpp"
#include "git/library.hpp"
#include "git/repository.hpp"
#include "git/shared_modes.hpp"

namespace fluentsync::git {

/// Which packs the disk has, as far as the folder that holds them tells.
struct PacksSeen {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t mtime_ns = 0;
    bool operator==(const PacksSeen&) const = default;
};
PacksSeen packs_of(git_repository* repository);

struct Repository::State {
    Library library;  // first in, last out
    GivenConfiguration configuration;
    RepositoryPtr repository;
    std::string folder;
    std::function<bool()> stop;  ///< See stop_when(); may be empty.
    std::optional<SharedModes> shared_modes;
    PacksSeen packs;
    IndexStamp conflicts_seen;  ///< In which version of the index `conflicts` were looked for.
    bool conflicts = false;
};

/// Throws invalid_argument unless `branch` is fit for a branch's short name.
void check_branch_name(const std::string& branch);

}  // namespace fluentsync::git
