/// A bare repository and a person who pushes to it with git itself.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include "program.hpp"
#include "temp_folder.hpp"

namespace fluentsync::support {

inline void write_file(const std::string& path, const std::string& content) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << content;
}

inline std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Writes a file and commits it; returns the commit.
inline std::string commit_file(const std::string& folder, const std::string& path,
                               const std::string& content) {
    write_file(folder + "/" + path, content);
    run_git(folder, {"add", "-A"});
    run_git(folder, {"commit", "-q", "-m", "change " + path});
    return run_git(folder, {"rev-parse", "HEAD"});
}

class BareRemote {
  public:
    explicit BareRemote(const std::string& branch = "main", const std::string& name = "remote.git")
        : name_(name), branch_(branch) {
        must_run({"git", "init", "-q", "--bare", "-b", branch, path()});
        must_run({"git", "init", "-q", "-b", branch, person()});
        run_git(person(), {"remote", "add", "origin", path()});
    }

    /// The folder around, for servers.
    std::string base() const { return folder_.path(); }
    std::string name() const { return name_; }
    std::string path() const { return folder_ / name_; }
    std::string person() const { return folder_ / "person"; }
    std::string below(const std::string& path) const { return folder_ / path; }

    /// Somebody else commits and pushes; returns the commit.
    std::string push_file(const std::string& file, const std::string& content) const {
        const std::string commit = commit_file(person(), file, content);
        run_git(person(), {"push", "-q", "origin", branch_});
        return commit;
    }

    /// Empty when there is no such branch.
    std::string tip(const std::string& branch) const {
        const ProgramResult result =
            run_program({"git", "-C", path(), "rev-parse", "--verify", "-q", "refs/heads/" + branch});
        return result.exit_code == 0 ? result.output.substr(0, 40) : std::string();
    }

    void install_hook(const std::string& hook, const std::string& script) const {
        const std::string file = path() + "/hooks/" + hook;
        write_file(file, script);
        std::filesystem::permissions(file, std::filesystem::perms::owner_all);
    }

  private:
    TempFolder folder_;
    std::string name_;
    std::string branch_;
};

}  // namespace fluentsync::support
