/// Who stands on whom: what others stand on cannot be closed under them.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "fluentsync/error.hpp"
#include "registry.hpp"

namespace fluentsync::capi {

/// Part of an object that others may stand on.
class Tenancy {
  public:
    /// `name` is what errors call the object. What is borrowed carries nobody and is closed by its owner
    /// alone.
    Tenancy(std::string name, Ownership ownership) : name_(std::move(name)), ownership_(ownership) {}

    void move_in() {
        const std::lock_guard lock(mutex_);
        refuse_borrowed("be built upon");
        if (locked_) throw Error(ErrorCode::closed, "this " + name_ + " is closed");
        ++tenants_;
    }
    void move_out() {
        const std::lock_guard lock(mutex_);
        --tenants_;
    }
    /// Nobody moves in from now on. Throws misuse while somebody is in.
    void lock_up() {
        const std::lock_guard lock(mutex_);
        refuse_borrowed("be closed");
        if (tenants_ > 0) {
            throw Error(ErrorCode::misuse, "this " + name_ + " still carries " + std::to_string(tenants_) +
                                               " open handle(s); close those first");
        }
        locked_ = true;
    }

  private:
    void refuse_borrowed(const char* what) const {
        if (ownership_ == Ownership::callers) return;
        throw Error(ErrorCode::misuse,
                    "this " + name_ + " belongs to a workspace and cannot " + what + " alone");
    }

    const std::string name_;
    const Ownership ownership_;
    std::mutex mutex_;
    int tenants_ = 0;
    bool locked_ = false;
};

/// Stands on `ground` until ended, and keeps its memory beyond that.
template <class Ground>
class Lease {
  public:
    Lease() = default;
    explicit Lease(std::shared_ptr<Ground> ground) : ground_(std::move(ground)) {
        if (ground_) ground_->tenancy().move_in();
        held_ = ground_ != nullptr;
    }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease() { end(); }

    void end() {
        const std::lock_guard lock(mutex_);
        if (std::exchange(held_, false)) ground_->tenancy().move_out();
    }
    const std::shared_ptr<Ground>& ground() const noexcept { return ground_; }

  private:
    std::shared_ptr<Ground> ground_;
    std::mutex mutex_;
    bool held_ = false;
};

}  // namespace fluentsync::capi
