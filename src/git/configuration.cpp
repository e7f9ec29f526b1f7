#include "git/configuration.hpp"

#include <git2/sys/repository.h>
#include <sys/mman.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "git/library.hpp"
#include "runtime/posix_path.hpp"

namespace fluentsync::git {

namespace {

/// More pairs than anybody sets by hand.
constexpr unsigned kMostPairs = 1000;
/// Above the repository's own, in git's order. libgit2 1.5 has no names for them.
constexpr auto kWorktreeLevel = static_cast<git_config_level_t>(GIT_CONFIG_LEVEL_LOCAL + 1);
constexpr auto kEnvironmentLevel = static_cast<git_config_level_t>(GIT_CONFIG_LEVEL_LOCAL + 2);

std::optional<std::string> variable(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
}

bool is_true(const std::optional<std::string>& value) {
    int flag = 0;
    return value && (git_config_parse_bool(&flag, value->c_str()) != 0 || flag != 0);
}

/// How many pairs of key and value the environment has.
unsigned pair_count() {
    unsigned count = 0;
    const std::string text = variable("GIT_CONFIG_COUNT").value_or("");
    const auto read = std::from_chars(text.data(), text.data() + text.size(), count);
    return read.ec == std::errc() && read.ptr == text.data() + text.size() && count <= kMostPairs ? count : 0;
}

std::string quoted(std::string_view value) {
    std::string result = "\"";
    for (const char c : value) {
        if (c == '\n') {
            result += "\\n";
            continue;
        }
        if (c == '"' || c == '\\') result += '\\';
        result += c;
    }
    return result + '"';
}

/// "section.sub.name" and its value as a file's lines; nothing for a key that git refuses.
std::optional<std::string> lines_of(const std::string& key, const std::string& value) {
    const auto first = key.find('.');
    const auto last = key.rfind('.');
    if (first == std::string::npos || first == 0 || last + 1 == key.size() ||
        key.find('\n') != std::string::npos) {
        return std::nullopt;
    }
    std::string section = "[" + key.substr(0, first);
    if (first != last) section += " " + quoted(key.substr(first + 1, last - first - 1));
    return section + "]\n\t" + key.substr(last + 1) + " = " + quoted(value) + "\n";
}

std::string environments_file() {
    std::string text;
    for (unsigned i = 0, count = pair_count(); i < count; ++i) {
        const auto key = variable("GIT_CONFIG_KEY_" + std::to_string(i));
        const auto value = variable("GIT_CONFIG_VALUE_" + std::to_string(i));
        if (key && value) text += lines_of(*key, *value).value_or("");
    }
    return text;
}

/// libgit2 takes files alone, and looks at them again and again: one in memory stands in for as long as the
/// process lives. -1: nothing is set.
int environments_descriptor() {
    static const int descriptor = [] {
        const std::string text = environments_file();
        if (text.empty()) return -1;
        runtime::UniqueFd file(::memfd_create("git-config-environment", MFD_CLOEXEC));
        const bool written =
            file && ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
        return written ? file.release() : -1;
    }();
    return descriptor;
}

using Find = int (*)(git_buf*);

/// The file that `find` knows, or that the environment names instead. Empty: none.
std::string path_of(Find find, const std::optional<std::string>& instead) {
    if (instead) return *instead;
    Buffer found;
    return find(&found) < 0 ? std::string() : found.text();
}

/// The work tree's own file; empty: it counts for nothing.
std::string worktree_file(git_repository* repository) {
    ConfigPtr local;
    int wanted = 0;
    int code = git_config_open_ondisk(out(local), item_path(repository, GIT_REPOSITORY_ITEM_CONFIG).c_str());
    if (code == 0) code = git_config_get_bool(&wanted, local.get(), "extensions.worktreeconfig");
    return code == 0 && wanted ? std::string(git_repository_path(repository)) + "config.worktree" : "";
}

int add_all(git_config* config, git_repository* repository, const std::string& worktree) {
    const auto file = [&](git_config_level_t level, const std::string& path) {
        return path.empty() ? 0 : git_config_add_file_ondisk(config, path.c_str(), level, repository, 0);
    };
    const auto global = variable("GIT_CONFIG_GLOBAL");
    int code = 0;
    if (!is_true(variable("GIT_CONFIG_NOSYSTEM"))) {
        code = file(GIT_CONFIG_LEVEL_SYSTEM, path_of(git_config_find_system, variable("GIT_CONFIG_SYSTEM")));
    }
    if (code == 0 && !global) code = file(GIT_CONFIG_LEVEL_XDG, path_of(git_config_find_xdg, std::nullopt));
    if (code == 0) code = file(GIT_CONFIG_LEVEL_GLOBAL, path_of(git_config_find_global, global));
    if (code == 0) code = file(GIT_CONFIG_LEVEL_LOCAL, item_path(repository, GIT_REPOSITORY_ITEM_CONFIG));
    if (code == 0) code = file(kWorktreeLevel, worktree);
    if (code == 0 && environments_descriptor() >= 0) {
        code = file(kEnvironmentLevel, "/proc/self/fd/" + std::to_string(environments_descriptor()));
    }
    return code;
}

}  // namespace

int give_configuration(git_repository* repository) {
    const std::string worktree = worktree_file(repository);
    const bool asked = variable("GIT_CONFIG_NOSYSTEM") || variable("GIT_CONFIG_SYSTEM") ||
                       variable("GIT_CONFIG_GLOBAL") || environments_descriptor() >= 0;
    if (!asked && worktree.empty()) return 0;
    ConfigPtr config;
    int code = git_config_new(out(config));
    if (code == 0) code = add_all(config.get(), repository, worktree);
    return code < 0 ? code : git_repository_set_config(repository, config.get());
}

}  // namespace fluentsync::git
