// A repository that is damaged, or unusual, while store and folder are whole: mended where what is lost can
// be had again and checked, else told.
#include <catch2/catch.hpp>

#include "event_log.hpp"
#include "git_steps.hpp"

namespace fluentsync::flow {

namespace {

namespace fs = std::filesystem;

void put_notes(Workspace& workspace) {
    for (const char* id : {"1", "2", "3"})
        workspace.store().put({"note", id, std::string(id) + "\n"});
    workspace.sync();
}

EventLog::Match warns(const std::string& words) {
    return [words](const Event& event) {
        return event.kind == EventKind::warning && event.message.find(words) != std::string::npos;
    };
}

/// Neither git nor verify() has anything to say.
void check_mended(const Place& place, const Workspace& workspace) {
    CHECK(place.git({"fsck", "--full", "--strict", "--no-dangling"}).empty());
    CHECK(git_status(place).empty());
    CHECK(drifts(workspace).empty());
}

}  // namespace

TEST_CASE("git: a damaged index is made anew from HEAD, kept and told [trap-35]") {
    Place place;
    EventLog log;
    {
        Workspace workspace(place.options);
        put_notes(workspace);
    }
    const std::string whole = place.read(".git/index");
    const std::string damaged =
        GENERATE_COPY(std::string(), std::string("garbage"), whole.substr(0, whole.size() / 2),
                      std::string(whole.size(), '\0'));
    place.write(".git/index", damaged);
    Workspace workspace(place.options);
    const auto subscription = workspace.subscribe(log);
    SECTION("before a commit") {
        place.write("note/1.md", "edited\n");
    }
    SECTION("with HEAD where it was") {}
    workspace.sync();
    check_mended(place, workspace);
    CHECK(log.wait_for(warns("git's index was damaged")));
    CHECK(place.read(".git/lost-found/damaged/index-1") == damaged);
}

TEST_CASE(
    "git: an index without its checksum, or in two files, follows, and what is staged stays [trap-35]") {
    Place place;
    Workspace workspace(place.options);
    put_notes(workspace);
    place.write("staged.txt", "staged\n");
    place.git({"add", "staged.txt"});
    place.git({"rm", "-q", "--cached", "note/2.md"});
    place.remove("staged.txt");
    SECTION("in two files") {
        place.git({"update-index", "--split-index"});
    }
    SECTION("without its checksum") {
        const std::string whole = place.read(".git/index");
        place.write(".git/index", whole.substr(0, whole.size() - 20) + std::string(20, '\0'));
    }
    place.write("note/1.md", "edited\n");
    workspace.sync();
    CHECK(place.git({"show", "HEAD:note/1.md"}) == "edited");
    CHECK(place.git({"diff", "--cached", "--name-status"}) == "D\tnote/2.md\nA\tstaged.txt");
}

}  // namespace fluentsync::flow
