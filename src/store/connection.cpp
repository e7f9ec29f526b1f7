#include "store/connection.hpp"

#include "fluentsync/error.hpp"

namespace fluentsync::store {

CachedStatement::~CachedStatement() {
    statement_->tryReset();
    statement_->clearBindings();
}

Connection::Connection(std::unique_ptr<SQLite::Database> database) : database_(std::move(database)) {}

CachedStatement Connection::prepare(std::string_view sql) {
    auto found = statements_.find(sql);
    if (found == statements_.end()) {
        std::string text(sql);
        auto statement = std::make_unique<SQLite::Statement>(*database_, text);
        found = statements_.emplace(std::move(text), std::move(statement)).first;
    }
    if (found->second->hasRow())
        throw Error(ErrorCode::internal, "statement used twice at once: " + found->first);
    return CachedStatement(*found->second);
}

void bind_bytes(SQLite::Statement& statement, int index, std::string_view bytes) {
    // A null pointer would bind NULL.
    statement.bindNoCopy(index, static_cast<const void*>(bytes.data() ? bytes.data() : ""),
                         static_cast<int>(bytes.size()));
}

void bind_hash(SQLite::Statement& statement, int index, const std::optional<base::ObjectId>& hash) {
    if (!hash) return statement.bind(index);
    statement.bind(index, static_cast<const void*>(hash->bytes.data()), static_cast<int>(hash->bytes.size()));
}

std::string column_text(SQLite::Statement& statement, int index) {
    return statement.getColumn(index).getString();
}

std::int64_t column_int(SQLite::Statement& statement, int index) {
    return statement.getColumn(index).getInt64();
}

std::optional<base::ObjectId> column_hash(SQLite::Statement& statement, int index) {
    const SQLite::Column column = statement.getColumn(index);
    const void* data = column.getBlob();
    const int size = column.getBytes();
    if (!data || size != 20) return std::nullopt;
    return base::ObjectId::from_raw({static_cast<const char*>(data), 20});
}

}  // namespace fluentsync::store
