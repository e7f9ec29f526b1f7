#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <string>

#include "fluentsync/error.hpp"
#include "fluentsync/options.hpp"

using namespace fluentsync;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

/// What parse_options() says against a text; empty when it takes it.
std::string parse_fault(const std::string& text) {
    try {
        parse_options(text);
        return {};
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::invalid_options);
        CHECK(std::string(error.what()).find('\n') == std::string::npos);
        return error.what();
    }
}

const std::string everything = R"({
  "store": {"path": "b.db", "cacheKib": 64, "durable": false, "readOnly": true},
  "directory": {"syncPath": "brain", "autoSync": false, "syncDebounce": 20, "maxSyncDelay": 90,
    "watchInterval": 7, "initialSync": false, "entityTypes": ["note", "tag"], "deleteOnFileRemoval": false,
    "maxImportFileBytes": 99, "layout": "sharded", "conflictPolicy": "preferFile",
    "deletionGuard": {"minCount": 1, "maxFraction": 0.5, "maxCount": 3}, "durable": false,
    "watchEnabled": false},
  "git": {"enabled": true, "autoSync": true, "syncInterval": 60, "autoPush": true, "skipExportCheck": false,
    "commitDebounce": 11, "remote": "/srv/b.git", "branch": "notes", "authorName": "A", "authorEmail": "a@b",
    "commitMessage": "m {total}", "conflictPolicy": "preferRemote", "networkTimeout": 1.5, "durable": false}
})";

}  // namespace

TEST_CASE("every option arrives in its field") {
    const auto o = parse_options(everything);
    CHECK(o.store.path == "b.db");
    CHECK(o.store.cache_kib == 64);
    CHECK(o.store.read_only);
    CHECK_FALSE(o.store.durable);
    CHECK(o.directory.sync_path == "brain");
    CHECK_FALSE(o.directory.auto_sync);
    CHECK(o.directory.sync_debounce == milliseconds(20));
    CHECK(o.directory.max_sync_delay == milliseconds(90));
    CHECK(o.directory.watch_interval == milliseconds(7));
    CHECK_FALSE(o.directory.initial_sync);
    CHECK(o.directory.entity_types == std::vector<std::string>{"note", "tag"});
    CHECK_FALSE(o.directory.delete_on_file_removal);
    CHECK(o.directory.max_import_file_bytes == 99);
    CHECK(o.directory.layout == Layout::sharded);
    CHECK(o.directory.conflict_policy == ConflictPolicy::prefer_file);
    CHECK(o.directory.deletion_guard.min_count == 1);
    CHECK(o.directory.deletion_guard.max_fraction == 0.5);
    CHECK(o.directory.deletion_guard.max_count == 3);
    CHECK_FALSE(o.directory.durable);
    CHECK(o.directory.watch_enabled == false);
    CHECK(o.git.enabled);
    CHECK(o.git.auto_sync);
    CHECK(o.git.sync_interval == seconds(60));
    CHECK(o.git.auto_push);
    CHECK_FALSE(o.git.skip_export_check);
    CHECK(o.git.commit_debounce == milliseconds(11));
    CHECK(o.git.remote == "/srv/b.git");
    CHECK(o.git.branch == "notes");
    CHECK(o.git.author_name == "A");
    CHECK(o.git.author_email == "a@b");
    CHECK(o.git.commit_message == "m {total}");
    CHECK(o.git.conflict_policy == RemoteConflictPolicy::prefer_remote);
    CHECK(o.git.network_timeout == milliseconds(1500));
    CHECK_FALSE(o.git.durable);
}

TEST_CASE("what is not named keeps its default") {
    const auto o = parse_options(R"({"git": {}})");
    CHECK(o.store.path.empty());
    CHECK(o.store.durable);
    CHECK(o.directory.auto_sync);
    CHECK(o.directory.sync_debounce == milliseconds(1000));
    CHECK_FALSE(o.directory.max_sync_delay);
    CHECK_FALSE(o.directory.watch_enabled);
    CHECK(o.git.sync_interval == seconds(300));
    CHECK(o.git.network_timeout == seconds(30));
}

TEST_CASE("git is on when it has a section, unless that says otherwise") {
    CHECK_FALSE(parse_options("{}").git.enabled);
    CHECK_FALSE(parse_options(R"({"git": null})").git.enabled);
    CHECK(parse_options(R"({"git": {}})").git.enabled);
    CHECK_FALSE(parse_options(R"({"git": {"enabled": false}})").git.enabled);
}

TEST_CASE("policies are spelt in camelCase or snake_case") {
    for (const std::string word : {"preferStore", "prefer_store"}) {
        const auto o = parse_options(R"({"directory": {"conflictPolicy": ")" + word + "\"}}");
        CHECK(o.directory.conflict_policy == ConflictPolicy::prefer_store);
    }
    CHECK(parse_options(R"({"git": {"conflictPolicy": "prefer_local"}})").git.conflict_policy ==
          RemoteConflictPolicy::prefer_local);
    CHECK(
        parse_fault(R"({"git": {"conflictPolicy": "newest"}})") ==
        R"(option "conflictPolicy" in "git" takes one of "merge", "preferLocal", "preferRemote", not "newest")");
}

TEST_CASE("a fraction of a second never becomes none") {
    CHECK(parse_options(R"({"git": {"syncInterval": 0.25}})").git.sync_interval > seconds(0));
    CHECK(parse_options(R"({"git": {"networkTimeout": 0.25}})").git.network_timeout == milliseconds(250));
    CHECK(parse_options(R"({"git": {"networkTimeout": 0.0001}})").git.network_timeout == milliseconds(1));
}

TEST_CASE("an unknown option names the nearest known one") {
    CHECK(parse_fault(R"({"directory": {"syncDebonce": 1}})") ==
          R"(unknown option "syncDebonce" in "directory"; did you mean "syncDebounce"?)");
    CHECK(parse_fault(R"({"directory": {"sync_path": "x"}})") ==
          R"(unknown option "sync_path" in "directory"; did you mean "syncPath"?)");
    CHECK(parse_fault(R"({"git": {"AUTOPUSH": true}})") ==
          R"(unknown option "AUTOPUSH" in "git"; did you mean "autoPush"?)");
    CHECK(parse_fault(R"({"stroe": {}})") == R"(unknown option "stroe"; did you mean "store"?)");
    CHECK(parse_fault(R"({"directory": {"deletionGuard": {"minCuont": 1}}})") ==
          R"(unknown option "minCuont" in "directory.deletionGuard"; did you mean "minCount"?)");
}

TEST_CASE("a value of the wrong kind or range tells what the option takes and what it got") {
    CHECK(
        parse_fault(R"({"directory": {"syncDebounce": "soon"}})") ==
        R"(option "syncDebounce" in "directory" takes whole milliseconds from 0 to 31622400000, not "soon")");
    CHECK(parse_fault(R"({"store": {"durable": 1}})") ==
          R"(option "durable" in "store" takes true or false, not 1)");
    CHECK(parse_fault(R"({"store": {"path": null}})") ==
          R"(option "path" in "store" takes a string, not null)");
    CHECK(parse_fault(R"({"store": 3})") == R"(option "store" takes an object, not 3)");
    for (const std::string text :
         {R"({"store": {"cacheKib": 0}})", R"({"store": {"cacheKib": 18446744073709551615}})",
          R"({"store": {"cacheKib": 1.5}})", R"({"directory": {"syncDebounce": -1}})",
          R"({"directory": {"syncDebounce": 1.5}})", R"({"directory": {"syncDebounce": 1e300}})",
          R"({"directory": {"watchInterval": 0}})", R"({"directory": {"maxImportFileBytes": 0}})",
          R"({"directory": {"entityTypes": "note"}})", R"({"directory": {"entityTypes": [1]}})",
          R"({"directory": {"layout": "round"}})",
          R"({"directory": {"deletionGuard": {"maxFraction": 1.1}}})",
          R"({"directory": {"deletionGuard": []}})",
          R"({"directory": {"maxSyncDelay": 18446744073709551615}})", R"({"git": {"syncInterval": 0}})",
          R"({"git": {"syncInterval": 1e18}})", R"({"git": {"networkTimeout": -1}})", R"({"git": []})",
          R"({"git": {"credentials": "x"}})"}) {
        CHECK_FALSE(parse_fault(text).empty());
    }
}

TEST_CASE("a syntax error tells its place") {
    CHECK(parse_fault("{\n  \"store\": {,}\n}").rfind("options: line 2, column 13: syntax error", 0) == 0);
    CHECK(parse_fault("").rfind("options: line 1, column 1: ", 0) == 0);
    CHECK(parse_fault("[]") == "options: the text is no JSON object");
    CHECK(parse_fault("{} {}").rfind("options: line 1, column 4: ", 0) == 0);
    CHECK(parse_fault(R"({"store": {"cacheKib": 1e999}})").find("a number is too large") !=
          std::string::npos);
}

TEST_CASE("a key that is there twice is an error") {
    CHECK(parse_fault(R"({"git": {"branch": "a", "branch": "b"}})") ==
          R"(option "branch" in "git" is there twice)");
    CHECK(parse_fault(R"({"store": {}, "git": {}, "store": {}})") == R"(option "store" is there twice)");
    CHECK(parse_fault(R"({"directory": {"deletionGuard": {"minCount": 1, "minCount": 2}}})") ==
          R"(option "minCount" in "directory.deletionGuard" is there twice)");
    CHECK(parse_fault(R"({"store": {"durable": true}, "git": {"durable": true}})").empty());
}

TEST_CASE("the deprecated watchEnabled may not contradict autoSync") {
    CHECK(parse_options(R"({"directory": {"watchEnabled": false}})").directory.watch_enabled == false);
    CHECK(parse_fault(R"({"directory": {"watchEnabled": true, "autoSync": true}})").empty());
    CHECK(parse_fault(R"({"directory": {"watchEnabled": true, "autoSync": false}})").find("contradict") !=
          std::string::npos);
}

TEST_CASE("one class's options stand alone, under the same names and rules") {
    CHECK(parse_store_options(R"({"path": "a.db", "durable": false})").path == "a.db");
    CHECK(parse_directory_options(R"({"syncPath": "a"})").sync_path == "a");
    CHECK(parse_git_options("{}").enabled);
    const auto fault = [](const auto& parse, const std::string& text) {
        try {
            parse(text);
        } catch (const Error& error) {
            CHECK(error.code() == ErrorCode::invalid_options);
            return std::string(error.what());
        }
        return std::string();
    };
    CHECK(fault(parse_store_options, R"({"pahth": "a"})") ==
          R"(unknown option "pahth" in "store"; did you mean "path"?)");
    CHECK(fault(parse_git_options, R"({"autoPush": 1})") ==
          R"(option "autoPush" in "git" takes true or false, not 1)");
    CHECK(fault(parse_directory_options, R"({"watchEnabled": true, "autoSync": false})").find("contradict") !=
          std::string::npos);
    CHECK(fault(parse_directory_options, "[]") == "options: the text is no JSON object");
}

TEST_CASE("no complaint about JSON options repeats a password [trap-31]") {
    for (const std::string text :
         {R"({"git": {"remote": ["https://me:Sw0rdfish@host/x"]}})",
          R"({"git": {"remote": "https://me:Sw0rdfish@host/x)", R"({"https://me:Sw0rdfish@host/x": 1})",
          R"({"git": {"remote": "https://me:Sw0rdfish@host/x\q"}})"}) {
        const auto said = parse_fault(text);
        CHECK_FALSE(said.empty());
        CHECK(said.find("Sw0rdfish") == std::string::npos);
    }
}

TEST_CASE("whatever the bytes, only Error leaves") {
    REQUIRE(rc::check([](const std::string& bytes) { parse_fault(bytes); }));
    REQUIRE(rc::check("one byte of a good text changed", [] {
        auto text = everything;
        const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
        text[at] = *rc::gen::arbitrary<char>();
        parse_fault(text);
    }));
    REQUIRE(rc::check("a good text cut short is never taken", [] {
        const auto length = *rc::gen::inRange<std::size_t>(0, everything.size() - 1);
        RC_ASSERT_FALSE(parse_fault(everything.substr(0, length)).empty());
    }));
}
