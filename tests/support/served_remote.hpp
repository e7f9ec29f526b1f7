/// A bare remote reached by one of the transports that need no account.
#pragma once

#include <memory>
#include <string>

#include "bare_remote.hpp"
#include "git_daemon.hpp"
#include "http_git_server.hpp"

namespace fluentsync::support {

class ServedRemote {
  public:
    /// "path", "file", "git" or "http".
    ServedRemote(const BareRemote& remote, const std::string& transport) {
        if (transport == "git") {
            daemon_ = std::make_unique<GitDaemon>(remote.base());
            url_ = daemon_->url(remote.name());
        } else if (transport == "http") {
            http_ = std::make_unique<HttpGitServer>(remote.base());
            url_ = http_->url(remote.name());
        } else {
            url_ = (transport == "file" ? "file://" : "") + remote.path();
        }
    }
    static bool available(const std::string& transport) {
        return (transport != "git" || GitDaemon::available()) &&
               (transport != "http" || HttpGitServer::available());
    }
    const std::string& url() const { return url_; }

  private:
    std::unique_ptr<GitDaemon> daemon_;
    std::unique_ptr<HttpGitServer> http_;
    std::string url_;
};

}  // namespace fluentsync::support
