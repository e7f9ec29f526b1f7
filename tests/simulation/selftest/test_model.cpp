#include <catch2/catch.hpp>
#include <map>
#include <string>

#include "../model.hpp"

using namespace simulation;
using Files = std::map<std::string, std::string>;

namespace {

const std::string kOld = "one T000001E\n\ntwo T000002E\n\nthree T000003E\nend\n";
const std::string kNew = "one T000004E\n\ntwo T000002E\n\nthree T000003E\nend\n";

Model with(const std::string& path, const std::string& text) {
    Model model;
    model.replaced(path, {}, text);
    return model;
}

}  // namespace

TEST_CASE("model: a word that nobody replaced must be found somewhere") {
    Model model = with("note/a.md", kOld);
    CHECK_THROWS_AS(model.check_nothing_lost({"T000001E", "T000002E"}), Violation);
    CHECK_NOTHROW(model.check_nothing_lost({"T000001E", "T000002E", "T000003E"}));
}

TEST_CASE("model: a word that its own author replaced is owed no more, and the new one is") {
    Model model = with("note/a.md", kOld);
    model.replaced("note/a.md", kOld, kNew);
    CHECK_NOTHROW(model.check_nothing_lost({"T000002E", "T000003E", "T000004E"}));
    CHECK_THROWS_AS(model.check_nothing_lost({"T000001E", "T000002E", "T000003E"}), Violation);
}

TEST_CASE("model: what is removed is owed no more") {
    Model model = with("note/a.md", kOld);
    model.replaced("note/a.md", kOld, {});
    CHECK_NOTHROW(model.check_nothing_lost({}));
    CHECK_NOTHROW(model.check_none_removed({}));
}

TEST_CASE(
    "model: a text that was away is an edit of its place, unless it left contested; it is owed either way") {
    const std::string path = "note/a.md";
    Model model = with(path, kOld);
    CHECK(model.moved_to(path, {}, kOld));
    model.moved_away_contested(path, kOld);
    CHECK_FALSE(model.moved_to(path, {}, kOld));
    CHECK_THROWS_AS(model.check_nothing_lost({}), Violation);
    CHECK(model.moved_to("note/b.md", {}, kOld));
}

TEST_CASE("model: a path that nobody took away is there, with whatever text") {
    Model model = with("note/a.md", kOld);
    model.contested("note/a.md");
    CHECK_THROWS_AS(model.check_none_removed({}), Violation);
    CHECK_NOTHROW(model.check_none_removed(Files{{"note/a.md", kNew}}));
    model.taken_away("note/a.md");
    CHECK_NOTHROW(model.check_none_removed({}));
}

TEST_CASE("model: an edit that nobody contested is there word for word") {
    Model model = with("note/a.md", kNew);
    model.expect("note/a.md", kNew);
    CHECK_THROWS_AS(model.check_expected(Files{{"note/a.md", kOld}}), Violation);
    CHECK_THROWS_AS(model.check_expected({}), Violation);
    CHECK_NOTHROW(model.check_expected(Files{{"note/a.md", kNew}}));
    model.expect("note/a.md", {});
    CHECK_THROWS_AS(model.check_expected(Files{{"note/a.md", kNew}}), Violation);
    model.contested("note/a.md");
    CHECK_NOTHROW(model.check_expected(Files{{"note/a.md", kNew}}));
}

TEST_CASE("model: the engine places what somebody wrote, or a whole merge of it") {
    const Model model = with("note/a.md", "half a line");
    CHECK_NOTHROW(model.engine_placed("note/a.md", "half a line"));
    CHECK_NOTHROW(model.engine_placed("note/a.md", kNew));
    CHECK_THROWS_AS(model.engine_placed("note/a.md", kNew.substr(0, 20)), Violation);
    CHECK_THROWS_AS(
        model.engine_placed("note/a.md", "one T000001E\n<<<<<<< ours\n\ntwo T1E\nthree T2E\nend\n"),
        Violation);
}

TEST_CASE("model: store, files and HEAD that differ are told apart") {
    Sight sight;
    sight.entities = sight.files = sight.head = {{"note/a.md", kOld}};
    CHECK_NOTHROW(Model::check_in_step("replica 0", sight, true));
    sight.files["readme.txt"] = kOld;
    CHECK_THROWS_AS(Model::check_in_step("replica 0", sight, true), Violation);
    CHECK_NOTHROW(Model::check_in_step("replica 0", sight, false));
    sight.entities["note/a.md"] = kNew;
    CHECK_THROWS_AS(Model::check_in_step("replica 0", sight, false), Violation);
    sight.entities.clear();
    CHECK_THROWS_AS(Model::check_in_step("replica 0", sight, false), Violation);
}
