#include "sync/given_up.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "git/tree_lookup.hpp"
#include "store/records.hpp"
#include "sync/behind.hpp"
#include "sync/commit_gather.hpp"

namespace fluentsync::sync {

namespace {

/// The branch in the first line; then a line for each file: "<our commit or -> <tip> <mode> <id> <path>".
constexpr const char* kGivenUp = "given_up";
constexpr const char* kNoCommit = "-";

struct Line {
    /// Ours that took it up. A person may take it out of HEAD again (reset, amend, another clone).
    std::optional<base::ObjectId> commit;
    base::ObjectId tip;
    git::TreeFile file;
};

struct List {
    std::string branch;
    std::map<std::string, Line> lines;  ///< By path.
};

List parse_list(const std::string& text) {
    List list;
    std::istringstream in(text);
    std::getline(in, list.branch);
    Line line;
    std::string commit;
    std::string tip;
    std::string id;
    std::string path;
    while (in >> commit >> tip >> line.file.mode >> id && in.get() == ' ' && std::getline(in, path)) {
        line.commit = base::ObjectId::from_hex(commit);
        const auto tip_id = base::ObjectId::from_hex(tip);
        const auto file_id = base::ObjectId::from_hex(id);
        if (tip_id && file_id && (line.commit || commit == kNoCommit)) {
            line.tip = *tip_id;
            line.file.id = *file_id;
            list.lines[path] = line;
        }
    }
    return list;
}

std::optional<List> read_list(store::Connection& connection) {
    const auto text = store::get_value(connection, kGivenUp);
    return text ? std::optional(parse_list(*text)) : std::nullopt;
}

void write_list(store::Connection& connection, const List& list) {
    std::string text = list.branch + "\n";
    for (const auto& [path, line] : list.lines) {
        text += fmt::format("{} {} {} {} {}\n", line.commit ? line.commit->hex() : kNoCommit, line.tip.hex(),
                            line.file.mode, line.file.id.hex(), path);
    }
    store::set_value(connection, kGivenUp, text);
}

/// Whether a commit is part of HEAD's history; one that is not here is none. Asked once for each.
class HeadHistory {
  public:
    HeadHistory(const git::Repository& repository, const std::optional<base::ObjectId>& head)
        : repository_(repository), head_(head) {}

    bool has(const base::ObjectId& commit) {
        const auto [known, is_new] = known_.try_emplace(commit, false);
        if (is_new && head_ && repository_.has_object(commit)) {
            known->second = repository_.is_ancestor(commit, *head_);
        }
        return known->second;
    }

  private:
    const git::Repository& repository_;
    const std::optional<base::ObjectId>& head_;
    std::map<base::ObjectId, bool> known_;
};

/// Whether the file here was made from what was brought, of which HEAD has nothing. What is HEAD's version
/// again has been put back.
bool is_here(const GitContext& git, GitForm& form, store::Connection& connection, const std::string& path,
             const Line& line, const std::optional<git::TreeFile>& head) {
    const SyncContext& context = git.sync;
    const auto row = store::find_row(connection, path);
    if (!row) {
        return false;
    }
    if (line.commit) {  // A person took it out of HEAD, and maybe out of the folder.
        const auto missing = context.missing.waiting();
        return is_version(git, form, connection, *row, line.file.id) &&
               context.held_deletions.count(path) == 0 &&
               std::find(missing.begin(), missing.end(), path) == missing.end();
    }
    return !head || !is_version(git, form, connection, *row, head->id);
}

}  // namespace

std::string PullNote::text() const {
    return fmt::format("{} {} {} {}", target.hex(), from, tip.hex(), branch);
}

std::optional<PullNote> PullNote::parse(const std::string& text) {
    std::istringstream in(text);
    std::string target;
    std::string tip;
    PullNote note;
    in >> target >> note.from >> tip >> note.branch;
    const auto target_id = base::ObjectId::from_hex(target);
    if (!target_id) {
        return std::nullopt;
    }
    note.target = *target_id;
    note.tip = base::ObjectId::from_hex(tip).value_or(*target_id);
    return note;
}

RemoteFiles brought_by(GitContext& git, const PullNote& pull) {
    RemoteFiles brought;
    const auto from = base::ObjectId::from_hex(pull.from);
    if (!git.repository.has_object(pull.target) || !git.repository.has_object(pull.tip) ||
        (from && !git.repository.has_object(*from))) {
        return brought;
    }
    git::TreeLookup tip_tree(git.repository, tree_of(git, pull.tip));
    const auto deltas = git::diff_trees(git.repository, tree_of(git, from), tree_of(git, pull.target));
    GitForm form(git);
    const auto is = [&](store::Connection& connection, const store::LedgerRow& row,
                        const std::optional<git::TreeFile>& file) {
        return file && is_version(git, form, connection, row, file->id);
    };
    git.sync.store.read([&](store::Connection& connection) {
        const BehindFiles behind = behind_files(connection);
        for (const git::TreeDelta& delta : deltas) {
            const bool comes = delta.after && behind.count(delta.path) == 0;
            const auto row = comes ? store::find_row(connection, delta.path) : std::nullopt;
            const bool placed = row &&
                                (row->committed == delta.after->id || is(connection, *row, delta.after)) &&
                                !is(connection, *row, delta.before);
            const auto theirs = placed ? tip_tree.file(delta.path) : std::nullopt;
            if (theirs) {
                brought[delta.path] = *theirs;
            }
        }
    });
    return brought;
}

void note_given_up(store::Connection& connection, const PullNote& pull, const RemoteFiles& brought) {
    auto list = read_list(connection);
    if (!list || list->branch != pull.branch) {
        list = List{pull.branch, {}};
    }
    for (const auto& [path, file] : brought) {
        list->lines[path] = {std::nullopt, pull.tip, file};
    }
    write_list(connection, *list);
}

void take_up_given_up(store::Connection& connection, const std::vector<store::LedgerRow>& committed,
                      const base::ObjectId& commit) {
    auto list = read_list(connection);
    if (!list) {
        return;
    }
    for (const store::LedgerRow& row : committed) {
        const auto found = list->lines.find(row.path);
        if (found != list->lines.end() && (!found->second.commit || row.for_git() == found->second.file.id)) {
            found->second.commit = commit;
        }
    }
    write_list(connection, *list);
}

void forget_given_up(store::Connection& connection) {
    store::set_value(connection, kGivenUp, std::nullopt);
}

GivenUp given_up_files(GitContext& git) {
    GivenUp result;
    std::optional<List> list;
    git.sync.store.read([&](store::Connection& connection) { list = read_list(connection); });
    const git::Head head = git.repository.head();
    if (!list || list->branch != head.branch) {
        return result;
    }
    git::TreeLookup tree(git.repository, tree_of(git, head.commit));
    HeadHistory history(git.repository, head.commit);
    GitForm form(git);
    git.sync.store.read([&](store::Connection& connection) {
        for (const auto& [path, line] : list->lines) {
            if (!git.repository.has_object(line.tip) || history.has(line.tip)) {
                continue;
            }
            const auto here = tree.file(path);
            if (here == line.file || (line.commit && history.has(*line.commit))) {
                result.in_head[path] = line.file;
            } else if (is_here(git, form, connection, path, line, here)) {
                result.in_folder_only[path] = line.file;
            }
        }
    });
    return result;
}

}  // namespace fluentsync::sync
