#include "codec/fences.hpp"

#include <algorithm>

#include "codec/front_matter.hpp"
#include "fluentsync/error.hpp"

namespace fluentsync::codec {

namespace {

constexpr auto kNone = std::string_view::npos;

/// Only these: a file system that lost its power hands back NULs.
constexpr std::string_view kWhiteSpace{" \t\r\n\f\v\0", 7};

bool is_all_blank(std::string_view text) {
    return text.find_first_not_of(kWhiteSpace) == kNone;
}

/// The line at `begin` without its end; `next` is set behind it.
std::string_view line_at(std::string_view text, std::size_t begin, std::size_t& next) {
    const auto end = text.find('\n', begin);
    next = end == kNone ? text.size() : end + 1;
    auto line = text.substr(begin, end == kNone ? kNone : end - begin);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    return line;
}

bool is_mark(std::string_view line, std::string_view mark) {
    return line.substr(0, 3) == mark && line.find_first_not_of(" \t", 3) == kNone;
}

bool is_letter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/// "key:" or "key: value", as nobody begins a paragraph under a horizontal rule.
bool looks_like_key(std::string_view line) {
    if (line.empty()) return false;
    const auto first = static_cast<unsigned char>(line[0]);
    const bool starts_a_key = first >= 0x80 || first == '_' || first == '"' || first == '\'' ||
                              (first >= '0' && first <= '9') || is_letter(line[0]);
    if (!starts_a_key) return false;
    const auto colon = line.find(':');
    if (colon == kNone || line.find_first_of(" \t") < colon) return false;
    return colon + 1 == line.size() || line[colon + 1] == ' ' || line[colon + 1] == '\t';
}

}  // namespace

std::size_t bom_length(std::string_view text) {
    return text.substr(0, 3) == "\xEF\xBB\xBF" ? 3 : 0;
}

std::string_view line_end_of(std::string_view text) {
    const auto end = text.find('\n');
    return end != kNone && end > 0 && text[end - 1] == '\r' ? "\r\n" : "\n";
}

std::optional<Fences> find_fences(std::string_view text) {
    const auto start = bom_length(text);
    if (text.substr(start, 3) != "---") return std::nullopt;
    Fences fences;
    if (!is_mark(line_at(text, start, fences.yaml_begin), "---")) return std::nullopt;
    for (std::size_t begin = fences.yaml_begin; begin < text.size();) {
        std::size_t next = 0;
        const auto line = line_at(text, begin, next);
        if (is_mark(line, "---") || is_mark(line, "...")) {
            fences.yaml_end = begin;
            fences.body_begin = next;
            return fences;
        }
        begin = next;
    }
    std::size_t next = 0;
    if (looks_like_key(line_at(text, fences.yaml_begin, next))) {
        throw Error(ErrorCode::invalid_front_matter,
                    "front matter, line 1: opened and never closed; add a line \"---\" behind its last key");
    }
    return std::nullopt;
}

bool has_foreign_front_matter(std::string_view text) {
    text.remove_prefix(bom_length(text));
    text.remove_prefix(std::min(text.find_first_not_of(kWhiteSpace), text.size()));
    std::size_t next = 0;
    const auto line = line_at(text, 0, next);
    if (is_mark(line, "+++") || is_mark(line, ";;;")) return true;
    const auto language = line.substr(0, 3) == "---" ? line.find_first_not_of(" \t", 3) : kNone;
    if (language != kNone) return is_letter(line[language]);
    const auto first = text.substr(0, 1) == "{" ? text.find_first_not_of(kWhiteSpace, 1) : kNone;
    return first != kNone && (text[first] == '"' || text[first] == '}');
}

bool is_blank(std::string_view content) {
    content.remove_prefix(bom_length(content));
    if (is_all_blank(content)) return true;
    std::size_t next = 0;
    if (!is_mark(line_at(content, 0, next), "---")) return false;
    const auto rest = content.substr(next);
    const auto fence = rest.find_first_not_of(kWhiteSpace);
    if (fence == kNone) return true;
    // What follows must be the closing fence, at the start of its line.
    if (fence > 0 && rest[fence - 1] != '\n') return false;
    const auto line = line_at(rest, fence, next);
    return (is_mark(line, "---") || is_mark(line, "...")) && is_all_blank(rest.substr(next));
}

}  // namespace fluentsync::codec
