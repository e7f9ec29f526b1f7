#include <fmt/format.h>

#include <unordered_map>

#include "git/tree.hpp"
#include "git/tree_lookup.hpp"
#include "store/ledger.hpp"
#include "store/records.hpp"
#include "sync/apply_tree.hpp"
#include "sync/git_context.hpp"
#include "sync/index_follower.hpp"
#include "sync/restore.hpp"
#include "sync/tracked_state.hpp"

namespace fluentsync::sync {

namespace {

constexpr const char* kHead = "head";
/// A branch without a commit, which is known too: the commit that it gets next is no stranger's, also when a
/// crash comes before it is written down.
constexpr const char* kUnborn = "";

/// What HEAD has at the row's path, as the ledger says it.
std::optional<base::ObjectId> committed_of(const store::LedgerRow& row,
                                           const std::optional<git::TreeFile>& file) {
    if (!file || git::is_link_or_submodule(file->mode)) {
        return std::nullopt;  // A file here is another thing, and never takes its place.
    }
    const bool executable = file->mode == git::kModeExecutable;
    return row.for_git() == file->id && row.executable != executable ? store::kOtherMode : file->id;
}

void set_committed_row(const GitContext& git, store::Connection& connection, const git::TreeDelta& delta) {
    auto row = store::find_row(connection, delta.path);
    if (!row) {
        return;
    }
    if (git.sync.classify(delta.path).kind == codec::PathKind::excluded) {
        leave_to_git(connection, *row, delta.after);
        return;
    }
    const auto committed = committed_of(*row, delta.after);
    if (row->committed != committed) {
        row->committed = committed;
        store::save_row(connection, *row);
    }
}

/// HEAD has got a file that belongs here and is not here.
bool is_missing(const GitContext& git, const git::TreeDelta& delta) {
    return delta.after && !git::is_link_or_submodule(delta.after->mode) &&
           codec::safe_tree_path(delta.path) &&
           git.sync.classify(delta.path).kind != codec::PathKind::excluded &&
           kind_at(git.sync, delta.path) != runtime::FileKind::regular;
}

/// The tree where the two histories parted. Of one that goes on from the known commit: the tree before that,
/// which a person's index still had when they committed right after us. Nothing where not all of the history
/// is here (a shallow clone).
std::optional<base::ObjectId> parting_tree(const GitContext& git, const base::ObjectId& known,
                                           const base::ObjectId& now) {
    try {
        auto parted = git.repository.merge_base(known, now);
        if (parted == known) {
            const auto parents = git.repository.commit_info(known).parents;
            parted = parents.empty() ? std::nullopt : std::optional(parents.front());
        }
        return tree_of(git, parted);
    } catch (const Error&) {
        return std::nullopt;
    }
}

/// Files that HEAD has got, and of which neither folder nor ledger knows.
struct Missing {
    std::vector<const git::TreeDelta*> deleted;  ///< They stay so, and the next commit says it again.
    bool others = false;                         ///< Somebody's word: they come in.
};

/// After a person's reset, or their commit from an old index, it is the folder that counts: what was deleted
/// since the histories parted.
Missing find_missing(GitContext& git, const std::vector<git::TreeDelta>& deltas, const base::ObjectId& before,
                     const std::optional<base::ObjectId>& after) {
    std::vector<const git::TreeDelta*> absent;
    git.sync.store.read([&](store::Connection& connection) {
        for (const git::TreeDelta& delta : deltas) {
            if (delta.after && !store::find_row(connection, delta.path)) {
                absent.push_back(&delta);
            }
        }
    });
    std::erase_if(absent, [&](const git::TreeDelta* delta) { return !is_missing(git, *delta); });
    const auto parted = absent.empty() ? std::nullopt : parting_tree(git, before, *after);
    git::TreeLookup parted_tree(git.repository, parted);
    Missing missing;
    for (const git::TreeDelta* delta : absent) {
        if (parted && !delta->before && kind_at(git.sync, delta->path) &&
            parted_tree.file(delta->path) == delta->after) {
            missing.deleted.push_back(delta);
        } else {
            missing.others = true;
        }
    }
    return missing;
}

void follow_difference(GitContext& git, const base::ObjectId& before,
                       const std::optional<base::ObjectId>& after) {
    const auto deltas = git::diff_trees(git.repository, tree_of(git, before), tree_of(git, after));
    const Missing missing = find_missing(git, deltas, before, after);
    git.sync.store.write(
        Origin::api, store::Durability::relaxed, [&](store::StoreBody::EntityWriter& writer) {
            for (const git::TreeDelta& delta : deltas) {
                set_committed_row(git, writer.connection(), delta);
            }
            for (const git::TreeDelta* delta : missing.deleted) {
                const bool entity = git.sync.classify(delta->path).kind == codec::PathKind::entity;
                store::save_row(writer.connection(), {delta->path, entity, false, {}, delta->after->id, {}});
            }
            if (missing.others) {
                store::set_value(writer.connection(), kBlocked, "1");
            }
        });
}

/// So many moves back it is known what HEAD had.
constexpr std::size_t kLeftTrees = 8;

void remember_left(GitContext& git, const base::ObjectId& commit) {
    git.left_trees.push_front(git.repository.commit_info(commit).tree);
    if (git.left_trees.size() > kLeftTrees) {
        git.left_trees.pop_back();
    }
}

/// Where HEAD was is not known (a new database, a rewritten history): every row is compared.
void follow_everything(GitContext& git, const std::optional<base::ObjectId>& tree) {
    std::unordered_map<std::string, git::TreeFile> files;
    git::for_each_file(git.repository, tree, [&](const std::string& path, const git::TreeFile& file) {
        files.emplace(path, file);
    });
    std::vector<store::LedgerRow> moved;
    git.sync.store.read([&](store::Connection& connection) {
        store::for_each_row(connection, [&](const store::LedgerRow& row) {
            const auto file = files.find(row.path);
            const auto committed =
                committed_of(row, file == files.end() ? std::nullopt : std::optional(file->second));
            if (row.committed != committed) {
                moved.push_back(row);
                moved.back().committed = committed;
            }
        });
    });
    git.sync.store.write(Origin::api, store::Durability::relaxed,
                         [&](store::StoreBody::EntityWriter& writer) {
                             for (const store::LedgerRow& row : moved) {
                                 store::save_row(writer.connection(), row);
                             }
                         });
}

}  // namespace

void require_quiet_repository(const GitContext& git) {
    if (const std::string operation = git.repository.operation_in_progress(); !operation.empty()) {
        throw StandsBack(
            ErrorCode::repository_busy,
            fmt::format("somebody is in the middle of {} in {}: finish or abort it, commits wait until then",
                        operation, git.repository.folder()),
            git.repository.folder());
    }
    const git::Head head = git.repository.head();
    if (head.detached) {
        throw StandsBack(ErrorCode::repository,
                         fmt::format("HEAD is detached in {}: switch to a branch, commits wait until then",
                                     git.repository.folder()),
                         git.repository.folder());
    }
    if (!git.options.branch.empty() && head.branch != git.options.branch) {
        throw StandsBack(
            ErrorCode::repository,
            fmt::format("{} is on branch '{}', git.branch says '{}': switch back or change the option",
                        git.repository.folder(), head.branch, git.options.branch),
            git.repository.folder());
    }
}

void require_no_conflicts(const GitContext& git) {
    require_quiet_repository(git);
    if (git.repository.has_conflicts()) {
        throw StandsBack(
            ErrorCode::repository_busy,
            fmt::format(
                "somebody has conflicts to resolve in {}: git add what is resolved, commits wait until then",
                git.repository.folder()),
            git.repository.folder());
    }
    require_no_state_in_index(git);
}

bool is_quiet(const GitContext& git) {
    try {
        require_quiet_repository(git);
        return true;
    } catch (const Error&) {
        return false;
    }
}

void remember_head(store::Connection& connection, const base::ObjectId& commit) {
    store::set_value(connection, kHead, commit.hex());
}

HeadTree follow_head(GitContext& git) {
    HeadTree result;
    result.head = git.repository.head();
    if (result.head.commit) {
        result.tree = git.repository.commit_info(*result.head.commit).tree;
    }
    std::optional<std::string> known;
    git.sync.store.read([&](store::Connection& connection) { known = store::get_value(connection, kHead); });
    const std::string now = result.head.commit ? result.head.commit->hex() : kUnborn;
    if (known == now) {
        return result;
    }
    if (result.tree) {
        require_no_state_in_head(git, *result.tree);
    }
    const auto commit = known ? base::ObjectId::from_hex(*known) : std::nullopt;
    const bool comparable = commit && git.repository.has_object(*commit);
    if (comparable) {
        follow_difference(git, *commit, result.head.commit);
        remember_left(git, *commit);
    } else {
        follow_everything(git, result.tree);
    }
    git.sync.store.write(
        Origin::api, store::Durability::relaxed, [&](store::StoreBody::EntityWriter& writer) {
            store::set_value(writer.connection(), kHead, now);
            if (!comparable && result.tree) {  // Files that were never here come in with a commit.
                store::set_value(writer.connection(), kBlocked, "1");
            }
            if (known) {
                note_index_tree(writer.connection(), result.tree.value_or(kNoTree));
            }
        });
    return result;
}

void follow_head_afresh(GitContext& git) {
    const git::Head head = git.repository.head();
    follow_everything(
        git, head.commit ? std::optional(git.repository.commit_info(*head.commit).tree) : std::nullopt);
}

std::optional<base::ObjectId> committed_at_head(GitContext& git, const store::LedgerRow& row) {
    const git::Head head = git.repository.head();
    if (!head.commit) {
        return std::nullopt;
    }
    return committed_of(
        row, git::find_in_tree(git.repository, git.repository.commit_info(*head.commit).tree, row.path));
}

void follow_head_if_quiet(GitContext& git) {
    try {
        require_quiet_repository(git);
        follow_head(git);
    } catch (const Error&) {
        // The next commit stands back for the same reason, and tells it.
    }
}

void leave_to_git(store::Connection& connection, store::LedgerRow row,
                  const std::optional<git::TreeFile>& head) {
    row.base = head ? std::optional(head->id) : std::nullopt;
    row.carried = std::nullopt;
    row.git_form = std::nullopt;
    row.committed = row.base;
    row.executable = head && head->mode == git::kModeExecutable;
    row.signature = {};
    store::save_row(connection, row);
}

git::Identity identity_of(const GitContext& git, git::Role role) {
    git::Identity author{"FluentSync", "fluentsync@localhost"};
    if (const auto configured = git.repository.configured_identity(role)) {
        author = *configured;
    }
    if (!git.options.author_name.empty()) {
        author.name = git.options.author_name;
    }
    if (!git.options.author_email.empty()) {
        author.email = git.options.author_email;
    }
    return author;
}

}  // namespace fluentsync::sync
