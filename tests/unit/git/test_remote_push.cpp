#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "../../support/served_remote.hpp"
#include "fluentsync/error.hpp"
#include "git/remote.hpp"

using namespace fluentsync;
using namespace fluentsync::support;
using fluentsync::base::ObjectId;
using Outcome = fluentsync::git::PushReply::Outcome;

namespace {

git::PushReply push(git::Repository& repository, const std::string& url, const std::string& branch,
                    const std::string& commit) {
    const git::Cancellation cancellation;
    return git::push(repository, {url, nullptr, std::chrono::seconds(20)}, "origin", branch,
                     *ObjectId::from_hex(commit), cancellation, nullptr);
}

void fetch_main(git::Repository& repository, const std::string& url) {
    const git::Cancellation cancellation;
    git::fetch(repository, {url, nullptr, std::chrono::seconds(20)}, "origin", "main", cancellation, nullptr);
}

}  // namespace

TEST_CASE("push into an empty remote works at once, and then of more commits [trap-22] [trap-34]") {
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
    const std::string first = commit_file(repository.folder(), "a.md", "one\n");

    CHECK(push(repository, served.url(), "main", first).outcome == Outcome::accepted);
    CHECK(remote.tip("main") == first);
    CHECK(repository.ref("refs/remotes/origin/main")->hex() == first);

    const std::string second = commit_file(repository.folder(), "b.md", "two\n");
    const std::string third = commit_file(repository.folder(), "c.md", "three\n");
    CHECK(push(repository, served.url(), "main", third).outcome == Outcome::accepted);
    CHECK(remote.tip("main") == third);
    CHECK(push(repository, served.url(), "main", third).outcome == Outcome::accepted);

    INFO("exactly the commit asked for, to a branch of another name");
    CHECK(push(repository, served.url(), "side/é", second).outcome == Outcome::accepted);
    CHECK(remote.tip("side/é") == second);
    CHECK(run_program({"git", "-C", remote.path(), "fsck", "--full", "--strict"}).exit_code == 0);
    CHECK(run_git(repository.folder(), {"for-each-ref", "refs/heads", "--format=%(refname)"}) ==
          "refs/heads/main");
}

TEST_CASE("push of a history that others have overtaken is no fast-forward [trap-23]") {
    const std::string transport = GENERATE("path", "git", "http");
    if (!ServedRemote::available(transport)) {
        WARN("no server for " << transport);
        return;
    }
    INFO(transport);
    const BareRemote remote;
    remote.push_file("a.md", "one\n");
    const ServedRemote served(remote, transport);
    const TempFolder folder;
    auto repository = git::Repository::init(folder / "local", "main");
    fetch_main(repository, served.url());
    run_git(repository.folder(), {"reset", "-q", "--hard", "origin/main"});
    const std::string mine = commit_file(repository.folder(), "mine.md", "mine\n");
    const std::string theirs = remote.push_file("theirs.md", "theirs\n");

    INFO("their commit is unknown here");
    CHECK(push(repository, served.url(), "main", mine).outcome == Outcome::not_fast_forward);
    CHECK(remote.tip("main") == theirs);
    fetch_main(repository, served.url());
    INFO("and now known");
    CHECK(push(repository, served.url(), "main", mine).outcome == Outcome::not_fast_forward);
    CHECK(remote.tip("main") == theirs);
    CHECK(repository.ref("refs/remotes/origin/main")->hex() == theirs);

    run_git(repository.folder(), {"merge", "-q", "-m", "merge", "origin/main"});
    const std::string merged = run_git(repository.folder(), {"rev-parse", "HEAD"});
    CHECK(push(repository, served.url(), "main", merged).outcome == Outcome::accepted);
    CHECK(remote.tip("main") == merged);
}

TEST_CASE("push that a hook of the server rejects is refused with its words [trap-21]") {
    const std::string transport = GENERATE("git", "http");
    if (!ServedRemote::available(transport)) {
        WARN("no server for " << transport);
        return;
    }
    INFO(transport);
    const BareRemote remote;
    remote.install_hook("update", "#!/bin/sh\necho 'no pushes on Sunday' >&2\nexit 1\n");
    const ServedRemote served(remote, transport);
    const TempFolder folder;
    auto repository = git::Repository::init(folder / "local", "main");
    const std::string commit = commit_file(repository.folder(), "a.md", "one\n");

    const auto reply = push(repository, served.url(), "main", commit);
    CHECK(reply.outcome == Outcome::refused);
    CHECK(reply.message.find("hook declined") != std::string::npos);
    CHECK(reply.message.find("no pushes on Sunday") != std::string::npos);
    CHECK(reply.message.find('\n') == std::string::npos);
    CHECK(remote.tip("main").empty());
    CHECK_FALSE(repository.ref("refs/remotes/origin/main"));
}

TEST_CASE("push to a repository with a work tree is refused by path") {
    const TempFolder folder;
    must_run({"git", "init", "-q", "-b", "main", folder / "other"});
    auto repository = git::Repository::init(folder / "local", "main");
    const std::string commit = commit_file(repository.folder(), "a.md", "one\n");
    const auto reply = push(repository, folder / "other", "main", commit);
    CHECK(reply.outcome == Outcome::refused);
    CHECK(reply.message.find("bare") != std::string::npos);
}

TEST_CASE("push by path waits for no lock: another pusher holds it, so fetch first") {
    const BareRemote remote;
    const std::string before = remote.push_file("a.md", "one\n");
    const TempFolder folder;
    must_run({"git", "clone", "-q", remote.path(), folder / "local"});
    auto repository = git::Repository::open(folder / "local");
    const std::string commit = commit_file(repository.folder(), "b.md", "two\n");
    write_file(remote.path() + "/refs/heads/main.lock", "");
    CHECK(push(repository, remote.path(), "main", commit).outcome == Outcome::not_fast_forward);
    CHECK(remote.tip("main") == before);
    std::filesystem::remove(remote.path() + "/refs/heads/main.lock");
    CHECK(push(repository, remote.path(), "main", commit).outcome == Outcome::accepted);
}

TEST_CASE("push by path goes on after a crash that left locks at both ends [trap-28]") {
    const BareRemote remote;
    remote.push_file("a.md", "one\n");
    const TempFolder folder;
    auto repository = git::Repository::init(folder / "local", "main");
    fetch_main(repository, remote.path());
    run_git(repository.folder(), {"reset", "-q", "--hard", "refs/remotes/origin/main"});
    const std::string next = commit_file(repository.folder(), "b.md", "two\n");
    for (const std::string& lock : {remote.path() + "/refs/heads/main.lock",
                                    repository.folder() + "/.git/refs/remotes/origin/main.lock"}) {
        write_file(lock, next.substr(0, 10));
        std::filesystem::last_write_time(
            lock, std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
    }
    CHECK(push(repository, remote.path(), "main", next).outcome == Outcome::accepted);
    CHECK(remote.tip("main") == next);
    CHECK(repository.ref("refs/remotes/origin/main")->hex() == next);
}

TEST_CASE("push checks the branch's name") {
    const BareRemote remote;
    const TempFolder folder;
    auto repository = git::Repository::init(folder / "local", "main");
    const std::string commit = commit_file(repository.folder(), "a.md", "one\n");
    for (const char* name : {"a:b", "a..b", "", "-", "x.lock", "a b", "*"}) {
        CHECK_THROWS_AS(push(repository, remote.path(), name, commit), Error);
    }
}

TEST_CASE("of many pushers to one branch by path exactly one wins") {
    const BareRemote remote;
    const std::string base = remote.push_file("a.md", "one\n");
    const TempFolder folder;
    constexpr int kPushers = 6;
    std::vector<git::Repository> repositories;
    std::vector<std::string> commits;
    for (int i = 0; i < kPushers; ++i) {
        const std::string place = folder / ("local" + std::to_string(i));
        must_run({"git", "clone", "-q", remote.path(), place});
        commits.push_back(commit_file(place, "mine" + std::to_string(i) + ".md", "x\n"));
        repositories.push_back(git::Repository::open(place));
    }
    std::vector<Outcome> outcomes(kPushers, Outcome::refused);
    std::vector<std::thread> threads;
    for (int i = 0; i < kPushers; ++i) {
        threads.emplace_back([&, i] {
            const auto at = static_cast<std::size_t>(i);
            try {
                outcomes[at] = push(repositories[at], remote.path(), "main", commits[at]).outcome;
            } catch (const std::exception&) {
            }
        });
    }
    for (std::thread& thread : threads)
        thread.join();

    CHECK(std::count(outcomes.begin(), outcomes.end(), Outcome::accepted) == 1);
    CHECK(std::count(outcomes.begin(), outcomes.end(), Outcome::not_fast_forward) == kPushers - 1);
    const auto winner = std::find(outcomes.begin(), outcomes.end(), Outcome::accepted) - outcomes.begin();
    CHECK(remote.tip("main") == commits[static_cast<std::size_t>(winner)]);
}
