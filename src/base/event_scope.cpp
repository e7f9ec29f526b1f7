#include "base/event_scope.hpp"

namespace fluentsync::base {

namespace {

constexpr unsigned kStore = 1;
constexpr unsigned kDirectory = 2;
constexpr unsigned kGit = 4;

/// Without a default: the compiler asks for every new kind.
unsigned scopes_of(EventKind kind) noexcept {
    switch (kind) {
        case EventKind::entity_created:
        case EventKind::entity_updated:
        case EventKind::entity_deleted:
        case EventKind::conflict_resolved:
            return kStore | kDirectory;
        case EventKind::file_exported:
        case EventKind::file_removed:
        case EventKind::file_imported:
        case EventKind::file_held:
        case EventKind::file_released:
        case EventKind::export_completed:
        case EventKind::import_completed:
        case EventKind::deletion_held:
        case EventKind::watch_overflow:
        case EventKind::watch_degraded:
        case EventKind::root_lost:
        case EventKind::root_found:
            return kDirectory;
        case EventKind::git_committed:
        case EventKind::git_fetched:
        case EventKind::git_pulled:
        case EventKind::git_pushed:
        case EventKind::git_push_failed:
        case EventKind::git_pull_failed:
        case EventKind::git_standing_back:
        case EventKind::sync_completed:
            return kGit;
        case EventKind::conflict_detected:
        case EventKind::progress:
        case EventKind::warning:
        case EventKind::error:
        case EventKind::events_dropped:
            return kDirectory | kGit;
    }
    return kDirectory | kGit;
}

}  // namespace

bool told_by_store(EventKind kind) noexcept {
    return (scopes_of(kind) & kStore) != 0;
}

bool told_by_directory(EventKind kind) noexcept {
    return (scopes_of(kind) & kDirectory) != 0;
}

bool told_by_git(EventKind kind) noexcept {
    return (scopes_of(kind) & kGit) != 0;
}

}  // namespace fluentsync::base
