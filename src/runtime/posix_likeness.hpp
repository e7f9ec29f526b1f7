/// What a new file takes over: from the file that it is to replace, or from the folder that it will lie in.
#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>

#include "runtime/posix_path.hpp"

namespace fluentsync::runtime {

/// Replaced: owner, group, permission bits (never set-user-id, set-group-id, sticky), access list, `user.`
/// attributes and security label, each where the process may give it. What cannot be given makes the file
/// narrower, never wider: with another group the new one and all others get what both had; with another owner
/// others cannot write, nor can a group that is another one too.
/// New: as the kernel would make it in that folder (umask, or the folder's default access list; the group of
/// a set-group-id folder). Where the process is root, owner and group are those of the folder.
class Model {
  public:
    /// Of the file at `path`, else of the nearest folder there is on the way to it.
    static Model at(const PathResolver& resolver, const std::string& path);
    /// The mode to make the file with, so that nobody opens it before it is its own.
    mode_t first_mode() const { return is_usual() ? 0666 : 0600; }
    /// To a file of ours, just made with first_mode(), or one that has been given its shape before.
    void shape(int file, std::optional<bool> executable) const;

  private:
    /// Whatever the process makes has it.
    bool is_usual() const;
    void shape_as_replaced(int file, std::optional<bool> executable) const;
    void shape_as_new(int file, bool executable) const;

    UniqueFd replaced_;
    struct stat info_ = {};  ///< Of what is replaced, else of the folder.
    std::optional<std::string> default_list_;
};

/// A folder that the process has just made at `place` belongs to whom the one around it belongs to, where the
/// process is root.
void hand_to_owner_above(const Place& place);

}  // namespace fluentsync::runtime
