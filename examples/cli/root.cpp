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

std::string without_last_slash(const fs::path& path) {
    const auto normal = path.lexically_normal();
    return (normal.has_filename() || normal == normal.root_path() ? normal : normal.parent_path()).string();
}

}  // namespace

Root::Root(const std::string& given) : given_(given) {
    if (given.empty()) throw Error(ErrorCode::invalid_argument, "ROOT is empty; name a folder");
    folder_ = without_last_slash(fs::absolute(given));
}

bool Root::is_set_up() const {
    std::error_code error;
    const bool there = fs::exists(config_path(), error);
    if (!error || error == std::errc::not_a_directory) return there;
    throw Error(ErrorCode::cannot_open, "cannot look for " + config_path() + ": " + error.message(), folder_);
}

fluentsync::WorkspaceOptions Root::options() const {
    if (!is_set_up()) {
        throw Error(ErrorCode::cannot_open,
                    "no FluentSync workspace in " + given_ + ": run `fluentsync init " + given_ + "` first",
                    folder_);
    }
    return options_from(read_file(config_path()));
}

fluentsync::WorkspaceOptions Root::checked_options() const {
    auto checked = options();
    try {
        check_options(checked);
    } catch (const Error& error) {
        throw Error(error.code(), config_path() + ": " + error.what(), config_path());
    }
    return checked;
}

fluentsync::WorkspaceOptions Root::options_from(const std::string& config) const {
    try {
        auto options = fluentsync::parse_options(config);
        options.store.path = resolved(options.store.path);
        options.directory.sync_path = resolved(options.directory.sync_path);
        options.git.remote = resolve_remote(options.git.remote, state_folder());
        options.git.credentials = credentials_callback();
        return options;
    } catch (const Error& error) {
        throw Error(error.code(), config_path() + ": " + error.what(), config_path());
    }
}

void Root::make_folders() const {
    std::error_code error;
    fs::create_directories(state_folder(), error);
    if (!error) return;
    throw Error(ErrorCode::cannot_open, "cannot make " + state_folder() + ": " + error.message(), folder_);
}

void Root::write_config(const std::string& config) const {
    replace_file(config_path(), config, state_folder() + "/tmp");
}

/// Empty stays empty: the library says which required option is missing.
std::string Root::resolved(const std::string& path) const {
    return path.empty() ? path : without_last_slash(fs::path(state_folder()) / path);
}

}  // namespace cli
