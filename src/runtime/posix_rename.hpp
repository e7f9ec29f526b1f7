/// Renames that cannot lose a concurrent edit, with a stand-in for file systems that lack them.
#pragma once

#include "runtime/posix_path.hpp"

namespace fluentsync::runtime {

/// What may be tried: a file system that has neither answers so by itself.
struct RenameMeans {
    bool renameat2 = true;
    bool hard_links = true;
};

/// Renames without replacing. 0 or an errno; EEXIST when the target is there. By renameat2 where the file
/// system knows it; otherwise by a second hard link, or on file systems without links by a look before.
int rename_noreplace(const Place& from, const Place& to, RenameMeans means);

/// Swaps two names. 0 or an errno. Without renameat2 by a hard link and two renames: `b` always exists, but
/// an edit that replaces `b` in the moment between is lost. The extra link lies beside `a`. On file systems
/// without links (exFAT, CIFS, much of FUSE) by three renames: `b` is aside for a moment, under the extra
/// name; a crash there leaves it so, and a file that somebody makes at `b` meanwhile stays: then EEXIST, with
/// `b` still aside.
int rename_exchange(const Place& a, const Place& b, RenameMeans means);

}  // namespace fluentsync::runtime
