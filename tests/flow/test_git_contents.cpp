// Contents on their way into commits: loose or packed, one or thousands, each whole.
#include <catch2/catch.hpp>

#include "git_steps.hpp"
#include "raw_sql.hpp"

namespace fluentsync::flow {

TEST_CASE("git: single commits do not pile up loose objects [trap-33]") {
    Place place;
    Workspace workspace(place.options);
    for (int i = 0; i < 800; ++i) {
        workspace.store().put({"note", std::to_string(i % 7), "version " + std::to_string(i) + "\n"});
        workspace.git().commit();
    }
    REQUIRE(place.commits() == 800);
    const std::string counts = place.git({"count-objects", "-v"});
    INFO(counts);
    CHECK(std::stoi(counts.substr(counts.find("count: ") + 7)) < 2000);
    CHECK(counts.find("packs: 0") == std::string::npos);
    place.git({"fsck", "--strict"});
}

TEST_CASE("git: a content that the database's disk has spoiled is committed from its file") {
    Place place;
    Workspace workspace(place.options);
    const int count = GENERATE(3, 60);  // Loose objects, a pack.
    for (int i = 0; i < count; ++i) {
        workspace.store().put({"note", "n" + std::to_string(i), "text " + std::to_string(i) + "\n"});
    }
    workspace.directory().flush();
    raw_sql(place.options.store.path, "UPDATE entities SET content = 'spoiled' WHERE id = 'n1'", false);
    CHECK(workspace.git().commit().files == count);
    CHECK(place.git({"show", "HEAD:note/n1.md"}) == "text 1");
    CHECK(place.git({"show", "HEAD:note/n2.md"}) == "text 2");
    place.git({"fsck", "--strict"});
}

TEST_CASE("git: a row that raw SQL made with the hash of another is committed with its own content") {
    Place place;
    Workspace workspace(place.options);
    workspace.store().put({"note", "a", "a\n"});
    workspace.sync();
    raw_sql(place.options.store.path,
            "INSERT INTO entities(type, id, hash, metadata, content) "
            "SELECT type, 'copy', hash, metadata, content || 'more' || char(10) FROM entities");
    workspace.sync();
    CHECK(place.read("note/copy.md") == "a\nmore\n");
    CHECK(place.git({"show", "HEAD:note/copy.md"}) == "a\nmore");
    CHECK(git_status(place).empty());
    CHECK(workspace.verify().drifts.empty());
    CHECK(workspace.store().put({"note", "copy", "a\n"}).changed);
    CHECK(workspace.store().get({"note", "copy"})->content == "a\n");
}

TEST_CASE("git: a first commit of many files, and of many megabytes, is whole") {
    Place place;
    const std::size_t count = 2300;
    const auto text = [](std::size_t i) {
        const std::string word = "text " + std::to_string(i) + "\n";
        std::string whole = word;
        // Several of these are more than what is read at a time.
        while (i % 300 == 7 && whole.size() < 3'000'000)
            whole += whole;
        return whole;
    };
    for (std::size_t i = 0; i < count; ++i) {
        place.write("note/n" + std::to_string(i) + ".md", text(i));
    }
    Workspace workspace(place.options);
    workspace.sync();
    CHECK(git_status(place).empty());
    CHECK(place.git({"rev-list", "--objects", "--no-object-names", "HEAD"}).size() / 41 == count + 2);
    for (std::size_t i = 7; i < count; i += 100) {
        const std::string name = "note/n" + std::to_string(i) + ".md";
        CHECK(place.git({"rev-parse", "HEAD:" + name}) ==
              place.git({"hash-object", "--no-filters", place.file(name)}));
        CHECK(place.read(name) == text(i));
    }
    place.git({"fsck", "--strict"});
}

}  // namespace fluentsync::flow
