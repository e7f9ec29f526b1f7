// close() beside other calls of the API, or within one: what it cuts short is taken up later, and it leaves
// nothing.
#include <malloc.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <thread>

#include "git_steps.hpp"
#include "http_git_server.hpp"
#include "pair.hpp"

namespace fluentsync::flow {

namespace {

constexpr int kManyEntities = 6'000;
constexpr int kStarts = 600;

std::vector<EntityDraft> many_drafts() {
    std::vector<EntityDraft> drafts;
    for (int i = 0; i < kManyEntities; ++i) {
        drafts.push_back({"note", std::to_string(i), "text\n"});
    }
    return drafts;
}

}  // namespace

TEST_CASE("close: beside a start it leaves no listener in the store") {
    mallopt(M_PERTURB, 0x5a);  // What is freed is no mutex any more.
    support::TempFolder base;
    EventLoop loop;
    EntityStore store(loop, {base / "store.db", 16384, false});
    DirectoryOptions options;
    options.sync_path = base / "notes";
    options.durable = false;
    for (int i = 0; i < kStarts; ++i) {
        std::atomic<bool> go{false};
        {
            DirectorySync directory(loop, store, options);
            std::thread starter([&] {
                go.wait(false);
                code_of([&] { directory.start(); });
            });
            std::thread closer([&] {
                go.wait(false);
                std::this_thread::sleep_for(
                    std::chrono::microseconds(i * 7 % 3000));  // Anywhere in the start.
                directory.close();
            });
            go = true;
            go.notify_all();
            starter.join();
            closer.join();
        }
        store.put({"note", "a", std::to_string(i)});
    }
    mallopt(M_PERTURB, 0);
    CHECK(store.get({"note", "a"})->content == std::to_string(kStarts - 1));
}

TEST_CASE("close: while a start takes another folder it leaves no entity without its file") {
    Pair pair;
    pair.store().put_all(many_drafts());
    pair.directory().flush();
    pair.close();
    pair.options.sync_path = pair.base.path() + "/other";
    pair.open();
    REQUIRE(pair.directory().status().pending_exports == 0);
    std::thread starter([&] { code_of([&] { pair.directory().start(); }); });
    while (pair.directory().status().pending_exports == 0) {
        std::this_thread::yield();
    }
    pair.directory().close();
    starter.join();
    pair.reopen();
    pair.directory().flush();
    int files = 0;
    for (int i = 0; i < kManyEntities; ++i) {
        files += pair.has("note/" + std::to_string(i) + ".md") ? 1 : 0;
    }
    CHECK(files == kManyEntities);
}

TEST_CASE("close: in the callback for credentials it is misuse and closes nothing") {
    support::BareRemote remote;
    remote.push_file("note/a.md", "a\n");
    support::HttpGitServer server(remote.base(), "user", "secret");
    Place place;
    place.options.git.remote = server.url(remote.name());
    Workspace* self = nullptr;
    std::vector<ErrorCode> answers;
    place.options.git.credentials = [&](const CredentialsRequest&) -> std::optional<Credentials> {
        if (answers.empty()) {
            answers = {code_of([&] { self->close(); }), code_of([&] { self->git().close(); }),
                       code_of([&] { self->git().pull(); })};
        }
        return Credentials{"user", "secret"};
    };
    Workspace workspace(place.options);
    self = &workspace;
    workspace.store().put({"note", "b", "b\n"});
    workspace.sync();
    CHECK(answers == std::vector(3, ErrorCode::misuse));
    CHECK(place.read("note/a.md") == "a\n");
    workspace.store().put({"note", "c", "c\n"});
    workspace.sync();
    CHECK(tree_paths(place, remote.tip("main")) == "note/a.md\nnote/b.md\nnote/c.md");
}

TEST_CASE("close: a call that waits for files or git is misuse inside a transaction") {
    Place place;
    Workspace workspace(place.options);
    std::vector<ErrorCode> codes;
    workspace.store().transaction([&](EntityTransaction& writes) {
        writes.put({"note", "b", "b\n"});
        codes = {code_of([&] { workspace.directory().flush(); }),
                 code_of([&] { workspace.directory().start(); }),
                 code_of([&] { workspace.directory().import_all(); }),
                 code_of([&] { workspace.git().commit(); }),
                 code_of([&] { workspace.git().sync(); }),
                 code_of([&] { workspace.start(); }),
                 code_of([&] { workspace.sync(); })};
    });
    CHECK(codes == std::vector(7, ErrorCode::misuse));
    workspace.sync();
    CHECK(tree_paths(place) == "note/b.md");
}

}  // namespace fluentsync::flow
