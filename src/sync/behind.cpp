#include "sync/behind.hpp"

#include <fmt/format.h>

#include <sstream>

#include "store/records.hpp"

namespace fluentsync::sync {

namespace {

/// Before the path, in the name of a value: "<mode> <id>", or "-" for no version.
constexpr const char* kBehind = "behind:";
constexpr const char* kNoVersion = "-";

std::optional<git::TreeFile> parse_file(const std::string& text) {
    std::istringstream in(text);
    git::TreeFile file;
    std::string id;
    in >> file.mode >> id;
    const auto known = base::ObjectId::from_hex(id);
    if (!known) {
        return std::nullopt;
    }
    file.id = *known;
    return file;
}

}  // namespace

git::TreeFile file_for_git(const store::LedgerRow& row) {
    return {row.for_git().value(), row.executable ? git::kModeExecutable : git::kModeFile};
}

BehindFiles behind_files(store::Connection& connection) {
    BehindFiles files;
    for (const auto& [path, text] : store::values_named(connection, kBehind)) {
        files[path] = parse_file(text);
    }
    return files;
}

void note_behind(store::Connection& connection, const std::string& path,
                 const std::optional<git::TreeFile>& made_from) {
    const std::string name = kBehind + path;
    if (!store::get_value(connection, name)) {
        store::set_value(connection, name,
                         made_from ? fmt::format("{} {}", made_from->mode, made_from->id.hex()) : kNoVersion);
    }
}

void clear_behind(store::Connection& connection, const std::string& path) {
    store::set_value(connection, kBehind + path, std::nullopt);
}

}  // namespace fluentsync::sync
