// Keys and paths: examples by trap, then the bijection itself.
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/object_id.hpp"
#include "codec/key_path.hpp"
#include "codec/reserved_names.hpp"
#include "fluentsync/error.hpp"
#include "key_samples.hpp"

namespace {

using namespace fluentsync;
using namespace std::string_literals;
using codec::PathKind;
using codec::PathMap;

const PathMap kFlat(Layout::flat);
const PathMap kSharded(Layout::sharded);

bool is_valid(const EntityKey& key) {
    try {
        codec::check_key(key);
        return true;
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::invalid_key);
        CHECK(std::string(error.what()).find('\n') == std::string::npos);
        return false;
    }
}

std::string flat(const std::string& id) {
    return kFlat.to_path({"note", id});
}

std::string shard(const std::string& id) {
    return base::hash_bytes(id).hex().substr(0, 2);
}

/// The path, checked to lead back to the key.
std::string both_ways(const std::string& id) {
    const auto path = flat(id);
    const auto back = kFlat.classify(path);
    CHECK(back.kind == PathKind::entity);
    CHECK(back.key == EntityKey{"note", id});
    return path;
}

}  // namespace

TEST_CASE("key path: plain names are written as they are [trap-39]") {
    for (const auto* id : {"hello",   "My Note", "100%",    "My%20Note", "50%off", "{draft}", "a.b",
                           "v1.2.md", "😀",       "שלום",    "a'b",       "~x",     "#tag",    "x#",
                           "a ",      "a.",      "Ünïcode", "%",         "%%",     "%zz",     "%3a"}) {
        CHECK(both_ways(id) == "note/"s + id + ".md");
    }
}

TEST_CASE("key path: a leading dot is escaped, so no entity is a hidden file [trap-39]") {
    CHECK(both_ways(".hidden") == "note/%2Ehidden.md");
    CHECK(both_ways("...") == "note/%2E...md");
    CHECK(both_ways("a/.b/c") == "note/a/%2Eb/c.md");
    CHECK(kFlat.to_path({".t", "x"}) == "%2Et/x.md");
}

TEST_CASE("key path: ids that differ never share a file [trap-38]") {
    CHECK(both_ways("a:b") == "note/a%3Ab.md");
    CHECK(both_ways("a::b") == "note/a%3A%3Ab.md");
    CHECK(both_ways("a/b") == "note/a/b.md");
    CHECK(both_ways("a%3Ab") == "note/a%253Ab.md");
    CHECK(both_ways("a%253Ab") == "note/a%25253Ab.md");
    CHECK(both_ways("type:x") == "note/type%3Ax.md");
    CHECK(both_ways("%2Fx") == "note/%2Fx.md");  // Decoded it would be no segment, so it is literal.
    CHECK(both_ways("a%00b") == "note/a%00b.md");
    CHECK(both_ways("%2E%2E") == "note/%2E%2E.md");
    CHECK(both_ways("%FF") == "note/%FF.md");
    CHECK_FALSE(is_valid({"note", ""}));
    CHECK_FALSE(is_valid({"", "x"}));
}

TEST_CASE("key path: nothing leaves the root [trap-37]") {
    for (const auto& id : {"../../escaped"s, "/etc/passwd"s, "a/../b"s, ".."s, "."s, "a/./b"s, "a//b"s, "a/"s,
                           "a\0b"s, "\xFF"s, "a/\xC3"s}) {
        CHECK_FALSE(is_valid({"note", id}));
        CHECK_THROWS_AS(flat(id), Error);
    }
    for (const auto& type : {".."s, "."s, "a/b"s, "/"s, "n\0"s, "\xFF"s})
        CHECK_FALSE(is_valid({type, "x"}));
    CHECK(kFlat.to_path({".git", "hooks"}) == "%2Egit/hooks.md");
    CHECK(kFlat.to_path({"git~1", "hooks"}) == "%67it~1/hooks.md");
    CHECK(kFlat.to_path({"GIT~1", "hooks"}) == "%47IT~1/hooks.md");
    CHECK(kFlat.to_path({"\u200C.git", "x"}) == "\u200C%2Egit/x.md");
    CHECK(flat("\u200C.GiT/x") == "note/\u200C%2EGiT/x.md");
    CHECK(flat("..\\..\\x") == "note/%2E.%5C..%5Cx.md");
    CHECK(both_ways("git~1") == "note/git~1.md");  // With ".md" behind it is nobody's short name.
}

TEST_CASE("key path: two hundred folders are the deepest, whatever the layout") {
    const auto deep = [](std::size_t segments) {
        std::string id = "x";
        for (std::size_t i = 1; i < segments; ++i)
            id = "d/" + id;
        return id;
    };
    CHECK(both_ways(deep(198)).size() == 5 + 2 * 197 + 4);
    CHECK(kSharded.classify(kSharded.to_path({"note", deep(198)})).kind == PathKind::entity);
    CHECK(!is_valid({"note", deep(199)}));
    CHECK(!is_valid({"note", deep(1000)}));
    CHECK(kFlat.classify("note/" + deep(199) + ".md").kind == PathKind::refused);
    CHECK(codec::safe_tree_path(deep(200)));
    CHECK(!codec::safe_tree_path(deep(201)));
    CHECK(kFlat.classify(deep(200) + ".png").kind == PathKind::plain);
    CHECK(kFlat.classify(deep(201) + ".png").kind == PathKind::unfit);
}

TEST_CASE("key path: case and Unicode form are kept apart [trap-40]") {
    std::set<std::string> paths;
    for (const auto* id : {"Note", "note", "NOTE", "caf\u00E9", "cafe\u0301"})
        paths.insert(both_ways(id));
    CHECK(paths.size() == 5);
}

TEST_CASE("key path: long names and Windows' reserved ones [trap-41]") {
    CHECK(is_valid({"note", std::string(252, 'x')}));
    CHECK_FALSE(is_valid({"note", std::string(253, 'x')}));
    CHECK(is_valid({std::string(255, 't'), "x"}));
    CHECK_FALSE(is_valid({std::string(256, 't'), "x"}));
    CHECK_FALSE(is_valid({"note", std::string(85, ':')}));  // 255 bytes escaped, and ".md".
    CHECK(is_valid({"note", std::string(84, ':')}));
    std::string deep = "x";
    while (deep.size() < 3950)
        deep += "/" + std::string(29, 'x');
    CHECK(is_valid({"note", deep}));
    CHECK_FALSE(is_valid({"note", deep + std::string(60, 'y')}));

    CHECK(both_ways("CON") == "note/%43ON.md");
    CHECK(both_ways("con.txt") == "note/%63on.txt.md");
    CHECK(both_ways("nul ") == "note/%6Eul .md");
    CHECK(both_ways("aux/x") == "note/%61ux/x.md");
    CHECK(both_ways("COM1") == "note/%43OM1.md");
    CHECK(both_ways("lpt\u00B9") == "note/%6Cpt\u00B9.md");
    CHECK(both_ways("CONSOLE") == "note/CONSOLE.md");
    CHECK(both_ways("COM10") == "note/COM10.md");
    CHECK(both_ways("dir./x") == "note/dir%2E/x.md");
    CHECK(both_ways("dir /x") == "note/dir%20/x.md");
    CHECK(both_ways("dir. . /x") == "note/dir. .%20/x.md");
    CHECK(kFlat.to_path({"prn", "x"}) == "%70rn/x.md");
}

TEST_CASE("key path: sharded files stand under the first byte of the id's SHA-1") {
    CHECK(base::hash_bytes("hello").hex().substr(0, 2) == "aa");
    CHECK(kSharded.to_path({"note", "hello"}) == "note/aa/hello.md");
    CHECK(kSharded.classify("note/aa/hello.md").key == EntityKey{"note", "hello"});
    const auto nested = "note/" + shard("a/b") + "/a/b.md";
    CHECK(kSharded.to_path({"note", "a/b"}) == nested);
    CHECK(kSharded.classify(nested).key == EntityKey{"note", "a/b"});
}

TEST_CASE("key path: a file in the wrong shard is refused and its place named") {
    for (const auto* path : {"note/hello.md", "note/00/hello.md"}) {
        const auto found = kSharded.classify(path);
        CHECK(found.kind == PathKind::refused);
        CHECK(found.reason.find("\"note/aa/hello.md\"") != std::string::npos);
    }
    const auto nested = kSharded.classify("note/sub/x.md");
    CHECK(nested.kind == PathKind::refused);
    CHECK(nested.reason.find("note/" + shard("sub/x") + "/sub/x.md") != std::string::npos);
    CHECK(kSharded.classify("note/AA/hello.md").kind == PathKind::refused);
}

TEST_CASE("key path: names without a key are refused and the right name told") {
    const std::map<std::string, std::string> cases{
        {"note/a:b.md", "note/a%3Ab.md"},         {"note/CON.md", "note/%43ON.md"},
        {"note/dir./x.md", "note/dir%2E/x.md"},   {"no|te/x.md", "no%7Cte/x.md"},
        {"note/a%3Ab:.md", "note/a%253Ab%3A.md"}, {"note/a\\b.md", "note/a%5Cb.md"},
    };
    for (const auto& [path, place] : cases) {
        const auto found = kFlat.classify(path);
        CHECK(found.kind == PathKind::refused);
        INFO(found.reason);
        CHECK(found.reason.find("\"" + place + "\"") != std::string::npos);
        CHECK(found.reason.find('\n') == std::string::npos);
    }
    const auto latin1 = kFlat.classify("note/caf\xE9.md");
    CHECK(latin1.kind == PathKind::refused);
    CHECK(latin1.reason.find("UTF-8") != std::string::npos);
    CHECK(kFlat.classify("note/" + std::string(300, 'x') + ".md").kind == PathKind::refused);
    CHECK(kFlat.classify("note/%2E.md").kind == PathKind::entity);  // Literal: "." is no segment.
}

TEST_CASE("key path: what is no entity is left to git") {
    for (const auto* path :
         {"readme.md", "note/x.txt", "note/x.MD", "note/.md", "note/..md", "note/.hidden.md",
          ".obsidian/x.md", "note/.trash/x.md", ".gitignore", "note/.gitattributes", ".gitmodules",
          ".github/x.md", "LICENSE", "note/.env.sample", "note/sedentary"}) {
        INFO(path);
        CHECK(kFlat.classify(path).kind == PathKind::plain);
        CHECK(kSharded.classify(path).kind == PathKind::plain);
    }
}

TEST_CASE("key path: what no other replica would take is told with its reason") {
    for (const auto* path :
         {"note/caf\xE9.txt", "back\\slash.png", "tab\t", "note/.hid\x7F", "fold\\er/x.txt"}) {
        const auto found = kFlat.classify(path);
        INFO(path);
        CHECK(found.kind == PathKind::unfit);
        CHECK(found.reason.find("rename it") != std::string::npos);
        CHECK(kSharded.classify(path).kind == PathKind::unfit);
    }
}

TEST_CASE("key path: litter and private folders are never looked at [trap-12]") {
    for (const auto& path : {".git/config"s,
                             "note/.git/x.md"s,
                             ".GIT/x.md"s,
                             ".git./x.md"s,
                             "git~1/x.md"s,
                             ".g\u200Cit/x.md"s,
                             ".git"s,
                             ".git::$INDEX_ALLOCATION/x"s,
                             ".fluentsync/tmp/x.md"s,
                             ".FluentSync/x"s,
                             "FLUENT~1/config.json"s,
                             "note/fluen~10/x.md"s,
                             "fl1A2b~9/config.json"s,
                             "note/.x.md.swp"s,
                             "note/.x.md.swo"s,
                             "note/.x.md.swx"s,
                             "note/4913"s,
                             "note/.#x.md"s,
                             "note/#x.md#"s,
                             "note/x.md~"s,
                             ".DS_Store"s,
                             "note/Thumbs.db"s,
                             "note/desktop.ini"s,
                             "note/x.md.tmp"s,
                             "note/x.part"s,
                             "note/x.crdownload"s,
                             "note/x.md.vsctmp"s,
                             "note/.goutputstream-ABC123"s,
                             "note/.nfs000000000123"s,
                             "note/sedAb3dEf"s,
                             "note/.x.md.kate-swp"s,
                             "note/.x.md.aB3dEf"s,
                             "note/.~lock.x.odt#"s,
                             "note/x.md___jb_tmp___"s,
                             ""s,
                             "/note/x.md"s,
                             "note//x.md"s,
                             "note/../x.md"s,
                             "note/./x.md"s,
                             "note/x.md/"s,
                             "note/a\0b.md"s}) {
        INFO(path);
        CHECK(kFlat.classify(path).kind == PathKind::excluded);
    }
    CHECK(codec::excluded_folder("a/b/.Git"));
    CHECK(codec::excluded_folder(".fluentsync"));
    CHECK_FALSE(codec::excluded_folder("a/git/.github"));
    CHECK_FALSE(codec::excluded_folder("note"));
}

TEST_CASE("key path: what of a git tree may reach the disk [trap-37]") {
    for (const auto& path :
         {"note/x.md"s, "a b/c"s, ".gitignore"s, "x"s, "a:b.md"s, "CON"s, "caf\u00E9"s, "git"s, "a.git/x"s,
          "git~2"s, ".gitmodules"s, "fluent~x"s, "fluent~"s, "fluent~10"s, "fluents~1"s, "flzzzz~1"s,
          "fluent"s, "fl1a2b~1x"s, std::string(255, 'x')}) {
        INFO(path);
        CHECK(codec::safe_tree_path(path));
    }
    for (const auto& path : {""s,
                             "/x"s,
                             "x/"s,
                             "a//b"s,
                             ".."s,
                             "a/../b"s,
                             "./x"s,
                             ".git/hooks/pre-commit"s,
                             "a/.GiT"s,
                             ".git "s,
                             ".git. ./x"s,
                             "GIT~1/x"s,
                             ".git::$DATA"s,
                             ".git:x"s,
                             "\u200D.git/x"s,
                             ".gi\uFEFFt/x"s,
                             ".gi\u206At"s,
                             "a\\b"s,
                             ".git\\x"s,
                             "a\0"s,
                             "a\nb"s,
                             "a\x7F"s,
                             "caf\xE9"s,
                             ".fluentsync/store.db"s,
                             ".FLUENTSYNC"s,
                             ".fluentsync. "s,
                             "fluent~0"s,
                             "FLUENT~1/config.json"s,
                             "a/FlUeNt~9. /x"s,
                             "fluent~4::$INDEX_ALLOCATION/x"s,
                             "FLUEN~12/x"s,
                             "FL0BC4~1/config.json"s,
                             "flffff~3"s,
                             "fl9a1~27/x"s,
                             std::string(256, 'x')}) {
        INFO(path);
        CHECK_FALSE(codec::safe_tree_path(path));
    }
}

TEST_CASE("key path: every key leads to its file and back, in both layouts [trap-38]") {
    CHECK(rc::check("classify(to_path(key)) is {entity, key}", [] {
        const EntityKey key{*tests::any_text(4), *tests::any_id()};
        RC_PRE(is_valid(key));
        for (const auto& map : {kFlat, kSharded}) {
            const auto path = map.to_path(key);
            const auto found = map.classify(path);
            RC_ASSERT(found.kind == PathKind::entity);
            RC_ASSERT(found.key == key);
            RC_ASSERT(codec::safe_tree_path(path));
            RC_ASSERT(!codec::excluded_folder(path));
        }
    }));
}

TEST_CASE("key path: a file of any name leads to one key and back, or says what to do") {
    CHECK(rc::check("to_path(classify(path).key) is path, and a refusal names a place that is taken", [] {
        const auto path = *tests::any_text(3) + "/" + *tests::any_id() + ".md";
        for (const auto& map : {kFlat, kSharded}) {
            const auto found = map.classify(path);
            RC_CLASSIFY(found.kind == PathKind::entity, "entity");
            if (found.kind == PathKind::entity) RC_ASSERT(map.to_path(found.key) == path);
            const bool refused = found.kind == PathKind::refused || found.kind == PathKind::unfit;
            RC_ASSERT(refused == !found.reason.empty());
        }
    }));
    CHECK(rc::check("a portable name always has a key", [] {
        auto name = *rc::gen::nonEmpty(
            rc::gen::container<std::string>(rc::gen::elementOf("%%%2345ABCDEFabz0 .-_~#{}"s)));
        RC_PRE(name.front() != '.' && name.size() < 200);
        const auto path = "note/" + name + ".md";
        const auto found = kFlat.classify(path);
        RC_ASSERT(found.kind == PathKind::entity);
        RC_ASSERT(kFlat.to_path(found.key) == path);
    }));
}

TEST_CASE("key path: two keys never share a path") {
    // All strings over a small alphabet that can spell escapes of escapes.
    const std::vector<std::string> pieces{"%", "25", "3A", ":", "2E", ".", "a"};
    std::vector<std::string> ids{""};
    for (std::size_t from = 0, round = 0; round < 5; ++round) {
        const auto to = ids.size();
        for (; from < to; ++from) {
            for (const auto& piece : pieces)
                ids.push_back(ids[from] + piece);
        }
    }
    std::map<std::string, std::string> owner;
    for (const auto& id : std::set<std::string>(ids.begin(), ids.end())) {
        if (id.empty() || id == "." || id == "..") continue;
        const auto [place, fresh] = owner.emplace(flat(id), id);
        INFO(place->second << " and " << id);
        REQUIRE(fresh);
    }
    CHECK(owner.size() > 5000);
}

TEST_CASE("key path: escapes of escapes to the limit of a name stay cheap") {
    std::string id = "%";
    while (id.size() < 200)
        id += "25";
    const auto path = flat(id + "3A");
    CHECK(kFlat.classify(path).key.id == id + "3A");
}
