/// The rows of the table, a function for each kind of work.
#pragma once

#include <string>
#include <vector>

#include "place.hpp"
#include "table.hpp"

namespace fluentsync::bench {

struct RowKind {
    std::string name;  ///< As --rows spells it.
    void (*measure)(Size& size, Table& table, int runs);
};

/// The size for which the goals of cost that follows the change are stated.
inline constexpr std::size_t kGoalSize = 100'000;

void measure_export(Size& size, Table& table, int runs);
void measure_import(Size& size, Table& table, int runs);
void measure_restart(Size& size, Table& table, int runs);
void measure_write(Size& size, Table& table, int runs);
void measure_pull(Size& size, Table& table, int runs);
void measure_memory(Size& size, Table& table, int runs);

/// After all sizes: the growth of one write from 10,000 to 100,000.
void compare_growth(Table& table);
/// Does not depend on the sizes: 10,000 pending exports on a lent loop.
void measure_heartbeat(Area& area, Table& table, int runs);

}  // namespace fluentsync::bench
