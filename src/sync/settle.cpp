#include "sync/settle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <iterator>
#include <utility>

#include "store/records.hpp"
#include "sync/barred_folder.hpp"
#include "sync/holds.hpp"

namespace fluentsync::sync {

namespace {

bool needs_reading(const SettleItem& item) {
    return item.classified.kind != codec::PathKind::excluded;
}

/// A signature that moved while the content stayed, or a log row for a change that came back to the base.
bool has_bookkeeping(const SettleItem& item) {
    return item.change || (item.row && item.file.state == FileState::content);
}

/// Items of one folder, one after another in the order of paths.
struct Siblings {
    std::string folder;
    std::size_t begin = 0;
    std::vector<std::string> names;
};

std::vector<Siblings> group_by_folder(const std::vector<SettleItem>& items) {
    constexpr std::size_t kMost = 64;  // A large folder is shared among the helpers.
    std::vector<Siblings> groups;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const std::string& path = items[i].path;
        const std::size_t slash = path.rfind('/');
        const std::string folder = slash == std::string::npos ? std::string() : path.substr(0, slash);
        if (groups.empty() || groups.back().folder != folder || groups.back().names.size() == kMost) {
            groups.push_back({folder, i, {}});
        }
        groups.back().names.push_back(slash == std::string::npos ? path : path.substr(slash + 1));
    }
    return groups;
}

/// Would be held, but was written a moment ago: the rest may be on its way. By ctime, which nobody can set; a
/// stamp from the future is a clock's that has been set back since.
bool is_premature(const SettleItem& item, const base::Clock& clock) {
    const bool refused = item.file.hash && (item.file.state == FileState::invalid ||
                                            (item.file.state == FileState::content && item.file.blank));
    const std::int64_t now = clock.wall_ns();
    return refused && item.file.stat.ctime_ns <= now &&
           item.file.stat.ctime_ns > now - base::tuning::kSettleNs;
}

/// Nothing where it cannot be told; the look at the path says why.
void stat_siblings(const runtime::Folder& folder, const Siblings& group,
                   std::vector<std::optional<runtime::FileStat>>& stats) {
    try {
        const auto found = folder.stat_all(group.folder, group.names);
        std::copy(found.begin(), found.end(), stats.begin() + static_cast<std::ptrdiff_t>(group.begin));
    } catch (const Error&) {
    }
}

/// The row went behind the API's back, logged or not, and the file is to go for it.
bool is_raw_removal(const SettleItem& item, plan::Verdict verdict) {
    return verdict == plan::Verdict::drop_theirs && !item.deleted_by_api();
}

}  // namespace

/// What comes of a slice of paths.
struct Settler::Judged {
    std::vector<const SettleItem*> exports;
    std::vector<SettleItem*> store_work;
    FileWorkList work;
};

void Settler::settle(std::vector<std::string> paths, const char* what) {
    std::sort(paths.begin(), paths.end());
    paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
    // What failed is both looked at again and named by the change log.
    std::erase_if(paths, [&](const std::string& path) {
        return failed_.count(path) > 0 || context_.mounts.hide(path);
    });
    const auto tell = [&](std::size_t done) {
        if (what != nullptr) {
            tell_progress(context_, what, static_cast<std::int64_t>(done),
                          static_cast<std::int64_t>(paths.size()));
        }
    };
    std::size_t end = 0;
    while (end < paths.size() && !context_.cut_short()) {
        const std::size_t begin = end;
        end = std::min(paths.size(), begin + base::tuning::kBatchEntities);
        settle_batch({paths.begin() + static_cast<std::ptrdiff_t>(begin),
                      paths.begin() + static_cast<std::ptrdiff_t>(end)});
        if (begin > 0) {
            tell(begin);
        }
    }
    observe_slice({}, {});
    record_written();
    if (end > 0) {
        tell(end);
    }
}

void Settler::settle_batch(const std::vector<std::string>& paths) {
    std::vector<SettleItem> items;
    items.reserve(paths.size());
    for (const std::string& path : paths) {
        SettleItem item;
        item.path = path;
        item.classified = context_.classify(path);
        if (needs_reading(item)) {
            items.push_back(std::move(item));
        }
    }
    context_.store.read([&](store::Connection& connection) {
        for (SettleItem& item : items) {
            load_sides(connection, item);
        }
    });
    NestedPaths nested(*context_.folder);
    std::erase_if(items, [&](const SettleItem& item) {
        const bool no_business = left_to_git(item) || (is_new_here(item) && nested.contain(item.path));
        if (no_business) {  // It may have been a held deletion, until a pull took its row.
            context_.held_deletions.erase(item.path);
        }
        return no_business;
    });
    // Sizes first, so that a batch of large files is read in slices of bounded memory.
    const Stats stats = look_at(items);
    const auto limit = static_cast<std::uint64_t>(context_.options.max_import_file_bytes);
    for (std::size_t begin = 0; begin < items.size();) {
        std::uint64_t bytes = 0;
        std::size_t end = begin;
        while (end < items.size() && (end == begin || bytes < base::tuning::kBatchBytes)) {
            bytes += stats[end] ? std::min(stats[end]->size, limit) : 0;
            ++end;
        }
        const auto at = [](auto& list, std::size_t i) {
            return list.begin() + static_cast<std::ptrdiff_t>(i);
        };
        observe_slice({std::make_move_iterator(at(items, begin)), std::make_move_iterator(at(items, end))},
                      {at(stats, begin), at(stats, end)});
        begin = end;
    }
}

Settler::Stats Settler::look_at(const std::vector<SettleItem>& items) {
    Stats stats(items.size());
    const std::vector<Siblings> groups = group_by_folder(items);
    context_.pool.for_each(groups.size(),
                           [&](std::size_t i) { stat_siblings(*context_.folder, groups[i], stats); });
    return stats;
}

/// While the helpers look at this slice's files, the lane judges the slice before and takes it into the
/// store. What it knew of the store when the helpers began is a hint: see apply_to_store().
void Settler::observe_slice(std::vector<SettleItem> slice, const Stats& stats) {
    Judged judged;
    context_.pool.for_each(
        slice.size(),
        [&](std::size_t i) {
            SettleItem& item = slice[i];
            item.file = observe(context_, item.path, item.classified, item.row ? &*item.row : nullptr,
                                stats[i] ? &*stats[i] : nullptr);
            if (is_premature(item, context_.store.clock())) {
                item.file.state = FileState::unstable;
            }
        },
        [&] { judge_observed(judged); });
    add_exports(judged.exports, judged.work);
    run_file_work(judged.work);
    observed_ = std::move(slice);
}

void Settler::judge_observed(Judged& judged) {
    for (SettleItem& item : observed_) {
        judge(item, judged);
    }
    apply_to_store(judged.store_work, judged.work);
}

void Settler::judge(SettleItem& item, Judged& judged) {
    regard_folder(item);
    regard_link(item);
    if (item.file.state == FileState::unstable) {
        report_.again.push_back(item.path);
        return;
    }
    if (leaves_alone(item)) {
        return;
    }
    const plan::Verdict verdict = verdict_of(item);
    if (waits_for_git(item, verdict)) {
        report_.again.push_back(item.path);
        return;
    }
    if (verdict != plan::Verdict::take_ours && verdict != plan::Verdict::drop_theirs) {
        context_.told_failures.over(item.path);  // Nothing is to be written.
    }
    if (is_raw_removal(item, verdict)) {  // One that is held stays held.
        context_.missing.clear(item.path);
        raw_removals_.push_back(item);
        return;
    }
    if (verdict != plan::Verdict::drop_ours) {  // There again, or changed since: an edit beats a deletion.
        const bool was_missing =
            context_.missing.clear(item.path) + context_.held_deletions.erase(item.path) > 0;
        report_.back += was_missing && item.row && !item.row->committed ? 1 : 0;
    }
    switch (verdict) {
        case plan::Verdict::in_step:
            if (has_bookkeeping(item) || context_.holds.count(item.path) > 0) {
                judged.store_work.push_back(&item);
            }
            return;
        case plan::Verdict::drop_ours:
            judge_missing(item);
            return;
        case plan::Verdict::take_ours:
        case plan::Verdict::drop_theirs:
            judged.exports.push_back(&item);
            return;
        default:
            judged.store_work.push_back(&item);
    }
}

/// Nothing is known of it: as a walk finds none in a nested repository, an event is no reason to take one.
bool Settler::is_new_here(const SettleItem& item) const {
    return !item.row && !item.head && context_.holds.count(item.path) == 0;
}

/// A plain file that nobody tracks: no git here, or git ignores it.
bool Settler::left_to_git(const SettleItem& item) const {
    const bool plain =
        item.classified.kind == codec::PathKind::plain || item.classified.kind == codec::PathKind::unfit;
    return plain && !item.row && context_.holds.count(item.path) == 0 &&
           (!context_.track_plain_files || context_.ignored(item.path));
}

void Settler::judge_missing(const SettleItem& item) {
    if (context_.missing.seen_missing(item.path, context_.store.clock().steady_ms())) {
        missing_.push_back(item);
    }
}

/// The content is read together with head and log row, so that what is written belongs to the change it
/// consumes.
void Settler::add_exports(const std::vector<const SettleItem*>& items, FileWorkList& work) {
    for (std::size_t next = 0; next < items.size();) {
        context_.store.read([&](store::Connection& connection) {
            for (; next < items.size() && work.bytes < base::tuning::kBatchBytes; ++next) {
                add_export(connection, *items[next], work);
            }
        });
        if (next < items.size()) {
            run_file_work(work);
        }
    }
}

void Settler::add_export(store::Connection& connection, const SettleItem& item, FileWorkList& work) {
    FileWork one;
    one.item = item;
    one.item.file.bytes = {};
    one.item.head = store::find_head(connection, item.key());
    one.item.change = store::find_change(connection, item.key());
    if (one.item.head) {
        one.content = store::find_content(connection, item.key());
        one.hash = one.item.head->hash;
    }
    one.seq = one.item.change ? one.item.change->seq : 0;
    one.expected = expected_of(item);
    const bool raw_deletion = item.head && !one.item.deleted_by_api();
    if (!one.content && (item.file.state == FileState::absent || raw_deletion)) {
        report_.again.push_back(item.path);  // Deleted in the meantime: judged anew, guard and all.
        return;
    }
    work.add(std::move(one));
}

/// While the helpers write this list's files, the lane records the list before.
void Settler::run_file_work(FileWorkList& work) {
    if (work.work.empty()) {
        return;
    }
    std::exception_ptr failure;
    carry_out(context_, work.work, [&] {
        try {
            record_written();
        } catch (...) {
            failure = std::current_exception();
        }
    });
    written_ = std::move(work);
    work = {};
    if (failure) {
        std::rethrow_exception(failure);
    }
}

void Settler::record_written() {
    FileWorkList done = std::exchange(written_, {});
    if (done.work.empty()) {
        return;
    }
    context_.store.write(Origin::file, store::Durability::relaxed,
                         [&](store::StoreBody::EntityWriter& writer) {
                             for (const FileWork& one : done.work) {
                                 record_file_work(writer, one);
                             }
                         });
    for (const FileWork& one : done.work) {
        count_file_work(one);
    }
}

void Settler::count_file_work(const FileWork& one) {
    if (one.outcome == FileWork::Outcome::failed) {
        record_failed(one);
        return;
    }
    context_.told_failures.over(one.item.path);
    if (one.outcome == FileWork::Outcome::changed) {
        report_.again.push_back(one.item.path);
    } else if (one.outcome == FileWork::Outcome::done) {
        (one.content ? report_.exported : report_.removed) += 1;
    }
}

/// It is tried again and again; observers hear of what is new about it.
void Settler::record_failed(const FileWork& one) {
    report_.failed.push_back(one.item.path);
    report_.last_error = one.reason;
    report_.last_code = one.code;
    failed_.insert(one.item.path);
    const plan::ToldFailures::Tell tell = context_.told_failures.failed(one.item.path, one.cause);
    if (tell == plan::ToldFailures::Tell::nothing) {
        return;
    }
    const bool is_one_of_many = tell == plan::ToldFailures::Tell::that_there_are_more;
    Event event = is_one_of_many ? path_event(EventKind::error, {})
                                 : path_event(EventKind::error, one.item.path, one.item.key());
    event.code = one.code;
    event.message =
        is_one_of_many ? fmt::format("more files fail than are told one by one: {}", one.reason) : one.reason;
    context_.publish(std::move(event));
}

void Settler::record_file_work(store::StoreBody::EntityWriter& writer, const FileWork& one) {
    store::Connection& connection = writer.connection();
    const SettleItem& item = one.item;
    switch (one.outcome) {
        case FileWork::Outcome::done: {
            store::save_row(connection,
                            one.content ? agreed_row(item, one.hash, one.stat, false) : absent_row(item));
            if (one.seq != 0) {
                store::consume_change(
                    connection, item.key(), one.seq,
                    one.content ? std::optional<std::string_view>(*one.content) : std::nullopt);
            }
            note_beside_git(one);
            release_changed(context_, writer, item.path);
            writer.publish(path_event(one.content ? EventKind::file_exported : EventKind::file_removed,
                                      item.path, item.key()));
            return;
        }
        case FileWork::Outcome::refused:
            hold_path(context_, writer, {item.path, one.code, one.reason, context_.store.clock().wall_ms()});
            return;
        default:
            return;
    }
}

}  // namespace fluentsync::sync
