#include "plan/missing_files.hpp"

namespace fluentsync::plan {

MissingFiles::MissingFiles(std::int64_t recheck_ms) : recheck_(recheck_ms) {}

bool MissingFiles::seen_missing(const std::string& path, std::int64_t now_ms) {
    const auto [place, first_look] = first_seen_.try_emplace(path, now_ms);
    return !first_look && now_ms - place->second >= recheck_;
}

bool MissingFiles::clear(const std::string& path) {
    return first_seen_.erase(path) > 0;
}

void MissingFiles::clear_all() {
    first_seen_.clear();
}

std::vector<std::string> MissingFiles::waiting() const {
    std::vector<std::string> paths;
    paths.reserve(first_seen_.size());
    for (const auto& [path, since] : first_seen_)
        paths.push_back(path);
    return paths;
}

bool MissingFiles::empty() const {
    return first_seen_.empty();
}

}  // namespace fluentsync::plan
