#include <rapidcheck.h>

#include <map>

#include "repo_fixture.hpp"

namespace fluentsync::git {

using test::code_of;
using test::RepoFixture;

namespace {

using Files = std::map<std::string, TreeFile>;

/// Names that sort differently as a file and as a folder are the interesting ones.
rc::Gen<std::string> path_gen() {
    const auto name = rc::gen::element<std::string>("a", "a.b", "a-", "a0", "b", "é", "a b", "A");
    return rc::gen::map(
        rc::gen::resize(3, rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(name))),
        [](const std::vector<std::string>& segments) {
            std::string path;
            for (const auto& segment : segments)
                path += (path.empty() ? "" : "/") + segment;
            return path;
        });
}

bool below(const std::string& path, const std::string& folder) {
    return path.size() > folder.size() && path.compare(0, folder.size(), folder) == 0 &&
           path[folder.size()] == '/';
}

/// What edit_tree() should make of a set of files.
void apply(Files& files, const TreeChange& change) {
    if (!change.file) {
        files.erase(change.path);
        return;
    }
    std::erase_if(files, [&](const auto& file) {
        return below(file.first, change.path) || below(change.path, file.first);
    });
    files[change.path] = *change.file;
}

/// The tree that git itself makes of a set of files.
std::string tree_by_git(const RepoFixture& fixture, const Files& files) {
    std::string input;
    for (const auto& [path, file] : files) {
        char mode[16];
        std::snprintf(mode, sizeof mode, "%06o ", file.mode);
        input += mode + file.id.hex() + "\t" + path;
        input.push_back('\0');
    }
    return fixture.git_line("read-tree --empty && git update-index -z --index-info && git write-tree", input);
}

/// Changes of which no two put a file at and below one path.
std::vector<TreeChange> changes_gen(const std::vector<base::ObjectId>& blobs) {
    Files taken;
    std::vector<TreeChange> changes;
    for (const auto& path : *rc::gen::container<std::vector<std::string>>(path_gen())) {
        if (taken.count(path) > 0) continue;
        TreeChange change{path, std::nullopt};
        if (*rc::gen::weightedElement<bool>({{3, true}, {1, false}})) {
            const bool clash = std::any_of(changes.begin(), changes.end(), [&](const TreeChange& other) {
                return other.file && (below(other.path, path) || below(path, other.path));
            });
            if (clash) continue;
            change.file = TreeFile{*rc::gen::elementOf(blobs),
                                   *rc::gen::element(kModeFile, kModeExecutable, kModeLink)};
        }
        taken[path] = {};
        changes.push_back(change);
    }
    return changes;
}

Files files_of(Repository& repository, const std::optional<base::ObjectId>& tree) {
    Files files;
    for_each_file(repository, tree,
                  [&](const std::string& path, const TreeFile& file) { files[path] = file; });
    return files;
}

}  // namespace

TEST_CASE("edited trees are those that git makes, and a diff leads from one to the other") {
    RepoFixture fixture;
    const std::vector blobs{fixture.blob("1"), fixture.blob("2"), fixture.blob("3")};
    REQUIRE(rc::check("random edits", [&] {
        Files files;
        std::optional<base::ObjectId> tree;
        for (int round = 0; round < 3; ++round) {
            const auto changes = changes_gen(blobs);
            // A removal names a file of before; what is put replaces whatever is in its way.
            for (const auto& change : changes) {
                if (!change.file) apply(files, change);
            }
            for (const auto& change : changes) {
                if (change.file) apply(files, change);
            }
            const auto before = tree;
            tree = fixture.tree(tree, changes);
            RC_ASSERT(files_of(fixture.repository(), tree) == files);
            RC_ASSERT(tree->hex() == tree_by_git(fixture, files));

            std::vector<TreeChange> forward;
            std::vector<TreeChange> back;
            std::string last;
            for (const auto& delta : diff_trees(fixture.repository(), before, tree)) {
                RC_ASSERT(last < delta.path);
                last = delta.path;
                RC_ASSERT(delta.before != delta.after);
                forward.push_back({delta.path, delta.after});
                back.push_back({delta.path, delta.before});
            }
            RC_ASSERT(fixture.tree(before, forward) == *tree);
            RC_ASSERT(fixture.tree(tree, back) == (before ? *before : fixture.tree(std::nullopt, {})));
        }
    }));
}

TEST_CASE("a file and a folder take each other's place; what is empty vanishes") {
    RepoFixture fixture;
    auto& repository = fixture.repository();
    const auto folder = fixture.tree(std::nullopt, {fixture.put("x/a/b.md", "1"), fixture.put("y", "2")});
    const auto file = fixture.tree(folder, {fixture.put("x/a", "3")});
    REQUIRE(files_of(repository, file).size() == 2);
    REQUIRE(find_in_tree(repository, file, "x/a"));
    REQUIRE_FALSE(find_in_tree(repository, file, "x/a/b.md"));
    REQUIRE(fixture.tree(file, {fixture.put("x/a/b.md", "1")}) == folder);

    // A removal of what is not there, or is a folder, changes nothing.
    REQUIRE(fixture.tree(folder, {{"x/a", std::nullopt}, {"y/z", std::nullopt}, {"q", std::nullopt}}) ==
            folder);
    const auto only_y = fixture.tree(folder, {{"x/a/b.md", std::nullopt}});
    REQUIRE_FALSE(find_in_tree(repository, only_y, "x"));
    const auto empty = fixture.tree(only_y, {{"y", std::nullopt}});
    REQUIRE(empty.hex() == "4b825dc642cb6eb9a060e54bf8d69288fbee4904");
    REQUIRE(diff_trees(repository, std::nullopt, empty).empty());
}

TEST_CASE("changes that cannot be a tree are refused") {
    RepoFixture fixture;
    const auto edit = [&](std::vector<TreeChange> changes) {
        return code_of([&] { fixture.tree(std::nullopt, std::move(changes)); });
    };
    for (const char* path : {"", "/a", "a/", "a//b"}) {
        REQUIRE(edit({fixture.put(path, "1")}) == ErrorCode::invalid_argument);
    }
    REQUIRE(edit({fixture.put("a", "1"), fixture.put("a", "2")}) == ErrorCode::invalid_argument);
    REQUIRE(edit({fixture.put("a", "1"), fixture.put("a.b", "2"), fixture.put("a/b", "3")}) ==
            ErrorCode::invalid_argument);
}

TEST_CASE("a non-ASCII path goes through edit, diff and git unquoted [trap-26] [trap-39]") {
    RepoFixture fixture;
    const std::string path = "nøte/日本/{x} 100%\t\"q\".md";
    const auto tree = fixture.tree(std::nullopt, {fixture.put(path, "hello\n")});
    const auto deltas = diff_trees(fixture.repository(), std::nullopt, tree);
    REQUIRE(deltas.size() == 1);
    REQUIRE(deltas[0].path == path);
    REQUIRE(find_in_tree(fixture.repository(), tree, path) == deltas[0].after);
    REQUIRE(fixture.git("ls-tree -r -z --name-only " + tree.hex()) == path + std::string(1, '\0'));
}

TEST_CASE("malformed trees are refused, whoever made them") {
    RepoFixture fixture;
    const auto blob = fixture.blob("x");
    const auto sub = fixture.tree(std::nullopt, {{"f", TreeFile{blob, kModeFile}}});
    const auto entry = [](const char* mode, const std::string& name, const base::ObjectId& id) {
        return mode + (" " + name) + std::string(1, '\0') + std::string(id.raw());
    };
    const auto code = [&](const std::string& bytes) {
        const auto id = fixture.loose_writer()->add(ObjectWriter::Kind::tree, bytes);
        return code_of([&] { diff_trees(fixture.repository(), std::nullopt, id); });
    };
    REQUIRE(code(entry("100644", "a", blob) + entry("40000", "b", sub)) == ErrorCode::ok);
    REQUIRE(code(entry("100644", "a", blob) + entry("100644", "a", blob)) == ErrorCode::corrupt);
    REQUIRE(code(entry("100644", "b", blob) + entry("100644", "a", blob)) == ErrorCode::corrupt);
    REQUIRE(code(entry("100644", "a/b", blob)) == ErrorCode::corrupt);
    REQUIRE(code(entry("100644", "", blob)) == ErrorCode::corrupt);
    REQUIRE(code(entry("100644", "a", blob) + entry("100644", "a.b", blob) + entry("40000", "a", sub)) ==
            ErrorCode::corrupt);
    REQUIRE(code(entry("40000", "a", blob)) == ErrorCode::corrupt);
    REQUIRE(code("100644 a") == ErrorCode::corrupt);
    REQUIRE(code_of([&] { diff_trees(fixture.repository(), base::hash_blob("none"), sub); }) ==
            ErrorCode::corrupt);
}

TEST_CASE("a tree that holds itself many times over is given up") {
    RepoFixture fixture;
    auto id = fixture.tree(std::nullopt, {fixture.put("f", "x")});
    for (int level = 0; level < 1100; ++level) {
        id = fixture.loose_writer()->add(ObjectWriter::Kind::tree,
                                         "40000 d" + std::string(1, '\0') + std::string(id.raw()));
    }
    REQUIRE(code_of([&] { diff_trees(fixture.repository(), std::nullopt, id); }) == ErrorCode::corrupt);
}

TEST_CASE("a hundred thousand changes in one call") {
    RepoFixture fixture;
    const auto blob = fixture.blob("x");
    std::vector<TreeChange> changes;
    for (int i = 0; i < 100'000; ++i) {
        char path[40];
        std::snprintf(path, sizeof path, "t%d/%02x/%06d.md", i % 10, i / 10 % 256, i);
        changes.push_back({path, TreeFile{blob, kModeFile}});
    }
    auto writer = fixture.pack_writer();
    const auto tree = edit_tree(fixture.repository(), std::nullopt, changes, *writer);
    writer->finish(false);
    REQUIRE(diff_trees(fixture.repository(), std::nullopt, tree).size() == 100'000);
    REQUIRE(fixture.tree(tree, {changes[77]}) == tree);
}

}  // namespace fluentsync::git
