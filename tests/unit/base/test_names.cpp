#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "base/event_scope.hpp"
#include "fluentsync/event.hpp"
#include "fluentsync/status.hpp"

using namespace fluentsync;

TEST_CASE("every error code has a name of its own") {
    std::set<std::string> names;
    for (int code = 0; code <= static_cast<int>(ErrorCode::internal); ++code) {
        names.insert(error_code_name(static_cast<ErrorCode>(code)));
    }
    CHECK(names.size() == static_cast<std::size_t>(ErrorCode::internal) + 1);
    CHECK(names.count("unknown") == 0);
    CHECK(error_code_name(ErrorCode::invalid_key) == std::string("invalid_key"));
    CHECK(error_code_name(static_cast<ErrorCode>(9999)) == std::string("unknown"));
}

TEST_CASE("every event kind has a name of its own, as the plan spells it") {
    std::set<std::string> names;
    for (int kind = 0; kind <= static_cast<int>(EventKind::events_dropped); ++kind) {
        names.insert(event_name(static_cast<EventKind>(kind)));
    }
    CHECK(names.size() == static_cast<std::size_t>(EventKind::events_dropped) + 1);
    CHECK(names.count("unknown") == 0);
    CHECK(event_name(EventKind::entity_created) == std::string("entity:created"));
    CHECK(event_name(EventKind::git_push_failed) == std::string("git:push-failed"));
}

TEST_CASE("each class tells its own events, and every kind is told by one") {
    for (int number = 0; number <= static_cast<int>(EventKind::events_dropped); ++number) {
        const auto kind = static_cast<EventKind>(number);
        const std::string name = event_name(kind);
        INFO(name);
        CHECK((base::told_by_directory(kind) || base::told_by_git(kind)));
        if (name.rfind("git:", 0) == 0) CHECK_FALSE(base::told_by_directory(kind));
        if (name.rfind("file:", 0) == 0) CHECK_FALSE(base::told_by_git(kind));
        CHECK(base::told_by_store(kind) ==
              (name.rfind("entity:", 0) == 0 || kind == EventKind::conflict_resolved));
    }
    CHECK(base::told_by_git(EventKind::sync_completed));
    CHECK(base::told_by_directory(EventKind::error));
    CHECK(base::told_by_git(EventKind::error));
}

TEST_CASE("origins and push outcomes have names") {
    CHECK(origin_name(Origin::api) == std::string("api"));
    CHECK(origin_name(Origin::file) == std::string("file"));
    CHECK(origin_name(Origin::remote) == std::string("remote"));
    CHECK(origin_name(Event().origin) == std::string());  // What no entity's change is has none.
    CHECK(push_outcome_name(PushOutcome::none) == std::string("none"));
    CHECK(push_outcome_name(PushOutcome::up_to_date) == std::string("up_to_date"));
    CHECK(push_outcome_name(PushOutcome::rejected) == std::string("rejected"));
}

TEST_CASE("an error says whether the same call may succeed later") {
    CHECK(Error(ErrorCode::busy, "locked").retryable());
    CHECK(Error(ErrorCode::ref_moved, "moved").retryable());
    CHECK(Error(ErrorCode::remote_unreachable, "away").retryable());
    CHECK_FALSE(Error(ErrorCode::invalid_key, "bad").retryable());
    CHECK_FALSE(Error(ErrorCode::closed, "closed").retryable());
    CHECK_FALSE(Error(ErrorCode::authentication, "no").retryable());
}
