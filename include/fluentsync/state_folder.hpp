/// The folder ROOT/.fluentsync, so opened that nobody else's word in it is taken for ours.
#ifndef FLUENTSYNC_STATE_FOLDER_HPP
#define FLUENTSYNC_STATE_FOLDER_HPP

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace fluentsync {

/// What lies in ROOT/.fluentsync says what is synchronised, with whom, and where to: a program keeps its
/// configuration there, the library its marker, its lock, its temporaries, often the database. A folder may
/// come from somebody else (a clone, an archive, a shared disk), and that must not decide any of it. So
/// .fluentsync is a real folder and each file of it a regular file with no second name; they belong to the
/// user that the process runs as or to root (where it runs as root: or to the owner of ROOT). Anything else
/// is refused, in one line that names the owner and says what to do; no link is followed, and nothing is
/// waited for, be it a FIFO.
///
/// They are nobody else's to read either: new ones have the modes 0700 and 0600 whatever the umask, and those
/// that are laxer become so. A file system that keeps no modes or owners of its own is no reason to refuse.
///
/// The folder is held open by this object: what is put in its place later is not looked at. `name` is one
/// name, without '/'. Thread: any, one at a time. Failures are Error(cannot_open) where the rule is broken,
/// Error(io) where the disk fails.
class StateFolder {
  public:
    /// Opens it, and makes it where there is none; ROOT is there.
    static StateFolder make(const std::string& root);
    /// Nothing where there is none.
    static std::optional<StateFolder> find(const std::string& root);
    StateFolder(StateFolder&& other) noexcept;
    StateFolder& operator=(StateFolder&& other) noexcept;
    ~StateFolder();

    /// ROOT/.fluentsync
    const std::string& path() const;
    /// Looks at a file by the rule; false: there is none. Opens nothing, so a lock on it stays.
    bool check_file(const std::string& name) const;
    /// The same for a folder in it.
    bool check_folder(const std::string& name) const;
    /// A file's content; nothing where there is none. Throws Error(too_large) above `limit` bytes.
    std::optional<std::string> read(const std::string& name, std::size_t limit) const;
    /// Puts a file with this content there, on the disk; readers see the old or the new one.
    void replace(const std::string& name, const std::string& content) const;
    /// False: there was none.
    bool remove(const std::string& name) const;
    /// A descriptor for record locks (fcntl), which the caller closes; -1 where there is none and `create` is
    /// false. It is none of the standard streams, and closed on exec.
    int open_lock(const std::string& name, bool create) const;

  private:
    struct Body;
    explicit StateFolder(std::unique_ptr<Body> body);
    std::unique_ptr<Body> body_;
};

}  // namespace fluentsync

#endif
