#include <catch2/catch.hpp>
#include <utility>

#include "fluentsync/event.hpp"

using fluentsync::Subscription;

TEST_CASE("a subscription cancels once") {
    int cancelled = 0;
    {
        Subscription subscription([&] { ++cancelled; });
        subscription.reset();
        CHECK(cancelled == 1);
        subscription.reset();
    }
    CHECK(cancelled == 1);
}

TEST_CASE("a moved subscription cancels where it went") {
    int first = 0;
    int second = 0;
    {
        Subscription kept([&] { ++first; });
        Subscription moved(std::move(kept));
        CHECK(first == 0);
        Subscription other([&] { ++second; });
        moved = std::move(other);
        CHECK(first == 1);
        CHECK(second == 0);
    }
    CHECK(first == 1);
    CHECK(second == 1);
}

TEST_CASE("resetting a subscription inside its cancel function is harmless") {
    int cancelled = 0;
    Subscription subscription;
    subscription = Subscription([&] {
        ++cancelled;
        subscription.reset();
    });
    subscription.reset();
    CHECK(cancelled == 1);
}
