#include "plan/told_failures.hpp"

namespace fluentsync::plan {

ToldFailures::Tell ToldFailures::failed(const std::string& path, const std::string& cause) {
    const auto known = causes_.find(path);
    if (known != causes_.end()) {
        const bool changed = known->second != cause;
        known->second = cause;
        return changed ? Tell::the_failure : Tell::nothing;
    }
    if (causes_.size() < most_) {
        causes_.emplace(path, cause);
        return Tell::the_failure;
    }
    const bool is_news = !more_told_;
    more_told_ = true;
    return is_news ? Tell::that_there_are_more : Tell::nothing;
}

void ToldFailures::over(const std::string& path) {
    causes_.erase(path);
    if (causes_.empty()) {
        more_told_ = false;
    }
}

}  // namespace fluentsync::plan
