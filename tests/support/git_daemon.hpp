/// `git daemon` on loopback.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "loopback.hpp"
#include "program.hpp"

namespace fluentsync::support {

class GitDaemon {
  public:
    static bool available() { return std::filesystem::exists(program()); }

    /// Serves the bare repositories below `folder`, for pushes too.
    explicit GitDaemon(const std::string& folder) {
        for (int attempt = 0; attempt < 5; ++attempt) {
            if (start(folder)) return;
        }
        throw std::runtime_error("git daemon does not start");
    }

    std::string url(const std::string& repository) const {
        return "git://127.0.0.1:" + std::to_string(port_) + "/" + repository;
    }

  private:
    static std::string program() { return must_run({"git", "--exec-path"}) + "/git-daemon"; }

    /// The port may have been taken since it was free; then the daemon ends and another is tried.
    bool start(const std::string& folder) {
        port_ = free_port();
        child_ = std::make_unique<Child>(Arguments{program(), "--base-path=" + folder, "--listen=127.0.0.1",
                                                   "--port=" + std::to_string(port_), "--reuseaddr",
                                                   "--enable=receive-pack", "--export-all", folder});
        while (!child_->ended()) {
            if (Socket().connect_to(port_)) return true;
            poll(nullptr, 0, 5);
        }
        return false;
    }

    std::uint16_t port_ = 0;
    std::unique_ptr<Child> child_;
};

}  // namespace fluentsync::support
