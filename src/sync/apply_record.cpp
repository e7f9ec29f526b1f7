// The part of Applier that meets what changed here too, and writes down what was done.
#include "git/line_ends.hpp"
#include "store/entity_table.hpp"
#include "store/records.hpp"
#include "sync/applier.hpp"
#include "sync/contest.hpp"
#include "sync/holds.hpp"
#include "sync/marked_files.hpp"
#include "sync/settle.hpp"

namespace fluentsync::sync {

namespace {

bool is_executable(const std::optional<git::TreeFile>& file) {
    return file && file->mode == git::kModeExecutable;
}

/// What HEAD will have at this path. Where the mode differs the next commit looks at it.
std::optional<base::ObjectId> committed_of(const Incoming& incoming, const store::LedgerRow& row) {
    const auto& after = incoming.delta->after;
    return after && row.executable != is_executable(after) ? store::kOtherMode : id_of(after);
}

/// Somebody has written the entity since the look: theirs is not ours to replace or to delete.
bool overtaken(store::Connection& connection, const SettleItem& item) {
    if (!item.is_entity()) {
        return false;
    }
    if (store_moved(item)) {
        return true;
    }
    const auto now = store::find_head(connection, item.key());
    return now.has_value() != item.head.has_value() || (now && now->hash != item.head->hash);
}

/// Also one for an entry that was in git alone until now.
void release(SyncContext& context, store::StoreBody::EntityWriter& writer, const std::string& path) {
    if (store::find_hold(writer.connection(), path)) {
        release_held(context, writer, path);
    }
}

}  // namespace

bool executable_of(const Incoming& incoming) {
    const git::TreeDelta& delta = *incoming.delta;
    const bool here = incoming.item.file.stat.exists();
    const bool moved = !delta.before || is_executable(delta.before) != is_executable(delta.after);
    return here && !moved ? incoming.item.file.stat.executable : is_executable(delta.after);
}

/// It is tried again, see retry_blocked_files(). HEAD is going to have what could not be put here.
void Applier::fall_behind(store::StoreBody::EntityWriter& writer, const git::TreeDelta& delta,
                          const std::string& reason) {
    store::Connection& connection = writer.connection();
    if (reason == kMarkedReason) {
        hold_marked(context_, writer, delta.path, LeftAlone::edited);
    } else if (!store::find_hold(connection,
                                 delta.path)) {  // Else what is in the way is held for its own sake.
        list_held(writer, delta.path, reason);
    }
    auto row = store::find_row(connection, delta.path);
    auto made_from = delta.before;
    if (row && row->for_git() && context_.outgrown.count(delta.path) > 0) {
        made_from = file_for_git(*row);
    } else if (row && delta.after && row->committed == delta.after->id) {
        made_from = delta.after;  // A pull that was cut short has brought it.
    }
    note_behind(connection, delta.path, made_from);
    behind_.try_emplace(delta.path, made_from);
    if (row) {
        row->committed = id_of(delta.after);
        store::save_row(connection, *row);
    }
}

/// What is here and what HEAD has have met.
void Applier::catch_up(store::StoreBody::EntityWriter& writer, const SettleItem& item) {
    if (behind_.erase(item.path) == 0) {
        return;
    }
    clear_behind(writer.connection(), item.path);
    if (!is_no_content(item) && !is_nameless(item)) {
        release(context_, writer, item.path);
    }
}

/// HEAD has nothing there, as before: what is here is local work that nothing has to meet.
void Applier::forget_behind(store::StoreBody::EntityWriter& writer, const SettleItem& item) {
    behind_.erase(item.path);
    clear_behind(writer.connection(), item.path);
    if (context_.holds.count(item.path) == 0) {
        release(context_, writer, item.path);
    }
    if (auto row = item.row) {
        row->committed = std::nullopt;
        store::save_row(writer.connection(), *row);
    }
}

/// HEAD lets go of the path. Its mark goes with its entry, and the file must not be committed for that.
void Applier::keep_own(store::StoreBody::EntityWriter& writer, const SettleItem& item) {
    forget_behind(writer, item);
    if (context_.marked(item.path)) {
        hold_marked(context_, writer, item.path, LeftAlone::removed);
    }
}

/// The local content stays (or is the same already): only what HEAD has is noted. Both gone: the entity as
/// well.
void Applier::keep_local(store::StoreBody::EntityWriter& writer, const Incoming& incoming) {
    store::Connection& connection = writer.connection();
    const SettleItem& item = incoming.item;
    if (!incoming.delta->before && !incoming.delta->after) {
        forget_behind(writer, item);
        return;
    }
    if (incoming.kept) {
        keep_own(writer, item);
        return;
    }
    catch_up(writer, item);
    const auto after = id_of(incoming.delta->after);
    if (is_no_content(item) && !(item.row && item.row->base == after)) {
        hold_path(context_, writer,
                  hold_of(context_, item));  // Nor is the version before it for the next commit.
    }
    if (item.file.state == FileState::absent) {
        if (incoming.delta->after && item.row) {  // The commit changed its mode; its removal here stands.
            store::LedgerRow row = *item.row;
            row.committed = id_of(incoming.delta->after);
            store::save_row(connection, row);
            return;
        }
        if (overtaken(connection, item)) {
            record_overtaken(writer, incoming);
            return;
        }
        if (item.row && !item.row->base) {
            return;  // Removed here before: the row says so until HEAD does, should the pull be given up.
        }
        if (item.is_entity() && item.head && !incoming.delta->after) {
            writer.erase(item.key());
            changed_ += 1;
        }
        store::erase_row(connection, item.path);
        context_.missing.clear(item.path);
        consume_all(connection, item);
        if (!incoming.delta->after) {
            release(context_, writer, item.path);
        }
        return;
    }
    const bool same = item.file.state == FileState::content && incoming.ours == after;
    const bool agreed = item.row && item.row->base;
    if (item.row || same) {  // Without a row: one that git ignored here until a commit brought it.
        store::LedgerRow row =
            same && !agreed ? agreed_row(item, item.file.hash, item.file.stat, item.file.racy) : *item.row;
        if (incoming.ours == after && row.here() == item.file.hash && item.file.hash != after) {
            row.git_form = after;
        }
        row.committed = committed_of(incoming, row);
        store::save_row(connection, row);
    }
    FileObservation check;
    // What was held here, HEAD has as it is.
    if (same && !agreed && item.is_entity() && !item.head && !overtaken(connection, item) &&
        validate_content(item.file.bytes, check)) {
        writer.put(item.key(), item.file.bytes, *item.file.hash, check.metadata);
        consume_all(connection, item);
        release(context_, writer, item.path);
    }
}

/// By the rules of the path, but where the ledger knows better.
std::string Applier::as_git_has(const Incoming& incoming, std::string file) {
    if (auto known = incoming.ours ? git::as_blob(file, *incoming.ours) : std::nullopt) {
        return std::move(*known);
    }
    auto blob = form_.to_git(incoming.item.path, file, base_of(incoming));
    return blob ? std::move(*blob) : std::move(file);
}

void Applier::record_keys(const SettleItem& item, const base::ObjectId& base, const MergedNote& merged) {
    if (merged.conflicts.empty()) {
        return;
    }
    MergedNote here = merged;
    here.text = form_.to_file(item.path, merged.text).value_or(merged.text);
    Conflict about;
    about.path = item.path;
    about.type = item.key().type;
    about.id = item.key().id;
    about.base_hash = base.hex();
    context_.store.write(Origin::remote, durability(true), [&](store::StoreBody::EntityWriter& writer) {
        for (Conflict& one : key_conflicts(here, about, {"local", "remote"})) {
            tell_conflict(context_, writer, std::move(one));
        }
    });
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
    const std::string ours_in_git = as_git_has(incoming, ours);
    const base::ObjectId ours_hash = base::hash_blob(ours_in_git);
    const base::ObjectId theirs_hash = incoming.delta->after->id;
    const auto base_id = base_of(incoming);
    const bool readable = !is_unfinished(item);
    const git::MergeRule rule = form_.merge_rule(item.path);
    if (readable && base_id && git_.options.conflict_policy == RemoteConflictPolicy::merge) {
        if (rule == git::MergeRule::ours) {  // The other version is in the history.
            context_.store.write(Origin::remote, durability(false),
                                 [&](auto& writer) { keep_local(writer, incoming); });
            return true;
        }
        const auto base = context_.blob_of_git(*base_id);
        if (auto merged = base ? merge_for_git(context_, item.classified, *base, ours_in_git, theirs, rule)
                               : std::nullopt) {
            const base::ObjectId hash = base::hash_blob(merged->text);
            record_keys(item, *base_id, *merged);
            work.add(write_of(incoming, std::move(merged->text), hash));
            return true;
        }
    }
    // A held file stays where it is whatever the policy.
    const plan::Side winner = readable ? plan::pick_winner(preference_of(git_.options.conflict_policy),
                                                           {ours_hash, 0}, {theirs_hash, 0})
                                       : plan::Side::ours;
    const bool local_wins = winner == plan::Side::ours;
    const std::string theirs_here = form_.to_file(item.path, theirs).value_or(theirs);
    context_.store.write(Origin::remote, durability(true), [&](store::StoreBody::EntityWriter& writer) {
        tell_conflict(context_, writer,
                      remote_conflict(item.path, item.key(), base_id, {base::hash_blob(ours), ours},
                                      {base::hash_blob(theirs_here), theirs_here}, winner));
        if (!readable) {
            hold_path(context_, writer, hold_of(context_, item));
        }
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
    if (work.outcome == FileWork::Outcome::failed && work.path_refused) {
        fall_behind(writer, *incoming.delta, work.reason);
    }
    if (work.outcome != FileWork::Outcome::done) {
        return;
    }
    store::Connection& connection = writer.connection();
    const SettleItem& item = work.item;
    changed_ += 1;
    catch_up(writer, item);
    context_.missing.clear(item.path);
    if (overtaken(connection, item)) {
        record_overtaken(writer, incoming);
        work.outcome = FileWork::Outcome::changed;  // The next look brings store and file together first.
        return;
    }
    if (!work.content) {
        if (item.is_entity()) {
            writer.erase(item.key());
            consume_all(connection, item);
        }
        store::erase_row(connection, item.path);
        release(context_, writer, item.path);
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
    row.git_form = work.git_form;
    row.committed = committed_of(incoming, row);
    store::save_row(connection, row);
    if (!item.classified.reason.empty()) {
        const bool carried = is_nameless(item);
        hold_path(context_, writer,
                  {item.path, ErrorCode::invalid_key, item.classified.reason,
                   context_.store.clock().wall_ms(), carried});
    } else {
        release(context_, writer, item.path);
    }
}

/// The file is as the commit has it, the store has moved on from the base: the ledger says no more than that.
void Applier::record_overtaken(store::StoreBody::EntityWriter& writer, const Incoming& incoming) {
    const SettleItem& item = incoming.item;
    const auto committed = id_of(incoming.delta->after);
    if (!item.row && !committed) {
        return;
    }
    store::LedgerRow row = item.row.value_or(store::LedgerRow{item.path, true, false, {}, {}, {}});
    row.committed = committed;
    row.signature = {};
    store::save_row(writer.connection(), row);
}

/// The file is as the commit has it, but it is no content for the store, which keeps its last good version.
void Applier::record_invalid(store::StoreBody::EntityWriter& writer, const Incoming& incoming,
                             const FileWork& work, const FileObservation& check) {
    store::LedgerRow row = agreed_row(work.item, work.hash, work.stat, false);
    row.base = work.item.base();
    row.carried = work.hash;
    row.git_form = work.git_form;
    row.committed = committed_of(incoming, row);
    store::save_row(writer.connection(), row);
    hold_path(context_, writer,
              {work.item.path, check.code, check.reason, context_.store.clock().wall_ms(), true});
}

}  // namespace fluentsync::sync
