#include "sync/barred_folder.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/text.hpp"
#include "sync/holds.hpp"

namespace fluentsync::sync {

namespace {

struct Bar {
    ErrorCode code = ErrorCode::ok;
    std::string reason;
    bool in_gits_way = false;  ///< Git would track the files in it.
};

bool is_nested_repository(const runtime::Folder& root, const std::string& folder) {
    return !folder.empty() && root.stat(folder + "/.git").exists();
}

/// Git's own for a submodule or a worktree is a file: somebody wants that repository there.
bool made_in_place(const runtime::Folder& root, const std::string& folder) {
    return root.stat(folder + "/.git").kind == runtime::FileKind::folder;
}

std::optional<Bar> find_bar(const runtime::Folder& root, const std::string& folder) {
    try {
        if (is_nested_repository(root, folder)) {
            return Bar{
                ErrorCode::invalid_content,
                fmt::format("a repository of its own, so new files in it are left alone: move {}/.git away",
                            base::printable(folder)),
                made_in_place(root, folder)};
        }
        root.subfolders(folder);  // It may allow a look at what is in it, and not to list that.
        return std::nullopt;
    } catch (const runtime::PathRefused& error) {
        return Bar{error.code(), fmt::format("cannot be read: {}", error.why()), true};
    }
}

}  // namespace

bool is_barred(const runtime::Folder& root, const std::string& folder) {
    try {
        return runtime::unless_refused_twice([&] { return is_nested_repository(root, folder); });
    } catch (const runtime::PathRefused&) {
        return true;
    }
}

std::optional<Held> bar_of(const SyncContext& context, const std::string& folder) {
    // Else the name is held, if at all, for what it says as a file's.
    if (context.classify(folder).kind != codec::PathKind::plain) {
        return std::nullopt;
    }
    const std::optional<Bar> bar = find_bar(*context.folder, folder);
    const std::string file = folder + "/a.md";
    if (!bar || context.ignored(file)) {  // Ignored: somebody has said that nothing is expected of it.
        return std::nullopt;
    }
    const bool of_a_type = context.classify(file).kind != codec::PathKind::plain;
    if (!of_a_type && !(context.track_plain_files && bar->in_gits_way)) {
        return std::nullopt;
    }
    return Held{folder, bar->code, bar->reason, context.store.clock().wall_ms()};
}

void hold_barred(SyncContext& context, const std::vector<std::string>& folders) {
    std::vector<Held> held;
    for (const std::string& folder : folders) {
        if (auto one = bar_of(context, folder)) {
            held.push_back(std::move(*one));
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
