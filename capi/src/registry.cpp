#include "registry.hpp"

#include <pthread.h>

#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>

#include "fluentsync/error.hpp"

namespace fluentsync::capi {
namespace {

constexpr unsigned kKindBits = 4;
constexpr Ticket kKindMask = (1u << kKindBits) - 1;

const char* name_of(Kind kind) {
    switch (kind) {
        case Kind::loop:
            return "loop";
        case Kind::store:
            return "store";
        case Kind::directory:
            return "directory";
        case Kind::git:
            return "git";
        case Kind::workspace:
            return "workspace";
        case Kind::events:
            return "events queue";
        case Kind::subscription:
            return "subscription";
        case Kind::transaction:
            return "transaction";
    }
    return "handle";
}

struct Registration {
    std::shared_ptr<Object> object;
    Ownership ownership;
};

struct Registry {
    Registry(Ticket first_serial, unsigned fork_number)
        : first(first_serial), generation(fork_number), next(first_serial) {}

    const Ticket first;  ///< Serials below it are of the process that we were forked from.
    const unsigned generation;
    std::atomic<Ticket> next;
    std::shared_mutex mutex;
    std::unordered_map<Ticket, Registration> entries;
    std::int64_t owned = 0;
};

/// Never destroyed: handles that are still open when the process ends stay reachable and are not touched.
std::atomic<Registry*> current{nullptr};
/// How many forks lie between the first process and this one.
std::atomic<unsigned> forks{0};
thread_local const char* exclusive = nullptr;

/// Nothing of the parent's can be used in a child, not even its mutexes: the child begins anew behind the
/// parent's serials, and only when it comes here.
Registry& registry() {
    static const int watches_forks = pthread_atfork(nullptr, nullptr, [] { ++forks; });
    static_cast<void>(watches_forks);
    auto* known = current.load();
    if (known != nullptr && known->generation == forks) return *known;
    auto fresh = std::make_unique<Registry>(known == nullptr ? 1 : known->next.load(), forks);
    if (!current.compare_exchange_strong(known, fresh.get())) return *known;  // Another thread came first.
    return *fresh.release();
}

[[noreturn]] void refuse_handle(const std::string& fault) {
    throw Error(ErrorCode::misuse, fault);
}

}  // namespace

Ticket enter(Kind kind, Ownership ownership, std::shared_ptr<Object> object) {
    auto& all = registry();
    const std::unique_lock lock(all.mutex);
    const Ticket ticket = all.next++ << kKindBits | static_cast<Ticket>(kind);
    all.entries.emplace(ticket, Registration{std::move(object), ownership});
    if (ownership == Ownership::callers) ++all.owned;
    return ticket;
}

std::shared_ptr<Object> look_up(Kind kind, Ticket ticket) {
    const std::string name = name_of(kind);
    if (ticket == 0) throw Error(ErrorCode::invalid_argument, name + " is NULL");
    if (exclusive != nullptr && kind != Kind::transaction) {
        refuse_handle(std::string("inside ") + exclusive + " callback no other handle may be used");
    }
    auto& all = registry();
    const Ticket serial = ticket >> kKindBits;
    if ((ticket & kKindMask) != static_cast<Ticket>(kind) || serial == 0 || serial >= all.next) {
        refuse_handle("what was given for a " + name + " is none");
    }
    if (serial < all.first)
        refuse_handle("this " + name + " was opened before a fork(); a child opens its own");
    const std::shared_lock lock(all.mutex);
    const auto found = all.entries.find(ticket);
    if (found == all.entries.end()) throw Error(ErrorCode::closed, "this " + name + " is closed");
    return found->second.object;
}

void strike_out(Ticket ticket) {
    std::shared_ptr<Object> last;  // Let go without the lock.
    auto& all = registry();
    const std::unique_lock lock(all.mutex);
    const auto found = all.entries.find(ticket);
    if (found == all.entries.end()) return;
    if (found->second.ownership == Ownership::callers) --all.owned;
    last = std::move(found->second.object);
    all.entries.erase(found);
}

std::int64_t live_handles() {
    auto& all = registry();
    const std::shared_lock lock(all.mutex);
    return all.owned;
}

ExclusiveCallback::ExclusiveCallback(const char* whose) : outer_(exclusive) {
    exclusive = whose;
}

ExclusiveCallback::~ExclusiveCallback() {
    exclusive = outer_;
}

}  // namespace fluentsync::capi
