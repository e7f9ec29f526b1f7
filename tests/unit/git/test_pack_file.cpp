#include "git/pack_file.hpp"

#include <sys/stat.h>

#include "git/pack_entry.hpp"
#include "repo_fixture.hpp"

namespace fluentsync::git {

using test::RepoFixture;
namespace fs = std::filesystem;

namespace {

PackEntries entries_of(std::size_t count) {
    PackEntries entries;
    PackEntryEncoder encoder;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string text = "note " + std::to_string(i) + std::string(i * 31 % 700, 'x');
        encoder.append(GIT_OBJECT_BLOB, hash_object(GIT_OBJECT_BLOB, text), text, entries);
    }
    return entries;
}

std::vector<fs::path> files_in(const RepoFixture& fixture) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(fixture.dot_git("objects/pack")))
        files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

void write(PackFile& pack, const PackEntries& entries) {
    const auto header = pack_header(static_cast<std::uint32_t>(entries.objects.size()));
    pack.append({header.data(), header.size()});
    pack.append(entries.bytes);
}

std::vector<PackedObject> contents_of(const PackEntries& entries) {
    auto contents = entries.objects;
    for (PackedObject& object : contents)
        object.offset += pack_header(0).size();
    return contents;
}

}  // namespace

TEST_CASE("a pack's index is, byte for byte, the one that git makes") {
    RepoFixture fixture;
    const std::size_t count = GENERATE(1, 2, 300, 3000);
    const auto entries = entries_of(count);
    {
        PackFile pack(fixture.dot_git("objects"));
        write(pack, entries);
        CHECK(files_in(fixture).size() == 1);
        pack.place(contents_of(entries), GENERATE(false, true));
    }
    const auto files = files_in(fixture);
    REQUIRE(files.size() == 2);
    CHECK(files[0].extension() == ".idx");
    CHECK(files[1].extension() == ".pack");
    fixture.git("index-pack -o .git/theirs.idx " + files[1].string());
    CHECK(fixture.git("hash-object --no-filters .git/theirs.idx") ==
          fixture.git("hash-object --no-filters " + files[0].string()));
    fixture.git("verify-pack " + files[1].string());
    for (const fs::path& file : files) {
        struct stat info {};
        REQUIRE(::stat(file.c_str(), &info) == 0);
        CHECK((info.st_mode & 0333) == 0);
    }
}

TEST_CASE("an offset beyond 2 GiB finds its place in a pack's index") {
    RepoFixture fixture;
    std::vector<PackedObject> objects;
    for (const std::uint64_t offset : {std::uint64_t{12}, std::uint64_t{0x7fffffff},
                                       std::uint64_t{0x80000000}, std::uint64_t{0x123456789a}}) {
        objects.push_back({base::hash_blob(std::to_string(offset)), 7, offset});
    }
    const std::string index = pack_index(objects, base::hash_blob("trailer"));
    const std::string shown = fixture.git("show-index", index);
    for (const PackedObject& object : objects) {
        CHECK(shown.find(std::to_string(object.offset) + " " + object.id.hex() + " (00000007)\n") !=
              std::string::npos);
    }
}

TEST_CASE("a pack that is given up, or cannot be placed, leaves nothing half written") {
    RepoFixture fixture;
    const auto entries = entries_of(20);
    {
        PackFile pack(fixture.dot_git("objects"));
        write(pack, entries);
    }
    CHECK(files_in(fixture).empty());
    const std::string objects = fixture.dot_git("objects");
    const auto place = [&] {
        PackFile pack(objects);
        write(pack, entries);
        pack.place(contents_of(entries), false);
    };
    place();
    const auto files = files_in(fixture);
    fs::remove(files[0]);
    const auto in_the_way = GENERATE(0, 1);  // Of the index, of the pack.
    fs::remove(files[1]);
    fs::create_directories(files[in_the_way] / "a folder");
    CHECK(test::code_of(place) == ErrorCode::io);
    CHECK(fs::is_directory(files[in_the_way]));
    CHECK(files_in(fixture).size() == (in_the_way == 0 ? 2 : 1));  // A pack alone is nothing to git.
}

TEST_CASE("a repository without a folder for packs gets one") {
    RepoFixture fixture;
    fs::remove_all(fixture.dot_git("objects/pack"));
    const auto entries = entries_of(3);
    PackFile pack(fixture.dot_git("objects"));
    write(pack, entries);
    pack.place(contents_of(entries), false);
    CHECK(fixture.repository().has_object(entries.objects[1].id));
}

}  // namespace fluentsync::git
