// GitBody: what the directory's rounds ask of git.
#include "git/index.hpp"
#include "git/tree.hpp"
#include "sync/git_body.hpp"
#include "sync/git_form.hpp"
#include "sync/ignore_source.hpp"
#include "sync/marked_files.hpp"
#include "sync/taken_back.hpp"
#include "sync/unreadable.hpp"

namespace fluentsync::sync {

/// Lane. What the directory's rounds ask of git.
void GitBody::tell_directory() {
    SyncContext& context = directory_.context();
    context.ignored = [this](const std::string& path) {
        return local_ && is_ignored(path) && !at_head(path);
    };
    context.marked = [this](const std::string& path) {
        return local_ && marks_.contains(local_->repository, path);
    };
    context.follow_head = [this] {
        ignore_rules_.reset();
        if (local_ && !head_was_unknown_) {
            follow();
        }
    };
    context.merge_rule = [this](const std::string& path) {
        return local_ ? GitForm(*local_).merge_rule(path) : git::MergeRule::text;
    };
    context.has_gits_link = [this](const std::string& path) { return local_ && is_gits_link(path); };
    context.persons_git.holds_index = [this] {
        return local_ && git::index_is_locked(local_->repository, store_.clock().wall_ms());
    };
    context.persons_git.at_work = [this] {
        return local_ ? foreign_.at_work(local_->repository, ForeignGit::Work::round)
                      : std::chrono::milliseconds(0);
    };
    context.persons_git.has_taken_back = [this](const std::vector<Overwritten>& files) {
        return local_ ? taken_back(*local_, files) : std::set<std::string>();
    };
    context.committed_at_head = [this](const store::LedgerRow& row) -> std::optional<base::ObjectId> {
        try {
            return local_ && !head_was_unknown_ ? committed_at_head(*local_, row) : std::nullopt;
        } catch (const Error&) {
            return std::nullopt;  // No reason to keep a file from the store; the next commit says what is
                                  // wrong.
        }
    };
    context.blob_of_git = [this](const base::ObjectId& id) -> std::optional<std::string> {
        if (!local_ || !local_->repository.has_object(id)) {
            return std::nullopt;
        }
        try {
            return content_of(*local_, id,
                              static_cast<std::uint64_t>(local_->sync.options.max_import_file_bytes));
        } catch (const UnreadableContent&) {
            return std::nullopt;  // As one that is not there.
        } catch (const Error& error) {
            if (error.code() != ErrorCode::too_large) {
                throw;
            }
            return std::nullopt;
        }
    };
}

/// Lane. It lives on without git.
void GitBody::untell_directory() {
    directory_.set_agreed_listener({});
    SyncContext& context = directory_.context();
    context.ignored = [](const std::string&) { return false; };
    context.marked = [](const std::string&) { return false; };
    context.follow_head = [] {};
    context.merge_rule = [](const std::string&) { return git::MergeRule::text; };
    context.has_gits_link = [](const std::string&) { return false; };
    context.persons_git = {};
    context.committed_at_head = [](const store::LedgerRow&) { return std::optional<base::ObjectId>(); };
    context.blob_of_git = [](const base::ObjectId&) { return std::optional<std::string>(); };
}

/// Lane. What HEAD has at the path, as far as HEAD can be read.
std::optional<git::TreeFile> GitBody::at_head(const std::string& path) {
    try {
        if (!head_tree_) {
            head_tree_ = tree_of(*local_, local_->repository.head().commit);
        }
        return head_tree_ ? git::find_in_tree(local_->repository, *head_tree_, path) : std::nullopt;
    } catch (const Error&) {
        return std::nullopt;  // The next commit says what is wrong.
    }
}

bool GitBody::is_gits_link(const std::string& path) {
    try {
        const auto target = directory_.context().folder->read_link(path);
        const auto file = target ? at_head(path) : std::nullopt;
        return file && file->mode == git::kModeLink && file->id == base::hash_blob(*target);
    } catch (const Error&) {
        return false;  // Out of reach since it was seen.
    }
}

/// Lane. By the rules that the folder had when the round began.
bool GitBody::is_ignored(const std::string& path) {
    if (!ignore_rules_) {
        ignore_rules_.emplace(local_->repository, ignore_source(directory_.context().folder));
    }
    return ignore_rules_->ignore(path);
}

/// Lane. Before each round.
void GitBody::follow() {
    follow_head_if_quiet(*local_);
    head_tree_.reset();
    if (auto paths = let_go_unmarked(*local_); !paths.empty()) {
        directory_.look_again(std::move(paths), std::chrono::milliseconds(0));
        commits_.touch();
    }
}

}  // namespace fluentsync::sync
