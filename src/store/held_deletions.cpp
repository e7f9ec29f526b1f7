#include "store/held_deletions.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "store/records.hpp"

namespace fluentsync::store {
namespace {

constexpr const char* kCount = "held_deletions";
constexpr const char* kHeld = "held_deletion_paths";
constexpr const char* kConfirmed = "deletions_confirmed";

// Ends each path: the one byte that no path holds.
constexpr char kEnd = '\0';

Paths read_paths(Connection& connection, const char* name) {
    Paths paths;
    const std::string text = get_value(connection, name).value_or("");
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find(kEnd, begin), text.size());
        paths.insert(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return paths;
}

void save_count(Connection& connection, std::int64_t count) {
    set_value(connection, kCount, count > 0 ? std::optional(std::to_string(count)) : std::nullopt);
}

}  // namespace

std::int64_t count_held_deletions(Connection& connection) {
    std::int64_t count = 0;
    const std::string text = get_value(connection, kCount).value_or("0");
    std::from_chars(text.data(), text.data() + text.size(), count);
    return count;
}

Paths held_deletions(Connection& connection) {
    return read_paths(connection, kHeld);
}

void save_held_deletions(Connection& connection, const Paths& paths) {
    std::string text;
    for (const std::string& path : paths)
        text.append(path).push_back(kEnd);
    set_value(connection, kHeld, paths.empty() ? std::nullopt : std::optional(text));
    set_value(connection, kConfirmed, std::nullopt);
    save_count(connection, static_cast<std::int64_t>(paths.size()));
}

Paths confirmed_deletions(Connection& connection) {
    return read_paths(connection, kConfirmed);
}

std::int64_t confirm_held_deletions(Connection& connection) {
    const std::int64_t count = count_held_deletions(connection);
    if (count == 0) return 0;
    if (const auto refused = get_value(connection, kRefusedFolder)) {
        set_value(connection, kConfirmedFolder, refused);
    } else {
        set_value(connection, kConfirmed, get_value(connection, kHeld));
    }
    return count;
}

void note_refused_folder(Connection& connection, const std::string& folder, std::int64_t entries) {
    set_value(connection, kRefusedFolder, folder);
    set_value(connection, kConfirmedFolder, std::nullopt);
    save_count(connection, std::max<std::int64_t>(entries, 1));
}

bool has_refused_folder(Connection& connection) {
    return get_value(connection, kRefusedFolder).has_value();
}

bool folder_is_confirmed(Connection& connection, const std::string& folder) {
    return get_value(connection, kConfirmedFolder) == folder;
}

void forget_refused_folder(Connection& connection) {
    if (!has_refused_folder(connection)) return;
    set_value(connection, kRefusedFolder, std::nullopt);
    set_value(connection, kConfirmedFolder, std::nullopt);
    save_count(connection, static_cast<std::int64_t>(held_deletions(connection).size()));
}

}  // namespace fluentsync::store
