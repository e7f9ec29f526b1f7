#include "sync/mounts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "files/stable_read.hpp"
#include "store/held_deletions.hpp"
#include "store/ledger.hpp"
#include "store/records.hpp"
#include "sync/holds.hpp"
#include "sync/observation.hpp"

namespace fluentsync::sync {

namespace {

constexpr const char* kMount = "mount:";

bool lies_below(const std::string& path, const std::string& point) {
    return path.size() > point.size() && path[point.size()] == '/' &&
           path.compare(0, point.size(), point) == 0;
}

/// As the ledger has it. Whatever is in the way of the look: no.
bool is_here(const SyncContext& context, store::Connection& connection, const std::string& path) {
    try {
        const auto row = store::find_row(connection, path);
        const runtime::FileStat stat = context.folder->stat(path);
        if (!row || stat.kind != runtime::FileKind::regular) {
            return false;
        }
        if (row->signature.inode != 0) {  // A mount may give its files other inodes the next time.
            return row->signature.size == stat.size && row->signature.mtime_ns == stat.mtime_ns;
        }
        const auto limit = static_cast<std::uint64_t>(context.options.max_import_file_bytes);
        return files::read_stable(*context.folder, path, limit, context.store.clock()).hash == row->base;
    } catch (const Error&) {
        return false;
    }
}

std::string reason_of(bool mounted, std::size_t files) {
    return fmt::format(
        "{}: nothing in it counts as deleted, and nothing is written there; mount it again, or confirm that "
        "its {} files may go",
        mounted ? "another file system is mounted over it" : "its file system is not mounted", files);
}

}  // namespace

struct Mounts::Judged {
    std::string point;
    bool mounted = false;
    bool hides = false;
    bool noted_anew = false;
    std::vector<std::string> known;
};

bool Mounts::hide(const std::string& path) const {
    if (!any_hidden_) {
        return false;
    }
    const std::lock_guard lock(mutex_);
    return std::any_of(hidden_.begin(), hidden_.end(),
                       [&](const std::string& point) { return path == point || lies_below(path, point); });
}

void Mounts::set_hidden(std::set<std::string> hidden) {
    const std::lock_guard lock(mutex_);
    hidden_ = std::move(hidden);
    any_hidden_ = !hidden_.empty();
}

bool Mounts::look(SyncContext& context) {
    Ids now;
    for (runtime::Mount& mount : context.folder->mounts()) {
        if (!codec::excluded_folder(mount.path)) {
            now.emplace(std::move(mount.path), std::move(mount.id));
        }
    }
    Ids noted;
    bool confirmed = false;
    context.store.read([&](store::Connection& connection) {
        noted = store::values_named(connection, kMount);
        confirmed = any_hidden_ && !store::confirmed_deletions(connection).empty();
    });
    if (looked_ && now == seen_ && noted == noted_ && !confirmed && !may_be_shown(context)) {
        return false;
    }
    looked_ = true;
    seen_ = std::move(now);
    noted_ = std::move(noted);
    std::set<std::string> points;
    for (const Ids* ids : {&seen_, &noted_}) {
        for (const auto& [point, id] : *ids) {
            points.insert(point);
        }
    }
    std::set<std::string> hidden;
    probes_.clear();
    for (const std::string& point : points) {
        const Judged judged = judge(context, point);
        if (judged.hides) {
            hidden.insert(point);
            probes_.push_back(judged.known.front());
        }
        carry_out(context, judged);
    }
    set_hidden(std::move(hidden));
    return true;
}

/// Somebody may have moved the files to where they were mounted.
bool Mounts::may_be_shown(SyncContext& context) const {
    bool any = false;
    context.store.read([&](store::Connection& connection) {
        any = std::any_of(probes_.begin(), probes_.end(),
                          [&](const std::string& path) { return is_here(context, connection, path); });
    });
    return any;
}

Mounts::Judged Mounts::judge(SyncContext& context, const std::string& point) const {
    Judged judged;
    judged.point = point;
    const auto now = seen_.find(point);
    const auto was = noted_.find(point);
    judged.mounted = now != seen_.end();
    if (judged.mounted && was != noted_.end() && !now->second.empty() && now->second == was->second) {
        return judged;
    }
    context.store.read([&](store::Connection& connection) {
        judged.known = store::paths_below(connection, point);
        const auto& known = judged.known;
        const auto here = [&](const std::string& path) { return is_here(context, connection, path); };
        const std::set<std::string> confirmed = store::confirmed_deletions(connection);
        const auto may_go = [&](const std::string& path) { return confirmed.count(path) > 0; };
        judged.noted_anew = known.empty() || std::all_of(known.begin(), known.end(), may_go) ||
                            (judged.mounted ? std::any_of(known.begin(), known.end(), here)
                                            : std::all_of(known.begin(), known.end(), here));
    });
    judged.hides = !judged.noted_anew;
    return judged;
}

/// What is shown again, or may go, takes its usual way: it is looked at, and looked for twice.
void Mounts::carry_out(SyncContext& context, const Judged& judged) {
    for (const std::string& path : judged.known) {
        if (judged.hides) {
            context.missing.clear(path);
            context.held_deletions.insert(path);
        } else {
            context.held_deletions.erase(path);
        }
    }
    const auto seen = seen_.find(judged.point);
    context.store.write(Origin::file, store::Durability::full, [&](store::StoreBody::EntityWriter& writer) {
        store::Connection& connection = writer.connection();
        if (judged.noted_anew) {
            store::set_value(
                connection, kMount + judged.point,
                judged.mounted && !seen->second.empty() ? std::optional(seen->second) : std::nullopt);
        }
        const auto held = store::find_hold(connection, judged.point);
        if (judged.hides) {
            hold_path(context, writer,
                      {judged.point, ErrorCode::root_unverified,
                       reason_of(judged.mounted, judged.known.size()), context.store.clock().wall_ms()});
        } else if (held && held->code == ErrorCode::root_unverified) {
            release_path(context, writer, judged.point);
        }
    });
    if (judged.noted_anew && judged.mounted && !seen->second.empty()) {
        noted_[judged.point] = seen->second;
    } else if (judged.noted_anew) {
        noted_.erase(judged.point);
    }
}

}  // namespace fluentsync::sync
