#include "sync/commit_hop.hpp"

#include <set>

#include "codec/key_path.hpp"
#include "files/stable_read.hpp"
#include "git/object_writer.hpp"
#include "git/tree.hpp"
#include "store/change_log.hpp"
#include "store/entity_table.hpp"
#include "store/ledger.hpp"
#include "store/records.hpp"
#include "sync/behind.hpp"
#include "sync/given_up.hpp"
#include "sync/tree_clash.hpp"

namespace fluentsync::sync {

namespace {

constexpr const char* kLooseObjects = "loose_objects";
constexpr std::size_t kNamedFiles = 10;

using Blobs = std::vector<std::pair<base::ObjectId, std::string>>;

/// What one commit gathers.
struct Gathered {
    std::vector<store::LedgerRow> rows;
    std::vector<git::TreeChange> changes;
    std::string files;  ///< The first paths, for the message.
};

/// The agreed bytes: the entity's content, the copy put aside, or the file if it still holds them.
std::optional<std::string> agreed_bytes(const SyncContext& context, store::Connection& connection,
                                        const store::LedgerRow& row) {
    const codec::Classified classified = context.classify(row.path);
    if (classified.kind == codec::PathKind::entity) {
        if (const auto head = store::find_head(connection, classified.key); head && head->hash == *row.base) {
            return store::find_content(connection, classified.key);
        }
        if (auto kept = store::base_content(connection, classified.key);
            kept && base::hash_blob(*kept) == *row.base) {
            return kept;
        }
    }
    auto read = files::read_stable(*context.folder, row.path,
                                   static_cast<std::uint64_t>(context.options.max_import_file_bytes),
                                   context.store.clock());
    if (read.status == files::ReadStatus::ok && read.hash == *row.base) {
        return std::move(read.bytes);
    }
    return std::nullopt;
}

void flush_blobs(git::ObjectWriter& writer, Blobs& blobs) {
    std::vector<std::pair<base::ObjectId, std::string_view>> views;
    views.reserve(blobs.size());
    for (const auto& [id, bytes] : blobs) {
        views.emplace_back(id, bytes);
    }
    writer.add_blobs(views);
    blobs.clear();
}

void add_row(Gathered& gathered, store::LedgerRow row) {
    if (gathered.rows.size() < kNamedFiles) {
        gathered.files += (gathered.files.empty() ? "" : ", ") + row.path;
    }
    gathered.rows.push_back(std::move(row));
}

/// Writes the blobs of one batch of rows and adds their changes.
void gather_batch(GitContext& git, git::ObjectWriter& writer, std::vector<store::LedgerRow> rows,
                  bool ask_ignored, Gathered& gathered) {
    Blobs blobs;
    std::size_t bytes = 0;
    git.sync.store.read([&](store::Connection& connection) {
        const BehindFiles behind = behind_files(connection);
        for (store::LedgerRow& row : rows) {
            if (behind.count(row.path) > 0) {
                continue;  // It meets HEAD's version first.
            }
            if (ask_ignored && !row.committed && git.repository.is_ignored(row.path)) {
                continue;
            }
            if (row.base && !git.repository.knows_object(*row.base)) {
                auto content = agreed_bytes(git.sync, connection, row);
                if (!content) {
                    continue;  // It has moved on; the next round agrees on something newer.
                }
                bytes += content->size();
                blobs.emplace_back(*row.base, std::move(*content));
                if (bytes > base::tuning::kBatchBytes) {
                    flush_blobs(writer, blobs);
                    bytes = 0;
                }
            }
            git::TreeChange change{row.path, std::nullopt};
            if (row.base) {
                change.file = file_of_base(row);
            }
            gathered.changes.push_back(std::move(change));
            add_row(gathered, std::move(row));
        }
    });
    flush_blobs(writer, blobs);
}

Gathered gather(GitContext& git, git::ObjectWriter& writer, std::int64_t total) {
    Gathered gathered;
    const bool ask_ignored = git.repository.has_ignore_rules();
    std::string after;
    while (!git.sync.cut_short()) {
        std::vector<store::LedgerRow> rows;
        git.sync.store.read([&](store::Connection& connection) {
            rows = store::uncommitted_rows(connection, after, base::tuning::kBatchEntities);
        });
        if (rows.empty()) {
            return gathered;
        }
        after = rows.back().path;
        gather_batch(git, writer, std::move(rows), ask_ignored, gathered);
        tell_progress(git.sync, "commit", static_cast<std::int64_t>(gathered.rows.size()), total);
    }
    throw Error(ErrorCode::cancelled, "the commit was given up: closing");
}

/// What is in the way of something in git waits: whoever is told of the one that is held moves it.
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
    for (const store::LedgerRow& row : gathered.rows) {
        if (row.base && !row.committed && clash.replaces(row.path)) {
            left_out.insert(row.path);
        }
    }
    if (left_out.empty()) {
        return;
    }
    std::erase_if(gathered.rows, [&](const auto& row) { return left_out.count(row.path) > 0; });
    std::erase_if(gathered.changes, [&](const auto& change) { return left_out.count(change.path) > 0; });
}

void mark_committed(GitContext& git, const std::vector<store::LedgerRow>& rows,
                    const std::optional<base::ObjectId>& commit, std::size_t loose) {
    git.sync.store.write(
        Origin::api, store::Durability::relaxed, [&](store::StoreBody::EntityWriter& writer) {
            store::Connection& connection = writer.connection();
            for (const store::LedgerRow& row : rows) {
                if (row.base) {
                    store::set_committed(connection, row.path, row.base);
                } else {
                    store::erase_row(connection, row.path);
                }
            }
            take_up_given_up(connection, rows);
            if (commit) {
                remember_head(connection, *commit);
            }
            if (loose > 0) {
                const std::string before = store::get_value(connection, kLooseObjects).value_or("0");
                store::set_value(connection, kLooseObjects, std::to_string(std::stoull(before) + loose));
            }
        });
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
    require_quiet_repository(git);
    const HeadTree now = follow_head(git);
    std::int64_t waiting = 0;
    git.sync.store.read(
        [&](store::Connection& connection) { waiting = store::count_uncommitted(connection); });
    if (waiting == 0) {
        return {};
    }
    auto writer = git::make_object_writer(git.repository, static_cast<std::size_t>(waiting), git.sync.pool);
    Gathered gathered = gather(git, *writer, waiting);
    leave_out_clashes(git, now.tree, gathered);
    if (gathered.changes.empty()) {
        return {};
    }
    git::TreeCounts counts;
    const base::ObjectId tree =
        git::edit_tree(git.repository, now.tree, std::move(gathered.changes), *writer, &counts);
    if (tree == now.tree || (!now.tree && counts.added == 0)) {
        mark_committed(git, gathered.rows, std::nullopt, writer->finish(git.options.durable));
        return {};
    }
    const std::string text =
        fill_template(message.empty() ? git.options.commit_message : message, counts, gathered.files);
    std::optional<base::ObjectId> commit = remote_commit_of(git, now, tree);
    const bool ours = !commit;
    if (ours) {
        const auto parents = now.head.commit ? std::vector{*now.head.commit} : std::vector<base::ObjectId>();
        commit = git::write_commit(
            git.repository, {tree, parents, author_of(git), text, git.sync.store.clock().wall_ms()}, *writer);
    }
    const std::size_t loose = writer->finish(git.options.durable);
    git.repository.move_ref("refs/heads/" + now.head.branch, *commit, now.head.commit, "fluentsync: commit");
    mark_committed(git, gathered.rows, commit, loose);
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
