// Merges by lines in which somebody else is asked about the lines that clash.
#include <algorithm>
#include <array>

#include "git/library.hpp"
#include "git/text_merge.hpp"
#include "git/tree.hpp"

namespace fluentsync::git {

namespace {

/// Longer ones are nobody's text.
constexpr std::size_t kLongestMark = 1000;

/// One more than the longest run of a conflict mark's signs at the start of any line.
std::size_t unused_mark(std::string_view text) {
    std::size_t longest = 7;
    for (std::size_t begin = 0; begin < text.size();) {
        const char sign = text[begin];
        if (std::string_view("<|=>").find(sign) != std::string_view::npos) {
            const auto end = std::min(text.find_first_not_of(sign, begin), text.size());
            longest = std::max(longest, end - begin + 1);
        }
        const auto end = text.find('\n', begin);
        begin = end == std::string_view::npos ? text.size() : end + 1;
    }
    return longest;
}

git_merge_file_input clash_input(std::string_view text) {
    git_merge_file_input input;
    git_merge_file_input_init(&input, GIT_MERGE_FILE_INPUT_VERSION);
    input.ptr = text.empty() ? "" : text.data();
    input.size = text.size();
    return input;
}

/// The merge with all clashes in it, between marks of `mark` signs.
std::string marked_merge(std::string_view base, std::string_view ours, std::string_view theirs,
                         std::size_t mark) {
    const Library library;
    const auto ancestor = clash_input(base);
    const auto left = clash_input(ours);
    const auto right = clash_input(theirs);
    git_merge_file_options options;
    git_merge_file_options_init(&options, GIT_MERGE_FILE_OPTIONS_VERSION);
    options.flags = GIT_MERGE_FILE_STYLE_DIFF3;
    options.marker_size = static_cast<unsigned short>(mark);
    git_merge_file_result result{};
    check(git_merge_file(&result, &ancestor, &left, &right, &options), "texts cannot be merged",
          ErrorCode::internal);
    std::string text(result.ptr ? result.ptr : "", result.len);
    git_merge_file_result_free(&result);
    return text;
}

/// Reads the marks and asks about what stands between them.
std::optional<std::string> without_marks(std::string_view marked, std::size_t mark, const ClashMerge& clash) {
    std::string text;
    std::array<std::string, 3> sides;  // ours, base, theirs
    std::string* into = &text;
    for (std::size_t begin = 0; begin < marked.size();) {
        const auto end = marked.find('\n', begin);
        const auto next = end == std::string_view::npos ? marked.size() : end + 1;
        const auto line = marked.substr(begin, next - begin);
        begin = next;
        const bool is_mark = line.size() >= mark &&
                             line.substr(0, mark).find_first_not_of(line[0]) == std::string_view::npos &&
                             std::string_view("<|=>").find(line[0]) != std::string_view::npos;
        if (!is_mark) {
            into->append(line);
        } else if (line[0] == '>') {
            const auto merged = clash(sides[1], sides[0], sides[2]);
            if (!merged) return std::nullopt;
            text += *merged;
            sides = {};
            into = &text;
        } else {
            into = &sides.at(line[0] == '<' ? 0 : line[0] == '|' ? 1 : 2);
        }
    }
    return text;
}

}  // namespace

std::optional<std::string> merge_texts(std::string_view base, std::string_view ours, std::string_view theirs,
                                       const ClashMerge& clash) {
    if (auto merged = merge_texts(base, ours, theirs)) return merged;
    const auto has_end = [](std::string_view text) { return !text.empty() && text.back() == '\n'; };
    const bool ends = has_end(base);
    if (has_end(ours) != ends || has_end(theirs) != ends || !fits_line_merge(base, ours, theirs)) {
        return std::nullopt;
    }
    if (theirs < ours) std::swap(ours, theirs);
    std::array<std::string, 3> texts{std::string(base), std::string(ours), std::string(theirs)};
    std::size_t mark = 0;
    for (std::string& text : texts) {
        if (!ends) text += '\n';  // Marks stand on lines of their own.
        mark = std::max(mark, unused_mark(text));
    }
    if (mark > kLongestMark) return std::nullopt;
    auto merged = without_marks(marked_merge(texts[0], texts[1], texts[2], mark), mark, clash);
    if (merged && !ends && has_end(*merged)) merged->pop_back();
    return merged;
}

}  // namespace fluentsync::git
