#include "sync/apply_tree.hpp"

#include <fmt/format.h>

#include <map>

#include "store/records.hpp"
#include "sync/contest.hpp"
#include "sync/file_work.hpp"
#include "sync/settle.hpp"

namespace fluentsync::sync {

namespace {

/// Rounds for a path that somebody keeps editing while it is applied.
constexpr int kRounds = 8;

/// One path on its way from a tree to the folder.
struct Incoming {
    const git::TreeDelta* delta = nullptr;
    SettleItem item;
    std::string bytes;  ///< Of the new content.
};

std::optional<base::ObjectId> id_of(const std::optional<git::TreeFile>& file) {
    return file ? std::optional(file->id) : std::nullopt;
}

bool is_executable(const std::optional<git::TreeFile>& file) {
    return file && file->mode == git::kModeExecutable;
}

/// The executable bit three-way: the local one where the commit did not change it.
bool executable_of(const Incoming& incoming) {
    const git::TreeDelta& delta = *incoming.delta;
    const bool here = incoming.item.file.stat.exists();
    const bool moved = !delta.before || is_executable(delta.before) != is_executable(delta.after);
    return here && !moved ? incoming.item.file.stat.executable : is_executable(delta.after);
}

/// What HEAD will have at this path; nothing where the mode differs, so that the next commit looks at it.
std::optional<base::ObjectId> committed_of(const Incoming& incoming, const store::LedgerRow& row) {
    const auto& after = incoming.delta->after;
    return row.executable == is_executable(after) ? id_of(after) : std::nullopt;
}

/// Why an entry stays in git alone; empty: it may be on disk.
std::string unfit(const git::TreeDelta& delta) {
    if (!codec::safe_tree_path(delta.path)) {
        return "the remote's path is not safe to write: it stays in git only; rename it there";
    }
    if (delta.after && delta.after->mode == git::kModeLink) {
        return "a symbolic link in git is never made here: it stays in git only";
    }
    if (delta.after && delta.after->mode == git::kModeSubmodule) {
        return "a submodule stays in git only";
    }
    return {};
}

class Applier {
  public:
    explicit Applier(GitContext& git) : git_(git), context_(git.sync) {}

    std::int64_t run(const std::vector<git::TreeDelta>& deltas);

  private:
    void hold_entry(const git::TreeDelta& delta, const std::string& reason);
    std::size_t apply_batch(std::vector<const git::TreeDelta*> batch);
    std::vector<const git::TreeDelta*> apply_round(const std::vector<const git::TreeDelta*>& batch);
    bool load(Incoming& incoming);
    std::optional<base::ObjectId> local_hash(const SettleItem& item) const;
    void judge(Incoming& incoming, FileWorkList& work, std::vector<Incoming*>& contended,
               std::vector<Incoming*>& settled);
    FileWork write_of(const Incoming& incoming, std::string content, const base::ObjectId& hash) const;
    bool contend(Incoming& incoming, FileWorkList& work);
    void keep_local(store::StoreBody::EntityWriter& writer, const Incoming& incoming);
    void record(store::StoreBody::EntityWriter& writer, const Incoming& incoming, FileWork& work);
    void record_invalid(store::StoreBody::EntityWriter& writer, const Incoming& incoming,
                        const FileWork& work, const FileObservation& check);

    GitContext& git_;
    SyncContext& context_;
    std::int64_t changed_ = 0;
};

std::int64_t Applier::run(const std::vector<git::TreeDelta>& deltas) {
    std::vector<const git::TreeDelta*> batch;
    std::size_t done = 0;
    for (const git::TreeDelta& delta : deltas) {
        if (context_.stopping) {
            throw Error(ErrorCode::cancelled,
                        "the pull was given up: closing; the next start goes on with it");
        }
        if (const std::string reason = unfit(delta); !reason.empty()) {
            hold_entry(delta, reason);
            continue;
        }
        batch.push_back(&delta);
        if (batch.size() == base::tuning::kBatchEntities) {
            done += apply_batch(std::move(batch));
            batch = {};
            Event event;
            event.kind = EventKind::progress;
            event.message = "apply";
            event.count = static_cast<std::int64_t>(done);
            event.total = static_cast<std::int64_t>(deltas.size());
            context_.publish(std::move(event));
        }
    }
    apply_batch(std::move(batch));
    return changed_;
}

void Applier::hold_entry(const git::TreeDelta& delta, const std::string& reason) {
    context_.store.write(
        Origin::remote, store::Durability::relaxed, [&](store::StoreBody::EntityWriter& writer) {
            if (!delta.after) {
                store::clear_hold(writer.connection(), delta.path);
                return;
            }
            const Held held{delta.path, ErrorCode::repository, reason, context_.store.clock().wall_ms()};
            if (store::save_hold(writer.connection(), held)) {
                Event event = path_event(EventKind::file_held, delta.path);
                event.code = held.code;
                event.message = reason;
                writer.publish(std::move(event));
            }
        });
}

std::size_t Applier::apply_batch(std::vector<const git::TreeDelta*> batch) {
    const std::size_t size = batch.size();
    for (int round = 0; !batch.empty(); ++round) {
        if (round == kRounds) {
            throw Error(
                ErrorCode::io,
                fmt::format("{}: the file keeps changing while a pull is applied", batch.front()->path),
                batch.front()->path);
        }
        batch = apply_round(batch);
    }
    return size;
}

/// Returns what has to be done again, because the file changed underneath.
std::vector<const git::TreeDelta*> Applier::apply_round(const std::vector<const git::TreeDelta*>& batch) {
    std::vector<Incoming> all(batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) {
        all[i].delta = batch[i];
    }
    std::vector<const git::TreeDelta*> again;
    FileWorkList work;
    std::vector<Incoming*> contended;
    std::vector<Incoming*> settled;
    std::map<std::string, Incoming*> by_path;
    for (Incoming& incoming : all) {
        by_path.emplace(incoming.delta->path, &incoming);
        if (!load(incoming)) {
            again.push_back(incoming.delta);
            continue;
        }
        judge(incoming, work, contended, settled);
    }
    context_.store.write(Origin::remote, store::Durability::relaxed,
                         [&](store::StoreBody::EntityWriter& writer) {
                             for (const Incoming* incoming : settled) {
                                 keep_local(writer, *incoming);
                             }
                         });
    for (Incoming* incoming : contended) {
        if (!contend(*incoming, work)) {
            again.push_back(incoming->delta);
        }
    }
    carry_out(context_, work.work);
    context_.store.write(Origin::remote, store::Durability::relaxed,
                         [&](store::StoreBody::EntityWriter& writer) {
                             for (FileWork& one : work.work) {
                                 record(writer, *by_path.at(one.item.path), one);
                             }
                         });
    for (FileWork& one : work.work) {
        if (one.outcome == FileWork::Outcome::changed) {
            again.push_back(by_path.at(one.item.path)->delta);
        } else if (one.outcome == FileWork::Outcome::failed) {
            throw Error(one.code, one.reason, one.item.path);
        }
    }
    return again;
}

/// What is here now; a local edit that nobody has looked at yet is settled first. False: look again.
bool Applier::load(Incoming& incoming) {
    SettleItem& item = incoming.item;
    item.path = incoming.delta->path;
    item.classified = context_.classify(item.path);
    const auto look = [&] {
        context_.store.read([&](store::Connection& connection) { load_sides(connection, item); });
        item.file = observe(context_, item.path, item.classified, item.row ? &*item.row : nullptr);
    };
    look();
    const bool store_moved =
        item.is_entity() && (item.head ? std::optional(item.head->hash) : std::nullopt) != item.base();
    const bool file_moved =
        item.file.state != FileState::same && !(item.file.state == FileState::absent && !item.base());
    if ((store_moved || file_moved) && item.file.state != FileState::invalid) {
        Settler settler(context_);
        settler.settle({item.path});
        look();
    }
    if (item.file.state == FileState::unstable) {
        return false;
    }
    if (incoming.delta->after) {
        const auto limit = static_cast<std::uint64_t>(context_.options.max_import_file_bytes);
        try {
            incoming.bytes = git_.repository.blob(incoming.delta->after->id, limit);
        } catch (const Error& error) {
            if (error.code() != ErrorCode::too_large) {
                throw;
            }
            hold_entry(*incoming.delta,
                       fmt::format("over the limit of {} bytes (max_import_file_bytes): it stays in "
                                   "git only",
                                   limit));
            incoming.delta = nullptr;
        }
    }
    return true;
}

/// What counts as the local content: nothing when the file is gone, the file's when it is there.
std::optional<base::ObjectId> Applier::local_hash(const SettleItem& item) const {
    return item.file.state == FileState::absent ? std::nullopt : item.file.hash;
}

FileWork Applier::write_of(const Incoming& incoming, std::string content, const base::ObjectId& hash) const {
    FileWork work;
    work.item = incoming.item;
    work.item.file.bytes = {};
    work.content = std::move(content);
    work.hash = hash;
    work.expected = expected_of(incoming.item);
    work.executable = executable_of(incoming);
    work.from_git = true;
    return work;
}

void Applier::judge(Incoming& incoming, FileWorkList& work, std::vector<Incoming*>& contended,
                    std::vector<Incoming*>& settled) {
    if (incoming.delta == nullptr) {
        return;  // Held.
    }
    plan::View view;
    view.base = id_of(incoming.delta->before);
    view.ours = local_hash(incoming.item);
    view.theirs = id_of(incoming.delta->after);
    if (view.ours && view.ours == view.theirs &&
        executable_of(incoming) != incoming.item.file.stat.executable) {
        work.add(write_of(incoming, std::move(incoming.bytes), *view.theirs));  // The mode alone.
        return;
    }
    switch (plan::reconcile(view)) {
        case plan::Verdict::take_theirs:
            work.add(write_of(incoming, std::move(incoming.bytes), incoming.delta->after->id));
            return;
        case plan::Verdict::drop_ours: {
            FileWork removal;
            removal.item = incoming.item;
            removal.expected = expected_of(incoming.item);
            work.add(std::move(removal));
            return;
        }
        case plan::Verdict::contend:
            // An apply that a crash cut short wrote it already: what is here was made from it.
            (incoming.item.row && incoming.item.row->committed == view.theirs ? settled : contended)
                .push_back(&incoming);
            return;
        default:
            settled.push_back(&incoming);
    }
}

/// The local content stays (or is the same already): only what HEAD has is noted. Both gone: the entity as
/// well.
void Applier::keep_local(store::StoreBody::EntityWriter& writer, const Incoming& incoming) {
    store::Connection& connection = writer.connection();
    const SettleItem& item = incoming.item;
    if (item.file.state == FileState::absent) {
        if (item.is_entity() && item.head && !incoming.delta->after) {
            writer.erase(item.key());
            changed_ += 1;
        }
        store::erase_row(connection, item.path);
        context_.missing.clear(item.path);
        consume_all(connection, item);
        return;
    }
    if (item.row) {
        store::LedgerRow row = *item.row;
        row.committed = committed_of(incoming, row);
        store::save_row(connection, row);
    }
}

/// False: the file has gone since the look.
bool Applier::contend(Incoming& incoming, FileWorkList& work) {
    const SettleItem& item = incoming.item;
    std::string ours;
    if (context_.folder
            ->read(item.path, static_cast<std::uint64_t>(context_.options.max_import_file_bytes), ours)
            .kind == runtime::FileKind::none) {
        return false;
    }
    const std::string theirs = std::move(incoming.bytes);
    const base::ObjectId ours_hash = base::hash_blob(ours);
    const base::ObjectId theirs_hash = incoming.delta->after->id;
    const bool readable = item.file.state == FileState::same || item.file.state == FileState::content;
    if (readable && incoming.delta->before && git_.options.conflict_policy == RemoteConflictPolicy::merge) {
        const auto base = context_.blob_of_git(incoming.delta->before->id);
        if (auto merged = base ? merge_valid(*base, ours, theirs, item.is_entity()) : std::nullopt) {
            const base::ObjectId hash = base::hash_blob(*merged);
            work.add(write_of(incoming, std::move(*merged), hash));
            return true;
        }
    }
    // A held file stays where it is whatever the policy: it is somebody's unfinished work.
    const plan::Side winner = readable ? plan::pick_winner(preference_of(git_.options.conflict_policy),
                                                           {ours_hash, 0}, {theirs_hash, 0})
                                       : plan::Side::ours;
    const bool local_wins = winner == plan::Side::ours;
    context_.store.write(
        Origin::remote, store::Durability::relaxed, [&](store::StoreBody::EntityWriter& writer) {
            tell_conflict(context_, writer,
                          remote_conflict(item.path, item.key(), id_of(incoming.delta->before),
                                          {ours_hash, ours}, {theirs_hash, theirs}, winner));
            if (local_wins) {
                keep_local(writer, incoming);
            }
        });
    if (!local_wins) {
        work.add(write_of(incoming, theirs, theirs_hash));
    }
    return true;
}

void Applier::record(store::StoreBody::EntityWriter& writer, const Incoming& incoming, FileWork& work) {
    if (work.outcome != FileWork::Outcome::done) {
        return;
    }
    store::Connection& connection = writer.connection();
    const SettleItem& item = work.item;
    changed_ += 1;
    context_.missing.clear(item.path);
    if (!work.content) {
        if (item.is_entity()) {
            writer.erase(item.key());
            consume_all(connection, item);
        }
        store::erase_row(connection, item.path);
        release_path(context_, writer, item.path);
        return;
    }
    FileObservation check;
    if (item.is_entity() && !validate_content(*work.content, check)) {
        record_invalid(writer, incoming, work, check);
        return;
    }
    if (item.is_entity()) {
        writer.put(item.key(), *work.content, work.hash, check.metadata);
        consume_all(connection, item);
    }
    store::LedgerRow row = agreed_row(item, work.hash, work.stat, false);
    row.committed = committed_of(incoming, row);
    store::save_row(connection, row);
    release_path(context_, writer, item.path);
}

/// The file is as the commit has it, but it is no content for the store, which keeps its last good version.
void Applier::record_invalid(store::StoreBody::EntityWriter& writer, const Incoming& incoming,
                             const FileWork& work, const FileObservation& check) {
    store::LedgerRow row = work.item.row.value_or(store::LedgerRow{work.item.path, true, false, {}, {}, {}});
    row.committed = id_of(incoming.delta->after);
    row.signature = {};
    store::save_row(writer.connection(), row);
    hold_path(context_, writer, {work.item.path, check.code, check.reason, context_.store.clock().wall_ms()});
}

}  // namespace

std::int64_t apply_tree(GitContext& git, const std::vector<git::TreeDelta>& deltas) {
    return Applier(git).run(deltas);
}

}  // namespace fluentsync::sync
