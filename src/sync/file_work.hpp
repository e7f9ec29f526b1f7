/// Files to write or remove, done in parallel, then recorded in the ledger in one transaction.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "files/safe_write.hpp"
#include "sync/context.hpp"
#include "sync/settle_item.hpp"

namespace fluentsync::sync {

struct FileWork {
    SettleItem item;
    std::optional<std::string> content;  ///< Nothing: remove the file.
    base::ObjectId hash;
    /// Git's version that the content stands for, where it is another: other line ends.
    std::optional<base::ObjectId> git_form;
    std::int64_t seq = 0;  ///< Of the change that this work carries out.
    files::Expected expected;
    std::optional<bool> executable;  ///< Nothing: as the file that is replaced.
    bool from_git = false;           ///< What a commit holds is written as it is, valid or not.

    bool beside_git = false;  ///< A person's git held the index when it was in place.

    enum class Outcome { pending, done, changed, refused, failed } outcome = Outcome::pending;
    runtime::FileStat stat;  ///< Of the file in place.
    ErrorCode code = ErrorCode::ok;
    std::string reason;
    std::string cause;  ///< Of a failure: the reason without the name of a temporary, the same each time.
    bool path_refused = false;  ///< Failed for the path's own sake: others may be taken.
};

struct FileWorkList {
    std::vector<FileWork> work;
    std::size_t bytes = 0;
    void add(FileWork one);
};

/// What the file has to be like for it to be replaced: as `item` observed it.
files::Expected expected_of(const SettleItem& item);

/// Writes and removes. Each entry gets its outcome; one that fails does not stop the others.
/// Content that could not be imported back (front matter that does not parse, over the limit) is refused.
/// `beside` is called once, on the caller's thread, while the helpers have begun; it must not throw.
void carry_out(
    SyncContext& context, std::vector<FileWork>& work, const std::function<void()>& beside = [] {});

}  // namespace fluentsync::sync
