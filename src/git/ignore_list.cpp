#include "git/ignore_list.hpp"

#include <algorithm>
#include <utility>

namespace fluentsync::git {

namespace {

constexpr std::string_view kWildcards = "*?[\\";

/// Blanks at the end do not count, but for one behind a '\\'.
std::string_view without_trailing_blanks(std::string_view line) {
    std::size_t end = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '\\') {
            if (++i == line.size()) return line;
            end = i + 1;
        } else if (line[i] != ' ') {
            end = i + 1;
        }
    }
    return line.substr(0, end);
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

IgnoreList::IgnoreList(std::string_view text, std::string folder, Glob::Case letters)
    : folder_(std::move(folder)), letters_(letters) {
    if (text.substr(0, 3) == "\xef\xbb\xbf") text.remove_prefix(3);
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty() || line.front() == '#') continue;
        line = line.substr(0, line.find('\0'));
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        add(without_trailing_blanks(line));
    }
}

void IgnoreList::add(std::string_view line) {
    Pattern pattern;
    if (!line.empty() && line.front() == '!') {
        pattern.keeps = true;
        line.remove_prefix(1);
    }
    if (!line.empty() && line.back() == '/') {
        pattern.of_folders = true;
        line.remove_suffix(1);
    }
    if (line.empty()) return;
    pattern.of_names = line.find('/') == std::string_view::npos;
    const bool ends_with = line.front() == '*' && line.find_first_of(kWildcards, 1) == std::string_view::npos;
    if (pattern.of_names && ends_with) {
        pattern.suffix = line.substr(1);
    } else {
        if (line.front() == '/') line.remove_prefix(1);
        if (line.empty()) return;
        const std::size_t wildcard = std::min(line.find_first_of(kWildcards), line.size());
        // Of a name the whole pattern is a glob: "**" means no more than "*" there.
        const std::size_t literal = pattern.of_names && wildcard < line.size() ? 0 : wildcard;
        pattern.literal = line.substr(0, literal);
        if (literal < line.size()) pattern.glob.emplace(line.substr(literal), letters_);
    }
    patterns_.push_back(std::move(pattern));
}

std::optional<IgnoreList::Verdict> IgnoreList::verdict(std::string_view path, bool is_folder) const {
    const std::string_view below = folder_.empty() ? path : path.substr(folder_.size() + 1);
    const std::string_view name = path.substr(path.rfind('/') + 1);
    for (auto pattern = patterns_.rbegin(); pattern != patterns_.rend(); ++pattern) {
        if ((!pattern->of_folders || is_folder) && matches(*pattern, below, name))
            return pattern->keeps ? Verdict::kept : Verdict::ignored;
    }
    return std::nullopt;
}

bool IgnoreList::matches(const Pattern& pattern, std::string_view below, std::string_view name) const {
    const std::string_view text = pattern.of_names ? name : below;
    if (!pattern.glob && pattern.literal.empty()) {  // "*suffix"
        return text.size() >= pattern.suffix.size() &&
               equal(text.substr(text.size() - pattern.suffix.size()), pattern.suffix);
    }
    if (text.size() < pattern.literal.size() ||
        !equal(text.substr(0, pattern.literal.size()), pattern.literal))
        return false;
    const std::string_view rest = text.substr(pattern.literal.size());
    return pattern.glob ? pattern.glob->matches(rest) : rest.empty();
}

bool IgnoreList::equal(std::string_view a, std::string_view b) const {
    if (letters_ == Glob::Case::counts) return a == b;
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char left, char right) { return lower(left) == lower(right); });
}

}  // namespace fluentsync::git
