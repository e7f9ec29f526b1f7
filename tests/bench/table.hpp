/// The rows: samples of ours beside samples of the peer, the goal, and whether it is met.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace fluentsync::bench {

using Samples = std::vector<double>;

/// Of a copy, sorted; NaN without samples.
double median(Samples samples);
/// The value that `share` (0 to 1) of the samples do not exceed.
double percentile(Samples samples, double share);

struct Goal {
    std::string text;  ///< As the table shows it; empty: a row for information.
    /// Median of ours divided by that of the peer must not exceed this ...
    std::optional<double> most_ratio = std::nullopt;
    /// ... or the median of ours itself, or what it is above the peer's.
    std::optional<double> most_value = std::nullopt;
    std::optional<double> most_difference = std::nullopt;
};

struct Row {
    std::string work;
    std::size_t entities = 0;
    std::string unit = "ms";
    Samples ours;
    std::string peer_name;
    Samples peer;
    Goal goal;

    std::optional<double> ratio() const;
    std::optional<bool> met() const;
};

class Table {
  public:
    /// Keeps the row and says on standard error that it is there.
    void add(Row row);
    const std::vector<Row>& rows() const { return rows_; }
    const Row* find(const std::string& work, std::size_t entities) const;
    std::string markdown() const;
    /// Every sample, for later.
    std::string json(const std::vector<std::string>& circumstances) const;

  private:
    std::vector<Row> rows_;
};

/// Ours, peer, ours, peer ...
void interleave(int runs, Row& row, const std::function<double()>& ours, const std::function<double()>& peer);

}  // namespace fluentsync::bench
