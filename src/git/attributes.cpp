#include "git/attributes.hpp"

#include <utility>

#include "git/attribute_judge.hpp"

namespace fluentsync::git {

namespace {

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
        judge_->add(name, *here.text);
    }
    return folders_.emplace(name, std::move(folder)).first->second;
}

}  // namespace fluentsync::git
