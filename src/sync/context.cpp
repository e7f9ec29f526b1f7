#include "sync/context.hpp"

namespace fluentsync::sync {

codec::Classified SyncContext::classify(const std::string& path) const {
    codec::Classified result = paths.classify(path);
    if (result.kind == codec::PathKind::entity && !takes_type(result.key.type)) {
        result.kind = codec::PathKind::plain;
        result.key = {};
    }
    const bool nameless = result.kind == codec::PathKind::refused;
    if (nameless && track_plain_files && !options.portable_names && codec::safe_tree_path(path)) {
        result.kind = codec::PathKind::plain;  // The reason stays: it is listed.
    }
    return result;
}

Event path_event(EventKind kind, const std::string& path, const EntityKey& key) {
    Event event;
    event.kind = kind;
    event.path = path;
    event.type = key.type;
    event.id = key.id;
    return event;
}

void tell_progress(const SyncContext& context, const char* what, std::int64_t done, std::int64_t total) {
    if (total <= static_cast<std::int64_t>(base::tuning::kBatchEntities)) {
        return;
    }
    Event event;
    event.kind = EventKind::progress;
    event.message = what;
    event.count = done;
    event.total = total;
    context.publish(std::move(event));
}

}  // namespace fluentsync::sync
