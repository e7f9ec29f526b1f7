#include "git/stale_lock.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <functional>
#include <optional>

#include "base/tuning.hpp"
#include "git/lock_mark.hpp"
#include "runtime/uninterrupted.hpp"

namespace fluentsync::git {

namespace {

constexpr auto kStaleLock = std::chrono::duration_cast<std::chrono::seconds>(base::tuning::kLivingLock);
/// A live process takes the lock away in the next moment.
constexpr std::chrono::seconds kDoneLock{2};

/// First bytes of a small file; nothing when it cannot be opened.
std::optional<std::string> head_of_file(const std::string& path, struct stat& stat) {
    const int file = runtime::uninterrupted(
        [&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK); });
    if (file < 0) return std::nullopt;
    std::array<char, 128> bytes{};
    const bool regular = ::fstat(file, &stat) == 0 && S_ISREG(stat.st_mode);
    const ssize_t count =
        regular ? runtime::uninterrupted([&] { return ::read(file, bytes.data(), bytes.size()); }) : -1;
    ::close(file);
    if (count < 0) return std::nullopt;
    return std::string(bytes.data(), static_cast<std::size_t>(count));
}

bool older_than(const struct stat& stat, std::chrono::seconds age) {
    const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    return stat.st_mtim.tv_sec + age.count() < now;
}

bool has_object(git_repository* repository, const base::ObjectId& id) {
    const git_oid oid = to_oid(id);
    return git_odb_exists(open_odb(repository).get(), &oid) == 1;
}

/// What git writes into a reference's lock, or as much of it as a crash let through.
bool holds_known_id(git_repository* repository, std::string content) {
    if (content.find_first_not_of("0123456789abcdef") < base::ObjectId().hex().size()) return false;
    if (content.size() < base::ObjectId().hex().size()) return true;
    if (content.back() == '\n') content.pop_back();
    const auto id = base::ObjectId::from_hex(content);
    return id && has_object(repository, *id);
}

/// libgit2 puts a file in place by giving it the lock's file as a second name, and takes the first one away
/// then: a process that dies, or a disk that fails, in between leaves both.
bool remove_finished_lock(const std::string& path) {
    const std::string target = path.substr(0, path.rfind(".lock"));
    struct stat lock {};
    struct stat file {};
    return ::lstat(path.c_str(), &lock) == 0 && ::lstat(target.c_str(), &file) == 0 &&
           lock.st_ino == file.st_ino && lock.st_dev == file.st_dev && older_than(lock, kDoneLock) &&
           ::unlink(path.c_str()) == 0;
}

/// `acceptable` judges the first bytes. A second look, right before the removal, finds the file unchanged.
bool remove_when_stale(const std::string& path, const std::function<bool(const std::string&)>& acceptable) {
    if (remove_finished_lock(path)) return true;
    struct stat seen {};
    const auto content = head_of_file(path, seen);
    if (!content || !S_ISREG(seen.st_mode) || !older_than(seen, kStaleLock) || !acceptable(*content)) {
        return false;
    }
    struct stat now {};
    if (::lstat(path.c_str(), &now) != 0 || now.st_ino != seen.st_ino ||
        now.st_mtim.tv_sec != seen.st_mtim.tv_sec || now.st_size != seen.st_size) {
        return false;
    }
    return ::unlink(path.c_str()) == 0;
}

}  // namespace

void remove_finished_locks(git_repository* repository) {
    for (const char* name : {"HEAD.lock", "config.lock", "packed-refs.lock", "index.lock"})
        remove_finished_lock(git_repository_path(repository) + std::string(name));
}

// One of the few places that touch .git beside libgit2, which has no word for it: a lock of a process that
// died would block every later move, also after a restart. Other git programs hold such a lock for
// milliseconds and never take one away themselves, and of ours only the folder's owner runs, so two looks
// suffice.
bool remove_stale_lock(git_repository* repository, const std::string& name) {
    return remove_when_stale(git_repository_commondir(repository) + name + ".lock",
                             [&](const std::string& content) { return holds_known_id(repository, content); });
}

bool remove_stale_config_lock(git_repository* repository) {
    return remove_when_stale(item_path(repository, GIT_REPOSITORY_ITEM_CONFIG) + ".lock",
                             [](const std::string&) { return true; });
}

bool remove_stale_init_locks(const std::string& dot_git) {
    bool removed = false;
    for (const char* name : {"/HEAD.lock", "/config.lock"})
        removed |= remove_when_stale(dot_git + name, [](const std::string&) { return true; });
    return removed;
}

bool is_old_lock(const std::string& path) {
    struct stat stat {};
    return ::lstat(path.c_str(), &stat) == 0 && older_than(stat, kStaleLock);
}

std::string old_ref_lock(git_repository* repository, const std::string& name) {
    const std::string path = git_repository_commondir(repository) + name + ".lock";
    struct stat stat {};
    return ::lstat(path.c_str(), &stat) == 0 && older_than(stat, kDoneLock) ? path : std::string();
}

int lock_ref(git_transaction* transaction, git_repository* repository, const std::string& name,
             LockMark& mark) {
    const std::string lock = git_repository_commondir(repository) + name + ".lock";
    int code = git_transaction_lock_ref(transaction, name.c_str());
    if (code == GIT_ELOCKED && (remove_dead_lock(lock) || remove_stale_lock(repository, name)))
        code = git_transaction_lock_ref(transaction, name.c_str());
    if (code == 0) {
        remove_dead_lock(lock);  // Marks alone: one outlives a lock that was taken away for its age.
        mark.set(lock);
    }
    return code;
}

}  // namespace fluentsync::git
