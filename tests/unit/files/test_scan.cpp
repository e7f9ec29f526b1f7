#include <rapidcheck.h>
#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <mutex>
#include <set>

#include "files/layout.hpp"
#include "files/scan.hpp"
#include "fluentsync/error.hpp"
#include "hook_folder.hpp"
#include "stranger.hpp"

using namespace fluentsync;

namespace {

std::vector<std::string> paths(const files::ScanResult& result) {
    std::vector<std::string> found;
    for (const auto& file : result.files)
        found.push_back(file.path);
    return found;
}

bool every_folder(const std::string&) {
    return true;
}

}  // namespace

TEST_CASE("a scan finds every file in byte order of its path, with its stat") {
    TempFolder at;
    for (const auto* path : {"a/x", "a-b", "a.b/y", "a0", "a/b/c", "b", "a/b-", "aa/z", "B"})
        at.put(path, path);
    std::filesystem::create_directories(at.path / "empty/er");
    const auto root = runtime::open_folder(at.path.string(), false);
    runtime::HelperPool pool(2);
    const auto result = files::scan(*root, "", every_folder, pool);
    CHECK(paths(result) ==
          std::vector<std::string>{"B", "a-b", "a.b/y", "a/b-", "a/b/c", "a/x", "a0", "aa/z", "b"});
    for (const auto& file : result.files)
        CHECK(file.stat == root->stat(file.path));
    auto folders = result.folders;
    std::sort(folders.begin(), folders.end());
    CHECK(folders == std::vector<std::string>{"", "a", "a.b", "a/b", "aa", "empty", "empty/er"});
}

TEST_CASE("a scan may start below the root, and enters only what it may") {
    TempFolder at;
    at.put("note/a/1.md", "");
    at.put("note/b/.git/HEAD", "");
    at.put("note/b/2.md", "");
    at.put("other/3.md", "");
    const auto root = runtime::open_folder(at.path.string(), false);
    runtime::HelperPool pool(2);
    std::mutex mutex;
    std::set<std::string> asked;
    const auto result = files::scan(
        *root, "note",
        [&](const std::string& folder) {
            const std::lock_guard lock(mutex);
            asked.insert(folder);
            return folder != "note/b/.git";
        },
        pool);
    CHECK(paths(result) == std::vector<std::string>{"note/a/1.md", "note/b/2.md"});
    CHECK(result.folders == std::vector<std::string>{"note", "note/a", "note/b"});
    CHECK(asked == std::set<std::string>{"note/a", "note/b", "note/b/.git"});
    CHECK(files::scan(*root, "nothing", every_folder, pool).files.empty());
}

TEST_CASE("[trap-42] a scan tells links and FIFOs and follows none") {
    TempFolder at;
    at.put("outside/secret", "s");
    at.put("root/a", "a");
    std::filesystem::create_directory_symlink(at.path / "outside", at.path / "root/link");
    REQUIRE(::mkfifo((at / "root/pipe").c_str(), 0600) == 0);
    const auto root = runtime::open_folder(at / "root", false);
    runtime::HelperPool pool(1);
    const auto result = files::scan(*root, "", every_folder, pool);
    CHECK(paths(result) == std::vector<std::string>{"a", "link", "pipe"});
    CHECK(result.files[1].stat.kind == runtime::FileKind::symlink);
    CHECK(result.files[2].stat.kind == runtime::FileKind::other);
}

TEST_CASE("[trap-09] a folder that cannot be read fails the whole scan") {
    TempFolder at;
    at.put("a/1", "");
    at.put("b/2", "");
    HookFolder root(at.path.string());
    root.before = [](const std::string& operation, const std::string& path) {
        if (operation == "list" && path == "b") throw Error(ErrorCode::io, "cannot list b", "b");
    };
    runtime::HelperPool pool(0);
    CHECK_THROWS_AS(files::scan(root, "", every_folder, pool), Error);
}

TEST_CASE("a folder that may not be read is told, and stops no other") {
    TempFolder at;
    at.put("a/1", "");
    at.put("b/2", "");
    at.put("b/in/3", "");
    at.put("c/4", "");
    HookFolder root(at.path.string());
    const auto scan = [&](const std::string& folder, const std::string& refused) {
        root.before = [=](const std::string& operation, const std::string& path) {
            if (operation == "list" && path == refused)
                throw runtime::PathRefused(ErrorCode::io, "refused", path);
        };
        runtime::HelperPool pool(0);
        return files::scan(root, folder, every_folder, pool);
    };
    const auto result = scan("", "b");
    CHECK(paths(result) == std::vector<std::string>{"a/1", "c/4"});
    CHECK(result.unreadable == std::vector<std::string>{"b"});
    CHECK(result.folders == std::vector<std::string>{"", "a", "c"});
    CHECK(scan("b", "b").unreadable == std::vector<std::string>{"b"});
    CHECK_THROWS_AS(scan("", ""), Error);
}

TEST_CASE("[trap-43] a folder that vanishes during the scan is as if it had not been") {
    TempFolder at;
    at.put("a/1", "");
    at.put("b/2", "");
    HookFolder root(at.path.string());
    root.before = [&](const std::string& operation, const std::string& path) {
        if (operation == "list" && path == "b") std::filesystem::remove_all(at.path / "b");
    };
    runtime::HelperPool pool(0);
    CHECK(paths(files::scan(root, "", every_folder, pool)) == std::vector<std::string>{"a/1"});
}

TEST_CASE("property: the order of a scan is the order of the paths") {
    const bool ok = rc::check("depth first by name is byte order", [] {
        const auto segment =
            rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::elementOf(std::string("a-.0~\xc3"))));
        const auto segments = rc::gen::resize(
            4, rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(rc::gen::resize(3, segment))));
        TempFolder at;
        std::set<std::string> expected;
        const auto trees =
            *rc::gen::resize(12, rc::gen::container<std::vector<std::vector<std::string>>>(segments));
        for (const auto& names : trees) {
            std::string path;
            for (const auto& name : names)
                path = files::join(path, name == "." || name == ".." ? "dot" : name);
            std::error_code failed;
            std::filesystem::create_directories((at.path / path).parent_path(), failed);
            // A file may be in the way of a folder, or the reverse.
            if (failed || std::filesystem::exists(at.path / path, failed) || failed) continue;
            at.put(path, "");
            expected.insert(path);
        }
        const auto root = runtime::open_folder(at.path.string(), false);
        runtime::HelperPool pool(1);
        const auto found = paths(files::scan(*root, "", every_folder, pool));
        RC_ASSERT(found == std::vector<std::string>(expected.begin(), expected.end()));
    });
    REQUIRE(ok);
}
