/// core.sharedRepository: which modes files and folders in .git get, whatever the umask.
#pragma once

#include <git2.h>
#include <sys/types.h>

#include <string>

#include "base/object_id.hpp"

namespace fluentsync::git {

/// As git's own setup: "group" (true, 1), "all" (world, everybody, 2), or an octal mode that replaces the
/// umask's. libgit2 1.5 heeds it when it makes a repository, and never again. What cannot be changed (another
/// member's file) is left: that member's own git saw to it.
class SharedModes {
  public:
    explicit SharedModes(git_repository* repository);

    bool any() const { return bits_ != 0; }
    /// The mode that git gives a file or folder of mode `mode`.
    mode_t widened(mode_t mode) const;
    /// Gives `path` its mode, when it is there.
    void widen(const std::string& path) const;
    /// And each folder on the way to it that lies below `root`, a folder's path with a slash at its end.
    void widen_below(const std::string& root, const std::string& path) const;
    /// Folder and file of a loose object.
    void widen_object(const base::ObjectId& id) const;
    /// The folder of packs and all that is in it.
    void widen_packs() const;
    /// A reference with its log, and HEAD's.
    void widen_reference(const std::string& name) const;

  private:
    git_repository* repository_;
    mode_t bits_ = 0;
    bool replaces_ = false;  ///< An octal mode: not added to what the umask left, but in its place.
};

}  // namespace fluentsync::git
