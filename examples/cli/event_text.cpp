#include "event_text.hpp"

#include "output.hpp"

namespace cli {
namespace {

using fluentsync::Event;
using fluentsync::EventKind;

/// What an event's count counts.
const char* counted_thing(EventKind kind) {
    switch (kind) {
        case EventKind::import_completed:
            return "entity";
        case EventKind::deletion_held:
            return "deletion";
        case EventKind::events_dropped:
            return "event";
        default:
            return "file";
    }
}

bool has_count(EventKind kind) {
    return kind == EventKind::export_completed || kind == EventKind::import_completed ||
           kind == EventKind::git_committed || kind == EventKind::git_pulled;
}

bool has_origin(EventKind kind) {
    return kind == EventKind::entity_created || kind == EventKind::entity_updated ||
           kind == EventKind::entity_deleted;
}

std::string subject(const Event& event) {
    std::string text;
    const auto add = [&text](const std::string& part) {
        if (!part.empty()) text += (text.empty() ? "" : "  ") + part;
    };
    add(event.path.empty() && !event.type.empty() ? event.type + '/' + event.id : event.path);
    if (has_origin(event.kind)) add(std::string("(") + fluentsync::origin_name(event.origin) + ')');
    if (event.number != 0) add('#' + std::to_string(event.number));
    add(short_id(event.commit));
    if (event.count != 0 || has_count(event.kind)) add(counted(event.count, counted_thing(event.kind)));
    add(event.message);
    return text;
}

}  // namespace

std::string event_line(const Event& event) {
    return shown(time_text(event.time) + "  " + fluentsync::event_name(event.kind) + "  " + subject(event));
}

std::string event_json(const Event& event) {
    Json json{{"event", fluentsync::event_name(event.kind)}, {"time", event.time}};
    const auto add_text = [&json](const char* name, const std::string& value) {
        if (!value.empty()) json[name] = value;
    };
    const auto add_number = [&json](const char* name, std::int64_t value) {
        if (value != 0) json[name] = value;
    };
    add_text("type", event.type);
    add_text("id", event.id);
    add_text("path", event.path);
    if (has_origin(event.kind)) json["origin"] = fluentsync::origin_name(event.origin);
    add_number("version", event.version);
    add_number("number", event.number);
    add_text("commit", event.commit);
    if (has_count(event.kind)) json["count"] = event.count;
    add_number("count", event.count);
    add_number("total", event.total);
    if (event.code != fluentsync::ErrorCode::ok) json["code"] = fluentsync::error_code_name(event.code);
    add_text("message", event.message);
    return json_text(json);
}

}  // namespace cli
