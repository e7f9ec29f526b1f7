/// Renames that cannot lose a concurrent edit, with a stand-in for file systems that lack them.
#pragma once

#include "runtime/posix_path.hpp"

namespace fluentsync::runtime {

/// Renames without replacing. 0 or an errno; EEXIST when the target is there. With `kernel` by renameat2
/// where the file system knows it; otherwise by a second hard link, or on file systems without links by a
/// look before.
int rename_noreplace(const Place& from, const Place& to, bool kernel);

/// Swaps two names. 0 or an errno. Without renameat2 by a hard link and two renames: `b` always exists, but
/// an edit that replaces `b` in the moment between is lost. The extra link lies beside `a`.
int rename_exchange(const Place& a, const Place& b, bool kernel);

}  // namespace fluentsync::runtime
