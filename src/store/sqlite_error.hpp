/// SQLite's errors in the library's words.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>

namespace fluentsync::store {

/// Throws the Error that stands for `error` on the database at `path`.
[[noreturn]] void throw_translated(const SQLite::Exception& error, const std::string& path);

/// Runs `work`; SQLite's exceptions leave it as Error.
template <typename Work>
auto translated(const std::string& path, Work&& work) -> decltype(work()) {
    try {
        return work();
    } catch (const SQLite::Exception& error) {
        throw_translated(error, path);
    }
}

}  // namespace fluentsync::store
