#include "git/network_resolve.hpp"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <thread>

namespace fluentsync::git {

namespace {

Resolved resolve_blocking(const std::string& host, const std::string& port, int flags) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags;
    addrinfo* head = nullptr;
    const int error = getaddrinfo(host.c_str(), port.c_str(), &hints, &head);
    if (error != 0) return {nullptr, gai_strerror(error)};
    return {Addresses(head), {}};
}

/// A question asked on a thread of its own. Asker and thread share it: whoever ends last frees it.
struct Question {
    std::string host;
    std::string port;
    Resolved answer;
    int answered;  ///< An eventfd, readable once `answer` is there.

    Question(std::string host_name, std::string port_name)
        : host(std::move(host_name)),
          port(std::move(port_name)),
          answered(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
    Question(const Question&) = delete;
    Question& operator=(const Question&) = delete;
    ~Question() {
        if (answered >= 0) close(answered);
    }
};

/// The host's signals belong to the host's threads.
class SignalsBlocked {
  public:
    SignalsBlocked() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;
    ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

  private:
    sigset_t before_;
};

/// getaddrinfo() can be neither limited nor stopped, so it runs on a thread that is left behind when its
/// answer comes too late. (glibc's getaddrinfo_a() does the same, unseen by thread sanitizers.)
void ask(const std::shared_ptr<Question>& question) {
    const SignalsBlocked blocked;
    std::thread([question] {
        question->answer = resolve_blocking(question->host, question->port, 0);
        eventfd_write(question->answered, 1);
    }).detach();
}

Resolved resolve_limited(const std::string& host, const std::string& port, const Deadline& deadline,
                         NetworkScope& scope) {
    const auto question = std::make_shared<Question>(host, port);
    if (question->answered < 0) return {nullptr, "no eventfd (too many open files?)"};
    ask(question);
    switch (wait_ready(question->answered, POLLIN, deadline, &scope)) {
        case Readiness::ready: {
            // Reading it makes the answer's memory visible here, to sanitizers as well.
            eventfd_t count = 0;
            eventfd_read(question->answered, &count);
            return std::move(question->answer);
        }
        case Readiness::late:
            scope.give_up(NetworkFailure::timed_out);
            return {};
        default:
            return {};
    }
}

}  // namespace

Resolved resolve(const std::string& host, const std::string& port, const Deadline& deadline,
                 NetworkScope* scope) {
    Resolved literal = resolve_blocking(host, port, AI_NUMERICHOST);
    if (literal.addresses) return literal;
    return scope ? resolve_limited(host, port, deadline, *scope) : resolve_blocking(host, port, 0);
}

}  // namespace fluentsync::git
