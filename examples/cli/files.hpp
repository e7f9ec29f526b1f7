/// Whole files in and out.
#pragma once

#include <string>

namespace cli {

/// Closes its number in the end, unless that is one of the standard ones.
class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor();
    int number() const { return number_; }

  private:
    int number_;
};

/// "-" is standard input. Throws Error(cannot_open, io), and too_large before memory is.
std::string read_file(const std::string& path);

/// Writes a new file beside nothing of interest, in the folder `temporary_folder` (made if missing, on the
/// same file system), and moves it to `path`: readers see the old or the new content. Throws Error(io).
void replace_file(const std::string& path, const std::string& content, const std::string& temporary_folder);

}  // namespace cli
