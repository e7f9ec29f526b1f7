#include <filesystem>
#include <fluentsync/entity_store.hpp>
#include <fluentsync/state_folder.hpp>

#include "commands.hpp"
#include "exit_code.hpp"
#include "files.hpp"
#include "output.hpp"
#include "root.hpp"

namespace cli {
namespace {

namespace fs = std::filesystem;
using fluentsync::Conflict;
using fluentsync::ConflictChoice;
using fluentsync::Error;
using fluentsync::ErrorCode;

/// The plain file of a conflict, once it is sure to lie in the folder, links followed.
fs::path plain_file(const Conflict& conflict, const std::string& folder) {
    auto file = fs::path(folder) / conflict.path;
    std::error_code error;
    const auto root = fs::canonical(folder, error);
    const auto parent = error ? fs::path() : fs::canonical(file.parent_path(), error);
    const auto inside = parent.lexically_relative(root);
    const auto first = inside.empty() ? fs::path() : *inside.begin();
    if (error || inside.empty() || first == ".." || first == ".git" || first == ".fluentsync") {
        throw Error(ErrorCode::cannot_open, "cannot reach " + conflict.path + " in " + folder, conflict.path);
    }
    return file;
}

/// Writes only over the winner: an edit made since the conflict is nobody's to overwrite.
void write_plain(const Conflict& conflict, const std::string& content, const std::string& folder) {
    const auto file = plain_file(conflict, folder);
    const bool there = fs::symlink_status(file).type() != fs::file_type::not_found;
    if (there && (!fs::is_regular_file(fs::symlink_status(file)) ||
                  read_file(file.string()) != conflict.winner_content)) {
        throw Error(ErrorCode::version_mismatch,
                    conflict.path +
                        " has changed since the conflict; edit it by hand, then resolve with "
                        "--take winner",
                    conflict.path);
    }
    const auto state = fluentsync::StateFolder::make(folder);
    replace_file(file.string(), content, state.path() + "/tmp");
}

void resolve_plain(fluentsync::EntityStore& store, const Conflict& conflict, const Arguments& words,
                   const std::string& folder) {
    if (words.take != "winner" && !conflict.resolved) {
        write_plain(conflict, words.take == "loser" ? conflict.loser_content : read_file(words.take), folder);
    }
    store.resolve_conflict(conflict.number, ConflictChoice::winner);
}

void resolve_entity(fluentsync::EntityStore& store, const Arguments& words) {
    if (words.take == "winner" || words.take == "loser") {
        const bool winner = words.take == "winner";
        store.resolve_conflict(words.number, winner ? ConflictChoice::winner : ConflictChoice::loser);
    } else {
        store.resolve_conflict_with(words.number, read_file(words.take));
    }
}

}  // namespace

int resolve_command(const Arguments& words) {
    const auto options = Root(words).options();
    fluentsync::EntityStore store(options.store);
    const auto conflict = store.conflict(words.number);
    if (!conflict) {
        throw Error(ErrorCode::not_found, "there is no conflict " + std::to_string(words.number) +
                                              "; see `fluentsync conflicts " + words.root + "`");
    }
    if (conflict->type.empty()) {
        resolve_plain(store, *conflict, words, options.directory.sync_path);
    } else {
        resolve_entity(store, words);
    }
    print("conflict " + std::to_string(words.number) + " resolved: " + shown(conflict->path));
    return kOk;
}

}  // namespace cli
