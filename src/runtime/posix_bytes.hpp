/// Bytes of an open file, whole: short reads and writes are completed, EINTR is retried.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fluentsync::runtime {

/// Fills `out` from `fd` to the file's end or `most` bytes. One call for a file that is as long as it said: a
/// short read of a regular file that ends where its size said is the end.
void read_all(int fd, std::uint64_t size, std::uint64_t most, const std::string& path, std::string& out);
void write_all(int fd, std::string_view bytes, const std::string& path);
/// The kernel stamps with the time of its last tick, which an earlier stamp may share; the exact time is
/// shared by nothing.
void stamp_exact_time(int fd, const std::string& path);

}  // namespace fluentsync::runtime
