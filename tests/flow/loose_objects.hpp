/// Many loose objects, as years of small commits leave them.
#pragma once

#include <string>

#include "place.hpp"
#include "raw_sql.hpp"

namespace fluentsync::flow {

/// As many as the next commit packs; the database takes them for ours. Returns their ids, a line each.
/// Between two workspaces.
inline std::string make_loose_objects(const Place& place) {
    constexpr int kLoose = 2000;
    std::string names;
    for (int i = 0; i < kLoose; ++i) {
        const std::string name = place.base / ("loose" + std::to_string(i));
        write_file(name, "loose " + std::to_string(i));
        names += name + "\n";
    }
    write_file(place.base / "names", names);
    support::must_run({"sh", "-c",
                       "git -C \"$0\" hash-object -w --no-filters --stdin-paths <\"$1\" >\"$1.out\"",
                       place.root(), place.base / "names"});
    raw_sql(place.options.store.path,
            "INSERT OR REPLACE INTO named_values(name, value) VALUES('loose_objects', '2000')");
    return read_file(place.base / "names.out");
}

}  // namespace fluentsync::flow
