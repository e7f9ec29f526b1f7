#include "codec/yaml_write.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "codec/yaml_node.hpp"
#include "fluentsync/error.hpp"

namespace fluentsync::codec {

namespace {

using nlohmann::ordered_json;

/// libyaml itself says how a text reads.
bool reads_as(const std::string& yaml, const ordered_json& wanted) {
    try {
        const auto root = parse_yaml(yaml);
        return root && to_json(*root) == wanted;
    } catch (const Error&) {
        return false;
    }
}

/// Words and times that older readers (YAML 1.1: PyYAML, Ruby) take for booleans and base-60 numbers.
bool misread_by_yaml_1_1(const std::string& text) {
    static constexpr std::array<std::string_view, 14> kWords{"yes", "Yes", "YES", "no",  "No",  "NO", "on",
                                                             "On",  "ON",  "off", "Off", "OFF", "=",  "<<"};
    if (std::find(kWords.begin(), kWords.end(), text) != kWords.end()) return true;
    return text.find(':') != std::string::npos &&
           text.find_first_not_of("+-0123456789_:.") == std::string::npos;
}

/// What JSON leaves raw inside quotes and YAML does not take, or takes for a line break: DEL, C1 controls,
/// NEL, LS, PS, BOM, U+FFFE and U+FFFF. All lie below U+10000, so four digits do.
std::string quoted(const std::string& text) {
    const auto json = ordered_json(text).dump();
    std::string yaml;
    yaml.reserve(json.size());
    const auto byte = [&](std::size_t i) {
        return i < json.size() ? static_cast<unsigned char>(json[i]) : 0U;
    };
    for (std::size_t i = 0; i < json.size();) {
        const unsigned first = byte(i);
        const bool two = first == 0xC2 && byte(i + 1) >= 0x80 && byte(i + 1) < 0xA0;
        const unsigned point =
            ((first & 0x0FU) << 12U) | ((byte(i + 1) & 0x3FU) << 6U) | (byte(i + 2) & 0x3FU);
        const bool three = (first & 0xF0U) == 0xE0 &&
                           (point == 0x2028 || point == 0x2029 || point == 0xFEFF || point >= 0xFFFE);
        if (first != 0x7F && !two && !three) {
            yaml += json[i++];
            continue;
        }
        constexpr std::string_view kDigits = "0123456789abcdef";
        const unsigned escaped = three ? point : two ? byte(i + 1) : first;
        yaml += "\\u";
        for (unsigned shift = 16; shift > 0; shift -= 4)
            yaml += kDigits[(escaped >> (shift - 4)) & 15U];
        i += three ? 3 : two ? 2 : 1;
    }
    return yaml;
}

std::string write_string(const std::string& text, YamlContext context) {
    const bool flow = context == YamlContext::flow;
    const auto probe = flow ? "{k: " + text + "}" : "k: " + text + "\n";
    const bool plain = !text.empty() && text[0] != '"' && text[0] != '\'' && !misread_by_yaml_1_1(text) &&
                       reads_as(probe, ordered_json{{"k", text}});
    return plain ? text : quoted(text);
}

std::string write_value(const ordered_json& value, YamlContext context, std::size_t depth) {
    if (depth > kDeepest) {
        throw Error(ErrorCode::invalid_argument, "the value is nested deeper than 64 levels; flatten it");
    }
    if (value.is_string()) return write_string(value.get_ref<const std::string&>(), context);
    if (!value.is_structured()) return value.dump();
    std::string text(1, value.is_array() ? '[' : '{');
    for (auto item = value.begin(); item != value.end(); ++item) {
        if (item != value.begin()) text += ", ";
        if (value.is_object()) text += write_yaml_key(item.key(), YamlContext::flow) + ": ";
        text += write_value(*item, YamlContext::flow, depth + 1);
    }
    return text += value.is_array() ? ']' : '}';
}

}  // namespace

std::string write_yaml(const ordered_json& value, YamlContext context) {
    return write_value(value, context, 1);
}

std::string write_yaml_key(const std::string& key, YamlContext context) {
    const bool flow = context == YamlContext::flow;
    const auto probe = flow ? "{" + key + ": 1}" : key + ": 1\n";
    const bool plain = !key.empty() && key[0] != '"' && key[0] != '\'' && !misread_by_yaml_1_1(key) &&
                       reads_as(probe, ordered_json{{key, 1}});
    return plain ? key : quoted(key);
}

}  // namespace fluentsync::codec
