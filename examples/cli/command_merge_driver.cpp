#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fluentsync/error.hpp>
#include <fluentsync/note_merge.hpp>

#include "commands.hpp"
#include "exit_code.hpp"
#include "files.hpp"
#include "output.hpp"
#include "root.hpp"

namespace cli {
namespace {

using fluentsync::MergeRules;

/// git runs the driver at the top of its work tree. What it merges need not be set up here.
MergeRules rules_for(const Arguments& words) {
    Arguments here = words;
    here.root = std::string(".");
    const Root root(here);
    if (!root.is_set_up()) return {};
    const auto merge = root.options().directory.merge;
    auto found = merge.find(words.path.substr(0, words.path.find('/')));
    if (found == merge.end()) found = merge.find("*");
    return found == merge.end() ? MergeRules() : found->second;
}

/// As git would: the conflict's marks are in the file, and the exit code says how many there are.
[[noreturn]] void leave_to_git(const Arguments& words) {
    execlp("git", "git", "merge-file", "-L", "ours", "-L", "base", "-L", "theirs", words.ours.c_str(),
           words.base.c_str(), words.theirs.c_str(), static_cast<char*>(nullptr));
    throw fluentsync::Error(fluentsync::ErrorCode::io,
                            std::string("cannot start git merge-file: ") + std::strerror(errno));
}

}  // namespace

int merge_driver_command(const Arguments& words) {
    const auto merged = fluentsync::merge_notes(read_file(words.base), read_file(words.ours),
                                                read_file(words.theirs), rules_for(words));
    if (!merged) leave_to_git(words);
    const auto folder = std::filesystem::absolute(words.ours).parent_path().string();
    replace_file(words.ours, merged->text, folder);
    for (const auto& one : merged->conflicts) {
        complain(words.path + ": both sides changed \"" + one.key + "\": " + one.winner + " is in place of " +
                 one.loser);
    }
    return merged->conflicts.empty() ? kOk : kDrift;
}

}  // namespace cli
