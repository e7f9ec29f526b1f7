#include "sync/integrate.hpp"

#include <fmt/format.h>

#include <set>

#include "git/object_writer.hpp"
#include "git/tree_ignore.hpp"
#include "git/tree_lookup.hpp"
#include "git/writers.hpp"
#include "store/ledger.hpp"
#include "store/records.hpp"
#include "sync/apply_tree.hpp"
#include "sync/behind.hpp"
#include "sync/contest.hpp"
#include "sync/given_up.hpp"
#include "sync/merge_trees.hpp"
#include "sync/restore.hpp"
#include "sync/tracked_state.hpp"

namespace fluentsync::sync {

namespace {

/// The PullNote of a pull that is being applied.
constexpr const char* kApplying = "applying";

void note_pull(GitContext& git, const std::optional<std::string>& note) {
    git.sync.store.write(Origin::remote, store::Durability::full,
                         [&](store::StoreBody::EntityWriter& writer) {
                             store::set_value(writer.connection(), kApplying, note);
                         });
}

std::optional<PullNote> noted_pull(GitContext& git) {
    std::optional<std::string> note;
    git.sync.store.read(
        [&](store::Connection& connection) { note = store::get_value(connection, kApplying); });
    return note ? PullNote::parse(*note) : std::nullopt;
}

/// HEAD's tree to `target`'s. What is here may have been made from another version than HEAD's: from an older
/// one, or from the remote's, which a given-up pull has left in the folder alone.
std::vector<git::TreeDelta> deltas_to(GitContext& git, const git::Head& head, const base::ObjectId& target) {
    const base::ObjectId tree = *tree_of(git, target);
    auto deltas = git::diff_trees(git.repository, tree_of(git, head.commit), tree);
    BehindFiles behind;
    git.sync.store.read([&](store::Connection& connection) { behind = behind_files(connection); });
    for (git::TreeDelta& delta : deltas) {
        if (const auto found = behind.find(delta.path); found != behind.end()) {
            delta.before = found->second;
        }
    }
    RemoteFiles left = given_up_files(git).in_folder_only;
    for (git::TreeDelta& delta : deltas) {
        if (const auto found = left.find(delta.path); found != left.end()) {
            delta.before = found->second;
            left.erase(found);
        }
    }
    git::TreeLookup lookup(git.repository, tree);
    for (const auto& [path, file] : left) {
        if (const auto after = lookup.file(path); after != file) {
            deltas.push_back({path, file, after});
        }
    }
    return deltas;
}

/// See apply_tree().
std::set<std::string> let_go_by(GitContext& git, const std::vector<git::TreeDelta>& deltas,
                                const base::ObjectId& target) {
    std::set<std::string> paths;
    git::TreeIgnoreRules rules(git.repository, *tree_of(git, target));
    for (const git::TreeDelta& delta : deltas) {
        if (!delta.after && rules.ignore(delta.path)) {
            paths.insert(delta.path);
        }
    }
    return paths;
}

/// Files, store, ledger, then the branch. A tree that cannot be walked through is refused before anything is
/// noted of it.
std::int64_t move_to(GitContext& git, const git::Head& head, const PullNote& pull) {
    const auto deltas = deltas_to(git, head, pull.target);
    const std::set<std::string> let_go = let_go_by(git, deltas, pull.target);
    note_pull(git, pull.text());
    const std::int64_t files = apply_tree(git, deltas, let_go);
    git.repository.move_ref("refs/heads/" + head.branch, pull.target, head.commit, "fluentsync: pull");
    git.sync.store.write(Origin::remote, store::Durability::relaxed,
                         [&](store::StoreBody::EntityWriter& writer) {
                             remember_head(writer.connection(), pull.target);
                             store::set_value(writer.connection(), kApplying, std::nullopt);
                             forget_given_up(writer.connection());
                         });
    return files;
}

/// The merge commit of HEAD and `tip`; nothing but new objects is written, and the conflicts' records.
base::ObjectId make_merge_commit(GitContext& git, const base::ObjectId& local, const base::ObjectId& tip) {
    auto writer = git::make_object_writer(git.repository, 0, git.sync.pool);
    const auto base = git.repository.merge_base(local, tip);
    const MergedTree merged = merge_trees(
        git, {tree_of(git, base), *tree_of(git, local), *tree_of(git, tip), given_up_files(git).in_head},
        *writer);
    const git::NewCommit commit{merged.tree,
                                {local, tip},
                                identity_of(git, git::Role::author),
                                fmt::format("Merge the remote's {}", git.repository.head().branch),
                                git.sync.store.clock().wall_ms(),
                                identity_of(git, git::Role::committer)};
    const base::ObjectId id = git::write_commit(git.repository, commit, *writer);
    writer->finish(git.options.durable);
    if (!merged.conflicts.empty()) {
        git.sync.store.write(Origin::remote, store::Durability::full,
                             [&](store::StoreBody::EntityWriter& records) {
                                 for (const Conflict& conflict : merged.conflicts) {
                                     tell_conflict(git.sync, records, conflict);
                                 }
                             });
    }
    return id;
}

/// Nothing where its trees cannot be walked through: then all that is here counts as made here.
RemoteFiles readable_of(GitContext& git, const PullNote& pull) {
    try {
        return brought_by(git, pull);
    } catch (const Error& error) {
        if (error.code() == ErrorCode::busy || error.code() == ErrorCode::cancelled ||
            error.code() == ErrorCode::closed) {
            throw;
        }
        return {};
    }
}

/// What was applied of it stays, as local work; what was removed comes back from HEAD.
void give_up(GitContext& git, const PullNote& pull) {
    const RemoteFiles brought = readable_of(git, pull);
    follow_head_afresh(git);
    git.sync.store.write(Origin::remote, store::Durability::full,
                         [&](store::StoreBody::EntityWriter& writer) {
                             store::set_value(writer.connection(), kBlocked, "1");
                             store::set_value(writer.connection(), kApplying, std::nullopt);
                             note_given_up(writer.connection(), pull, brought);
                         });
}

void resume_integration(GitContext& git) {
    const auto pull = noted_pull(git);
    if (!pull || !is_quiet(git)) {
        return;
    }
    const git::Head head = git.repository.head();
    const std::string from = head.commit ? head.commit->hex() : "-";
    const bool same_branch = pull->branch.empty() || pull->branch == head.branch;
    if (same_branch && pull->from == from && git.repository.has_object(pull->target)) {
        follow_head(git);
        refuse_state_of_remote(git, pull->target);
        move_to(git, head, *pull);
    } else if (head.commit == pull->target) {
        note_pull(git, std::nullopt);  // It got there.
    } else {
        give_up(git, *pull);  // A person went elsewhere.
    }
}

PullResult integrate_after(GitContext& git, const HeadTree& now, const base::ObjectId& tip) {
    PullResult result;
    if (now.head.commit && git.repository.is_ancestor(tip, *now.head.commit)) {
        result.head = now.head.commit->hex();
        return result;
    }
    refuse_state_of_remote(git, tip);
    base::ObjectId target = tip;
    if (now.head.commit && !git.repository.is_ancestor(*now.head.commit, tip)) {
        target = make_merge_commit(git, *now.head.commit, tip);
        result.merged = true;
    } else if (git.options.durable) {
        git::sync_objects(git.repository);  // libgit2 leaves what it fetched to the system's own time.
    }
    result.files = move_to(git, now.head,
                           {target, now.head.commit ? now.head.commit->hex() : "-", tip, now.head.branch});
    result.head = target.hex();
    Event event;
    event.kind = EventKind::git_pulled;
    event.commit = result.head;
    event.count = result.files;
    git.sync.publish(std::move(event));
    return result;
}

}  // namespace

PullResult integrate(GitContext& git, const base::ObjectId& tip) {
    require_no_conflicts(git);
    finish_or_give_up_integration(git);
    const HeadTree now = follow_head(git);
    if (git.refused && git.refused->tip == tip && git.refused->head == now.head.commit) {
        throw Error(ErrorCode::too_large, git.refused->why);
    }
    try {
        return integrate_after(git, now, tip);
    } catch (const Error& error) {
        if (error.code() == ErrorCode::too_large) {
            git.refused = RefusedTip{tip, now.head.commit, error.what()};
        }
        throw;
    }
}

void finish_or_give_up_integration(GitContext& git) {
    try {
        resume_integration(git);
    } catch (const Error& error) {
        const ErrorCode code = error.code();
        if (code == ErrorCode::cancelled || code == ErrorCode::closed || code == ErrorCode::busy ||
            code == ErrorCode::repository_busy || code == ErrorCode::ref_moved) {
            throw;  // The next try finishes it.
        }
        if (const auto pull = noted_pull(git)) {
            give_up(git, *pull);
        }
    }
}

}  // namespace fluentsync::sync
