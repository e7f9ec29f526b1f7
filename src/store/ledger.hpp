/// The ledger: for each path, what both sides last agreed on, what the file looked like then, and what HEAD
/// has.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/object_id.hpp"
#include "store/connection.hpp"

namespace fluentsync::store {

/// A file's stat signature. All zero: not trusted, the file must be read.
struct Signature {
    std::uint64_t size = 0;
    std::int64_t mtime_ns = 0;
    std::int64_t ctime_ns = 0;
    std::uint64_t inode = 0;
    bool operator==(const Signature&) const = default;
};

/// As LedgerRow::committed: HEAD has the path in another mode than the folder. No content has this id.
inline constexpr base::ObjectId kOtherMode{};

struct LedgerRow {
    std::string path;
    bool entity = true;  ///< False: a plain file that git alone carries.
    bool executable = false;
    std::optional<base::ObjectId> base;       ///< Agreed content; nothing: agreed on absence.
    std::optional<base::ObjectId> committed;  ///< What HEAD's tree has, as far as known.
    Signature signature;
    /// The file's bytes where those can be no entity's content (the path is held) and git carries them all
    /// the same. The base stays what it was.
    std::optional<base::ObjectId> carried = {};
    /// What git has for the file's bytes, where that is another content: other line ends. It is known from
    /// the commit or the pull that brought the two together, and ends with the bytes.
    std::optional<base::ObjectId> git_form = {};

    /// The file's bytes; nothing: no file.
    const std::optional<base::ObjectId>& here() const { return carried ? carried : base; }
    /// What HEAD is to have; nothing: no file.
    const std::optional<base::ObjectId>& for_git() const { return git_form && here() ? git_form : here(); }
};

std::optional<LedgerRow> find_row(Connection& connection, const std::string& path);
/// Inserts or replaces. A row with neither base nor carried nor committed is removed.
void save_row(Connection& connection, const LedgerRow& row);
void erase_row(Connection& connection, const std::string& path);
/// HEAD has what the row has for git, by that name. A row without any is removed.
void set_committed(Connection& connection, const LedgerRow& row);

/// Rows with a base or carried, in byte order of path.
void for_each_row(Connection& connection, const std::function<void(const LedgerRow&)>& visit);
/// Rows whose for_git() differs from committed and that no hold keeps from git, in order of path, after
/// `after` (exclusive).
std::vector<LedgerRow> uncommitted_rows(Connection& connection, const std::string& after, std::size_t limit);
std::int64_t count_uncommitted(Connection& connection);
std::int64_t count_rows(Connection& connection, bool entities_only);
/// Paths with a base or carried directly or deeper below `folder`, in order.
std::vector<std::string> paths_below(Connection& connection, const std::string& folder);
/// Paths that lead out of the folder or nowhere, which nothing of ours has written.
std::vector<std::string> unfit_rows(Connection& connection);
/// Forgets everything: another folder.
void clear_ledger(Connection& connection);

}  // namespace fluentsync::store
