// A file system for SQLite without the kernel. Locks hold between connections, as those of unixLock() and of
// the shared memory of a write-ahead log do; one thread alone uses it.
#include "memory_database.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace simulation {

namespace {

constexpr int kSectorBytes = 4096;

struct File {
    std::string bytes;
    int lock = SQLITE_LOCK_NONE;  ///< The strongest that anybody holds.
    int sharing = 0;              ///< Connections that hold any.
    std::vector<std::unique_ptr<char[]>> regions;
    int mapping = 0;  ///< Connections that have the regions.
    struct Slot {
        int shared = 0;
        bool exclusive = false;
    };
    std::array<Slot, SQLITE_SHM_NLOCK> slots;
};

std::map<std::string, std::shared_ptr<File>>& all() {
    static std::map<std::string, std::shared_ptr<File>> files;
    return files;
}

/// SQLite allocates it and knows nothing of constructors.
struct Handle {
    sqlite3_file base;
    std::shared_ptr<File>* file;
    int lock;
    bool mapped;
    unsigned shared;  ///< Slots, as bits.
    unsigned exclusive;
};

Handle& handle_of(sqlite3_file* file) {
    return *reinterpret_cast<Handle*>(file);
}

File& file_of(sqlite3_file* file) {
    return **handle_of(file).file;
}

int close(sqlite3_file* file) {
    delete handle_of(file).file;
    return SQLITE_OK;
}

int read(sqlite3_file* file, void* out, int count, sqlite3_int64 at) {
    const std::string& bytes = file_of(file).bytes;
    const auto from = std::min(static_cast<std::size_t>(at), bytes.size());
    const auto there = std::min(static_cast<std::size_t>(count), bytes.size() - from);
    std::memcpy(out, bytes.data() + from, there);
    if (there == static_cast<std::size_t>(count)) return SQLITE_OK;
    std::memset(static_cast<char*>(out) + there, 0, static_cast<std::size_t>(count) - there);
    return SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file* file, const void* data, int count, sqlite3_int64 at) {
    std::string& bytes = file_of(file).bytes;
    const auto from = static_cast<std::size_t>(at);
    const auto size = static_cast<std::size_t>(count);
    if (from + size > bytes.size()) {
        bytes.resize(from);
        bytes.append(static_cast<const char*>(data), size);
    } else {
        std::memcpy(bytes.data() + from, data, size);
    }
    return SQLITE_OK;
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
    file_of(file).bytes.resize(static_cast<std::size_t>(size));
    return SQLITE_OK;
}

int sync(sqlite3_file*, int) {
    return SQLITE_OK;
}

int size_of(sqlite3_file* file, sqlite3_int64* size) {
    *size = static_cast<sqlite3_int64>(file_of(file).bytes.size());
    return SQLITE_OK;
}

int lock(sqlite3_file* handle, int wanted) {
    Handle& mine = handle_of(handle);
    File& file = file_of(handle);
    if (mine.lock >= wanted) return SQLITE_OK;
    if (mine.lock != file.lock && (file.lock >= SQLITE_LOCK_PENDING || wanted > SQLITE_LOCK_SHARED))
        return SQLITE_BUSY;
    if (wanted == SQLITE_LOCK_SHARED) {
        ++file.sharing;
        file.lock = std::max(file.lock, SQLITE_LOCK_SHARED);
        mine.lock = SQLITE_LOCK_SHARED;
        return SQLITE_OK;
    }
    const bool wait_for_readers = wanted == SQLITE_LOCK_EXCLUSIVE && file.sharing > 1;
    mine.lock = file.lock = wait_for_readers ? SQLITE_LOCK_PENDING : wanted;
    return wait_for_readers ? SQLITE_BUSY : SQLITE_OK;
}

int unlock(sqlite3_file* handle, int wanted) {
    Handle& mine = handle_of(handle);
    File& file = file_of(handle);
    if (mine.lock <= wanted) return SQLITE_OK;
    if (mine.lock > SQLITE_LOCK_SHARED) file.lock = SQLITE_LOCK_SHARED;
    if (wanted == SQLITE_LOCK_NONE && --file.sharing == 0) file.lock = SQLITE_LOCK_NONE;
    mine.lock = wanted;
    return SQLITE_OK;
}

int check_reserved_lock(sqlite3_file* handle, int* held) {
    *held = file_of(handle).lock > SQLITE_LOCK_SHARED ? 1 : 0;
    return SQLITE_OK;
}

int control(sqlite3_file*, int, void*) {
    return SQLITE_NOTFOUND;
}

int sector_size(sqlite3_file*) {
    return kSectorBytes;
}

int characteristics(sqlite3_file*) {
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

int map(sqlite3_file* handle, int region, int size, int extend, void volatile** result) {
    File& file = file_of(handle);
    if (!handle_of(handle).mapped) {
        handle_of(handle).mapped = true;
        ++file.mapping;
    }
    *result = nullptr;
    const auto at = static_cast<std::size_t>(region);
    if (at >= file.regions.size() && extend == 0) return SQLITE_OK;
    while (file.regions.size() <= at) {
        file.regions.push_back(std::make_unique<char[]>(static_cast<std::size_t>(size)));
    }
    *result = file.regions[at].get();
    return SQLITE_OK;
}

int lock_slots(sqlite3_file* handle, int first, int count, int flags) {
    Handle& mine = handle_of(handle);
    File& file = file_of(handle);
    const auto mask = ((1U << static_cast<unsigned>(count)) - 1U) << static_cast<unsigned>(first);
    const auto begin = file.slots.begin() + first;
    const auto end = begin + count;
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
        for (auto slot = begin; slot != end; ++slot) {
            const unsigned bit = 1U << static_cast<unsigned>(slot - file.slots.begin());
            if ((mine.shared & bit) != 0) --slot->shared;
            if ((mine.exclusive & bit) != 0) slot->exclusive = false;
        }
        mine.shared &= ~mask;
        mine.exclusive &= ~mask;
        return SQLITE_OK;
    }
    if ((flags & SQLITE_SHM_SHARED) != 0) {
        if ((mine.shared & mask) != 0) return SQLITE_OK;
        if (begin->exclusive) return SQLITE_BUSY;
        ++begin->shared;
        mine.shared |= mask;
        return SQLITE_OK;
    }
    if ((mine.exclusive & mask) == mask) return SQLITE_OK;
    if (std::any_of(begin, end, [](const File::Slot& slot) { return slot.exclusive || slot.shared > 0; }))
        return SQLITE_BUSY;
    std::for_each(begin, end, [](File::Slot& slot) { slot.exclusive = true; });
    mine.exclusive |= mask;
    return SQLITE_OK;
}

void barrier(sqlite3_file*) {}

int unmap(sqlite3_file* handle, int) {
    if (!handle_of(handle).mapped) return SQLITE_OK;
    handle_of(handle).mapped = false;
    // The first that comes next makes them anew, as on a real disk.
    if (--file_of(handle).mapping == 0) file_of(handle).regions.clear();
    return SQLITE_OK;
}

constexpr sqlite3_io_methods kMethods{2,
                                      close,
                                      read,
                                      write,
                                      truncate,
                                      sync,
                                      size_of,
                                      lock,
                                      unlock,
                                      check_reserved_lock,
                                      control,
                                      sector_size,
                                      characteristics,
                                      map,
                                      lock_slots,
                                      barrier,
                                      unmap,
                                      nullptr,
                                      nullptr};

int open(sqlite3_vfs*, const char* path, sqlite3_file* handle, int flags, int* given_flags) {
    handle->pMethods = nullptr;
    std::shared_ptr<File> file;
    if (path == nullptr) {
        file = std::make_shared<File>();
    } else {
        const auto found = all().find(path);
        if (found == all().end() && (flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
        file = found != all().end() ? found->second : (all()[path] = std::make_shared<File>());
        if ((flags & SQLITE_OPEN_DELETEONCLOSE) != 0) all().erase(path);
    }
    handle_of(handle) = {
        {&kMethods}, new std::shared_ptr<File>(std::move(file)), SQLITE_LOCK_NONE, false, 0, 0};
    if (given_flags != nullptr) *given_flags = flags;
    return SQLITE_OK;
}

int remove(sqlite3_vfs*, const char* path, int) {
    return all().erase(path) > 0 ? SQLITE_OK : SQLITE_IOERR_DELETE_NOENT;
}

/// An empty file counts as none, as it does on a real disk.
int access(sqlite3_vfs*, const char* path, int, int* result) {
    const auto found = all().find(path);
    *result = found != all().end() && !found->second->bytes.empty() ? 1 : 0;
    return SQLITE_OK;
}

int full_path(sqlite3_vfs*, const char* path, int size, char* out) {
    sqlite3_snprintf(size, out, "%s", path);
    return SQLITE_OK;
}

}  // namespace

void keep_databases_in_memory() {
    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    static sqlite3_vfs vfs = *sqlite3_vfs_find(nullptr);
    vfs.zName = "simulation";
    vfs.szOsFile = sizeof(Handle);
    vfs.pNext = nullptr;
    vfs.xOpen = open;
    vfs.xDelete = remove;
    vfs.xAccess = access;
    vfs.xFullPathname = full_path;
    sqlite3_vfs_register(&vfs, 1);
}

void make_database(const std::string& path, const std::string& bytes) {
    const auto file = std::make_shared<File>();
    file->bytes = bytes;
    all()[path] = file;
}

std::string bytes_of_database(const std::string& path) {
    return all().at(path)->bytes;
}

void forget_databases() {
    all().clear();
}

}  // namespace simulation
