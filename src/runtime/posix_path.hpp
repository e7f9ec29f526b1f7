/// Finds files below an open root without ever following a symbolic link.
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace fluentsync::runtime {

/// Numbers 0 to 2 are the host's standard streams, also while it has closed them: a descriptor that got one
/// of them moves to a number above. -1 and errno when it cannot, or when there is none.
int off_standard_streams(int descriptor);

/// While it lives, what others open is no standard stream: those that are closed lead nowhere.
class StandardStreamsTaken {
  public:
    StandardStreamsTaken();
    StandardStreamsTaken(const StandardStreamsTaken&) = delete;
    StandardStreamsTaken& operator=(const StandardStreamsTaken&) = delete;
    ~StandardStreamsTaken();

  private:
    std::array<int, 3> taken_{-1, -1, -1};
};

/// A file descriptor that closes itself. Empty after a failed open; errno then says why.
class UniqueFd {
  public:
    UniqueFd() = default;
    explicit UniqueFd(int fd) : fd_(off_standard_streams(fd)) {}
    UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    UniqueFd& operator=(UniqueFd&& other) noexcept;
    ~UniqueFd();
    int get() const { return fd_; }
    int release() { return std::exchange(fd_, -1); }
    explicit operator bool() const { return fd_ >= 0; }

  private:
    int fd_ = -1;
};

/// An open parent folder and the name in it. Borrows the root where the parent is the root.
struct Place {
    UniqueFd opened;
    std::shared_ptr<const UniqueFd> kept;  ///< Instead of `opened`: see PathResolver::keep_open().
    int folder = -1;
    std::string name;

    explicit operator bool() const { return folder >= 0; }
};

/// Throws Error(invalid_argument) unless `path` is relative, '/'-separated and without "", "." and ".."
/// segments.
void check_relative_path(const std::string& path);

class PathResolver {
  public:
    /// With `kernel` openat2 resolves a path in one call, where the system has it; otherwise it is walked
    /// segment by segment. `root` is borrowed.
    PathResolver(int root, bool kernel);

    /// Opens a path ("" is the root). Close-on-exec is added. errno is ELOOP when a symbolic link is on the
    /// way or at its end.
    UniqueFd open(const std::string& path, int flags, unsigned mode = 0) const;
    /// Opens the parent of `path`; errno as above, ENOENT or ENOTDIR when there is no such folder.
    Place parent_of(const std::string& path) const;
    /// From now on entries of `folder` are found from one open descriptor, until it is removed.
    void keep_open(const std::string& folder);
    int root() const { return root_; }

  private:
    UniqueFd open_by_kernel(const std::string& path, int flags, unsigned mode) const;
    UniqueFd open_by_walk(const std::string& path, int flags, unsigned mode) const;

    std::shared_ptr<const UniqueFd> kept_for(std::string_view folder) const;
    UniqueFd resolve(const std::string& path, int flags, unsigned mode) const;

    int root_;
    bool kernel_;
    std::string kept_folder_;
    mutable std::mutex kept_mutex_;
    mutable std::shared_ptr<const UniqueFd> kept_;
};

}  // namespace fluentsync::runtime
