#include "nearest.hpp"

#include <algorithm>
#include <numeric>

namespace cli {
namespace {

/// Levenshtein's distance, one row at a time.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0]++;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

}  // namespace

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& known) {
    const auto start = word.substr(0, 64);
    const auto begun = std::find_if(known.begin(), known.end(),
                                    [start](auto one) { return one.substr(0, start.size()) == start; });
    if (begun != known.end()) return *begun;
    return *std::min_element(known.begin(), known.end(),
                             [start](auto a, auto b) { return distance(start, a) < distance(start, b); });
}

}  // namespace cli
