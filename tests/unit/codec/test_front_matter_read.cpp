#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "codec/front_matter.hpp"
#include "fluentsync/error.hpp"

namespace {

using namespace fluentsync;
using namespace std::string_literals;

/// Metadata of a block of one or more lines.
std::string read(const std::string& block) {
    return codec::parse_metadata("---\n" + block + "\n---\nbody\n");
}

/// The error's text; empty when there was none.
std::string error_of(const std::string& content) {
    try {
        codec::parse_metadata(content);
        return {};
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::invalid_front_matter);
        CHECK(std::string(error.what()).find('\n') == std::string::npos);
        return error.what();
    }
}

bool says(const std::string& text, const std::string& words) {
    INFO("said: " << text);
    const bool found = text.find(words) != std::string::npos;
    CHECK(found);
    return found;
}

std::string repeat(const std::string& text, std::size_t count) {
    std::string result;
    for (std::size_t i = 0; i < count; ++i)
        result += text;
    return result;
}

}  // namespace

TEST_CASE("front matter: the metadata is the block as JSON, in document order") {
    CHECK(codec::parse_metadata("---\ntitle: Hello\nrank: 3\n---\nbody") == R"({"title":"Hello","rank":3})");
    CHECK(read("b: 1\na: 2") == R"({"b":1,"a":2})");
    CHECK(read("tags: [a, b]\nauthor:\n  name: Bo\n  age: 7") ==
          R"({"tags":["a","b"],"author":{"name":"Bo","age":7}})");
    CHECK(read("list:\n- a\n- k: v\n  l: w") == R"({"list":["a",{"k":"v","l":"w"}]})");
    CHECK(read("text: |\n  one\n  two\nfold: >-\n  a\n  b") == R"({"text":"one\ntwo\n","fold":"a b"})");
    CHECK(read("{a: 1, b: {c: null}}") == R"({"a":1,"b":{"c":null}})");
    CHECK(read("q: 'it''s'\nd: \"a\\tb\\u00e9\"") == R"({"q":"it's","d":"a\tbé"})");
    CHECK(read("'quoted key': 1\n12: x\n") == R"({"quoted key":1,"12":"x"})");
}

TEST_CASE("front matter: scalars resolve as in YAML 1.2's core schema") {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"", "null"},
        {"~", "null"},
        {"null", "null"},
        {"Null", "null"},
        {"nULL", "\"nULL\""},
        {"true", "true"},
        {"TRUE", "true"},
        {"False", "false"},
        {"yes", "\"yes\""},
        {"on", "\"on\""},
        {"0", "0"},
        {"-0", "0"},
        {"+7", "7"},
        {"007", "7"},
        {"-12", "-12"},
        {"0x1F", "31"},
        {"0xg", "\"0xg\""},
        {"0o17", "15"},
        {"0o8", "\"0o8\""},
        {"-0x1F", "\"-0x1F\""},
        {"0x-1", "\"0x-1\""},
        {"0b1", "\"0b1\""},
        {"1_000", "\"1_000\""},
        {"1.5", "1.5"},
        {".5", "0.5"},
        {"5.", "5.0"},
        {"-1.5e3", "-1500.0"},
        {"1e3", "1000.0"},
        {"1e", "\"1e\""},
        {".", "\".\""},
        {"+", "\"+\""},
        {"+-1", "\"+-1\""},
        {".inf", "\".inf\""},
        {".nan", "\".nan\""},
        {"1e999", "\"1e999\""},
        {"1.2.3", "\"1.2.3\""},
        {"0x", "\"0x\""},
        {"'1'", "\"1\""},
        {"\"true\"", "\"true\""},
        {"- 1", ""},
        {"9223372036854775807", "9223372036854775807"},
        {"-9223372036854775808", "-9223372036854775808"},
        {"18446744073709551615", "18446744073709551615"},
        {"18446744073709551616", "\"18446744073709551616\""},
        {"-9223372036854775809", "\"-9223372036854775809\""},
        {"0xFFFFFFFFFFFFFFFFF", "\"0xFFFFFFFFFFFFFFFFF\""},
        {"2024-01-02", "\"2024-01-02\""},
        {"2024-01-02T03:04:05Z", "\"2024-01-02T03:04:05Z\""},
        {"12:30:45", "\"12:30:45\""},
    };
    for (const auto& [plain, json] : cases) {
        if (json.empty()) continue;
        INFO(plain);
        CHECK(read("k: " + plain) == "{\"k\":" + json + "}");
    }
    CHECK(read("k: " + std::string(5000, '9')) == "{\"k\":\"" + std::string(5000, '9') + "\"}");
}

TEST_CASE("front matter: where it begins and ends") {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"", "{}"},
        {"text", "{}"},
        {"---", "{}"},
        {"---\n", "{}"},
        {"---\n---\n", "{}"},
        {"---\n\n---\n", "{}"},
        {"---\n# only a comment\n---\n", "{}"},
        {"---\na: 1\n---", R"({"a":1})"},
        {"---\na: 1\n...\nbody", R"({"a":1})"},
        {"--- \t\na: 1\n---  \nbody", R"({"a":1})"},
        {"---\r\na: 1\r\nb: x\r\n---\r\nbody\r\n", R"({"a":1,"b":"x"})"},
        {"\xEF\xBB\xBF---\na: 1\n---\n", R"({"a":1})"},
        {"\n---\na: 1\n---\n", "{}"},
        {" ---\na: 1\n---\n", "{}"},
        {"----\na: 1\n---\n", "{}"},
        {"---a\na: 1\n---\n", "{}"},
        {"---\nA paragraph under a rule, without end: it is text.\n", "{}"},
        {"---\n**Note**: text under a rule\n", "{}"},
        {"---\nhttp://example.org is no key\n", "{}"},
        {"---\n\nkey: not in the second line\n", "{}"},
        {"---\na: 1\n---\nbody\n\n---\n\nmore: not metadata\n---\n", R"({"a":1})"},
        {"---\na: |\n  ---\n  x\n---\n", R"({"a":"---\nx\n"})"},
    };
    for (const auto& [content, json] : cases) {
        INFO(content);
        CHECK(codec::parse_metadata(content) == json);
    }
}

TEST_CASE("front matter: a heading underlined with ======= is only content [trap-24]") {
    CHECK(codec::parse_metadata("Title\n=======\n\n<<<<<<< not a marker\n") == "{}");
    CHECK(codec::parse_metadata("---\na: 1\n---\nTitle\n=======\n") == R"({"a":1})");
    CHECK_FALSE(codec::is_blank("=======\n"));
}

TEST_CASE("front matter: a half-written block is refused [trap-13]") {
    for (const auto* content :
         {"---\ntitle: Hel", "---\ntitle:\n", "---\r\ntitle:\r\n", "---\n\"a\": 1\nb", "---\nключ: 1\n"}) {
        says(error_of(content), "line 1: opened and never closed");
    }
}

TEST_CASE("front matter: nothing but fences and white space is blank [trap-13]") {
    for (const auto& content :
         {""s, " \r\n\t"s, "\xEF\xBB\xBF"s, "\xEF\xBB\xBF\n"s, "---"s, "---\n"s, "---\n---"s,
          "---\n---\n\n  \n"s, "---\r\n\r\n---\r\n"s, "---\n...\n"s, "\0\0\0\0"s, "--- \n\n"s}) {
        CHECK(codec::is_blank(content));
    }
    for (const auto& content :
         {"x"s, "---\na: 1\n---\n"s, "---\n---\nx"s, "---\n# c\n---\n"s, "\n---\n---\n"s, "---\n ---\n"s,
          "...\n"s, "-"s, "----\n"s, "---\n---\n---\n"s}) {
        INFO(content);
        CHECK_FALSE(codec::is_blank(content));
    }
}

TEST_CASE("front matter: what is refused, with its line") {
    says(error_of("---\na: 1\nb: &x 2\n---\n"), "front matter, line 3: an anchor");
    says(error_of("---\na: &x [1]\n---\n"), "front matter, line 2: an anchor");
    says(error_of("---\na: &x {b: 1}\n---\n"), "an anchor");
    says(error_of("---\na: *x\n---\n"), "front matter, line 2: an alias");
    says(error_of("---\n<<: *x\n---\n"), "an alias");
    says(error_of("---\na: !!str 1\n---\n"), "front matter, line 2: a tag");
    says(error_of("---\na: !x\n  b: 1\n---\n"), "a tag");
    says(error_of("---\na: ! b\n---\n"), "a tag");
    says(error_of("---\na: !!python/object:os.system []\n---\n"), "a tag");
    says(error_of("---\na: 1\nb: 2\na: 3\n---\n"), "line 4: the key \"a\" is there twice");
    says(error_of("---\na:\n  x: 1\n  \"x\": 2\n---\n"), "line 4: the key \"x\" is there twice");
    says(error_of("---\nk: {a: 1, a: 2}\n---\n"), "is there twice");
    says(error_of("---\n- a\n- b\n---\n"), "front matter, line 2: not a mapping");
    says(error_of("---\njust text\n---\n"), "front matter, line 2: not a mapping");
    says(error_of("---\n\n\"text\"\n---\n"), "front matter, line 3: not a mapping");
    says(error_of("---\n? [a]\n: b\n---\n"), "cannot be a key");
    says(error_of("---\n{a: 1}: b\n---\n"), "cannot be a key");
    says(error_of("---\n%YAML 1.1\n--- a\n---\n"), "a second document or a directive");
    says(error_of("---\na: 1\n--- b\n---\n"), "a second document");
    says(error_of("---\na: 1\n... # c\nb: 2\n---\n"), "a second document");
    says(error_of("---\na: 1\n\tb: 2\n---\n"), "front matter, line 3: ");
    says(error_of("---\na:\n\t- b\n---\n"), "front matter, line 3: ");
    says(error_of("---\na: b: c\n---\n"), "front matter, line 2: ");
    says(error_of("---\né: 1\n\"open: 2\n---\n"), "front matter, line ");
    says(error_of("---\na: [1, 2\n---\n"), "front matter, line ");
    says(error_of("---\na: @x\n---\n"), "front matter, line 2: ");
}

TEST_CASE("front matter: bytes that are no text are an error, never a crash [trap-16]") {
    says(error_of("---\na: 1\nb: \0\n---\n"s), "front matter, line 3: ");
    says(error_of("---\na: 1\nb: \xFF\n---\n"), "front matter, line 3: ");
    says(error_of("---\na: caf\xE9\n---\n"), "front matter, line 2: ");
    says(error_of("---\na: \xED\xA0\x80\n---\n"), "front matter, line 2: ");
    says(error_of("---\na: \x01\n---\n"), "front matter, line 2: ");
    says(error_of("---\na: \"\\ud800\"\n---\n"), "front matter, line 2: ");
    CHECK(codec::parse_metadata("---\na: 1\n---\nbody \xFF\0"s) == R"({"a":1})");
}

TEST_CASE("front matter: nesting is bounded") {
    CHECK(error_of("---\na: " + repeat("[", 63) + repeat("]", 63) + "\n---\n").empty());
    says(error_of("---\na: " + repeat("[", 64) + repeat("]", 64) + "\n---\n"), "nested deeper than 64");
    says(error_of("---\na: " + repeat("[", 100'000) + "\n---\n"), "front matter, line 2: ");
    says(error_of("---\na: " + repeat("{b: ", 100'000) + "\n---\n"), "front matter, line 2: ");
    says(error_of("---\n" + repeat("- ", 100'000) + "\n---\n"), "front matter, line 2: ");
    says(error_of("---\n" + repeat("? ", 100'000) + "\n---\n"), "front matter, line 2: ");
    std::string stairs = "---\n";
    for (std::size_t i = 0; i < 2000; ++i)
        stairs += std::string(i, ' ') + "a:\n";
    says(error_of(stairs + "---\n"), "nested deeper than 64");
}

TEST_CASE("front matter: huge blocks are read, or refused, in proportion") {
    const auto long_line = std::string(10 << 20, 'x');
    CHECK(codec::parse_metadata("---\na: " + long_line + "\n---\n").size() == long_line.size() + 8);
    says(error_of("---\n" + long_line + "\n---\n"), "front matter, line 2: ");
    CHECK(codec::parse_metadata(long_line) == "{}");
    CHECK(codec::parse_metadata("---\n" + repeat("- - -\n", 1 << 20)) == "{}");
    std::string many = "---\n";
    for (int i = 0; i < 50'000; ++i)
        many += "key" + std::to_string(i) + ": v\n";
    CHECK(codec::parse_metadata(many + "---\n").size() > 50'000U * 12);
    says(error_of(many + "key7: again\n---\n"), "line 50002: the key \"key7\" is there twice");
}
