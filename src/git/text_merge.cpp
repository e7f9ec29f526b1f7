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

}  // namespace

// xdiff promises no symmetry, and two replicas see the sides swapped: they are put in an order of their own.
std::optional<std::string> merge_texts(std::string_view base, std::string_view ours, std::string_view theirs,
                                       Overlap overlap) {
    if (ours == theirs) return std::string(ours);
    if (is_binary(base) || is_binary(ours) || is_binary(theirs)) return std::nullopt;
    if (theirs < ours) std::swap(ours, theirs);
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

}  // namespace fluentsync::git
