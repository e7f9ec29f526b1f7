#include "fluentsync/event.hpp"

namespace fluentsync {

const char* origin_name(Origin origin) noexcept {
    switch (origin) {
        case Origin::api:
            return "api";
        case Origin::file:
            return "file";
        case Origin::remote:
            return "remote";
        case Origin::none:
            return "";
    }
    return "unknown";
}

const char* event_name(EventKind kind) noexcept {
    switch (kind) {
        case EventKind::entity_created:
            return "entity:created";
        case EventKind::entity_updated:
            return "entity:updated";
        case EventKind::entity_deleted:
            return "entity:deleted";
        case EventKind::file_exported:
            return "file:exported";
        case EventKind::file_removed:
            return "file:removed";
        case EventKind::file_imported:
            return "file:imported";
        case EventKind::file_held:
            return "file:held";
        case EventKind::file_released:
            return "file:released";
        case EventKind::export_completed:
            return "export:completed";
        case EventKind::import_completed:
            return "import:completed";
        case EventKind::deletion_held:
            return "deletion:held";
        case EventKind::conflict_detected:
            return "conflict:detected";
        case EventKind::conflict_resolved:
            return "conflict:resolved";
        case EventKind::watch_overflow:
            return "watch:overflow";
        case EventKind::watch_degraded:
            return "watch:degraded";
        case EventKind::root_lost:
            return "root:lost";
        case EventKind::root_found:
            return "root:found";
        case EventKind::git_committed:
            return "git:committed";
        case EventKind::git_fetched:
            return "git:fetched";
        case EventKind::git_pulled:
            return "git:pulled";
        case EventKind::git_pushed:
            return "git:pushed";
        case EventKind::git_push_failed:
            return "git:push-failed";
        case EventKind::git_pull_failed:
            return "git:pull-failed";
        case EventKind::git_standing_back:
            return "git:standing-back";
        case EventKind::sync_completed:
            return "sync:completed";
        case EventKind::progress:
            return "progress";
        case EventKind::warning:
            return "warning";
        case EventKind::error:
            return "error";
        case EventKind::events_dropped:
            return "events:dropped";
    }
    return "unknown";
}

}  // namespace fluentsync
