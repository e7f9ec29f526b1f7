#include "store/fork_guard.hpp"

#include <pthread.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <mutex>

namespace fluentsync::store {

namespace {

// In the order in which SQLite itself takes one while it holds another; memory is asked for under each of
// them.
constexpr std::array<int, 7> kGlobal{
    SQLITE_MUTEX_STATIC_OPEN, SQLITE_MUTEX_STATIC_VFS1, SQLITE_MUTEX_STATIC_PRNG, SQLITE_MUTEX_STATIC_MAIN,
    SQLITE_MUTEX_STATIC_LRU,  SQLITE_MUTEX_STATIC_PMEM, SQLITE_MUTEX_STATIC_MEM};

void enter_all() {
    std::for_each(kGlobal.begin(), kGlobal.end(),
                  [](int id) { sqlite3_mutex_enter(sqlite3_mutex_alloc(id)); });
}

void leave_all() {
    std::for_each(kGlobal.rbegin(), kGlobal.rend(),
                  [](int id) { sqlite3_mutex_leave(sqlite3_mutex_alloc(id)); });
}

}  // namespace

void guard_forks() {
    static std::once_flag once;
    std::call_once(once, [] {
        sqlite3_initialize();
        pthread_atfork(enter_all, leave_all, leave_all);
    });
}

}  // namespace fluentsync::store
