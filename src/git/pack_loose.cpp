/// Gathers loose objects into a pack, as `git gc` does, without starting a program.
#include <unistd.h>

#include <filesystem>
#include <utility>

#include "git/pack_entry.hpp"
#include "git/shared_modes.hpp"
#include "git/spooled_pack.hpp"
#include "git/writers.hpp"

namespace fluentsync::git {

namespace {

namespace fs = std::filesystem;

struct LooseObject {
    std::string path;
    base::ObjectId id;
};

bool is_fan_out(const std::string& name) {
    return name.size() == 2 && name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::vector<LooseObject> list_loose(const std::string& objects) {
    std::vector<LooseObject> found;
    std::error_code error;
    for (const auto& folder : fs::directory_iterator(objects, error)) {
        const std::string prefix = folder.path().filename().string();
        if (!is_fan_out(prefix)) continue;
        std::error_code inner;  // a folder that another git has just emptied and removed is no failure
        for (const auto& file : fs::directory_iterator(folder.path(), inner)) {
            const auto id = base::ObjectId::from_hex(prefix + file.path().filename().string());
            if (id) found.push_back({file.path().string(), *id});
        }
    }
    if (error) throw Error(ErrorCode::io, "git objects cannot be listed: " + error.message(), objects);
    return found;
}

/// Nothing: it cannot be read, and `git fsck` finds it; or it is a large one, of which few are many bytes.
/// That keeps memory bounded, and how long one takes.
OdbObjectPtr read_to_pack(git_odb* odb, const base::ObjectId& id) {
    constexpr std::size_t kLarge = std::size_t{16} << 20;
    const git_oid oid = to_oid(id);
    OdbObjectPtr object;
    std::size_t size = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    if (git_odb_read_header(&size, &type, odb, &oid) == 0 && size <= kLarge) {
        git_odb_read(out(object), odb, &oid);  // Compares the bytes with the id.
    }
    return object;
}

/// Leaves in `loose` what went into the pack; the others stay where they are. Not with libgit2's builder of
/// packs: its search for deltas takes minutes, and up to 1.5 at least it heeds no callback (libgit2 #6874).
bool write_pack(Repository& repository, std::vector<LooseObject>& loose,
                const std::function<bool()>& give_up) {
    const OdbPtr odb = open_odb(repository.raw());
    SpooledPack pack(repository);
    PackEntryEncoder encoder;
    PackEntries entry;
    std::vector<LooseObject> packed;
    for (const LooseObject& object : loose) {
        if (give_up()) return false;
        const OdbObjectPtr read = read_to_pack(odb.get(), object.id);
        if (!read) continue;
        const auto* data = static_cast<const char*>(git_odb_object_data(read.get()));
        entry = {};
        encoder.append(git_odb_object_type(read.get()), object.id, {data, git_odb_object_size(read.get())},
                       entry);
        pack.append(entry);
        packed.push_back(object);
    }
    loose = std::move(packed);
    // Always durable: a crash must not leave a pack of a name that is not whole beside the loose copies.
    return loose.empty() || pack.place(true, give_up).has_value();
}

}  // namespace

// The order is what makes it safe: the pack is complete and on disk, each object in it compared with its id,
// before the first loose copy goes; and only files that were listed before go, each of which is in the pack.
// That removal is git's own `prune-packed`, for which libgit2 has no word.
std::optional<std::size_t> pack_loose_objects(Repository& repository, std::size_t at_least,
                                              const std::function<bool()>& give_up) {
    auto loose = list_loose(item_path(repository.raw(), GIT_REPOSITORY_ITEM_OBJECTS));
    if (loose.empty() || loose.size() < at_least) return 0;
    if (!write_pack(repository, loose, give_up)) return std::nullopt;
    if (loose.empty()) return 0;
    repository.shared_modes().widen_packs();
    // Also where durability was not asked for: a removal must not reach the disk before the pack does.
    sync_objects(repository);
    check(git_odb_refresh(open_odb(repository.raw()).get()), "the new pack cannot be opened");
    for (const LooseObject& object : loose) {
        if (give_up()) return std::nullopt;
        ::unlink(object.path.c_str());
    }
    return loose.size();
}

}  // namespace fluentsync::git
