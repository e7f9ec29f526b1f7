/// Where a Database has its connections from.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "store/connection.hpp"

namespace fluentsync::store {

/// As open_writer() and open_reader(). The last owner's end closes the connection.
std::shared_ptr<Connection> take_writer(const std::string& path, std::int64_t cache_kib);
std::shared_ptr<Connection> take_reader(const std::string& path, std::int64_t cache_kib);

}  // namespace fluentsync::store
