// From a write to its commit nobody waits for what nobody asked for: in milliseconds of the simulated clock,
// whatever the machine is doing beside the test.
#include <catch2/catch.hpp>

#include "rested_world.hpp"

namespace simulation {

namespace {

/// What the clock's ticks may round up.
constexpr std::int64_t kRounded = 1;
/// When the index follows a commit, and for how long somebody else's is given way to.
constexpr std::int64_t kFollows = 300;
constexpr std::int64_t kSettles = 500;

/// With a first commit and its index, and all quiet.
struct Quiet : RestedWorld {
    explicit Quiet(int replicas = 1) : RestedWorld(replicas) {
        for (int i = 0; i < replicas; ++i) {
            start(i);
            pass(10'000);
            put_at(i);
            pass(10'000);
        }
    }
};

}  // namespace

TEST_CASE("waits: a write at rest is committed after the debounces") {
    Quiet world;
    for (int i = 0; i < 3; ++i) {
        CHECK(world.ms_from_put_to_commit() <= world.debounces() + kRounded);
        world.pass(60'000);
    }
}

TEST_CASE("waits: a commit does not wait for the index that follows the one before") {
    Quiet world;
    for (std::int64_t offset = -20; offset <= kSettles + 20; ++offset) {
        world.pass(10'000);
        REQUIRE(world.ms_from_put_to_commit() <= world.debounces() + kRounded);
        world.pass(kFollows - world.debounces() + offset);
        CAPTURE(offset);
        CHECK(world.ms_from_put_to_commit() <= world.debounces() + kRounded);
    }
}

TEST_CASE("waits: commits one upon the other do not wait for the index") {
    Quiet world;
    for (int i = 0; i < 30; ++i)
        CHECK(world.ms_from_put_to_commit() <= world.debounces() + kRounded);
}

TEST_CASE("waits: a process does not wait for the index that the one before it wrote") {
    Quiet world;
    for (std::int64_t offset = 0; offset <= kFollows + kSettles; offset += 20) {
        REQUIRE(world.ms_from_put_to_commit() <= world.debounces() + kRounded);
        world.pass(offset);
        world.stop();
        world.start();
        CAPTURE(offset);
        CHECK(world.ms_from_put_to_commit() <= world.debounces() + kRounded);
        world.pass(10'000);
    }
}

TEST_CASE("waits: a commit does not wait for the index that follows a pull") {
    Quiet world(2);
    for (std::int64_t offset = 0; offset <= kFollows + kSettles; offset += 20) {
        world.put_at(1);
        world.pass(10'000);
        world.pull();
        world.pass(offset);
        CAPTURE(offset);
        CHECK(world.ms_from_put_to_commit() <= world.debounces() + kRounded);
        world.pass(10'000);
    }
}

TEST_CASE("waits: a commit does not wait for a person who has looked at the state") {
    Quiet world;
    for (const bool restarted : {false, true}) {
        for (std::int64_t offset = 0; offset <= kSettles; offset += 20) {
            world.pass(10'000);
            world.person_looks();
            if (restarted) {
                world.stop();
                world.start();
            }
            world.pass(offset);
            CAPTURE(restarted, offset);
            CHECK(world.ms_from_put_to_commit() <= world.debounces() + kRounded);
        }
    }
}

TEST_CASE("waits: a commit gives way to an index in which somebody has changed something, and no longer") {
    Quiet world;
    world.person_stages();
    world.put();
    std::int64_t waited = 0;
    SECTION("by the time of the change") {
        waited = world.ms_to_commit();
    }
    SECTION("that a look meanwhile leaves as it is") {
        world.pass(100);
        world.person_looks();
        waited = 100 + world.ms_to_commit();
    }
    CHECK(waited > world.debounces() + kRounded);
    CHECK(waited <= kSettles + world.debounces() + kRounded);  // The export has given way, too.
    world.pass(10'000);
    world.person_looks();
    CHECK(world.ms_from_put_to_commit() <= world.debounces() + kRounded);
}

}  // namespace simulation
