#include "store/metadata_condition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "fluentsync/error.hpp"

namespace fluentsync::store {
namespace {

// SQLite's JSON paths have no escape inside quotes, so a name with a quote goes without them.
void append_name(std::string& path, std::string_view name) {
    const bool plain = name.find('"') != std::string_view::npos;
    path += plain ? "." : ".\"";
    path += name;
    if (!plain) path += '"';
}

std::string nested_path(const std::string& key) {
    std::string path = "$";
    std::size_t begin = 0;
    while (begin <= key.size()) {
        const std::size_t end = std::min(key.find('.', begin), key.size());
        append_name(path, std::string_view(key).substr(begin, end - begin));
        begin = end + 1;
    }
    return path;
}

void check_path(Connection& connection, const std::string& key, const std::string& path) {
    try {
        auto statement = connection.prepare("SELECT json_type('{}', ?1)");
        statement->bindNoCopy(1, path);
        statement->executeStep();
    } catch (const SQLite::Exception&) {
        throw Error(ErrorCode::invalid_argument,
                    fmt::format("filter key '{}' is no JSON path; write name, name.inner or $.name[0]",
                                base::printable(key)));
    }
}

const char* operator_of(Compare compare) {
    switch (compare) {
        case Compare::equal:
            return "IS";
        case Compare::not_equal:
            return "IS NOT";
        case Compare::less:
            return "<";
        case Compare::less_equal:
            return "<=";
        case Compare::greater:
            return ">";
        case Compare::greater_equal:
            return ">=";
    }
    return "IS";
}

}  // namespace

MetadataCondition::MetadataCondition(Connection& connection, const MetadataFilter& filter)
    : compare_(filter.compare) {
    if (filter.key.empty())
        throw Error(ErrorCode::invalid_argument, "a filter's key is empty; name a metadata key");
    if (filter.key.front() == '$') {
        path_ = nested_ = filter.key;
    } else {
        path_.assign(1, '$');
        append_name(path_, filter.key);
        nested_ = nested_path(filter.key);
    }
    check_path(connection, filter.key, path_);
    check_path(connection, filter.key, nested_);
    set_value(filter);
}

void MetadataCondition::set_value(const MetadataFilter& filter) {
    // An array or object is not even read: it may be nested without end.
    const std::size_t first = filter.value.find_first_not_of(" \t\r\n");
    const bool structured =
        first != std::string::npos && (filter.value[first] == '[' || filter.value[first] == '{');
    const auto value = nlohmann::json::parse(structured ? "" : filter.value, nullptr, false);
    if (value.is_discarded())
        throw Error(ErrorCode::invalid_argument,
                    fmt::format("filter on '{}': {} is no JSON scalar; write \"text\", 3, true or null",
                                base::printable(filter.key), base::printable(filter.value)));
    const bool range = compare_ != Compare::equal && compare_ != Compare::not_equal;
    if (range && !value.is_number() && !value.is_string())
        throw Error(ErrorCode::invalid_argument,
                    fmt::format("filter on '{}': {} has no order; compare it with equal or not_equal",
                                base::printable(filter.key), base::printable(filter.value)));
    if (value.is_boolean()) {
        kind_ = Kind::truth;
        text_ = value.get<bool>() ? "true" : "false";
    } else if (value.is_number()) {
        // Beyond 64 signed bits an integer compares as a real.
        const bool wide = value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX;
        kind_ = value.is_number_float() || wide ? Kind::number_real : Kind::number_int;
        real_ = value.get<double>();
        integer_ = kind_ == Kind::number_int ? value.get<std::int64_t>() : 0;
    } else if (value.is_string()) {
        kind_ = Kind::text;
        text_ = value.get<std::string>();
    }
}

std::string MetadataCondition::sql(int first) const {
    // Metadata that another program spoiled would stop the whole query.
    const std::string metadata = "CASE WHEN json_valid(metadata) THEN metadata ELSE '{}' END";
    // The key as one name is found before the nested one.
    const std::string path = fmt::format("(CASE WHEN json_type({2}, ?{0}) IS NULL THEN ?{1} ELSE ?{0} END)",
                                         first, first + 1, metadata);
    const std::string value = fmt::format("?{}", first + 2);
    const char* compare = operator_of(compare_);
    switch (kind_) {
        case Kind::null:
            return fmt::format("json_extract({}, {}) {} {}", metadata, path, compare, value);
        case Kind::truth:
            return fmt::format("json_type({}, {}) {} {}", metadata, path, compare, value);
        default:
            break;
    }
    // Only a value of the same kind takes part, else true would equal 1 and texts would be beyond all
    // numbers.
    const char* kinds = kind_ == Kind::text ? "'text'" : "'integer', 'real'";
    return fmt::format("(CASE WHEN json_type({4}, {0}) IN ({1}) THEN json_extract({4}, {0}) END) {2} {3}",
                       path, kinds, compare, value, metadata);
}

void MetadataCondition::bind(SQLite::Statement& statement, int first) const {
    statement.bindNoCopy(first, path_);
    statement.bindNoCopy(first + 1, nested_);
    switch (kind_) {
        case Kind::null:
            statement.bind(first + 2);
            break;
        case Kind::number_int:
            statement.bind(first + 2, integer_);
            break;
        case Kind::number_real:
            statement.bind(first + 2, real_);
            break;
        default:
            statement.bindNoCopy(first + 2, text_);
            break;
    }
}

}  // namespace fluentsync::store
