#include "plan/arrivals.hpp"

#include <algorithm>

namespace fluentsync::plan {

void Arrivals::forget_old(std::int64_t now_ms) {
    while (!arrivals_.empty() && (arrivals_.size() > most_ || arrivals_.front().time + span_ < now_ms)) {
        arrivals_.pop_front();
    }
}

void Arrivals::arrived(const std::string& path, const base::ObjectId& content, std::int64_t now_ms) {
    arrivals_.push_back({now_ms, path, content});
    forget_old(now_ms);
}

std::set<std::string> Arrivals::renamed(const std::map<std::string, base::ObjectId>& gone,
                                        std::int64_t now_ms) {
    forget_old(now_ms);
    std::map<base::ObjectId, std::set<std::string>> here;
    for (const Arrival& arrival : arrivals_) {
        if (gone.count(arrival.path) == 0) here[arrival.content].insert(arrival.path);
    }
    std::set<std::string> renamed;
    for (const auto& [path, content] : gone) {
        const auto found = here.find(content);
        if (found == here.end() || found->second.empty()) continue;
        found->second.erase(found->second.begin());
        renamed.insert(path);
    }
    return renamed;
}

void Arrivals::use(const std::map<std::string, base::ObjectId>& gone) {
    for (const auto& [path, content] : gone) {
        const auto used = std::find_if(
            arrivals_.begin(), arrivals_.end(),
            [&, &content = content](const Arrival& arrival) { return arrival.content == content; });
        if (used != arrivals_.end()) arrivals_.erase(used);
    }
}

}  // namespace fluentsync::plan
