#include <sys/stat.h>

#include <algorithm>
#include <set>

#include "git/join_packs.hpp"
#include "git/small_packs.hpp"
#include "repo_fixture.hpp"

namespace fluentsync::git {

using test::RepoFixture;
namespace fs = std::filesystem;

namespace {

bool never() {
    return false;
}

/// With a commit, so that git fsck has nothing to say.
struct PackFixture : RepoFixture {
    PackFixture() { git("commit -q --allow-empty -m first"); }
};

std::string note_text(std::size_t number) {
    return "note " + std::to_string(number) + "\n";
}

/// One pack a note; returns their blobs. HEAD has none of them.
std::vector<base::ObjectId> make_packs(RepoFixture& fixture, std::size_t count, std::size_t first = 0) {
    std::vector<base::ObjectId> ids;
    for (std::size_t i = first; i < first + count; ++i) {
        const auto writer = fixture.pack_writer();
        ids.push_back(fixture.add_blob(*writer, note_text(i)));
        writer->finish(false);
    }
    return ids;
}

std::set<std::string> packs_of_folder(const RepoFixture& fixture) {
    std::set<std::string> stems;
    for (const auto& file : fs::directory_iterator(fixture.dot_git("objects/pack"))) {
        if (file.path().extension() == ".pack") stems.insert(fs::path(file.path()).replace_extension());
    }
    return stems;
}

std::size_t join(RepoFixture& fixture, const std::function<bool()>& give_up = never) {
    return join_packs(fixture.repository().raw(), fixture.folder(), give_up);
}

void require_all_there(const RepoFixture& fixture, const std::vector<base::ObjectId>& ids) {
    std::string names;
    for (const auto& id : ids)
        names += id.hex() + "\n";
    REQUIRE(fixture.git("cat-file --batch-check", names).find("missing") == std::string::npos);
    fixture.require_clean_fsck();
}

void set_limit(const RepoFixture& fixture, int most) {
    fixture.git("config gc.autoPackLimit " + std::to_string(most));
}

}  // namespace

TEST_CASE("more packs than git itself would leave become one") {
    PackFixture fixture;
    auto ids = make_packs(fixture, 50);
    CHECK(join(fixture) == 0);
    CHECK_FALSE(has_many_packs(fixture.repository().raw()));
    const auto one_more = make_packs(fixture, 1, 50);
    ids.insert(ids.end(), one_more.begin(), one_more.end());
    Repository beside = Repository::open(fixture.folder());
    REQUIRE(beside.has_object(ids[3]));

    CHECK(has_many_packs(fixture.repository().raw()));
    CHECK(join(fixture) == 51);
    CHECK(packs_of_folder(fixture).size() == 1);
    require_all_there(fixture, ids);
    INFO("one that was opened before finds everything, too");
    for (std::size_t i = 0; i < ids.size(); ++i)
        REQUIRE(beside.blob(ids[i], 100) == note_text(i));
    CHECK(join(fixture) == 0);
}

TEST_CASE("packs of others are joined whole, deltas and all") {
    PackFixture fixture;
    std::string text;
    for (int version = 0; version < 40; ++version) {
        text += "line " + std::to_string(version * 7919) + "\n";
        fixture.write("note.md", text);
        fixture.git("add note.md && git commit -q -m change");
        if (version % 10 == 9) fixture.git("repack -q -d");
    }
    REQUIRE(packs_of_folder(fixture).size() == 4);
    set_limit(fixture, 2);  // Only now: git's own commands heed it, too.
    CHECK(join(fixture) == 4);
    CHECK(packs_of_folder(fixture).size() == 1);
    fixture.require_clean_fsck();
    CHECK(fixture.git("rev-list --count HEAD") == "41\n");
    CHECK(fixture.git("show HEAD:note.md") == text);
}

TEST_CASE("a pack that git keeps apart stays") {
    PackFixture fixture;
    set_limit(fixture, 2);
    const auto ids = make_packs(fixture, 6);
    const std::string apart = *packs_of_folder(fixture).begin();
    const std::string how = GENERATE(".keep", ".promisor", ".mtimes", ".bitmap", "multi-pack-index");
    INFO(how);
    if (how == "multi-pack-index") {
        fixture.git("multi-pack-index write --stdin-packs", fs::path(apart).filename().string() + ".idx\n");
    } else {
        std::ofstream(apart + how) << "";
    }
    CHECK(join(fixture) == 5);
    CHECK(fs::exists(apart + ".pack"));
    if (how == ".keep" || how == "multi-pack-index") require_all_there(fixture, ids);
}

TEST_CASE("where it cannot be told what a multi-pack-index names, no pack goes") {
    PackFixture fixture;
    set_limit(fixture, 2);
    make_packs(fixture, 4);
    const std::string index = fixture.dot_git("objects/pack/multi-pack-index");
    SECTION("a chain of several") {
        fs::create_directory(index + ".d");
    }
    SECTION("of another version") {
        std::ofstream(index) << "MIDX\2\1\1\0" << std::string(40, '\0');
    }
    SECTION("cut off") {
        std::ofstream(index) << "MIDX\1\1\1";
    }
    SECTION("empty") {
        std::ofstream(index) << "";
    }
    CHECK(join(fixture) == 0);
    CHECK(packs_of_folder(fixture).size() == 4);
}

TEST_CASE("a pack of which something cannot be read stays, the others are joined") {
    PackFixture fixture;
    set_limit(fixture, 2);
    make_packs(fixture, 5);
    const std::string damaged = *packs_of_folder(fixture).begin() + ".pack";
    fs::permissions(damaged, fs::perms::owner_all);
    std::fstream(damaged, std::ios::in | std::ios::out | std::ios::binary).seekp(15) << "????";
    CHECK(join(fixture) == 4);
    CHECK(packs_of_folder(fixture).size() == 2);
    CHECK(fs::exists(damaged));
}

TEST_CASE("joining packs is given up wherever that is asked for, and goes on the next time") {
    bool given_up = true;
    int with_both = 0;
    for (int at = 1; given_up; ++at) {
        INFO("at question " << at);
        PackFixture fixture;
        set_limit(fixture, 2);
        const auto ids = make_packs(fixture, 4);
        int asked = 0;
        join(fixture, [&] { return ++asked >= at; });
        given_up = asked >= at;
        require_all_there(fixture, ids);
        with_both += packs_of_folder(fixture).size() == 5 ? 1 : 0;
        INFO("the joined pack may be what all of them make once more");
        join(fixture);
        require_all_there(fixture, ids);
        CHECK(packs_of_folder(fixture).size() <= 2);
        REQUIRE(at < 100);
    }
    CHECK(with_both > 0);
}

TEST_CASE("a person's word that packs are not to be joined holds") {
    PackFixture fixture;
    make_packs(fixture, 5);
    fixture.git("config gc.autoPackLimit 2");
    SECTION("gc.auto") {
        fixture.git("config gc.auto 0");
    }
    SECTION("gc.autoPackLimit") {
        fixture.git("config gc.autoPackLimit 0");
    }
    SECTION("maintenance.auto") {
        fixture.git("config maintenance.auto false");
    }
    SECTION("a gc at work") {
        std::ofstream(fixture.dot_git("gc.pid")) << "1 localhost";
    }
    CHECK_FALSE(most_small_packs(fixture.repository().raw()));
    CHECK(join(fixture) == 0);
    CHECK(packs_of_folder(fixture).size() == 5);
}

TEST_CASE("a joined pack of a shared repository is the group's") {
    PackFixture fixture;
    set_limit(fixture, 2);
    make_packs(fixture, 3);
    fixture.git("config core.sharedRepository group");
    const mode_t before = ::umask(077);
    CHECK(join(fixture) == 3);
    ::umask(before);
    struct stat stat {};
    REQUIRE(::stat((*packs_of_folder(fixture).begin() + ".pack").c_str(), &stat) == 0);
    CHECK((stat.st_mode & 0777) == 0440);
}

TEST_CASE("however many packs come, few stay, and a byte is copied a few times") {
    std::vector<SmallPack> packs;
    std::uintmax_t copied = 0;
    std::uintmax_t came = 0;
    for (int i = 0; i < 20'000; ++i) {
        const std::uintmax_t bytes = 500 + static_cast<std::uintmax_t>(i) * 7919 % 1500;
        packs.push_back({std::to_string(i), bytes});
        came += bytes;
        std::sort(packs.begin(), packs.end(), [](const auto& a, const auto& b) { return a.bytes < b.bytes; });
        const auto chosen = packs_to_join(packs, 50);
        if (chosen.empty()) continue;
        std::uintmax_t sum = 0;
        for (const SmallPack& pack : chosen)
            sum += pack.bytes;
        packs.erase(packs.begin(), packs.begin() + static_cast<std::ptrdiff_t>(chosen.size()));
        packs.push_back({"joined", sum});
        copied += sum;
        CHECK(packs.size() < 35);
    }
    CHECK(packs.size() <= 50);
    CHECK(copied < 10 * came);
}

}  // namespace fluentsync::git
