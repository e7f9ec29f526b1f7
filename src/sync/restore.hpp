/// Files of HEAD's that are not here, or not in its version.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sync/git_context.hpp"

namespace fluentsync::sync {

/// Named value of the database: HEAD may have files that were never here.
inline constexpr const char* kBlocked = "blocked";

/// Named value of the database: the limit that some file of a pull was over.
inline constexpr const char* kRefusedAbove = "refused_above";
/// How the reason of such a hold begins.
inline constexpr const char* kOverLimit = "over the limit";

/// What stands at the path here; nothing: it is out of reach.
std::optional<runtime::FileKind> kind_at(const SyncContext& context, const std::string& path);

/// Files that HEAD has and this folder never had (a new database beside an old repository, something that was
/// in the way), or has in an older version (the limit was too low): brings them in. Returns how many.
std::int64_t restore_unknown_files(GitContext& git);
/// The same, where there may be such files; those that are behind HEAD are tried again each time (see
/// behind.hpp). Else it costs two looks at the database. Not in the middle of a person's own work in the
/// repository.
void retry_blocked_files(GitContext& git);
/// Whether some are behind HEAD.
bool any_behind(GitContext& git);
/// On opening: what was over an earlier, lower limit is tried again by the next commit.
void note_raised_limit(GitContext& git);

}  // namespace fluentsync::sync
