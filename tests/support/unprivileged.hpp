/// As a user whom the system may refuse something, also where the tests are run by root.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

namespace fluentsync::support {

/// While it lives. What is made before it belongs to somebody else.
class Unprivileged {
  public:
    Unprivileged() {
        if (was_ == 0 && seteuid(kNobody) != 0) throw std::runtime_error("cannot be another user");
    }
    Unprivileged(const Unprivileged&) = delete;
    Unprivileged& operator=(const Unprivileged&) = delete;
    ~Unprivileged() {
        if (was_ == 0 && seteuid(0) != 0) std::abort();
    }

    /// Calls as the user of before.
    template <typename Call>
    auto suspended(const Call& call) const {
        const Suspension suspension(was_);
        return call();
    }

  private:
    struct Suspension {
        explicit Suspension(uid_t user) : now(geteuid()) {
            if (seteuid(user) != 0) throw std::runtime_error("cannot be the user of before");
        }
        Suspension(const Suspension&) = delete;
        Suspension& operator=(const Suspension&) = delete;
        ~Suspension() {
            if (seteuid(now) != 0) std::abort();
        }
        const uid_t now;
    };

    static constexpr uid_t kNobody = 65534;
    const uid_t was_ = geteuid();
};

}  // namespace fluentsync::support
