// Edits by key: exact bytes.
#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

#include "codec/front_matter.hpp"
#include "fluentsync/error.hpp"

namespace {

using namespace fluentsync;
using codec::remove_key;
using codec::set_key;

/// One edit of a block between fences; the body and fences are checked to stay.
struct Edit {
    std::string before;
    std::string name;
    std::string value;
    std::string after;
};

const std::string kBody = "# Title\n=======\n\n---\nnot: metadata\n---\n\xFF tail";

std::string framed(const std::string& block) {
    return "---\n" + block + "---\n" + kBody;
}

void check_set(const std::vector<Edit>& edits) {
    for (const auto& edit : edits) {
        INFO(edit.before << "set " << edit.name << " to " << edit.value);
        CHECK(set_key(framed(edit.before), edit.name, edit.value) == framed(edit.after));
    }
}

struct Removal {
    std::string before;
    std::string name;
    std::string after;
};

void check_remove(const std::vector<Removal>& removals) {
    for (const auto& removal : removals) {
        INFO(removal.before << "remove " << removal.name);
        CHECK(remove_key(framed(removal.before), removal.name) == framed(removal.after));
    }
}

template <class Action>
ErrorCode code_of(Action action) {
    try {
        action();
        return ErrorCode::ok;
    } catch (const Error& error) {
        CHECK(std::string(error.what()).find('\n') == std::string::npos);
        return error.code();
    }
}

}  // namespace

TEST_CASE("set_key: a scalar's span and nothing else [trap-17]") {
    check_set({
        {"a: 1\nb: 2\nc: 3\n", "b", "9", "a: 1\nb: 9\nc: 3\n"},
        {"a: 1 # why\n", "a", "2", "a: 2 # why\n"},
        {"a:   1   \n", "a", "2", "a:   2   \n"},
        {"a : 1\n", "a", "2", "a : 2\n"},
        {"'a': \"x\" # q\n", "a", "\"y\"", "'a': y # q\n"},
        {"a: 0x1F\nb: 007\nc: 1_0\nd: 2024-01-02\ne: 'q'\nf: 1.50\n", "g", "1",
         "a: 0x1F\nb: 007\nc: 1_0\nd: 2024-01-02\ne: 'q'\nf: 1.50\ng: 1\n"},
        {"a: 0x1F\n", "a", "31", "a: 0x1F\n"},  // The same value: nothing to write.
        {"a: 1\n", "a", "1.0", "a: 1.0\n"},
        {"a:\n  on the next line\nb: 1\n", "a", "2", "a:\n  2\nb: 1\n"},
        {"a: over\n  two lines # c\nb: 1\n", "a", "2", "a: 2 # c\nb: 1\n"},
        {"a: \"over\n  two\"\nb: 1\n", "a", "null", "a: null\nb: 1\n"},
        {"# head\n\na: 1\n\n# foot\n", "a", "true", "# head\n\na: true\n\n# foot\n"},
        {"  a: 1\n  b: 2\n", "b", "3", "  a: 1\n  b: 3\n"},
        {"é: ü # ö\nключ: знач # x\nz: 😀\n", "ключ", "\"ой\"", "é: ü # ö\nключ: ой # x\nz: 😀\n"},
        {"é: ü # ö\nключ: знач # x\nz: 😀\n", "z", "1", "é: ü # ö\nключ: знач # x\nz: 1\n"},
        {"n: \u2028 x\nb: 1\n", "b", "2", "n: \u2028 x\nb: 2\n"},
    });
}

TEST_CASE("set_key: empty values") {
    check_set({
        {"a:\nb: 1\n", "a", "2", "a: 2\nb: 1\n"},
        {"a: \nb: 1\n", "a", "2", "a: 2\nb: 1\n"},
        {"a:   \nb: 1\n", "a", "2", "a: 2  \nb: 1\n"},
        {"a: # why\nb: 1\n", "a", "2", "a: 2 # why\nb: 1\n"},
        {"b: 1\na:\n", "a", "[1]", "b: 1\na: [1]\n"},
        {"a: ~\n", "a", "1", "a: 1\n"},
        {"a:\n\n# c\nb: 1\n", "a", "1", "a: 1\n\n# c\nb: 1\n"},
    });
}

TEST_CASE("set_key: collections and block texts are replaced whole") {
    check_set({
        {"a: [1, 2] # c\nb: 1\n", "a", "[3]", "a: [3] # c\nb: 1\n"},
        {"a: [\n  1, # one\n  2\n] # c\nb: 1\n", "a", "5", "a: 5 # c\nb: 1\n"},
        {"a:\n- 1\n- 2\nb: 1\n", "a", "[3]", "a: [3]\nb: 1\n"},
        {"a: # c\n  - 1\n  - 2 # d\nb: 1\n", "a", "[\"x\", \"y\"]", "a: [x, y] # c\nb: 1\n"},
        {"a:\n  x: 1\n  y:\n    - z\n\n# c\nb: 1\n", "a", "0", "a: 0\n\n# c\nb: 1\n"},
        {"a:\n- 1\n-\nb: 1\n", "a", "0", "a: 0\nb: 1\n"},
        {"b: 1\na:\n  x:\n", "a", "0", "b: 1\na: 0\n"},
        {"a: |\n  one\n\n  two\n\nb: 1\n", "a", "\"x\"", "a: x\n\nb: 1\n"},
        {"a: >- # folded\n  one\nb: 1\n", "a", "\"x\"", "a: x # folded\nb: 1\n"},
        {"a: |+\n  one\n\n\nb: 1\n", "a", "1", "a: 1\n\n\nb: 1\n"},
        {"a: |\nb: 1\n", "a", "1", "a: 1\nb: 1\n"},
        {"b: 1\na: |2\n    one # text\n", "a", "1", "b: 1\na: 1\n"},
        {"a:\n  t: |\n    one\n\nb: 1\n", "a", "1", "a: 1\n\nb: 1\n"},
        {"a: 1\n", "a", "{\"x\": [1, {\"y\": null}], \"z\": \"s\"}", "a: {x: [1, {y: null}], z: s}\n"},
        {"a: 1\n", "a", "{}", "a: {}\n"},
    });
}

TEST_CASE("set_key: strings are plain where that reads back, else quoted") {
    const std::map<std::string, std::string> cases{
        {"\"Hello, world\"", "Hello, world"},
        {"\"\"", "\"\""},
        {"\"1\"", "\"1\""},
        {"\"true\"", "\"true\""},
        {"\"null\"", "\"null\""},
        {"\"yes\"", "\"yes\""},
        {"\"12:30\"", "\"12:30\""},
        {"\"2024-01-02\"", "2024-01-02"},
        {"\"a: b\"", "\"a: b\""},
        {"\"a:b\"", "a:b"},
        {"\"a #b\"", "\"a #b\""},
        {"\"a#b\"", "a#b"},
        {"\"# x\"", "\"# x\""},
        {"\" x\"", "\" x\""},
        {"\"x \"", "\"x \""},
        {"\"two\\nlines\"", "\"two\\nlines\""},
        {"\"- x\"", "\"- x\""},
        {"\"---\"", "---"},
        {"\"[x\"", "\"[x\""},
        {"\"x]\"", "x]"},
        {"\"*x\"", "\"*x\""},
        {"\"&x\"", "\"&x\""},
        {"\"!x\"", "\"!x\""},
        {"\"%x\"", "\"%x\""},
        {"\"'x'\"", "\"'x'\""},
        {"\"say \\\"hi\\\"\"", "say \"hi\""},
        {"\"\\\"x\\\"\"", "\"\\\"x\\\"\""},
        {"\"é😀\"", "é😀"},
        {"\"nul\\u0000\"", "\"nul\\u0000\""},
        {"\"\\u007f\\u0085\\u0090\"", "\"\\u007f\\u0085\\u0090\""},
        {"\"\\u2028x\\ufeff\\uffff\"", "\"\\u2028x\\ufeff\\uffff\""},
        {"\"\\ud83d\\ude00\\n\"", "\"😀\\n\""},
        {"[\"a, b\", \"c]\", \"d\"]", "[\"a, b\", \"c]\", d]"},
        {"{\"a b\": 1, \"c,\": \"\", \"1\": 2}", "{a b: 1, \"c,\": \"\", 1: 2}"},
        {"18446744073709551615", "18446744073709551615"},
        {"1e300", "1e+300"},
        {"-0.5", "-0.5"},
    };
    for (const auto& [json, yaml] : cases) {
        INFO(json);
        CHECK(set_key("---\nk: old\n---\n", "k", json) == "---\nk: " + yaml + "\n---\n");
    }
}

TEST_CASE("set_key: a new key goes before the closing fence") {
    check_set({
        {"", "a", "1", "a: 1\n"},
        {"# c\n", "a", "1", "# c\na: 1\n"},
        {"a: 1\n\n# foot\n", "b", "2", "a: 1\n\n# foot\nb: 2\n"},
        {"  a: 1\n", "b", "2", "  a: 1\n  b: 2\n"},
        {"a: |\n  text\n", "b", "2", "a: |\n  text\nb: 2\n"},
        {"a: |+\n  text\n\n", "b", "2", "a: |+\n  text\n\nb: 2\n"},
        {"a:\n- 1\n", "b", "2", "a:\n- 1\nb: 2\n"},
        {"a:\n", "b", "2", "a:\nb: 2\n"},
        {"{a: 1}\n", "b", "2", "{a: 1, b: 2}\n"},
        {"{}\n", "b", "2", "{b: 2}\n"},
        {"a: 1\n", "two words", "2", "a: 1\ntwo words: 2\n"},
        {"a: 1\n", "a: b", "2", "a: 1\n\"a: b\": 2\n"},
        {"a: 1\n", "---", "2", "a: 1\n---: 2\n"},
        {"a: 1\n", "..x", "2", "a: 1\n..x: 2\n"},
    });
}

TEST_CASE("set_key: nested keys by dotted path") {
    check_set({
        {"a:\n  b: 1 # c\n  d: 2\ne: 3\n", "a.b", "9", "a:\n  b: 9 # c\n  d: 2\ne: 3\n"},
        {"a:\n  b: 1\n\ne: 3\n", "a.d", "2", "a:\n  b: 1\n  d: 2\n\ne: 3\n"},
        {"a:\n  b:\n    c: 1\ne: 3\n", "a.b.d", "2", "a:\n  b:\n    c: 1\n    d: 2\ne: 3\n"},
        {"a:\n  b:\n    c: 1\ne: 3\n", "a.d", "2", "a:\n  b:\n    c: 1\n  d: 2\ne: 3\n"},
        {"a:\n  t: |\n    x\n\ne: 3\n", "a.d", "2", "a:\n  t: |\n    x\n  d: 2\n\ne: 3\n"},
        {"a:\n  t: |+\n    x\n\ne: 3\n", "a.d", "2", "a:\n  t: |+\n    x\n\n  d: 2\ne: 3\n"},
        {"a: {b: 1, c: {d: 2}} # x\n", "a.c.d", "\"x, y\"", "a: {b: 1, c: {d: \"x, y\"}} # x\n"},
        {"a: {b: 1} # x\n", "a.c", "2", "a: {b: 1, c: 2} # x\n"},
        {"a: {}\n", "a.c", "2", "a: {c: 2}\n"},
        {"a: {b, }\n", "a.c", "2", "a: {b, c: 2, }\n"},
        {"a: {\"b\":1}\n", "a.b", "\"x\"", "a: {\"b\":x}\n"},
        {"a.b: 1\na:\n  b: 2\n", "a.b", "9", "a.b: 9\na:\n  b: 2\n"},
        {"a:\n  b.c: 1\n  b:\n    c: 2\n", "a.b.c", "9", "a:\n  b.c: 9\n  b:\n    c: 2\n"},
        {"a: 1\n", "b.c.d", "2", "a: 1\nb: {c: {d: 2}}\n"},
        {"a:\nb: 1\n", "a.c", "2", "a: {c: 2}\nb: 1\n"},
    });
    CHECK(code_of([] { set_key(framed("a: 1\n"), "a.b", "2"); }) == ErrorCode::invalid_front_matter);
    CHECK(code_of([] { set_key(framed("a: [1]\n"), "a.b", "2"); }) == ErrorCode::invalid_front_matter);
}

TEST_CASE("set_key: line ends, byte order mark and missing front matter") {
    CHECK(set_key("---\r\na: 1 # c\r\nb: 2\r\n---\r\nbody\r\n", "a", "9") ==
          "---\r\na: 9 # c\r\nb: 2\r\n---\r\nbody\r\n");
    CHECK(set_key("---\r\na: 1\r\n---\r\n", "b", "2") == "---\r\na: 1\r\nb: 2\r\n---\r\n");
    CHECK(set_key("---\r\na:\r\n  - 1\r\n  - 2\r\nb: 2\r\n---\r\n", "a", "9") ==
          "---\r\na: 9\r\nb: 2\r\n---\r\n");
    CHECK(set_key("---\r\na: |\r\n  x\r\n\r\nb: 2\r\n---\r\n", "a", "9") ==
          "---\r\na: 9\r\n\r\nb: 2\r\n---\r\n");
    CHECK(set_key("---\r\na:\r\nb: 2\r\n---\r\n", "a", "9") == "---\r\na: 9\r\nb: 2\r\n---\r\n");
    CHECK(set_key("---\r\na: \r\nb: 2\r\n---\r\n", "a", "9") == "---\r\na: 9\r\nb: 2\r\n---\r\n");
    CHECK(remove_key("---\r\na: 1\r\nb: 2\r\n---\r\nx", "a") == "---\r\nb: 2\r\n---\r\nx");
    CHECK(set_key("\xEF\xBB\xBF---\nü: 1\na: 1\n---\nx", "a", "9") == "\xEF\xBB\xBF---\nü: 1\na: 9\n---\nx");
    CHECK(set_key("text\n", "a", "1") == "---\na: 1\n---\ntext\n");
    CHECK(set_key("text\r\nmore\n", "a", "1") == "---\r\na: 1\r\n---\r\ntext\r\nmore\n");
    CHECK(set_key("", "a", "1") == "---\na: 1\n---\n");
    CHECK(set_key("\xEF\xBB\xBFtext", "a.b", "1") == "\xEF\xBB\xBF---\na: {b: 1}\n---\ntext");
    CHECK(set_key("---\n---", "a", "1") == "---\na: 1\n---");
    CHECK(set_key("---\na: 1\n...\nx", "a", "2") == "---\na: 2\n...\nx");
    CHECK(set_key("---\n\nA rule above.\n", "a", "1") == "---\na: 1\n---\n---\n\nA rule above.\n");
}

TEST_CASE("remove_key: the key's lines and nothing else") {
    check_remove({
        {"a: 1\nb: 2\nc: 3\n", "b", "a: 1\nc: 3\n"},
        {"a: 1 # gone too\nb: 2\n", "a", "b: 2\n"},
        {"# kept\na: 1\n\n# kept\nb: 2\n", "a", "# kept\n\n# kept\nb: 2\n"},
        {"a: 1\n", "a", ""},
        {"a: 1\n", "b", "a: 1\n"},
        {"a:\nb: 1\n", "a", "b: 1\n"},
        {"a:\n- 1\n- 2\nb: 1\n", "a", "b: 1\n"},
        {"a:\n  x: [1,\n    2] # c\nb: 1\n", "a", "b: 1\n"},
        {"a: |\n  x\n\n  y\n\nb: 1\n", "a", "\nb: 1\n"},
        {"a: |+\n  x\n\nb: |+\n  y\n\nc: 1\n", "b", "a: |+\n  x\n\nc: 1\n"},
        {"a: over\n  lines\nb: 1\n", "a", "b: 1\n"},
        {"a:\n  b: 1\n  c: 2\nd: 3\n", "a.b", "a:\n  c: 2\nd: 3\n"},
        {"a:\n  b: 1\nd: 3\n", "a.b", "a: {}\nd: 3\n"},
        {"a: {b: 1, c: 2, d: 3}\n", "a.b", "a: {c: 2, d: 3}\n"},
        {"a: {b: 1, c: 2, d: 3}\n", "a.c", "a: {b: 1, d: 3}\n"},
        {"a: {b: 1, c: 2, d: 3}\n", "a.d", "a: {b: 1, c: 2}\n"},
        {"a: {b: 1}\n", "a.b", "a: {}\n"},
        {"{a: 1}\n", "a", "{}\n"},
        {"a.b: 1\na:\n  b: 2\n", "a.b", "a:\n  b: 2\n"},
    });
    CHECK(remove_key("no front matter", "a") == "no front matter");
}

TEST_CASE("editing: front matter that is no YAML is left alone") {
    const auto text =
        GENERATE(as<std::string>(), "+++\ntitle = \"x\"\n+++\nbody\n", "{\n  \"title\": \"x\"\n}\n\nbody\n",
                 "{\"title\": \"x\"}\n", "{}\n", ";;;\n\"title\": \"x\"\n;;;\n", "---json\n{\"a\": 1}\n---\n",
                 "--- toml\na = 1\n---\n", "+++ \r\na = 1\r\n+++\r\n", "\n\n+++\na = 1\n+++\n");
    const auto bom = GENERATE(as<std::string>(), "", "\xEF\xBB\xBF");
    CAPTURE(text);
    CHECK(code_of([&] { set_key(bom + text, "draft", "true"); }) == ErrorCode::invalid_front_matter);
    CHECK(code_of([&] { remove_key(bom + text, "title"); }) == ErrorCode::invalid_front_matter);
    CHECK(codec::parse_metadata(bom + text) == "{}");
}

TEST_CASE("editing: a text that only looks like other front matter gets its own") {
    const auto text = GENERATE(as<std::string>(), "+++ plus\n", "{{< figure >}}\n", "{% raw %}\n",
                               "{ brace\n", "{", "+", "----\n", "---\n\ntext\n", "- - -\n", "");
    CHECK(set_key(text, "draft", "true") == "---\ndraft: true\n---\n" + text);
}

TEST_CASE("editing: what cannot be edited is refused, and says so") {
    CHECK(code_of([] { set_key("---\na: &x 1\n---\n", "a", "2"); }) == ErrorCode::invalid_front_matter);
    CHECK(code_of([] { set_key("---\na: 1\n", "a", "2"); }) == ErrorCode::invalid_front_matter);
    CHECK(code_of([] { remove_key("---\na: 1\na: 2\n---\n", "a"); }) == ErrorCode::invalid_front_matter);
    CHECK(code_of([] { set_key("---\n? a\n: b: 1\n---\n", "a", "2"); }) == ErrorCode::invalid_front_matter);
    CHECK(code_of([] { set_key("---\n? a\n---\n", "a", "2"); }) == ErrorCode::invalid_front_matter);
    CHECK(code_of([] { remove_key("---\n? a\n: b\n---\n", "a"); }) == ErrorCode::invalid_front_matter);
    CHECK(code_of([] { set_key("x", "a", "{not json"); }) == ErrorCode::invalid_argument);
    CHECK(code_of([] { set_key("x", "a", ""); }) == ErrorCode::invalid_argument);
    CHECK(code_of([] { set_key("x", "a", "\"\xFF\""); }) == ErrorCode::invalid_argument);
    CHECK(code_of([] { set_key("x", "", "1"); }) == ErrorCode::invalid_argument);
    CHECK(code_of([] { set_key("x", "\xFF", "1"); }) == ErrorCode::invalid_argument);
    CHECK(code_of([] { set_key("x", std::string(2000, 'k'), "1"); }) == ErrorCode::invalid_front_matter);
    const auto deep = std::string(100'000, '[') + std::string(100'000, ']');
    CHECK(code_of([&] { set_key("x", "a", deep); }) == ErrorCode::invalid_argument);
}
