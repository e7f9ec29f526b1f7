// Keys to paths and paths to keys: a bijection that never leaves the root.
#include <filesystem>

#include "codec/key_path.hpp"
#include "codec/reserved_names.hpp"
#include "codec/segment_code.hpp"
#include "fluentsync/error.hpp"
#include "fuzz_input.hpp"

using namespace fluentsync;

namespace {

void require_inside(const std::string& path) {
    fuzz::require(codec::safe_tree_path(path), "an entity's path is fit for a git tree", path);
    const auto normal = (std::filesystem::path("/root") / path).lexically_normal().string();
    fuzz::require(normal == "/root/" + path, "an entity's path stays below the root", path);
}

void check_key_to_path(const EntityKey& key, const codec::PathMap& map) {
    std::string path;
    try {
        path = map.to_path(key);
    } catch (const Error& error) {
        const std::string message = error.what();
        fuzz::require(error.code() == ErrorCode::invalid_key, "a key is refused as such", message);
        fuzz::require(message.find('\n') == std::string::npos, "an error is one line", message);
        return;
    }
    require_inside(path);
    const auto back = map.classify(path);
    // An id that looks like an editor's temporary file has a path, and nobody looks at it there.
    const bool litter = codec::is_litter(std::filesystem::path(path).filename().string());
    fuzz::require(litter || (back.kind == codec::PathKind::entity && back.key.type == key.type &&
                             back.key.id == key.id),
                  "a key's path leads back to the key", path);
}

void check_path_to_key(const std::string& path, const codec::PathMap& map) {
    const auto classified = map.classify(path);
    if (classified.kind == codec::PathKind::refused || classified.kind == codec::PathKind::unfit) {
        fuzz::require(classified.reason.find('\n') == std::string::npos && !classified.reason.empty(),
                      "a refusal has a reason of one line", path);
    }
    if (classified.kind != codec::PathKind::entity) return;
    fuzz::require(map.to_path(classified.key) == path, "a path's key leads back to the path", path);
    require_inside(path);
}

void check_segment(const std::string& name, codec::Position position) {
    if (codec::valid_segment(name)) {
        const auto encoded = codec::encode_segment(name, position);
        fuzz::require(codec::decode_segment(encoded, position) == name, "a segment survives its code", name);
    }
    if (const auto segment = codec::decode_segment(name, position)) {
        fuzz::require(codec::encode_segment(*segment, position) == name, "a name survives its code", name);
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input input(data, size);
    const codec::PathMap map(input.flag() ? Layout::sharded : Layout::flat);
    const std::string type = input.text();
    const std::string id = input.rest();
    check_key_to_path({type, id}, map);
    for (const std::string& path : {id, type + "/" + id, type + "/" + id + ".md", "note/" + id + ".md"}) {
        check_path_to_key(path, map);
        (void)codec::excluded_folder(path);
        (void)codec::safe_tree_path(path);
    }
    for (const auto position : {codec::Position::folder, codec::Position::file}) {
        check_segment(type, position);
        check_segment(id, position);
    }
    return 0;
}
