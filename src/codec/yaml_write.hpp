/// JSON values as one line of YAML.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace fluentsync::codec {

/// Between lines of "key: value", or inside brackets where commas and brackets mean something.
enum class YamlContext { block, flow };

/// Strings are plain where that reads back as the same string, else double-quoted; arrays and objects in flow
/// style. Throws Error(invalid_argument) for a value nested deeper than a front matter may be.
std::string write_yaml(const nlohmann::ordered_json& value, YamlContext context);

std::string write_yaml_key(const std::string& key, YamlContext context);

}  // namespace fluentsync::codec
