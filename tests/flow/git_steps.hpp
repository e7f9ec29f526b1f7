/// Steps that the flow tests with git share.
#pragma once

#include <chrono>
#include <set>
#include <string>
#include <thread>

#include "place.hpp"

namespace fluentsync::flow {

/// Polls until `condition` holds; the bound is a safety net.
template <typename Condition>
bool wait_until(const Condition& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (std::chrono::steady_clock::now() < end) {
        if (condition()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return condition();
}

/// The options of `place`, with a remote.
inline WorkspaceOptions with_remote(const Place& place, const std::string& remote) {
    WorkspaceOptions options = place.options;
    options.git.remote = remote;
    return options;
}

/// The remote's person commits whatever has changed there, and pushes. Returns the remote's new tip.
inline std::string person_pushes(const support::BareRemote& remote) {
    support::run_git(remote.person(), {"add", "-A"});
    support::run_git(remote.person(), {"commit", "-q", "-m", "by a person"});
    support::run_git(remote.person(), {"push", "-q", "origin", "main"});
    return remote.tip("main");
}

inline std::set<std::string> held_paths(const Workspace& workspace) {
    std::set<std::string> paths;
    for (const Held& held : workspace.status().directory.held) {
        paths.insert(held.path);
    }
    return paths;
}

/// What `git status` says to a person; empty: clean.
inline std::string git_status(const Place& place) {
    return place.git({"status", "--porcelain"});
}

/// The paths of HEAD's tree, a line each.
inline std::string tree_paths(const Place& place, const std::string& commit = "HEAD") {
    return place.git({"-c", "core.quotePath=false", "ls-tree", "-r", "--name-only", commit});
}

/// The drifts that verify() finds, for a readable failure; empty: none.
inline std::string drifts(const Workspace& workspace) {
    std::string text;
    for (const Drift& drift : workspace.verify().drifts) {
        text += drift.path + ": " + drift.what + "\n";
    }
    return text;
}

inline std::string content_of(Workspace& workspace, const std::string& type, const std::string& id) {
    const auto entity = workspace.store().get({type, id});
    return entity ? entity->content : "(no entity)";
}

}  // namespace fluentsync::flow
