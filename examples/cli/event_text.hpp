/// Events as lines.
#pragma once

#include <fluentsync/event.hpp>
#include <string>

namespace cli {

/// Time, event name, subject.
std::string event_line(const fluentsync::Event& event);
/// One JSON object. Fields that are empty or 0 are left out; "event" and "time" are always there.
std::string event_json(const fluentsync::Event& event);

}  // namespace cli
