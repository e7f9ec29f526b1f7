#include "sync/marked_files.hpp"

#include <map>

#include "store/ledger.hpp"
#include "store/records.hpp"
#include "sync/behind.hpp"
#include "sync/holds.hpp"
#include "sync/restore.hpp"

namespace fluentsync::sync {

namespace {

/// Before the path, in the name of a value: a LeftAlone's word.
constexpr const char* kMarked = "marked:";
constexpr const char* kEdited = "edited";
constexpr const char* kRemoved = "removed";
constexpr const char* kAbsent = "absent";

const char* word_of(LeftAlone why) {
    return why == LeftAlone::edited ? kEdited : why == LeftAlone::removed ? kRemoved : kAbsent;
}

std::string reason_of(LeftAlone why) {
    switch (why) {
        case LeftAlone::edited:
            return kMarkedReason;
        case LeftAlone::removed:
            return "it was marked in git's index when the remote removed it: what was edited here stays "
                   "here, "
                   "and out of git, until you commit it with git, or remove it";
        case LeftAlone::absent:
            return "marked skip-worktree in git's index: the store's version waits until git makes the file "
                   "again (git sparse-checkout, git update-index --no-skip-worktree)";
    }
    return {};
}

/// What HEAD and the folder hold there is the same.
bool is_committed(store::Connection& connection, const std::string& path) {
    const auto row = store::find_row(connection, path);
    return row && row->for_git() == row->committed;
}

/// Whether the path is still to be held.
bool stays_held(GitContext& git, store::Connection& connection, const std::string& path,
                const std::string& why, bool behind) {
    if (why == kRemoved) {
        const auto row = store::find_row(connection, path);
        return behind || (!(row && row->committed) && kind_at(git.sync, path) != runtime::FileKind::none);
    }
    return why == kAbsent ? is_left_out(git.sync, path)
                          : git.sync.marked(path) && !is_committed(connection, path);
}

}  // namespace

void hold_marked(SyncContext& context, store::StoreBody::EntityWriter& writer, const std::string& path,
                 LeftAlone why) {
    store::set_value(writer.connection(), kMarked + path, word_of(why));
    const Held held{path, ErrorCode::repository, reason_of(why), context.store.clock().wall_ms()};
    if (store::save_hold(writer.connection(), held)) {
        tell_held(writer, held);
    }
}

bool outlived_its_removal(store::Connection& connection, const std::string& path) {
    return store::get_value(connection, kMarked + path) == kRemoved;
}

std::vector<std::string> let_go_unmarked(GitContext& git) {
    std::vector<std::string> over;
    std::vector<std::string> behind;
    git.sync.store.read([&](store::Connection& connection) {
        const auto marked = store::values_named(connection, kMarked);
        const BehindFiles waiting = marked.empty() ? BehindFiles() : behind_files(connection);
        for (const auto& [path, why] : marked) {
            const bool waits = waiting.count(path) > 0;
            if (!stays_held(git, connection, path, why, waits)) {
                (waits ? behind : over).push_back(path);
            }
        }
    });
    if (over.empty() && behind.empty()) {
        return over;
    }
    git.sync.store.write(
        Origin::api, store::Durability::relaxed, [&](store::StoreBody::EntityWriter& writer) {
            for (const std::string& path : over) {
                store::set_value(writer.connection(), kMarked + path, std::nullopt);
                release_held(git.sync, writer, path);
            }
            for (const std::string& path : behind) {  // Held until it has met HEAD's version.
                store::set_value(writer.connection(), kMarked + path, std::nullopt);
            }
        });
    over.insert(over.end(), behind.begin(), behind.end());
    return over;
}

bool is_left_out(const SyncContext& context, const std::string& path) {
    return context.marked(path) && kind_at(context, path) == runtime::FileKind::none;
}

}  // namespace fluentsync::sync
