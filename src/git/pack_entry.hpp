/// Objects in the form a pack holds them. For bodies of this floor only.
#pragma once

#include <zlib.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "git/library.hpp"

namespace fluentsync::git {

/// Turns objects into pack entries (header and zlib data, level 1). For one thread.
class PackEntryEncoder {
  public:
    PackEntryEncoder();
    PackEntryEncoder(const PackEntryEncoder&) = delete;
    PackEntryEncoder& operator=(const PackEntryEncoder&) = delete;
    ~PackEntryEncoder();
    void append(git_object_t type, std::string_view data, std::string& to);

  private:
    z_stream stream_{};
};

/// "PACK", the version, and how many objects follow.
std::array<char, 12> pack_header(std::uint32_t objects);

}  // namespace fluentsync::git
