#include "sync/nested_repository.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "sync/holds.hpp"

namespace fluentsync::sync {

namespace {

/// Git's own for a submodule or a worktree is a file: somebody wants that repository there.
bool made_in_place(const runtime::Folder& root, const std::string& folder) {
    return root.stat(folder + "/.git").kind == runtime::FileKind::folder;
}

}  // namespace

bool is_nested_repository(const runtime::Folder& root, const std::string& folder) {
    return !folder.empty() && root.stat(folder + "/.git").exists();
}

bool bars_files(const SyncContext& context, const std::string& folder) {
    // Else the name is held, if at all, for what it says as a file's.
    if (context.classify(folder).kind != codec::PathKind::plain ||
        !is_nested_repository(*context.folder, folder)) {
        return false;
    }
    const std::string file = folder + "/a.md";
    if (context.ignored(file)) {  // Somebody has said that nothing is expected of it.
        return false;
    }
    const bool of_a_type = context.classify(file).kind != codec::PathKind::plain;
    return of_a_type || (context.track_plain_files && made_in_place(*context.folder, folder));
}

Held nested_hold(const SyncContext& context, const std::string& folder) {
    return {folder, ErrorCode::invalid_content,
            fmt::format("a repository of its own, so new files in it are left alone: move {}/.git away",
                        base::printable(folder)),
            context.store.clock().wall_ms()};
}

void hold_nested(SyncContext& context, const std::vector<std::string>& folders) {
    std::vector<Held> held;
    for (const std::string& folder : folders) {
        if (bars_files(context, folder)) {
            held.push_back(nested_hold(context, folder));
        }
    }
    if (held.empty()) {
        return;
    }
    context.store.write(Origin::file, store::Durability::relaxed,
                        [&](store::StoreBody::EntityWriter& writer) {
                            for (const Held& one : held) {
                                hold_path(context, writer, one);
                            }
                        });
}

bool NestedPaths::contain(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos) {
        return false;
    }
    const std::string folder = path.substr(0, slash);
    const auto known = nested_.find(folder);
    if (known != nested_.end()) {
        return known->second;
    }
    bool nested = contain(folder);
    try {
        nested = nested || is_nested_repository(root_, folder);
    } catch (const Error&) {  // Out of reach: the look at the path says why.
    }
    nested_.emplace(folder, nested);
    return nested;
}

}  // namespace fluentsync::sync
