/// Sockets on 127.0.0.1 for servers of the tests.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace fluentsync::support {

class Socket {
  public:
    explicit Socket(int flags = 0) : descriptor_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0)) {
        if (descriptor_ < 0) throw std::runtime_error("no socket");
    }
    Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    Socket& operator=(Socket&&) = delete;
    ~Socket() {
        if (descriptor_ >= 0) close(descriptor_);
    }
    int descriptor() const { return descriptor_; }

    bool connect_to(std::uint16_t port) const {
        const sockaddr_in address = loopback(port);
        return connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    }

    /// Returns the port.
    std::uint16_t bind_anywhere() const {
        sockaddr_in address = loopback(0);
        socklen_t size = sizeof address;
        if (bind(descriptor_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
            getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
            throw std::runtime_error("cannot bind to 127.0.0.1");
        }
        return ntohs(address.sin_port);
    }

  private:
    static sockaddr_in loopback(std::uint16_t port) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return address;
    }

    int descriptor_;
};

/// A port that was free a moment ago.
inline std::uint16_t free_port() {
    return Socket().bind_anywhere();
}

/// Accepts everybody, says `greeting` (to each, at once), and never anything more.
class SilentServer {
  public:
    explicit SilentServer(std::string greeting = {}) : greeting_(std::move(greeting)) {
        port_ = listener_.bind_anywhere();
        if (listen(listener_.descriptor(), 64) != 0) throw std::runtime_error("cannot listen");
        stop_ = eventfd(0, EFD_CLOEXEC);
        thread_ = std::thread([this] { serve(); });
    }
    SilentServer(const SilentServer&) = delete;
    SilentServer& operator=(const SilentServer&) = delete;
    ~SilentServer() {
        eventfd_write(stop_, 1);
        thread_.join();
        close(stop_);
        for (const int client : clients_)
            close(client);
    }

    std::uint16_t port() const { return port_; }
    std::string url(const std::string& scheme) const {
        return scheme + "://127.0.0.1:" + std::to_string(port_) + "/x.git";
    }
    /// Blocks until so many clients came and have been greeted.
    void wait_for_clients(std::size_t count) {
        std::unique_lock lock(mutex_);
        arrived_.wait(lock, [&] { return clients_.size() >= count; });
    }
    std::size_t clients() {
        const std::lock_guard lock(mutex_);
        return clients_.size();
    }

  private:
    void serve() {
        for (;;) {
            pollfd waits[2] = {{listener_.descriptor(), POLLIN, 0}, {stop_, POLLIN, 0}};
            if (poll(waits, 2, -1) < 0) continue;
            if (waits[1].revents) return;
            const int client = accept4(listener_.descriptor(), nullptr, nullptr, SOCK_CLOEXEC);
            if (client < 0) continue;
            send(client, greeting_.data(), greeting_.size(), MSG_NOSIGNAL);
            const std::lock_guard lock(mutex_);
            clients_.push_back(client);
            arrived_.notify_all();
        }
    }

    std::string greeting_;
    Socket listener_;
    std::uint16_t port_ = 0;
    int stop_ = -1;
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::vector<int> clients_;
    std::thread thread_;
};

/// Says `greeting` to each client in turn and then `word` for ever: at once, or one every `pause`.
class EndlessServer {
  public:
    EndlessServer(std::string greeting, std::string word, int pause_ms = 0)
        : greeting_(std::move(greeting)), word_(std::move(word)), pause_ms_(pause_ms) {
        port_ = listener_.bind_anywhere();
        if (listen(listener_.descriptor(), 64) != 0) throw std::runtime_error("cannot listen");
        stop_ = eventfd(0, EFD_CLOEXEC);
        thread_ = std::thread([this] { serve(); });
    }
    EndlessServer(const EndlessServer&) = delete;
    EndlessServer& operator=(const EndlessServer&) = delete;
    ~EndlessServer() {
        eventfd_write(stop_, 1);
        thread_.join();
        close(stop_);
    }
    std::string url(const std::string& scheme) const {
        return scheme + "://127.0.0.1:" + std::to_string(port_) + "/x.git";
    }

  private:
    bool stopped(int descriptor, short events, int timeout_ms) const {
        pollfd waits[2] = {{stop_, POLLIN, 0}, {descriptor, events, 0}};
        poll(waits, descriptor < 0 ? 1 : 2, timeout_ms);
        return waits[0].revents != 0;
    }
    void serve() {
        while (!stopped(listener_.descriptor(), POLLIN, -1)) {
            const int client = accept4(listener_.descriptor(), nullptr, nullptr, SOCK_CLOEXEC);
            if (client < 0) continue;
            bool open = send(client, greeting_.data(), greeting_.size(), MSG_NOSIGNAL) >= 0;
            while (open && !stopped(pause_ms_ > 0 ? -1 : client, POLLOUT, pause_ms_ > 0 ? pause_ms_ : -1)) {
                open = send(client, word_.data(), word_.size(), MSG_NOSIGNAL) >= 0;
            }
            close(client);
        }
    }

    std::string greeting_;
    std::string word_;
    int pause_ms_;
    Socket listener_;
    std::uint16_t port_ = 0;
    int stop_ = -1;
    std::thread thread_;
};

/// Listens and has a full queue: the kernel ignores further attempts to connect.
class FullServer {
  public:
    FullServer() {
        port_ = listener_.bind_anywhere();
        if (listen(listener_.descriptor(), 0) != 0) throw std::runtime_error("cannot listen");
        for (int i = 0; i < 4; ++i) {
            queue_.emplace_back(SOCK_NONBLOCK);
            queue_.back().connect_to(port_);
        }
    }
    std::string url(const std::string& scheme) const {
        return scheme + "://127.0.0.1:" + std::to_string(port_) + "/x.git";
    }

  private:
    Socket listener_;
    std::uint16_t port_ = 0;
    std::vector<Socket> queue_;
};

}  // namespace fluentsync::support
