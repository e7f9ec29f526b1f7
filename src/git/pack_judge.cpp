#include "git/pack_judge.hpp"

#include <algorithm>
#include <list>
#include <map>
#include <set>

#include "base/tuning.hpp"
#include "git/packed_objects.hpp"

namespace fluentsync::git {

namespace {

using Item = PackedObjects::Item;
using TreeRef = std::shared_ptr<const RawTree>;

const char* name_of(git_object_t type) {
    return git_object_type2string(type);
}

git_object_t type_of(const TreeEntry& entry) {
    return entry.folder() ? GIT_OBJECT_TREE : GIT_OBJECT_BLOB;
}

/// The last trees that were read: the parent of one commit's is the next commit's own.
class RecentTrees {
  public:
    TreeRef find(const base::ObjectId& id) {
        const auto at =
            std::find_if(kept_.begin(), kept_.end(), [&](const auto& one) { return one.first == id; });
        if (at == kept_.end()) return nullptr;
        kept_.splice(kept_.begin(), kept_, at);
        return at->second;
    }
    void add(const base::ObjectId& id, const TreeRef& tree) {
        kept_.emplace_front(id, tree);
        bytes_ += weight(*tree);
        while (kept_.size() > 1 && (kept_.size() > kMost || bytes_ > kMostBytes)) {
            bytes_ -= weight(*kept_.back().second);
            kept_.pop_back();
        }
    }

  private:
    static constexpr std::size_t kMost = 64;
    static constexpr std::size_t kMostBytes = 32u << 20;
    static std::size_t weight(const RawTree& tree) {
        return tree.object->bytes().size() + tree.entries.size() * sizeof(TreeEntry);
    }
    std::list<std::pair<base::ObjectId, TreeRef>> kept_;
    std::size_t bytes_ = 0;
};

/// Reads the lines of a commit's or a tag's head.
class HeadLines {
  public:
    HeadLines(const Item& item, std::string_view bytes) : item_(item), rest_(bytes) {}
    /// The rest of the next line where it begins with `word`.
    std::optional<std::string_view> take(std::string_view word) {
        if (rest_.substr(0, word.size()) != word) return std::nullopt;
        const std::size_t end = rest_.find('\n');
        if (end == std::string_view::npos) return std::nullopt;
        const std::string_view value = rest_.substr(word.size(), end - word.size());
        rest_.remove_prefix(end + 1);
        return value;
    }
    std::string_view must(std::string_view word) {
        const auto value = take(word);
        if (!value) refuse();
        return *value;
    }
    base::ObjectId id(std::string_view hex) const {
        const auto id = base::ObjectId::from_hex(hex);
        if (!id) refuse();
        return *id;
    }
    [[noreturn]] void refuse() const {
        throw UnsoundPack(std::string(name_of(item_.type)) + " " + item_.id.hex() + " cannot be parsed");
    }

  private:
    const Item& item_;
    std::string_view rest_;
};

class PackJudge {
  public:
    PackJudge(git_odb* here, const std::string& path, const PackStream& stream,
              const std::function<bool()>& give_up)
        : here_(here), objects_(path, stream), give_up_(give_up) {}

    void run(const base::ObjectId& tip) {
        tip_ = tip;
        require({}, tip, GIT_OBJECT_COMMIT);
        for (Item* item : others_than_files())
            look_at(*item);
        for (const auto& [tree, parent] : roots_)
            walk(tree, parent);
        for (const Item& item : objects_.items()) {
            if (item.arrived && item.type == GIT_OBJECT_TREE && !item.seen) walk(item.id, std::nullopt);
        }
        look_for_missing();
    }

  private:
    using Id = base::ObjectId;

    struct Missing {
        Id named_by;
        git_object_t type = GIT_OBJECT_INVALID;
    };

    void go_on() const {
        if (give_up_ && give_up_())
            throw Error(ErrorCode::cancelled, "a fetched pack is not judged any more");
    }

    /// As they lie in the pack, so that the bases of deltas are at hand.
    std::vector<Item*> others_than_files() {
        std::vector<Item*> result;
        for (Item& item : objects_.items()) {
            const bool parsed = item.type == GIT_OBJECT_COMMIT || item.type == GIT_OBJECT_TAG;
            if (item.arrived && parsed) result.push_back(&item);
        }
        std::sort(result.begin(), result.end(),
                  [](const auto* a, const auto* b) { return a->offset < b->offset; });
        return result;
    }

    void look_at(const Item& item) {
        go_on();
        const auto object = objects_.read(item.id);
        HeadLines lines(item, object->bytes());
        if (item.type == GIT_OBJECT_TAG) return look_at_tag(item, lines);
        const Id tree = lines.id(lines.must("tree "));
        require(item.id, tree, GIT_OBJECT_TREE);
        std::optional<Id> first_parent;
        while (const auto hex = lines.take("parent ")) {
            const Id parent = lines.id(*hex);
            require(item.id, parent, GIT_OBJECT_COMMIT);
            if (!objects_.find(parent)) bounds_.insert(parent);
            if (!first_parent) first_parent = parent;
        }
        look_at_person(item, lines, lines.must("author "));
        look_at_person(item, lines, lines.must("committer "));
        trees_[item.id] = tree;
        roots_.emplace_back(tree, first_parent);
    }

    /// What libgit2 wants of a commit that it is to read as a whole. Old histories hold worse, and git lets
    /// them pass.
    void look_at_person(const Item& item, const HeadLines& lines, std::string_view person) const {
        if (item.id != tip_) return;
        git_signature* signature = nullptr;
        if (git_signature_from_buffer(&signature, std::string(person).c_str()) < 0) lines.refuse();
        git_signature_free(signature);
    }

    void look_at_tag(const Item& item, HeadLines& lines) {
        const Id target = lines.id(lines.must("object "));
        const git_object_t type = git_object_string2type(std::string(lines.must("type ")).c_str());
        if (!git_object_typeisloose(type)) lines.refuse();
        lines.must("tag ");
        require(item.id, target, type);
    }

    /// `id`, which `by` names, is there and of this type; or it will be looked for.
    void require(const Id& by, const Id& id, git_object_t type) {
        git_object_t found = GIT_OBJECT_INVALID;
        if (const Item* item = objects_.find(id)) {
            found = item->type;
        } else {
            const git_oid oid = to_oid(id);
            std::size_t size = 0;
            if (git_odb_exists_ext(here_, &oid, GIT_ODB_LOOKUP_NO_REFRESH) == 0) {
                missing_.emplace(id, Missing{by, type});
                return;
            }
            if (git_odb_read_header(&size, &found, here_, &oid) < 0) return;  // Damage here.
        }
        if (found == type) return;
        throw UnsoundPack(id.hex() + " is a " + name_of(found) + ", but " + by.hex() + " names it as a " +
                          name_of(type));
    }

    std::optional<Id> tree_of(const Id& commit) {
        const auto known = trees_.find(commit);
        if (known != trees_.end()) return known->second;
        OdbObjectPtr object;
        const git_oid oid = to_oid(commit);
        if (git_odb_read(out(object), here_, &oid) < 0) return std::nullopt;
        const RawObject raw(std::move(object));
        const std::string_view bytes = raw.bytes();
        if (raw.type() != GIT_OBJECT_COMMIT || bytes.substr(0, 5) != "tree ") return std::nullopt;
        return Id::from_hex(bytes.substr(5, 40));
    }

    TreeRef tree_in_pack(const Id& id) {
        if (TreeRef tree = recent_.find(id)) return tree;
        TreeRef tree;
        try {
            tree = std::make_shared<const RawTree>(parse_tree(id, objects_.read(id)));
        } catch (const UnsoundPack&) {
            throw;
        } catch (const Error& error) {
            if (error.code() != ErrorCode::corrupt) throw;
            throw UnsoundPack(error.what());
        }
        recent_.add(id, tree);
        return tree;
    }

    /// Null where it cannot be read: then nothing is compared with it.
    TreeRef tree_here(const Id& id) {
        if (TreeRef tree = recent_.find(id)) return tree;
        try {
            OdbObjectPtr object;
            const git_oid oid = to_oid(id);
            if (git_odb_read(out(object), here_, &oid) < 0) return nullptr;
            if (git_odb_object_type(object.get()) != GIT_OBJECT_TREE) return nullptr;
            TreeRef tree = std::make_shared<const RawTree>(
                parse_tree(id, std::make_unique<RawObject>(std::move(object))));
            recent_.add(id, tree);
            return tree;
        } catch (const Error& error) {
            if (error.code() != ErrorCode::corrupt) throw;
            return nullptr;
        }
    }

    TreeRef tree_before(const std::optional<Id>& id) {
        if (!id) return nullptr;
        const Item* const item = objects_.find(*id);
        if (!item) return tree_here(*id);
        return item->type == GIT_OBJECT_TREE ? tree_in_pack(*id) : nullptr;
    }

    using Pair = std::pair<Id, std::optional<Id>>;

    /// Trees of the pack from `root` on, each once, beside those at the same paths of `parent`.
    void walk(const Id& root, const std::optional<Id>& parent) {
        std::vector<Pair> waiting;
        add(waiting, root, [&] { return parent ? tree_of(*parent) : std::nullopt; });
        while (!waiting.empty()) {
            go_on();
            const Pair pair = std::move(waiting.back());
            waiting.pop_back();
            compare(*tree_in_pack(pair.first), pair, waiting);
        }
    }

    template <class Before>
    void add(std::vector<Pair>& waiting, const Id& id, const Before& before) {
        Item* const item = objects_.find(id);
        if (!item || item->seen || !item->arrived || item->type != GIT_OBJECT_TREE) return;
        item->seen = true;
        waiting.emplace_back(id, before());
    }

    void compare(const RawTree& tree, const Pair& pair, std::vector<Pair>& waiting) {
        const TreeRef before = tree_before(pair.second);
        static const std::vector<TreeEntry> kNone;
        const auto& old = before ? before->entries : kNone;
        auto at = old.begin();
        for (const TreeEntry& entry : tree.entries) {
            while (at != old.end() && comes_before(*at, entry))
                ++at;
            const bool same_name =
                at != old.end() && at->name == entry.name && at->folder() == entry.folder();
            if (entry.mode == kModeSubmodule) continue;
            if (same_name && at->id == entry.id && at->mode == entry.mode) continue;
            require(pair.first, entry.id, type_of(entry));
            if (entry.folder()) {
                add(waiting, entry.id, [&] { return same_name ? std::optional(at->id) : std::nullopt; });
            }
        }
    }

    /// Whatever is not there though a tree here names it is not missing from the pack.
    void look_for_missing() {
        if (missing_.empty()) return;
        git_odb_refresh(here_);
        for (auto one = missing_.begin(); one != missing_.end();) {
            const git_oid oid = to_oid(one->first);
            one = git_odb_exists(here_, &oid) != 0 ? missing_.erase(one) : std::next(one);
        }
        std::vector<Id> waiting;
        for (const Id& bound : bounds_) {
            if (const auto tree = tree_of(bound)) waiting.push_back(*tree);
        }
        std::set<Id> seen;
        while (!missing_.empty() && !waiting.empty()) {
            go_on();
            const Id id = waiting.back();
            waiting.pop_back();
            missing_.erase(id);
            if (!seen.insert(id).second) continue;
            const TreeRef tree = tree_here(id);
            for (std::size_t i = 0; tree && i < tree->entries.size(); ++i) {
                missing_.erase(tree->entries[i].id);
                if (tree->entries[i].folder()) waiting.push_back(tree->entries[i].id);
            }
        }
        if (missing_.empty()) return;
        require_descriptor();
        const auto& [id, missing] = *missing_.begin();
        const std::string by = missing.named_by == Id{} ? "the branch" : missing.named_by.hex();
        throw UnsoundPack(std::string(name_of(missing.type)) + " " + id.hex() + " is missing, which " + by +
                          " names");
    }

    git_odb* here_;
    Id tip_;
    PackedObjects objects_;
    const std::function<bool()>& give_up_;
    RecentTrees recent_;
    std::map<Id, Id> trees_;                               ///< Of the pack's commits.
    std::vector<std::pair<Id, std::optional<Id>>> roots_;  ///< Trees of commits, and their first parents.
    std::set<Id> bounds_;                                  ///< Parents that are not in the pack.
    std::map<Id, Missing> missing_;
};

}  // namespace

void judge_pack(git_odb* here, const std::string& path, const PackStream& stream, const base::ObjectId& tip,
                const std::function<bool()>& give_up) {
    PackJudge(here, path, stream, give_up).run(tip);
}

}  // namespace fluentsync::git
