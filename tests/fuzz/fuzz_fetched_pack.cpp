// Packs that no git would send, put through the quarantine. What it takes git would keep: each object can be
// read and is whole, trees are in order, and what they name is there. What it refuses leaves nothing.
#include <git2.h>
#include <git2/odb_backend.h>
#include <zlib.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "fluentsync/error.hpp"
#include "fuzz_input.hpp"
#include "git/quarantine.hpp"
#include "git/tree_read.hpp"
#include "hand_made_pack.hpp"
#include "temp_folder.hpp"

using namespace fluentsync;

namespace {

namespace fs = std::filesystem;
using fuzz::Input;
constexpr std::uint64_t kMost = 1u << 16;

/// Entries by chance, most of them sound, that name each other.
struct Builder {
    explicit Builder(Input& from) : input(from) {}

    base::ObjectId some_id() {
        if (ids.empty() || input.below(16) == 15) return base::hash_bytes("nobody has this");
        return ids[input.below(ids.size())];
    }
    std::string tree() {
        static constexpr const char* kModes[] = {"100644", "40000",  "100755", "120000",
                                                 "160000", "040000", "x"};
        std::string bytes;
        const std::size_t count = input.below(6);
        for (std::size_t i = 0; i < count; ++i) {
            const std::string name =
                input.below(8) == 7 ? input.text() : std::string(1, static_cast<char>('a' + i));
            bytes += git::test::tree_entry(input.one_of(kModes), name, some_id());
        }
        return bytes;
    }
    std::string commit() {
        std::vector<base::ObjectId> parents;
        for (std::size_t i = input.below(3); i > 0; --i)
            parents.push_back(some_id());
        return git::test::commit_text(some_id(), parents);
    }
    std::string delta() {
        return git::test::delta_length(input.byte()) + git::test::delta_length(input.byte()) + input.text();
    }
    void entry() {
        const std::uint64_t lie = input.below(16) == 15 ? input.byte() : 0;
        switch (input.below(8)) {
            case 0:
            case 1:
                add(git::test::kBlob, input.text(), lie);
                break;
            case 2:
            case 3:
                add(git::test::kTree, tree(), lie);
                break;
            case 4:
            case 5:
                add(git::test::kCommit, commit(), lie);
                break;
            case 6: {
                const std::string bytes = delta();
                const bool named = input.flag();
                const std::string base = named ? std::string(some_id().raw())
                                               : std::string(1, static_cast<char>(input.byte() & 0x7f));
                pack.add_raw(named ? git::test::kNamedDelta : git::test::kOffsetDelta, bytes.size() + lie,
                             bytes, base);
                break;
            }
            default:
                add(static_cast<unsigned>(input.below(8)), input.text(), lie);
        }
    }
    void add(unsigned type, const std::string& bytes, std::uint64_t lie) {
        static constexpr const char* kNames[] = {"0", "commit", "tree", "blob", "tag", "5", "6", "7"};
        pack.add_raw(type, bytes.size() + lie, bytes);
        ids.push_back(git::test::id_of(kNames[type], bytes));
    }

    Input& input;
    git::test::HandMadePack pack;
    std::vector<base::ObjectId> ids;
};

bool receive(git::Repository& repository, git::Quarantine& quarantine, const std::string& pack,
             std::size_t piece) {
    const git::OdbPtr odb = git::open_odb(repository.raw());
    git_odb_writepack* writer = nullptr;
    git_indexer_progress progress{};
    fuzz::require(git_odb_write_pack(&writer, odb.get(), nullptr, nullptr) == 0, "a pack can be written");
    int code = 0;
    for (std::size_t at = 0; code == 0 && at < pack.size(); at += piece)
        code = writer->append(writer, pack.data() + at, std::min(piece, pack.size() - at), &progress);
    if (code == 0) code = writer->commit(writer, &progress);
    writer->free(writer);
    if (code < 0) quarantine.rethrow_refusal();
    return code == 0;
}

std::size_t files_below(const fs::path& folder) {
    std::size_t count = 0;
    for (const auto& one : fs::recursive_directory_iterator(folder))
        count += one.is_regular_file() ? 1 : 0;
    return count;
}

void check_object(git::Repository& repository, git_odb* odb, const git_oid& oid) {
    git::OdbObjectPtr object;
    fuzz::require(git_odb_read(git::out(object), odb, &oid) == 0, "what was taken can be read",
                  git::from_oid(oid).hex());
    if (git_odb_object_type(object.get()) != GIT_OBJECT_TREE) return;
    const git::TreeReading tree(repository.raw(), git::from_oid(oid));
    for (const git::TreeEntry& entry : tree.entries()) {
        if (entry.mode == git::kModeSubmodule) continue;
        std::size_t size = 0;
        git_object_t type = GIT_OBJECT_INVALID;
        const git_oid id = git::to_oid(entry.id);
        fuzz::require(git_odb_read_header(&size, &type, odb, &id) == 0, "what a tree names is there");
        fuzz::require(entry.folder() == (type == GIT_OBJECT_TREE), "and of the right type");
    }
}

void check_taken(const std::string& folder) {
    git::Repository repository = git::Repository::open(folder);
    const git::OdbPtr odb = git::open_odb(repository.raw());
    std::vector<git_oid> ids;
    git_odb_foreach(
        odb.get(),
        [](const git_oid* id, void* all) {
            static_cast<std::vector<git_oid>*>(all)->push_back(*id);
            return 0;
        },
        &ids);
    for (const git_oid& oid : ids)
        check_object(repository, odb.get(), oid);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Input input(data, size);
    const std::size_t piece = 1 + input.byte();
    const bool raw = input.flag();
    Builder builder(input);
    std::string pack;
    if (raw) {
        pack = input.rest();
        if (pack.size() < 12) return 0;
        pack.replace(0, 4, "PACK");
        pack += base::hash_bytes(pack).raw();
    } else {
        for (std::size_t count = 1 + input.below(12); count > 0 && !input.empty(); --count)
            builder.entry();
        pack = builder.pack.bytes();
    }
    const base::ObjectId tip = builder.ids.empty() ? base::ObjectId{} : builder.ids.back();
    const support::TempFolder folder;
    bool taken = false;
    {
        git::Repository repository = git::Repository::init(folder.path(), "main");
        try {
            git::Quarantine quarantine(repository, kMost);
            if (receive(repository, quarantine, pack, piece)) {
                quarantine.release(tip, false, {});
                taken = true;
            }
        } catch (const Error& error) {
            fuzz::require(std::string(error.what()).find('\n') == std::string::npos, "one line",
                          error.what());
        }
    }
    const std::size_t files = files_below(folder / ".git/objects");
    if (taken) {
        check_taken(folder.path());
    } else {
        fuzz::require(files == 0, "what is refused leaves nothing");
    }
    return 0;
}
