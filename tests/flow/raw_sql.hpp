/// SQL behind the API's back, as the sqlite3 shell would send it.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace fluentsync::flow {

/// Without `triggers` nothing notices: a disk that spoils what it keeps.
inline void raw_sql(const std::string& database, const std::string& sql, bool triggers = true) {
    sqlite3* raw = nullptr;
    const int opened = sqlite3_open_v2(database.c_str(), &raw, SQLITE_OPEN_READWRITE, nullptr);
    const std::unique_ptr<sqlite3, int (*)(sqlite3*)> handle(raw, sqlite3_close);
    if (opened != SQLITE_OK) throw std::runtime_error("cannot open " + database);
    sqlite3_busy_timeout(raw, 10000);
    sqlite3_db_config(raw, SQLITE_DBCONFIG_ENABLE_TRIGGER, triggers ? 1 : 0, nullptr);
    if (sqlite3_exec(raw, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
        throw std::runtime_error(sql + ": " + sqlite3_errmsg(raw));
    }
}

}  // namespace fluentsync::flow
