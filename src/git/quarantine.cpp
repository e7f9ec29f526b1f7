#include "git/quarantine.hpp"

#include <fcntl.h>
#include <git2/odb_backend.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "git/pack_judge.hpp"
#include "git/part_file.hpp"
#include "git/set_error.hpp"
#include "runtime/posix_error.hpp"
#include "runtime/uninterrupted.hpp"

namespace fluentsync::git {

namespace {

namespace fs = std::filesystem;
using IndexerPtr = std::unique_ptr<git_indexer, Freed<git_indexer_free>>;

/// Before libgit2's own backends.
constexpr int kFirst = 1000;

std::string name_prefix() {
    return std::string(kPartPrefix) + "fetch_";
}

/// Empty where somebody else holds it, or nobody can.
runtime::UniqueFd claim(const std::string& folder) {
    runtime::UniqueFd fd(runtime::uninterrupted(
        [&] { return ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC); }));
    if (fd && ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) fd = {};
    return fd;
}

void sync_file(const std::string& path) {
    const runtime::UniqueFd file(
        runtime::uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); }));
    if (!file) runtime::throw_errno(errno, "open", path);
    if (runtime::uninterrupted([&] { return ::fsync(file.get()); }) != 0) {
        runtime::throw_errno(errno, "make durable", path);
    }
}

void move_file(const std::string& from, const std::string& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) runtime::throw_errno(errno, "place", to);
}

/// A pack that has moved and whose index has not: nobody can read it, and nobody else would remove it.
void remove_half_moved(const fs::path& quarantine, const fs::path& packs) {
    std::error_code error;
    for (fs::directory_iterator file(quarantine, error), end; !error && file != end; file.increment(error)) {
        if (file->path().extension() != ".idx") continue;
        std::error_code ignored;
        const fs::path index = packs / file->path().filename();
        const bool moved = !fs::exists(fs::path(file->path()).replace_extension(".pack"), ignored);
        if (moved && !fs::exists(index, ignored))
            fs::remove(fs::path(index).replace_extension(".pack"), ignored);
    }
}

}  // namespace

struct Quarantine::Writer : git_odb_writepack {
    Quarantine* owner = nullptr;
    IndexerPtr indexer;

    /// Exceptions do not pass through libgit2.
    template <class Work>
    static int fenced(git_odb_writepack* writer, const Work& work) {
        auto& self = *static_cast<Writer*>(writer);
        try {
            return work(self);
        } catch (...) {
            self.owner->refusal_ = std::current_exception();
            git_error_set_str(GIT_ERROR_INDEXER, "the pack is refused");
            return GIT_EUSER;
        }
    }
    static int append_bytes(git_odb_writepack* writer, const void* data, std::size_t size,
                            git_indexer_progress* stats) {
        return fenced(writer, [&](Writer& self) {
            self.owner->stream_.append({static_cast<const char*>(data), size});
            return git_indexer_append(self.indexer.get(), data, size, stats);
        });
    }
    static int commit_pack(git_odb_writepack* writer, git_indexer_progress* stats) {
        return fenced(writer, [&](Writer& self) {
            self.owner->stream_.finish();
            const int code = git_indexer_commit(self.indexer.get(), stats);
            self.owner->complete_ = code == 0;
            return code;
        });
    }
    static void free_writer(git_odb_writepack* writer) { delete static_cast<Writer*>(writer); }
};

struct Quarantine::Backend : git_odb_backend {
    Quarantine* owner = nullptr;

    static int begin_pack(git_odb_writepack** writer, git_odb_backend* backend, git_odb* odb,
                          git_indexer_progress_cb progress, void* payload) {
        auto made = std::make_unique<Writer>();
        Quarantine& owner = *static_cast<Backend*>(backend)->owner;
        git_indexer_options options{};
        git_indexer_options_init(&options, GIT_INDEXER_OPTIONS_VERSION);
        options.progress_cb = progress;
        options.progress_cb_payload = payload;
        const int code = git_indexer_new(out(made->indexer), owner.folder_.c_str(), 0, odb, &options);
        if (code < 0) return code;
        made->owner = &owner;
        made->backend = backend;
        made->append = Writer::append_bytes;
        made->commit = Writer::commit_pack;
        made->free = Writer::free_writer;
        *writer = made.release();
        return 0;
    }
    static int none(git_odb_backend*, git_odb_foreach_cb, void*) { return 0; }
    static void free_backend(git_odb_backend* backend) { delete static_cast<Backend*>(backend); }
};

Quarantine::Quarantine(Repository& repository, std::uint64_t most_bytes)
    : repository_(repository),
      objects_(item_path(repository.raw(), GIT_REPOSITORY_ITEM_OBJECTS)),
      stream_(most_bytes) {
    remove_dead_quarantines(repository.raw());
    make_folder();
    try {
        lead_packs_here();
    } catch (...) {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
        throw;
    }
}

Quarantine::~Quarantine() {
    git_repository_set_odb(repository_.raw(), before_.get());
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void Quarantine::make_folder() {
    folder_ = objects_ + name_prefix() + "XXXXXX";
    if (::mkdtemp(folder_.data()) == nullptr) runtime::throw_errno(errno, "make", folder_);
    claim_ = claim(folder_);
}

/// By an object database of its own, which reads where the repository's does.
void Quarantine::lead_packs_here() {
    check(git_repository_odb(out(before_), repository_.raw()), "the object database cannot be opened");
    check(git_odb_open(out(leading_), objects_.c_str()), "the object database cannot be opened");
    auto backend = std::make_unique<Backend>();
    check(git_odb_init_backend(backend.get(), GIT_ODB_BACKEND_VERSION), "libgit2 knows no such backend");
    backend->owner = this;
    backend->writepack = Backend::begin_pack;
    backend->foreach = Backend::none;
    backend->free = Backend::free_backend;
    check(git_odb_add_backend(leading_.get(), backend.get(), kFirst), "a pack cannot be led aside");
    static_cast<void>(backend.release());  // The database's from now on.
    check(git_repository_set_odb(repository_.raw(), leading_.get()), "a pack cannot be led aside");
}

void Quarantine::rethrow_refusal() const {
    if (refusal_) std::rethrow_exception(refusal_);
}

std::string Quarantine::pack_path() const {
    for (const auto& file : fs::directory_iterator(folder_)) {
        if (file.path().extension() == ".idx") return fs::path(file.path()).replace_extension().string();
    }
    throw Error(ErrorCode::io, "a fetched pack has vanished; pull again", folder_);
}

void Quarantine::release(const base::ObjectId& tip, bool durable, const std::function<bool()>& give_up) {
    if (!complete_ || stream_.entries().empty()) return;
    const std::string path = pack_path();
    judge_pack(leading_.get(), path, stream_, tip, give_up);
    const std::string packs = objects_ + "pack";
    if (::mkdir(packs.c_str(), 0777) != 0 && errno != EEXIST) runtime::throw_errno(errno, "make", packs);
    const std::string placed = packs + "/" + fs::path(path).filename().string();
    if (durable) {
        sync_file(path + ".pack");
        sync_file(path + ".idx");
    }
    move_file(path + ".pack", placed + ".pack");
    move_file(path + ".idx", placed + ".idx");  // Last: git knows a pack by it.
}

void remove_dead_quarantines(git_repository* repository) {
    const fs::path objects = item_path(repository, GIT_REPOSITORY_ITEM_OBJECTS);
    std::error_code error;
    for (fs::directory_iterator one(objects, error), end; !error && one != end; one.increment(error)) {
        if (one->path().filename().string().rfind(name_prefix(), 0) != 0) continue;
        const runtime::UniqueFd dead = claim(one->path().string());
        if (!dead) continue;
        std::error_code ignored;
        remove_half_moved(one->path(), objects / "pack");
        fs::remove_all(one->path(), ignored);
    }
}

}  // namespace fluentsync::git
