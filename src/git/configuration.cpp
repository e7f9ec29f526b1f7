#include "git/configuration.hpp"

#include <git2/sys/repository.h>

#include <charconv>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "git/library.hpp"

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

std::string environments_file() {
    std::string text;
    for (unsigned i = 0, count = pair_count(); i < count; ++i) {
        const auto key = variable("GIT_CONFIG_KEY_" + std::to_string(i));
        const auto value = variable("GIT_CONFIG_VALUE_" + std::to_string(i));
        if (key && value) text += lines_of_config(*key, value->c_str());
    }
    return text;
}

/// As long as the process lives. Empty: nothing is set.
const std::string& environments_path() {
    static const std::string path = [] {
        const std::string text = environments_file();
        runtime::UniqueFd file = text.empty() ? runtime::UniqueFd() : file_in_memory(text);
        std::string name = file ? path_in_memory(file) : std::string();
        (void)file.release();
        return name;
    }();
    return path;
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

struct ConfigFile {
    git_config_level_t level;
    std::string path;
};

/// All that counts, in git's order.
std::vector<ConfigFile> all_files(git_repository* repository, const std::string& worktree) {
    const auto global = variable("GIT_CONFIG_GLOBAL");
    std::vector<ConfigFile> files;
    if (!is_true(variable("GIT_CONFIG_NOSYSTEM"))) {
        files.push_back(
            {GIT_CONFIG_LEVEL_SYSTEM, path_of(git_config_find_system, variable("GIT_CONFIG_SYSTEM"))});
    }
    if (!global) files.push_back({GIT_CONFIG_LEVEL_XDG, path_of(git_config_find_xdg, std::nullopt)});
    files.push_back({GIT_CONFIG_LEVEL_GLOBAL, path_of(git_config_find_global, global)});
    files.push_back({GIT_CONFIG_LEVEL_LOCAL, item_path(repository, GIT_REPOSITORY_ITEM_CONFIG)});
    files.push_back({kWorktreeLevel, worktree});
    files.push_back({kEnvironmentLevel, environments_path()});
    std::erase_if(files, [](const ConfigFile& file) { return file.path.empty(); });
    return files;
}

int open_files(ConfigPtr& config, const std::vector<ConfigFile>& files, git_repository* repository) {
    int code = git_config_new(out(config));
    for (const ConfigFile& file : files) {
        if (code < 0) break;
        code = git_config_add_file_ondisk(config.get(), file.path.c_str(), file.level, repository, 0);
    }
    return code;
}

}  // namespace

int give_configuration(git_repository* repository, GivenConfiguration& given) {
    const std::string worktree = worktree_file(repository);
    bool asked = variable("GIT_CONFIG_NOSYSTEM") || variable("GIT_CONFIG_SYSTEM") ||
                 variable("GIT_CONFIG_GLOBAL") || !environments_path().empty() || !worktree.empty();
    auto files = all_files(repository, worktree);
    ConfigPtr config;
    int code = asked ? open_files(config, files, repository) : git_repository_config(out(config), repository);
    if (code == 0 && has_conditional_includes(config.get())) {
        asked = true;
        for (ConfigFile& file : files)
            file.path = with_conditional_includes(file.path, config.get(), repository, given);
        code = open_files(config, files, repository);
    }
    return code < 0 || !asked ? code : git_repository_set_config(repository, config.get());
}

}  // namespace fluentsync::git
