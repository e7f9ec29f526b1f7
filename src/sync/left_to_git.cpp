#include "sync/left_to_git.hpp"

#include "git/tree_lookup.hpp"
#include "store/records.hpp"
#include "sync/behind.hpp"
#include "sync/holds.hpp"

namespace fluentsync::sync {

namespace {

/// Before the path, in the name of a value: "<id of the file's content> <reason>".
constexpr const char* kLeftToGit = "left_to_git:";

/// Whether the note still tells the truth: nothing was decided since that could have come out otherwise.
bool still_left(git::TreeLookup& head, GitForm& form, const std::optional<store::LedgerRow>& row,
                const std::string& note) {
    if (!row || !row->here() || row->for_git() == row->committed) {
        return false;
    }
    const std::size_t space = note.find(' ');
    const std::string reason = note.substr(space + 1);
    if (reason == kInPlaceOfLink) {
        const auto file = head.file(row->path);
        return file && git::is_link_or_submodule(file->mode);
    }
    const bool same_content = note.substr(0, space) == row->here()->hex();
    return form.bar(row->path) == reason || (same_content && form.may_still_bar(row->path, reason));
}

/// Another reason, for the sake of the file or of what HEAD has, stays.
void release(store::StoreBody::EntityWriter& writer, const std::string& path, const std::string& note,
             bool behind) {
    store::Connection& connection = writer.connection();
    store::set_value(connection, kLeftToGit + path, std::nullopt);
    const auto held = store::find_hold(connection, path);
    if (!behind && held && held->reason == note.substr(note.find(' ') + 1)) {
        store::clear_hold(connection, path);
        writer.publish(path_event(EventKind::file_released, path));
    }
}

}  // namespace

void leave_to_git(GitContext& git, const std::vector<LeftToGit>& paths) {
    if (paths.empty()) {
        return;
    }
    git.sync.store.write(
        Origin::api, store::Durability::relaxed, [&](store::StoreBody::EntityWriter& writer) {
            for (const auto& [row, reason] : paths) {
                store::set_value(writer.connection(), kLeftToGit + row.path,
                                 row.here()->hex() + " " + reason);
                const Held held{row.path, ErrorCode::repository, reason, git.sync.store.clock().wall_ms()};
                if (store::save_hold(writer.connection(), held)) {
                    tell_held(writer, held);
                }
            }
        });
}

void take_back_from_git(GitContext& git) {
    std::map<std::string, std::string> notes;
    git.sync.store.read(
        [&](store::Connection& connection) { notes = store::values_named(connection, kLeftToGit); });
    if (notes.empty()) {
        return;
    }
    GitForm form(git);
    git::TreeLookup head(git.repository, tree_of(git, git.repository.head().commit));
    std::vector<std::string> free;
    BehindFiles behind;
    git.sync.store.read([&](store::Connection& connection) {
        behind = behind_files(connection);
        for (const auto& [path, note] : notes) {
            if (!still_left(head, form, store::find_row(connection, path), note)) {
                free.push_back(path);
            }
        }
    });
    if (free.empty()) {
        return;
    }
    git.sync.store.write(Origin::api, store::Durability::relaxed,
                         [&](store::StoreBody::EntityWriter& writer) {
                             for (const std::string& path : free) {
                                 release(writer, path, notes[path], behind.count(path) > 0);
                             }
                         });
}

}  // namespace fluentsync::sync
