#include "sync/outgrown.hpp"

#include "store/ledger.hpp"
#include "store/records.hpp"

namespace fluentsync::sync {

namespace {

/// Before the path, in the name of a value: "<id> <reason>".
constexpr const char* kOutgrown = "outgrown:";

}  // namespace

void note_outgrown(store::Connection& connection, const std::string& path, const base::ObjectId& version,
                   const std::string& reason) {
    store::set_value(connection, kOutgrown + path, version.hex() + " " + reason);
}

void clear_outgrown(store::Connection& connection, const std::string& path) {
    store::set_value(connection, kOutgrown + path, std::nullopt);
}

std::vector<std::string> outgrown_files(store::Connection& connection) {
    std::vector<std::string> paths;
    for (const auto& [path, value] : store::values_named(connection, kOutgrown)) {
        paths.push_back(path);
    }
    return paths;
}

std::optional<std::string> outgrown_reason(store::Connection& connection, const std::string& path) {
    const auto value = store::get_value(connection, kOutgrown + path);
    const auto row = store::find_row(connection, path);
    if (!value || !row || !row->for_git() || !row->committed || row->for_git() == row->committed) {
        return std::nullopt;
    }
    const std::size_t space = value->find(' ');
    if (value->substr(0, space) != row->committed->hex()) {
        return std::nullopt;  // HEAD has moved on.
    }
    return value->substr(space + 1);
}

}  // namespace fluentsync::sync
