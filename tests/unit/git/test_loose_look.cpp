#include <sstream>

#include "git/damage.hpp"
#include "repo_fixture.hpp"

namespace fluentsync::git {

using test::RepoFixture;
namespace fs = std::filesystem;

namespace {

/// What a look said, with one word of it another.
std::string with(const std::string& whole, int field, const std::string& value) {
    std::istringstream in(whole);
    std::string result;
    std::string word;
    for (int i = 0; in >> word; ++i)
        result += (i == 0 ? "" : " ") + (i == field ? value : word);
    return result;
}

}  // namespace

TEST_CASE("loose objects are read for damage once") {
    RepoFixture fixture;
    std::vector<base::ObjectId> ids;
    for (std::size_t i = 0; i < 20; ++i)
        ids.push_back(fixture.blob("text " + std::to_string(i)));
    const LooseLook first = look_at_loose_objects(fixture.folder());
    CHECK(first.everything);
    CHECK(first.read == 20);
    REQUIRE_FALSE(first.whole.empty());

    constexpr int kBoot = 0;
    constexpr int kFolder = 2;
    constexpr int kClock = 3;
    constexpr int kYoungest = 4;
    const std::string later = with(first.whole, kYoungest, "9000000000000000000");
    SECTION("none is older than itself") {
        const LooseLook again = look_at_loose_objects(fixture.folder(), later);
        CHECK_FALSE(again.everything);
        CHECK(again.read == 0);
        CHECK(again.whole == later);
    }
    SECTION("as young as the youngest is not older") {
        CHECK(look_at_loose_objects(fixture.folder(), first.whole).read >= 1);
    }
    SECTION("the machine was started since") {
        CHECK(look_at_loose_objects(fixture.folder(), with(later, kBoot, "another")).read == 20);
    }
    SECTION("another folder of objects stands there") {
        CHECK(look_at_loose_objects(fixture.folder(), with(later, kFolder, "1")).read == 20);
    }
    SECTION("the clock was set back") {
        CHECK(look_at_loose_objects(fixture.folder(), with(later, kClock, "9000000000")).read == 20);
    }
    SECTION("no look's word") {
        CHECK(look_at_loose_objects(fixture.folder(), GENERATE("", "x", "1 2", "- 0 0 0 0")).read == 20);
    }
    SECTION("a damaged one is found, whatever it was before, and nothing is called whole") {
        fs::permissions(fixture.loose_path(ids[7]), fs::perms::owner_all);
        fs::resize_file(fixture.loose_path(ids[7]), 5);
        const LooseLook again = look_at_loose_objects(fixture.folder(), first.whole);
        CHECK(again.damaged == std::vector<base::ObjectId>{ids[7]});
        CHECK(again.whole.empty());
    }
}

}  // namespace fluentsync::git
