// A remote that is damaged, or hostile: nothing of what git would refuse is kept, and nothing stops for it.
#include <catch2/catch.hpp>

#include "git_steps.hpp"
#include "served_remote.hpp"

namespace fluentsync::flow {

namespace {

namespace fs = std::filesystem;

std::string in_remote(const support::BareRemote& remote, std::vector<std::string> arguments) {
    return support::run_git(remote.path(), std::move(arguments));
}

std::string object_of(const support::BareRemote& remote, const std::string& type, const std::string& bytes) {
    write_file(remote.below("object"), bytes);
    return in_remote(remote, {"hash-object", "-w", "-t", type, "--literally", remote.below("object")})
        .substr(0, 40);
}

std::string entry(const std::string& mode, const std::string& name, const std::string& hex) {
    std::string raw;
    for (std::size_t i = 0; i < hex.size(); i += 2)
        raw += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    return mode + " " + name + std::string(1, '\0') + raw;
}

std::string file_of(const support::BareRemote& remote, const std::string& hex) {
    return remote.path() + "/objects/" + hex.substr(0, 2) + "/" + hex.substr(2);
}

/// Makes it the remote's tip, on top of what is there.
void make_tip(const support::BareRemote& remote, const std::string& tree) {
    const std::string commit = object_of(
        remote, "commit",
        "tree " + tree + "\nparent " + remote.tip("main") +
            "\nauthor P <p@e.org> 1700000000 +0000\ncommitter P <p@e.org> 1700000000 +0000\n\nbad\n");
    write_file(remote.path() + "/refs/heads/main", commit + "\n");
}

void spoil(const support::BareRemote& remote, const std::string& kind) {
    const std::string blob = object_of(remote, "blob", "text of " + kind + "\n");
    if (kind == "a bomb") {
        const std::string zeros = object_of(remote, "blob", std::string(std::size_t{30} << 20, '\0'));
        return make_tip(remote, object_of(remote, "tree", entry("100644", "bomb.md", zeros)));
    }
    const std::string one = entry("100644", "a.md", blob);
    if (kind == "a malformed tree") return make_tip(remote, object_of(remote, "tree", one + one));
    if (kind == "a wrong type") {
        return make_tip(remote, object_of(remote, "tree", one + entry("40000", "b", blob)));
    }
    make_tip(remote, object_of(remote, "tree", one));
    fs::remove(file_of(remote, blob));
    if (kind == "an object that cannot be read") write_file(file_of(remote, blob), "garbage");
}

/// Names of packs and of temporary files.
std::set<std::string> packs_of(const Place& place) {
    std::set<std::string> names;
    for (const auto& one : fs::recursive_directory_iterator(place.file(".git/objects"))) {
        const std::string name = one.path().filename().string();
        if (name.find("pack_") == 0 || name.find("pack-") == 0 || name.find("fluentsync") == 0) {
            names.insert(name);
        }
    }
    return names;
}

}  // namespace

TEST_CASE("pull: of what git refuses nothing is kept, local work goes on, and a repaired remote is pulled") {
    const std::string transport = GENERATE("path", "http");
    const std::string kind = GENERATE("an object that is missing", "an object that cannot be read",
                                      "a wrong type", "a malformed tree", "a bomb");
    if (!support::ServedRemote::available(transport)) return;
    INFO(transport << ": " << kind);
    support::BareRemote remote;
    const std::string sound = remote.push_file("note/a.md", "a\n");
    const support::ServedRemote served(remote, transport);
    Place place;
    WorkspaceOptions options = with_remote(place, served.url());
    options.git.max_fetch_bytes = 1 << 20;
    std::optional<Workspace> workspace(std::in_place, options);
    workspace->sync();
    const auto before = packs_of(place);
    spoil(remote, kind);
    for (const bool reopened : {false, true}) {
        if (reopened) {
            workspace.reset();
            workspace.emplace(options);
        }
        try {
            workspace->git().pull();
            FAIL("was pulled");
        } catch (const Error& error) {
            INFO(error.what());
            CHECK(std::string(error.what()).find('\n') == std::string::npos);
            CHECK((error.code() == ErrorCode::repository || error.code() == ErrorCode::too_large ||
                   error.code() == ErrorCode::remote_unreachable));
        }
        CHECK(packs_of(place) == before);
        workspace->store().put({"note", reopened ? "c" : "b", "local\n"});
        CHECK_FALSE(workspace->git().commit().commit.empty());
        CHECK(place.git({"rev-parse", "origin/main"}) == sound);
        CHECK(place.git({"fsck", "--full", "--strict", "--no-dangling"}).empty());
    }
    write_file(remote.path() + "/refs/heads/main", sound + "\n");
    remote.push_file("note/repaired.md", "repaired\n");
    place.git({"gc", "-q", "--prune=now"});
    workspace->sync();
    CHECK(content_of(*workspace, "note", "repaired") == "repaired\n");
    CHECK(remote.tip("main") == place.head());
    CHECK(drifts(*workspace).empty());
    CHECK(place.git({"fsck", "--full", "--strict", "--no-dangling"}).empty());
}

}  // namespace fluentsync::flow
