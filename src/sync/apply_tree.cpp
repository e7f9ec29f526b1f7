#include "sync/applier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

#include "git/links.hpp"
#include "store/records.hpp"
#include "sync/contest.hpp"
#include "sync/holds.hpp"
#include "sync/outgrown.hpp"
#include "sync/restore.hpp"

namespace fluentsync::sync {

namespace {

/// Rounds for a path that somebody keeps editing while it is applied.
constexpr int kRounds = 8;

}  // namespace

std::string unfit(const GitContext& git, const git::TreeDelta& delta) {
    if (!codec::safe_tree_path(delta.path)) {
        return "the remote's path is not safe to write: it stays in git only; rename it there";
    }
    if (delta.after && delta.after->mode == git::kModeLink) {
        return git::unfit_link(git.repository, delta.path, delta.after->id);
    }
    if (delta.after && delta.after->mode == git::kModeSubmodule) {
        return "a submodule stays in git only";
    }
    return {};
}

/// Removals first: a file may give way to a folder of its name, and a folder to a file. Links last.
std::int64_t Applier::run() {
    context_.store.read([&](store::Connection& connection) { behind_ = behind_files(connection); });
    take_links_away();
    std::size_t done = 0;
    for (const bool removals : {true, false}) {
        std::vector<const git::TreeDelta*> batch;
        std::vector<const git::TreeDelta*> unfit_ones;
        for (const git::TreeDelta& every : deltas_) {
            const git::TreeDelta* const own = of_files(every, removals);
            if (own == nullptr) {
                continue;
            }
            const git::TreeDelta& delta = *own;
            if (!unfit(git_, delta).empty()) {
                unfit_ones.push_back(&delta);
                if (unfit_ones.size() == base::tuning::kBatchEntities) {
                    hold_entries(std::exchange(unfit_ones, {}), !removals);
                }
                continue;
            }
            batch.push_back(&delta);
            if (batch.size() == base::tuning::kBatchEntities) {
                done += apply_batch(std::move(batch));
                batch = {};
                tell_progress(context_, "apply", static_cast<std::int64_t>(done),
                              static_cast<std::int64_t>(deltas_.size()));
            }
        }
        hold_entries(unfit_ones, !removals);
        apply_batch(std::move(batch));
    }
    make_links();
    return changed_;
}

/// A remote may have any number of them: not a transaction each.
void Applier::hold_entries(const std::vector<const git::TreeDelta*>& deltas, bool tells) {
    stop_if_cut_short();
    if (deltas.empty()) {
        return;
    }
    context_.store.write(Origin::remote, durability(tells), [&](store::StoreBody::EntityWriter& writer) {
        for (const git::TreeDelta* delta : deltas) {
            hold_entry(writer, *delta, unfit(git_, *delta));
        }
    });
}

void Applier::hold_entry(store::StoreBody::EntityWriter& writer, const git::TreeDelta& delta,
                         const std::string& reason) {
    if (delta.after && store::find_row(writer.connection(), delta.path)) {
        fall_behind(writer, delta, reason);  // For a file that may come once more.
    } else if (delta.after) {
        list_held(writer, delta.path, reason);
    } else {
        store::clear_hold(writer.connection(), delta.path);
    }
}

/// Not among the context's holds: what is at the path here is no concern of this one.
void Applier::list_held(store::StoreBody::EntityWriter& writer, const std::string& path,
                        const std::string& reason) {
    const Held held{path, ErrorCode::repository, reason, context_.store.clock().wall_ms()};
    if (store::save_hold(writer.connection(), held)) {
        tell_held(writer, held);
    }
}

/// Tried again under a larger limit. An older version stays here, and differs from HEAD's.
void Applier::hold_too_large(const Incoming& incoming, std::uint64_t limit) {
    const std::string& path = incoming.delta->path;
    context_.store.write(Origin::remote, durability(true), [&](store::StoreBody::EntityWriter& writer) {
        const std::string reason = fmt::format(
            "{} of {} bytes (directory.max_import_file_bytes): it stays in git only", kOverLimit, limit);
        hold_entry(writer, *incoming.delta, reason);
        note_outgrown(writer.connection(), path, incoming.delta->after->id, reason);
        writer.after_commit([this, path] { context_.outgrown.insert(path); });
        store::set_value(writer.connection(), kRefusedAbove, std::to_string(limit));
        clear_behind(writer.connection(), path);
        if (auto row = incoming.item.row) {
            row->committed = incoming.delta->after->id;
            store::save_row(writer.connection(), *row);
        }
    });
}

void Applier::stop_if_cut_short() const {
    if (context_.cut_short()) {
        throw Error(ErrorCode::cancelled, "the pull was given up: closing; the next start goes on with it");
    }
}

std::size_t Applier::apply_batch(std::vector<const git::TreeDelta*> batch) {
    stop_if_cut_short();
    const std::size_t size = batch.size();
    for (int round = 0; !batch.empty(); ++round) {
        if (round == kRounds) {
            stay_behind(batch);
            if (batch.empty()) {
                break;
            }
            throw Error(
                ErrorCode::io,
                fmt::format("{}: the file keeps changing while a pull is applied", batch.front()->path),
                batch.front()->path);
        }
        std::vector<const git::TreeDelta*> again;
        for (std::size_t next = 0; next < batch.size();) {
            const auto more = apply_slice(batch, next);
            again.insert(again.end(), more.begin(), more.end());
        }
        batch = std::move(again);
    }
    return size;
}

/// One that is behind anyway is left for the next time.
void Applier::stay_behind(std::vector<const git::TreeDelta*>& batch) {
    context_.store.write(Origin::remote, durability(true), [&](store::StoreBody::EntityWriter& writer) {
        for (const git::TreeDelta* delta : batch) {
            if (behind_.count(delta->path) > 0) {
                fall_behind(writer, *delta, "the file keeps changing: the remote's version waits");
            }
        }
    });
    std::erase_if(batch, [&](const auto* delta) { return behind_.count(delta->path) > 0; });
}

/// Goes on from `next`, as far as contents of bounded size reach. Returns what has to be done again, because
/// the file changed underneath.
std::vector<const git::TreeDelta*> Applier::apply_slice(const std::vector<const git::TreeDelta*>& batch,
                                                        std::size_t& next) {
    std::deque<Incoming> all;
    std::size_t bytes = 0;
    std::vector<const git::TreeDelta*> again;
    FileWorkList work;
    std::vector<Incoming*> contended;
    std::vector<Incoming*> settled;
    std::vector<Incoming*> refused;
    std::map<std::string, Incoming*> by_path;
    for (; next < batch.size() && bytes < base::tuning::kBatchBytes; ++next) {
        Incoming& incoming = all.emplace_back();
        incoming.delta = batch[next];
        by_path.emplace(incoming.delta->path, &incoming);
        if (!load(incoming)) {
            again.push_back(incoming.delta);
            continue;
        }
        if (!incoming.refused.empty()) {
            refused.push_back(&incoming);
            continue;
        }
        bytes += incoming.bytes.size();
        judge(incoming, work, contended, settled);
    }
    context_.store.write(Origin::remote, durability(!refused.empty()),
                         [&](store::StoreBody::EntityWriter& writer) {
                             for (const Incoming* incoming : settled) {
                                 keep_local(writer, *incoming);
                             }
                             for (const Incoming* incoming : refused) {
                                 fall_behind(writer, *incoming->delta, incoming->refused);
                             }
                         });
    for (Incoming* incoming : contended) {
        if (!contend(*incoming, work)) {
            again.push_back(incoming->delta);
        }
    }
    carry_out(context_, work.work);
    const bool any_refused =
        std::any_of(work.work.begin(), work.work.end(), [](const FileWork& one) { return one.path_refused; });
    context_.store.write(Origin::remote, durability(any_refused),
                         [&](store::StoreBody::EntityWriter& writer) {
                             for (FileWork& one : work.work) {
                                 record(writer, *by_path.at(one.item.path), one);
                             }
                         });
    for (FileWork& one : work.work) {
        if (one.outcome == FileWork::Outcome::changed) {
            again.push_back(by_path.at(one.item.path)->delta);
        } else if (one.outcome == FileWork::Outcome::failed) {
            if (!one.path_refused) {
                throw Error(one.code, one.reason, one.item.path);
            }
        }
    }
    return again;
}

/// Which blob a merged content becomes is for the commit of it to say.
FileWork Applier::write_of(const Incoming& incoming, std::string blob, const base::ObjectId& id) {
    FileWork work;
    work.item = incoming.item;
    work.item.file.bytes = {};
    work.hash = id;
    if (auto file = form_.to_file(incoming.delta->path, blob)) {
        work.hash = base::hash_blob(*file);
        work.content = std::move(file);
        work.git_form = id == id_of(incoming.delta->after) ? std::optional(id) : std::nullopt;
    } else {
        work.content = std::move(blob);
    }
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
    if ((!incoming.delta->before && !incoming.delta->after) || incoming.left_out || incoming.kept) {
        settled.push_back(&incoming);
        return;
    }
    plan::View view;
    view.base = base_of(incoming);
    view.ours = incoming.ours;
    view.theirs = id_of(incoming.delta->after);
    if (view.ours && view.ours == view.theirs &&
        executable_of(incoming) != incoming.item.file.stat.executable) {
        work.add(write_of(incoming, std::move(incoming.bytes), *view.theirs));  // The mode alone.
        return;
    }
    // An apply that was cut short wrote it already: what is here was made from it, or it was deleted since.
    // What is HEAD's version again, a person has put back (a checkout, a reset): the pull goes over it once
    // more.
    const auto& row = incoming.item.row;
    const bool put_back = view.ours && view.ours == view.base;
    const bool written = !put_back && row && row->committed && row->committed == view.theirs &&
                         context_.outgrown.count(incoming.item.path) == 0 &&
                         behind_.count(incoming.item.path) == 0;
    if (written && view.ours != view.theirs) {
        settled.push_back(&incoming);
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
            contended.push_back(&incoming);
            return;
        default:
            settled.push_back(&incoming);
    }
}

std::int64_t apply_tree(GitContext& git, const std::vector<git::TreeDelta>& deltas,
                        const std::set<std::string>& let_go) {
    return Applier(git, deltas, let_go).run();
}

}  // namespace fluentsync::sync
