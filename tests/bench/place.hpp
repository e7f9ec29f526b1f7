/// Where the benchmark works: fresh folders, removed at the very end, and what each size starts from.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "fluentsync/options.hpp"
#include "process.hpp"

namespace fluentsync::bench {

/// A fresh folder for everything. Some file systems slow down tenfold over recently deleted inodes, so
/// nothing in it is deleted before the end.
class Area {
  public:
    explicit Area(const std::string& below);
    Area(const Area&) = delete;
    Area& operator=(const Area&) = delete;
    ~Area();
    /// A path that nobody has used yet.
    std::string fresh(const std::string& name);
    const std::string& path() const { return path_; }

  private:
    std::string path_;
    int count_ = 0;
};

/// One workspace: its folder, its database beside it.
struct Place {
    std::string root;
    std::string database;
    std::string remote = {};
    bool git = true;
    bool automatic = false;  ///< Everything by itself, with no debounce.
    bool durable = false;

    std::string json() const;
    WorkspaceOptions options() const;
};

Place make_place(Area& area, const std::string& name);

/// What the workspace child operations tell; see child.cpp.
struct ChildReport {
    double done_ms = 0;     ///< From the spawn until the work was done.
    double process_ms = 0;  ///< From the spawn to the end: the close too.
    double inner_ms = 0;    ///< The work alone, in the running process.
    double peak_mb = 0;     ///< VmHWM.
    long long count = 0;
};
ChildReport run_child(const std::string& operation, const Place& place, std::size_t entities);

/// What the rows of one size share; made when first asked for.
class Size {
  public:
    Size(Area& area, std::size_t entities) : area_(area), entities_(entities) {}
    std::size_t entities() const { return entities_; }
    Area& area() const { return area_; }

    /// A database that holds all entities and has never had a folder; copy it with copy_store().
    const std::string& store();
    /// The exported files, and nothing else.
    const std::string& tree();
    /// The same under git, committed by git, the index fresh.
    const std::string& peer();
    /// The same, synchronised, committed and indexed by us.
    const Place& ours();
    /// A bare repository of it.
    const std::string& bare();
    /// Paths of the entities' files in the order of the entities.
    const std::vector<std::string>& paths();

    Place place_with_store();
    Place place_with_tree();
    std::string copy_of_tree(const std::string& name);

  private:
    Area& area_;
    std::size_t entities_;
    std::string store_;
    std::string tree_;
    std::string peer_;
    std::string bare_;
    Place ours_;
    std::vector<std::string> paths_;
};

/// Dirty pages of what came before are not charged to what is measured next.
void settle_disk();
void write_text(const std::string& path, const std::string& text);

}  // namespace fluentsync::bench
