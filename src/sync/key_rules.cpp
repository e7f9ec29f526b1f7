#include "sync/key_rules.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace fluentsync::sync {

namespace {

/// As note apps and site generators call their stamps.
constexpr std::array<std::string_view, 23> kStamps{
    "changed",      "dateModified",  "date_modified", "date_updated",  "lastModified", "lastUpdated",
    "lastVerified", "last_modified", "last_updated",  "last_verified", "lastmod",      "modified",
    "modifiedAt",   "modified_at",   "mtime",         "reviewed",      "reviewed_at",  "revision",
    "rev",          "update_time",   "updated",       "updatedAt",     "updated_at"};

bool is_named(const std::vector<std::string>& names, const std::string& path, const std::string& name) {
    return std::any_of(names.begin(), names.end(),
                       [&](const std::string& one) { return one == path || one == name; });
}

}  // namespace

KeyRule rule_of_key(const MergeRules& rules, const std::string& path, const std::string& name) {
    if (is_named(rules.conflict, path, name)) return KeyRule::conflict;
    if (is_named(rules.max, path, name)) return KeyRule::max;
    if (is_named(rules.unite, path, name)) return KeyRule::unite;
    const bool is_stamp = std::find(kStamps.begin(), kStamps.end(), name) != kStamps.end();
    return is_stamp ? KeyRule::max : KeyRule::unite;
}

const MergeRules& rules_of_type(const DirectoryOptions& options, const std::string& type) {
    static const MergeRules none;
    auto found = options.merge.find(type);
    if (found == options.merge.end()) found = options.merge.find("*");
    return found == options.merge.end() ? none : found->second;
}

}  // namespace fluentsync::sync
