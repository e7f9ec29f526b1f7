#include "store/content_limit.hpp"

#include <fmt/format.h>

#include <charconv>
#include <map>

#include "fluentsync/error.hpp"
#include "store/prepared_content.hpp"
#include "store/records.hpp"

namespace fluentsync::store {
namespace {

// Before the type in the name of a value; before nothing: every type.
constexpr const char* kLimitOfType = "content_limit:";

std::map<std::string, std::string> values_of(const ContentLimit& limit) {
    const std::string bytes = std::to_string(limit.bytes);
    if (limit.types.empty()) return {{"", bytes}};
    std::map<std::string, std::string> values;
    for (const std::string& type : limit.types)
        values[type] = bytes;
    return values;
}

std::optional<std::size_t> limit_of(Connection& connection, const std::string& type) {
    for (const std::string& name : {std::string(), type}) {
        const auto text = get_value(connection, kLimitOfType + name);
        std::size_t bytes = 0;
        if (text && std::from_chars(text->data(), text->data() + text->size(), bytes).ec == std::errc())
            return bytes;
    }
    return std::nullopt;
}

}  // namespace

bool has_content_limit(Connection& connection, const ContentLimit& limit) {
    return values_named(connection, kLimitOfType) == values_of(limit);
}

void set_content_limit(Connection& connection, const ContentLimit& limit) {
    for (const auto& [type, bytes] : values_named(connection, kLimitOfType))
        set_value(connection, kLimitOfType + type, std::nullopt);
    for (const auto& [type, bytes] : values_of(limit))
        set_value(connection, kLimitOfType + type, bytes);
}

void check_content_limit(Connection& connection, const EntityKey& key, std::size_t size) {
    const auto limit = limit_of(connection, key.type);
    if (!limit || size <= *limit) return;
    throw Error(ErrorCode::too_large,
                fmt::format("{}: content of {} bytes is over the folder's limit of {} "
                            "(directory.max_import_file_bytes); store less of it, or raise the limit",
                            key_text(key), size, *limit));
}

}  // namespace fluentsync::store
