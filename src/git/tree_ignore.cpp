#include "git/tree_ignore.hpp"

#include "base/tuning.hpp"
#include "fluentsync/error.hpp"

namespace fluentsync::git {

TreeIgnoreRules::TreeIgnoreRules(Repository& repository, const base::ObjectId& tree)
    : repository_(repository),
      tree_(repository, tree),
      rules_([this](const std::string& folder) { return text_of(folder); }) {}

/// One that is too large to be read ignores nothing: what it is asked for is what may be let go of.
std::optional<std::string> TreeIgnoreRules::text_of(const std::string& folder) {
    const auto file = tree_.file(folder.empty() ? ".gitignore" : folder + "/.gitignore");
    if (!file || (file->mode != kModeFile && file->mode != kModeExecutable)) return std::nullopt;
    try {
        return repository_.blob(file->id, base::tuning::kMostRuleBytes);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::too_large) throw;
        return std::nullopt;
    }
}

}  // namespace fluentsync::git
