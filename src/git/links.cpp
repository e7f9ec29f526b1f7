#include "git/links.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "codec/key_path.hpp"
#include "fluentsync/error.hpp"

namespace fluentsync::git {

namespace {

/// A path of the system's, without its zero.
constexpr std::uint64_t kLongestTarget = 4095;

std::vector<std::string_view> segments_of(std::string_view path) {
    std::vector<std::string_view> segments;
    for (std::size_t from = 0; from <= path.size();) {
        const std::size_t end = std::min(path.find('/', from), path.size());
        segments.push_back(path.substr(from, end - from));
        from = end + 1;
    }
    return segments;
}

bool names_git_rules(std::string_view path) {
    constexpr std::string_view kBegin = ".git";
    const std::string_view name = path.substr(path.rfind('/') + 1);
    return name.size() >= kBegin.size() &&
           std::equal(kBegin.begin(), kBegin.end(), name.begin(),
                      [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b); });
}

}  // namespace

bool stays_inside(std::string_view path, std::string_view target) {
    if (target.empty() || target.front() == '/') return false;
    std::vector<std::string_view> at = segments_of(path);
    at.pop_back();
    bool goes_down = false;
    for (const std::string_view segment : segments_of(target)) {
        if (segment == "..") {
            if (goes_down || at.empty()) return false;
            at.pop_back();
        } else if (!segment.empty() && segment != ".") {
            goes_down = true;
            at.push_back(segment);
        }
    }
    std::string place;
    for (const std::string_view segment : at) {
        place.append(place.empty() ? "" : "/").append(segment);
    }
    return codec::safe_tree_path(place);
}

std::string link_target(const Repository& repository, const base::ObjectId& target) {
    return repository.blob(target, kLongestTarget);
}

std::string unfit_link(const Repository& repository, const std::string& path, const base::ObjectId& target) {
    if (!repository.makes_links()) {
        return "a symbolic link, and core.symlinks is off: it stays in git only";
    }
    bool inside = false;
    try {
        inside = stays_inside(path, link_target(repository, target));
    } catch (const Error& error) {
        if (error.code() != ErrorCode::too_large) throw;
    }
    return inside && !names_git_rules(path)
               ? std::string()
               : "a symbolic link that may lead out of the folder is never made here: it stays in git only";
}

}  // namespace fluentsync::git
