#include <rapidcheck.h>

#include <catch2/catch.hpp>

#include "files/layout.hpp"
#include "files/safe_write.hpp"
#include "hook_folder.hpp"
#include "stranger.hpp"

using namespace fluentsync;
using files::Expected;
using files::remove_file;
using files::StagedFile;
using files::WriteStatus;

namespace {

Expected expected_now(const runtime::Folder& root, const std::string& path) {
    std::string bytes;
    const auto stat = root.read(path, 1 << 20, bytes);
    return {stat, base::hash_blob(bytes)};
}

struct Folders {
    Folders() : root(at.path.string()) {
        std::filesystem::create_directories(at.path / files::kTemporaryFolder);
    }
    TempFolder at;
    HookFolder root;
};

}  // namespace

TEST_CASE_METHOD(Folders, "the expected file is removed with the folders that it leaves empty") {
    at.put("note/a/b/c.md", "x");
    at.put("note/a/kept.md", "y");
    CHECK(remove_file(root, "note/a/b/c.md", expected_now(root, "note/a/b/c.md")) == WriteStatus::done);
    CHECK(names_in(at, "note/a") == std::vector<std::string>{"kept.md"});
    CHECK(remove_file(root, "note/a/kept.md", expected_now(root, "note/a/kept.md")) == WriteStatus::done);
    CHECK(std::filesystem::exists(at.path / "note"));
    CHECK(names_in(at, "note").empty());
    CHECK(names_in(at, files::kTemporaryFolder).empty());
}

TEST_CASE_METHOD(Folders, "another file than the expected one is not removed") {
    at.put("a", "old!");
    const auto expected = expected_now(root, "a");
    SECTION("edited before") {
        save_by_rename(at, "a", "edit");
    }
    SECTION("[trap-18] edited with size and mtime preserved") {
        edit_keeping_mtime(at, "a", "edit");
    }
    SECTION("edited between look and move") {
        root.before = [&](const std::string& operation, const std::string& path) {
            if (operation == "rename_new" && path == "a") edit_keeping_mtime(at, "a", "edit");
        };
    }
    CHECK(remove_file(root, "a", expected) == WriteStatus::changed);
    CHECK(at.get("a") == "edit");
    CHECK(names_in(at, files::kTemporaryFolder).empty());
}

TEST_CASE_METHOD(Folders, "an edit moved aside is rescued when its place is taken") {
    at.put("a", "old");
    const auto expected = expected_now(root, "a");
    int renames = 0;
    root.before = [&](const std::string& operation, const std::string&) {
        if (operation != "rename_new") return;
        ++renames;
        if (renames == 1) save_by_rename(at, "a", "first edit");
        if (renames == 2) at.put("a", "second edit");
    };
    std::string rescued;
    CHECK(remove_file(root, "a", expected, &rescued) == WriteStatus::changed);
    CHECK(at.get("a") == "second edit");
    CHECK(at.get(rescued) == "first edit");
}

TEST_CASE_METHOD(Folders, "removing what is gone already is done; a folder is left alone") {
    at.put("folder/x", "x");
    CHECK(remove_file(root, "nothing", {runtime::FileStat(), {}}) == WriteStatus::done);
    CHECK(remove_file(root, "folder", {root.stat("folder"), {}}) == WriteStatus::changed);
    CHECK(at.get("folder/x") == "x");
}

TEST_CASE_METHOD(Folders, "temporaries of a crash: ours and known ones go, an edit is rescued, twice too") {
    const auto put = [&](const std::string& name, const std::string& bytes) {
        at.put(files::join(files::kTemporaryFolder, name), bytes);
    };
    put("part-1", "torn");
    put("moved-1", "known");
    put("moved-2", "edit one");
    put("moved-3", "");
    put("stray", "edit two");
    const auto known = [](const base::ObjectId& hash, const std::string&) {
        return hash == base::hash_blob("known");
    };
    CHECK(files::clean_temporaries(root, known).size() == 2);
    CHECK(names_in(at, files::kTemporaryFolder).empty());
    CHECK(at.get(".fluentsync/rescued/moved-2") == "edit one");
    CHECK(at.get(".fluentsync/rescued/stray") == "edit two");

    put("stray", "edit three");
    CHECK(files::clean_temporaries(root, known) == std::vector<std::string>{".fluentsync/rescued/stray-1"});
    CHECK(at.get(".fluentsync/rescued/stray") == "edit two");
    CHECK(at.get(".fluentsync/rescued/stray-1") == "edit three");
}

namespace {

/// Somebody acts on the file ahead of the n-th call that we make.
struct Act {
    int ahead_of;
    int kind;
};

/// What the file's owner wrote last and did not remove.
struct Owner {
    const TempFolder& at;
    std::string last;
    int written = 0;

    void act(int kind) {
        const auto bytes = "v" + std::to_string(100 + ++written);
        if (kind == 0) {
            save_by_rename(at, "sub/a", bytes);
        } else if (kind == 1) {
            std::filesystem::remove(at.path / "sub/a");
            last.clear();
            return;
        } else if (std::filesystem::exists(at.path / "sub/a")) {
            kind == 2 ? edit_keeping_mtime(at, "sub/a", bytes) : at.put("sub/a", bytes);
        } else {
            return;
        }
        last = bytes;
    }
};

void check_nothing_lost(const std::vector<Act>& acts, bool remove) {
    Folders folders;
    folders.at.put("sub/a", "v100");
    const auto expected = expected_now(folders.root, "sub/a");
    Owner owner{folders.at, "", 0};
    int call = 0;
    folders.root.before = [&](const std::string&, const std::string&) {
        ++call;
        for (const auto& act : acts)
            if (act.ahead_of == call) owner.act(act.kind);
    };
    WriteStatus status;
    if (remove)
        status = remove_file(folders.root, "sub/a", expected);
    else
        status = StagedFile(folders.root, "sub/a", "ours").place(expected).status;
    folders.root.before = nullptr;

    const auto in_place = folders.at.get("sub/a");
    bool kept = owner.last.empty() || in_place == owner.last;
    for (const auto& name : names_in(folders.at, files::kRescuedFolder))
        kept |= folders.at.get(files::join(files::kRescuedFolder, name)) == owner.last;
    RC_ASSERT(kept);
    RC_ASSERT(names_in(folders.at, files::kTemporaryFolder).empty());
    if (owner.written == 0) {
        RC_ASSERT(status == WriteStatus::done);
        RC_ASSERT(in_place == (remove ? "" : "ours"));
    }
}

}  // namespace

TEST_CASE("property: whatever its owner does between our calls, the last edit is kept") {
    const auto gen = rc::gen::resize(4, rc::gen::container<std::vector<Act>>(rc::gen::construct<Act>(
                                            rc::gen::inRange(1, 25), rc::gen::inRange(0, 4))));
    REQUIRE(rc::check("place", [&] { check_nothing_lost(*gen, false); }));
    REQUIRE(rc::check("remove", [&] { check_nothing_lost(*gen, true); }));
}
