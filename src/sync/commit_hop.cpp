#include "sync/commit_hop.hpp"

#include <set>

#include "base/text.hpp"
#include "git/object_writer.hpp"
#include "git/tree.hpp"
#include "store/ledger.hpp"
#include "store/records.hpp"
#include "sync/commit_gather.hpp"
#include "sync/given_up.hpp"
#include "sync/holds.hpp"
#include "sync/marked_files.hpp"
#include "sync/settle.hpp"
#include "sync/tree_clash.hpp"

namespace fluentsync::sync {

namespace {

constexpr const char* kLooseObjects = "loose_objects";

/// What is in the way of something in git waits: whoever is told of the one that is held moves it. In the
/// place of a link or a submodule it is held itself.
void leave_out_clashes(GitContext& git, const std::optional<base::ObjectId>& tree, Gathered& gathered) {
    if (!tree) {
        return;
    }
    std::set<std::string> removed;
    for (const git::TreeChange& change : gathered.changes) {
        if (!change.file) {
            removed.insert(change.path);
        }
    }
    TreeClash clash(git.repository, *tree, std::move(removed));
    std::set<std::string> left_out;
    std::vector<LeftToGit> in_place_of_links;
    for (const store::LedgerRow& row : gathered.rows) {
        const auto takes =
            row.for_git() && !row.committed ? clash.takes(row.path) : TreeClash::Takes::nothing;
        if (takes == TreeClash::Takes::link_or_submodule) {
            in_place_of_links.push_back({row, kInPlaceOfLink});
        }
        if (takes != TreeClash::Takes::nothing) {
            left_out.insert(row.path);
        }
    }
    if (left_out.empty()) {
        return;
    }
    leave_to_git(git, in_place_of_links);
    std::erase_if(gathered.rows, [&](const auto& row) { return left_out.count(row.path) > 0; });
    std::erase_if(gathered.changes, [&](const auto& change) { return left_out.count(change.path) > 0; });
}

void hold_unfit(GitContext& git, const std::vector<std::string>& paths) {
    if (paths.empty()) {
        return;
    }
    git.sync.store.write(
        Origin::api, store::Durability::relaxed, [&](store::StoreBody::EntityWriter& writer) {
            for (const std::string& path : paths) {
                hold_path(git.sync, writer,
                          {path, ErrorCode::invalid_key, "git takes no such path: rename the file",
                           git.sync.store.clock().wall_ms()});
            }
        });
}

/// What HEAD has is vouched for: a blank file becomes an entity once it is there.
void look_at_carried(GitContext& git, const std::vector<store::LedgerRow>& rows) {
    std::vector<std::string> paths;
    for (const store::LedgerRow& row : rows) {
        if (row.carried) {
            paths.push_back(row.path);
        }
    }
    Settler(git.sync).settle(std::move(paths));
}

void hold_all_marked(GitContext& git, const std::vector<std::string>& paths) {
    if (paths.empty()) {
        return;
    }
    git.sync.store.write(Origin::file, store::Durability::relaxed,
                         [&](store::StoreBody::EntityWriter& writer) {
                             for (const std::string& path : paths) {
                                 hold_marked(git.sync, writer, path, LeftAlone::edited);
                             }
                         });
}

void mark_committed(GitContext& git, const std::vector<store::LedgerRow>& rows, const git::Head& head,
                    const std::optional<base::ObjectId>& commit, std::size_t loose) {
    git.sync.store.write(
        Origin::api, store::Durability::relaxed, [&](store::StoreBody::EntityWriter& writer) {
            store::Connection& connection = writer.connection();
            for (const store::LedgerRow& row : rows) {
                store::set_committed(connection, row);
            }
            if (const auto has = commit ? commit : head.commit) {
                take_up_given_up(connection, rows, *has);
            }
            if (commit) {
                remember_head(connection, *commit);
            }
            if (loose > 0) {
                const std::string text = store::get_value(connection, kLooseObjects).value_or("");
                const auto before = base::number_in(text).value_or(0);
                store::set_value(connection, kLooseObjects,
                                 std::to_string(before + static_cast<std::int64_t>(loose)));
            }
        });
    look_at_carried(git, rows);
}

/// A pull that a crash cut short has put the remote's files here already: then HEAD goes where the remote is.
std::optional<base::ObjectId> remote_commit_of(GitContext& git, const HeadTree& now,
                                               const base::ObjectId& tree) {
    const auto tip = tracked_commit(git.repository, now.head);
    if (!tip || tip == now.head.commit || git.repository.commit_info(*tip).tree != tree) {
        return std::nullopt;
    }
    const bool ahead = !now.head.commit || git.repository.is_ancestor(*now.head.commit, *tip);
    return ahead ? tip : std::nullopt;
}

}  // namespace

std::string fill_template(const std::string& text, const git::TreeCounts& counts, const std::string& files) {
    std::string result;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t end = text[i] == '{' ? text.find('}', i) : std::string::npos;
        const std::string name = end == std::string::npos ? "" : text.substr(i + 1, end - i - 1);
        if (name == "added") {
            result += std::to_string(counts.added);
        } else if (name == "modified") {
            result += std::to_string(counts.modified);
        } else if (name == "deleted") {
            result += std::to_string(counts.deleted);
        } else if (name == "total") {
            result += std::to_string(counts.total());
        } else if (name == "files") {
            result += files;
        } else {
            result += text[i];
            ++i;
            continue;
        }
        i = end + 1;
    }
    return result;
}

CommitResult commit_pending(GitContext& git, const std::string& message) {
    require_no_conflicts(git);
    const HeadTree now = follow_head(git);
    take_back_from_git(git);
    std::int64_t waiting = 0;
    git.sync.store.read(
        [&](store::Connection& connection) { waiting = store::count_uncommitted(connection); });
    if (waiting == 0) {
        return {};
    }
    auto writer = git::make_object_writer(git.repository, static_cast<std::size_t>(waiting), git.sync.pool);
    Gathered gathered = gather_commit(git, *writer, waiting);
    hold_unfit(git, gathered.unfit);
    hold_all_marked(git, gathered.marked);
    leave_to_git(git, gathered.left_to_git);
    if (!gathered.in_head.empty()) {
        mark_committed(git, gathered.in_head, now.head, std::nullopt, 0);
    }
    leave_out_clashes(git, now.tree, gathered);
    if (gathered.changes.empty()) {
        return {};
    }
    git::TreeCounts counts;
    const base::ObjectId tree =
        git::edit_tree(git.repository, now.tree, std::move(gathered.changes), *writer, &counts);
    if (tree == now.tree || (!now.tree && counts.added == 0)) {
        mark_committed(git, gathered.rows, now.head, std::nullopt, writer->finish(git.options.durable));
        return {};
    }
    const std::string text =
        fill_template(message.empty() ? git.options.commit_message : message, counts, gathered.files);
    std::optional<base::ObjectId> commit = remote_commit_of(git, now, tree);
    const bool ours = !commit;
    if (ours) {
        const auto parents = now.head.commit ? std::vector{*now.head.commit} : std::vector<base::ObjectId>();
        commit = git::write_commit(git.repository,
                                   {tree, parents, identity_of(git, git::Role::author), text,
                                    git.sync.store.clock().wall_ms(), identity_of(git, git::Role::committer)},
                                   *writer);
    }
    const std::size_t loose = writer->finish(git.options.durable);
    git.repository.move_ref("refs/heads/" + now.head.branch, *commit, now.head.commit, "fluentsync: commit");
    mark_committed(git, gathered.rows, now.head, commit, loose);
    if (!ours) {
        return {};
    }
    Event event;
    event.kind = EventKind::git_committed;
    event.commit = commit->hex();
    event.count = counts.total();
    event.message = text;
    git.sync.publish(std::move(event));
    return {commit->hex(), counts.total()};
}

}  // namespace fluentsync::sync
