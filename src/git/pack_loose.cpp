/// Gathers loose objects into a pack, as `git gc` does, without starting a program.
#include <unistd.h>

#include <filesystem>

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

/// Leaves in `loose` what went into the pack. One that cannot be read stays where it is, for `git fsck`.
void write_pack(Repository& repository, std::vector<LooseObject>& loose) {
    PackBuilderPtr builder;
    check(git_packbuilder_new(out(builder), repository.raw()), "loose objects cannot be packed");
    git_packbuilder_set_threads(builder.get(), 1);
    std::erase_if(loose, [&](const LooseObject& object) {
        const git_oid oid = to_oid(object.id);
        return git_packbuilder_insert(builder.get(), &oid, nullptr) < 0;
    });
    if (loose.empty()) return;
    check(git_packbuilder_write(builder.get(), nullptr, 0, nullptr, nullptr),
          "loose objects cannot be packed", ErrorCode::io);
}

}  // namespace

// The order is what makes it safe: the pack is complete, checked by the indexer and on disk before the first
// loose copy goes; and only files that were listed before go, each of which is in the pack. That removal is
// git's own `prune-packed`, for which libgit2 has no word.
std::size_t pack_loose_objects(Repository& repository, std::size_t at_least, bool /*durable*/) {
    auto loose = list_loose(item_path(repository.raw(), GIT_REPOSITORY_ITEM_OBJECTS));
    if (loose.empty() || loose.size() < at_least) return 0;
    write_pack(repository, loose);
    if (loose.empty()) return 0;
    // Also where durability was not asked for: a removal must not reach the disk before the pack does.
    sync_objects(repository);
    check(git_odb_refresh(open_odb(repository.raw()).get()), "the new pack cannot be opened");
    for (const LooseObject& object : loose)
        ::unlink(object.path.c_str());
    return loose.size();
}

}  // namespace fluentsync::git
