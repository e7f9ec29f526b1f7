#include "table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <nlohmann/json.hpp>

namespace fluentsync::bench {

namespace {

std::string number(double value) {
    const double size = std::abs(value);
    return fmt::format("{:.{}f}", value, size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

std::string spread(const Samples& samples, const std::string& unit) {
    if (samples.empty()) {
        return "";
    }
    const auto [low, high] = std::minmax_element(samples.begin(), samples.end());
    const std::string middle = fmt::format("{} {}", number(median(samples)), unit);
    return samples.size() == 1 ? middle : fmt::format("{} ({} - {})", middle, number(*low), number(*high));
}

std::string ratio_text(const Row& row) {
    const auto ratio = row.ratio();
    if (!ratio) {
        return "";
    }
    if (row.goal.most_difference) {
        return fmt::format("{:+.2f} {}", median(row.ours) - median(row.peer), row.unit);
    }
    return *ratio < 0.1 ? fmt::format("{:.4f} ({:.0f}x faster)", *ratio, 1 / *ratio)
                        : fmt::format("{:.2f}", *ratio);
}

}  // namespace

double median(Samples samples) {
    if (samples.empty()) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    std::sort(samples.begin(), samples.end());
    const std::size_t middle = samples.size() / 2;
    return samples.size() % 2 == 1 ? samples[middle] : (samples[middle - 1] + samples[middle]) / 2;
}

double percentile(Samples samples, double share) {
    if (samples.empty()) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    std::sort(samples.begin(), samples.end());
    const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(samples.size())));
    return samples[std::clamp<std::size_t>(rank, 1, samples.size()) - 1];
}

std::optional<double> Row::ratio() const {
    if (ours.empty() || peer.empty() || median(ours) <= 0 || median(peer) <= 0) {
        return std::nullopt;
    }
    return median(ours) / median(peer);
}

std::optional<bool> Row::met() const {
    if (goal.most_value) {
        return !ours.empty() && median(ours) <= *goal.most_value;
    }
    if (goal.most_difference && ratio()) {
        return median(ours) - median(peer) <= *goal.most_difference;
    }
    if (goal.most_ratio && ratio()) {
        return *ratio() <= *goal.most_ratio;
    }
    return std::nullopt;
}

void Table::add(Row row) {
    fmt::print(stderr, "  {}: {} | {}: {}\n", row.work, spread(row.ours, row.unit), row.peer_name,
               spread(row.peer, row.unit));
    rows_.push_back(std::move(row));
}

const Row* Table::find(const std::string& work, std::size_t entities) const {
    for (const Row& row : rows_) {
        if (row.work == work && row.entities == entities) {
            return &row;
        }
    }
    return nullptr;
}

std::string Table::markdown() const {
    std::string text =
        "| work | N | ours: median (min - max) | peer | peer: median (min - max) | ours / peer | goal | met "
        "|\n"
        "|---|--:|---|---|---|---|---|---|\n";
    for (const Row& row : rows_) {
        const auto met = row.met();
        text += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} |\n", row.work, row.entities,
                            spread(row.ours, row.unit), row.peer_name, spread(row.peer, row.unit),
                            ratio_text(row), row.goal.text, met ? (*met ? "yes" : "**no**") : "");
    }
    return text;
}

std::string Table::json(const std::vector<std::string>& circumstances) const {
    nlohmann::json rows = nlohmann::json::array();
    for (const Row& row : rows_) {
        nlohmann::json one = {{"work", row.work},     {"entities", row.entities},  {"unit", row.unit},
                              {"ours", row.ours},     {"peerName", row.peer_name}, {"peer", row.peer},
                              {"goal", row.goal.text}};
        if (const auto ratio = row.ratio()) {
            one["ratio"] = *ratio;
        }
        if (const auto met = row.met()) {
            one["met"] = *met;
        }
        rows.push_back(std::move(one));
    }
    return nlohmann::json{{"circumstances", circumstances}, {"rows", rows}}.dump(2) + "\n";
}

void interleave(int runs, Row& row, const std::function<double()>& ours,
                const std::function<double()>& peer) {
    for (int run = 0; run < runs; ++run) {
        row.ours.push_back(ours());
        row.peer.push_back(peer());
    }
}

}  // namespace fluentsync::bench
