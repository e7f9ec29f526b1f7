/// Remembers which files were seen missing, so that only a second look, later, makes a deletion. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace fluentsync::plan {

class MissingFiles {
  public:
    explicit MissingFiles(std::int64_t recheck_ms);
    /// The path was looked at and is not there. True when an earlier look, at least recheck_ms ago, missed it
    /// too.
    bool seen_missing(const std::string& path, std::int64_t now_ms);
    /// The path is there, or its deletion is through. False: it was not missing.
    bool clear(const std::string& path);
    void clear_all();
    /// Paths that wait for their second look.
    std::vector<std::string> waiting() const;
    bool empty() const;

  private:
    std::int64_t recheck_;
    std::map<std::string, std::int64_t> first_seen_;
};

}  // namespace fluentsync::plan
