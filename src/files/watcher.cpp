#include "files/watcher.hpp"

#include <fmt/format.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <mutex>
#include <optional>
#include <system_error>
#include <utility>

#include "base/tuning.hpp"
#include "codec/key_path.hpp"
#include "files/layout.hpp"
#include "files/watch_map.hpp"
#include "files/watch_pace.hpp"
#include "fluentsync/error.hpp"
#include "runtime/posix_path.hpp"

namespace fluentsync::files {

namespace {

/// No IN_MODIFY: a file is looked at when its writer closes it. IN_CREATE is for links and folders.
/// IN_ATTRIB is for folders that may, or may not, be read from now on.
constexpr std::uint32_t kMask = IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO |
                                IN_ATTRIB | IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK;
constexpr std::uint32_t kRootMask = IN_DELETE_SELF | IN_MOVE_SELF;

std::string describe(int error, const std::string& folder) {
    if (error == ENOSPC)
        return fmt::format(
            "no inotify watch left for {}; raise fs.inotify.max_user_watches (changes are found by rescans)",
            folder);
    if (error == EMFILE)
        return "no inotify instance left; raise fs.inotify.max_user_instances (changes are found by rescans)";
    return fmt::format("cannot watch {}: {} (changes are found by rescans)", folder,
                       std::generic_category().message(error));
}

}  // namespace

struct Watcher::State {
    State(std::shared_ptr<runtime::Folder> folder, WatchSink watch_sink)
        : root(std::move(folder)),
          root_path(root->absolute_path()),
          sink(std::move(watch_sink)),
          queue(runtime::off_standard_streams(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC))) {
        if (queue < 0) problem = describe(errno, root_path);
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
        if (queue >= 0) ::close(queue);
    }

    enum class Added { yes, out_of_reach, failed };
    Added add(const std::string& folder);
    void note_problem(std::string text) {
        const std::lock_guard guard(mutex);
        problem = std::move(text);
    }
    /// Reads once, at most one turn's worth, and hands it on. Returns the bytes read. `turn` must be held.
    std::size_t read_once();
    void remove_watches(const std::vector<int>& obsolete);
    void deliver(WatchBatch&& batch);

    const std::shared_ptr<runtime::Folder> root;
    const std::string root_path;
    const WatchSink sink;
    const int queue;
    std::atomic<bool> closed{false};
    /// Held from a read to the end of its delivery, so that drain() does not overtake the loop.
    std::mutex turn;
    WatchPace pace;  ///< Guarded by `turn`.
    /// Guards what follows; held over a change of the kernel's watches and of the map together, never over a
    /// call of the sink.
    mutable std::mutex mutex;
    WatchMap map;
    std::string problem;
    std::optional<runtime::FdWatch> readable;
};

Watcher::State::Added Watcher::State::add(const std::string& folder) {
    if (queue < 0) return Added::failed;
    const auto path = folder.empty() ? root_path : join(root_path, folder);
    const std::lock_guard guard(mutex);
    const int descriptor =
        ::inotify_add_watch(queue, path.c_str(), folder.empty() ? kMask | kRootMask : kMask);
    if (descriptor >= 0) {
        remove_watches(map.set(descriptor, folder));
        return Added::yes;
    }
    const int error = errno;
    // What may not be read, or lies too deep for a path, cannot be watched; the folder above tells when that
    // changes.
    const bool refused = (error == EACCES || error == ENAMETOOLONG) && !folder.empty();
    if (refused || error == ENOENT || error == ENOTDIR || error == ELOOP) return Added::out_of_reach;
    problem = describe(error, path);
    return Added::failed;
}

void Watcher::State::remove_watches(const std::vector<int>& obsolete) {
    for (const int descriptor : obsolete)
        ::inotify_rm_watch(queue, descriptor);
}

std::size_t Watcher::State::read_once() {
    alignas(inotify_event) std::array<char, base::tuning::kWatchReadBytes> buffer;
    const auto size = ::read(queue, buffer.data(), buffer.size());
    if (size <= 0) return 0;
    WatchBatch batch;
    {
        const std::lock_guard guard(mutex);
        std::vector<int> obsolete;
        map.interpret(buffer.data(), static_cast<std::size_t>(size), batch, obsolete);
        remove_watches(obsolete);
    }
    deliver(std::move(batch));
    return static_cast<std::size_t>(size);
}

void Watcher::State::deliver(WatchBatch&& batch) {
    if (batch.root_gone && !closed) sink.on_root_gone();
    if (batch.overflow && !closed) sink.on_overflow();
    for (const auto& folder : batch.folders_gone)
        if (!closed) sink.on_folder_gone(folder);
    for (const auto& folder : batch.folders_added)
        if (!closed) sink.on_folder_added(folder);
    if (!batch.files.empty() && !closed) sink.on_files(std::move(batch.files));
}

Watcher::Watcher(std::shared_ptr<runtime::LoopBody> loop, std::shared_ptr<runtime::Folder> root,
                 WatchSink sink)
    : state_(std::make_shared<State>(std::move(root), std::move(sink))) {
    if (state_->queue < 0) return;
    const std::weak_ptr<State> weak(state_);
    const auto readable = [weak] {
        const auto state = weak.lock();
        if (!state || state->closed) return base::tuning::kWatchRest;
        // While another thread drains, the loop goes on with other work and comes back.
        const std::unique_lock turn(state->turn, std::try_to_lock);
        if (!turn.owns_lock()) return base::tuning::kWatchRest;
        const std::size_t bytes = state->read_once();
        return state->pace.after_look(bytes, std::chrono::steady_clock::now());
    };
    const auto failed = [weak](const std::string& why) {
        const auto state = weak.lock();
        if (!state || state->closed) return;
        state->note_problem(
            fmt::format("cannot watch {}: {} (changes are found by rescans)", state->root_path, why));
        state->sink.on_deaf();
    };
    state_->readable.emplace(std::move(loop), state_->queue, readable, failed);
}

Watcher::~Watcher() {
    state_->closed = true;
    state_->readable.reset();
}

bool Watcher::watch_folder(const std::string& folder) {
    return codec::excluded_folder(folder) || state_->add(folder) != State::Added::failed;
}

bool Watcher::watch_tree(const std::string& folder, const std::function<bool(const std::string&)>& enter) {
    std::vector<std::string> waiting{folder};
    while (!waiting.empty()) {
        const auto next = std::move(waiting.back());
        waiting.pop_back();
        if (!next.empty() && codec::excluded_folder(next)) continue;
        const auto added = state_->add(next);
        if (added == State::Added::failed) return false;
        if (added == State::Added::out_of_reach) continue;
        try {
            for (const auto& name : state_->root->subfolders(next)) {
                auto path = join(next, name);
                if (enter(path)) waiting.push_back(std::move(path));
            }
        } catch (const runtime::PathRefused&) {  // As if it could not be watched.
        } catch (const Error& error) {
            state_->note_problem(error.what());
            return false;
        }
    }
    return true;
}

void Watcher::drain() {
    if (state_->queue < 0) return;
    const std::lock_guard turn(state_->turn);
    int queued = 0;
    if (::ioctl(state_->queue, FIONREAD, &queued) != 0) return;
    // No more than was there at the call: a busy folder must not hold the caller for ever.
    for (auto left = static_cast<std::size_t>(queued); left > 0;) {
        const auto got = state_->read_once();
        if (got == 0) return;
        left -= std::min(left, got);
    }
}

std::string Watcher::last_problem() const {
    const std::lock_guard guard(state_->mutex);
    return state_->problem;
}

std::size_t Watcher::watch_count() const {
    const std::lock_guard guard(state_->mutex);
    return state_->map.size();
}

}  // namespace fluentsync::files
