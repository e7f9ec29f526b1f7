/// What git's configuration and ignore files say.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/text.hpp"
#include "git/repository_state.hpp"

namespace fluentsync::git {

namespace {

/// Nothing when it is not set, or empty.
std::optional<std::string> text_value(git_config* snapshot, const char* key) {
    const char* value = nullptr;
    if (git_config_get_string(&value, snapshot, key) < 0 || *value == '\0') return std::nullopt;
    return std::string(value);
}

ConfigPtr snapshot_of(git_repository* repository) {
    ConfigPtr snapshot;
    check(git_repository_config_snapshot(out(snapshot), repository), "git's configuration cannot be read");
    return snapshot;
}

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

}  // namespace

std::optional<Identity> Repository::configured_identity() const {
    const ConfigPtr snapshot = snapshot_of(raw());
    auto name = text_value(snapshot.get(), "user.name");
    auto email = text_value(snapshot.get(), "user.email");
    if (!name || !email) return std::nullopt;
    return Identity{std::move(*name), std::move(*email)};
}

bool Repository::has_ignore_rules() const {
    return holds_rule(std::string(git_repository_workdir(raw())) + ".gitignore") ||
           holds_rule(item_path(raw(), GIT_REPOSITORY_ITEM_INFO) + "exclude") ||
           user_has_rules(snapshot_of(raw()).get());
}

bool Repository::is_ignored(const std::string& path) const {
    int ignored = 0;
    const int code = git_ignore_path_is_ignored(&ignored, raw(), path.c_str());
    if (code < 0) fail(code, "git's ignore rules cannot be asked about " + base::printable(path), path);
    return ignored != 0;
}

}  // namespace fluentsync::git
