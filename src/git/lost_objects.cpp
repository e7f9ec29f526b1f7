/// What a repository needs and does not have.
#include <algorithm>
#include <set>

#include "git/damage.hpp"
#include "git/library.hpp"

namespace fluentsync::git {

namespace {

/// As deep as a path of ours may be.
constexpr int kDeepest = 1000;

class Search {
  public:
    Search(const Repository& repository, bool history, bool reads = false)
        : repository_(repository), odb_(open_odb(repository.raw())), history_(history), reads_(reads) {}

    std::vector<LostObject> run(std::vector<base::ObjectId> waiting) {
        while (!waiting.empty()) {
            const base::ObjectId id = waiting.back();
            waiting.pop_back();
            if (!seen_.insert(id).second) continue;
            CommitPtr commit;
            const git_oid oid = to_oid(id);
            if (git_commit_lookup(out(commit), repository_.raw(), &oid) < 0) {
                require_descriptor();
                lost_.push_back({id, ObjectWriter::Kind::commit, {}});
                continue;
            }
            look_at_tree(from_oid(*git_commit_tree_id(commit.get())), "");
            for (unsigned i = 0; history_ && i < git_commit_parentcount(commit.get()); ++i)
                waiting.push_back(from_oid(*git_commit_parent_id(commit.get(), i)));
        }
        return std::move(lost_);
    }

  private:
    void look_at_tree(const base::ObjectId& id, const std::string& path, int depth = 0) {
        if (depth > kDeepest || !seen_.insert(id).second) return;
        TreePtr tree;
        const git_oid oid = to_oid(id);
        if (git_tree_lookup(out(tree), repository_.raw(), &oid) < 0) {
            require_descriptor();
            lost_.push_back({id, ObjectWriter::Kind::tree, path});
            return;
        }
        for (std::size_t i = 0; i < git_tree_entrycount(tree.get()); ++i) {
            const git_tree_entry* entry = git_tree_entry_byindex(tree.get(), i);
            const std::string below = path + (path.empty() ? "" : "/") + git_tree_entry_name(entry);
            const base::ObjectId entry_id = from_oid(*git_tree_entry_id(entry));
            if (git_tree_entry_type(entry) == GIT_OBJECT_TREE) {
                look_at_tree(entry_id, below, depth + 1);
            } else if (git_tree_entry_type(entry) == GIT_OBJECT_BLOB) {
                look_at_blob(entry_id, below);
            }
        }
    }

    void look_at_blob(const base::ObjectId& id, const std::string& path) {
        const git_oid oid = to_oid(id);
        if (!seen_.insert(id).second || is_there(oid)) return;
        require_descriptor();
        lost_.push_back({id, ObjectWriter::Kind::blob, path});
    }

    bool is_there(const git_oid& oid) const {
        if (!reads_) return git_odb_exists(odb_.get(), &oid) == 1;
        OdbObjectPtr object;
        return git_odb_read(out(object), odb_.get(), &oid) == 0;
    }

    const Repository& repository_;
    OdbPtr odb_;
    bool history_;
    bool reads_;
    std::set<base::ObjectId> seen_;
    std::vector<LostObject> lost_;
};

}  // namespace

std::vector<LostObject> lost_objects(const Repository& repository, const std::vector<base::ObjectId>& commits,
                                     bool history) {
    return Search(repository, history).run(commits);
}

std::vector<LostObject> unreadable_objects(const Repository& repository, const base::ObjectId& commit) {
    return Search(repository, false, true).run({commit});
}

std::vector<base::ObjectId> referenced_commits(const Repository& repository) {
    std::vector<base::ObjectId> commits;
    ReferenceIteratorPtr all;
    check(git_reference_iterator_new(out(all), repository.raw()), "references cannot be listed");
    const char* name = nullptr;
    while (git_reference_next_name(&name, all.get()) == 0) {
        git_oid oid{};
        if (git_reference_name_to_id(&oid, repository.raw(), name) < 0) continue;
        ObjectPtr object;
        // Of a tag, what it names; of what is not there nobody knows what it is: a commit as a rule.
        if (git_object_lookup(out(object), repository.raw(), &oid, GIT_OBJECT_ANY) == 0) {
            ObjectPtr commit;
            if (git_object_peel(out(commit), object.get(), GIT_OBJECT_COMMIT) < 0) continue;
            oid = *git_object_id(commit.get());
        }
        commits.push_back(from_oid(oid));
    }
    return commits;
}

std::vector<std::string> forget_lost_tracking(Repository& repository, const std::vector<LostObject>& lost) {
    std::vector<std::string> names;
    {
        ReferenceIteratorPtr all;
        check(git_reference_iterator_glob_new(out(all), repository.raw(), "refs/remotes/*"),
              "references cannot be listed");
        const char* name = nullptr;
        while (git_reference_next_name(&name, all.get()) == 0)
            names.emplace_back(name);
    }
    std::vector<std::string> told;
    for (const std::string& name : names) {
        const auto id = repository.names(name);
        const bool gone =
            std::any_of(lost.begin(), lost.end(), [&](const auto& one) { return one.id == id; });
        if (!gone || git_reference_remove(repository.raw(), name.c_str()) < 0) continue;
        told.push_back(name + " was at commit " + id->hex() + ", which is lost here: a fetch finds it anew");
    }
    return told;
}

}  // namespace fluentsync::git
