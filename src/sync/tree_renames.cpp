#include "sync/tree_renames.hpp"

#include <optional>

namespace fluentsync::sync {

namespace {

bool is_plain_mode(const git::TreeFile& file) {
    return file.mode == git::kModeFile || file.mode == git::kModeExecutable;
}

/// Where a blob goes and comes; `many` once it does either in two places.
struct Movement {
    std::string from;
    std::string to;
    bool many = false;
};

void note_place(std::string& place, const std::string& path, bool& many) {
    many = many || !place.empty();
    place = path;
}

}  // namespace

std::map<std::string, std::string> exact_renames(const std::vector<git::TreeDelta>& deltas) {
    static const base::ObjectId empty = base::hash_blob("");
    std::map<base::ObjectId, Movement> movements;
    for (const git::TreeDelta& delta : deltas) {
        if (delta.before && delta.after) continue;
        const git::TreeFile& file = delta.before ? *delta.before : *delta.after;
        if (!is_plain_mode(file) || file.id == empty) continue;
        Movement& movement = movements[file.id];
        note_place(delta.before ? movement.from : movement.to, delta.path, movement.many);
    }
    std::map<std::string, std::string> renames;
    for (const auto& [id, movement] : movements) {
        if (!movement.many && !movement.from.empty() && !movement.to.empty()) {
            renames.emplace(movement.from, movement.to);
        }
    }
    return renames;
}

std::vector<FollowedRename> followed_renames(const std::vector<git::TreeDelta>& renaming,
                                             const std::vector<git::TreeDelta>& editing) {
    std::map<std::string, std::string> renames = exact_renames(renaming);
    if (renames.empty()) return {};
    std::map<std::string, const git::TreeDelta*> edits;
    for (const git::TreeDelta& delta : editing)
        edits.emplace(delta.path, &delta);
    std::vector<FollowedRename> followed;
    for (const auto& [before, after] : renames) {
        const auto edit = edits.find(before);
        const bool follows = edit != edits.end() && edit->second->before && edit->second->after &&
                             is_plain_mode(*edit->second->after) && edits.count(after) == 0;
        if (follows) followed.push_back({before, after, *edit->second->after});
    }
    return followed;
}

}  // namespace fluentsync::sync
