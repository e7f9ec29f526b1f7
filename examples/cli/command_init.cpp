#include <fluentsync/fluentsync.hpp>
#include <optional>
#include <utility>

#include "commands.hpp"
#include "exit_code.hpp"
#include "output.hpp"
#include "progress_line.hpp"
#include "remote_url.hpp"
#include "root.hpp"

namespace cli {
namespace {

using fluentsync::Error;
using fluentsync::ErrorCode;

std::string new_config(const Arguments& words, const std::string& remote) {
    Json directory{{"syncPath", ".."}};
    if (!words.layout.empty()) directory["layout"] = words.layout;
    Json git{{"autoSync", true}, {"autoPush", !remote.empty()}};
    if (!remote.empty()) git["remote"] = remote;
    if (!words.branch.empty()) git["branch"] = words.branch;
    const Json config{{"store", {{"path", "store.db"}}}, {"directory", directory}, {"git", git}};
    return json_text(config, 2) + '\n';
}

/// Only what was asked for is compared: the rest of an edited config.json is its owner's.
void check_same_settings(const Root& root, const Arguments& words, const std::string& remote) {
    const auto old = root.options();
    const auto compare = [&root](const char* what, const std::string& now, const std::string& asked) {
        if (asked.empty() || asked == now) return;
        throw Error(ErrorCode::already_exists, root.folder() + " is set up with " + what + " \"" + now +
                                                   "\", not \"" + asked + "\"; to change it, edit " +
                                                   root.config_path());
    };
    compare("remote", split_remote(old.git.remote).url, remote);
    compare("branch", old.git.branch, words.branch);
    compare("layout", old.directory.layout == fluentsync::Layout::flat ? "flat" : "sharded", words.layout);
}

fluentsync::WorkspaceOptions settings(const Root& root, const std::string& config, const RemoteUrl& remote) {
    auto options = config.empty() ? root.options() : root.options_from(config);
    options.git.credentials = credentials_callback(remote.credentials);
    return options;
}

struct Imported {
    std::int64_t entities = 0;
    std::vector<fluentsync::Held> held;
    std::optional<Error> unreached;  ///< Why the remote's part is missing.
};

/// A network that is not there today. A path that leads nowhere is a mistake of the one who wrote it.
bool may_be_reached_later(const Error& error, const std::string& remote) {
    return exit_code(error.code()) == kRemote && remote.find("://") != std::string::npos;
}

Imported import(fluentsync::WorkspaceOptions options) {
    options.git.auto_sync = false;  // Nothing goes on behind what is asked for here.
    ProgressObserver progress;
    fluentsync::Workspace workspace(options);
    auto subscription = workspace.subscribe(progress);
    std::optional<Error> unreached;
    if (workspace.has_git() && !options.git.remote.empty()) {
        try {
            workspace.sync();
        } catch (const Error& error) {
            if (!may_be_reached_later(error, options.git.remote)) throw;
            unreached = error;
        }
    } else {
        // Opened first, the repository says which files it ignores.
        if (workspace.has_git()) workspace.git().start();
        workspace.directory().import_all();
    }
    Imported imported{workspace.store().count(), workspace.store().held(), std::move(unreached)};
    workspace.close();
    subscription.reset();
    progress.clear();
    return imported;
}

}  // namespace

int init_command(const Arguments& words) {
    const Root root(words);
    const auto remote = split_remote(words.remote);
    const bool known = root.is_set_up();
    if (known) check_same_settings(root, words, remote.url);
    const auto config = known ? std::string() : new_config(words, remote.url);
    const auto options = settings(root, config, remote);
    if (remote.had_secret) {
        complain(
            "the user name and password in --remote are not stored; set FLUENTSYNC_USERNAME and "
            "FLUENTSYNC_PASSWORD for later commands");
    }
    check_options(options);
    root.make_state();
    const auto imported = import(options);
    // Last: an init that failed, on a mistyped remote for one, can be said again in other words.
    if (!known) root.write_config(config);
    complain_held(imported.held);
    print(shown(root.folder()) + " is ready: " + counted(imported.entities, "entity") +
          (imported.held.empty() ? "" : ", " + std::to_string(imported.held.size()) + " held"));
    if (!imported.unreached) return kOk;
    complain(std::string(imported.unreached->what()) + "; all else is set up, and `fluentsync sync " +
             words.root + "` tries the remote again");
    return kRemote;
}

}  // namespace cli
