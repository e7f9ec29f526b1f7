/// A nameless temporary file that is written once and read once. For bodies of this floor only.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fluentsync::git {

/// Gone with the process, however it ends.
class Spool {
  public:
    /// In `folder` where that is possible, else where the system keeps temporary files.
    explicit Spool(const std::string& folder);
    Spool(const Spool&) = delete;
    Spool& operator=(const Spool&) = delete;
    ~Spool();
    void append(std::string_view bytes);
    /// Reads on from the start; an empty view at the end.
    std::string_view next(std::string& buffer);

  private:
    void flush();
    int file_ = -1;
    std::string pending_;
    std::size_t read_ = 0;
};

}  // namespace fluentsync::git
