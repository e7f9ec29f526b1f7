// Notes brought together: front matter by key, the body by lines and words.
#include "fluentsync/note_merge.hpp"

#include <catch2/catch.hpp>

namespace fluentsync::sync {

namespace {

std::string note(const std::string& yaml, const std::string& body = "# Title\n\none\n\ntwo\n\nthree\n") {
    return "---\n" + yaml + "---\n" + body;
}

/// Both ways round, which must be the same.
std::optional<MergedNote> merged(const std::string& base, const std::string& a, const std::string& b,
                                 const MergeRules& rules = {}) {
    const auto one = merge_notes(base, a, b, rules);
    const auto other = merge_notes(base, b, a, rules);
    REQUIRE(one.has_value() == other.has_value());
    if (one) {
        REQUIRE(one->text == other->text);
        REQUIRE(one->conflicts == other->conflicts);
    }
    return one;
}

std::string yaml_of(const std::string& base, const std::string& a, const std::string& b,
                    const MergeRules& rules = {}) {
    const auto result = merged(note(base), note(a), note(b), rules);
    REQUIRE(result);
    REQUIRE(result->conflicts.empty());
    return result->text.substr(4, result->text.find("---\n", 4) - 4);
}

}  // namespace

TEST_CASE(
    "the notorious pair of edits merges: a stamp on both sides, keys in neighbouring lines, prose apart") {
    const auto result =
        merged(note("title: T\nstatus: draft\npriority: 1\nupdated: 2024-01-01\ntags: [a]\n"),
               note("title: T\nstatus: done\npriority: 1\nupdated: 2024-01-02\ntags: [a, b]\n",
                    "# Title\n\nONE\n\ntwo\n\nthree\n"),
               note("title: T\nstatus: draft\npriority: 2\nupdated: 2024-01-03\ntags: [a, c]\n",
                    "# Title\n\none\n\ntwo\n\nthree\n\nfour\n"));
    REQUIRE(result);
    REQUIRE(result->conflicts.empty());
    const std::string tags = result->text.find("[a, b, c]") != std::string::npos ? "[a, b, c]" : "[a, c, b]";
    REQUIRE(result->text ==
            note("title: T\nstatus: done\npriority: 2\nupdated: 2024-01-03\ntags: " + tags + "\n",
                 "# Title\n\nONE\n\ntwo\n\nthree\n\nfour\n"));
}

TEST_CASE("a key that both sides changed and no rule brings together is a conflict of that key alone") {
    const auto result =
        merged(note("status: draft\n"), note("status: done\n", "# Title\n\nONE\n\ntwo\n\nthree\n"),
               note("status: open\n", "# Title\n\none\n\ntwo\n\nTHREE\n"));
    REQUIRE(result);
    REQUIRE(result->conflicts.size() == 1);
    REQUIRE(result->conflicts[0].key == "status");
    const bool done = result->conflicts[0].winner == "\"done\"";
    REQUIRE(result->conflicts[0].loser == (done ? "\"open\"" : "\"done\""));
    REQUIRE(result->text ==
            note(done ? "status: done\n" : "status: open\n", "# Title\n\nONE\n\ntwo\n\nTHREE\n"));
}

TEST_CASE("the later stamp stands, whatever its form") {
    REQUIRE(yaml_of("updated: 2024-01-01\n", "updated: 2024-03-01\n", "updated: '2024-02-01T10:00:00Z'\n") ==
            "updated: 2024-03-01\n");
    REQUIRE(yaml_of("lastmod: 2024-01-01T10:00:00+02:00\n", "lastmod: 2024-01-01T12:00:00+02:00\n",
                    "lastmod: 2024-01-01T10:30:00Z\n") == "lastmod: 2024-01-01T10:30:00Z\n");
    REQUIRE(yaml_of("revision: 9 # n\n", "revision: 10 # n\n", "revision: 11 # n\n") == "revision: 11 # n\n");
    REQUIRE(yaml_of("meta:\n  updated: 1\n  x: 1\n", "meta:\n  updated: 2\n  x: 2\n",
                    "meta:\n  updated: 3\n  x: 1\n") == "meta:\n  updated: 3\n  x: 2\n");
    REQUIRE(merged(note("updated: 1\n"), note("updated: 2\n"), note("updated: soon\n"))->conflicts.size() ==
            1);
    REQUIRE(yaml_of("seen: 1\n", "seen: 2\n", "seen: 3\n", {{"seen"}, {}, {}}) == "seen: 3\n");
    REQUIRE(merged(note("updated: 1\n"), note("updated: 2\n"), note("updated: 3\n"), {{}, {}, {"updated"}})
                ->conflicts.size() == 1);
}

TEST_CASE("lists take what both added, less what either removed, and items that stay keep their bytes") {
    REQUIRE(yaml_of("tags:\n  - a # first\n  - \"b\"\n  - c\n",
                    "tags:\n  - a # first\n  - \"b\"\n  - c\n  - d\n",
                    "tags:\n  - a # first\n  - \"b\"\n") == "tags:\n  - a # first\n  - \"b\"\n  - d\n");
    REQUIRE(yaml_of("tags: [ 'a', b ]\n", "tags: [ 'a' ]\n", "tags: [ b ]\n") == "tags: []\n");
    REQUIRE(yaml_of("t: 1\n", "t: 1\ntags: [x]\n", "t: 1\ntags: [x]\n") == "t: 1\ntags: [x]\n");
}

TEST_CASE("what no edit is about keeps its bytes, comments and line ends") {
    REQUIRE(yaml_of("# head\na:   1 # one\n\n# two\nb: '2'\n", "# head\na:   1 # one\n\n# two\nb: '3'\n",
                    "# head\na:   5 # one\n\n# two\nb: '2'\n") == "# head\na:   5 # one\n\n# two\nb: '3'\n");
    REQUIRE(yaml_of("a: 1\r\nb: 2\r\n", "a: 1\r\nb: 3\r\nx: 1\r\n", "a: 4\r\nb: 2\r\n") ==
            "a: 4\r\nb: 3\r\nx: 1\r\n");
    REQUIRE(yaml_of("a: 1\nb: 2\n", "a: 1\nb: 3\n", "# new\na: 1\nb: 2\nc: 4\n") ==
            "# new\na: 1\nb: 3\nc: 4\n");
}

TEST_CASE("an edit of a key beats its removal, a key that nobody edited goes") {
    REQUIRE(yaml_of("a: 1\nb: 2\n", "b: 2\n", "a: 2\nb: 2\n") == "a: 2\nb: 2\n");
    REQUIRE(yaml_of("a: 1\nb: 2\n", "b: 2\n", "a: 1\nb: 3\n") == "b: 3\n");
}

TEST_CASE("mappings merge by path, on lines and in brackets") {
    REQUIRE(yaml_of("m:\n  a: 1\n  b: 2\n", "m:\n  a: 3\n  b: 2\n", "m:\n  a: 1\n  b: 4\n") ==
            "m:\n  a: 3\n  b: 4\n");
    REQUIRE(yaml_of("m: {a: 1, b: 2}\n", "m: {a: 3, b: 2}\n", "m: {a: 1, b: 4}\n") == "m: {a: 3, b: 4}\n");
    const auto clash = merged(note("m:\n  a: x\n"), note("m:\n  a: y\n"), note("m:\n  a: z\n"));
    REQUIRE(clash->conflicts.size() == 1);
    REQUIRE(clash->conflicts[0].key == "m.a");
}

TEST_CASE("words within a paragraph of one long line merge, and the same word does not") {
    const std::string line = "The quick brown fox jumps over the lazy dog and goes home\n";
    const std::string left = "The slow brown fox jumps over the lazy dog and goes home\n";
    const std::string right = "The quick brown fox jumps over the lazy dog and runs home\n\nA new end\n";
    REQUIRE(merged(line, left, right)->text ==
            "The slow brown fox jumps over the lazy dog and runs home\n\nA new end\n");
    REQUIRE_FALSE(merged(line, left, "The fast brown fox jumps over the lazy dog and goes home\n"));
    REQUIRE_FALSE(merged("a short line\n", "one short line\n", "a short text\n"));
    const auto bare = [](std::string text) { return text.substr(0, text.size() - 1); };
    REQUIRE(
        merged(bare(line), bare(left), "The quick brown fox jumps over the lazy dog and goes away")->text ==
        "The slow brown fox jumps over the lazy dog and goes away");
    REQUIRE(merged("<<<<<<<< x\n" + line, "<<<<<<<< x\n" + left, "<<<<<<<< x\n" + right));
}

TEST_CASE("what cannot be merged by key merges as lines do") {
    REQUIRE(merged("+++\na = 1\nb = 2\nc = 3\n+++\nx\n", "+++\na = 2\nb = 2\nc = 3\n+++\nx\n",
                   "+++\na = 1\nb = 2\nc = 4\n+++\nx\n")
                ->text == "+++\na = 2\nb = 2\nc = 4\n+++\nx\n");
    REQUIRE_FALSE(merged(note("a: 1\na: 2\n"), note("a: 3\na: 2\n"), note("a: 4\na: 2\n")));
    REQUIRE_FALSE(merged(note("a: [1\n"), note("a: [2\n"), note("a: [3\n")));
    REQUIRE_FALSE(merged("", "one\n", "two\n"));
}

}  // namespace fluentsync::sync
