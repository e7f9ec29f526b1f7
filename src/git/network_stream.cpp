#include "git/network_stream.hpp"

#include <git2.h>
#include <git2/sys/stream.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>
#include <string>

#include "fluentsync/error.hpp"
#include "git/network_resolve.hpp"
#include "git/network_scope.hpp"
#include "git/set_error.hpp"

namespace fluentsync::git {

namespace {

/// The first four members are those of libgit2's own git_socket_stream, in its order: its ssh transport
/// casts any standard stream to that and hands `socket` to libssh2.
struct SocketStream {
    git_stream parent;
    char* host;
    char* port;
    int socket;
};

SocketStream* self(git_stream* stream) {
    return reinterpret_cast<SocketStream*>(stream);
}

int net_error(const std::string& message) noexcept {
    git_error_set_str(GIT_ERROR_NET, message.c_str());
    return -1;
}

/// strerror() is not safe beside other threads.
std::string errno_text(int error) {
    char buffer[256] = {};
    return strerror_r(error, buffer, sizeof buffer);
}

std::chrono::milliseconds silence_limit(NetworkScope* scope) {
    if (scope) {
        return scope->timeout();
    }
#if LIBGIT2_VER_MAJOR > 1 || (LIBGIT2_VER_MAJOR == 1 && LIBGIT2_VER_MINOR >= 7)
    int host_limit = 0;
    git_libgit2_opts(GIT_OPT_GET_SERVER_TIMEOUT, &host_limit);
    return std::chrono::milliseconds(host_limit);
#else
    return std::chrono::milliseconds(0);
#endif
}

/// 0 when the socket is ready; otherwise the reason is set and the scope has given up.
int await(int socket, short events, NetworkScope* scope) {
    switch (wait_ready(socket, events, Deadline(silence_limit(scope)), scope)) {
        case Readiness::ready:
            return 0;
        case Readiness::late:
            if (scope) {
                scope->give_up(NetworkFailure::timed_out);
            }
            return net_error("the remote does not answer");
        case Readiness::cancelled:
            return net_error("cancelled");
        case Readiness::failed:
            break;
    }
    return net_error("cannot wait for the socket: " + errno_text(errno));
}

/// 0, or the errno of the attempt; ETIMEDOUT when the deadline passed, ECANCELED when the scope gave up.
int finish_connect(int socket, const Deadline& deadline, NetworkScope* scope) {
    switch (wait_ready(socket, POLLOUT, deadline, scope)) {
        case Readiness::ready:
            break;
        case Readiness::late:
            return ETIMEDOUT;
        case Readiness::cancelled:
            return ECANCELED;
        case Readiness::failed:
            return errno;
    }
    int error = 0;
    socklen_t size = sizeof error;
    return getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

/// The socket, or -1 with `error` set.
int connect_address(const addrinfo& address, const Deadline& deadline, NetworkScope* scope, int& error) {
    const int socket_type = address.ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK;
    const int socket = ::socket(address.ai_family, socket_type, address.ai_protocol);
    if (socket < 0) {
        error = errno;
        return -1;
    }
    error = connect(socket, address.ai_addr, address.ai_addrlen) == 0 ? 0 : errno;
    if (error == EINPROGRESS || error == EINTR) {
        error = finish_connect(socket, deadline, scope);
    }
    if (error == 0) {
        return socket;
    }
    close(socket);
    return -1;
}

std::size_t count(const addrinfo* head) {
    std::size_t result = 0;
    for (; head; head = head->ai_next) {
        ++result;
    }
    return result;
}

/// Each address gets an equal share of the time left, so that a black hole before a good address does not
/// eat it all.
int connect_any(const addrinfo* head, const Deadline& deadline, NetworkScope* scope, int& error) {
    std::size_t left = count(head);
    for (; head; head = head->ai_next, --left) {
        const int socket = connect_address(*head, deadline.share(left), scope, error);
        if (socket >= 0 || error == ECANCELED || deadline.passed()) {
            return socket;
        }
    }
    return -1;
}

int connect_stream(SocketStream& stream) {
    NetworkScope* const scope = NetworkScope::current();
    if (scope && scope->given_up()) {
        return net_error("given up");
    }
    if (scope && !scope->may_connect(stream.host, stream.port)) {
        return net_error(
            "it sends on to " + std::string(stream.host) + " port " + stream.port +
            ", where its credentials do not go: give that address as the remote if you trust it");
    }
    const Deadline deadline(silence_limit(scope));
    const Resolved resolved = resolve(stream.host, stream.port, deadline, scope);
    if (!resolved.addresses) {
        return net_error("cannot find the host '" + std::string(stream.host) + "': " + resolved.reason);
    }
    int error = 0;
    stream.socket = connect_any(resolved.addresses.get(), deadline, scope, error);
    if (stream.socket >= 0) {
        return 0;
    }
    if (scope && error == ETIMEDOUT) {
        scope->give_up(NetworkFailure::timed_out);
    }
    return net_error("cannot connect to " + std::string(stream.host) + " port " + stream.port + ": " +
                     errno_text(error));
}

bool connects_late(const NetworkScope* scope) {
    return scope && scope->connects_late();
}

template <typename Call>
ssize_t transfer(SocketStream& stream, short events, const char* what, Call call) {
    NetworkScope* const scope = NetworkScope::current();
    if (stream.socket < 0 && connects_late(scope) && connect_stream(stream) < 0) {
        return -1;
    }
    for (;;) {
        if (scope && scope->given_up()) {
            return net_error("given up");
        }
        const ssize_t count = call(stream.socket);
        if (count >= 0) {
            if (scope && events == POLLIN) {
                scope->came(static_cast<std::uint64_t>(count));
            }
            return count;
        }
        if (errno == EAGAIN || errno == EWOULDBLOCK) {
            const auto before = std::chrono::steady_clock::now();
            if (await(stream.socket, events, scope) < 0) {
                return -1;
            }
            if (scope && events == POLLIN) {
                scope->waited(std::chrono::steady_clock::now() - before);
            }
        } else if (errno != EINTR) {
            return net_error(std::string(what) + ": " + errno_text(errno));
        }
    }
}

extern "C" {

static int fluentsync_stream_connect(git_stream* stream) {
    try {
        return connects_late(NetworkScope::current()) ? 0 : connect_stream(*self(stream));
    } catch (const std::exception& error) {
        git_error_set_str(GIT_ERROR_NET, error.what());
        return -1;
    }
}

static ssize_t fluentsync_stream_read(git_stream* stream, void* data, size_t size) {
    try {
        return transfer(*self(stream), POLLIN, "cannot read from the remote",
                        [=](int socket) { return recv(socket, data, size, 0); });
    } catch (const std::exception& error) {
        git_error_set_str(GIT_ERROR_NET, error.what());
        return -1;
    }
}

static ssize_t fluentsync_stream_write(git_stream* stream, const char* data, size_t size, int) {
    try {
        return transfer(*self(stream), POLLOUT, "cannot write to the remote",
                        [=](int socket) { return send(socket, data, size, MSG_NOSIGNAL); });
    } catch (const std::exception& error) {
        git_error_set_str(GIT_ERROR_NET, error.what());
        return -1;
    }
}

static int fluentsync_stream_close(git_stream* stream) {
    SocketStream* const own = self(stream);
    if (own->socket >= 0) {
        close(own->socket);
        own->socket = -1;
    }
    return 0;
}

static void fluentsync_stream_free(git_stream* stream) {
    SocketStream* const own = self(stream);
    fluentsync_stream_close(stream);
    std::free(own->host);
    std::free(own->port);
    delete own;
}

static int fluentsync_stream_new(git_stream** out, const char* host, const char* port) {
    auto* const own = new (std::nothrow) SocketStream{};
    if (!own) {
        git_error_set_oom();
        return -1;
    }
    own->parent.version = GIT_STREAM_VERSION;
    own->parent.connect = fluentsync_stream_connect;
    own->parent.read = fluentsync_stream_read;
    own->parent.write = fluentsync_stream_write;
    own->parent.close = fluentsync_stream_close;
    own->parent.free = fluentsync_stream_free;
    own->socket = -1;
    own->host = strdup(host);
    own->port = strdup(port);
    if (!own->host || !own->port) {
        fluentsync_stream_free(&own->parent);
        git_error_set_oom();
        return -1;
    }
    *out = &own->parent;
    return 0;
}

}  // extern "C"

}  // namespace

void register_network_stream() {
    static std::once_flag once;
    std::call_once(once, [] {
        git_stream_registration registration{};
        registration.version = GIT_STREAM_VERSION;
        registration.init = fluentsync_stream_new;
        if (git_stream_register(GIT_STREAM_STANDARD, &registration) < 0) {
            throw Error(ErrorCode::internal, "libgit2 does not take our socket stream");
        }
    });
}

}  // namespace fluentsync::git
