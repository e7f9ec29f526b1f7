/// Files that came lately, so that one that is gone is known to be there under another name. Pure.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>

#include "base/object_id.hpp"

namespace fluentsync::plan {

class Arrivals {
  public:
    /// Forgets what came more than `span_ms` before the latest arrival or question, and what exceeds `most`.
    Arrivals(std::int64_t span_ms, std::size_t most) : span_(span_ms), most_(most) {}
    /// A file that was not known is at `path` now.
    void arrived(const std::string& path, const base::ObjectId& content, std::int64_t now_ms);
    /// Of paths that are gone, with the content they had, those that an arrival has the content of; each
    /// arrival answers for one. One that is gone itself does not count.
    std::set<std::string> renamed(const std::map<std::string, base::ObjectId>& gone, std::int64_t now_ms);
    /// These deletions are through: what answered for one of them answers for no other.
    void use(const std::map<std::string, base::ObjectId>& gone);

  private:
    struct Arrival {
        std::int64_t time;
        std::string path;
        base::ObjectId content;
    };
    void forget_old(std::int64_t now_ms);

    std::int64_t span_;
    std::size_t most_;
    std::deque<Arrival> arrivals_;
};

}  // namespace fluentsync::plan
