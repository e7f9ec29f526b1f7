/// Whose files decide what this process does.
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <string>

namespace fluentsync::runtime {

/// What a folder of ours may be: anything else in its place, or anybody else's, is refused.
class OwnRule {
  public:
    /// `root_owner`: of the synchronised folder. A process of root's takes that user's word too: they could
    /// say the same by the folder's files.
    explicit OwnRule(uid_t root_owner);
    /// Empty, or in a few words why the file (with `folder`: the folder) is not taken for ours, and what to
    /// do.
    std::string fault_of(const struct stat& info, bool folder) const;

  private:
    bool trusts(uid_t owner) const;

    uid_t user_;
    uid_t root_owner_;
};

/// Whether others than the owner may read or write it.
bool is_lax(const struct stat& info);

inline constexpr mode_t kOwnFileMode = 0600;
inline constexpr mode_t kOwnFolderMode = 0700;

}  // namespace fluentsync::runtime
