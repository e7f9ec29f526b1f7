/// Files below .git that are read and mended beside libgit2. For bodies of this floor only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fluentsync::git {

/// The whole content of a file; nothing when there is none. Never waits, as a FIFO in its place would have
/// it. Throws Error(repository) for what is no regular file, Error(io) where it cannot be read: whoever gets
/// bytes has all of them.
std::optional<std::string> read_dot_git_file(const std::string& path);

/// Throws the same Error(repository) where something else than a regular file, a folder or nothing is among
/// what libgit2 opens in this repository: on a FIFO it would wait for ever.
void require_no_special_files(const std::string& git_folder);

/// Keeps what is at `path` in `git_folder`/lost-found/damaged, too, under a name that tells where it was, and
/// returns that path. What it replaces there is nothing.
std::string keep_damaged(const std::string& git_folder, const std::string& path);

/// Replaces (or makes) the file at `path`, in `git_folder`, with these bytes, as a whole, on the disk first.
void replace_dot_git_file(const std::string& git_folder, const std::string& path, std::string_view bytes);

}  // namespace fluentsync::git
