#include "git/ignore_rules.hpp"

#include <fstream>
#include <sstream>

#include "git/library.hpp"

namespace fluentsync::git {

namespace {

/// Whether any line of the file is more than a comment.
bool holds_rule(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    while (std::getline(file, line)) {
        const auto first = line.find_first_not_of(" \t\r");
        if (first != std::string::npos && line[first] != '#') return true;
    }
    return false;
}

/// core.excludesFile, or where git looks when that is not set.
bool user_has_rules(git_config* snapshot) {
    Buffer path;
    if (git_config_get_path(&path, snapshot, "core.excludesfile") == 0) return holds_rule(path.text());
    Buffer folders;
    if (git_libgit2_opts(GIT_OPT_GET_SEARCH_PATH, GIT_CONFIG_LEVEL_XDG, &folders) < 0) return true;
    std::istringstream list(folders.text());
    for (std::string folder; std::getline(list, folder, GIT_PATH_LIST_SEPARATOR);) {
        if (!folder.empty() && holds_rule(folder + "/ignore")) return true;
    }
    return false;
}

bool has_rules_everywhere(const Repository& repository) {
    ConfigPtr snapshot;
    check(git_repository_config_snapshot(out(snapshot), repository.raw()),
          "git's configuration cannot be read");
    return holds_rule(item_path(repository.raw(), GIT_REPOSITORY_ITEM_INFO) + "exclude") ||
           user_has_rules(snapshot.get());
}

}  // namespace

IgnoreRules::IgnoreRules(const Repository& repository)
    : repository_(repository), everywhere_(has_rules_everywhere(repository)) {}

bool IgnoreRules::ignore(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? std::string() : path.substr(0, slash);
    return (everywhere_ || has_rules(folder)) && repository_.is_ignored(path);
}

bool IgnoreRules::has_rules(const std::string& folder) {
    const auto known = folders_.find(folder);
    if (known != folders_.end()) return known->second;
    bool any = holds_rule(repository_.folder() + "/" + folder + "/.gitignore");
    if (!any && !folder.empty()) {
        const std::size_t slash = folder.rfind('/');
        any = has_rules(slash == std::string::npos ? std::string() : folder.substr(0, slash));
    }
    folders_.emplace(folder, any);
    return any;
}

}  // namespace fluentsync::git
