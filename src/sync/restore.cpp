#include "sync/restore.hpp"

#include "base/text.hpp"
#include "git/tree.hpp"
#include "git/tree_lookup.hpp"
#include "store/records.hpp"
#include "sync/apply_tree.hpp"
#include "sync/behind.hpp"
#include "sync/git_form.hpp"

namespace fluentsync::sync {

namespace {

/// kBlocked while what is missing is brought in: something may be in the way once more.
constexpr const char* kBeingRestored = "restoring";

std::optional<std::string> blocked_value(GitContext& git) {
    std::optional<std::string> value;
    git.sync.store.read(
        [&](store::Connection& connection) { value = store::get_value(connection, kBlocked); });
    return value;
}

void set_blocked(GitContext& git, const std::optional<std::string>& value) {
    git.sync.store.write(Origin::remote, store::Durability::relaxed,
                         [&](store::StoreBody::EntityWriter& writer) {
                             store::set_value(writer.connection(), kBlocked, value);
                         });
}

/// Files of HEAD's that are not here, or not in its version.
class UnknownFiles {
  public:
    UnknownFiles(GitContext& git, const std::optional<base::ObjectId>& tree) : git_(git), tree_(tree) {}

    /// Those that are behind HEAD.
    void find_behind() {
        git_.sync.store.read([&](store::Connection& connection) { behind_ = behind_files(connection); });
        if (behind_.empty()) {
            return;
        }
        GitForm form(git_);
        git::TreeLookup tree(git_.repository, tree_);
        for (const auto& [path, made_from] : behind_) {
            const auto after = tree.file(path);
            const git::TreeDelta delta{path, made_from, after};
            const bool barred = after && !form.bar(path).empty();
            const bool lost = after && !git_.repository.has_object(after->id);
            // Else nothing of it can come before HEAD has another, or its mark has gone.
            if (unfit(git_, delta).empty() && !keeps_edit(delta) && !barred && !lost) {
                deltas.push_back(delta);
            }
        }
    }

    /// Those that were never here. Cost: a look at each file of HEAD's.
    void find_missing() {
        git_.sync.store.read([&](store::Connection& connection) {
            git::for_each_file(git_.repository, tree_,
                               [&](const std::string& path, const git::TreeFile& file) {
                                   if (behind_.count(path) == 0 && codec::safe_tree_path(path) &&
                                       git_.sync.classify(path).kind != codec::PathKind::excluded) {
                                       look_at(connection, path, file);
                                   }
                               });
        });
    }

    std::vector<git::TreeDelta> deltas;

  private:
    bool keeps_edit(const git::TreeDelta& delta) const {
        std::optional<store::LedgerRow> row;
        git_.sync.store.read(
            [&](store::Connection& connection) { row = store::find_row(connection, delta.path); });
        const bool same = row && delta.after && row->for_git() == delta.after->id;
        return !same && git_.sync.marked(delta.path);
    }

    void look_at(store::Connection& connection, const std::string& path, const git::TreeFile& file) {
        if (const auto row = store::find_row(connection, path)) {
            if (git_.sync.outgrown.count(path) > 0 && row->for_git() && row->for_git() != file.id) {
                deltas.push_back({path, file_for_git(*row), file});
            }
            return;
        }
        const git::TreeDelta delta{path, std::nullopt, file};
        const auto here = kind_at(git_.sync, path);
        const bool told = git::is_link_or_submodule(file.mode) && store::find_hold(connection, path) &&
                          !unfit(git_, delta).empty();
        const bool is_there =
            here == (file.mode == git::kModeLink ? runtime::FileKind::symlink : runtime::FileKind::regular);
        if (!told && !is_there) {
            deltas.push_back(delta);
        }
    }

    GitContext& git_;
    const std::optional<base::ObjectId>& tree_;
    BehindFiles behind_;
};

bool notes_behind(GitContext& git) {
    bool any = false;
    git.sync.store.read([&](store::Connection& connection) { any = !behind_files(connection).empty(); });
    return any;
}

std::vector<git::TreeDelta> deltas_behind(GitContext& git) {
    const HeadTree now = follow_head(git);
    UnknownFiles unknown(git, now.tree);
    unknown.find_behind();
    return unknown.deltas;
}

}  // namespace

std::optional<runtime::FileKind> kind_at(const SyncContext& context, const std::string& path) {
    try {
        return context.folder->stat(path).kind;
    } catch (const runtime::PathRefused&) {
        return std::nullopt;
    }
}

std::int64_t restore_unknown_files(GitContext& git) {
    const HeadTree now = follow_head(git);
    UnknownFiles unknown(git, now.tree);
    unknown.find_behind();
    unknown.find_missing();
    if (blocked_value(git) != kBeingRestored) {
        set_blocked(git, kBeingRestored);
    }
    const std::int64_t restored = unknown.deltas.empty() ? 0 : apply_tree(git, unknown.deltas);
    if (blocked_value(git) == kBeingRestored) {
        set_blocked(git, std::nullopt);
    }
    return restored;
}

void note_raised_limit(GitContext& git) {
    std::optional<std::string> refused;
    git.sync.store.read(
        [&](store::Connection& connection) { refused = store::get_value(connection, kRefusedAbove); });
    // A value that is no number says nothing: one more look costs little.
    if (!refused || git.sync.options.max_import_file_bytes <= base::number_in(*refused).value_or(0)) {
        return;
    }
    git.sync.store.write(Origin::remote, store::Durability::relaxed,
                         [&](store::StoreBody::EntityWriter& writer) {
                             store::set_value(writer.connection(), kBlocked, "1");
                             store::set_value(writer.connection(), kRefusedAbove, std::nullopt);
                         });
}

void retry_blocked_files(GitContext& git) {
    const bool blocked = blocked_value(git).has_value();
    if ((!blocked && !notes_behind(git)) || !is_quiet(git)) {
        return;
    }
    if (blocked) {
        restore_unknown_files(git);
    } else if (const auto deltas = deltas_behind(git); !deltas.empty()) {
        apply_tree(git, deltas);
    }
}

bool any_behind(GitContext& git) {
    return notes_behind(git) && !deltas_behind(git).empty();
}

}  // namespace fluentsync::sync
