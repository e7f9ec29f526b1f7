#include "git/text_merge.hpp"

#include <algorithm>
#include <cstddef>

#include "git/library.hpp"
#include "git/tree.hpp"

namespace fluentsync::git {

namespace {

git_merge_file_input input_of(std::string_view text) {
    git_merge_file_input input;
    git_merge_file_input_init(&input, GIT_MERGE_FILE_INPUT_VERSION);
    input.ptr = text.empty() ? "" : text.data();
    input.size = text.size();
    return input;
}

struct Merged {
    git_merge_file_result result{};
    ~Merged() { git_merge_file_result_free(&result); }
};

bool is_binary(std::string_view text) {
    return text.find('\0') != std::string_view::npos;
}

/// xdiff's effort grows with the square of the lines that differ, and nobody can interrupt it.
constexpr std::size_t kMostBytes = 1u << 20;
constexpr std::ptrdiff_t kMostLines = 20'000;

bool within_limits(std::string_view text) {
    return text.size() <= kMostBytes && std::count(text.begin(), text.end(), '\n') < kMostLines;
}

/// Whole lines with which all three begin.
std::size_t common_head(std::string_view a, std::string_view b, std::string_view c) {
    const std::size_t most = std::min({a.size(), b.size(), c.size()});
    std::size_t head = 0;
    for (std::size_t i = 0; i < most && a[i] == b[i] && a[i] == c[i]; ++i) {
        if (a[i] == '\n') head = i + 1;
    }
    return head;
}

/// Whole lines with which all three end: what comes before them ends a line, too.
std::size_t common_tail(std::string_view a, std::string_view b, std::string_view c) {
    const std::size_t most = std::min({a.size(), b.size(), c.size()});
    const auto back = [](std::string_view text, std::size_t i) { return text[text.size() - 1 - i]; };
    std::size_t tail = 0;
    for (std::size_t i = 0; i < most && back(a, i) == back(b, i) && back(a, i) == back(c, i); ++i) {
        if (back(a, i) == '\n') tail = i;
    }
    return tail;
}

std::optional<std::string> merge_by_lines(std::string_view base, std::string_view ours,
                                          std::string_view theirs, Overlap overlap) {
    const Library library;
    const auto ancestor = input_of(base);
    const auto left = input_of(ours);
    const auto right = input_of(theirs);
    git_merge_file_options options;
    git_merge_file_options_init(&options, GIT_MERGE_FILE_OPTIONS_VERSION);
    if (overlap == Overlap::both) options.favor = GIT_MERGE_FILE_FAVOR_UNION;
    Merged merged;
    check(git_merge_file(&merged.result, &ancestor, &left, &right, &options), "texts cannot be merged",
          ErrorCode::internal);
    if (!merged.result.automergeable) return std::nullopt;
    return std::string(merged.result.ptr ? merged.result.ptr : "", merged.result.len);
}

/// Large texts, of which little may have changed.
std::optional<std::string> merge_between_common_lines(std::string_view base, std::string_view ours,
                                                      std::string_view theirs, Overlap overlap) {
    const std::string_view head = base.substr(0, common_head(base, ours, theirs));
    for (std::string_view* text : {&base, &ours, &theirs})
        text->remove_prefix(head.size());
    const std::size_t tail_size = common_tail(base, ours, theirs);
    const std::string tail(base.substr(base.size() - tail_size));
    for (std::string_view* text : {&base, &ours, &theirs})
        text->remove_suffix(tail_size);
    if (!within_limits(base) || !within_limits(ours) || !within_limits(theirs)) return std::nullopt;
    auto merged = merge_by_lines(base, ours, theirs, overlap);
    if (merged) *merged = std::string(head).append(*merged).append(tail);
    return merged;
}

}  // namespace

bool fits_line_merge(std::string_view base, std::string_view ours, std::string_view theirs) {
    const auto fits = [](std::string_view text) { return !is_binary(text) && within_limits(text); };
    return fits(base) && fits(ours) && fits(theirs);
}

// xdiff promises no symmetry, and two replicas see the sides swapped: they are put in an order of their own.
std::optional<std::string> merge_texts(std::string_view base, std::string_view ours, std::string_view theirs,
                                       Overlap overlap) {
    if (ours == theirs) return std::string(ours);
    if (is_binary(base) || is_binary(ours) || is_binary(theirs)) return std::nullopt;
    if (theirs < ours) std::swap(ours, theirs);
    if (within_limits(base) && within_limits(ours) && within_limits(theirs))
        return merge_by_lines(base, ours, theirs, overlap);
    return merge_between_common_lines(base, ours, theirs, overlap);
}

}  // namespace fluentsync::git
