// Names: case and Unicode twins, nested ids, both layouts, folders moved and renamed.
#include <catch2/catch.hpp>

#include "pair.hpp"

namespace fluentsync::flow {

namespace fs = std::filesystem;

TEST_CASE("names: a rename that changes case only keeps the note [trap-40]") {
    Pair pair;
    pair.options.auto_sync = GENERATE(true, false);
    pair.put_company();
    pair.put("note", "text\n");
    pair.directory().start();
    pair.directory().flush();
    fs::rename(pair.file("note/note.md"), pair.file("note/Note.md"));
    pair.directory().flush();
    CHECK(pair.content("Note") == "text\n");
    CHECK_FALSE(pair.content("note"));
    CHECK(pair.read("note/Note.md") == "text\n");
    CHECK(pair.settled());
}

TEST_CASE("names: twins by case and by Unicode form are files of their own [trap-40]") {
    Pair pair;
    const std::string nfc = "caf\xc3\xa9";
    const std::string nfd = "cafe\xcc\x81";
    pair.put("Twin", "upper\n");
    pair.put("twin", "lower\n");
    pair.put(nfc, "composed\n");
    pair.directory().flush();
    pair.write("note/" + nfd + ".md", "decomposed\n");
    pair.directory().import_all();
    CHECK(pair.read("note/Twin.md") == "upper\n");
    CHECK(pair.read("note/twin.md") == "lower\n");
    CHECK(pair.content(nfc) == "composed\n");
    CHECK(pair.content(nfd) == "decomposed\n");
    CHECK(pair.settled());
}

TEST_CASE("names: every id comes back as it went, in both layouts [trap-38][trap-39][trap-41]") {
    Pair pair;
    pair.options.layout = GENERATE(Layout::flat, Layout::sharded);
    const std::vector<std::string> ids = {"plain",
                                          "a/b/c",
                                          "a:b",
                                          "a::b",
                                          ".hidden",
                                          "50% {done}",
                                          "two  spaces",
                                          "\xf0\x9f\x8c\xb1 seedling",
                                          "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d",
                                          "CON",
                                          "nul.txt",
                                          "dot.",
                                          "quote\"s",
                                          "back\\slash",
                                          "%41",
                                          std::string(200, 'x')};
    for (const std::string& id : ids)
        pair.put(id, "text of " + id + "\n");
    pair.directory().export_all();
    const auto files = pair.stamps();
    CHECK(files.size() == ids.size());
    if (pair.options.layout == Layout::sharded) {
        for (const auto& [path, stamp] : files)
            CHECK(path[7] == '/');  // note/xx/
    }
    // Another store on a copy of the folder reads the same ids.
    Pair other;
    other.options.layout = pair.options.layout;
    fs::copy(pair.root(), other.root(), fs::copy_options::recursive);
    fs::remove_all(other.file(".fluentsync"));
    CHECK(other.directory().import_all() == static_cast<std::int64_t>(ids.size()));
    for (const std::string& id : ids)
        CHECK(other.content(id) == "text of " + id + "\n");
    CHECK(other.settled());
    CHECK(pair.settled());
}

TEST_CASE("names: in the sharded layout a removed file and a new one are told apart by their place") {
    Pair pair;
    pair.options.layout = Layout::sharded;
    pair.put_company();
    pair.put("deep/id", "text\n");
    pair.directory().flush();
    std::string path;
    for (const auto& [one, stamp] : pair.stamps()) {
        if (one.find("deep/id.md") != std::string::npos) path = one;
    }
    REQUIRE_FALSE(path.empty());
    pair.write(path, "edited\n");
    pair.directory().import_all();
    CHECK(pair.content("deep/id") == "edited\n");
    pair.write("note/zz/misplaced.md", "where its id does not lead\n");
    pair.remove(path);
    pair.directory().import_all();
    CHECK_FALSE(pair.content("deep/id"));
    CHECK(pair.held("note/zz/misplaced.md"));
    CHECK(pair.read("note/zz/misplaced.md") == "where its id does not lead\n");
    CHECK(pair.settled());
}

TEST_CASE("names: a folder moved in with its content, and renamed [trap-43]") {
    Pair pair;
    pair.options.auto_sync = true;
    pair.put_company();
    pair.directory().start();
    pair.directory().flush();
    for (int i = 0; i < 30; ++i)
        write_file(pair.base / ("box/deep/er/" + std::to_string(i) + ".md"), "text\n");
    fs::rename(pair.base / "box", pair.file("note/box"));
    REQUIRE(pair.log.wait_for([](const Event& event) { return event.kind == EventKind::file_imported; }, 30));
    CHECK(pair.content("box/deep/er/29") == "text\n");
    pair.directory().flush();
    pair.log.clear();
    // A quarter and more of all, but none is gone: the guard has nothing to hold.
    fs::rename(pair.file("note/box"), pair.file("note/crate"));
    REQUIRE(pair.log.wait_for([](const Event& event) { return event.kind == EventKind::file_imported; }, 30));
    pair.directory().flush();
    CHECK(pair.content("crate/deep/er/29") == "text\n");
    CHECK(pair.directory().status().held_deletions == 0);
    CHECK_FALSE(pair.content("box/deep/er/29"));
    CHECK(pair.store().count({"note"}) == 40);
    // The watch is upon the new name.
    pair.write("note/crate/deep/er/late.md", "late\n");
    REQUIRE(pair.log.wait_for(entity_event(EventKind::file_imported, "crate/deep/er/late")));
}

TEST_CASE("names: three thousand of one type, both ways [trap-44]") {
    Pair pair;
    std::vector<EntityDraft> drafts;
    for (int i = 0; i < 3000; ++i)
        drafts.push_back({"note", std::to_string(i), "text " + std::to_string(i) + "\n"});
    CHECK(pair.store().put_all(drafts) == 3000);
    CHECK(pair.directory().export_all() == 3000);
    CHECK(pair.stamps().size() == 3000);
    CHECK(pair.read("note/2999.md") == "text 2999\n");
    for (int i = 0; i < 3000; ++i)
        pair.write("note/" + std::to_string(i) + ".md", "edited " + std::to_string(i) + "\n");
    CHECK(pair.directory().import_all() == 3000);
    CHECK(pair.content("0") == "edited 0\n");
    CHECK(pair.content("2999") == "edited 2999\n");
    CHECK(pair.directory().export_all() == 0);
}

}  // namespace fluentsync::flow
