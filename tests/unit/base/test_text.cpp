#include <rapidcheck.h>
#include <utf8.h>

#include <catch2/catch.hpp>
#include <string>

#include "base/text.hpp"

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
    CHECK(printable("gr\xC3\xBC\xC3\x9F {x} 100%") == "gr\xC3\xBC\xC3\x9F {x} 100%");
    CHECK(printable("a\nb\tc\x1b[0m") == "a\\x0Ab\\x09c\\x1B[0m");
    CHECK(printable("caf\xE9!") == "caf\\xE9!");
    CHECK(printable("\xC2\x85") == "\\xC2\\x85");           // C1 control
    CHECK(printable("\xE2\x80\xAE") == "\\xE2\\x80\\xAE");  // right-to-left override
    CHECK(printable(std::string_view("\0", 1)) == "\\x00");
    CHECK(printable("") == "");
}

TEST_CASE("printable text is cut at whole characters") {
    CHECK(printable("1234567890", 10) == "1234567890");
    CHECK(printable("12345678901", 10) == "1234567...");
    CHECK(printable("12345\xF0\x9F\x98\x80 and more", 10) == "12345...");
    CHECK(printable("12345\n and more", 10) == "12345...");
    CHECK(printable("long", 2) == "..");
    REQUIRE(rc::check([](const std::string& text) {
        const auto limit = *rc::gen::inRange<std::size_t>(0, 40);
        const auto shown = printable(text, limit);
        RC_ASSERT(shown.size() <= limit);
        RC_ASSERT(is_utf8(shown));
        RC_ASSERT(shown.find('\n') == std::string::npos);
    }));
}
