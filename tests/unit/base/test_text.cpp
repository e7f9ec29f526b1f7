#include <rapidcheck.h>
#include <utf8.h>

#include <catch2/catch.hpp>
#include <string>

#include "base/text.hpp"
#include "fluentsync/printable.hpp"

using namespace fluentsync::base;

TEST_CASE("UTF-8 is told from what is not [trap-16]") {
    CHECK(is_utf8(""));
    CHECK(is_utf8("plain"));
    CHECK(is_utf8(std::string_view("nul\0inside", 10)));
    CHECK(is_utf8("\xEF\xBB\xBFwith a mark"));
    CHECK(is_utf8("gr\xC3\xBC\xC3\x9F \xF0\x9F\x98\x80"));
    CHECK_FALSE(is_utf8("caf\xE9"));           // Latin-1
    CHECK_FALSE(is_utf8("\xC0\xAF"));          // overlong
    CHECK_FALSE(is_utf8("\xED\xA0\x80"));      // surrogate
    CHECK_FALSE(is_utf8("\xF4\x90\x80\x80"));  // beyond U+10FFFF
    CHECK_FALSE(is_utf8("cut \xE2\x82"));      // truncated
    CHECK_FALSE(is_utf8("\x80 lone follower"));
}

TEST_CASE("a character across any window of the check is still seen whole") {
    for (std::size_t lead = 0; lead < 140; ++lead) {
        const std::string text = "\xC3\xBC" + std::string(lead, 'x') + "\xF0\x9F\x98\x80\xE2\x82\xAC end";
        REQUIRE(is_utf8(text));
        REQUIRE_FALSE(is_utf8(text + "\xE2\x82"));
        REQUIRE_FALSE(is_utf8("\xC3\xBC" + std::string(lead, 'x') + "\xF0\x9F\x98 end"));
    }
}

TEST_CASE("the fast check agrees with utf8cpp on any bytes") {
    REQUIRE(rc::check([](const std::string& head, const std::string& tail) {
        const std::string text = head + "\xE2\x82\xAC" + tail + std::string(20, 'a') + head;
        RC_ASSERT(is_utf8(text) == utf8::is_valid(text.begin(), text.end()));
    }));
}

TEST_CASE("printable text is one line of valid UTF-8") {
    CHECK(base::printable("gr\xC3\xBC\xC3\x9F {x} 100%") == "gr\xC3\xBC\xC3\x9F {x} 100%");
    CHECK(base::printable("a\nb\tc\x1b[0m") == "a\\x0Ab\\x09c\\x1B[0m");
    CHECK(base::printable("caf\xE9!") == "caf\\xE9!");
    CHECK(base::printable("\xC2\x85") == "\\xC2\\x85");           // C1 control
    CHECK(base::printable("\xE2\x80\xAE") == "\\xE2\\x80\\xAE");  // right-to-left override
    CHECK(base::printable(std::string_view("\0", 1)) == "\\x00");
    CHECK(base::printable("") == "");
}

TEST_CASE("what turns the direction of text is not printable, nor are raw controls") {
    for (const char* mark :
         {"\u061c", "\u200e", "\u200f", "\u202a", "\u202e", "\u2066", "\u2069", "\u2028", "\u2029"}) {
        const auto shown = fluentsync::printable(mark);
        CHECK(shown.find(mark) == std::string::npos);
        CHECK(shown.rfind("\\x", 0) == 0);
    }
    for (int byte = 0x80; byte < 0xa0; ++byte) {
        const std::string raw(1, static_cast<char>(byte));
        CHECK(fluentsync::printable(raw).size() == 4);
        CHECK(fluentsync::printable("\xC2" + raw).size() == 8);
    }
    CHECK(fluentsync::printable("\x7f") == "\\x7F");
    CHECK(fluentsync::printable(std::string(5000, 'x')).size() == 5000);
    // What joins and parts words is text, and so are the scripts themselves.
    for (const char* text :
         {"\u200d", "\u05e9\u05dc\u05d5\u05dd", "\u2027", "\u202f", "\u00a0", "\U0001f600"})
        CHECK(fluentsync::printable(text) == text);
}

TEST_CASE("printable JSON has the same values") {
    CHECK(fluentsync::printable_json("{\n  \"a\": \"\u009b\u202e\x7f\u00e4\"\n}") ==
          "{\n  \"a\": \"\\u009b\\u202e\\u007f\u00e4\"\n}");
    CHECK(fluentsync::printable_json("\"\x9b\"") == "\"\xEF\xBF\xBD\"");
}

TEST_CASE("printable text is cut at whole characters") {
    CHECK(base::printable("1234567890", 10) == "1234567890");
    CHECK(base::printable("12345678901", 10) == "1234567...");
    CHECK(base::printable("12345\xF0\x9F\x98\x80 and more", 10) == "12345...");
    CHECK(base::printable("12345\n and more", 10) == "12345...");
    CHECK(base::printable("long", 2) == "..");
    REQUIRE(rc::check([](const std::string& text) {
        const auto limit = *rc::gen::inRange<std::size_t>(0, 40);
        const auto shown = base::printable(text, limit);
        RC_ASSERT(shown.size() <= limit);
        RC_ASSERT(is_utf8(shown));
        RC_ASSERT(shown.find('\n') == std::string::npos);
    }));
}
