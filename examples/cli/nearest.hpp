/// The known word that a mistyped one most likely stands for.
#pragma once

#include <string_view>
#include <vector>

namespace cli {

/// `known` holds at least one word.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& known);

}  // namespace cli
