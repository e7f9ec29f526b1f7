// Changing one key of a front matter by its span. Every edit is read back before it is handed out.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "base/text.hpp"
#include "codec/block_edit.hpp"
#include "codec/fences.hpp"
#include "codec/front_matter.hpp"
#include "codec/yaml_node.hpp"
#include "codec/yaml_write.hpp"
#include "fluentsync/error.hpp"

namespace fluentsync::codec {

namespace {

using nlohmann::ordered_json;

constexpr auto kNowhere = std::string_view::npos;

/// One step down: a member of a mapping.
struct Step {
    const YamlNode* mapping;
    std::size_t member;
    const YamlNode& value() const { return mapping->parts[2 * member + 1]; }
    const std::string& key() const { return mapping->parts[2 * member].text; }
};
using Path = std::vector<Step>;

std::optional<Step> member_named(const YamlNode& mapping, std::string_view name) {
    for (std::size_t i = 0; i < mapping.parts.size(); i += 2) {
        if (mapping.parts[i].text == name) return Step{&mapping, i / 2};
    }
    return std::nullopt;
}

/// Follows a dotted name, longer keys first. True when the name is there.
bool find_key(const YamlNode& mapping, std::string_view name, Path& path) {
    if (const auto step = member_named(mapping, name)) {
        path.push_back(*step);
        return true;
    }
    for (auto dot = name.rfind('.'); dot != kNowhere && dot > 0; dot = name.rfind('.', dot - 1)) {
        const auto step = member_named(mapping, name.substr(0, dot));
        if (!step || step->value().kind != YamlKind::mapping) continue;
        path.push_back(*step);
        if (find_key(step->value(), name.substr(dot + 1), path)) return true;
        path.pop_back();
    }
    return false;
}

/// For a name that is not there: as far down as keys exist. Returns the rest of the name.
std::string_view find_parent(const YamlNode& mapping, std::string_view name, Path& path) {
    for (auto dot = name.rfind('.'); dot != kNowhere && dot > 0; dot = name.rfind('.', dot - 1)) {
        const auto step = member_named(mapping, name.substr(0, dot));
        if (!step) continue;
        path.push_back(*step);
        const auto rest = name.substr(dot + 1);
        return step->value().kind == YamlKind::mapping ? find_parent(step->value(), rest, path) : rest;
    }
    return name;
}

ordered_json& follow(ordered_json& metadata, const Path& path) {
    auto* at = &metadata;
    for (const auto& step : path)
        at = &(*at)[step.key()];
    return *at;
}

/// "a.b" with a value becomes the key "a" with {"b": value}. A name with an empty part is one key.
std::string nest(std::string_view name, ordered_json& value) {
    const auto dotted = fmt::format(".{}.", name);
    if (dotted.find("..") != kNowhere) return std::string(name);
    for (auto dot = name.rfind('.'); dot != kNowhere; dot = name.rfind('.')) {
        ordered_json outer = ordered_json::object();
        outer[std::string(name.substr(dot + 1))] = std::move(value);
        value = std::move(outer);
        name = name.substr(0, dot);
    }
    return std::string(name);
}

void check_name(std::string_view name) {
    if (name.empty() || !base::is_utf8(name)) {
        throw Error(ErrorCode::invalid_argument,
                    "the name of a front matter key is empty or not UTF-8; name a key");
    }
}

ordered_json parse_value(std::string_view json) {
    // Before there is a value: whoever walks through one that is nested without end runs out of stack.
    const auto check_depth = [](int depth, ordered_json::parse_event_t, const ordered_json&) {
        if (static_cast<std::size_t>(depth) <= kDeepest) return true;
        throw Error(ErrorCode::invalid_argument, "the JSON value is nested deeper than 64 levels");
    };
    auto value = ordered_json::parse(json, check_depth, false);
    if (value.is_discarded()) {
        throw Error(ErrorCode::invalid_argument, "\"" + base::printable(json, 60) +
                                                     "\" is no JSON value; put a text between double quotes");
    }
    return value;
}

[[noreturn]] void fail_edit(std::string_view name, const std::string& fault) {
    throw Error(ErrorCode::invalid_front_matter,
                "front matter key \"" + base::printable(name, 60) + "\": " + fault);
}

/// A content taken apart.
class Document {
  public:
    explicit Document(std::string_view content)
        : content_(content), fences_(find_fences(content)), block_(block_of(content, fences_)) {
        if (fences_) root_ = parse_yaml(block_);
        if (!fences_ && has_foreign_front_matter(content)) {
            throw Error(ErrorCode::invalid_front_matter,
                        "its front matter is not YAML but TOML or JSON, which is not edited by key; edit the "
                        "text itself");
        }
        if (root_) metadata_ = to_json(*root_);
    }

    const std::optional<YamlNode>& root() const { return root_; }
    ordered_json& metadata() { return metadata_; }
    BlockEditor editor() const { return {block_, line_end_of(content_)}; }

    std::string apply(const BlockEdit& edit) const {
        const auto offset = fences_->yaml_begin;
        std::string result(content_.substr(0, offset + edit.begin));
        result += edit.text;
        result += content_.substr(offset + edit.end);
        return result;
    }

    std::string insert(const YamlNode* mapping, const std::string& key, const ordered_json& value) const {
        const bool is_root = !root_ || mapping == &*root_;
        if (fences_) return apply(editor().insert(mapping, is_root, key, value));
        const auto bom = bom_length(content_);
        const std::string end(line_end_of(content_));
        const auto line =
            write_yaml_key(key, YamlContext::block) + ": " + write_yaml(value, YamlContext::block);
        return std::string(content_.substr(0, bom)) + "---" + end + line + end + "---" + end +
               std::string(content_.substr(bom));
    }

    /// The result, once it reads as the metadata that was meant.
    static std::string checked(std::string result, const ordered_json& wanted, std::string_view name) {
        try {
            if (Document(result).metadata() == wanted) return result;
        } catch (const Error&) {
            // Said below, in the terms of the edit.
        }
        fail_edit(name, "written in a form that cannot be edited by key; edit the text itself");
    }

  private:
    static std::string_view block_of(std::string_view content, const std::optional<Fences>& fences) {
        if (!fences) return {};
        return content.substr(fences->yaml_begin, fences->yaml_end - fences->yaml_begin);
    }

    std::string_view content_;
    std::optional<Fences> fences_;
    std::string_view block_;
    std::optional<YamlNode> root_;
    ordered_json metadata_ = ordered_json::object();
};

std::string replace_value(Document& document, const Path& path, const ordered_json& value,
                          std::string_view name) {
    const auto& step = path.back();
    auto result = document.apply(document.editor().replace(*step.mapping, step.member, value));
    follow(document.metadata(), path) = value;
    return Document::checked(std::move(result), document.metadata(), name);
}

std::string add_key(Document& document, std::string_view name, ordered_json value) {
    Path path;
    const auto* mapping = document.root() ? &*document.root() : nullptr;
    auto rest = mapping ? find_parent(*mapping, name, path) : name;
    const auto key = nest(rest, value);
    if (!path.empty() && path.back().value().kind != YamlKind::mapping) {
        if (!follow(document.metadata(), path).is_null()) {
            fail_edit(name,
                      "\"" + base::printable(path.back().key(), 60) + "\" is no mapping; set that key first");
        }
        return replace_value(document, path, ordered_json{{key, std::move(value)}}, name);
    }
    if (!path.empty()) mapping = &path.back().value();
    auto result = document.insert(mapping, key, value);
    follow(document.metadata(), path)[key] = std::move(value);
    return Document::checked(std::move(result), document.metadata(), name);
}

}  // namespace

std::string set_key(std::string_view content, std::string_view name, std::string_view json_value) {
    check_name(name);
    auto value = parse_value(json_value);
    Document document(content);
    Path path;
    if (!document.root() || !find_key(*document.root(), name, path)) {
        return add_key(document, name, std::move(value));
    }
    const auto& old = follow(document.metadata(), path);
    if (old.type() == value.type() && old == value) return std::string(content);
    return replace_value(document, path, value, name);
}

std::optional<std::string> get_key(std::string_view content, std::string_view name) {
    check_name(name);
    Document document(content);
    Path path;
    if (!document.root() || !find_key(*document.root(), name, path)) return std::nullopt;
    return follow(document.metadata(), path).dump();
}

std::string remove_key(std::string_view content, std::string_view name) {
    check_name(name);
    Document document(content);
    Path path;
    if (!document.root() || !find_key(*document.root(), name, path)) return std::string(content);
    const auto step = path.back();
    path.pop_back();
    // A block mapping without its last member would turn into null.
    const bool only = !step.mapping->flow && step.mapping->parts.size() == 2;
    if (only && !path.empty()) return replace_value(document, path, ordered_json::object(), name);
    auto result = document.apply(document.editor().remove(*step.mapping, step.member));
    follow(document.metadata(), path).erase(step.key());
    return Document::checked(std::move(result), document.metadata(), name);
}

}  // namespace fluentsync::codec
