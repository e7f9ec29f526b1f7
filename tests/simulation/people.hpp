/// Where people put things.
#pragma once

#include <cstdint>
#include <string>

#include "replica.hpp"

namespace simulation {

struct Place {
    std::string type;
    std::string id;
    std::string path;
};

/// One of eight.
Place place_of(const Replica& replica, std::uint64_t number);

}  // namespace simulation
