#include "git/small_packs.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <set>

#include "base/object_id.hpp"
#include "base/tuning.hpp"
#include "git/multi_pack_index.hpp"

namespace fluentsync::git {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPackPrefix = "pack-";
constexpr std::size_t kFewest = 2;
/// By these beside it git keeps a pack apart: for ever, as a partial clone's, as what nothing reaches any
/// more, as what its bitmap speaks of.
constexpr std::array kBesidePack = {".keep", ".promisor", ".mtimes", ".bitmap"};
/// git takes a gc.pid that is older for a dead one's.
constexpr std::chrono::hours kLivingGc{12};

bool exists(const std::string& path) {
    struct stat stat {};
    return ::lstat(path.c_str(), &stat) == 0;
}

bool is_pack_name(const fs::path& file) {
    const std::string stem = file.stem().string();
    return file.extension() == ".pack" && stem.rfind(kPackPrefix, 0) == 0 &&
           base::ObjectId::from_hex(stem.substr(kPackPrefix.size())).has_value();
}

bool kept_apart(const std::string& stem) {
    return std::any_of(kBesidePack.begin(), kBesidePack.end(),
                       [&](const char* suffix) { return exists(stem + suffix); });
}

/// In a folder with the sticky bit (/tmp has it) everybody removes what is their own.
bool may_be_removed(const struct stat& folder, const struct stat& file) {
    const uid_t user = ::geteuid();
    return (folder.st_mode & S_ISVTX) == 0 || user == 0 || user == folder.st_uid || user == file.st_uid;
}

std::int32_t number_of(git_config* snapshot, const char* key, std::int32_t usual) {
    std::int32_t value = 0;
    return git_config_get_int32(&value, snapshot, key) == 0 ? value : usual;
}

bool is_off(git_config* snapshot, const char* key) {
    int value = 0;
    return git_config_get_bool(&value, snapshot, key) == 0 && value == 0;
}

bool gc_is_at_work(git_repository* repository) {
    std::error_code error;
    const auto since =
        fs::last_write_time(item_path(repository, GIT_REPOSITORY_ITEM_COMMONDIR) + "gc.pid", error);
    return !error && since + kLivingGc > fs::file_time_type::clock::now();
}

}  // namespace

std::vector<SmallPack> small_packs(const std::string& pack_folder) {
    std::vector<SmallPack> packs;
    struct stat folder {};
    const auto indexed_elsewhere = packs_in_multi_pack_index(pack_folder);
    if (!indexed_elsewhere || ::stat(pack_folder.c_str(), &folder) != 0) return packs;
    std::error_code error;
    for (fs::directory_iterator file(pack_folder, error), end; !error && file != end; file.increment(error)) {
        struct stat stat {};
        if (!is_pack_name(file->path()) || ::lstat(file->path().c_str(), &stat) != 0) continue;
        const std::string stem = fs::path(file->path()).replace_extension().string();
        const auto bytes = static_cast<std::uintmax_t>(stat.st_size);
        if (!S_ISREG(stat.st_mode) || bytes > base::tuning::kJoinedPackBytes || !exists(stem + ".idx") ||
            kept_apart(stem) || indexed_elsewhere->count(file->path().stem().string()) > 0 ||
            !may_be_removed(folder, stat))
            continue;
        packs.push_back({stem, bytes});
    }
    std::sort(packs.begin(), packs.end(), [](const SmallPack& a, const SmallPack& b) {
        return a.bytes != b.bytes ? a.bytes < b.bytes : a.stem < b.stem;
    });
    return packs;
}

std::vector<SmallPack> packs_to_join(std::vector<SmallPack> packs, std::size_t most) {
    if (packs.size() <= std::max(most, kFewest - 1)) return {};
    const std::size_t at_least = packs.size() / 2;  // However their sizes lie, the next time is not soon.
    std::uintmax_t sum = 0;
    std::size_t count = 0;
    for (; count < packs.size(); ++count) {
        const std::uintmax_t bytes = packs[count].bytes;
        const bool wanted = count < at_least || bytes <= 2 * sum;
        if (count >= kFewest && (!wanted || sum + bytes > base::tuning::kJoinBytes)) break;
        sum += bytes;
    }
    packs.resize(count);
    return packs;
}

std::optional<std::size_t> most_small_packs(git_repository* repository) {
    ConfigPtr snapshot;
    check(git_repository_config_snapshot(out(snapshot), repository), "git's configuration cannot be read");
    const std::int32_t most = number_of(snapshot.get(), "gc.autopacklimit", base::tuning::kSmallPacks);
    const bool unwanted = most <= 0 || number_of(snapshot.get(), "gc.auto", 1) <= 0 ||
                          is_off(snapshot.get(), "maintenance.auto") ||
                          (git_repository_is_bare(repository) && is_off(snapshot.get(), "receive.autogc"));
    if (unwanted || gc_is_at_work(repository)) return std::nullopt;
    return static_cast<std::size_t>(most);
}

}  // namespace fluentsync::git
