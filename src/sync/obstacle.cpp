#include "sync/obstacle.hpp"

#include <fmt/format.h>

namespace fluentsync::sync {

using runtime::FileKind;

std::string obstacle(runtime::Folder& folder, const std::string& path) {
    for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
        const std::string parent = path.substr(0, slash);
        const FileKind kind = folder.stat(parent).kind;
        if (kind == FileKind::none) {
            return {};
        }
        if (kind != FileKind::folder) {
            return fmt::format("{} is no folder and in the way of what the remote has: move it", parent);
        }
    }
    const FileKind kind = folder.stat(path).kind;
    if (kind == FileKind::none || kind == FileKind::regular) {
        return {};
    }
    if (kind == FileKind::folder && folder.remove_folder(path)) {
        return {};
    }
    return "something that is no regular file is in the way of what the remote has: move it";
}

}  // namespace fluentsync::sync
