#include "git/damaged_packs.hpp"

#include <git2/odb_backend.h>
#include <git2/sys/odb_backend.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/object_id.hpp"
#include "base/text.hpp"
#include "git/dot_git_file.hpp"
#include "git/library.hpp"

namespace fluentsync::git {

namespace {

namespace fs = std::filesystem;
using IndexerPtr = std::unique_ptr<git_indexer, Freed<git_indexer_free>>;

constexpr std::size_t kPackHash = 20;
/// Where git, too, puts objects that are not to be seen yet.
constexpr const char* kAside = "/objects/tmp_objdir-fluentsync-pack";

/// What is written about a pack lands in a folder of its own first.
struct Aside {
    explicit Aside(const std::string& git_folder) : folder(git_folder + kAside) {
        fs::remove_all(folder);
        fs::create_directories(folder);
    }
    Aside(const Aside&) = delete;
    Aside& operator=(const Aside&) = delete;
    ~Aside() {
        std::error_code ignored;
        fs::remove_all(folder, ignored);
    }
    fs::path folder;
};

std::string_view last_hash(std::string_view bytes) {
    return bytes.substr(bytes.size() - kPackHash);
}

bool ends_in_its_hash(std::string_view bytes) {
    return bytes.size() > kPackHash &&
           base::hash_bytes(bytes.substr(0, bytes.size() - kPackHash)).raw() == last_hash(bytes);
}

/// Which pack an index is of, by that one's hash.
std::string_view pack_hash_of(std::string_view index) {
    return index.substr(index.size() - 2 * kPackHash, kPackHash);
}

/// Makes an index of a whole pack. False: libgit2 does not understand it.
bool make_index(const std::string& git_folder, const fs::path& pack, std::string_view bytes) {
    const Aside aside(git_folder);
    IndexerPtr indexer;
    git_indexer_progress progress{};
    if (git_indexer_new(out(indexer), aside.folder.c_str(), 0, nullptr, nullptr) < 0) return false;
    if (git_indexer_append(indexer.get(), bytes.data(), bytes.size(), &progress) < 0 ||
        git_indexer_commit(indexer.get(), &progress) < 0)
        return false;
    for (const auto& file : fs::directory_iterator(aside.folder)) {
        if (file.path().extension() != ".idx") continue;
        fs::rename(file.path(), fs::path(pack).replace_extension(".idx"));
        return true;
    }
    return false;
}

/// What can be read of a torn pack becomes loose objects. libgit2 wants the end to be as the index has it.
std::size_t salvage(const std::string& git_folder, const std::string& bytes, const std::string& index) {
    const Aside aside(git_folder);
    const fs::path pack = aside.folder / "pack-torn.pack";
    std::ofstream(pack, std::ios::binary) << bytes << pack_hash_of(index);
    std::ofstream(fs::path(pack).replace_extension(".idx"), std::ios::binary) << index;
    git_odb_backend* backend = nullptr;
    OdbPtr torn;
    OdbPtr whole;
    check(git_odb_new(out(torn)), "a torn pack cannot be read");
    check(git_odb_open(out(whole), (git_folder + "/objects").c_str()),
          "the object database cannot be opened");
    if (git_odb_backend_one_pack(&backend, fs::path(pack).replace_extension(".idx").c_str()) < 0) return 0;
    check(git_odb_add_backend(torn.get(), backend, 1), "a torn pack cannot be read");
    struct Work {
        git_odb* torn;
        git_odb* whole;
        std::size_t saved = 0;
    } work{torn.get(), whole.get()};
    git_odb_foreach(
        torn.get(),
        [](const git_oid* id, void* payload) {
            auto* const work = static_cast<Work*>(payload);
            OdbObjectPtr object;
            git_oid written{};
            if (git_odb_read(out(object), work->torn, id) < 0) return 0;
            if (git_odb_write(&written, work->whole, git_odb_object_data(object.get()),
                              git_odb_object_size(object.get()), git_odb_object_type(object.get())) == 0)
                ++work->saved;
            return 0;
        },
        &work);
    return work.saved;
}

void set_aside(const std::string& git_folder, const fs::path& file) {
    if (!fs::exists(file)) return;
    keep_damaged(git_folder, file.string());
    ::unlink(file.c_str());
}

void mend_pack(const std::string& git_folder, const fs::path& pack, std::vector<std::string>& told) {
    const fs::path index = fs::path(pack).replace_extension(".idx");
    const std::string name = base::printable(pack.string());
    auto bytes = read_dot_git_file(pack.string());
    const auto index_bytes = read_dot_git_file(index.string());
    if (!bytes) return;
    const bool whole = ends_in_its_hash(*bytes);
    const bool indexed = index_bytes && ends_in_its_hash(*index_bytes) && index_bytes->size() > 2 * kPackHash;
    if (whole && indexed && pack_hash_of(*index_bytes) == last_hash(*bytes)) return;
    if (whole) {
        set_aside(git_folder, index);
        if (make_index(git_folder, pack, *bytes)) {
            told.push_back(name + " had no index and has one now");
            return;
        }
    }
    set_aside(git_folder, pack);
    set_aside(git_folder, index);
    for (const char* beside : {".rev", ".bitmap", ".mtimes"})
        set_aside(git_folder, fs::path(pack).replace_extension(beside));
    if (indexed && last_hash(*bytes) == pack_hash_of(*index_bytes)) bytes->resize(bytes->size() - kPackHash);
    const std::size_t saved = indexed ? salvage(git_folder, *bytes, *index_bytes) : 0;
    told.push_back(name + " is damaged and kept in .git/lost-found/damaged; " + std::to_string(saved) +
                   " objects of it could be read");
}

}  // namespace

void mend_packs(const std::string& folder, std::vector<std::string>& told) {
    const std::string git_folder = folder + "/.git";
    std::vector<fs::path> packs;
    std::error_code error;
    for (fs::directory_iterator file(git_folder + "/objects/pack", error), end; !error && file != end;
         file.increment(error)) {
        if (file->path().extension() == ".pack") packs.push_back(file->path());
    }
    for (const fs::path& pack : packs)
        mend_pack(git_folder, pack, told);
}

}  // namespace fluentsync::git
