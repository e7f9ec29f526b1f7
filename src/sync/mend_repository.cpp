#include "sync/mend_repository.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "git/index.hpp"
#include "git/line_ends.hpp"
#include "store/records.hpp"
#include "sync/commit_gather.hpp"
#include "sync/restore.hpp"

namespace fluentsync::sync {

namespace {

using Kind = git::ObjectWriter::Kind;

std::string folder_of_git(const SyncContext& context) {
    return context.folder->absolute_path();
}

class Mender {
  public:
    Mender(SyncContext& context, const GitOptions& options)
        : git_{context, options, marks_, git::Repository::open(folder_of_git(context))} {}

    GitContext& git() { return git_; }

    /// Writes again what can be had of what all references need. Returns what cannot.
    std::vector<git::LostObject> write_lost(std::size_t& written) {
        std::set<base::ObjectId> tried;
        for (;;) {
            auto lost = git::lost_objects(git_.repository, referenced(), true);
            std::size_t found = 0;
            for (const git::LostObject& one : lost)
                found += tried.insert(one.id).second && write_again(one) ? 1 : 0;
            if (found == 0) return lost;
            written += found;
            git_.repository = git::Repository::open(git_.repository.folder());
        }
    }

    bool head_is_whole() {
        const git::Head head = git_.repository.head();
        if (!head.commit) return true;
        const auto lost = git::lost_objects(git_.repository, {*head.commit}, false);
        return std::none_of(lost.begin(), lost.end(), [](const auto& one) { return one.kind != Kind::blob; });
    }

    /// Files that HEAD has again and that were gone already stay so; the rest differs from it now.
    void follow_back() {
        const git::Head head = git_.repository.head();
        const auto tree = tree_of(git_, head.commit);
        std::vector<store::LedgerRow> deleted;
        git_.sync.store.read([&](store::Connection& connection) {
            git::for_each_file(
                git_.repository, tree, [&](const std::string& path, const git::TreeFile& file) {
                    const bool gone = !store::find_row(connection, path) &&
                                      !store::find_hold(connection, path) &&
                                      kind_at(git_.sync, path) == runtime::FileKind::none;
                    const bool entity = git_.sync.classify(path).kind == codec::PathKind::entity;
                    if (gone) deleted.push_back({path, entity, false, {}, file.id, {}});
                });
        });
        git_.sync.store.write(Origin::api, store::Durability::relaxed,
                              [&](store::StoreBody::EntityWriter& writer) {
                                  for (const store::LedgerRow& row : deleted)
                                      store::save_row(writer.connection(), row);
                                  remember_head(writer.connection(), *head.commit);
                              });
        follow_head_afresh(git_);
    }

  private:
    std::vector<base::ObjectId> referenced() {
        auto commits = git::referenced_commits(git_.repository);
        if (const git::Head head = git_.repository.head(); head.commit) commits.push_back(*head.commit);
        return commits;
    }

    bool write_again(const git::LostObject& lost) {
        try {
            if (lost.kind == Kind::blob) return write_blob(lost);
            return lost.kind == Kind::tree && write_tree(lost);
        } catch (const Error&) {
            return false;  // What it is to be made of cannot be read.
        }
    }

    bool write_blob(const git::LostObject& lost) {
        std::map<std::string, base::ObjectId> files{{lost.path, lost.id}};
        std::optional<std::string> bytes;
        git_.sync.store.read([&](store::Connection& connection) {
            store::for_each_row(connection, [&](const store::LedgerRow& row) {
                if (row.for_git() == lost.id) files[row.path] = *row.here();
            });
            for (const auto& [path, id] : files) {
                if (bytes) break;
                const auto file = agreed_bytes(git_.sync, connection, {path, true, false, id, {}, {}});
                if (file) bytes = git::as_blob(*file, lost.id);
            }
        });
        if (!bytes) return false;
        const auto writer = git::make_object_writer(git_.repository, 0, git_.sync.pool);
        writer->add(Kind::blob, *bytes, &lost.id);
        writer->finish(git_.options.durable);
        return true;
    }

    /// Of the files that index or ledger know below it; which of them is right its hash tells.
    bool write_tree(const git::LostObject& lost) {
        return write_tree_of(lost, files_in_index()) || write_tree_of(lost, files_in_ledger());
    }

    bool write_tree_of(const git::LostObject& lost, const std::vector<git::TreeChange>& files) {
        const std::string prefix = lost.path.empty() ? "" : lost.path + "/";
        std::vector<git::TreeChange> below;
        for (const git::TreeChange& file : files) {
            if (file.path.rfind(prefix, 0) == 0)
                below.push_back({file.path.substr(prefix.size()), file.file});
        }
        if (below.empty()) return false;
        const auto writer = git::make_object_writer(git_.repository, 0, git_.sync.pool);
        const auto id = git::edit_tree(git_.repository, std::nullopt, std::move(below), *writer);
        writer->finish(git_.options.durable);
        return id == lost.id;
    }

    std::vector<git::TreeChange> files_in_index() {
        std::vector<git::TreeChange> files;
        for (const git::TreeDelta& delta : git::diff_index(git_.repository, std::nullopt)) {
            if (delta.after) files.push_back({delta.path, delta.after});
        }
        return files;
    }

    std::vector<git::TreeChange> files_in_ledger() {
        std::vector<git::TreeChange> files;
        git_.sync.store.read([&](store::Connection& connection) {
            store::for_each_row(connection, [&](const store::LedgerRow& row) {
                if (!row.committed) return;
                const bool other_mode = *row.committed == store::kOtherMode;
                const bool executable = row.executable != other_mode;
                files.push_back(
                    {row.path, git::TreeFile{other_mode ? *row.for_git() : *row.committed,
                                             executable ? git::kModeExecutable : git::kModeFile}});
            });
        });
        return files;
    }

    git::MarkedPaths marks_;
    GitContext git_;
};

bool is_remotes(const GitContext& git) {
    const git::Head head = git.repository.head();
    const std::string tracking = std::string("refs/remotes/") + kRemoteName + "/" + head.branch;
    return head.commit && git.repository.names(tracking) == head.commit;
}

}  // namespace

std::vector<std::string> mend_references(const SyncContext& context, const GitOptions& options) {
    git::ReferenceHints hints{options.branch, {}};
    context.store.read([&](store::Connection& connection) {
        hints.head = base::ObjectId::from_hex(store::get_value(connection, "head").value_or(""));
    });
    return git::mend_references(folder_of_git(context), hints);
}

Mended mend_repository(SyncContext& context, const GitOptions& options, RemoteAsked asked) {
    Mended result;
    result.told = mend_references(context, options);
    const auto aside = git::set_damaged_objects_aside(folder_of_git(context));
    result.told.insert(result.told.end(), aside.begin(), aside.end());
    Mender mender(context, options);
    std::size_t written = 0;
    result.lost = mender.write_lost(written);
    if (written > 0) {
        result.told.push_back(
            fmt::format("{} objects of the repository were damaged or gone and are written again", written));
    }
    result.head_is_whole = mender.head_is_whole();
    result.wants_remote = !result.lost.empty() && !options.remote.empty() && asked == RemoteAsked::no;
    const bool waits = result.wants_remote || (asked == RemoteAsked::in_vain && is_remotes(mender.git()));
    if (waits) return result;
    const auto forgotten = git::forget_lost_tracking(mender.git().repository, result.lost);
    result.told.insert(result.told.end(), forgotten.begin(), forgotten.end());
    if (result.head_is_whole) return result;
    if (const auto back = git::go_back_by_log(mender.git().repository)) {
        result.told.push_back(*back);
        mender.follow_back();
        result.lost = mender.write_lost(written);
        result.head_is_whole = mender.head_is_whole();
    }
    return result;
}

std::string words_of_loss(const std::vector<git::LostObject>& lost, bool has_remote) {
    const git::LostObject& first = lost.front();
    const char* const kind = first.kind == Kind::commit ? "commit"
                             : first.kind == Kind::tree ? "tree"
                                                        : "blob";
    return fmt::format(
        "the repository has lost {} of its objects, first {} {}{}{}, and neither store nor folder has "
        "them{}: git "
        "fsck lists what is damaged; fetch them from another clone, or clone anew beside and move its .git "
        "here",
        lost.size(), kind, first.id.hex(), first.path.empty() ? "" : " of ", first.path,
        has_remote ? " (the remote is asked for them when it can be reached)" : "");
}

}  // namespace fluentsync::sync
