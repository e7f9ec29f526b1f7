/// The JSON text of options, parsed with errors that tell the place.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace fluentsync::sync {

/// Throws Error(invalid_options): a syntax error with line and column, or a key that is there twice. No
/// message repeats a value: it might be a secret.
nlohmann::json parse_option_text(const std::string& text);

}  // namespace fluentsync::sync
