/// Git's index, as a person's git holds and writes it. It is a file of the real disk.
#pragma once

#include <string>

#include "virtual_clock.hpp"

namespace simulation {

bool has_index(const std::string& folder);

/// Holds its lock, unless somebody has it.
class HeldIndex {
  public:
    HeldIndex(const std::string& folder, const VirtualClock& clock);
    HeldIndex(const HeldIndex&) = delete;
    HeldIndex& operator=(const HeldIndex&) = delete;
    ~HeldIndex();
    explicit operator bool() const { return held_; }

  private:
    std::string lock_;
    bool held_ = false;
};

/// The entry of a file that git has just written.
void note_in_index(const std::string& folder, const std::string& path, const std::string& bytes,
                   std::int64_t mtime_ns);

}  // namespace simulation
