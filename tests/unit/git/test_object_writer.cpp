#include <sys/syscall.h>

#include <atomic>

#include "repo_fixture.hpp"

namespace {

std::atomic<int> syncs{0};
std::atomic<int> file_syncs{0};

}  // namespace

/// These take the place of the C library's in this program: a sync shows in no file.
extern "C" int syncfs(int descriptor) noexcept {
    ++syncs;
    return static_cast<int>(::syscall(SYS_syncfs, descriptor));
}

extern "C" int fdatasync(int descriptor) {
    ++file_syncs;
    return static_cast<int>(::syscall(SYS_fdatasync, descriptor));
}

namespace fluentsync::git {

using test::RepoFixture;
namespace fs = std::filesystem;

namespace {

std::size_t loose_count(const RepoFixture& fixture) {
    std::size_t count = 0;
    for (const auto& file : fs::recursive_directory_iterator(fixture.dot_git("objects"))) {
        if (file.is_regular_file() && file.path().filename().string().size() == 38) ++count;
    }
    return count;
}

std::size_t files_in_pack_folder(const RepoFixture& fixture) {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(fixture.dot_git("objects/pack")), fs::directory_iterator()));
}

bool go_on() {
    return false;
}

std::vector<std::string> contents(std::size_t count) {
    std::vector<std::string> result;
    for (std::size_t i = 0; i < count; ++i) {
        result.push_back("# Note " + std::to_string(i) + "\n" + std::string(i * 37 % 5000, 'x') + "\n");
    }
    result[0].clear();
    return result;
}

std::vector<std::pair<base::ObjectId, std::string_view>> with_ids(const std::vector<std::string>& texts) {
    std::vector<std::pair<base::ObjectId, std::string_view>> blobs;
    for (const auto& text : texts)
        blobs.emplace_back(base::hash_blob(text), text);
    return blobs;
}

/// Blobs, a tree of them and a commit; HEAD on it.
base::ObjectId write_all(RepoFixture& fixture, ObjectWriter& writer, const std::vector<std::string>& texts) {
    const auto blobs = with_ids(texts);
    writer.add_blobs(blobs);
    writer.add_blobs(blobs);
    std::vector<TreeChange> changes;
    for (std::size_t i = 0; i < blobs.size(); ++i) {
        changes.push_back({"note/" + std::to_string(i) + ".md", TreeFile{blobs[i].first, kModeFile}});
    }
    const auto tree = edit_tree(fixture.repository(), std::nullopt, changes, writer);
    return write_commit(fixture.repository(), {tree, {}, {"Ada", "a@example.org"}, "first", 0}, writer);
}

}  // namespace

TEST_CASE("loose objects are git's, counted once, readable at once") {
    RepoFixture fixture;
    const auto texts = contents(20);
    auto writer = fixture.loose_writer();
    const auto commit = write_all(fixture, *writer, texts);
    REQUIRE(fixture.repository().has_object(commit));
    REQUIRE(writer->finish(true) == 20 + 2 + 1);
    REQUIRE(loose_count(fixture) == 23);
    fixture.repository().move_ref("refs/heads/main", commit, std::nullopt, "first");
    fixture.require_clean_fsck();
    REQUIRE(fixture.git("show HEAD:note/7.md") == texts[7]);
}

TEST_CASE("many objects become one pack that git finds sound") {
    RepoFixture fixture;
    const auto texts = contents(700);
    auto writer = fixture.pack_writer();
    const auto known = fixture.blob(texts[3]);
    const auto commit = write_all(fixture, *writer, texts);
    REQUIRE_FALSE(fixture.repository().has_object(commit));
    REQUIRE(writer->finish(true) == 0);
    REQUIRE(fixture.repository().has_object(commit));
    REQUIRE(fixture.repository().blob(base::hash_blob(texts[9]), 100'000) == texts[9]);
    REQUIRE(files_in_pack_folder(fixture) == 2);
    REQUIRE(fixture.git("count-objects -v").find("in-pack: 703\n") != std::string::npos);
    REQUIRE(fixture.repository().has_object(known));
    fixture.repository().move_ref("refs/heads/main", commit, std::nullopt, "first");
    fixture.require_clean_fsck();
    REQUIRE(fixture.git("show HEAD:note/7.md") == texts[7]);

    SECTION("the writer goes on with another") {
        const auto more = fixture.add_blob(*writer, "more\n");
        writer->finish(false);
        REQUIRE(fixture.git("cat-file blob " + more.hex()) == "more\n");
    }
    SECTION("nothing new, nothing written") {
        for (const auto& text : texts)
            fixture.add_blob(*writer, text);
        writer->finish(false);
        REQUIRE(files_in_pack_folder(fixture) == 2);
    }
}

TEST_CASE("what was written is on the disk when finish() returns, where that was asked for") {
    RepoFixture fixture;
    const bool packed = GENERATE(true, false);
    const bool durable = GENERATE(true, false);
    auto writer = packed ? fixture.pack_writer() : fixture.loose_writer();
    write_all(fixture, *writer, contents(60));
    syncs = 0;
    file_syncs = 0;
    writer->finish(durable);
    CHECK(syncs == (durable ? 1 : 0));
    CHECK(file_syncs == (durable && packed ? 2 : 0));  // A pack and its index, before they have a name.
    writer->finish(durable);                           // Nothing new.
    CHECK(syncs == (durable ? 1 : 0));
}

TEST_CASE("a writer of packs that is dropped leaves nothing") {
    RepoFixture fixture;
    write_all(fixture, *fixture.pack_writer(), contents(100));
    REQUIRE(files_in_pack_folder(fixture) == 0);
    REQUIRE(loose_count(fixture) == 0);
}

TEST_CASE("a blob that is not what its id says never gets in") {
    RepoFixture fixture;
    const bool packed = GENERATE(true, false);
    const auto writer = [&] { return packed ? fixture.pack_writer() : fixture.loose_writer(); };
    const auto wrong = base::hash_blob("something else");
    const auto add = [&] { writer()->add(ObjectWriter::Kind::blob, "content", &wrong); };
    const auto add_many = [&] {
        writer()->add_blobs({{base::hash_blob("good"), "good"}, {wrong, "content"}});
    };
    CHECK(test::code_of(add) == ErrorCode::corrupt);
    CHECK(test::code_of(add_many) == ErrorCode::corrupt);
    CHECK_FALSE(fixture.repository().has_object(wrong));
    CHECK(files_in_pack_folder(fixture) == 0);
}

TEST_CASE("loose objects are gathered into a pack [trap-33]") {
    RepoFixture fixture;
    auto writer = fixture.loose_writer();
    const auto texts = contents(40);
    const auto commit = write_all(fixture, *writer, texts);
    fixture.repository().move_ref("refs/heads/main", commit, std::nullopt, "first");
    REQUIRE(loose_count(fixture) == 43);
    Repository other = Repository::open(fixture.folder());
    REQUIRE(other.has_object(commit));

    REQUIRE(pack_loose_objects(fixture.repository(), 44, go_on) == 0);
    REQUIRE(loose_count(fixture) == 43);
    REQUIRE(pack_loose_objects(fixture.repository(), 43, go_on) == 43);
    REQUIRE(loose_count(fixture) == 0);
    REQUIRE(fixture.repository().blob(base::hash_blob(texts[5]), 100'000) == texts[5]);
    REQUIRE(other.blob(base::hash_blob(texts[6]), 100'000) == texts[6]);
    fixture.require_clean_fsck();
    REQUIRE(pack_loose_objects(fixture.repository(), 1, go_on) == 0);
}

TEST_CASE("a damaged loose object stays for git fsck to find, the others are packed [trap-33]") {
    const bool cut = GENERATE(true, false);
    RepoFixture fixture;
    const auto good = fixture.blob("good\n");
    const std::string bad = fixture.loose_path(fixture.blob("bad\n"));
    fs::permissions(bad, fs::perms::owner_all);
    if (cut) {
        fs::resize_file(bad, 0);
    } else {
        fs::copy_file(fixture.loose_path(good), bad, fs::copy_options::overwrite_existing);
    }
    REQUIRE(pack_loose_objects(fixture.repository(), 1, go_on) == 1);
    REQUIRE(fs::exists(bad));
    REQUIRE(fixture.git("cat-file blob " + good.hex()) == "good\n");
}

TEST_CASE("a large loose object stays, the others are packed") {
    RepoFixture fixture;
    fixture.blob("small\n");
    const auto large = fixture.blob(std::string((16u << 20) + 1, 'x'));
    REQUIRE(pack_loose_objects(fixture.repository(), 1, go_on) == 1);
    REQUIRE(loose_count(fixture) == 1);
    REQUIRE(fs::exists(fixture.loose_path(large)));
}

TEST_CASE("the packing of loose objects is given up wherever that is asked for [trap-33]") {
    bool given_up = true;
    int with_pack = 0;
    for (int at = 1; given_up; ++at) {
        INFO("at question " << at);
        RepoFixture fixture;
        const auto commit = write_all(fixture, *fixture.loose_writer(), contents(5));
        fixture.repository().move_ref("refs/heads/main", commit, std::nullopt, "first");
        const std::size_t all = loose_count(fixture);
        int asked = 0;
        const auto packed = pack_loose_objects(fixture.repository(), 1, [&] { return ++asked >= at; });
        given_up = asked == at;
        REQUIRE(packed == (given_up ? std::nullopt : std::optional(all)));
        const std::size_t files = files_in_pack_folder(fixture);  // A pack and its index, or nothing.
        REQUIRE((files == 2 || (files == 0 && loose_count(fixture) == all)));
        fixture.require_clean_fsck();
        with_pack += files == 2 ? 1 : 0;
        REQUIRE((at > static_cast<int>(all) || files == 0));
        REQUIRE(at < 100);
    }
    REQUIRE(with_pack > 1);  // While the loose copies went as well.
}

}  // namespace fluentsync::git
