#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "fluentsync/error.hpp"
#include "store/entity_row.hpp"
#include "store/entity_table.hpp"
#include "store/metadata_condition.hpp"

namespace fluentsync::store {
namespace {

// A query's conditions: text and parameters in step.
class Conditions {
  public:
    Conditions(Connection& connection, const Query& query) : query_(query) {
        filters_.reserve(query.filters.size());
        for (const MetadataFilter& filter : query.filters)
            filters_.emplace_back(connection, filter);
    }

    std::string sql() const {
        std::string text = query_.type.empty() ? "WHERE 1" : "WHERE type = ?1";
        int parameter = 2;
        for (const MetadataCondition& filter : filters_) {
            text += " AND " + filter.sql(parameter);
            parameter += MetadataCondition::kParameters;
        }
        return text;
    }

    void bind(SQLite::Statement& statement) const {
        if (!query_.type.empty()) statement.bindNoCopy(1, query_.type);
        int parameter = 2;
        for (const MetadataCondition& filter : filters_) {
            filter.bind(statement, parameter);
            parameter += MetadataCondition::kParameters;
        }
    }

  private:
    const Query& query_;
    std::vector<MetadataCondition> filters_;
};

// LIMIT and OFFSET are numbers of ours, so they may stand in the text; -1: no limit.
std::string order_and_page(const Query& query) {
    const char* direction = query.descending ? "DESC" : "ASC";
    std::string text = " ORDER BY ";
    if (query.sort_by != SortBy::id)
        text += fmt::format("{} {}, ", query.sort_by == SortBy::created ? "created" : "updated", direction);
    text += fmt::format("type {0}, id {0}", direction);
    const std::int64_t limit = query.limit == 0 ? -1 : static_cast<std::int64_t>(query.limit);
    return text + fmt::format(" LIMIT {} OFFSET {}", limit, static_cast<std::int64_t>(query.offset));
}

// A path may show its fault only where metadata is deep enough for it.
[[noreturn]] void rethrow_query_error(const SQLite::Exception& error) {
    const std::string_view what = error.what();
    if (what.find("JSON path") == std::string_view::npos) throw error;
    throw Error(
        ErrorCode::invalid_argument,
        fmt::format("a filter's key is no JSON path ({}); write name, name.inner or $.name[0]", what));
}

// Keys first, so that no sort carries contents along.
std::vector<std::int64_t> select_keys(Connection& connection, const Query& query) {
    const Conditions conditions(connection, query);
    SQLite::Statement statement(connection.raw(),
                                "SELECT key FROM entities " + conditions.sql() + order_and_page(query));
    conditions.bind(statement);
    std::vector<std::int64_t> keys;
    try {
        while (statement.executeStep())
            keys.push_back(column_int(statement, 0));
    } catch (const SQLite::Exception& error) {
        rethrow_query_error(error);
    }
    return keys;
}

}  // namespace

std::vector<Entity> list_entities(Connection& connection, const Query& query) {
    const auto keys = select_keys(connection, query);
    std::vector<Entity> entities;
    entities.reserve(keys.size());
    for (const std::int64_t key : keys) {
        auto statement = connection.prepare(
            query.with_content ? "SELECT " FLUENTSYNC_ENTITY_COLUMNS " FROM entities WHERE key = ?1"
                               : "SELECT " FLUENTSYNC_ENTITY_COLUMNS_LEAN " FROM entities WHERE key = ?1");
        statement->bind(1, key);
        if (statement->executeStep()) entities.push_back(read_entity(*statement, query.with_content));
    }
    return entities;
}

std::int64_t count_entities(Connection& connection, const Query& query) {
    const Conditions conditions(connection, query);
    SQLite::Statement statement(connection.raw(), "SELECT count(*) FROM entities " + conditions.sql());
    conditions.bind(statement);
    try {
        statement.executeStep();
    } catch (const SQLite::Exception& error) {
        rethrow_query_error(error);
    }
    return column_int(statement, 0);
}

std::vector<std::string> list_types(Connection& connection) {
    // Steps from one type to the next over the index instead of reading every row.
    auto statement = connection.prepare(
        "WITH RECURSIVE step(type) AS (SELECT min(type) FROM entities UNION ALL "
        "SELECT (SELECT min(e.type) FROM entities AS e WHERE e.type > step.type) FROM step "
        "WHERE step.type IS NOT NULL) SELECT type FROM step WHERE type IS NOT NULL");
    std::vector<std::string> types;
    while (statement->executeStep())
        types.push_back(column_text(*statement, 0));
    return types;
}

}  // namespace fluentsync::store
