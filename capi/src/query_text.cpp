#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <utility>

#include "fluentsync/error.hpp"
#include "json_text.hpp"

namespace fluentsync::capi {
namespace {

using Json = nlohmann::json;

[[noreturn]] void refuse_query(const std::string& fault) {
    throw Error(ErrorCode::invalid_argument, "query: " + fault);
}

/// A value as an error shows it.
std::string shown_json(const Json& value) {
    if (value.is_array()) return "an array";
    if (value.is_object()) return "an object";
    const auto text = value.dump(-1, ' ', true, Json::error_handler_t::replace);
    return text.size() <= 60 ? text : text.substr(0, 60) + "...";
}

[[noreturn]] void refuse_query_value(const std::string& key, const char* takes, const Json& value) {
    refuse_query('"' + key + "\" takes " + takes + ", not " + shown_json(value));
}

std::string text_of(const std::string& key, const Json& value) {
    if (!value.is_string()) refuse_query_value(key, "a string", value);
    return value.get<std::string>();
}

bool flag_of(const std::string& key, const Json& value) {
    if (!value.is_boolean()) refuse_query_value(key, "true or false", value);
    return value.get<bool>();
}

std::size_t size_of(const std::string& key, const Json& value) {
    // Beyond 63 bits SQLite cannot count.
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > INT64_MAX) {
        refuse_query_value(key, "a whole number of at least 0", value);
    }
    return value.get<std::size_t>();
}

template <class Choice>
Choice one_of(const std::string& key, const Json& value, const char* takes,
              std::initializer_list<std::pair<const char*, Choice>> choices) {
    for (const auto& [name, choice] : choices)
        if (value == name) return choice;
    refuse_query_value(key, takes, value);
}

Compare compare_of(const std::string& key, const Json& value) {
    return one_of<Compare>(key, value,
                           R"("equal", "notEqual", "less", "lessEqual", "greater" or "greaterEqual")",
                           {{"equal", Compare::equal},
                            {"notEqual", Compare::not_equal},
                            {"less", Compare::less},
                            {"lessEqual", Compare::less_equal},
                            {"greater", Compare::greater},
                            {"greaterEqual", Compare::greater_equal}});
}

SortBy sort_of(const std::string& key, const Json& value) {
    return one_of<SortBy>(key, value, R"("id", "created" or "updated")",
                          {{"id", SortBy::id}, {"created", SortBy::created}, {"updated", SortBy::updated}});
}

MetadataFilter filter_of(const Json& object) {
    if (!object.is_object()) refuse_query_value("filters", "objects", object);
    MetadataFilter filter;
    for (const auto& [key, value] : object.items()) {
        if (key == "key") {
            filter.key = text_of(key, value);
        } else if (key == "compare") {
            filter.compare = compare_of(key, value);
        } else if (key == "value") {
            if (value.is_structured()) refuse_query_value(key, "a JSON scalar", value);
            filter.value = value.dump();
        } else {
            refuse_query("a filter has no \"" + key + "\"; it has \"key\", \"compare\" and \"value\"");
        }
    }
    if (filter.key.empty() || filter.value.empty()) refuse_query("a filter needs \"key\" and \"value\"");
    return filter;
}

std::vector<MetadataFilter> filters_of(const Json& list) {
    if (!list.is_array()) refuse_query_value("filters", "an array", list);
    std::vector<MetadataFilter> filters;
    for (const auto& object : list)
        filters.push_back(filter_of(object));
    return filters;
}

void read_query_key(Query& query, const std::string& key, const Json& value) {
    if (key == "type") {
        query.type = text_of(key, value);
    } else if (key == "filters") {
        query.filters = filters_of(value);
    } else if (key == "sortBy") {
        query.sort_by = sort_of(key, value);
    } else if (key == "descending") {
        query.descending = flag_of(key, value);
    } else if (key == "limit") {
        query.limit = size_of(key, value);
    } else if (key == "offset") {
        query.offset = size_of(key, value);
    } else if (key == "withContent") {
        query.with_content = flag_of(key, value);
    } else {
        refuse_query(
            "there is no \"" + key +
            "\"; it has \"type\", \"filters\", \"sortBy\", \"descending\", \"limit\", \"offset\" and "
            "\"withContent\"");
    }
}

}  // namespace

Query parse_query(const std::string& text) {
    Query query;
    if (text.empty()) return query;
    // Before there is a value: whoever walks through one that is nested without end runs out of stack.
    const auto check_depth = [](int depth, Json::parse_event_t, const Json&) {
        constexpr int kDeepest = 64;
        if (depth > kDeepest) refuse_query("the text is nested deeper than 64 levels");
        return true;
    };
    const auto object = Json::parse(text, check_depth, false);
    if (!object.is_object()) refuse_query("the text is no JSON object");
    for (const auto& [key, value] : object.items())
        read_query_key(query, key, value);
    return query;
}

}  // namespace fluentsync::capi
