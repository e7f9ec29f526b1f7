/// Three versions of a note brought together: its front matter by key, its body as prose.
#ifndef FLUENTSYNC_NOTE_MERGE_HPP
#define FLUENTSYNC_NOTE_MERGE_HPP

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fluentsync/options.hpp"

namespace fluentsync {

/// A key that both sides changed and no rule brings together. Values as JSON.
struct KeyConflict {
    std::string key;  ///< With dots where it is nested.
    std::string winner;
    std::string loser;
};

inline bool operator==(const KeyConflict& a, const KeyConflict& b) {
    return a.key == b.key && a.winner == b.winner && a.loser == b.loser;
}

struct MergedNote {
    std::string text;
    std::vector<KeyConflict> conflicts;
    bool ours_won = false;  ///< Whose values stand in `conflicts`.
};

/// The three-way merge of a note. Nothing: it does not merge, and one version has to win whole.
///
/// Where all three have YAML front matter that parses and is a mapping on lines, it merges by key: a key that
/// one side changed is as that side has it, bytes and all; one that both changed to the same value is the
/// winner's; else the key's rule decides (MergeRules), nested mappings by path; an edit of a key beats its
/// removal; a text of long lines merges as prose does. What is left is a conflict of that key: the winner's
/// value stands. The winner is the version with the greater hash, whoever's it is. Key edits are made on its
/// text: what no edit is about keeps its bytes; new keys come behind the key that they follow in their own
/// version. Comments that both sides changed stay from both.
///
/// The rest merges by lines, and by words where lines clash that are paragraphs of their own (eight words or
/// more); also the whole text where front matter does not merge so. TOML and JSON front matter merges by
/// line. Texts that hold a NUL, or above 1 MiB of lines that differ, do not merge.
///
/// Symmetric: ours and theirs swapped give the same text and conflicts. Pure; any thread. Never throws but
/// for want of memory and as git does when it fails.
std::optional<MergedNote> merge_notes(std::string_view base, std::string_view ours, std::string_view theirs,
                                      const MergeRules& rules);

}  // namespace fluentsync

#endif
