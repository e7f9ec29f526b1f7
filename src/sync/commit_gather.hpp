/// What a commit is made of.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "git/object_writer.hpp"
#include "git/tree.hpp"
#include "store/ledger.hpp"
#include "sync/git_context.hpp"
#include "sync/left_to_git.hpp"

namespace fluentsync::sync {

struct Gathered {
    std::vector<store::LedgerRow> rows;
    std::vector<git::TreeChange> changes;
    std::string files;                   ///< The first paths, for the message.
    std::vector<LeftToGit> left_to_git;  ///< What has to stay out of it.
};

/// Every path whose agreed content is not HEAD's; blobs that git has not go to `writer`. Their bytes are what
/// store and file agreed on; a path of which nobody holds those any more is left for the next commit. Memory
/// stays bounded. `total`: how many paths there may be, for the progress. Local lane. Throws Error(cancelled)
/// when the context is cut short.
Gathered gather_commit(GitContext& git, git::ObjectWriter& writer, std::int64_t total);

}  // namespace fluentsync::sync
