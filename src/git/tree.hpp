/// Trees: edited from HEAD for the changed paths only, compared by recursion only where ids differ.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/object_id.hpp"
#include "git/object_writer.hpp"
#include "git/repository.hpp"

namespace fluentsync::git {

inline constexpr std::uint32_t kModeFile = 0100644;
inline constexpr std::uint32_t kModeExecutable = 0100755;
inline constexpr std::uint32_t kModeLink = 0120000;
inline constexpr std::uint32_t kModeSubmodule = 0160000;
inline constexpr std::uint32_t kModeFolder = 0040000;

struct TreeFile {
    base::ObjectId id;
    std::uint32_t mode = kModeFile;
    bool operator==(const TreeFile&) const = default;
};

/// What no regular file is, and git alone keeps.
inline bool is_link_or_submodule(std::uint32_t mode) {
    return mode == kModeLink || mode == kModeSubmodule;
}

struct TreeChange {
    std::string path;
    std::optional<TreeFile> file;  ///< Nothing: remove.
};

/// Files that an edit adds to its base, replaces there (a mode counts) and takes from it.
struct TreeCounts {
    std::int64_t added = 0;
    std::int64_t modified = 0;
    std::int64_t deleted = 0;
    std::int64_t total() const { return added + modified + deleted; }
};

/// The tree that results from `base` (nothing: the empty tree) by `changes` (any order, paths unique). Trees
/// that become empty vanish. A file put where a folder was replaces it, and the other way round. The root of
/// an empty result is git's empty tree. Cost: one read and one write of each tree on the way to a changed
/// path. Works for 100,000 changes in one call. `counts` tells what it came to; a change
/// that changes nothing counts for nothing.
base::ObjectId edit_tree(Repository& repository, const std::optional<base::ObjectId>& base,
                         std::vector<TreeChange> changes, ObjectWriter& writer, TreeCounts* counts = nullptr);

struct TreeDelta {
    std::string path;
    std::optional<TreeFile> before;
    std::optional<TreeFile> after;
};

/// Files (never folders) that differ, in byte order of path. Nothing stands for the empty tree. Malformed
/// trees (duplicate entries, empty names, names with '/') throw Error(corrupt); names are not judged here
/// otherwise. A walk has one budget, for strangers' trees may hold themselves: above 5,000,000 files,
/// 1,000,000 folders or 512 MiB of paths it throws Error(too_large), and Error(cancelled) once the repository
/// is asked to stop.
std::vector<TreeDelta> diff_trees(Repository& repository, const std::optional<base::ObjectId>& before,
                                  const std::optional<base::ObjectId>& after);
/// The same, one after the other: of trees of any size none is kept.
void for_each_delta(Repository& repository, const std::optional<base::ObjectId>& before,
                    const std::optional<base::ObjectId>& after, const std::function<void(TreeDelta)>& visit);

std::optional<TreeFile> find_in_tree(Repository& repository, const base::ObjectId& tree,
                                     const std::string& path);
void for_each_file(Repository& repository, const std::optional<base::ObjectId>& tree,
                   const std::function<void(const std::string&, const TreeFile&)>& visit);

/// What becomes of lines that both sides changed: nothing is merged, or those of both stay.
enum class Overlap { no_merge, both };

/// Three-way text merge. Nothing when any is binary (holds a NUL), or when more than 1 MiB or 20,000 lines of
/// any lie between the lines with which all begin and end. Symmetric: ours and theirs swapped give the same
/// text.
std::optional<std::string> merge_texts(std::string_view base, std::string_view ours, std::string_view theirs,
                                       Overlap overlap = Overlap::no_merge);

/// The lines of base, ours and theirs (in either order of the sides) where both changed them. Nothing: they
/// do not merge.
using ClashMerge = std::function<std::optional<std::string>(std::string_view base, std::string_view ours,
                                                            std::string_view theirs)>;

/// The same, and where lines clash, `clash` is asked; one without an answer, and nothing is merged. It has to
/// be symmetric itself. It is not asked when some of the texts end with a line's end and others do not.
std::optional<std::string> merge_texts(std::string_view base, std::string_view ours, std::string_view theirs,
                                       const ClashMerge& clash);

struct NewCommit {
    base::ObjectId tree;
    std::vector<base::ObjectId> parents;
    Identity author;
    std::string message;
    std::int64_t time_ms = 0;
    std::optional<Identity> committer = {};  ///< Nothing: the author.
};

/// Writes a commit object through `writer`. Returns its id.
base::ObjectId write_commit(Repository& repository, const NewCommit& commit, ObjectWriter& writer);

}  // namespace fluentsync::git
