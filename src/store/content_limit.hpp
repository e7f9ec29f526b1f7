/// How much a content may have that is to become a file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "fluentsync/entity.hpp"
#include "store/connection.hpp"

namespace fluentsync::store {

/// The most bytes of a content whose entity goes to files. The folder that was attached last has written it
/// into the database, so that every process that writes there heeds it; a store that never had a folder has
/// no such limit.
struct ContentLimit {
    std::int64_t bytes = 0;
    std::vector<std::string> types = {};  ///< Those that go to files; empty: all.
};

bool has_content_limit(Connection& connection, const ContentLimit& limit);
void set_content_limit(Connection& connection, const ContentLimit& limit);

/// Throws Error(too_large) for content that no file may have. In the transaction that writes it.
void check_content_limit(Connection& connection, const EntityKey& key, std::size_t size);

}  // namespace fluentsync::store
