// Remotes that send what git would not keep, over each transport.
#include "../../support/served_remote.hpp"
#include "git/pack_file.hpp"
#include "git/remote.hpp"
#include "../../support/hand_made_pack.hpp"
#include "repo_fixture.hpp"

namespace fluentsync::git::test {

namespace {

namespace fs = std::filesystem;

/// A pack that git and libgit2 would make no index for. Returns its path without ".pack".
std::string plant(const support::BareRemote& remote, const std::string& pack,
                  std::vector<PackedObject> objects) {
    const auto trailer = base::ObjectId::from_raw(std::string_view(pack).substr(pack.size() - 20));
    const std::string name = remote.path() + "/objects/pack/pack-" + trailer.hex();
    support::write_file(name + ".pack", pack);
    support::write_file(name + ".idx", pack_index(std::move(objects), trailer));
    return name;
}

/// A commit whose file says to be longer than it is. Its names are right.
base::ObjectId plant_unreadable(const support::BareRemote& remote, const base::ObjectId& parent) {
    HandMadePack pack;
    std::vector<PackedObject> objects;
    const auto add = [&](unsigned type, const char* name, const std::string& bytes, std::size_t size) {
        const auto id = id_of(name, bytes);
        objects.push_back({id, 0, pack.add_raw(type, size, bytes)});
        return id;
    };
    const auto blob = add(kBlob, "blob", "unreadable\n", 40);
    const std::string tree = tree_entry("100644", "a.md", blob);
    const std::string commit = commit_text(add(kTree, "tree", tree, tree.size()), {parent});
    const auto id = add(kCommit, "commit", commit, commit.size());
    plant(remote, pack.bytes(), objects);
    return id;
}

std::vector<std::string> packs_of(const RepoFixture& repo) {
    std::vector<std::string> names;
    for (const auto& one : fs::recursive_directory_iterator(repo.folder() + "/.git/objects")) {
        if (one.path().string().find("pack_") != std::string::npos ||
            one.path().string().find("pack-") != std::string::npos) {
            names.push_back(one.path().filename().string());
        }
    }
    return names;
}

}  // namespace

TEST_CASE("fetch keeps nothing of what git refuses, and goes on when the remote is repaired") {
    const std::string transport = GENERATE("path", "git", "http");
    if (!support::ServedRemote::available(transport)) return;
    INFO(transport);
    const support::BareRemote remote;
    const auto sound = *base::ObjectId::from_hex(remote.push_file("a.md", "one\n"));
    const support::ServedRemote served(remote, transport);
    RepoFixture repo;
    const Cancellation cancellation;
    const RemoteAddress address{served.url(), nullptr, std::chrono::seconds(60)};
    const auto take = [&] {
        git::fetch(repo.repository(), address, "origin", "main", cancellation, nullptr);
    };
    take();
    const auto before = packs_of(repo);
    const auto tip = plant_unreadable(remote, sound);
    support::write_file(remote.path() + "/refs/heads/main", tip.hex() + "\n");
    try {
        take();
        FAIL("was taken");
    } catch (const Error& error) {
        INFO(error.what());
        CHECK(error.code() == ErrorCode::repository);
        CHECK(std::string(error.what()).find('\n') == std::string::npos);
        CHECK((transport == "path" || dynamic_cast<const RefusedPack*>(&error) != nullptr));
    }
    CHECK(packs_of(repo) == before);
    CHECK(repo.repository().ref("refs/remotes/origin/main") == sound);
    CHECK(repo.git_succeeds("fsck --full --strict"));
    CHECK(repo.git_succeeds("gc -q --prune=now"));
    support::write_file(remote.path() + "/refs/heads/main", sound.hex() + "\n");
    const auto repaired = *base::ObjectId::from_hex(remote.push_file("b.md", "two\n"));
    take();
    CHECK(repo.repository().ref("refs/remotes/origin/main") == repaired);
    CHECK(repo.git_succeeds("fsck --full --strict"));
}

}  // namespace fluentsync::git::test
