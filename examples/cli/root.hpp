/// ROOT, its state folder ROOT/.fluentsync and the config.json in it.
#pragma once

#include <fluentsync/options.hpp>
#include <fluentsync/state_folder.hpp>
#include <optional>
#include <string>

#include "commands.hpp"

namespace cli {

/// config.json is the JSON of fluentsync::parse_options(). Relative paths in it (store.path,
/// directory.syncPath, a local git.remote) start at the folder that it lies in. The one in the state folder
/// may have come with ROOT, so it speaks of ROOT alone: directory.syncPath is ROOT, and store.path lies in
/// the state folder. A file that --config names may say anything.
class Root {
  public:
    explicit Root(const Arguments& words);

    const std::string& folder() const { return folder_; }
    const std::string& config_path() const { return config_path_; }

    bool is_set_up() const;
    /// Throws Error(cannot_open) where init has not been, Error(invalid_options) naming the file.
    fluentsync::WorkspaceOptions options() const;
    /// The same for a workspace: with all that it would refuse of them told as the file's fault.
    fluentsync::WorkspaceOptions checked_options() const;
    /// What options() would give with this text in config.json.
    fluentsync::WorkspaceOptions options_from(const std::string& config) const;

    /// Makes ROOT and the state folder in it.
    fluentsync::StateFolder make_state() const;
    /// Nothing where there is none.
    std::optional<fluentsync::StateFolder> state() const;
    void write_config(const std::string& config) const;

  private:
    std::string state_path() const { return folder_ + "/.fluentsync"; }
    std::string resolved(const std::string& path) const;
    void check_own_paths(const fluentsync::WorkspaceOptions& options) const;

    std::string given_;
    std::string folder_;
    std::string config_path_;
    bool elsewhere_;  ///< The configuration does not lie in the state folder.
};

}  // namespace cli
