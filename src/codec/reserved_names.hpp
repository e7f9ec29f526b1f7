/// File names that mean something to git, to an operating system or to an editor. One path segment each.
#pragma once

#include <string_view>

namespace fluentsync::codec {

/// .git in any spelling that some file system folds to it: case, trailing dots and spaces, "::$DATA", git~1,
/// ignorable Unicode (HFS+).
bool is_dot_git(std::string_view segment);

/// .fluentsync in any such spelling; as a short name (8.3) fluent~1 and its like, or fl1a2b~1, a hash of the
/// long one.
bool is_dot_fluentsync(std::string_view segment);

/// A Windows device name, with or without an extension: CON, nul.txt, "COM1 .md".
bool is_device_name(std::string_view segment);

/// An editor's temporary or swap file, an unfinished download, or what an operating system strews about.
/// Such a file is never looked at.
bool is_litter(std::string_view name);

}  // namespace fluentsync::codec
