// store::take_writer() and take_reader() out of a pool: linked in the place of those that open each anew. A
// connection that comes back is as a new one: in no transaction, without a busy handler.
#include "simulated_connections.hpp"

#include <sqlite3.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "store/connection_source.hpp"
#include "store/open_connection.hpp"

namespace simulation {

namespace {

using fluentsync::store::Connection;

enum class Role { writer, reader };
using Waiting = std::map<std::pair<std::string, Role>, std::vector<std::unique_ptr<Connection>>>;

Waiting& waiting() {
    static Waiting connections;
    return connections;
}

std::shared_ptr<Connection> take(const std::string& path, Role role,
                                 const std::function<std::unique_ptr<Connection>()>& open) {
    auto& pool = waiting()[{path, role}];
    std::unique_ptr<Connection> connection;
    if (pool.empty()) {
        connection = open();
    } else {
        connection = std::move(pool.back());
        pool.pop_back();
    }
    return {connection.release(), [path, role](Connection* one) {
                std::unique_ptr<Connection> back(one);
                sqlite3* const database = back->raw().getHandle();
                if (sqlite3_get_autocommit(database) == 0) return;
                sqlite3_busy_handler(database, nullptr, nullptr);
                waiting()[{path, role}].push_back(std::move(back));
            }};
}

}  // namespace

void close_connections() {
    waiting().clear();
}

}  // namespace simulation

namespace fluentsync {

std::shared_ptr<store::Connection> store::take_writer(const std::string& path, std::int64_t cache_kib) {
    return simulation::take(path, simulation::Role::writer, [&] { return open_writer(path, cache_kib); });
}

std::shared_ptr<store::Connection> store::take_reader(const std::string& path, std::int64_t cache_kib) {
    return simulation::take(path, simulation::Role::reader, [&] { return open_reader(path, cache_kib); });
}

}  // namespace fluentsync
