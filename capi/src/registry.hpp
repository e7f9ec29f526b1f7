/// Handles are tickets: a serial number and a kind, looked up, never followed. So one that is stale, forged
/// or from before a fork is an error and no crash.
#pragma once

#include <cstdint>
#include <memory>

#include "fluentsync/fluentsync.h"

namespace fluentsync::capi {

enum class Kind : unsigned { loop = 1, store, directory, git, workspace, events, subscription, transaction };

/// What a handle stands for.
class Object {
  public:
    Object() = default;
    Object(const Object&) = delete;
    Object& operator=(const Object&) = delete;
    virtual ~Object() = default;
    /// Ends it. Throws Error when it cannot be closed here and now; it is then as open as before.
    virtual void close() = 0;
};

/// Whether the caller must give the handle back.
enum class Ownership { callers, borrowed };

using Ticket = std::uintptr_t;

Ticket enter(Kind kind, Ownership ownership, std::shared_ptr<Object> object);
/// Throws invalid_argument, misuse or closed; `exclusive` callbacks allow transactions alone.
std::shared_ptr<Object> look_up(Kind kind, Ticket ticket);
/// The ticket is stale from now on. Nothing happens when it already is.
void strike_out(Ticket ticket);
std::int64_t live_handles();

/// Alive while a callback runs in which handles must not be used: the transaction's and the credentials' own
/// threads hold what the other calls would wait for.
class ExclusiveCallback {
  public:
    explicit ExclusiveCallback(const char* whose);
    ExclusiveCallback(const ExclusiveCallback&) = delete;
    ExclusiveCallback& operator=(const ExclusiveCallback&) = delete;
    ~ExclusiveCallback();

  private:
    const char* outer_;
};

}  // namespace fluentsync::capi
