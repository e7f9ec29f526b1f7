#include "git/ignore_rules.hpp"

#include <utility>

#include "git/library.hpp"
#include "git/rule_file.hpp"

namespace fluentsync::git {

namespace {

constexpr std::string_view kAll = "*";

}  // namespace

IgnoreRules::IgnoreRules(Source source) : source_(std::move(source)) {}
IgnoreRules::~IgnoreRules() = default;

IgnoreRules::IgnoreRules(const Repository& repository, Source source) : source_(std::move(source)) {
    ConfigPtr snapshot;
    check(git_repository_config_snapshot(out(snapshot), repository.raw()),
          "git's configuration cannot be read");
    int ignores_case = 0;
    if (git_config_get_bool(&ignores_case, snapshot.get(), "core.ignorecase") == 0 && ignores_case != 0) {
        letters_ = Glob::Case::ignored;
    }
    add_own_file(item_path(repository.raw(), GIT_REPOSITORY_ITEM_INFO) + "exclude");
    Buffer chosen;
    if (git_config_get_path(&chosen, snapshot.get(), "core.excludesfile") == 0) {
        add_own_file(chosen.text());
    } else {
        for (const std::string& folder : folders_of(GIT_CONFIG_LEVEL_XDG))
            add_own_file(folder + "/ignore");
    }
}

void IgnoreRules::add_own_file(const std::string& path) {
    std::string text;
    const bool readable = read_rule_file(path, text);
    IgnoreList list(readable ? std::string_view(text) : kAll, {}, letters_);
    if (!list.empty()) own_.push_back(std::move(list));
}

bool IgnoreRules::ignore(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    const Folder& parent = look_at(slash == std::string::npos ? std::string() : path.substr(0, slash));
    return is_ignored(&parent, path, false);
}

const IgnoreRules::Folder& IgnoreRules::look_at(const std::string& name) {
    if (const auto known = folders_.find(name); known != folders_.end()) return known->second;
    Folder folder;
    if (!name.empty()) {
        const std::size_t slash = name.rfind('/');
        folder.above = &look_at(slash == std::string::npos ? std::string() : name.substr(0, slash));
        folder.ignored = is_ignored(folder.above, name, true);
    }
    if (const auto text = folder.ignored ? std::nullopt : source_(name)) {
        folder.list.emplace(*text, name, letters_);
    }
    return folders_.emplace(name, std::move(folder)).first->second;
}

/// The nearest file that says anything decides; in it, the last line.
bool IgnoreRules::is_ignored(const Folder* parent, const std::string& path, bool is_folder) const {
    if (parent->ignored) return true;
    for (const Folder* folder = parent; folder != nullptr; folder = folder->above) {
        if (!folder->list) continue;
        if (const auto verdict = folder->list->verdict(path, is_folder))
            return *verdict == IgnoreList::Verdict::ignored;
    }
    for (const IgnoreList& list : own_) {
        if (const auto verdict = list.verdict(path, is_folder))
            return *verdict == IgnoreList::Verdict::ignored;
    }
    return false;
}

}  // namespace fluentsync::git
