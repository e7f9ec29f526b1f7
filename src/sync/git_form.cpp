#include "sync/git_form.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/tuning.hpp"

namespace fluentsync::sync {

namespace {

constexpr const char* kAttributes = ".gitattributes";
constexpr const char* kIdent = "ident";
constexpr const char* kCrlfIsLost =
    "core.safecrlf: git would give it LF in place of CRLF, and refuses that: change its line ends, the "
    "attributes or core.safecrlf";
constexpr const char* kLfIsLost =
    "core.safecrlf: git would give it CRLF in place of LF, and refuses that: change its line ends, the "
    "attributes or core.safecrlf";

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

std::string GitForm::bar_of_file(const std::string& path, std::string_view bytes, const AtHead& head) {
    const git::PathRules& rules = attributes_.of(path);
    if (rules.ident && holds_ident(bytes)) {
        return left_to_git(kIdent);
    }
    if (rules.exact) {
        const auto lost = git::lost_ends(bytes, rules.line_ends, keeps_crlf(rules.line_ends, bytes, head));
        if (lost != git::LostEnds::none) {
            return lost == git::LostEnds::crlf ? kCrlfIsLost : kLfIsLost;
        }
    }
    return bar(path);
}

std::string GitForm::bar_of_blob(const std::string& path, std::string_view bytes) {
    const git::PathRules& rules = attributes_.of(path);
    return rules.ident && holds_ident(bytes) ? left_to_git(kIdent) : bar(path);
}

bool GitForm::may_still_bar(const std::string& path, const std::string& reason) {
    const git::PathRules& rules = attributes_.of(path);
    const bool gives_crlf =
        rules.line_ends == git::LineEnds::crlf || rules.line_ends == git::LineEnds::guess_crlf;
    if (reason == kCrlfIsLost || reason == kLfIsLost) {
        return rules.exact && rules.line_ends != git::LineEnds::keep && gives_crlf == (reason == kLfIsLost);
    }
    return rules.ident && reason == left_to_git(kIdent);
}

std::optional<std::string> GitForm::to_git(const std::string& path, std::string_view bytes,
                                           const AtHead& head) {
    const git::LineEnds rule = attributes_.of(path).line_ends;
    return git::to_git_line_ends(bytes, rule, keeps_crlf(rule, bytes, head));
}

std::optional<std::string> GitForm::to_file(const std::string& path, std::string_view bytes) {
    return git::to_file_line_ends(bytes, attributes_.of(path).line_ends);
}

base::ObjectId GitForm::id_in_git(const std::string& path, std::string_view bytes, const base::ObjectId& id,
                                  const AtHead& head) {
    const auto blob = to_git(path, bytes, head);
    const base::ObjectId made = blob ? base::hash_blob(*blob) : id;
    return head && made != *head && checks_out_as(path, *head, bytes) ? *head : made;
}

bool GitForm::checks_out_as(const std::string& path, const base::ObjectId& blob, std::string_view bytes) {
    if (bytes.find("\r\n") == std::string_view::npos || !git_.repository.knows_object(blob)) {
        return false;
    }
    const auto text = text_of(blob);
    return text && to_file(path, *text) == bytes;
}

/// Nothing where it is too large to be looked at.
std::optional<std::string> GitForm::text_of(const base::ObjectId& blob) const {
    try {
        return git_.repository.blob(blob,
                                    static_cast<std::uint64_t>(git_.sync.options.max_import_file_bytes));
    } catch (const Error& error) {
        if (error.code() != ErrorCode::too_large) {
            throw;
        }
        return std::nullopt;
    }
}

/// What is too large to be looked at is left as it is.
bool GitForm::keeps_crlf(git::LineEnds rule, std::string_view bytes, const AtHead& head) const {
    if (!head || !git::is_guess(rule) || bytes.find("\r\n") == std::string_view::npos ||
        !git_.repository.knows_object(*head)) {
        return false;
    }
    const auto text = text_of(*head);
    return !text || git::is_text_with_crlf(*text);
}

}  // namespace fluentsync::sync
