#include "sync/ignore_source.hpp"

#include <utility>

#include "base/tuning.hpp"
#include "fluentsync/error.hpp"

namespace fluentsync::sync {

namespace {

/// Where the folder itself may not be looked into, nothing of it goes anywhere.
bool is_known_there(const runtime::Folder& root, const std::string& path) {
    try {
        return root.stat(path).exists();
    } catch (const runtime::PathRefused&) {
        return false;
    }
}

}  // namespace

git::IgnoreRules::Source ignore_source(std::shared_ptr<const runtime::Folder> folder) {
    return [root = std::move(folder)](const std::string& name) -> std::optional<std::string> {
        const std::string path = name.empty() ? ".gitignore" : name + "/.gitignore";
        std::string text;
        try {
            const runtime::FileStat stat = root->read(path, base::tuning::kMostRuleBytes, text);
            if (stat.kind != runtime::FileKind::regular) {
                return std::nullopt;
            }
        } catch (const runtime::PathRefused&) {
            return is_known_there(*root, path) ? std::optional<std::string>("*") : std::nullopt;
        }
        return text.size() > base::tuning::kMostRuleBytes ? "*" : std::move(text);
    };
}

}  // namespace fluentsync::sync
