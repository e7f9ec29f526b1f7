/// What a commit is made of.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "git/object_writer.hpp"
#include "git/tree.hpp"
#include "store/ledger.hpp"
#include "sync/git_context.hpp"
#include "sync/git_form.hpp"
#include "sync/left_to_git.hpp"

namespace fluentsync::sync {

struct Gathered {
    std::vector<store::LedgerRow> rows;
    std::vector<store::LedgerRow> in_head;  ///< HEAD has them already, with other line ends.
    std::vector<git::TreeChange> changes;
    std::string files;                   ///< The first paths, for the message.
    std::vector<std::string> unfit;      ///< Left out: git takes no such path.
    std::vector<std::string> marked;     ///< Left out: see marked_files.hpp.
    std::vector<LeftToGit> left_to_git;  ///< What has to stay out of it.
};

/// Whether what the row has of the file is that version of git's, by the ledger's word or, where line ends
/// are converted, by the bytes.
bool is_version(const GitContext& git, GitForm& form, store::Connection& connection,
                const store::LedgerRow& row, const base::ObjectId& id);

/// Every path whose agreed content is not HEAD's; blobs that git has not go to `writer`. Their bytes are what
/// store and file agreed on; a path of which nobody holds those any more is left for the next commit. Memory
/// stays bounded. `total`: how many paths there may be, for the progress. Local lane. Throws Error(cancelled)
/// when the context is cut short.
Gathered gather_commit(GitContext& git, git::ObjectWriter& writer, std::int64_t total);

/// The bytes of the file that the row names: the entity's content, the copy put aside, or the file, whichever
/// still holds them; nothing when none does. The database's word for a content is checked: its disk may have
/// spoiled what it keeps.
std::optional<std::string> agreed_bytes(const SyncContext& context, store::Connection& connection,
                                        const store::LedgerRow& row);

}  // namespace fluentsync::sync
