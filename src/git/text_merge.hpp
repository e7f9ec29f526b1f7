/// What a merge by lines takes.
#pragma once

#include <string_view>

namespace fluentsync::git {

/// None is binary (holds a NUL), none is above 1 MiB or 20,000 lines: the effort grows with the square of the
/// lines that differ.
bool fits_line_merge(std::string_view base, std::string_view ours, std::string_view theirs);

}  // namespace fluentsync::git
