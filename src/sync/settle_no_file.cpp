// The part of Settler that regards what stands in a file's place and is none.
#include <utility>

#include "sync/barred_folder.hpp"
#include "sync/settle.hpp"

namespace fluentsync::sync {

/// A folder where no file is known is no file that could be held, but it may bar those in it.
void Settler::regard_folder(SettleItem& item) const {
    if (item.file.stat.kind != runtime::FileKind::folder || item.base() || item.head) {
        return;
    }
    item.file = {};
    if (std::optional<Held> held = bar_of(context_, item.path)) {
        item.file.state = FileState::invalid;
        item.file.code = held->code;
        item.file.reason = std::move(held->reason);
    }
}

/// A link that HEAD has is no file, and in nobody's way but that of a version that the store has and the
/// folder has not.
void Settler::regard_link(SettleItem& item) const {
    const bool exported = !item.head || item.head->hash == item.base();
    if (item.file.stat.kind == runtime::FileKind::symlink && exported && context_.has_gits_link(item.path)) {
        item.file = {};
    }
}

}  // namespace fluentsync::sync
