#include "kept.hpp"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <utility>

namespace fluentsync::bench {

namespace {

using Key = std::pair<std::string, std::size_t>;

/// What is compared of a row: its ratio, or ours where there is no peer. Nothing of a row without samples.
std::optional<double> figure(const Row& row) {
    if (const auto ratio = row.ratio()) return ratio;
    return row.ours.empty() ? std::nullopt : std::optional(median(row.ours));
}

std::map<Key, Row> read_rows(const std::string& text) {
    std::map<Key, Row> rows;
    try {
        const nlohmann::json table = nlohmann::json::parse(text);
        for (const auto& one : table.at("rows")) {
            Row row;
            row.work = one.at("work");
            row.entities = one.at("entities");
            row.ours = one.at("ours").get<Samples>();
            row.peer = one.at("peer").get<Samples>();
            rows.emplace(Key(row.work, row.entities), std::move(row));
        }
    } catch (const nlohmann::json::exception& error) {
        throw std::runtime_error(fmt::format("the kept table is not what --json writes: {}", error.what()));
    }
    return rows;
}

std::string line_of(const Row& row, double was, double is) {
    return fmt::format("| {} | {} | {:.4g} | {:.4g} | {:.2f} | {} |\n", row.work, row.entities, was, is,
                       is / was, is > was * kWorse ? "**worse**" : "");
}

}  // namespace

Comparison compare_with_kept(const Table& now, const std::string& text) {
    Comparison result;
    auto kept = read_rows(text);
    result.markdown = "| work | N | kept | now | now / kept | |\n|---|--:|--:|--:|--:|---|\n";
    std::string alone;
    for (const Row& row : now.rows()) {
        const auto before = kept.find({row.work, row.entities});
        const auto was = before == kept.end() ? std::nullopt : figure(before->second);
        const auto is = figure(row);
        if (before != kept.end()) kept.erase(before);
        if (!was || !is || *was <= 0) {
            alone += fmt::format("- not in the kept table: {} at {}\n", row.work, row.entities);
            continue;
        }
        result.markdown += line_of(row, *was, *is);
        result.worse += *is > *was * kWorse ? 1 : 0;
    }
    for (const auto& [key, row] : kept)
        alone += fmt::format("- in the kept table alone: {} at {}\n", key.first, key.second);
    result.markdown += alone.empty() ? "" : "\n" + alone;
    return result;
}

}  // namespace fluentsync::bench
