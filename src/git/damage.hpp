/// A damaged repository: what is damaged is found out, set aside in .git/lost-found/damaged, and what is lost
/// by that is named. Nothing here is decided by what libgit2 could not read, which may be for want of a
/// descriptor: whoever cannot read a file throws Error(io), and all stays as it is.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "git/object_writer.hpp"
#include "git/repository.hpp"
#include "git/tree.hpp"

namespace fluentsync::git {

/// What a look at loose objects found.
struct LooseLook {
    std::vector<base::ObjectId> damaged;  ///< They do not hold what they are named after.
    std::size_t read = 0;                 ///< How many were read for that.
    bool everything = true;               ///< All were: no earlier look counted.
    std::string whole;  ///< For the next look, where nothing is damaged: up to when all was found whole.
};

/// To be asked before libgit2 reads any: 1.5 goes on for ever with one that is cut off, as a power cut leaves
/// it. `whole`: what an earlier look said. Then those alone are read whose change time, which nobody can set,
/// is not before that of the youngest it saw. All are where that says nothing: the machine was started since
/// (its end alone tears what a process has written; that of a process does not), it was said of another
/// folder of objects, or the clock has been set back.
LooseLook look_at_loose_objects(const std::string& folder, const std::string& whole = {});

/// Sets aside loose objects that do not hold what they are named after, and packs that are torn, of which
/// first what can be read is packed anew; a pack that has no index gets one. `folder`: the work tree. Returns
/// a line for each that was mended or set aside.
std::vector<std::string> set_damaged_objects_aside(const std::string& folder);

struct LostObject {
    base::ObjectId id;
    ObjectWriter::Kind kind = ObjectWriter::Kind::blob;
    std::string path;  ///< Of a tree or a blob: where the commit has it.
};

/// What is not there of all that `commits` need; with their `history`, or they alone.
std::vector<LostObject> lost_objects(const Repository& repository, const std::vector<base::ObjectId>& commits,
                                     bool history);

/// What of `commit`, its trees and its files cannot be read as what its id says. Reads all of it.
std::vector<LostObject> unreadable_objects(const Repository& repository, const base::ObjectId& commit);

/// Commits that references name: what all must be there for.
std::vector<base::ObjectId> referenced_commits(const Repository& repository);

/// What may be known of references beside .git.
struct ReferenceHints {
    std::string branch;                  ///< Where the options name one.
    std::optional<base::ObjectId> head;  ///< Where HEAD was.
};

/// References whose files hold none, HEAD, packed-refs, and a branch of HEAD's that has a log and is gone:
/// they get the last value that their log knows and whose commit is there, or what the hints say. One that
/// nothing is known of is set aside. Returns a line for each.
std::vector<std::string> mend_references(const std::string& folder, const ReferenceHints& hints);

/// Removes what a remote's branches were seen at where that is lost here: the next fetch sees them anew.
/// Returns a line for each.
std::vector<std::string> forget_lost_tracking(Repository& repository, const std::vector<LostObject>& lost);

/// Moves HEAD's branch back to the last commit of its log that is whole, with its trees. Returns a line;
/// nothing where there is none.
std::optional<std::string> go_back_by_log(Repository& repository);

}  // namespace fluentsync::git
