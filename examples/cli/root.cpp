#include "root.hpp"

#include <filesystem>
#include <fluentsync/error.hpp>

#include "files.hpp"
#include "remote_url.hpp"

namespace cli {
namespace {

namespace fs = std::filesystem;
using fluentsync::Error;
using fluentsync::ErrorCode;
using fluentsync::StateFolder;

constexpr const char* kConfig = "config.json";
constexpr std::size_t kLargestConfig = 1 << 20;

std::string without_last_slash(const fs::path& path) {
    const auto normal = path.lexically_normal();
    return (normal.has_filename() || normal == normal.root_path() ? normal : normal.parent_path()).string();
}

}  // namespace

Root::Root(const Arguments& words) : given_(words.root), elsewhere_(!words.config.empty()) {
    if (given_.empty()) throw Error(ErrorCode::invalid_argument, "ROOT is empty; name a folder");
    folder_ = without_last_slash(fs::absolute(given_));
    config_path_ = elsewhere_ ? fs::absolute(words.config).string() : state_path() + "/" + kConfig;
}

bool Root::is_set_up() const {
    const auto found = state();
    return found && found->check_file(kConfig);
}

fluentsync::WorkspaceOptions Root::options() const {
    if (elsewhere_) return options_from(read_file(config_path_));
    const auto found = state();
    const auto config = found ? found->read(kConfig, kLargestConfig) : std::nullopt;
    if (!config) {
        throw Error(ErrorCode::cannot_open,
                    "no FluentSync workspace in " + given_ + ": run `fluentsync init " + given_ + "` first",
                    folder_);
    }
    return options_from(*config);
}

fluentsync::WorkspaceOptions Root::checked_options() const {
    auto checked = options();
    try {
        check_options(checked);
    } catch (const Error& error) {
        throw Error(error.code(), config_path_ + ": " + error.what(), config_path_);
    }
    return checked;
}

fluentsync::WorkspaceOptions Root::options_from(const std::string& config) const {
    try {
        auto options = fluentsync::parse_options(config);
        options.store.path = resolved(options.store.path);
        options.directory.sync_path = resolved(options.directory.sync_path);
        options.git.remote =
            resolve_remote(options.git.remote, fs::path(config_path_).parent_path().string());
        options.git.credentials = credentials_callback();
        if (!elsewhere_) check_own_paths(options);
        return options;
    } catch (const Error& error) {
        throw Error(error.code(), config_path_ + ": " + error.what(), config_path_);
    }
}

/// An empty path is the library's to complain about.
void Root::check_own_paths(const fluentsync::WorkspaceOptions& options) const {
    const auto refuse = [this](const std::string& what, const std::string& where, const std::string& wanted) {
        throw Error(ErrorCode::invalid_options, what + " leads to " + where +
                                                    ", and this file may come with " + folder_ +
                                                    ", so it must be " + wanted +
                                                    "; a file that says otherwise is named by --config FILE");
    };
    const auto& folder = options.directory.sync_path;
    if (!folder.empty() && folder != folder_) refuse("directory.syncPath", folder, "that folder (\"..\")");
    const auto& store = options.store.path;
    if (!store.empty() && store.rfind(state_path() + "/", 0) != 0)
        refuse("store.path", store, "in " + state_path());
}

fluentsync::StateFolder Root::make_state() const {
    std::error_code error;
    fs::create_directories(folder_, error);
    if (error)
        throw Error(ErrorCode::cannot_open, "cannot make " + folder_ + ": " + error.message(), folder_);
    return StateFolder::make(folder_);
}

std::optional<StateFolder> Root::state() const {
    return StateFolder::find(folder_);
}

void Root::write_config(const std::string& config) const {
    make_state().replace(kConfig, config);
}

/// Empty stays empty: the library says which required option is missing.
std::string Root::resolved(const std::string& path) const {
    return path.empty() ? path : without_last_slash(fs::path(config_path_).parent_path() / path);
}

}  // namespace cli
