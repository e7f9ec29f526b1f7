#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "git/stale_lock.hpp"
#include "repo_fixture.hpp"

namespace fluentsync::git {

using test::code_of;
using test::RepoFixture;

namespace {

namespace fs = std::filesystem;
constexpr const char* kMain = "refs/heads/main";

struct Branch : RepoFixture {
    Branch() {
        first = commit(tree(std::nullopt, {put("a.md", "1\n")}), {});
        second = commit(tree(std::nullopt, {put("a.md", "2\n")}), {first});
        repository().move_ref(kMain, first, std::nullopt, "first");
    }
    void move() { repository().move_ref(kMain, second, first, "second"); }
    std::string lock() const { return dot_git("refs/heads/main.lock"); }
    std::size_t files() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(dot_git("refs/heads")), fs::directory_iterator()));
    }
    base::ObjectId first;
    base::ObjectId second;
};

/// Held by this process until `mark` and `transaction` end.
void hold(Repository& repository, TransactionPtr& transaction, LockMark& mark) {
    check(git_transaction_new(out(transaction), repository.raw()), "test");
    check(lock_ref(transaction.get(), repository.raw(), kMain, mark), "test");
}

}  // namespace

TEST_CASE("a lock of a process of ours that is dead is taken away at once [trap-28]") {
    Branch branch;
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        LockMark mark;
        TransactionPtr transaction;
        hold(branch.repository(), transaction, mark);
        ::_exit(0);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(fs::exists(branch.lock()));
    CHECK(branch.git("for-each-ref | wc -l") == "1\n");  // Nobody takes the mark for a branch.
    branch.move();
    CHECK(branch.repository().ref(kMain) == branch.second);
    CHECK(branch.files() == 1);
    branch.require_clean_fsck();
}

TEST_CASE("a lock of a living process of ours is respected, and the message says which [trap-28]") {
    Branch branch;
    {
        LockMark mark;
        TransactionPtr transaction;
        hold(branch.repository(), transaction, mark);
        try {
            branch.move();
            FAIL("moved under a lock");
        } catch (const Error& error) {
            CHECK(error.code() == ErrorCode::repository_busy);
            const std::string words = error.what();
            CHECK(words.find(branch.lock()) != std::string::npos);
            CHECK(words.find(": ") != words.size() - 2);
        }
        CHECK(fs::exists(branch.lock()));
    }
    branch.move();
    CHECK(branch.files() == 1);
}

TEST_CASE("a FIFO in the place of a lock or of a file of git's keeps nobody waiting") {
    Branch branch;
    REQUIRE(::mkfifo(branch.lock().c_str(), 0644) == 0);
    CHECK(code_of([&] { branch.move(); }) == ErrorCode::repository_busy);
    fs::remove(branch.lock());
    branch.move();
    const std::string name = GENERATE("HEAD", "packed-refs", "info/exclude", "config", "index");
    fs::remove(branch.dot_git(name));
    fs::create_directories(fs::path(branch.dot_git(name)).parent_path());
    REQUIRE(::mkfifo(branch.dot_git(name).c_str(), 0644) == 0);
    CHECK(code_of([&] { Repository::open(branch.folder()); }) == ErrorCode::repository);
}

}  // namespace fluentsync::git
