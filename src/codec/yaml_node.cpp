#include "codec/yaml_node.hpp"

#include <yaml.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.hpp"
#include "fluentsync/error.hpp"

namespace fluentsync::codec {

namespace {

[[noreturn]] void fail_at_byte(std::string_view block, std::size_t byte, const std::string& fault) {
    const auto read = block.substr(0, byte);
    // The fence is line 1.
    const auto line = std::count(read.begin(), read.end(), '\n') + 2;
    throw Error(ErrorCode::invalid_front_matter, "front matter, line " + std::to_string(line) + ": " + fault);
}

[[noreturn]] void fail_at(std::string_view block, std::size_t character, const std::string& fault) {
    fail_at_byte(block, CharacterMap(block).byte_of(character), fault);
}

class Event {
  public:
    Event() = default;
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;
    ~Event() { yaml_event_delete(&event_); }
    yaml_event_t* get() { return &event_; }
    const yaml_event_t* operator->() const { return &event_; }

  private:
    yaml_event_t event_{};
};

class Parser {
  public:
    explicit Parser(std::string_view block) : block_(block) {
        if (!yaml_parser_initialize(&parser_)) {
            throw Error(ErrorCode::internal, "libyaml has no memory for a parser; free some");
        }
        yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
        yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(block.data()),
                                     block.size());
    }
    Parser(const Parser&) = delete;
    Parser& operator=(const Parser&) = delete;
    ~Parser() { yaml_parser_delete(&parser_); }

    void next(Event& event) {
        if (yaml_parser_parse(&parser_, event.get())) return;
        const std::string problem = parser_.problem ? parser_.problem : "it cannot be read";
        if (parser_.error == YAML_READER_ERROR) fail_at_byte(block_, parser_.problem_offset, problem);
        if (parser_.error == YAML_MEMORY_ERROR) fail_at_byte(block_, 0, "not enough memory to read it");
        fail_at(block_, parser_.problem_mark.index, problem);
    }

  private:
    std::string_view block_;
    yaml_parser_t parser_{};
};

YamlKind kind_of(yaml_scalar_style_t style) {
    if (style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE) return YamlKind::block_text;
    return style == YAML_PLAIN_SCALAR_STYLE ? YamlKind::plain : YamlKind::quoted;
}

/// Collects the events of one document into a tree.
class TreeBuilder {
  public:
    explicit TreeBuilder(std::string_view block) : block_(block), parser_(block) { open_.reserve(8); }

    std::optional<YamlNode> build() {
        for (bool more = true; more;) {
            Event event;
            parser_.next(event);
            more = take(event);
        }
        if (root_ && root_->kind != YamlKind::mapping) {
            fail_at(block_, root_->begin, "not a mapping; write it as \"key: value\" lines");
        }
        return std::move(root_);
    }

  private:
    bool take(const Event& event) {
        switch (event->type) {
            case YAML_STREAM_END_EVENT:
                return false;
            case YAML_DOCUMENT_START_EVENT:
                refuse_if(!event->data.document_start.implicit, event, "a second document or a directive");
                break;
            case YAML_DOCUMENT_END_EVENT:
                refuse_if(!event->data.document_end.implicit, event, "a second document");
                break;
            case YAML_ALIAS_EVENT:
                refuse_if(true, event, "an alias");
                break;
            case YAML_SCALAR_EVENT:
                scalar(event);
                break;
            case YAML_SEQUENCE_START_EVENT: {
                const auto& start = event->data.sequence_start;
                open(event, YamlKind::sequence, start.style == YAML_FLOW_SEQUENCE_STYLE, start.anchor,
                     start.tag);
                break;
            }
            case YAML_MAPPING_START_EVENT: {
                const auto& start = event->data.mapping_start;
                open(event, YamlKind::mapping, start.style == YAML_FLOW_MAPPING_STYLE, start.anchor,
                     start.tag);
                break;
            }
            case YAML_SEQUENCE_END_EVENT:
            case YAML_MAPPING_END_EVENT:
                close(event);
                break;
            default:
                break;
        }
        return true;
    }

    void refuse_if(bool refused, const Event& event, const std::string& what) {
        if (refused)
            fail_at(block_, event->start_mark.index, what + " is not taken here; write it out plainly");
    }

    void refuse_properties(const Event& event, const yaml_char_t* anchor, const yaml_char_t* tag) {
        refuse_if(anchor != nullptr, event, "an anchor");
        refuse_if(tag != nullptr, event, "a tag");
    }

    void scalar(const Event& event) {
        const auto& data = event->data.scalar;
        refuse_properties(event, data.anchor, data.tag);
        YamlNode node;
        node.kind = kind_of(data.style);
        node.begin = event->start_mark.index;
        node.end = event->end_mark.index;
        node.text.assign(reinterpret_cast<const char*>(data.value), data.length);
        add(std::move(node));
    }

    void open(const Event& event, YamlKind kind, bool flow, const yaml_char_t* anchor,
              const yaml_char_t* tag) {
        refuse_properties(event, anchor, tag);
        if (open_.size() == kDeepest)
            fail_at(block_, event->start_mark.index, "nested deeper than 64 levels");
        YamlNode node;
        node.kind = kind;
        node.flow = flow;
        node.begin = event->start_mark.index;
        open_.push_back(std::move(node));
    }

    void close(const Event& event) {
        YamlNode node = std::move(open_.back());
        open_.pop_back();
        const bool ends_with_part = !node.flow && !node.parts.empty();
        node.end = ends_with_part ? node.parts.back().end : event->end_mark.index;
        if (node.kind == YamlKind::mapping) refuse_duplicates(node);
        add(std::move(node));
    }

    void add(YamlNode node) {
        if (open_.empty()) {
            root_ = std::move(node);
            return;
        }
        auto& parent = open_.back();
        const bool is_key = parent.kind == YamlKind::mapping && parent.parts.size() % 2 == 0;
        if (is_key && (node.kind == YamlKind::sequence || node.kind == YamlKind::mapping)) {
            fail_at(block_, node.begin, "a list or mapping cannot be a key; use a word");
        }
        parent.parts.push_back(std::move(node));
    }

    void refuse_duplicates(const YamlNode& mapping) {
        std::vector<std::pair<std::string_view, std::size_t>> keys;
        keys.reserve(mapping.parts.size() / 2);
        for (std::size_t i = 0; i < mapping.parts.size(); i += 2) {
            keys.emplace_back(mapping.parts[i].text, mapping.parts[i].begin);
        }
        std::sort(keys.begin(), keys.end());
        const auto twin = std::adjacent_find(keys.begin(), keys.end(),
                                             [](const auto& a, const auto& b) { return a.first == b.first; });
        if (twin == keys.end()) return;
        fail_at(block_, std::next(twin)->second,
                "the key \"" + base::printable(twin->first, 60) + "\" is there twice; remove one");
    }

    std::string_view block_;
    Parser parser_;
    std::vector<YamlNode> open_;
    std::optional<YamlNode> root_;
};

}  // namespace

std::optional<YamlNode> parse_yaml(std::string_view block) {
    return TreeBuilder(block).build();
}

nlohmann::ordered_json to_json(const YamlNode& node) {
    using nlohmann::ordered_json;
    if (node.kind == YamlKind::plain) return resolve_plain(node.text);
    if (node.kind == YamlKind::sequence) {
        ordered_json array = ordered_json::array();
        for (const auto& item : node.parts)
            array.push_back(to_json(item));
        return array;
    }
    if (node.kind != YamlKind::mapping) return node.text;
    ordered_json object = ordered_json::object();
    // Keys are known to differ; the vector's own emplace_back spares a search for each.
    auto& members = object.get_ref<ordered_json::object_t&>();
    for (std::size_t i = 0; i < node.parts.size(); i += 2) {
        members.ordered_json::object_t::Container::emplace_back(node.parts[i].text,
                                                                to_json(node.parts[i + 1]));
    }
    return object;
}

CharacterMap::CharacterMap(std::string_view text) : size_(text.size()) {
    const auto is_continuation = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; };
    if (std::none_of(text.begin(), text.end(), is_continuation)) return;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!is_continuation(text[i])) starts_.push_back(i);
    }
}

std::size_t CharacterMap::byte_of(std::size_t character) const {
    if (starts_.empty()) return std::min(character, size_);
    return character < starts_.size() ? starts_[character] : size_;
}

}  // namespace fluentsync::codec
