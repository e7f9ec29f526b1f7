// The part of Settler that changes the store: import, adopt, forget, merge, conflict, hold.
#include <algorithm>

#include "store/records.hpp"
#include "sync/contest.hpp"
#include "sync/holds.hpp"
#include "sync/restore.hpp"
#include "sync/settle.hpp"

namespace fluentsync::sync {

void Settler::apply_to_store(std::vector<SettleItem*>& items, FileWorkList& work) {
    if (items.empty()) {
        return;
    }
    contest_is_durable_ = std::any_of(items.begin(), items.end(), [](const SettleItem* item) {
        return verdict_of(*item) == plan::Verdict::contend;
    });
    ask_git(items);
    context_.store.write(
        Origin::file, contest_is_durable_ ? store::Durability::full : store::Durability::relaxed,
        [&](store::StoreBody::EntityWriter& writer) {
            for (SettleItem* item : items) {
                load_sides(writer.connection(),
                           *item);  // The store may have moved since the look; this one is final.
                apply_one(writer, *item, work);
            }
        });
}

void Settler::apply_one(store::StoreBody::EntityWriter& writer, SettleItem& item, FileWorkList& work) {
    switch (verdict_of(item)) {
        case plan::Verdict::in_step:
        case plan::Verdict::adopt:
            agree(writer, item);
            return;
        case plan::Verdict::take_theirs:
            keep_taken_back(writer, item);
            import_file(writer, item);
            return;
        case plan::Verdict::forget:
            forget(writer, item);
            report_.plain += 1;
            return;
        case plan::Verdict::contend:
            if (contest_is_durable_ && contests_.count(item.path) > 0 && still_there(item)) {
                contend(writer, item, work);
            } else {
                report_.again.push_back(item.path);  // One side moved between the look and this transaction.
            }
            return;
        case plan::Verdict::hold:
            if (know_head(item)) {
                apply_one(writer, item, work);
            } else {
                hold(writer, item);
            }
            return;
        case plan::Verdict::take_ours:
        case plan::Verdict::drop_theirs:
        case plan::Verdict::drop_ours:
            report_.again.push_back(item.path);  // The store moved between the look and this transaction.
            return;
    }
}

/// What HEAD has at the path of a file that is no content, if the ledger does not say so yet. True: it has.
bool Settler::know_head(SettleItem& item) const {
    if (!context_.track_plain_files || !item.is_entity() || !item.file.hash ||
        (item.row && item.row->committed)) {
        return false;
    }
    store::LedgerRow row = item.row.value_or(store::LedgerRow{item.path, true, false, {}, {}, {}});
    row.committed = context_.committed_at_head(row);
    if (row.committed) {
        item.row = row;
    }
    return row.committed.has_value();
}

/// The entity stays as it is, if there is one; the file, too. Git takes the file, or what it has stays.
void Settler::hold(store::StoreBody::EntityWriter& writer, const SettleItem& item) {
    std::optional<store::LedgerRow> row = item.row;
    if (is_carried(context_, item)) {
        row = carried_row(item);
        report_.plain += !item.row || item.row->here() != row->carried ? 1 : 0;
    } else if (row && row->carried) {
        row->carried = row->committed;
        row->git_form = std::nullopt;
    }
    if (row) {
        store::save_row(writer.connection(), *row);
    }
    hold_path(context_, writer, hold_of(context_, item));
}

/// Both sides hold the same content (or neither holds any): the ledger says so.
void Settler::agree(store::StoreBody::EntityWriter& writer, const SettleItem& item) {
    store::Connection& connection = writer.connection();
    if (item.file.state == FileState::content) {
        const bool moved = item.base() != item.file.hash || item.row->carried;
        store::save_row(connection, agreed_row(item, item.file.hash, item.file.stat, item.file.racy));
        report_.plain += moved ? 1 : 0;
    }
    if (item.file.state == FileState::absent && !item.row && context_.holds.count(item.path) > 0) {
        // A held file has gone that may have been in the way of one that HEAD has.
        store::set_value(connection, kBlocked, "1");
        report_.plain += 1;
    }
    consume_all(connection, item);
    if (is_nameless(item) && item.file.state != FileState::absent) {
        hold_path(context_, writer, hold_of(context_, item));
    } else {
        release_path(context_, writer, item.path);
    }
}

void consume_all(store::Connection& connection, const SettleItem& item) {
    if (!item.is_entity()) {
        return;
    }
    // The row may be one that this transaction's own write has just logged.
    if (const auto change = store::find_change(connection, item.key())) {
        store::consume_change(connection, item.key(), change->seq, std::nullopt);
    }
}

void Settler::import_file(store::StoreBody::EntityWriter& writer, const SettleItem& item) {
    store::Connection& connection = writer.connection();
    if (item.is_entity()) {
        const PutResult result = writer.put(item.key(), item.file.bytes, *item.file.hash, item.file.metadata);
        report_.imported += result.changed ? 1 : 0;
        writer.publish(path_event(EventKind::file_imported, item.path, item.key()));
    } else {
        report_.plain += 1;
    }
    if (!item.base()) {
        context_.arrivals.arrived(item.path, *item.file.hash, context_.store.clock().steady_ms());
    }
    store::save_row(connection, agreed_row(item, item.file.hash, item.file.stat, item.file.racy));
    consume_all(connection, item);
    if (is_nameless(item)) {
        hold_path(context_, writer, hold_of(context_, item));
    } else {
        release_changed(context_, writer, item.path);
    }
}

void Settler::forget(store::StoreBody::EntityWriter& writer, const SettleItem& item) {
    store::save_row(writer.connection(), absent_row(item));
    consume_all(writer.connection(), item);
    release_changed(context_, writer, item.path);
}

/// HEAD may have got it meanwhile, by a person's commit where HEAD is not followed: then it goes from there
/// too.
store::LedgerRow Settler::absent_row(const SettleItem& item) const {
    store::LedgerRow row = agreed_row(item, std::nullopt, {}, true);
    if (!row.committed) {
        row.committed = context_.committed_at_head(row);
    }
    return row;
}

/// What has gone since the look is a removal, which an edit in the store beats, and no version to win.
bool Settler::still_there(const SettleItem& item) const {
    try {
        return context_.folder->stat(item.path).kind == runtime::FileKind::regular;
    } catch (const Error&) {
        return false;  // The next look says why.
    }
}

/// Both changed and differ. Either way the file's bytes are the new base, so that what remains is a plain
/// export (merged, or the store won) or nothing (the file won).
void Settler::contend(store::StoreBody::EntityWriter& writer, SettleItem& item, FileWorkList& work) {
    store::Connection& connection = writer.connection();
    const std::string ours = store::find_content(connection, item.key()).value_or("");
    const std::optional<git::MergeRule> rule = contests_.at(item.path);
    if (const auto merged = rule ? merge_contents(context_, connection, item, ours, *rule) : std::nullopt) {
        FileObservation checked;
        validate_content(merged->text, checked);
        const base::ObjectId hash = base::hash_blob(merged->text);
        Conflict about;
        about.path = item.path;
        about.type = item.key().type;
        about.id = item.key().id;
        about.base_hash = item.base() ? item.base()->hex() : "";
        for (Conflict& one : key_conflicts(*merged, about, {"store", "file"})) {
            tell_conflict(context_, writer, std::move(one));
        }
        if (writer.put(item.key(), merged->text, hash, checked.metadata).changed) {
            report_.imported += 1;
            writer.publish(path_event(EventKind::file_imported, item.path, item.key()));
        }
        if (hash == item.file.hash) {
            agree(writer, item);
        } else {
            export_over_file(writer, item, work);
        }
        return;
    }
    const plan::Side winner = pick_local_winner(context_, item);
    record_local_conflict(context_, writer, item, ours, winner);
    if (winner == plan::Side::theirs) {
        import_file(writer, item);
    } else {
        export_over_file(writer, item, work);
    }
}

void Settler::export_over_file(store::StoreBody::EntityWriter& writer, SettleItem& item, FileWorkList& work) {
    store::Connection& connection = writer.connection();
    store::save_row(connection, agreed_row(item, item.file.hash, item.file.stat, item.file.racy));
    if (!store::find_change(connection, item.key())) {
        store::request_export(connection, item.key());
    }
    store::set_base_content(connection, item.key(), item.file.bytes);
    FileWork one;
    load_sides(connection, item);
    one.item = item;
    one.item.file.bytes = {};
    one.content = store::find_content(connection, item.key());
    one.hash = item.head->hash;
    one.seq = item.change ? item.change->seq : 0;
    one.expected = expected_of(item);
    work.add(std::move(one));
}

}  // namespace fluentsync::sync
