// close() while a remote has accepted and never answers. network_timeout is an hour. Hosts are promised two
// seconds, so this is the one place where a test looks at a clock.
#include <catch2/catch.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <thread>

#include "git_steps.hpp"
#include "loopback.hpp"

namespace fluentsync::flow {

namespace {

std::string packet(const std::string& line) {
    char length[5];
    std::snprintf(length, sizeof length, "%04zx", line.size() + 4);
    return length + line;
}

/// What a server says before a push: no reference yet, and what it can do. It takes the pack, and never
/// reports.
std::string push_greeting(const std::string& scheme) {
    const std::string zero(40, '0');
    const std::string references =
        packet(zero + " capabilities^{}" + '\0' + "report-status delete-refs ofs-delta agent=git/2.39\n") +
        "0000";
    if (scheme == "git") return references;
    const std::string body = packet("# service=git-receive-pack\n") + "0000" + references;
    return "HTTP/1.1 200 OK\r\nContent-Type: "
           "application/x-git-receive-pack-advertisement\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

void configure(Place& place, const std::string& url, bool automatic) {
    place.options.git.remote = url;
    place.options.git.auto_sync = automatic;
    place.options.git.auto_push = automatic;
    place.options.git.network_timeout = std::chrono::hours(1);
}

void make_repository(const Place& place) {
    std::filesystem::create_directories(place.root());
    place.git({"init", "-q", "-b", "main"});
    support::commit_file(place.root(), "note/first.md", "first\n");
}

template <typename Closable>
void closes_in_time(Closable& closable) {
    const auto begin = std::chrono::steady_clock::now();
    closable.close();
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(2));
}

/// The three classes one by one, as a host uses them that wants to close git alone.
struct Parts {
    explicit Parts(const WorkspaceOptions& options)
        : store(loop, options.store),
          directory(loop, store, options.directory),
          git(loop, store, directory, options.git) {}
    EventLoop loop;
    EntityStore store;
    DirectorySync directory;
    GitSync git;
};

}  // namespace

TEST_CASE("close: a call that hangs on the remote ends with it [trap-27] [trap-51]") {
    const std::string scheme = GENERATE("git", "http");
    const std::string call = GENERATE("pull", "push", "push without a report", "sync");
    INFO(scheme << " " << call);
    support::SilentServer silent(call == "push without a report" ? push_greeting(scheme) : "");
    Place place;
    configure(place, silent.url(scheme), false);
    make_repository(place);
    Workspace workspace(place.options);
    ErrorCode code = ErrorCode::ok;
    std::thread caller([&] {
        code = code_of([&] {
            if (call == "pull") {
                workspace.git().pull();
            } else if (call == "sync") {
                workspace.sync();
            } else {
                workspace.git().push();
            }
        });
    });
    silent.wait_for_clients(1);
    closes_in_time(workspace);
    caller.join();
    CHECK((code == ErrorCode::cancelled || code == ErrorCode::closed));
}

TEST_CASE("close: a first clone that hangs at the start ends with it [trap-27] [trap-51]") {
    const std::string scheme = GENERATE("git", "http");
    INFO(scheme);
    support::SilentServer silent;
    Place place;
    configure(place, silent.url(scheme), true);
    Workspace workspace(place.options);
    workspace.store().put({"note", "a", "text\n"});
    workspace.start();
    silent.wait_for_clients(1);
    closes_in_time(workspace);
    CHECK_FALSE(place.has(".git/refs/heads/main"));  // It had still been waiting for the remote's history.
}

TEST_CASE("close: git alone, while a call hangs and the folder goes on [trap-27] [trap-51]") {
    const std::string scheme = GENERATE("git", "http");
    INFO(scheme);
    support::SilentServer silent;
    Place place;
    configure(place, silent.url(scheme), true);
    make_repository(place);
    EventLog log;
    Parts parts(place.options);
    const auto subscription = parts.store.subscribe(log);
    const auto files = parts.directory.subscribe(log);
    parts.directory.start();
    parts.git.start();
    silent.wait_for_clients(1);
    closes_in_time(parts.git);
    CHECK(code_of([&] { parts.git.pull(); }) == ErrorCode::closed);
    parts.store.put({"note", "after", "after\n"});
    REQUIRE(log.wait_for(entity_event(EventKind::file_exported, "after")));
    place.write("note/edited.md", "edited\n");
    REQUIRE(log.wait_for(entity_event(EventKind::file_imported, "edited")));
}

TEST_CASE("close: git alone does not wait for a long export, which goes on behind it [trap-51]") {
    constexpr int kMany = 30'000;
    Place place;
    place.options.directory.layout = Layout::sharded;
    place.options.git.auto_sync = true;
    EventLog log;
    Parts parts(place.options);
    std::vector<EntityDraft> drafts;
    for (int i = 0; i < kMany; ++i) {
        drafts.push_back({"note", std::to_string(i), "content\n"});
    }
    parts.store.put_all(drafts);
    const auto files = [&] {
        int count = 0;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(place.file("note"))) {
            count += entry.is_regular_file() ? 1 : 0;
        }
        return count;
    };
    const auto subscription = parts.directory.subscribe(log);
    const bool by_itself = GENERATE(true, false);
    std::optional<std::thread> caller;
    ErrorCode code = ErrorCode::ok;
    if (by_itself) {
        parts.git.start();
        parts.directory.start();
    } else {
        caller.emplace([&] { code = code_of([&] { parts.directory.flush(); }); });
    }
    REQUIRE(log.wait_for(EventKind::file_exported));
    parts.git.close();
    CHECK(files() < kMany);
    if (caller) {
        caller->join();  // A call that waits for everything still does.
        CHECK(code == ErrorCode::ok);
    } else {
        REQUIRE(wait_until([&] { return parts.directory.status().pending_exports == 0; }));
    }
    CHECK(files() == kMany);
    parts.directory.flush();
    CHECK(parts.directory.status().pending_exports == 0);
}

}  // namespace fluentsync::flow
