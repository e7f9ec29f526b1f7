#include "codec/front_matter.hpp"

#include <nlohmann/json.hpp>

#include "codec/fences.hpp"
#include "codec/yaml_node.hpp"

namespace fluentsync::codec {

std::string parse_metadata(std::string_view content) {
    const auto fences = find_fences(content);
    if (!fences) return "{}";
    const auto root = parse_yaml(content.substr(fences->yaml_begin, fences->yaml_end - fences->yaml_begin));
    return root ? to_json(*root).dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace)
                : "{}";
}

}  // namespace fluentsync::codec
