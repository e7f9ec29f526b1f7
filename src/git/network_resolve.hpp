/// Host names to addresses, with a time limit and cancellation.
#pragma once

#include <netdb.h>

#include <memory>
#include <string>

#include "git/network_scope.hpp"

namespace fluentsync::git {

struct AddressesFree {
    void operator()(addrinfo* head) const noexcept { freeaddrinfo(head); }
};
using Addresses = std::unique_ptr<addrinfo, AddressesFree>;

struct Resolved {
    Addresses addresses;  ///< Null when there are none.
    std::string reason;   ///< Why not; empty when the scope gave up.
};

/// Gives the scope up when the deadline passes. Without a scope it is getaddrinfo().
Resolved resolve(const std::string& host, const std::string& port, const Deadline& deadline,
                 NetworkScope* scope);

}  // namespace fluentsync::git
