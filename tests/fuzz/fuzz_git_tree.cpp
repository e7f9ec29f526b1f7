// Trees as no git would write them, in a remote: a sync takes what is fit, holds or refuses the rest, and
// touches nothing outside the root and nothing of .git but what git keeps there.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>

#include "codec/key_path.hpp"
#include "fluentsync/fluentsync.hpp"
#include "fuzz_input.hpp"
#include "temp_folder.hpp"
#include "tree_builder.hpp"

using namespace fluentsync;
namespace fs = std::filesystem;

namespace {

std::string read_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// What a folder holds below it, names and bytes; links are not followed.
std::map<std::string, std::string> content_of(const fs::path& folder) {
    std::map<std::string, std::string> content;
    if (!fs::exists(folder)) return content;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const bool file = entry.is_regular_file() && !entry.is_symlink();
        content[entry.path().string()] = file ? read_file(entry.path()) : "";
    }
    return content;
}

/// A folder with one link that leads out of it, and things beside it that must stay as they are.
class Machine {
  public:
    explicit Machine(const std::string& remote) {
        fs::create_directories(root());
        fs::create_directories(victim());
        std::ofstream(victim() / "x.md") << "not yours\n";
        fs::create_directory_symlink(victim(), root() / "lnk");
        options_.store.path = base_ / "store.db";
        options_.store.durable = false;
        options_.directory.sync_path = root().string();
        options_.directory.durable = false;
        options_.git.remote = remote;
        options_.git.branch = "main";
        options_.git.durable = false;
        options_.git.author_name = "A Person";
        options_.git.author_email = "person@example.org";
    }

    fs::path root() const { return base_ / "root"; }
    const WorkspaceOptions& options() const { return options_; }

    void require_confined() const {
        for (const auto& entry : fs::directory_iterator(base_.path())) {
            const std::string name = entry.path().filename().string();
            fuzz::require(name == "root" || name == "victim" || name.rfind("store.db", 0) == 0,
                          "nothing is written beside the root", name);
        }
        const auto victims = content_of(victim());
        fuzz::require(victims.size() == 1 && victims.begin()->second == "not yours\n",
                      "nothing is written through a link");
        require_git_untouched();
        require_state_untouched();
        for (auto walk = fs::recursive_directory_iterator(root()); walk != fs::recursive_directory_iterator();
             ++walk) {
            const std::string path = walk->path().lexically_relative(root()).string();
            if (path == ".git" || path == ".fluentsync") {
                walk.disable_recursion_pending();
                continue;
            }
            fuzz::require(codec::safe_tree_path(path), "every name on the disk is a safe one", path);
            fuzz::require(!walk->is_symlink() || path == "lnk", "no link comes out of a tree", path);
        }
    }

  private:
    fs::path victim() const { return base_ / "victim"; }

    void require_git_untouched() const {
        static const std::vector<std::string> known{
            "HEAD",    "config", "description", "hooks",      "info",       "index",         "logs",
            "objects", "refs",   "packed-refs", "FETCH_HEAD", "fluentsync", "COMMIT_EDITMSG"};
        if (!fs::exists(root() / ".git")) return;
        for (const auto& entry : fs::directory_iterator(root() / ".git")) {
            const std::string name = entry.path().filename().string();
            fuzz::require(std::find(known.begin(), known.end(), name) != known.end(),
                          "nothing of a tree is written into .git", name);
        }
        for (const auto& [path, content] : content_of(root() / ".git/hooks")) {
            // libgit2's own, of every new repository.
            fuzz::require(path.ends_with("/README.sample"), "no hook comes out of a tree", path);
        }
        fuzz::require(read_file(root() / ".git/config").find("evil") == std::string::npos,
                      "no configuration comes out of a tree");
    }

    void require_state_untouched() const {
        static const std::vector<std::string> known{"folder-id", "lock", ".gitignore", "tmp", "rescued"};
        if (!fs::exists(root() / ".fluentsync")) return;
        for (const auto& entry : fs::directory_iterator(root() / ".fluentsync")) {
            const std::string name = entry.path().filename().string();
            fuzz::require(std::find(known.begin(), known.end(), name) != known.end(),
                          "nothing of a tree is written into .fluentsync", name);
        }
        const fs::path temporaries = root() / ".fluentsync/tmp";
        fuzz::require(!fs::exists(temporaries) || fs::is_empty(temporaries), "no temporary is left");
    }

    support::TempFolder base_;
    WorkspaceOptions options_;
};

/// False when the workspace says that it cannot.
bool sync_all(Workspace& workspace) {
    try {
        workspace.sync();
        return true;
    } catch (const Error& error) {
        const std::string message = error.what();
        fuzz::require(error.code() != ErrorCode::internal && error.code() != ErrorCode::misuse,
                      "a hostile tree is refused as such", message);
        fuzz::require(message.find('\n') == std::string::npos, "an error is one line", message);
        return false;
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input input(data, size);
    const support::TempFolder there;
    fuzz::TreeBuilder remote(there / "remote", input);
    const Machine machine(there / "remote");
    Workspace workspace(machine.options());
    for (int round = 0; round < 3 && !input.empty(); ++round) {
        remote.commit();
        if (input.flag()) workspace.store().put({"note", "mine", "round " + std::to_string(round) + "\n"});
        const bool done = sync_all(workspace);
        machine.require_confined();
        if (!done) continue;
        const std::string head = workspace.status().git->head;
        if (sync_all(workspace)) {
            fuzz::require(workspace.status().git->head == head, "a second sync finds nothing to do");
        }
        for (const Drift& drift : workspace.verify().drifts) {
            fuzz::require(false, "what was taken agrees everywhere", drift.path + ": " + drift.what);
        }
    }
    workspace.close();
    machine.require_confined();
    return 0;
}
