#include <rapidcheck.h>

#include "repo_fixture.hpp"

namespace fluentsync::git {

using test::code_of;
using test::RepoFixture;

namespace {

/// Few different lines, so that equal ones meet; some without an end.
rc::Gen<std::string> text_gen() {
    const auto line = rc::gen::element<std::string>("a\n", "b\n", "c\r\n", "\n", "=======\n", "end");
    return rc::gen::map(rc::gen::container<std::vector<std::string>>(line), [](const auto& lines) {
        std::string text;
        for (const auto& one : lines)
            text += one;
        return text;
    });
}

}  // namespace

TEST_CASE("edits apart merge, edits of one place do not") {
    const std::string base = "one\ntwo\nthree\nfour\nfive\n";
    REQUIRE(merge_texts(base, "ONE\ntwo\nthree\nfour\nfive\n", "one\ntwo\nthree\nfour\nFIVE\n") ==
            "ONE\ntwo\nthree\nfour\nFIVE\n");
    REQUIRE_FALSE(merge_texts(base, "one\ntwo\nX\nfour\nfive\n", "one\ntwo\nY\nfour\nfive\n"));
    REQUIRE(merge_texts(base, base, "other\n") == "other\n");
    REQUIRE(merge_texts(base, "same\n", "same\n") == "same\n");
    REQUIRE(merge_texts("", "", "new\n") == "new\n");
    REQUIRE_FALSE(merge_texts("", "mine\n", "theirs\n"));
    REQUIRE(merge_texts("a\r\nb\r\nc\r\nd\r\n", "A\r\nb\r\nc\r\nd\r\n", "a\r\nb\r\nc\r\nD\r\n") ==
            "A\r\nb\r\nc\r\nD\r\n");
}

TEST_CASE("of long texts only what lies between their common lines is merged, up to a bound") {
    const auto lines = [](std::size_t count, const std::string& word) {
        std::string text;
        for (std::size_t i = 0; i < count; ++i)
            text += word + std::to_string(i) + "\n";
        return text;
    };
    const std::string head = lines(30'000, "head ");
    const std::string tail = lines(30'000, "tail ");
    REQUIRE(merge_texts(head + "a\nb\nc\nd\n" + tail, head + "A\nb\nc\nd\n" + tail,
                        head + "a\nb\nc\nD\n" + tail) == head + "A\nb\nc\nD\n" + tail);
    REQUIRE_FALSE(merge_texts(head + "x\n" + tail, head + "y\n" + tail, head + "z\n" + tail));
    REQUIRE(merge_texts(head + tail, "first\n" + head + tail, "first\n" + head + tail) ==
            "first\n" + head + tail);
    // Each end changes on one side: all lies between.
    REQUIRE_FALSE(merge_texts(head, "first\n" + head, head + "last\n"));
    const std::string wide(2u << 20, 'x');
    REQUIRE_FALSE(merge_texts(wide + "\n", "first\n" + wide + "\n", wide + "\nlast\n"));
}

TEST_CASE("binary contents are never merged") {
    const std::string zero("a\0b\n", 4);
    REQUIRE_FALSE(merge_texts("a\n", zero, "a\nb\n"));
    REQUIRE_FALSE(merge_texts(zero, "a\n", "b\n"));
}

TEST_CASE("a heading underlined with ======= merges and is committed [trap-24]") {
    RepoFixture fixture;
    const std::string base = "Title\n=======\n\nfirst\n\nmiddle\n\nlast\n";
    const std::string ours = "Title\n=======\n\nFIRST\n\nmiddle\n\nlast\n";
    const std::string theirs = "Title\n=======\n\nfirst\n\nmiddle\n\nLAST\n";
    const auto merged = merge_texts(base, ours, theirs);
    REQUIRE(merged == "Title\n=======\n\nFIRST\n\nmiddle\n\nLAST\n");
    const auto commit = fixture.commit(fixture.tree(std::nullopt, {fixture.put("a.md", *merged)}), {});
    fixture.repository().move_ref("refs/heads/main", commit, std::nullopt, "first");
    REQUIRE(fixture.git("show HEAD:a.md") == *merged);
}

TEST_CASE("a merge is symmetric and never leaves a conflict marker [trap-06] [trap-25]") {
    REQUIRE(rc::check("random texts", [] {
        const std::string base = *text_gen();
        const std::string ours = *text_gen();
        const std::string theirs = *text_gen();
        const auto merged = merge_texts(base, ours, theirs);
        RC_ASSERT(merged == merge_texts(base, theirs, ours));
        RC_ASSERT(merge_texts(base, base, theirs) == theirs);
        if (merged) {
            RC_ASSERT(merged->find("<<<<<<<") == std::string::npos);
            RC_ASSERT(merged->find(">>>>>>>") == std::string::npos);
        }
    }));
}

TEST_CASE("a commit's header survives any name; its message is kept") {
    RepoFixture fixture;
    const auto tree = fixture.tree(std::nullopt, {fixture.put("a", "b")});
    const NewCommit odd{tree, {}, {"  <Ada>\nL. ", "ada@\nexample.org"}, "sübject\n\nbody", -1};
    const auto id = write_commit(fixture.repository(), odd, *fixture.loose_writer());
    REQUIRE(fixture.git_line("log -1 --format='%an|%ae|%at|%B' " + id.hex()) ==
            "AdaL|ada@example.org|0|sübject\n\nbody\n");
    const auto later = fixture.commit(tree, {});
    fixture.repository().move_ref("refs/heads/main", later, std::nullopt, "first");
    REQUIRE(fixture.git_line("log -1 --format='%an <%ae> %ct' main") == "Ada <ada@example.org> 1700000000");
    fixture.require_clean_fsck();
    const NewCommit nobody{tree, {}, {"<>", "x@y"}, "m", 0};
    REQUIRE(code_of([&] { write_commit(fixture.repository(), nobody, *fixture.loose_writer()); }) ==
            ErrorCode::invalid_argument);
}

}  // namespace fluentsync::git
