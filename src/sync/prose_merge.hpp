/// Three versions of a prose text brought together: by lines, and by words where lines clash.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fluentsync::sync {

/// A three-way merge by lines, as git::merge_texts(). Where lines of both sides clash, and each of the base's
/// lines there is a paragraph of its own (eight words or more, or blank), they are merged by words: a word
/// counts with the blanks behind it, and both sides may not touch the same word or neighbours. Nothing where
/// that clashes, too. Symmetric. Pure; any thread.
std::optional<std::string> merge_prose(std::string_view base, std::string_view ours, std::string_view theirs);

}  // namespace fluentsync::sync
