/// A pull that fails half-way, again and again until the remote is mended: its last file is longer than any
/// that this process may write.
#pragma once

#include <sys/resource.h>

#include <csignal>
#include <optional>

#include "git_steps.hpp"

namespace fluentsync::flow {

/// While it lives, no file of this process grows beyond `bytes`.
class FilesEndAt {
  public:
    explicit FilesEndAt(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        getrlimit(RLIMIT_FSIZE, &before_);
        rlimit limit = before_;
        limit.rlim_cur = bytes;
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FilesEndAt() {
        setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }
    FilesEndAt(const FilesEndAt&) = delete;
    FilesEndAt& operator=(const FilesEndAt&) = delete;

  private:
    void (*handler_)(int);
    rlimit before_ = {};
};

/// A remote with note/changed.md, note/kept.md and early.txt at "one", and a machine in step with it.
class HalfPull {
  public:
    HalfPull() {
        remote.push_file("note/changed.md", "one\n");
        remote.push_file("note/kept.md", "one\n");
        remote.push_file("early.txt", "one\n");
        workspace.emplace(with_remote(place, remote.path()));
        workspace->sync();
    }

    void person_writes(const std::string& path, const std::string& text) const {
        write_file(remote.person() + "/" + path, text);
    }
    void person_removes(const std::string& path) const {
        std::filesystem::remove(remote.person() + "/" + path);
    }
    /// The three at "two", note/new.md and whatever else the person has prepared come here; two files more
    /// come behind them, and the last cannot.
    void bring() {
        person_writes("note/changed.md", "two\n");
        person_writes("note/kept.md", "two\n");
        person_writes("note/new.md", "new\n");
        person_writes("early.txt", "two\n");
        bring_what_is_prepared();
        REQUIRE(place.read("note/changed.md") == "two\n");
        REQUIRE(place.read("early.txt") == "two\n");
    }
    void bring_what_is_prepared() {
        person_writes("plain.txt", std::string(9'000'000, 'y'));  // More than is written down in one go.
        person_writes("wrecked.txt", std::string(10'000'000, 'w'));
        person_pushes(remote);
        full.emplace(9'500'000);
        REQUIRE_THROWS_AS(workspace->git().pull(), Error);
        REQUIRE_FALSE(place.has("wrecked.txt"));
    }
    /// A next commit without the file that could not come.
    void person_mends() {
        person_removes("wrecked.txt");
        person_pushes(remote);
        full.reset();
    }
    void reopen() {
        workspace.reset();
        workspace.emplace(with_remote(place, remote.path()));
    }
    void check_converged() {
        CHECK(workspace->store().conflicts().empty());
        CHECK(remote.tip("main") == place.head());
        CHECK(git_status(place).empty());
        CHECK(drifts(*workspace).empty());
    }

    support::BareRemote remote;
    Place place;
    std::optional<Workspace> workspace;
    std::optional<FilesEndAt> full;
};

}  // namespace fluentsync::flow
