/// Whether git would take a pack. For bodies of this floor only.
#pragma once

#include <functional>
#include <string>

#include "git/library.hpp"
#include "git/pack_stream.hpp"

namespace fluentsync::git {

/// Of a pack that arrived through `stream` and that libgit2 has indexed. Together these two have read every
/// entry: it inflates to what it says, has one of the four types, is named by the hash of its content, and
/// each delta comes to its result. Here commits, tags and trees are read once more, each at least once: they
/// parse, trees are in order (see tree_read.hpp), and what they name is in the pack or in `here`, of the
/// right type. So is `tip`, a commit. Contents of files are not read again. Of a tree only those entries are
/// looked up that the same folder of the commit's parent does not have.
///
/// What is missing from `here` though trees there name it is damage here, not the sender's, and passed over.
///
/// `path`: of the pack, without ".pack". Asks `give_up` often; yes: Error(cancelled). Throws UnsoundPack,
/// Error(io), Error(repository). Memory: some 48 bytes for each object, and 32 MiB for trees, or the largest
/// two.
void judge_pack(git_odb* here, const std::string& path, const PackStream& stream, const base::ObjectId& tip,
                const std::function<bool()>& give_up);

}  // namespace fluentsync::git
