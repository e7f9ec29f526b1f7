#include "git/tree_ignore.hpp"

#include <git2/sys/repository.h>

#include <sstream>

#include "git/library.hpp"
#include "git/tree.hpp"

namespace fluentsync::git {

namespace {

constexpr std::uint64_t kMostRuleBytes = 1 << 20;
constexpr const char* kNotMatched = "git's ignore rules cannot be matched";

/// As one that matches nothing but itself.
std::string quoted(const std::string& folder) {
    std::string result;
    for (const char byte : folder) {
        if (std::string_view("*?[\\").find(byte) != std::string_view::npos) result += '\\';
        result += byte;
    }
    return result;
}

/// A line of the .gitignore in `folder`, as the root's would say it; empty: it is no rule.
std::string as_of_root(std::string line, const std::string& folder) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty() || line.front() == '#') return {};
    if (folder.empty()) return line;
    const bool again = line.front() == '!';
    if (again) line.erase(0, 1);
    const bool anchored = line.find('/') < line.size() - 1;  // Else it counts at any depth.
    if (anchored && line.front() == '/') line.erase(0, 1);
    return (again ? "!/" : "/") + quoted(folder) + (anchored ? "/" : "/**/") + line;
}

}  // namespace

/// A repository in memory, without a disk, a configuration or rules of its own.
struct TreeIgnoreRules::Matcher {
    Matcher() {
        ConfigPtr none;
        check(git_repository_new(out(repository)), kNotMatched);
        check(git_config_new(out(none)), kNotMatched);
        check(git_repository_set_config(repository.get(), none.get()), kNotMatched);
    }
    RepositoryPtr repository;
};

TreeIgnoreRules::TreeIgnoreRules(Repository& repository, const base::ObjectId& tree)
    : repository_(repository), tree_(tree) {}

TreeIgnoreRules::~TreeIgnoreRules() = default;

bool TreeIgnoreRules::ignore(const std::string& path) {
    load({});  // From the root down: of two rules that match, the later one counts.
    for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1))
        load(path.substr(0, slash));
    if (!matcher_) return false;
    int ignored = 0;
    check(git_ignore_path_is_ignored(&ignored, matcher_->repository.get(), path.c_str()), kNotMatched);
    return ignored != 0;
}

void TreeIgnoreRules::load(const std::string& folder) {
    if (!loaded_.insert(folder).second) return;
    const auto file =
        find_in_tree(repository_, tree_, folder.empty() ? ".gitignore" : folder + "/.gitignore");
    if (!file || (file->mode != kModeFile && file->mode != kModeExecutable)) return;
    std::istringstream lines(repository_.blob(file->id, kMostRuleBytes));
    std::string rules;
    for (std::string line; std::getline(lines, line);) {
        if (const std::string rule = as_of_root(line, folder); !rule.empty()) rules += rule + "\n";
    }
    if (rules.empty()) return;
    if (!matcher_) matcher_ = std::make_unique<Matcher>();
    check(git_ignore_add_rule(matcher_->repository.get(), rules.c_str()), kNotMatched);
}

}  // namespace fluentsync::git
