// verify(): HEAD, its objects and the index.
#include "base/text.hpp"
#include "git/damage.hpp"
#include "git/index.hpp"
#include "git/line_ends.hpp"
#include "git/tree.hpp"
#include "store/ledger.hpp"
#include "store/records.hpp"
#include "sync/git_context.hpp"
#include "sync/verifier.hpp"

namespace fluentsync::sync {

namespace {

/// Of a blob that may be a file's text.
constexpr std::uint64_t kMostText = 512u << 20;

}  // namespace

base::ObjectId Verifier::id_with_lf(std::string_view bytes, const base::ObjectId& id) {
    const auto changed = git::to_git_line_ends(bytes, git::LineEnds::lf, false);
    return changed ? base::hash_blob(*changed) : id;
}

void Verifier::check_git(git::Repository& repository) {
    try {
        const git::Head head = repository.head();
        if (head.commit && !check_objects(repository, *head.commit)) {
            return;
        }
        const auto tree =
            head.commit ? std::optional(repository.commit_info(*head.commit).tree) : std::nullopt;
        check_head(repository, tree);
        check_index(repository, tree);
    } catch (const Error& error) {
        drift(".git", error.what());
    }
}

/// The next sync looks at everything. Where the database takes no write it does so once something is missed.
void Verifier::forget_whole_objects() {
    try {
        context_.store.write(Origin::api, store::Durability::relaxed,
                             [](store::StoreBody::EntityWriter& writer) {
                                 store::set_value(writer.connection(), kObjectsWhole, std::nullopt);
                             });
    } catch (const Error&) {
    }
}

/// False: what HEAD has cannot be told, a commit or a folder of it is damaged.
bool Verifier::check_objects(const git::Repository& repository, const base::ObjectId& commit) {
    using Kind = git::ObjectWriter::Kind;
    bool trees = true;
    const auto unreadable = git::unreadable_objects(repository, commit);
    if (!unreadable.empty()) {
        forget_whole_objects();
    }
    for (const git::LostObject& lost : unreadable) {
        const bool blob = lost.kind == Kind::blob;
        trees = trees && blob;
        drift(lost.path.empty() ? ".git" : lost.path,
              std::string("HEAD's ") +
                  (blob                      ? "content"
                   : lost.kind == Kind::tree ? "folder"
                                             : "commit") +
                  " (" + lost.id.hex() + ") is damaged or lost in the repository: " + kMended);
    }
    return trees;
}

void Verifier::check_index(git::Repository& repository, const std::optional<base::ObjectId>& tree) {
    for (const git::TreeDelta& delta : git::diff_index(repository, tree)) {
        if (!held(delta.path)) {
            drift(delta.path, "the index is not as HEAD is");
        }
    }
}

/// In nothing else, and the ledger knows the two for one.
bool Verifier::differs_by_ends(const git::Repository& repository, const std::string& path,
                               const FileHere& file, const base::ObjectId& blob) const {
    const auto known = ledger_.find(path);
    return known != ledger_.end() && known->second.here == file.hash && known->second.in_git == blob &&
           (file.with_lf == blob || file.with_lf == id_with_lf(repository.blob(blob, kMostText), blob));
}

/// One that HEAD has as it is needs no entity.
void Verifier::check_link(const std::string& path, const base::ObjectId& target) {
    const auto here = links_.find(path);
    if (here == links_.end()) {
        drift(path, "HEAD has a symbolic link that is not in the folder");
    } else if (here->second != target) {
        drift(path, "the symbolic link leads elsewhere than HEAD's");
    } else {
        links_.erase(here);
    }
}

void Verifier::check_head(git::Repository& repository, const std::optional<base::ObjectId>& tree) {
    Hashes committed;
    const bool sees_executable_bit = repository.sees_executable_bit();
    git::for_each_file(repository, tree, [&](const std::string& path, const git::TreeFile& file) {
        report_.tree_entries += 1;
        committed.emplace(path, file.id);
        const auto here = files_.find(path);
        if (left_alone(path)) {
            return;
        }
        if (file.mode == git::kModeLink) {
            check_link(path, file.id);
            return;
        }
        if (here == files_.end()) {
            drift(path, "HEAD has a file that is not in the folder");
        } else if (here->second.hash != file.id &&
                   !differs_by_ends(repository, path, here->second, file.id)) {
            drift(path, "file and HEAD differ");
        } else if (sees_executable_bit && here->second.executable != (file.mode == git::kModeExecutable)) {
            drift(path, "the file's executable bit is not HEAD's");
        }
    });
    for (const auto& [path, file] : files_) {
        if (committed.count(path) == 0 && !context_.ignored(path)) {
            drift(path, "the file is not in HEAD");
        }
    }
}

}  // namespace fluentsync::sync
