// Fetched packs: what git refuses is not kept.
#include <git2.h>
#include <git2/odb_backend.h>

#include <algorithm>
#include <map>

#include "base/tuning.hpp"
#include "git/leftovers.hpp"
#include "git/quarantine.hpp"
#include "../../support/hand_made_pack.hpp"
#include "repo_fixture.hpp"

namespace fluentsync::git::test {

namespace {

namespace fs = std::filesystem;
constexpr std::uint64_t kMost = 1u << 20;

/// What is below .git/objects, but for its own folders.
std::vector<std::string> kept(const RepoFixture& repo) {
    std::vector<std::string> files;
    for (const auto& one : fs::recursive_directory_iterator(repo.folder() + "/.git/objects")) {
        const std::string name = one.path().filename().string();
        if (one.is_regular_file() || (name != "info" && name != "pack" && name.size() != 2)) {
            files.push_back(name);
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

/// As libgit2's transports do it.
int receive(Repository& repository, const std::string& pack) {
    OdbPtr odb = open_odb(repository.raw());
    git_odb_writepack* writer = nullptr;
    git_indexer_progress progress{};
    int code = git_odb_write_pack(&writer, odb.get(), nullptr, nullptr);
    if (code < 0) return code;
    constexpr std::size_t kPiece = 7;
    for (std::size_t at = 0; code == 0 && at < pack.size(); at += kPiece)
        code = writer->append(writer, pack.data() + at, std::min(kPiece, pack.size() - at), &progress);
    if (code == 0) code = writer->commit(writer, &progress);
    writer->free(writer);
    return code;
}

/// Empty: taken.
std::string fetch(RepoFixture& repo, const std::string& pack, const base::ObjectId& tip) {
    try {
        Quarantine quarantine(repo.repository(), kMost);
        if (receive(repo.repository(), pack) < 0) {
            quarantine.rethrow_refusal();
            return git_error_last()->message;
        }
        quarantine.release(tip, true, {});
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

struct Tip {
    std::string pack;
    base::ObjectId id;
};

/// A commit of one file, with this much added to its pack.
template <class More>
Tip with(const More& more) {
    HandMadePack pack;
    const auto blob = pack.add(kBlob, "text\n");
    std::string tree = tree_entry("100644", "a.md", blob);
    more(pack, tree);
    const auto id = pack.add(kCommit, commit_text(pack.add(kTree, tree)));
    return {pack.bytes(), id};
}

const auto kNobody = base::hash_bytes("nobody has this");

Tip bad(const std::string& kind) {
    return with([&](HandMadePack& pack, std::string& tree) {
        if (kind == "longer than it says") pack.add_raw(kBlob, 3, "longer");
        if (kind == "shorter than it says") pack.add_raw(kBlob, 30, "shorter");
        if (kind == "no type") pack.add_raw(5, 4, "five");
        if (kind == "a blob that is missing") tree += tree_entry("100644", "b", kNobody);
        if (kind == "a tree that is missing") tree += tree_entry("40000", "b", kNobody);
        if (kind == "a blob named as a tree") tree += tree_entry("40000", "b", pack.add(kBlob, "b"));
        if (kind == "a tree named as a blob") tree += tree_entry("100644", "b", pack.add(kTree, ""));
        if (kind == "names twice") tree += tree;
        if (kind == "names out of order") tree += tree_entry("100644", "Z", pack.add(kBlob, "b"));
        if (kind == "a slash in a name") tree += tree_entry("100644", "b/c", pack.add(kBlob, "b"));
        if (kind == "an empty name") tree += tree_entry("100644", "", pack.add(kBlob, "b"));
        if (kind == "a tree that is cut off") pack.add(kTree, "100644 a");
        if (kind == "a tree without modes") pack.add(kTree, tree_entry("x", "a", kNobody));
        if (kind == "a commit without a tree") pack.add(kCommit, "author P\n");
        if (kind == "a parent that is missing")
            pack.add(kCommit, commit_text(pack.add(kTree, ""), {kNobody}));
        if (kind == "a base out of the pack") pack.add_raw(kOffsetDelta, 2, "\1\1", "\1");
        if (kind == "a base nobody has") pack.add_raw(kNamedDelta, 2, "\1\1", std::string(kNobody.raw()));
        if (kind == "no zlib") pack.add_raw(kNamedDelta, 2, "\1\1", "");
        if (kind == "a huge blob") pack.add(kBlob, std::string(kMost + 1, 'x'));
        if (kind == "a huge result") {
            const auto base = pack.add_raw(kBlob, 1, "x");
            const std::string delta = delta_length(1) + delta_length(std::uint64_t{1} << 60) + "\x90\1";
            pack.add_raw(kOffsetDelta, delta.size(), delta,
                         std::string(1, static_cast<char>(12 + pack.bytes().size() - 32 - base)));
        }
    });
}

}  // namespace

TEST_CASE("quarantine: a sound pack is taken, and nothing else is left") {
    RepoFixture repo;
    const auto tip = with([](HandMadePack& pack, std::string& tree) {
        tree += tree_entry("40000", "folder", pack.add(kTree, tree));
        tree += tree_entry("160000", "module", kNobody);
    });
    CHECK(fetch(repo, tip.pack, tip.id) == "");
    CHECK(repo.repository().has_object(tip.id));
    CHECK(kept(repo).size() == 2);
    repo.git("update-ref refs/heads/main " + tip.id.hex());
    CHECK(repo.git_succeeds("fsck --strict --full"));
    CHECK(repo.git_succeeds("gc -q --prune=now"));
}

TEST_CASE("quarantine: what git would not keep is refused in one line, and nothing of it is left") {
    const std::string kind = GENERATE(
        as<std::string>{}, "longer than it says", "shorter than it says", "no type", "a blob that is missing",
        "a tree that is missing", "a blob named as a tree", "a tree named as a blob", "names twice",
        "names out of order", "a slash in a name", "an empty name", "a tree that is cut off",
        "a tree without modes", "a commit without a tree", "a parent that is missing",
        "a base out of the pack", "a base nobody has", "no zlib", "a huge blob", "a huge result");
    RepoFixture repo;
    const Tip tip = bad(kind);
    const std::string refusal = fetch(repo, tip.pack, tip.id);
    INFO(kind << ": " << refusal);
    CHECK(refusal != "");
    CHECK(refusal.find('\n') == std::string::npos);
    CHECK_FALSE(repo.repository().has_object(tip.id));
    CHECK(kept(repo).empty());
    CHECK(repo.git_succeeds("fsck --strict --full"));
    CHECK(repo.git_succeeds("gc -q --prune=now"));
    const Tip repaired = with([](auto&, auto&) {});
    CHECK(fetch(repo, repaired.pack, repaired.id) == "");
}

TEST_CASE("quarantine: a tip that is no commit is refused") {
    RepoFixture repo;
    HandMadePack pack;
    const auto blob = pack.add(kBlob, "text\n");
    const auto nameless =
        pack.add(kCommit, "tree " + pack.add(kTree, "").hex() + "\nauthor P\ncommitter P\n\n");
    CHECK(fetch(repo, pack.bytes(), blob).find("is a blob") != std::string::npos);
    CHECK(fetch(repo, pack.bytes(), kNobody).find("is missing") != std::string::npos);
    CHECK(fetch(repo, pack.bytes(), nameless).find("cannot be parsed") != std::string::npos);
    CHECK(kept(repo).empty());
}

TEST_CASE("quarantine: what the repository has need not be in the pack") {
    RepoFixture repo;
    repo.write("a.md", "a\n");
    repo.write("b/c.md", "c\n");
    repo.git("add -A && git commit -qm first");
    const auto first = *base::ObjectId::from_hex(repo.git_line("rev-parse HEAD"));
    const auto a = *base::ObjectId::from_hex(repo.git_line("rev-parse HEAD:a.md"));
    const auto b = *base::ObjectId::from_hex(repo.git_line("rev-parse HEAD:b"));
    HandMadePack pack;
    // The same folder, the same file under another name, and a delta of what is here.
    const std::string delta = delta_length(2) + delta_length(4) + std::string("\x90\2\2b\n", 5);
    pack.add_raw(kNamedDelta, delta.size(), delta, std::string(a.raw()));
    const std::string tree = tree_entry("100644", "a2.md", a) + tree_entry("40000", "b", b) +
                             tree_entry("100644", "d.md", id_of("blob", "a\nb\n"));
    const auto tip = pack.add(kCommit, commit_text(pack.add(kTree, tree), {first}));
    CHECK(fetch(repo, pack.bytes(), tip) == "");
    repo.git("update-ref refs/heads/main " + tip.hex());
    CHECK(repo.git_succeeds("fsck --strict --full"));
}

TEST_CASE("quarantine: what is lost here, where trees here name it, is not held against the pack") {
    RepoFixture repo;
    repo.write("a.md", "a\n");
    repo.write("b.md", "b\n");
    repo.git("add -A && git commit -qm first");
    const auto first = *base::ObjectId::from_hex(repo.git_line("rev-parse HEAD"));
    const auto a = *base::ObjectId::from_hex(repo.git_line("rev-parse HEAD:a.md"));
    const std::string hex = a.hex();
    fs::remove(repo.folder() + "/.git/objects/" + hex.substr(0, 2) + "/" + hex.substr(2));
    HandMadePack pack;
    const std::string tree =
        tree_entry("100644", "moved.md", a) + tree_entry("100644", "new.md", pack.add(kBlob, "new\n"));
    const auto tip = pack.add(kCommit, commit_text(pack.add(kTree, tree), {first}));
    CHECK(fetch(repo, pack.bytes(), tip) == "");
}

TEST_CASE("quarantine: a history is judged folder by folder, in whatever order it comes") {
    RepoFixture repo;
    HandMadePack pack;
    std::vector<base::ObjectId> parents;
    base::ObjectId tip;
    for (int i = 0; i < 50; ++i) {
        std::string folder;
        for (int file = 0; file < 20; ++file) {
            const int version = file == i % 20 ? i : 0;
            const std::string text = std::to_string(file) + " " + std::to_string(version) + "\n";
            const auto id = id_of("blob", text);
            if (i == 0 || (version > 0 && version >= 20))
                pack.add(kBlob, text);
            else if (version > 0)
                pack.add(kBlob, text);
            folder += tree_entry("100644", std::string(1, static_cast<char>('a' + file)), id);
        }
        const auto below = pack.add(kTree, folder);
        tip = pack.add(kCommit, commit_text(pack.add(kTree, tree_entry("40000", "f", below)), parents));
        parents = {tip};
    }
    CHECK(fetch(repo, pack.bytes(), tip) == "");
    repo.git("update-ref refs/heads/main " + tip.hex());
    CHECK(repo.git_succeeds("fsck --strict --full"));
}

TEST_CASE("quarantine: what a dead process left goes at once, and git's and the living's stay") {
    RepoFixture repo;
    const fs::path objects = repo.folder() + "/.git/objects";
    const auto put = [&](const std::string& path) {
        fs::create_directories((objects / path).parent_path());
        std::ofstream(objects / path) << "x";
    };
    put("fluentsync_part_fetch_dead/pack_git2_abc");
    put("fluentsync_part_fetch_moving/pack-1.idx");
    put("pack/pack-1.pack");
    put("pack/pack-2.pack");
    put("tmp_objdir-incoming-abc/pack/tmp_pack_x");
    {
        Quarantine living(repo.repository(), kMost);
        remove_leftovers(repo.repository().raw());
        const auto left = kept(repo);
        CHECK(std::count_if(left.begin(), left.end(), [](const std::string& name) {
                  return name.rfind("fluentsync_part_fetch_", 0) == 0;
              }) == 1);
        CHECK_FALSE(fs::exists(objects / "fluentsync_part_fetch_dead"));
        CHECK_FALSE(fs::exists(objects / "pack/pack-1.pack"));
    }
    CHECK(fs::exists(objects / "pack/pack-2.pack"));
    CHECK(fs::exists(objects / "tmp_objdir-incoming-abc/pack/tmp_pack_x"));
}

TEST_CASE("quarantine: one that is given up leaves nothing") {
    RepoFixture repo;
    const Tip tip = with([](auto&, auto&) {});
    {
        Quarantine quarantine(repo.repository(), kMost);
        REQUIRE(receive(repo.repository(), tip.pack) == 0);
        CHECK_FALSE(repo.repository().has_object(tip.id));  // Seen by nobody.
        CHECK_THROWS_AS(quarantine.release(tip.id, true, [] { return true; }), Error);
    }
    CHECK(kept(repo).empty());
}

}  // namespace fluentsync::git::test
