#include "git/network_resolve.hpp"

#include <time.h>

#include <list>
#include <mutex>
#include <utility>

namespace fluentsync::git {

namespace {

addrinfo stream_hints(int flags) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags;
    return hints;
}

Resolved resolve_blocking(const std::string& host, const std::string& port, int flags) {
    const addrinfo hints = stream_hints(flags);
    addrinfo* head = nullptr;
    const int error = getaddrinfo(host.c_str(), port.c_str(), &hints, &head);
    if (error != 0) {
        return {nullptr, gai_strerror(error)};
    }
    return {Addresses(head), {}};
}

#if defined(__GLIBC__)

/// A question the C library asks on a thread of its own; everything it points to lives until it is answered.
struct Question {
    std::string host;
    std::string port;
    addrinfo hints = stream_hints(0);
    gaicb block{};

    Question(std::string host_name, std::string port_name)
        : host(std::move(host_name)), port(std::move(port_name)) {
        block.ar_name = host.c_str();
        block.ar_service = port.c_str();
        block.ar_request = &hints;
    }
    Question(const Question&) = delete;
    Question& operator=(const Question&) = delete;
    ~Question() {
        if (block.ar_result) {
            freeaddrinfo(block.ar_result);
        }
    }
    bool pending() { return gai_error(&block) == EAI_INPROGRESS; }
};

/// Questions nobody waits for any more. Never destroyed: the C library may answer one while the process ends.
class Abandoned {
  public:
    static Abandoned& instance() {
        static auto* const all = new Abandoned;
        return *all;
    }
    void add(std::unique_ptr<Question> question) {
        const std::lock_guard lock(mutex_);
        questions_.push_back(std::move(question));
    }
    void sweep() {
        const std::lock_guard lock(mutex_);
        questions_.remove_if([](const auto& question) { return !question->pending(); });
    }

  private:
    std::mutex mutex_;
    std::list<std::unique_ptr<Question>> questions_;
};

void abandon(std::unique_ptr<Question> question) {
    if (gai_cancel(&question->block) == EAI_NOTCANCELED) {
        Abandoned::instance().add(std::move(question));
    }
}

Resolved resolve_limited(const std::string& host, const std::string& port, const Deadline& deadline,
                         NetworkScope& scope) {
    Abandoned::instance().sweep();
    auto question = std::make_unique<Question>(host, port);
    gaicb* list[] = {&question->block};
    if (const int error = getaddrinfo_a(GAI_NOWAIT, list, 1, nullptr); error != 0) {
        return {nullptr, gai_strerror(error)};
    }
    while (question->pending()) {
        if (!scope.given_up() && deadline.passed()) {
            scope.give_up(NetworkFailure::timed_out);
        }
        if (scope.given_up()) {
            abandon(std::move(question));
            return {};
        }
        // In short slices: the C library's wait knows no descriptor of ours.
        const timespec slice{0, 5'000'000};
        gai_suspend(list, 1, &slice);
    }
    if (const int error = gai_error(&question->block); error != 0) {
        return {nullptr, gai_strerror(error)};
    }
    return {Addresses(std::exchange(question->block.ar_result, nullptr)), {}};
}

#else

Resolved resolve_limited(const std::string& host, const std::string& port, const Deadline&, NetworkScope&) {
    return resolve_blocking(host, port, 0);
}

#endif

}  // namespace

Resolved resolve(const std::string& host, const std::string& port, const Deadline& deadline,
                 NetworkScope* scope) {
    Resolved literal = resolve_blocking(host, port, AI_NUMERICHOST);
    if (literal.addresses) {
        return literal;
    }
    return scope ? resolve_limited(host, port, deadline, *scope) : resolve_blocking(host, port, 0);
}

}  // namespace fluentsync::git
