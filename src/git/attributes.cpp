#include "git/attributes.hpp"

#include <string_view>
#include <utility>

#include "git/attribute_judge.hpp"

namespace fluentsync::git {

namespace {

constexpr int kMostStars = 4;

/// In any one line's pattern; stars that stand together are one.
bool has_many_stars(std::string_view text) {
    int stars = 0;
    char before = '\n';
    for (const char c : text) {
        if (c == '\n') stars = 0;
        if (c == '*' && before != '*' && ++stars > kMostStars) return true;
        before = c;
    }
    return false;
}

std::string folder_above(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

}  // namespace

Attributes::Attributes(const Repository& repository, Source source)
    : source_(std::move(source)), judge_(std::make_unique<AttributeJudge>(repository)) {}
Attributes::Attributes(Attributes&&) noexcept = default;
Attributes::~Attributes() = default;

const PathRules& Attributes::of(const std::string& path) {
    if (path != last_.first || path.empty()) {
        last_ = {path, ask(path)};
    }
    return last_.second;
}

PathRules Attributes::ask(const std::string& path) {
    const Folder& folder = look_at(folder_above(path));
    const std::string& trouble = judge_->trouble().empty() ? folder.trouble : judge_->trouble();
    if (!trouble.empty()) {
        PathRules rules;
        rules.foreign = trouble;
        rules.merge = MergeRule::undecided;
        return rules;
    }
    return folder.rules || judge_->has_rules_everywhere() ? judge_->rules_of(path) : PathRules{};
}

const Attributes::Folder& Attributes::look_at(const std::string& name) {
    const auto known = folders_.find(name);
    if (known != folders_.end()) {
        return known->second;
    }
    Folder folder;
    if (!name.empty()) {
        folder = look_at(folder_above(name));
    }
    AttributeText here = source_(name);
    if (!here.trouble.empty()) {
        folder.trouble = std::move(here.trouble);
    }
    if (here.text && holds_attribute(*here.text)) {
        folder.rules = true;
        // Libgit2 would take exponential time over it, and strangers write these files.
        if (has_many_stars(*here.text)) {
            folder.trouble = "what a pattern of more than " + std::to_string(kMostStars) + " stars asks for";
            return folders_.emplace(name, std::move(folder)).first->second;
        }
        judge_->add(name, *here.text);
    }
    return folders_.emplace(name, std::move(folder)).first->second;
}

}  // namespace fluentsync::git
