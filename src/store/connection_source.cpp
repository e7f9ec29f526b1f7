#include "store/connection_source.hpp"

#include "store/open_connection.hpp"

namespace fluentsync {

std::shared_ptr<store::Connection> store::take_writer(const std::string& path, std::int64_t cache_kib) {
    return open_writer(path, cache_kib);
}

std::shared_ptr<store::Connection> store::take_reader(const std::string& path, std::int64_t cache_kib) {
    return open_reader(path, cache_kib);
}

}  // namespace fluentsync
