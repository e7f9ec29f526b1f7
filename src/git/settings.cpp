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

}  // namespace

std::optional<Identity> Repository::configured_identity() const {
    const ConfigPtr snapshot = snapshot_of(raw());
    auto name = text_value(snapshot.get(), "user.name");
    auto email = text_value(snapshot.get(), "user.email");
    if (!name || !email) return std::nullopt;
    return Identity{std::move(*name), std::move(*email)};
}

bool Repository::is_ignored(const std::string& path) const {
    int ignored = 0;
    const int code = git_ignore_path_is_ignored(&ignored, raw(), path.c_str());
    if (code < 0) fail(code, "git's ignore rules cannot be asked about " + base::printable(path), path);
    return ignored != 0;
}

}  // namespace fluentsync::git
