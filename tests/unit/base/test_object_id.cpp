#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <string>
#include <thread>
#include <vector>

#include "base/object_id.hpp"
#include "fluentsync/error.hpp"

using namespace fluentsync::base;

TEST_CASE("a blob's hash is git's [trap-02]") {
    // git hash-object --stdin
    CHECK(hash_blob("").hex() == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
    CHECK(hash_blob("hello\n").hex() == "ce013625030ba8dba906f756967f9e9ca394464a");
    CHECK(hash_blob(std::string_view("a\0b", 3)).hex() ==
          hash_bytes(std::string_view("blob 3\0a\0b", 10)).hex());
    CHECK(hash_blob("a\r\n") != hash_blob("a\n"));
}

TEST_CASE("hash_bytes is plain SHA-1") {
    CHECK(hash_bytes("abc").hex() == "a9993e364706816aba3e25717850c26c9cd0d89d");
    CHECK(hash_bytes("").hex() == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
}

TEST_CASE("only forty hexadecimal digits are an id") {
    const std::string good = "ce013625030ba8dba906f756967f9e9ca394464a";
    CHECK(ObjectId::from_hex(good)->hex() == good);
    CHECK(ObjectId::from_hex("CE013625030BA8DBA906F756967F9E9CA394464A")->hex() == good);
    CHECK_FALSE(ObjectId::from_hex(""));
    CHECK_FALSE(ObjectId::from_hex(good.substr(1)));
    CHECK_FALSE(ObjectId::from_hex(good + "0"));
    CHECK_FALSE(ObjectId::from_hex("ge013625030ba8dba906f756967f9e9ca394464a"));
    CHECK_FALSE(ObjectId::from_hex(" e013625030ba8dba906f756967f9e9ca394464a"));
}

TEST_CASE("an id of another length than 20 bytes is refused") {
    CHECK_THROWS_AS(ObjectId::from_raw("short"), fluentsync::Error);
    CHECK_THROWS_AS(ObjectId::from_raw(""), fluentsync::Error);
}

TEST_CASE("hex and raw lead back to the id") {
    REQUIRE(rc::check([](const std::string& content) {
        const auto id = hash_blob(content);
        RC_ASSERT(ObjectId::from_hex(id.hex()) == id);
        RC_ASSERT(ObjectId::from_raw(id.raw()) == id);
    }));
}

TEST_CASE("ids sort as their bytes") {
    const auto low = *ObjectId::from_hex("00ff000000000000000000000000000000000000");
    const auto high = *ObjectId::from_hex("ff00000000000000000000000000000000000000");
    CHECK(low < high);
    CHECK(low.raw() < high.raw());
}

TEST_CASE("many threads hash at once") {
    std::vector<std::string> results(4);
    std::vector<std::thread> threads;
    for (auto& result : results) {
        threads.emplace_back([&result] {
            for (int i = 0; i < 1000; ++i)
                result = hash_blob("hello\n").hex();
        });
    }
    for (auto& thread : threads)
        thread.join();
    for (const auto& result : results)
        CHECK(result == "ce013625030ba8dba906f756967f9e9ca394464a");
}
