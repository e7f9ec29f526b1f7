// The part of Settler that lets things go: only what was seen missing twice, in a verified root, within the
// guard.
#include <fmt/format.h>

#include <algorithm>

#include "store/held_deletions.hpp"
#include "sync/folder_identity.hpp"
#include "sync/marked_files.hpp"
#include "sync/settle.hpp"

namespace fluentsync::sync {

namespace {

/// Deletions this far back still count with the ones of now.
constexpr std::int64_t kRecentMs = 30'000;

plan::DeletionCount count_recent(SyncContext& context) {
    const std::int64_t now = context.store.clock().steady_ms();
    auto& recent = context.recent_deletions;
    while (!recent.empty() && recent.front().first + kRecentMs < now) {
        recent.pop_front();
    }
    plan::DeletionCount count;
    for (const auto& [time, deletions] : recent) {
        count += deletions;
    }
    return count;
}

plan::DeletionCount count_known(const SyncContext& context) {
    plan::DeletionCount known;
    context.store.read([&](store::Connection& connection) {
        known = {store::count_rows(connection, false), store::count_rows(connection, true)};
    });
    return known;
}

plan::DeletionCount count_paths(const SyncContext& context, const std::set<std::string>& paths) {
    plan::DeletionCount count;
    for (const std::string& path : paths) {
        const bool entity = context.classify(path).kind == codec::PathKind::entity;
        count += {1, entity ? 1 : 0};
    }
    return count;
}

std::set<std::string> paths_of(const std::vector<SettleItem>& items) {
    std::set<std::string> paths;
    for (const SettleItem& item : items) {
        paths.insert(item.path);
    }
    return paths;
}

/// What files that are gone had.
std::map<std::string, base::ObjectId> contents_of(const SyncContext& context,
                                                  const std::set<std::string>& paths) {
    std::map<std::string, base::ObjectId> contents;
    context.store.read([&](store::Connection& connection) {
        for (const std::string& path : paths) {
            const auto row = store::find_row(connection, path);
            if (row && row->base) {
                contents.emplace(path, *row->base);
            }
        }
    });
    return contents;
}

std::set<std::string> renamed_of(SyncContext& context,
                                 const std::map<std::string, base::ObjectId>& contents) {
    return context.arrivals.renamed(contents, context.store.clock().steady_ms());
}

}  // namespace

void Settler::finish() {
    if (context_.cut_short()) {
        return;
    }
    std::set<std::string> confirmed;
    context_.store.read(
        [&](store::Connection& connection) { confirmed = store::confirmed_deletions(connection); });
    leave_out_what_moved_on();
    if (!context_.options.delete_on_file_removal && context_.root_verified()) {
        delete_entities();  // Deletes none: the files alone are forgotten, and no guard is asked.
        missing_.clear();
    }
    if ((!missing_.empty() || !raw_removals_.empty()) && context_.root_verified()) {
        let_go(confirmed);
    }
    missing_.clear();
    raw_removals_.clear();
    if (!missing_wait(context_)) {  // Else what is held, and what a confirmation was for, is not known yet.
        record_held_deletions(!confirmed.empty());
    }
}

/// What a person has confirmed goes, and makes no later batch suspect. What was held before stays held,
/// however few are left of it: the rest may be on its way back. The others are judged beside it.
void Settler::let_go(const std::set<std::string>& confirmed) {
    if (!confirmed.empty()) {
        Removals others = take_unless([&](const std::string& path) { return confirmed.count(path) > 0; });
        delete_entities();
        remove_raw();
        missing_ = std::move(others.missing);
        raw_removals_ = std::move(others.raw);
    }
    const auto& held = context_.held_deletions;
    const auto& told = context_.told_held_deletions;
    Removals fresh =
        take_unless([&](const std::string& path) { return held.count(path) > 0 || told.count(path) > 0; });
    hold_deletions();
    missing_ = std::move(fresh.missing);
    raw_removals_ = std::move(fresh.raw);
    if (guard_holds()) {
        hold_deletions();
        return;
    }
    const std::map<std::string, base::ObjectId> contents = contents_of(context_, paths_of(missing_));
    const std::set<std::string> renamed = renamed_of(context_, contents);
    plan::DeletionCount deleted = delete_entities();
    const plan::DeletionCount moved = count_paths(context_, renamed);
    deleted = {std::max<std::int64_t>(deleted.files - moved.files, 0),
               std::max<std::int64_t>(deleted.entities - moved.entities, 0)};
    context_.arrivals.use(contents);
    deleted += remove_raw();
    context_.recent_deletions.emplace_back(context_.store.clock().steady_ms(), deleted);
}

/// Leaves those that `stays` is true of.
Settler::Removals Settler::take_unless(const std::function<bool(const std::string&)>& stays) {
    const auto take = [&](std::vector<SettleItem>& items) {
        const auto middle = std::stable_partition(items.begin(), items.end(),
                                                  [&](const SettleItem& item) { return stays(item.path); });
        std::vector<SettleItem> taken(std::make_move_iterator(middle), std::make_move_iterator(items.end()));
        items.erase(middle, items.end());
        return taken;
    };
    return {take(missing_), take(raw_removals_)};
}

/// A later look of this round may have found a file again, or its entity changed, or its file system may just
/// have gone.
void Settler::leave_out_what_moved_on() {
    if (!missing_.empty() || !raw_removals_.empty()) {
        context_.mounts.look(context_);
        take_unless([&](const std::string& path) { return !context_.mounts.hide(path); });
    }
    if (missing_.empty() || !context_.options.delete_on_file_removal) {
        return;
    }
    const std::vector<std::string> list = context_.missing.waiting();
    const std::set<std::string> waiting(list.begin(), list.end());
    missing_.erase(std::remove_if(missing_.begin(), missing_.end(),
                                  [&](const SettleItem& item) { return waiting.count(item.path) == 0; }),
                   missing_.end());
}

/// A person has told git that this file need not be here: its absence is no deletion, and no reason to make
/// it.
bool Settler::leaves_alone(const SettleItem& item) {
    const bool known = item.is_entity() ? item.head.has_value() : item.base().has_value();
    if (item.file.state != FileState::absent || !known || !context_.marked(item.path)) {
        return false;
    }
    context_.missing.clear(item.path);
    context_.held_deletions.erase(item.path);
    if (item.is_entity() && item.head->hash != item.base()) {
        context_.store.write(Origin::file, store::Durability::relaxed,
                             [&](store::StoreBody::EntityWriter& writer) {
                                 hold_marked(context_, writer, item.path, LeftAlone::absent);
                             });
    }
    return true;
}

plan::DeletionCount Settler::remove_raw() {
    if (raw_removals_.empty()) {
        return {};
    }
    std::vector<const SettleItem*> items;
    for (const SettleItem& item : raw_removals_) {
        context_.held_deletions.erase(item.path);
        items.push_back(&item);
    }
    FileWorkList work;
    add_exports(items, work);
    run_file_work(work);
    record_written();
    const auto count = static_cast<std::int64_t>(raw_removals_.size());
    return {count, count};
}

/// Judged on everything that is missing now, not on the slice that this batch of events brought: a large
/// removal arrives in many slices. All entities may be few beside the plain files, and the other way round.
bool Settler::guard_holds() {
    const DeletionGuard& guard = context_.options.deletion_guard;
    const plan::GuardLimits limits{guard.min_count, guard.max_fraction, guard.max_count};
    std::set<std::string> gone = context_.held_deletions;
    for (const auto* list : {&missing_, &raw_removals_}) {
        for (const SettleItem& item : *list) {
            gone.insert(item.path);
        }
    }
    for (const std::string& path : context_.missing.waiting()) {
        gone.insert(path);
    }
    std::erase_if(gone, [&](const std::string& path) { return context_.mounts.hide(path); });
    const plan::DeletionCount recent = count_recent(context_);
    plan::DeletionCount known = count_known(context_);
    known += recent;
    const auto holds = [&] {
        plan::DeletionCount deleted = count_paths(context_, gone);
        deleted += recent;
        return plan::must_hold(limits, deleted.files, known.files) ||
               plan::must_hold(limits, deleted.entities, known.entities);
    };
    if (!holds()) {
        return false;
    }
    for (const std::string& path : renamed_of(context_, contents_of(context_, gone))) {
        gone.erase(path);
    }
    return holds();
}

void Settler::hold_deletions() {
    for (const auto* list : {&missing_, &raw_removals_}) {
        for (const SettleItem& item : *list) {
            context_.held_deletions.insert(item.path);
        }
    }
}

plan::DeletionCount Settler::delete_entities() {
    if (missing_.empty()) {
        return {};
    }
    plan::DeletionCount deleted;
    std::vector<SettleItem*> items;
    for (SettleItem& item : missing_) {
        items.push_back(&item);
    }
    find_taken_back(items);
    context_.store.write(
        Origin::file, store::Durability::relaxed, [&](store::StoreBody::EntityWriter& writer) {
            for (SettleItem& item : missing_) {
                load_sides(writer.connection(), item);
                item.file = {};
                item.file.stat = context_.folder->stat(item.path);
                context_.missing.clear(item.path);
                context_.held_deletions.erase(item.path);
                const bool there = item.file.stat.exists() && !context_.has_gits_link(item.path);
                if (there || verdict_of(item) != plan::Verdict::drop_ours) {
                    report_.again.push_back(item.path);
                    continue;
                }
                const bool erase = item.is_entity() && context_.options.delete_on_file_removal;
                if (erase) {
                    keep_taken_back(writer, item);
                    writer.erase(item.key());
                }
                forget(writer, item);
                report_.plain += erase ? 0 : 1;
                deleted += {1, erase ? 1 : 0};
            }
        });
    report_.deleted += deleted.entities;
    return deleted;
}

void Settler::record_held_deletions(bool confirmed) {
    const auto count = static_cast<std::int64_t>(context_.held_deletions.size());
    if (context_.held_deletions == context_.told_held_deletions && !confirmed) {
        return;
    }
    context_.store.write(
        Origin::file, store::Durability::relaxed, [&](store::StoreBody::EntityWriter& writer) {
            writer.after_commit([&] { context_.told_held_deletions = context_.held_deletions; });
            store::save_held_deletions(writer.connection(), context_.held_deletions);
            if (count > 0) {
                Event event;
                event.kind = EventKind::deletion_held;
                event.count = count;
                event.message = fmt::format(
                    "{} deletions at once are held: confirm them, or bring the files or entities back",
                    count);
                writer.publish(std::move(event));
            }
        });
}

}  // namespace fluentsync::sync
