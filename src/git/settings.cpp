/// What git's configuration and ignore files say.
#include <cstdlib>

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

/// The environment's word, else the role's own setting, else the person's.
std::optional<std::string> part_of_identity(git_config* snapshot, Role role, const char* variable_part,
                                            const char* key_part) {
    const bool author = role == Role::author;
    const std::string variable = std::string(author ? "GIT_AUTHOR_" : "GIT_COMMITTER_") + variable_part;
    if (const char* value = std::getenv(variable.c_str()); value && *value != '\0') return std::string(value);
    const std::string own_key = std::string(author ? "author." : "committer.") + key_part;
    if (auto value = text_value(snapshot, own_key.c_str())) return value;
    return text_value(snapshot, (std::string("user.") + key_part).c_str());
}

bool flag_of(git_repository* repository, const char* key, bool usual) {
    int value = 0;
    return git_config_get_bool(&value, snapshot_of(repository).get(), key) == 0 ? value != 0 : usual;
}

}  // namespace

std::optional<Identity> Repository::configured_identity(Role role) const {
    const ConfigPtr snapshot = snapshot_of(raw());
    auto name = part_of_identity(snapshot.get(), role, "NAME", "name");
    auto email = part_of_identity(snapshot.get(), role, "EMAIL", "email");
    if (!name || !email) return std::nullopt;
    return Identity{std::move(*name), std::move(*email)};
}

bool Repository::sees_executable_bit() const {
    return flag_of(raw(), "core.filemode", true);
}

bool Repository::makes_links() const {
    return flag_of(raw(), "core.symlinks", true);
}

bool Repository::wants_signatures() const {
    return flag_of(raw(), "commit.gpgsign", false);
}

}  // namespace fluentsync::git
