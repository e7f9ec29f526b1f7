#include "git/join_packs.hpp"

#include <git2/odb_backend.h>
#include <git2/sys/odb_backend.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <vector>

#include "base/tuning.hpp"
#include "git/pack_entry.hpp"
#include "git/shared_modes.hpp"
#include "git/small_packs.hpp"
#include "git/spooled_pack.hpp"
#include "git/writers.hpp"

namespace fluentsync::git {

namespace {

/// Of all objects together: a pack can be said to hold anything.
constexpr std::size_t kMostContent = std::size_t{512} << 20;

/// This pack alone, so that what is read of it is its own. Null where it is gone.
OdbPtr open_pack(const std::string& stem) {
    OdbPtr odb;
    git_odb_backend* backend = nullptr;
    check(git_odb_new(out(odb)), "a pack cannot be read");
    if (git_odb_backend_one_pack(&backend, (stem + ".idx").c_str()) < 0) return nullptr;
    check(git_odb_add_backend(odb.get(), backend, 1), "a pack cannot be read");
    return odb;
}

/// In the order in which they lie there. None where they cannot be listed.
std::vector<git_oid> objects_in(git_odb* pack) {
    std::vector<git_oid> ids;
    const auto add = [](const git_oid* id, void* payload) {
        static_cast<std::vector<git_oid>*>(payload)->push_back(*id);
        return 0;
    };
    if (git_odb_foreach(pack, add, &ids) < 0) ids.clear();
    return ids;
}

/// The new pack, as it grows.
class JoinedPack {
  public:
    JoinedPack(const std::string& objects, const std::string& spool, const std::function<bool()>& give_up)
        : pack_(objects, spool), give_up_(give_up) {}

    /// False: not all of `old` is here.
    bool take(const SmallPack& old) {
        const OdbPtr odb = open_pack(old.stem);
        const auto ids = odb ? objects_in(odb.get()) : std::vector<git_oid>();
        return !ids.empty() && std::all_of(ids.begin(), ids.end(), [&](const git_oid& id) {
            return !given_up() && take_object(odb.get(), id);
        });
    }

    bool given_up() const { return content_ > kMostContent || give_up_(); }
    std::optional<std::string> place() { return pack_.place(true, give_up_); }

  private:
    bool take_object(git_odb* from, const git_oid& oid) {
        const base::ObjectId id = from_oid(oid);
        if (ids_.count(id) > 0) return true;
        std::size_t size = 0;
        git_object_t type = GIT_OBJECT_INVALID;
        OdbObjectPtr object;
        if (git_odb_read_header(&size, &type, from, &oid) < 0 || size > base::tuning::kJoinedPackBytes ||
            git_odb_read(out(object), from, &oid) < 0)
            return false;
        content_ += size;
        entry_ = {};
        encoder_.append(
            git_odb_object_type(object.get()), id,
            {static_cast<const char*>(git_odb_object_data(object.get())), git_odb_object_size(object.get())},
            entry_);
        pack_.append(entry_);
        ids_.insert(id);
        return true;
    }

    SpooledPack pack_;
    PackEntryEncoder encoder_;
    PackEntries entry_;
    std::set<base::ObjectId> ids_;
    std::size_t content_ = 0;
    const std::function<bool()>& give_up_;
};

bool has_all_of(git_odb* joined, const SmallPack& old) {
    const OdbPtr odb = open_pack(old.stem);
    const auto ids = odb ? objects_in(odb.get()) : std::vector<git_oid>();
    return !ids.empty() &&
           std::all_of(ids.begin(), ids.end(), [&](const git_oid& id) { return has_quickly(joined, id); });
}

/// Meanwhile somebody may want one kept, and the new one may be an old one that had all of it.
bool may_go(const SmallPack& old, const std::vector<SmallPack>& now, const std::string& joined) {
    return old.stem != joined &&
           std::any_of(now.begin(), now.end(), [&](const SmallPack& one) { return one.stem == old.stem; });
}

std::vector<SmallPack> chosen_packs(git_repository* repository) {
    auto packs = small_packs(item_path(repository, GIT_REPOSITORY_ITEM_OBJECTS) + "pack");
    if (packs.size() < 2) return {};
    const auto most = most_small_packs(repository);
    return most ? packs_to_join(std::move(packs), *most) : std::vector<SmallPack>();
}

std::size_t remove_joined(const std::vector<SmallPack>& old, const std::string& joined,
                          const std::string& pack_folder, const std::function<bool()>& give_up) {
    const OdbPtr odb = open_pack(joined);
    const auto now = small_packs(pack_folder);
    std::size_t removed = 0;
    for (const SmallPack& pack : old) {
        if (!odb || give_up()) break;
        if (!may_go(pack, now, joined) || !has_all_of(odb.get(), pack)) continue;
        if (::unlink((pack.stem + ".idx").c_str()) != 0) continue;
        ::unlink((pack.stem + ".pack").c_str());
        ::unlink((pack.stem + ".rev").c_str());
        ++removed;
    }
    return removed;
}

}  // namespace

std::size_t join_packs(git_repository* repository, const std::string& spool,
                       const std::function<bool()>& give_up) {
    const std::string objects = item_path(repository, GIT_REPOSITORY_ITEM_OBJECTS);
    const auto chosen = chosen_packs(repository);
    if (chosen.empty()) return 0;
    JoinedPack joined(objects, spool, give_up);
    std::vector<SmallPack> old;
    for (const SmallPack& pack : chosen) {
        if (joined.given_up()) break;
        if (joined.take(pack)) old.push_back(pack);
    }
    if (old.size() < 2) return 0;
    const auto stem = joined.place();
    if (!stem) return 0;
    SharedModes(repository).widen_packs();
    sync_objects(repository);  // Also where durability was not asked for: see pack_loose_objects().
    return remove_joined(old, *stem, objects + "pack", give_up);
}

bool has_many_packs(git_repository* repository) {
    return !chosen_packs(repository).empty();
}

}  // namespace fluentsync::git
