/// What safe writing does with files that it has moved to a name of its own: check, put back, rescue.
#pragma once

#include <string>

#include "files/safe_write.hpp"
#include "runtime/file_system.hpp"

namespace fluentsync::files {

/// Written by us and never in place: a crash leaves nothing of value there.
inline constexpr const char* kPartPrefix = "part-";
/// May hold somebody's file. mark_of_temporary() tells from where.
inline constexpr const char* kMovedPrefix = "moved-";

/// A fresh name in .fluentsync/tmp.
std::string new_temporary(const char* prefix);
/// One for the file that was at `path`; it ends with the path's mark.
std::string moved_temporary(const std::string& path);

/// Whether `path` is a regular file of the expected content that nobody wrote to while it was read; `seen`:
/// its stat.
bool holds_expected(const runtime::Folder& root, const std::string& path, const Expected& expected,
                    runtime::FileStat* seen = nullptr);

/// As cheap as it gets: false when the stat alone says that the content is another one.
bool may_hold_expected(const runtime::FileStat& stat, const Expected& expected);

/// rename_new() that makes the parents of `to` when they are missing, also when somebody removes them at the
/// same moment.
runtime::RenameOutcome move_into(runtime::Folder& root, const std::string& from, const std::string& to);
/// With what is then at `to`.
runtime::RenameOutcome move_into(runtime::Folder& root, const std::string& from, const std::string& to,
                                 runtime::FileStat& placed);

/// Of what was at `path`, up to a type's folder, which stays.
void remove_empty_parents(runtime::Folder& root, const std::string& path);

/// Moves a file nobody else keeps to .fluentsync/rescued/ and returns its path there ("" when it is gone).
std::string rescue(runtime::Folder& root, const std::string& temporary);

}  // namespace fluentsync::files
