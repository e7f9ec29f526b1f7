// The part of Applier that looks at what is here, before anything is decided.
#include <fmt/format.h>

#include "files/stable_read.hpp"
#include "sync/applier.hpp"
#include "sync/marked_files.hpp"
#include "sync/obstacle.hpp"
#include "sync/settle.hpp"
#include "sync/unreadable.hpp"

namespace fluentsync::sync {

namespace {

/// Rounds for an entity that is written again and again while it is exported.
constexpr int kSettles = 3;

}  // namespace

/// False: look again.
bool Applier::load(Incoming& incoming) {
    SettleItem& item = incoming.item;
    item.path = incoming.delta->path;
    item.classified = context_.classify(item.path);
    if (!incoming.delta->before && !incoming.delta->after) {  // It came to HEAD and went, and was never here.
        context_.store.read([&](store::Connection& connection) { load_sides(connection, item); });
        return true;
    }
    try {
        if (context_.mounts.hide(item.path)) {
            incoming.refused = kHiddenByMount;
        } else if (incoming.delta->after) {
            incoming.refused = obstacle(*context_.folder, item.path);
        }
        if (incoming.refused.empty()) {
            look(incoming);
        }
    } catch (const runtime::PathRefused& error) {
        incoming.refused = error.what();
    }
    if (!incoming.refused.empty()) {
        return true;
    }
    if (item.file.state == FileState::unstable) {
        return false;
    }
    if (!incoming.delta->after && item.file.stat.kind == runtime::FileKind::folder && !store_moved(item)) {
        item.file = {};  // The file is gone; a folder is nothing of git's.
    }
    incoming.ours = ours_of(incoming);
    leave_to_person(incoming);
    if (incoming.left_out || incoming.kept || !incoming.refused.empty()) {
        return true;
    }
    const bool unread =
        item.file.state == FileState::invalid && !item.file.hash;  // Too large, no permission.
    if (unread || is_somebodys_draft(incoming)) {
        incoming.refused = hold_of(context_, item).reason;
    } else if (incoming.delta->after) {
        load_bytes(incoming);
        incoming.refused = incoming.refused.empty() ? bar_of(incoming) : incoming.refused;
    }
    return true;
}

/// Git was told to leave the file alone, or has let go of it.
bool Applier::is_own(const std::string& path) {
    bool own = ignore_rules_.ignore(path);
    if (!own) {
        context_.store.read(
            [&](store::Connection& connection) { own = outlived_its_removal(connection, path); });
    }
    return own;
}

/// What a person has marked is not written over once it was edited, nor made where it is not. What git
/// ignores here while the remote has it is nobody's to share but the person's.
void Applier::leave_to_person(Incoming& incoming) {
    const SettleItem& item = incoming.item;
    const auto after = id_of(incoming.delta->after);
    const auto& here = incoming.ours;
    const bool was_link = incoming.delta->before && incoming.delta->before->mode == git::kModeLink;
    const bool marked = !was_link && context_.marked(item.path);  // One that was not made here has our mark.
    if (item.file.state == FileState::absent) {
        incoming.left_out = marked && after;
        return;
    }
    if (!here || here == after) {
        return;
    }
    const auto base = base_of(incoming);
    if (!after && let_go_.count(item.path) > 0) {
        incoming.kept = true;
    } else if (marked && here != base) {
        incoming.kept = !after;
        incoming.refused = after ? kMarkedReason : "";
    } else if (after && !base && is_own(item.path)) {
        incoming.refused =
            "git ignores this file here, and the remote has another of its name: this one stays and is not "
            "committed; move it away to take the remote's, or commit it with git to share it";
    }
}

/// What stands here as git has it needs nobody to convert it.
std::string Applier::bar_of(const Incoming& incoming) {
    if (incoming.delta == nullptr || incoming.ours == incoming.delta->after->id) {
        return {};
    }
    return form_.bar_of_blob(incoming.item.path, incoming.bytes);
}

/// A local edit that is no content yet (what has no entity's name never will be): whole, it meets the
/// remote's version.
bool Applier::is_somebodys_draft(const Incoming& incoming) const {
    const auto& here = incoming.ours;
    return is_unfinished(incoming.item) && incoming.item.file.code != ErrorCode::invalid_key &&
           here != base_of(incoming) && here != id_of(incoming.delta->after);
}

/// The ledger does not say what is here.
bool Applier::moved_here(const SettleItem& item) const {
    if (item.file.state == FileState::invalid) {
        return is_carried(context_, item) && is_unfinished(item);
    }
    return item.file.state != FileState::same && !(item.file.state == FileState::absent && !item.base());
}

/// What is here now; a local edit that nobody has looked at yet is settled first.
void Applier::look(Incoming& incoming) {
    SettleItem& item = incoming.item;
    const auto look = [&] {
        context_.store.read([&](store::Connection& connection) { load_sides(connection, item); });
        item.file = observe(context_, item.path, item.classified, item.row ? &*item.row : nullptr);
        if (item.file.state == FileState::invalid && !item.file.hash) {
            read_refused(item);
        }
    };
    look();
    const bool file_moved = moved_here(item);
    // The store may move on once more meanwhile.
    for (int i = 0; i < kSettles; ++i) {
        const bool wanted = item.file.state != FileState::invalid && store_moved(item);
        if (!wanted && !(file_moved && i == 0)) {
            break;
        }
        stop_if_cut_short();
        Settler settler(context_);
        settler.settle({item.path});
        look();
    }
    stop_if_cut_short();
    if (item.file.state != FileState::invalid && store_moved(item)) {
        incoming.refused = "the store has a version that is not in the folder yet: the remote's waits for it";
    }
}

void Applier::load_bytes(Incoming& incoming) {
    const auto limit = static_cast<std::uint64_t>(context_.options.max_import_file_bytes);
    try {
        const base::ObjectId& id = incoming.delta->after->id;
        if (auto bytes = content_of(git_, id, limit)) {
            incoming.bytes = std::move(*bytes);
        } else {
            incoming.refused = fmt::format(
                "the remote's version ({}) is damaged or lost in the repository here: fetch it from another "
                "clone; verify lists what is lost",
                id.hex());
        }
    } catch (const Error& error) {
        if (error.code() != ErrorCode::too_large) {
            throw;
        }
        const auto& here = incoming.ours;
        if (here && here != base_of(incoming)) {  // Changed here too: neither replaces the other.
            incoming.refused = fmt::format(
                "the remote's version is over the limit of {} bytes (directory.max_import_file_bytes)",
                limit);
            return;
        }
        hold_too_large(incoming, limit);
        incoming.delta = nullptr;
    }
}

/// A name that is no entity's is held unread, but a commit may still change or remove what is there. What is
/// over the limit or cannot be read stays without a hash.
void Applier::read_refused(SettleItem& item) const {
    if (item.file.stat.kind != runtime::FileKind::regular || item.file.code != ErrorCode::invalid_key) {
        return;
    }
    const auto read = files::read_stable(*context_.folder, item.path,
                                         static_cast<std::uint64_t>(context_.options.max_import_file_bytes),
                                         context_.store.clock());
    if (read.status == files::ReadStatus::ok) {
        item.file.stat = read.stat;
        item.file.hash = read.hash;
    }
}

/// What counts as the local content: nothing when the file is gone, the file's when it is there. A version of
/// git's that is here as it is counts as that, whatever the attributes have become.
std::optional<base::ObjectId> Applier::ours_of(const Incoming& incoming) {
    const SettleItem& item = incoming.item;
    if (item.file.state == FileState::absent || !item.file.hash) {
        return std::nullopt;
    }
    const base::ObjectId hash = *item.file.hash;
    if (item.row && item.row->git_form && item.row->here() == hash) {
        return item.row->git_form;
    }
    const auto base = base_of(incoming);
    std::string bytes;
    if (hash == base || hash == id_of(incoming.delta->before) || hash == id_of(incoming.delta->after) ||
        !form_.depends_on_bytes(item.path) || !reads_file(item, bytes)) {
        return hash;
    }
    return form_.id_in_git(item.path, bytes, hash, base);
}

/// False: it is no longer as it was looked at.
bool Applier::reads_file(const SettleItem& item, std::string& bytes) const {
    if (item.file.state != FileState::same) {
        bytes = item.file.bytes;
    } else {
        context_.folder->read(item.path, static_cast<std::uint64_t>(context_.options.max_import_file_bytes),
                              bytes);
    }
    return base::hash_blob(bytes) == *item.file.hash;
}

/// HEAD's version, if that was a file; but where it was too large to be here: then what is here was made from
/// an earlier one.
std::optional<base::ObjectId> Applier::base_of(const Incoming& incoming) const {
    const auto& row = incoming.item.row;
    return row && row->for_git() && context_.outgrown.count(incoming.item.path) > 0 ? row->for_git()
           : incoming.delta->before && git::is_link_or_submodule(incoming.delta->before->mode)
               ? std::nullopt
               : id_of(incoming.delta->before);
}

}  // namespace fluentsync::sync
