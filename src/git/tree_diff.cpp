/// Two trees compared: a subtree is read only where its ids differ.
#include <set>

#include "base/text.hpp"
#include "git/tree_read.hpp"

namespace fluentsync::git {

namespace {

/// No workspace has as many; a tree that holds itself tenfold, ten times over, has.
constexpr std::size_t kMostFiles = 5'000'000;
constexpr std::size_t kMostFolders = 1'000'000;
constexpr std::size_t kMostPathBytes = 512u << 20;
constexpr std::size_t kBetweenStops = 64;  ///< Folders.

TreeFile file_of(const TreeEntry& entry) {
    return {entry.id, entry.mode};
}

/// Walks one tree or two side by side. Either side may be absent.
template <class Visit>
class Walk {
  public:
    Walk(const Repository& repository, const Visit& visit) : repository_(repository), visit_(visit) {}

    void folders(const std::optional<base::ObjectId>& before, const std::optional<base::ObjectId>& after) {
        if (before == after || is_empty(before, after)) return;
        if (++depth_ > kDeepestTree) throw Error(ErrorCode::corrupt, "a git tree is nested too deeply");
        count_folder();
        const std::size_t files_before = files_;
        const TreeReading left(repository_.raw(), before);
        const TreeReading right(repository_.raw(), after);
        auto a = left.entries().begin();
        auto b = right.entries().begin();
        while (a != left.entries().end() || b != right.entries().end()) {
            const bool no_a =
                a == left.entries().end() || (b != right.entries().end() && comes_before(*b, *a));
            const bool no_b = b == right.entries().end() || (!no_a && comes_before(*a, *b));
            entries(no_a ? nullptr : &*a, no_b ? nullptr : &*b);
            if (!no_a) ++a;
            if (!no_b) ++b;
        }
        --depth_;
        if (files_ == files_before && !(before && after)) empty_.insert(before ? *before : *after);
    }

  private:
    /// Folders of folders of folders without a file: one is looked through once.
    bool is_empty(const std::optional<base::ObjectId>& before,
                  const std::optional<base::ObjectId>& after) const {
        return !(before && after) && empty_.count(before ? *before : *after) > 0;
    }

    void count_folder() {
        if (++folders_ > kMostFolders) throw Error(ErrorCode::too_large, "a git tree holds too many folders");
        if (folders_ % kBetweenStops == 0) repository_.stop_if_asked();
    }

    void count_file() {
        path_bytes_ += path_.size();
        if (++files_ > kMostFiles) throw Error(ErrorCode::too_large, "a git tree holds too many files");
        if (path_bytes_ > kMostPathBytes)
            throw Error(ErrorCode::too_large, "a git tree's paths are too long");
    }

    /// Two entries meet only when both are folders or neither is, for those sort apart.
    void entries(const TreeEntry* before, const TreeEntry* after) {
        const TreeEntry& any = before ? *before : *after;
        if (before && after && *before == *after) return;
        const std::size_t length = path_.size();
        path_.append(any.name);
        if (any.folder()) {
            path_.push_back('/');
            folders(before ? std::optional(before->id) : std::nullopt,
                    after ? std::optional(after->id) : std::nullopt);
        } else {
            count_file();
            visit_(path_, before, after);
        }
        path_.resize(length);
    }

    const Repository& repository_;
    const Visit& visit_;
    std::string path_;
    std::set<base::ObjectId> empty_;
    std::size_t files_ = 0;
    std::size_t folders_ = 0;
    std::size_t path_bytes_ = 0;
    int depth_ = 0;
};

}  // namespace

std::vector<TreeDelta> diff_trees(Repository& repository, const std::optional<base::ObjectId>& before,
                                  const std::optional<base::ObjectId>& after) {
    std::vector<TreeDelta> deltas;
    for_each_delta(repository, before, after, [&](TreeDelta delta) { deltas.push_back(std::move(delta)); });
    return deltas;
}

void for_each_delta(Repository& repository, const std::optional<base::ObjectId>& before,
                    const std::optional<base::ObjectId>& after, const std::function<void(TreeDelta)>& visit) {
    const auto pass_on = [&visit](const std::string& path, const TreeEntry* old, const TreeEntry* now) {
        TreeDelta delta{path, std::nullopt, std::nullopt};
        if (old) delta.before = file_of(*old);
        if (now) delta.after = file_of(*now);
        visit(std::move(delta));
    };
    Walk(repository, pass_on).folders(before, after);
}

void for_each_file(Repository& repository, const std::optional<base::ObjectId>& tree,
                   const std::function<void(const std::string&, const TreeFile&)>& visit) {
    const auto pass_on = [&visit](const std::string& path, const TreeEntry*, const TreeEntry* now) {
        visit(path, file_of(*now));
    };
    Walk(repository, pass_on).folders(std::nullopt, tree);
}

namespace {

using EntryPtr = std::unique_ptr<git_tree_entry, Freed<git_tree_entry_free>>;

/// Null when there is nothing at `path`.
EntryPtr entry_at(Repository& repository, const base::ObjectId& tree, const std::string& path) {
    TreePtr root;
    const git_oid oid = to_oid(tree);
    int code = git_tree_lookup(out(root), repository.raw(), &oid);
    if (code < 0) fail(code, "tree " + tree.hex() + " cannot be read", {}, ErrorCode::corrupt);
    EntryPtr entry;
    code = git_tree_entry_bypath(out(entry), root.get(), path.c_str());
    if (code < 0 && code != GIT_ENOTFOUND)
        fail(code, "tree " + tree.hex() + " cannot be read", path, ErrorCode::corrupt);
    return entry;
}

}  // namespace

std::optional<TreeFile> find_in_tree(Repository& repository, const base::ObjectId& tree,
                                     const std::string& path) {
    const EntryPtr entry = entry_at(repository, tree, path);
    if (!entry) return std::nullopt;
    const auto mode = static_cast<std::uint32_t>(git_tree_entry_filemode(entry.get()));
    if (mode == kModeFolder) return std::nullopt;
    return TreeFile{from_oid(*git_tree_entry_id(entry.get())), mode};
}

}  // namespace fluentsync::git
