#include "sync/prose_merge.hpp"

#include <algorithm>
#include <vector>

#include "git/tree.hpp"

namespace fluentsync::sync {

namespace {

constexpr std::size_t kLongLine = 8;
constexpr std::string_view kBlanks = " \t\r";

/// Words with the blanks behind them; a line's end is one by itself.
std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    while (!text.empty()) {
        std::size_t end = 1;
        if (text[0] != '\n') {
            const auto blank = std::min(text.find_first_of(" \t\r\n"), text.size());
            end = std::min(text.find_first_not_of(kBlanks, blank), text.size());
        }
        words.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    return words;
}

/// Whether each line is a paragraph that somebody wrote in one long line, or blank; and there is a long one.
bool is_long_lined(std::string_view text) {
    std::size_t words = 0;
    bool any = false;
    for (const std::string_view word : words_of(text)) {
        if (word != "\n") {
            words += word.find_first_not_of(kBlanks) != std::string_view::npos ? 1 : 0;
            continue;
        }
        if (words > 0 && words < kLongLine) return false;
        any = any || words > 0;
        words = 0;
    }
    return words > 0 ? words >= kLongLine : any;
}

/// One word a line, so that a merge by lines is one by words. A line's end becomes an empty line, which no
/// word can be.
std::string one_a_line(std::string_view text) {
    std::string lines;
    for (const std::string_view word : words_of(text)) {
        if (word != "\n") lines += word;
        lines += '\n';
    }
    return lines;
}

std::string joined(std::string_view lines) {
    std::string text;
    for (std::size_t begin = 0; begin < lines.size();) {
        const auto end = std::min(lines.find('\n', begin), lines.size());
        const auto word = lines.substr(begin, end - begin);
        text += word.empty() ? std::string_view("\n") : word;
        begin = end + 1;
    }
    return text;
}

std::optional<std::string> merge_words(std::string_view base, std::string_view ours,
                                       std::string_view theirs) {
    if (!is_long_lined(base)) return std::nullopt;
    const auto merged = git::merge_texts(one_a_line(base), one_a_line(ours), one_a_line(theirs));
    return merged ? std::optional(joined(*merged)) : std::nullopt;
}

}  // namespace

std::optional<std::string> merge_prose(std::string_view base, std::string_view ours,
                                       std::string_view theirs) {
    return git::merge_texts(base, ours, theirs, merge_words);
}

}  // namespace fluentsync::sync
