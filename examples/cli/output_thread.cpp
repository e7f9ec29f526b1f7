#include "output_thread.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <fluentsync/error.hpp>
#include <utility>

namespace cli {
namespace {

constexpr std::size_t kMostWaiting = 10'000;
/// So much a pipe takes at once when it takes anything, so that no write waits.
constexpr std::size_t kAtOnce = PIPE_BUF;

}  // namespace

OutputThread::OutputThread(std::function<std::string(std::int64_t)> dropped, std::function<void()> failed)
    : dropped_line_(std::move(dropped)), failed_(std::move(failed)), wake_(::eventfd(0, EFD_CLOEXEC)) {
    thread_ = std::thread([this] { run(); });
}

OutputThread::~OutputThread() {
    end();
    if (wake_ >= 0) ::close(wake_);
}

void OutputThread::print(std::string line) {
    const std::lock_guard lock(mutex_);
    if (failure_ != 0) return;
    if (waiting_.size() >= kMostWaiting) {
        ++dropped_;
        return;
    }
    if (dropped_ > 0) {
        waiting_.push_back({STDOUT_FILENO, dropped_line_(std::exchange(dropped_, 0)) + '\n'});
    }
    waiting_.push_back({STDOUT_FILENO, std::move(line) + '\n'});
    changed_.notify_one();
}

void OutputThread::show(std::string text) {
    const std::lock_guard lock(mutex_);
    if (!waiting_.empty()) return;
    waiting_.push_back({STDERR_FILENO, std::move(text)});
    changed_.notify_one();
}

void OutputThread::close() {
    end();
    if (failure_ == 0) return;
    throw fluentsync::Error(fluentsync::ErrorCode::io,
                            std::string("cannot write to standard output: ") + std::strerror(failure_));
}

void OutputThread::end() {
    if (!thread_.joinable()) return;
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
        changed_.notify_one();
    }
    const std::uint64_t one = 1;
    static_cast<void>(::write(wake_, &one, sizeof one) < 0);
    thread_.join();
}

void OutputThread::run() {
    Piece piece{};
    while (take(piece)) {
        if (write(piece)) continue;
        return;
    }
}

bool OutputThread::take(Piece& piece) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closing_ || !waiting_.empty(); });
    if (waiting_.empty()) return false;
    piece = std::move(waiting_.front());
    waiting_.pop_front();
    return true;
}

/// False: there is nothing more to do.
bool OutputThread::write(const Piece& piece) {
    for (std::size_t from = 0; from < piece.text.size();) {
        if (!wait_until_writable(piece.descriptor)) return false;
        const auto size = std::min(piece.text.size() - from, kAtOnce);
        const auto put = ::write(piece.descriptor, piece.text.data() + from, size);
        if (put >= 0) {
            from += static_cast<std::size_t>(put);
        } else if (errno != EINTR && errno != EAGAIN) {
            if (piece.descriptor == STDERR_FILENO) return true;  // Progress is not worth more.
            const int error = errno;
            {
                const std::lock_guard lock(mutex_);
                failure_ = error;
                waiting_.clear();
            }
            failed_();
            return false;
        }
    }
    return true;
}

/// Once closing, only what is writable now.
bool OutputThread::wait_until_writable(int descriptor) {
    for (;;) {
        bool closing = false;
        {
            const std::lock_guard lock(mutex_);
            closing = closing_;
        }
        pollfd watched[] = {{descriptor, POLLOUT, 0}, {wake_, POLLIN, 0}};
        const int ready = ::poll(watched, closing ? 1 : 2, closing ? 0 : -1);
        if (ready < 0 && errno != EINTR) return true;  // The write says what is wrong.
        if (ready > 0 && watched[0].revents != 0) return true;
        if (ready == 0 && closing) return false;
    }
}

}  // namespace cli
