#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <string>

#include "base/redact.hpp"

using namespace fluentsync::base;

TEST_CASE("user info is taken out of a URL [trap-31]") {
    const auto both = split_url("https://me:s3cret@git.example:8080/me/brain.git");
    CHECK(both.url == "https://git.example:8080/me/brain.git");
    CHECK(both.username == "me");
    CHECK(both.password == "s3cret");

    const auto token = split_url("https://ghp_token@git.example/x");
    CHECK(token.url == "https://git.example/x");
    CHECK(token.username == "ghp_token");
    CHECK(token.password.empty());

    const auto escaped = split_url("http://a%40b:p%3a%2Fq%@host/");
    CHECK(escaped.username == "a@b");
    CHECK(escaped.password == "p:/q%");
}

TEST_CASE("what has no user info comes back unchanged") {
    for (const std::string url :
         {"https://git.example/me/brain.git", "http://localhost:9418/x@y", "/srv/git/brain.git", "../brain",
          "git@host:me/brain.git", "file:///srv/a@b", "http://[::1]:80/x@y", "", "C:\\brain", "://",
          "odd/dir://u:p@h"}) {
        const auto split = split_url(url);
        CHECK(split.url == url);
        CHECK(split.username.empty());
        CHECK(split.password.empty());
    }
}

TEST_CASE("a password with bare reserved characters does not leak its tail [trap-31]") {
    CHECK(split_url("https://me:p@ss@host/x").url == "https://host/x");
    CHECK(split_url("https://me:pa/ss@host/x").url == "https://host/x");
    CHECK(split_url("https://me:pa/ss@host/x").password == "pa/ss");
    CHECK(redact("at https://me:pa#ss@host/x") == "at https://***@host/x");
}

TEST_CASE("messages lose user info and secrets [trap-31]") {
    CHECK(redact("cannot fetch https://me:s3cret@host/x: no") == "cannot fetch https://***@host/x: no");
    CHECK(redact("'http://a:b@h' and http://t@i/y") == "'http://***@h' and http://***@i/y");
    CHECK(redact("token s3cret, again s3cret", "s3cret") == "token ***, again ***");
    CHECK(redact("http://u:p w@host/", "p w") == "http://***@host/");
    CHECK(redact("nothing here: mail me@host") == "nothing here: mail me@host");
    CHECK(redact("see http://host/a@b") == "see http://host/a@b");
    CHECK(redact("") == "");
    CHECK(redact("http://") == "http://");
}

TEST_CASE("no secret survives redaction [trap-31]") {
    REQUIRE(rc::check([](const std::string& before, const std::string& after) {
        const auto url = "https://user:Sw0rdfish@host/path";
        const auto shown = redact(before + " " + url + " " + after);
        RC_ASSERT(shown.find("Sw0rdfish") == std::string::npos);
        RC_ASSERT(redact(before + "Sw0rdfish" + after, "Sw0rdfish").find("Sw0rdfish") == std::string::npos);
    }));
}
