/// From the header's handle types to the objects behind them.
#pragma once

#include <memory>
#include <utility>

#include "fluentsync/fluentsync.h"
#include "registry.hpp"

namespace fluentsync::capi {

class LoopObject;
class StoreObject;
class DirectoryObject;
class GitObject;
class WorkspaceObject;
class EventQueue;
class EventCallback;
class TransactionObject;

template <class Handle>
struct ObjectOf;
template <>
struct ObjectOf<fluentsync_loop> {
    using Type = LoopObject;
    static constexpr Kind kind = Kind::loop;
};
template <>
struct ObjectOf<fluentsync_store> {
    using Type = StoreObject;
    static constexpr Kind kind = Kind::store;
};
template <>
struct ObjectOf<fluentsync_directory> {
    using Type = DirectoryObject;
    static constexpr Kind kind = Kind::directory;
};
template <>
struct ObjectOf<fluentsync_git> {
    using Type = GitObject;
    static constexpr Kind kind = Kind::git;
};
template <>
struct ObjectOf<fluentsync_workspace> {
    using Type = WorkspaceObject;
    static constexpr Kind kind = Kind::workspace;
};
template <>
struct ObjectOf<fluentsync_events> {
    using Type = EventQueue;
    static constexpr Kind kind = Kind::events;
};
template <>
struct ObjectOf<fluentsync_subscription> {
    using Type = EventCallback;
    static constexpr Kind kind = Kind::subscription;
};
template <>
struct ObjectOf<fluentsync_transaction> {
    using Type = TransactionObject;
    static constexpr Kind kind = Kind::transaction;
};

template <class Handle>
Ticket ticket_of(Handle* handle) noexcept {
    return reinterpret_cast<Ticket>(handle);
}

template <class Handle>
std::shared_ptr<typename ObjectOf<Handle>::Type> use(Handle* handle) {
    using Type = typename ObjectOf<Handle>::Type;
    return std::static_pointer_cast<Type>(look_up(ObjectOf<Handle>::kind, ticket_of(handle)));
}

template <class Handle>
Handle* hand_out(std::shared_ptr<typename ObjectOf<Handle>::Type> object, Ownership ownership) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): a ticket is no address.
    return reinterpret_cast<Handle*>(enter(ObjectOf<Handle>::kind, ownership, std::move(object)));
}

template <class Handle>
void close_handle(Handle* handle) {
    use(handle)->close();
    strike_out(ticket_of(handle));
}

}  // namespace fluentsync::capi
