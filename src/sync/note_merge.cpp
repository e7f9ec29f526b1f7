#include "fluentsync/note_merge.hpp"

#include <algorithm>

#include "base/object_id.hpp"
#include "codec/fences.hpp"
#include "codec/front_matter.hpp"
#include "fluentsync/error.hpp"
#include "git/tree.hpp"
#include "sync/front_matter_merge.hpp"
#include "sync/prose_merge.hpp"

namespace fluentsync {

namespace {

/// Nobody's front matter is longer; the work stays bounded.
constexpr std::size_t kLongestFrontMatter = 256 * 1024;

/// A note taken apart.
struct NoteParts {
    NoteParts(std::string_view text, const codec::Fences& fences)
        : head(text.substr(0, fences.yaml_begin)),
          block(text.substr(fences.yaml_begin, fences.yaml_end - fences.yaml_begin)),
          fence(text.substr(fences.yaml_end, fences.body_begin - fences.yaml_end)),
          body(text.substr(fences.body_begin)) {}
    std::string_view head;
    std::string_view block;
    std::string_view fence;
    std::string_view body;
};

std::optional<NoteParts> parts_of(std::string_view text) {
    const auto fences = codec::find_fences(text);
    if (!fences || fences->yaml_end - fences->yaml_begin > kLongestFrontMatter) return std::nullopt;
    return NoteParts(text, *fences);
}

/// What one side changed; the winner's where both did.
std::string_view changed_of(std::string_view base, std::string_view winner, std::string_view loser) {
    return winner == base ? loser : winner;
}

std::optional<MergedNote> merge_by_key(std::string_view base, std::string_view winner, std::string_view loser,
                                       const MergeRules& rules) {
    const auto b = parts_of(base);
    const auto w = parts_of(winner);
    const auto l = parts_of(loser);
    if (!b || !w || !l) return std::nullopt;
    MergedNote note;
    const auto block = sync::merge_front_matter(b->block, w->block, l->block, rules, note.conflicts);
    if (!block) return std::nullopt;
    const auto body = sync::merge_prose(b->body, w->body, l->body);
    if (!body) return std::nullopt;
    note.text.append(changed_of(b->head, w->head, l->head)).append(*block);
    note.text.append(changed_of(b->fence, w->fence, l->fence)).append(*body);
    for (const KeyConflict& one : note.conflicts)
        codec::set_key(note.text, one.key, one.loser);  // Throws where nobody could take the loser's value.
    return note;
}

}  // namespace

std::optional<MergedNote> merge_notes(std::string_view base, std::string_view ours, std::string_view theirs,
                                      const MergeRules& rules) {
    const bool ours_won = base::hash_blob(ours) > base::hash_blob(theirs);
    const std::string_view winner = ours_won ? ours : theirs;
    const std::string_view loser = ours_won ? theirs : ours;
    const std::string_view texts[] = {base, winner, loser};
    if (ours == theirs || ours == base || theirs == base) {
        return MergedNote{std::string(ours == base ? theirs : ours), {}, ours_won};
    }
    bool by_line = std::any_of(std::begin(texts), std::end(texts), codec::has_foreign_front_matter);
    try {
        if (auto merged = by_line ? std::nullopt : merge_by_key(base, winner, loser, rules)) {
            merged->ours_won = ours_won;
            return merged;
        }
    } catch (const Error& error) {
        if (error.code() != ErrorCode::invalid_front_matter) throw;
        by_line = true;
    }
    auto merged = by_line ? git::merge_texts(base, ours, theirs) : sync::merge_prose(base, ours, theirs);
    if (!merged) return std::nullopt;
    return MergedNote{std::move(*merged), {}, ours_won};
}

}  // namespace fluentsync
