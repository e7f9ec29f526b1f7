// How long work gives way to a person's git, on a clock of the test's own.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "../../support/temp_folder.hpp"
#include "base/tuning.hpp"
#include "git/repository.hpp"
#include "still_clock.hpp"
#include "sync/foreign_git.hpp"

namespace fluentsync::sync {
namespace {

using Work = ForeignGit::Work;

struct Beside {
    bool waits(Work work) { return foreign.at_work(repository, work).count() > 0; }
    void make(const std::string& name) const { std::ofstream(folder / (".git/" + name)) << "\n"; }
    void remove(const std::string& name) const { std::filesystem::remove(folder / (".git/" + name)); }
    void pass(std::chrono::milliseconds time) { clock.now += time.count(); }

    support::TempFolder folder;
    StillClock clock;
    store::StoreBody store{nullptr, StoreOptions{folder / "store.db", 16384, false}, clock};
    git::Repository repository = git::Repository::init(folder.path(), "main");
    ForeignGit foreign{store};
};

}  // namespace

TEST_CASE("foreign git: a living git's lock is given way to as long as it is there") {
    Beside here;
    CHECK_FALSE(here.waits(Work::round));
    here.make("index.lock");
    for (int look = 0; look < 5; ++look) {
        CHECK(here.waits(Work::round));
        CHECK(here.waits(Work::commit));
        here.pass(base::tuning::kLivingLock);
    }
    here.remove("index.lock");
    CHECK_FALSE(here.waits(Work::round));
}

TEST_CASE("foreign git: a round gives way to an operation that is left open for a while only") {
    Beside here;
    here.make("MERGE_HEAD");
    CHECK(here.waits(Work::round));
    CHECK_FALSE(here.waits(Work::commit));  // It waits for the operation's end, elsewhere.
    here.pass(base::tuning::kGivesWay - std::chrono::milliseconds(1));
    CHECK(here.waits(Work::round));
    here.pass(std::chrono::milliseconds(1));
    CHECK_FALSE(here.waits(Work::round));
    here.pass(base::tuning::kGivesWay);
    CHECK_FALSE(here.waits(Work::round));  // It has not ended since.
    here.remove("MERGE_HEAD");
    CHECK_FALSE(here.waits(Work::round));
    here.make("MERGE_HEAD");
    CHECK(here.waits(Work::round));
}

TEST_CASE("foreign git: a lock that comes again and again keeps no round waiting for ever") {
    Beside here;
    here.make("MERGE_HEAD");
    int looks = 0;
    for (; looks < 100; ++looks) {
        here.make("index.lock");
        REQUIRE(here.waits(Work::round));
        here.pass(std::chrono::seconds(1));
        here.remove("index.lock");
        if (!here.waits(Work::round)) {
            break;
        }
    }
    CHECK(std::chrono::seconds(looks + 1) >= base::tuning::kLivingLock);
    CHECK(looks < 100);
}

}  // namespace fluentsync::sync
