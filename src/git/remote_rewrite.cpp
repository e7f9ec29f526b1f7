#include "git/remote_rewrite.hpp"

#include <string_view>

#include "git/library.hpp"

namespace fluentsync::git {

namespace {

using IteratorPtr = std::unique_ptr<git_config_iterator, Freed<git_config_iterator_free>>;

struct Rewrite {
    std::string base;
    std::size_t length = 0;  ///< Of what is replaced; the longest match wins, as in git.
    bool by_repository = false;
};

/// Takes `entry` when it is a better match under `suffix` than `best`.
void consider(Rewrite& best, const git_config_entry& entry, std::string_view suffix, std::string_view url) {
    constexpr std::string_view kPrefix = "url.";
    const std::string_view name = entry.name;
    const std::string_view value = entry.value ? entry.value : "";
    if (name.size() > kPrefix.size() + suffix.size() && name.starts_with(kPrefix) && name.ends_with(suffix) &&
        value.size() > best.length && url.starts_with(value)) {
        best = {std::string(name.substr(kPrefix.size(), name.size() - kPrefix.size() - suffix.size())),
                value.size(), entry.level >= GIT_CONFIG_LEVEL_LOCAL};
    }
}

}  // namespace

RewrittenUrl rewritten_url(git_repository* repository, const std::string& url, git_direction direction) {
    ConfigPtr config;
    IteratorPtr entries;
    check(git_repository_config_snapshot(out(config), repository), "the configuration cannot be read");
    check(git_config_iterator_new(out(entries), config.get()), "the configuration cannot be read");
    Rewrite any;
    Rewrite push;
    for (git_config_entry* entry = nullptr; git_config_next(&entry, entries.get()) == 0;) {
        consider(any, *entry, ".insteadof", url);
        consider(push, *entry, ".pushinsteadof", url);
    }
    const Rewrite& chosen = direction == GIT_DIRECTION_PUSH && push.length > 0 ? push : any;
    if (chosen.length == 0) {
        return {url};
    }
    return {chosen.base + url.substr(chosen.length), chosen.by_repository};
}

}  // namespace fluentsync::git
