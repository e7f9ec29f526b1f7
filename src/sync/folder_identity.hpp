/// Whether the folder is the one the database knows, and what that means.
#pragma once

#include <memory>

#include "files/root_claim.hpp"
#include "sync/context.hpp"

namespace fluentsync::sync {

struct FolderClaim {
    std::shared_ptr<runtime::Folder> folder;
    std::unique_ptr<files::RootClaim> claim;
};

/// Opens and claims options.sync_path. The marker in the folder is compared with the one in the database:
///  - none known: this folder becomes the known one;
///  - the same: fine, wherever it has been moved to, unless its files were named by another layout:
///    Error(invalid_options);
///  - another or none, at the path where the known one was: Error(root_unverified) (unmounted? emptied?), and
///    a confirmation (EntityStore::confirm_deletions) lets the next claim start afresh with exactly this one;
///  - another or none, at another path: the host asks for another folder; the ledger starts afresh, every
///  entity is to be exported.
/// Nothing is written when all is as it was.
FolderClaim claim_folder(SyncContext& context);

/// Whether the path leads to the folder that the database knows, without a claim; any thread. `fault` says
/// why not; empty also where none is known yet.
struct FolderLook {
    bool verified = false;
    std::string fault;
};
FolderLook look_at_folder(const SyncContext& context);

/// Whether the known folder stands at `path` at this moment, or none is known yet; any thread.
bool is_known_folder(const store::StoreBody& store, const std::string& path);

/// Whether the known folder is back at its path: then it is claimed again (context.folder and `claim` are
/// replaced).
bool reclaim_folder(SyncContext& context, std::unique_ptr<files::RootClaim>& claim);

/// Fills context.holds and the number of held deletions from the database.
void load_holds(SyncContext& context);

/// Files wait for their second look before they count as deleted (those the guard holds do not).
bool missing_wait(const SyncContext& context);

/// Log rows that an export round could settle: of a type that is exchanged, not held, and their path not in
/// `left_out`. Any thread.
std::int64_t count_pending_exports(const SyncContext& context, const std::set<std::string>& left_out);

}  // namespace fluentsync::sync
