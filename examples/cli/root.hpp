/// ROOT, its state folder ROOT/.fluentsync and the config.json in it.
#pragma once

#include <fluentsync/options.hpp>
#include <string>

namespace cli {

/// config.json is the JSON of fluentsync::parse_options(). Relative paths in it (store.path,
/// directory.syncPath, a local git.remote) start at the state folder.
class Root {
  public:
    explicit Root(const std::string& given);

    const std::string& folder() const { return folder_; }
    std::string state_folder() const { return folder_ + "/.fluentsync"; }
    std::string config_path() const { return state_folder() + "/config.json"; }

    bool is_set_up() const;
    /// Throws Error(cannot_open) where init has not been, Error(invalid_options) naming the file.
    fluentsync::WorkspaceOptions options() const;
    /// The same for a workspace: with all that it would refuse of them told as the file's fault.
    fluentsync::WorkspaceOptions checked_options() const;
    /// What options() would give with this text in config.json.
    fluentsync::WorkspaceOptions options_from(const std::string& config) const;

    void make_folders() const;
    void write_config(const std::string& config) const;

  private:
    std::string resolved(const std::string& path) const;

    std::string given_;
    std::string folder_;
};

}  // namespace cli
