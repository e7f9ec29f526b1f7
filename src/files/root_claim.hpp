/// Takes a folder for this process, and tells whether it is still the folder it was.
#pragma once

#include <memory>
#include <string>

#include "runtime/file_system.hpp"

namespace fluentsync::files {

class RootLock;

/// Makes .fluentsync/ in the folder (with a .gitignore of "*" and tmp/; refused where it, or what is read of
/// it, is not ours: see StateFolder), takes its lock, and reads or makes its marker
/// (.fluentsync/folder-id: 32 hexadecimal digits). Writes nothing when all of that is there already.
/// The lock is a POSIX record lock on .fluentsync/lock, so it ends with the process, and its holder can be
/// named; a registry in this process refuses a second claim here. Throws Error(folder_owned) naming path and
/// process id, Error(cannot_open).
class RootClaim {
  public:
    /// With `make_marker` false a missing marker is not made (the caller decides what that means); id() is
    /// then empty.
    RootClaim(std::shared_ptr<runtime::Folder> folder, bool make_marker);
    RootClaim(const RootClaim&) = delete;
    RootClaim& operator=(const RootClaim&) = delete;
    ~RootClaim();
    const std::string& id() const { return id_; }
    /// Writes a new marker.
    void make_marker();
    /// The path still leads to the same folder and the marker still says id(). False without a marker, and
    /// when the folder cannot be looked at. Cheap: two stats and one small read.
    bool verified() const;
    /// The marker of a folder that is not claimed; empty when there is none.
    static std::string read_marker(const runtime::Folder& folder);

  private:
    std::shared_ptr<runtime::Folder> folder_;
    runtime::FileStat opened_;
    std::unique_ptr<RootLock> lock_;
    std::string id_;
};

}  // namespace fluentsync::files
