/// Reads repositories by libgit2 itself, apart from the engine.
#pragma once

#include <map>
#include <set>
#include <string>

#include "simulated_remote.hpp"

namespace simulation {

struct HeadFiles {
    std::string commit;  ///< 40 hexadecimal digits; empty before the first.
    std::map<std::string, std::string> files;
};

/// This machine's configuration has no say, and what is read is not hashed again.
void prepare_libgit2();
/// Lets go of the repositories that were looked at.
void close_repositories();
/// As a person's `git update-index --[no-]skip-worktree`. False: the index has no such entry, or is locked.
bool mark_in_index(const std::string& folder, const std::string& path, bool marked);
bool is_marked_in_index(const std::string& folder, const std::string& path);
/// Empty when there is no repository.
HeadFiles head_files(const std::string& folder);
/// The words of every blob that HEAD's history holds.
void words_of_history(const std::string& folder, std::set<std::string>& found);
void words_of_remote(const Remote& remote, std::set<std::string>& found);
/// The tip of the remote's branch in hexadecimal; empty: none.
std::string remote_tip(const Remote& remote);

}  // namespace simulation
