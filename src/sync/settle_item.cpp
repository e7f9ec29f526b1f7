#include "sync/settle_item.hpp"

#include <algorithm>

#include "git/line_ends.hpp"

namespace fluentsync::sync {

void load_sides(store::Connection& connection, SettleItem& item) {
    item.row = store::find_row(connection, item.path);
    if (item.is_entity()) {
        item.head = store::find_head(connection, item.key());
        item.change = store::find_change(connection, item.key());
        item.passed.clear();
        if (item.change) {
            item.passed = store::passed_versions(connection, item.key());
        }
    }
}

plan::View view_of(const SettleItem& item) {
    plan::View view;
    view.base = item.base();
    if (item.is_entity()) {
        view.ours = item.head ? std::optional(item.head->hash) : std::nullopt;
    } else {
        view.ours = view.base;  // A plain file has no store side: only the file can change.
    }
    view.theirs = item.file.hash;
    if (item.file.state == FileState::absent) {
        view.theirs = std::nullopt;
    }
    // Where the entity has gone, only a known path's: a new file may be a person's of the same template.
    const bool may_be_ours = view.theirs && (view.ours || view.base);
    if (may_be_ours && std::find(item.passed.begin(), item.passed.end(), *view.theirs) != item.passed.end()) {
        view.base = view.theirs;  // An earlier export's, which was cut short before it was recorded.
    }
    const bool vouched_for = view.theirs && (view.theirs == view.ours || view.theirs == view.base);
    const bool blank = item.file.blank && !is_at_head(item);
    view.theirs_invalid = !vouched_for && (item.file.state == FileState::invalid || blank);
    if (!view.base && !view.ours && !view.theirs && item.row && item.row->entity == item.is_entity()) {
        view.base = view.ours = item.row->carried;  // Git's alone, until it went: like a plain file.
    }
    return view;
}

plan::Verdict verdict_of(const SettleItem& item) {
    return plan::reconcile(view_of(item));
}

bool is_at_head(const SettleItem& item) {
    if (!item.row || !item.row->committed || !item.file.hash) {
        return false;
    }
    return item.row->committed == item.file.hash ||
           git::as_blob(item.file.bytes, *item.row->committed).has_value();
}

bool is_nameless(const SettleItem& item) {
    return item.classified.kind == codec::PathKind::plain && !item.classified.reason.empty();
}

bool is_carried(const SyncContext& context, const SettleItem& item) {
    // What HEAD has over the limit has an edit that is content in its place, and nothing less.
    if (!context.track_plain_files || !item.is_entity() || context.outgrown.count(item.path) > 0) {
        return false;
    }
    const bool blank = item.file.state == FileState::content && item.file.blank;
    const auto& row = item.row;
    const bool has_a_version = item.head || (row && (row->base || row->committed));
    return item.file.whole_but_invalid() || (blank && (!has_a_version || is_at_head(item)));
}

Held hold_of(const SyncContext& context, const SettleItem& item) {
    Held held;
    held.path = item.path;
    held.since = context.store.clock().wall_ms();
    held.code = item.file.code;
    held.reason = item.file.reason;
    held.carried = is_carried(context, item);
    if (is_nameless(item)) {
        held.code = ErrorCode::invalid_key;
        held.reason = item.classified.reason;
        held.carried = true;
    }
    if (item.file.state == FileState::content && item.file.blank) {
        held.code = ErrorCode::invalid_content;
        held.reason = "empty, or nothing but front matter fences: it is imported once it has content";
    }
    return held;
}

store::LedgerRow carried_row(const SettleItem& item) {
    store::LedgerRow row = agreed_row(item, item.file.hash, item.file.stat, item.file.racy);
    row.carried = item.file.hash;
    row.base = item.base();
    return row;
}

store::LedgerRow agreed_row(const SettleItem& item, const std::optional<base::ObjectId>& base,
                            const runtime::FileStat& stat, bool racy) {
    store::LedgerRow row;
    row.path = item.path;
    row.entity = item.is_entity();
    row.base = base;
    row.committed = item.row ? item.row->committed : std::nullopt;
    if (base) {
        row.git_form = item.row && item.row->here() == base ? item.row->git_form : std::nullopt;
        row.signature = signature_of(stat, racy);
        row.executable = stat.executable;
        if (row.committed && item.row->for_git() && item.row->executable != row.executable) {
            row.committed = store::kOtherMode;  // The next commit must look at this path, also if it goes.
        }
    }
    return row;
}

}  // namespace fluentsync::sync
