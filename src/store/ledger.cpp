#include "store/ledger.hpp"

namespace fluentsync::store {
namespace {

constexpr std::int64_t kAll = -1;

#define FLUENTSYNC_LEDGER_COLUMNS \
    "path, entity, executable, base, committed, size, mtime_ns, ctime_ns, inode, carried, git_form"
// What git is to have differs from what HEAD has. The words are the index': SQLite compares them.
#define FLUENTSYNC_UNCOMMITTED                                                                            \
    "FROM ledger INDEXED BY ledger_uncommitted WHERE coalesce(git_form, carried, base) IS NOT committed " \
    "AND NOT EXISTS(SELECT 1 FROM holds WHERE holds.path = ledger.path AND holds.carried = 0) "
// Files that are known: some content of theirs was agreed upon, or git carries them.
#define FLUENTSYNC_KNOWN "coalesce(carried, base) IS NOT NULL "

LedgerRow read_row(SQLite::Statement& statement) {
    LedgerRow row;
    row.path = column_text(statement, 0);
    row.entity = column_int(statement, 1) != 0;
    row.executable = column_int(statement, 2) != 0;
    row.base = column_hash(statement, 3);
    row.committed = column_hash(statement, 4);
    row.signature.size = static_cast<std::uint64_t>(column_int(statement, 5));
    row.signature.mtime_ns = column_int(statement, 6);
    row.signature.ctime_ns = column_int(statement, 7);
    row.signature.inode = static_cast<std::uint64_t>(column_int(statement, 8));
    row.carried = column_hash(statement, 9);
    row.git_form = column_hash(statement, 10);
    return row;
}

std::int64_t count(Connection& connection, std::string_view sql) {
    auto statement = connection.prepare(sql);
    statement->executeStep();
    return column_int(*statement, 0);
}

}  // namespace

std::optional<LedgerRow> find_row(Connection& connection, const std::string& path) {
    auto statement = connection.prepare("SELECT " FLUENTSYNC_LEDGER_COLUMNS " FROM ledger WHERE path = ?1");
    statement->bindNoCopy(1, path);
    if (!statement->executeStep()) return std::nullopt;
    return read_row(*statement);
}

void save_row(Connection& connection, const LedgerRow& row) {
    if (!row.for_git() && !row.committed) return erase_row(connection, row.path);
    // A row that is there already is no write.
    auto statement = connection.prepare(
        "INSERT INTO ledger(" FLUENTSYNC_LEDGER_COLUMNS
        ") "
        "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT(path) DO UPDATE SET entity = "
        "excluded.entity, executable = excluded.executable, base = excluded.base, committed = "
        "excluded.committed, size = excluded.size, mtime_ns = excluded.mtime_ns, ctime_ns = "
        "excluded.ctime_ns, inode = excluded.inode, carried = excluded.carried, git_form = "
        "excluded.git_form "
        "WHERE (entity, executable, base, committed, size, mtime_ns, ctime_ns, inode, carried, git_form) IS "
        "NOT (excluded.entity, excluded.executable, excluded.base, excluded.committed, excluded.size, "
        "excluded.mtime_ns, excluded.ctime_ns, excluded.inode, excluded.carried, excluded.git_form)");
    statement->bindNoCopy(1, row.path);
    statement->bind(2, row.entity ? 1 : 0);
    statement->bind(3, row.executable ? 1 : 0);
    bind_hash(*statement, 4, row.base);
    bind_hash(*statement, 5, row.committed);
    statement->bind(6, static_cast<std::int64_t>(row.signature.size));
    statement->bind(7, row.signature.mtime_ns);
    statement->bind(8, row.signature.ctime_ns);
    statement->bind(9, static_cast<std::int64_t>(row.signature.inode));
    bind_hash(*statement, 10, row.carried);
    bind_hash(*statement, 11, row.here() ? row.git_form : std::nullopt);
    statement->exec();
}

void erase_row(Connection& connection, const std::string& path) {
    auto statement = connection.prepare("DELETE FROM ledger WHERE path = ?1");
    statement->bindNoCopy(1, path);
    statement->exec();
}

void set_committed(Connection& connection, const LedgerRow& row) {
    if (!row.for_git()) return erase_row(connection, row.path);
    auto statement = connection.prepare(
        "UPDATE ledger SET committed = ?2, git_form = ?3 WHERE path = ?1 AND (committed, git_form) IS NOT "
        "(?2, ?3)");
    statement->bindNoCopy(1, row.path);
    bind_hash(*statement, 2, row.for_git());
    bind_hash(*statement, 3, row.git_form);
    statement->exec();
}

void for_each_row(Connection& connection, const std::function<void(const LedgerRow&)>& visit) {
    auto statement = connection.prepare("SELECT " FLUENTSYNC_LEDGER_COLUMNS
                                        " FROM ledger WHERE " FLUENTSYNC_KNOWN "ORDER BY path");
    while (statement->executeStep())
        visit(read_row(*statement));
}

std::vector<LedgerRow> uncommitted_rows(Connection& connection, const std::string& after, std::size_t limit) {
    auto statement = connection.prepare("SELECT " FLUENTSYNC_LEDGER_COLUMNS " " FLUENTSYNC_UNCOMMITTED
                                        "AND path > ?1 ORDER BY path LIMIT ?2");
    statement->bindNoCopy(1, after);
    statement->bind(2, limit == 0 ? kAll : static_cast<std::int64_t>(limit));
    std::vector<LedgerRow> rows;
    while (statement->executeStep())
        rows.push_back(read_row(*statement));
    return rows;
}

std::int64_t count_uncommitted(Connection& connection) {
    return count(connection, "SELECT count(*) " FLUENTSYNC_UNCOMMITTED);
}

std::int64_t count_rows(Connection& connection, bool entities_only) {
    return entities_only
               ? count(connection, "SELECT count(*) FROM ledger WHERE " FLUENTSYNC_KNOWN "AND entity <> 0")
               : count(connection, "SELECT count(*) FROM ledger WHERE " FLUENTSYNC_KNOWN);
}

std::vector<std::string> paths_below(Connection& connection, const std::string& folder) {
    // '0' follows '/', so everything that begins with "folder/" lies between the two.
    auto statement = connection.prepare(
        "SELECT path FROM ledger WHERE path >= ?1 AND (?2 = '' OR path < ?2) AND " FLUENTSYNC_KNOWN
        "ORDER BY path");
    const std::string first = folder.empty() ? std::string() : folder + "/";
    const std::string end = folder.empty() ? std::string() : folder + "0";
    statement->bindNoCopy(1, first);
    statement->bindNoCopy(2, end);
    std::vector<std::string> paths;
    while (statement->executeStep())
        paths.push_back(column_text(*statement, 0));
    return paths;
}

std::vector<std::string> unfit_rows(Connection& connection) {
    auto statement = connection.prepare(
        "SELECT path FROM ledger WHERE instr(path, char(0)) > 0 OR '/' || path || '/' GLOB '*//*' OR "
        "'/' || path || '/' GLOB '*/./*' OR '/' || path || '/' GLOB '*/../*'");
    std::vector<std::string> paths;
    while (statement->executeStep())
        paths.push_back(column_text(*statement, 0));
    return paths;
}

void clear_ledger(Connection& connection) {
    connection.prepare("DELETE FROM ledger")->exec();
}

}  // namespace fluentsync::store
