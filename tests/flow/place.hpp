/// A folder with a workspace's options, for flow tests: short debounces, everything else as a user has it.
#pragma once

#include <filesystem>
#include <string>

#include "bare_remote.hpp"
#include "event_log.hpp"
#include "fluentsync/fluentsync.hpp"
#include "temp_folder.hpp"

namespace fluentsync::flow {

using support::read_file;
using support::write_file;

/// The code of the Error that `call` throws; ok when it throws none.
template <typename Call>
ErrorCode code_of(const Call& call) {
    try {
        call();
    } catch (const Error& error) {
        return error.code();
    }
    return ErrorCode::ok;
}

/// One machine: its folder, its database beside it.
class Place {
  public:
    Place() {
        options.store.path = base.path() + "/store.db";
        options.store.durable = false;
        options.directory.sync_path = root();
        options.directory.sync_debounce = std::chrono::milliseconds(20);
        options.directory.durable = false;
        options.git.commit_debounce = std::chrono::milliseconds(40);
        options.git.durable = false;
        options.git.author_name = "A Person";
        options.git.author_email = "person@example.org";
    }
    std::string root() const { return base.path() + "/notes"; }
    std::string file(const std::string& path) const { return root() + "/" + path; }
    bool has(const std::string& path) const { return std::filesystem::exists(file(path)); }
    std::string read(const std::string& path) const { return read_file(file(path)); }
    void write(const std::string& path, const std::string& content) const { write_file(file(path), content); }
    void remove(const std::string& path) const { std::filesystem::remove(file(path)); }
    std::string git(std::vector<std::string> arguments) const { return support::run_git(root(), arguments); }
    std::string head() const { return git({"rev-parse", "HEAD"}); }
    int commits() const { return std::stoi(git({"rev-list", "--count", "HEAD"})); }

    support::TempFolder base;
    WorkspaceOptions options;
};

/// Full automation against `remote`.
inline void automate(Place& place, const std::string& remote) {
    place.options.git.auto_sync = true;
    place.options.git.auto_push = !remote.empty();
    place.options.git.remote = remote;
}

}  // namespace fluentsync::flow
