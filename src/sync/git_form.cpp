#include "sync/git_form.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/tuning.hpp"

namespace fluentsync::sync {

namespace {

constexpr const char* kAttributes = ".gitattributes";

bool is_attribute_file(const std::string& path) {
    const std::string_view name = kAttributes;
    return path == name || (path.size() > name.size() && path[path.size() - name.size() - 1] == '/' &&
                            path.compare(path.size() - name.size(), name.size(), name) == 0);
}

std::map<std::string, std::optional<git::TreeFile>> attribute_files(
    const std::vector<git::TreeDelta>& deltas) {
    std::map<std::string, std::optional<git::TreeFile>> files;
    for (const git::TreeDelta& delta : deltas) {
        if (is_attribute_file(delta.path)) {
            files.emplace(delta.path, delta.after);
        }
    }
    return files;
}

std::string left_to_git(const std::string& what) {
    return fmt::format(
        "git's attributes say {}, which only git itself carries out: use git add, commit and checkout for it",
        what);
}

bool holds_ident(std::string_view bytes) {
    return bytes.find("$Id$") != std::string_view::npos || bytes.find("$Id:") != std::string_view::npos;
}

/// A link in the place of such a file says nothing, as with git.
git::AttributeText text_of_blob(const git::Repository& repository, const git::TreeFile& file) {
    if (file.mode == git::kModeLink || file.mode == git::kModeSubmodule ||
        !repository.knows_object(file.id)) {
        return {};
    }
    return {repository.blob(file.id, base::tuning::kMostRuleBytes), {}};
}

}  // namespace

GitForm::GitForm(GitContext& git, const std::vector<git::TreeDelta>& incoming)
    : git_(git),
      incoming_(attribute_files(incoming)),
      attributes_(git.repository, [this](const std::string& folder) { return attributes_of(folder); }) {}

git::AttributeText GitForm::attributes_of(const std::string& folder) const {
    const std::string path = folder.empty() ? kAttributes : folder + "/" + kAttributes;
    try {
        if (const auto found = incoming_.find(path); found != incoming_.end()) {
            return found->second ? text_of_blob(git_.repository, *found->second) : git::AttributeText{};
        }
        std::string text;
        if (git_.sync.folder->read(path, base::tuning::kMostRuleBytes, text).kind ==
            runtime::FileKind::regular) {
            if (text.size() > base::tuning::kMostRuleBytes) {
                throw Error(ErrorCode::too_large, "too large", path);
            }
            return {std::move(text), {}};
        }
        std::optional<store::LedgerRow> row;
        git_.sync.store.read([&](store::Connection& connection) { row = store::find_row(connection, path); });
        return row && row->committed ? text_of_blob(git_.repository, {*row->committed, git::kModeFile})
                                     : git::AttributeText{};
    } catch (const Error&) {
        return {{}, fmt::format("what cannot be read from {}", base::printable(path))};
    }
}

std::string GitForm::bar(const std::string& path) {
    const git::PathRules& rules = attributes_.of(path);
    return rules.foreign.empty() ? std::string() : left_to_git(rules.foreign);
}

bool GitForm::depends_on_bytes(const std::string& path) {
    const git::PathRules& rules = attributes_.of(path);
    return rules.foreign.empty() && rules.converts();
}

std::string GitForm::bar_of_file(const std::string& path, std::string_view bytes) {
    const git::PathRules& rules = attributes_.of(path);
    if (rules.ident && holds_ident(bytes)) {
        return left_to_git("ident");
    }
    return git::to_git_line_ends(bytes, rules.line_ends, false) ? left_to_git("other line ends") : bar(path);
}

std::string GitForm::bar_of_blob(const std::string& path, std::string_view bytes) {
    const git::PathRules& rules = attributes_.of(path);
    if (rules.ident && holds_ident(bytes)) {
        return left_to_git("ident");
    }
    return git::to_file_line_ends(bytes, rules.line_ends) ? left_to_git("other line ends") : bar(path);
}

}  // namespace fluentsync::sync
