#include "git/index_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "git/dot_git_file.hpp"
#include "git/index_form.hpp"
#include "runtime/uninterrupted.hpp"

namespace fluentsync::git {

namespace {

namespace fs = std::filesystem;

/// The number of entries that the file's header tells; nothing when there is no header.
std::optional<std::size_t> entries_told(const std::string& path) {
    std::array<unsigned char, 12> header{};  // "DIRC", the version, and the number: big-endian.
    std::ifstream file(path, std::ios::binary);
    if (!file.read(reinterpret_cast<char*>(header.data()), header.size())) return std::nullopt;
    std::size_t count = 0;
    for (std::size_t i = 8; i < header.size(); ++i)
        count = count << 8 | header[i];
    return count;
}

[[noreturn]] void fail_system(int number) {
    throw Error(ErrorCode::io, std::string("git's index cannot be written: ") + std::strerror(number));
}

constexpr const char* kUnreadable = "git's index cannot be read, so it is left as it is";

IndexForm form_at(const std::string& path, const std::string& folder) {
    const auto shared = [&](const std::string& name) { return read_dot_git_file(folder + name); };
    return index_form(read_dot_git_file(path).value_or(""), shared);
}

std::string folder_of(const std::string& path) {
    return path.substr(0, path.rfind('/') + 1);
}

struct Unlinked {
    const std::string& path;
    ~Unlinked() { ::unlink(path.c_str()); }
};

}  // namespace

IndexStamp stamp_of(const std::string& path) {
    struct stat stat {};
    if (::stat(path.c_str(), &stat) != 0) return {};
    return {std::int64_t{stat.st_mtim.tv_sec} * 1'000'000'000 + stat.st_mtim.tv_nsec, stat.st_ino,
            stat.st_size};
}

IndexFile::IndexFile(Repository& repository, Use use)
    : path_(item_path(repository.raw(), GIT_REPOSITORY_ITEM_INDEX)),
      lock_(path_ + ".lock"),
      draft_(draft_of(path_)),
      git_folder_(git_repository_path(repository.raw())),
      use_(use) {
    if (use_ == Use::write) clear_draft();
    stamp_ = stamp_of_index();
    if (use_ == Use::write && stamp_.size >= 0) copy_to_draft();
    open_index();
    distrust_racy_entries();
}

void IndexFile::open_index() {
    const std::string& path = use_ == Use::write ? draft_ : path_;
    if (git_index_open(out(index_), path.c_str()) < 0) {
        open_other_form(path);
    } else {
        open_at(path);
    }
}

void IndexFile::open_other_form(const std::string& path) {
    const IndexForm form = form_at(path, folder_of(path_));
    if (form.kind == IndexForm::Kind::readable) {
        open_copy(form.bytes);
    } else if (form.kind == IndexForm::Kind::foreign || !(stamp_of_index() == stamp_)) {
        open_at(path);
    } else if (use_ == Use::read) {
        throw Error(
            ErrorCode::corrupt,
            "git's index is damaged: sync makes a new one from HEAD, what was staged is to be staged again",
            path_);
    } else {
        damaged_ = true;
        ::unlink(draft_.c_str());
        check(git_index_open(out(index_), draft_.c_str()), kUnreadable);
    }
}

/// What is to be written is a draft in any case; to read it, the copy lasts as long as the reading.
void IndexFile::open_copy(const std::string& bytes) {
    if (use_ == Use::write) {
        std::error_code error;
        const auto time = fs::last_write_time(draft_, error);
        std::ofstream(draft_, std::ios::binary | std::ios::trunc) << bytes;
        fs::last_write_time(draft_, time, error);
        return open_at(draft_);
    }
    std::string copy = (fs::temp_directory_path() / "fluentsync-index-XXXXXX").string();
    const int file = ::mkstemp(copy.data());
    if (file < 0) fail_system(errno);
    ::close(file);
    const Unlinked gone{copy};
    std::ofstream(copy, std::ios::binary) << bytes;
    open_at(copy);
}

/// libgit2 takes a file that it cannot look at for none, and would write an index without its entries.
void IndexFile::open_at(const std::string& path) {
    const int code = git_index_open(out(index_), path.c_str());
    if (code < 0) fail(code, kUnreadable, path_);
    const bool whole = entries_told(path) == git_index_entrycount(index_.get());
    // One that somebody writes at this moment was read before or after.
    if (stamp_.size > 0 && !whole && (use_ == Use::write || stamp_of_index() == stamp_))
        throw Error(ErrorCode::io, kUnreadable, path_);
}

/// Nothing there is what the system must say, no failure.
IndexStamp IndexFile::stamp_of_index() const {
    errno = 0;
    const IndexStamp stamp = stamp_of(path_);
    if (stamp.size < 0 && errno != ENOENT && errno != ENOTDIR)
        throw Error(ErrorCode::io, std::string("git's index cannot be looked at: ") + std::strerror(errno),
                    path_);
    return stamp;
}

bool IndexFile::is_damaged(const std::string& path) {
    const IndexStamp stamp = stamp_of(path);
    return stamp.size >= 0 && form_at(path, folder_of(path)).kind == IndexForm::Kind::damaged &&
           stamp_of(path) == stamp;
}

/// Hashed in slices, each with the hash of those before.
base::ObjectId IndexFile::entries() const {
    constexpr std::size_t kSlice = 64 * 1024;
    std::string slice;
    base::ObjectId hash;
    const auto take = [&] {
        hash = base::hash_bytes(slice);
        slice = hash.raw();
    };
    const auto add = [&slice](const auto& number) {
        slice.append(reinterpret_cast<const char*>(&number), sizeof number);
    };
    for (std::size_t i = 0; i < git_index_entrycount(index_.get()); ++i) {
        const git_index_entry* entry = git_index_get_byindex(index_.get(), i);
        slice.append(entry->path).push_back('\0');
        add(entry->id);
        add(entry->mode);
        add(static_cast<std::uint16_t>(entry->flags & (GIT_INDEX_ENTRY_STAGEMASK | GIT_INDEX_ENTRY_VALID)));
        add(static_cast<std::uint16_t>(entry->flags_extended & GIT_INDEX_ENTRY_EXTENDED_FLAGS));
        if (slice.size() >= kSlice) take();
    }
    take();
    return hash;
}

IndexFile::~IndexFile() {
    if (use_ == Use::write) clear_draft();
}

/// With its time, by which libgit2 knows the entries that are younger than the file.
void IndexFile::copy_to_draft() const {
    std::error_code error;
    fs::copy_file(path_, draft_, fs::copy_options::overwrite_existing, error);
    if (!error) fs::last_write_time(draft_, fs::last_write_time(path_, error), error);
    if (error) throw Error(ErrorCode::io, "git's index cannot be copied: " + error.message(), path_);
}

void IndexFile::clear_draft() const {
    const auto draft = stamp_of(draft_).inode;
    const auto lock = stamp_of(lock_).inode;
    // A crash came before, or after, the draft became the index.
    if (lock != 0 && (lock == draft || lock == stamp_of(path_).inode)) ::unlink(lock_.c_str());
    if (draft != 0) ::unlink(draft_.c_str());
    ::unlink((draft_ + ".lock").c_str());
}

/// An entry that is as young as the file it stands in is one that git does not trust by its stat alone. A
/// file written anew is younger than all: such entries lose their size, which makes git look at the content.
void IndexFile::distrust_racy_entries() {
    if (stamp_.size < 0) return;
    for (std::size_t i = 0; i < git_index_entrycount(index_.get()); ++i) {
        const git_index_entry* entry = git_index_get_byindex(index_.get(), i);
        const auto mtime_ns = std::int64_t{entry->mtime.seconds} * 1'000'000'000 + entry->mtime.nanoseconds;
        if (mtime_ns < stamp_.mtime_ns || mtime_ns == 0 || entry->file_size == 0) continue;
        // libgit2 hands out its own entry; only the size changes, on which no order depends.
        const_cast<git_index_entry*>(entry)->file_size = 0;
    }
}

std::optional<IndexOutcome> IndexFile::write(const std::function<void(const IndexVersion&)>& about_to) {
    check(git_index_write(index_.get()), "git's index cannot be written", ErrorCode::io);
    if (const int failed = take_lock()) {
        if (failed == EEXIST) return IndexOutcome::locked;
        fail_system(failed);
    }
    const Unlinked unlocked{lock_};
    if (!(stamp_of_index() == stamp_)) return std::nullopt;
    about_to({stamp_of(draft_), entries()});  // A rename changes neither time, size nor inode.
    if (damaged_) damaged_kept_at_ = keep_damaged(git_folder_, path_);
    if (::rename(draft_.c_str(), path_.c_str()) != 0) fail_system(errno);
    return IndexOutcome::done;
}

/// 0, or errno. Where the file system has no second names, the lock is a file of its own.
int IndexFile::take_lock() const {
    if (::link(draft_.c_str(), lock_.c_str()) == 0) return 0;
    if (errno == EEXIST) return EEXIST;
    const int file = runtime::uninterrupted(
        [&] { return ::open(lock_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666); });
    if (file < 0) return errno;
    ::close(file);
    return 0;
}

}  // namespace fluentsync::git
