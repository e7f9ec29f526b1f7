#include <git2.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "../../support/served_remote.hpp"
#include "fluentsync/error.hpp"
#include "git/remote.hpp"

using namespace fluentsync;
using namespace fluentsync::support;
using fluentsync::base::ObjectId;

namespace {

git::FetchResult fetch(git::Repository& repository, const std::string& url, const std::string& branch = "") {
    const git::Cancellation cancellation;
    return git::fetch(repository, {url, nullptr, std::chrono::seconds(20)}, "origin", branch, cancellation,
                      nullptr);
}

ErrorCode fetch_error(git::Repository& repository, const std::string& url) {
    try {
        fetch(repository, url);
    } catch (const Error& error) {
        INFO(error.what());
        CHECK(std::string(error.what()).find('\n') == std::string::npos);
        return error.code();
    }
    return ErrorCode::ok;
}

}  // namespace

TEST_CASE("fetch brings the branch, again what is new, and nothing when nothing is") {
    const std::string transport = GENERATE("path", "file", "git", "http");
    if (!ServedRemote::available(transport)) {
        WARN("no server for " << transport);
        return;
    }
    INFO(transport);
    const BareRemote remote;
    const std::string first = remote.push_file("a.md", "one\n");
    const ServedRemote served(remote, transport);
    const TempFolder folder;
    auto repository = git::Repository::init(folder / "local", "main");

    auto result = fetch(repository, served.url(), "main");
    REQUIRE(result.tip);
    CHECK(result.tip->hex() == first);
    CHECK(result.default_branch == "main");
    CHECK_FALSE(result.empty);
    CHECK(repository.ref("refs/remotes/origin/main") == result.tip);
    CHECK(repository.blob(*ObjectId::from_hex(run_git(remote.path(), {"rev-parse", "main:a.md"})), 100) ==
          "one\n");

    const std::string second = remote.push_file("b.md", "two\n");
    CHECK(fetch(repository, served.url(), "main").tip->hex() == second);
    CHECK(repository.ref("refs/remotes/origin/main")->hex() == second);

    const auto packs = run_git(repository.folder(), {"count-objects", "-v"});
    CHECK(fetch(repository, served.url(), "main").tip->hex() == second);
    CHECK(run_git(repository.folder(), {"count-objects", "-v"}) == packs);
    CHECK(must_run({"git", "-C", repository.folder(), "fsck", "--full"}).find("missing") ==
          std::string::npos);
}

TEST_CASE("fetch follows a remote whose history was rewritten") {
    const BareRemote remote;
    remote.push_file("a.md", "one\n");
    const TempFolder folder;
    auto repository = git::Repository::init(folder / "local", "main");
    fetch(repository, remote.path());
    run_git(remote.person(), {"commit", "-q", "--amend", "-m", "another past"});
    run_git(remote.person(), {"push", "-q", "-f", "origin", "main"});

    const auto result = fetch(repository, remote.path());
    CHECK(result.tip->hex() == remote.tip("main"));
    CHECK(repository.ref("refs/remotes/origin/main") == result.tip);
}

TEST_CASE("fetch knows an empty remote, and a branch it does not have [trap-34]") {
    const std::string transport = GENERATE("path", "file", "git", "http");
    if (!ServedRemote::available(transport)) {
        WARN("no server for " << transport);
        return;
    }
    INFO(transport);
    const BareRemote remote;
    const ServedRemote served(remote, transport);
    const TempFolder folder;
    auto repository = git::Repository::init(folder / "local", "main");

    auto result = fetch(repository, served.url(), "main");
    CHECK(result.empty);
    CHECK_FALSE(result.tip);

    remote.push_file("a.md", "one\n");
    result = fetch(repository, served.url(), "other");
    CHECK_FALSE(result.empty);
    CHECK_FALSE(result.tip);
    CHECK(result.default_branch == "main");
    CHECK_FALSE(repository.ref("refs/remotes/origin/other"));
}

TEST_CASE("fetch takes the default branch, whatever its name [trap-34]") {
    const std::string transport = GENERATE("path", "git");
    if (!ServedRemote::available(transport)) {
        WARN("no server for " << transport);
        return;
    }
    const BareRemote remote("trunk/é");
    const std::string commit = remote.push_file("a.md", "one\n");
    run_git(remote.person(), {"push", "-q", "origin", "HEAD:refs/heads/main"});
    const ServedRemote served(remote, transport);
    const TempFolder folder;
    auto repository = git::Repository::init(folder / "local", "main");

    const auto result = fetch(repository, served.url());
    CHECK(result.default_branch == "trunk/é");
    CHECK(result.tip->hex() == commit);
    CHECK(repository.ref("refs/remotes/origin/trunk/é") == result.tip);
    CHECK_FALSE(repository.ref("refs/remotes/origin/main"));
}

TEST_CASE("fetch fetches no tags and takes a path with odd characters") {
    const BareRemote remote("main", "re:mote %41.git");
    const std::string commit = remote.push_file("a.md", "one\n");
    run_git(remote.person(), {"tag", "v1"});
    run_git(remote.person(), {"push", "-q", "origin", "v1"});
    const TempFolder folder;
    auto repository = git::Repository::init(folder / "local", "main");

    CHECK(fetch(repository, remote.path()).tip->hex() == commit);
    CHECK_FALSE(repository.ref("refs/tags/v1"));
}

TEST_CASE("fetch names what cannot be reached") {
    const TempFolder folder;
    auto repository = git::Repository::init(folder / "local", "main");
    std::filesystem::create_directories(folder / "plain");
    const std::string closed_port = "127.0.0.1:" + std::to_string(free_port());

    CHECK(fetch_error(repository, folder / "missing") == ErrorCode::remote_unreachable);
    CHECK(fetch_error(repository, folder / "plain") == ErrorCode::remote_unreachable);
    CHECK(fetch_error(repository, "git://" + closed_port + "/x") == ErrorCode::remote_unreachable);
    CHECK(fetch_error(repository, "http://" + closed_port + "/x") == ErrorCode::remote_unreachable);
    CHECK(fetch_error(repository, "git://no-such-host.invalid/x") == ErrorCode::remote_unreachable);
    CHECK(fetch_error(repository, "https://" + closed_port + "/x") == ErrorCode::remote_unreachable);
    CHECK(fetch_error(repository, "gopher://x/y") == ErrorCode::remote_unreachable);
}

TEST_CASE("fetch of a repository that the server does not have is unreachable") {
    const std::string transport = GENERATE("git", "http");
    if (!ServedRemote::available(transport)) {
        WARN("no server for " << transport);
        return;
    }
    const BareRemote remote;
    const ServedRemote served(remote, transport);
    const TempFolder folder;
    auto repository = git::Repository::init(folder / "local", "main");
    CHECK(fetch_error(repository, served.url() + "x") == ErrorCode::remote_unreachable);
}

TEST_CASE("fetch reports progress, and an exception of its listener comes out") {
    const BareRemote remote;
    remote.push_file("a.md", "one\n");
    const TempFolder folder;
    auto repository = git::Repository::init(folder / "local", "main");
    const git::Cancellation cancellation;
    const git::RemoteAddress address{remote.path(), nullptr, std::chrono::seconds(20)};

    const auto angry = [](std::int64_t, std::int64_t) { throw Error(ErrorCode::misuse, "listener"); };
    CHECK_THROWS_WITH(git::fetch(repository, address, "origin", "main", cancellation, angry), "listener");
    CHECK_FALSE(repository.ref("refs/remotes/origin/main"));

    std::int64_t most = 0;
    git::fetch(repository, address, "origin", "main", cancellation,
               [&](std::int64_t done, std::int64_t) { most = std::max(most, done); });
    CHECK(most == 3);
}

TEST_CASE("the host's own use of libgit2 goes on as before") {
    if (!GitDaemon::available()) {
        WARN("no git daemon");
        return;
    }
    const BareRemote remote;
    remote.push_file("a.md", "one\n");
    const ServedRemote served(remote, "git");
    const TempFolder folder;
    auto repository = git::Repository::init(folder / "local", "main");
    fetch(repository, served.url(), "main");

    git_remote* raw = nullptr;
    REQUIRE(git_remote_create_anonymous(&raw, repository.raw(), served.url().c_str()) == 0);
    CHECK(git_remote_connect(raw, GIT_DIRECTION_FETCH, nullptr, nullptr, nullptr) == 0);
    const git_remote_head** heads = nullptr;
    std::size_t count = 0;
    CHECK(git_remote_ls(&heads, &count, raw) == 0);
    CHECK(count == 2);
    git_remote_free(raw);
}
