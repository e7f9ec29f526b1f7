/// The three-way matrix of DESIGN.md section 5: what to do with one path. Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "base/object_id.hpp"

namespace fluentsync::plan {

/// The two sides that a hop joins: store and file, or local and remote.
struct View {
    std::optional<base::ObjectId> base;    ///< What both last agreed on; nothing: never agreed.
    std::optional<base::ObjectId> ours;    ///< Store or local; nothing: absent.
    std::optional<base::ObjectId> theirs;  ///< File or remote; nothing: absent (or invalid, see below).
    bool theirs_invalid = false;           ///< There is a file, but it cannot be content.
};

enum class Verdict {
    in_step,      ///< Nothing to do.
    take_ours,    ///< Write ours over theirs (export). Also an edit of ours that beats a deletion of theirs.
    take_theirs,  ///< Write theirs over ours (import). Also an edit of theirs that beats a deletion of ours.
    drop_ours,    ///< Theirs was deleted: delete ours (guarded).
    drop_theirs,  ///< Ours was deleted: remove theirs.
    adopt,        ///< Both have the same new content: agree on it.
    forget,       ///< Both are gone: drop the agreement.
    contend,      ///< Both changed and differ: merge, or pick a winner.
    hold,         ///< Theirs is invalid: leave everything as it is and say so.
};

Verdict reconcile(const View& view);

enum class Side { ours, theirs };

/// How a contest that did not merge is decided.
enum class Preference { by_content, ours, theirs, newest };

struct Contender {
    base::ObjectId hash;
    std::int64_t time = 0;  ///< Milliseconds since the Unix epoch; used by `newest` alone.
};

/// The winner. by_content (the greater hash) and newest (the later time, then the greater hash) do not depend
/// on which side is called ours, so replicas that settle the same contest agree. The hashes differ.
Side pick_winner(Preference preference, const Contender& ours, const Contender& theirs);

}  // namespace fluentsync::plan
