// The part of Applier for symbolic links, which are git's and the folder's alone: the store knows nothing of
// them. Each meets what is here as a file does: what somebody has changed is not written over.
#include <algorithm>
#include <utility>

#include "files/layout.hpp"
#include "files/safe_link.hpp"
#include "git/links.hpp"
#include "store/records.hpp"
#include "sync/applier.hpp"
#include "sync/holds.hpp"
#include "sync/marked_files.hpp"
#include "sync/obstacle.hpp"
#include "sync/restore.hpp"

namespace fluentsync::sync {

namespace {

bool is_link(const std::optional<git::TreeFile>& file) {
    return file && file->mode == git::kModeLink;
}

/// Where the one leads that a commit had; nothing: it had none, or one that no system can have.
std::optional<std::string> target_of(const GitContext& git, const std::optional<git::TreeFile>& file) {
    try {
        return is_link(file) ? std::optional(git::link_target(git.repository, file->id)) : std::nullopt;
    } catch (const Error& error) {
        if (error.code() != ErrorCode::too_large) {
            throw;
        }
        return std::nullopt;
    }
}

}  // namespace

/// Whether a file of ours is there that the commit before had, or was.
bool Applier::gives_way_to_link(const git::TreeDelta& delta) const {
    if (!delta.before || git::is_link_or_submodule(delta.before->mode)) {
        return false;
    }
    std::optional<store::LedgerRow> row;
    context_.store.read(
        [&](store::Connection& connection) { row = store::find_row(connection, delta.path); });
    const auto kind = row ? kind_at(context_, delta.path) : std::nullopt;
    return kind == runtime::FileKind::none ||
           (kind == runtime::FileKind::regular && row->for_git() == delta.before->id);
}

/// The delta as far as files are concerned; null: it is none of theirs, or not in this pass. A file that
/// gives way to a link is removed like others.
const git::TreeDelta* Applier::of_files(const git::TreeDelta& delta, bool removals) {
    if (links_.count(delta.path) > 0) {
        return removals && gives_way_to_link(delta)
                   ? &gone_for_links_.emplace_back(git::TreeDelta{delta.path, delta.before, {}})
                   : nullptr;
    }
    const bool link_alone = is_link(delta.before) && !delta.after;
    return link_alone || delta.after.has_value() == removals ? nullptr : &delta;
}

/// Those that have no link after the commit, before what comes in their place.
void Applier::take_links_away() {
    std::vector<const git::TreeDelta*> gone;
    for (const git::TreeDelta& delta : deltas_) {
        stop_if_cut_short();
        if (is_link(delta.after) && unfit(git_, delta).empty()) {
            links_.insert(delta.path);
            continue;
        }
        const auto target = target_of(git_, delta.before);
        try {
            changed_ += target &&
                        files::remove_link(*context_.folder, delta.path, *target) == files::WriteStatus::done;
        } catch (const runtime::PathRefused&) {  // What comes in its place tells why it cannot.
        }
        if (is_link(delta.before) && !delta.after) {
            gone.push_back(&delta);
        }
    }
    if (gone.empty()) {
        return;
    }
    context_.store.write(Origin::remote, durability(false), [&](store::StoreBody::EntityWriter& writer) {
        for (const git::TreeDelta* delta : gone) {
            link_is_settled(writer, delta->path);
        }
    });
}

/// Behind the files, for none of them is to come through a link.
void Applier::make_links() {
    std::vector<std::pair<const git::TreeDelta*, std::string>> made;
    std::set<std::string> folders;
    for (const git::TreeDelta& delta : deltas_) {
        stop_if_cut_short();
        if (links_.count(delta.path) == 0) {
            continue;
        }
        const std::int64_t before = changed_;
        try {
            made.emplace_back(&delta, make_link(delta));
        } catch (const runtime::PathRefused& error) {
            made.emplace_back(&delta, error.what());
        }
        if (changed_ != before) {
            folders.insert(files::parent_of(delta.path));
        }
    }
    if (made.empty()) {
        return;
    }
    if (context_.options.durable) {
        for (const std::string& folder : folders) {
            context_.folder->sync_path(folder);
        }
    }
    const bool any_refused =
        std::any_of(made.begin(), made.end(), [](const auto& one) { return !one.second.empty(); });
    context_.store.write(Origin::remote, durability(any_refused),
                         [&](store::StoreBody::EntityWriter& writer) {
                             for (const auto& [delta, refused] : made) {
                                 if (refused.empty()) {
                                     link_is_settled(writer, delta->path);
                                 } else {
                                     fall_behind(writer, *delta, refused);
                                 }
                             }
                         });
}

/// Why it cannot be there now; empty: it is there.
std::string Applier::make_link(const git::TreeDelta& delta) {
    const std::string& path = delta.path;
    if (context_.mounts.hide(path)) {
        return kHiddenByMount;
    }
    bool known = false;
    context_.store.read([&](store::Connection& connection) {
        const auto row = store::find_row(connection, path);
        known = row && row->for_git();
    });
    const std::string target = git::link_target(git_.repository, delta.after->id);
    const auto here = context_.folder->read_link(path);
    if (known || (!here && context_.folder->stat(path).kind == runtime::FileKind::regular)) {
        return "a file that was made or edited here is in the way of the remote's symbolic link: move it";
    }
    if (here == target) {
        return {};
    }
    const auto before = target_of(git_, delta.before);
    if (here && here != before) {
        return "a symbolic link that was changed here is not replaced by the remote's: remove it to take "
               "that";
    }
    const bool was_fit = before && git::unfit_link(git_.repository, path, delta.before->id).empty();
    if (!here && was_fit && context_.marked(path)) {
        return {};  // A person does not want it here.
    }
    if (std::string way = here ? std::string() : obstacle(*context_.folder, path); !way.empty()) {
        return way;
    }
    if (files::place_link(*context_.folder, path, target, here) != files::WriteStatus::done) {
        return "something was put in the place of the remote's symbolic link just now";
    }
    changed_ += 1;
    return {};
}

void Applier::link_is_settled(store::StoreBody::EntityWriter& writer, const std::string& path) {
    store::Connection& connection = writer.connection();
    if (behind_.erase(path) > 0) {
        clear_behind(connection, path);
    }
    const auto row = store::find_row(connection, path);
    if (row && !row->for_git()) {  // A file that was removed here, which this link follows.
        store::erase_row(connection, path);
    }
    if (context_.holds.count(path) == 0 && store::find_hold(connection, path)) {
        release_held(context_, writer, path);
    }
}

}  // namespace fluentsync::sync
