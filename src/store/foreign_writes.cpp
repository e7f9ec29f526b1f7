#include "store/foreign_writes.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <string_view>

#include "base/tuning.hpp"
#include "fluentsync/error.hpp"
#include "runtime/posix_path.hpp"

namespace fluentsync::store {
namespace {

// Our own commits write the file too, thousands a second; one look serves all of this span. Short beside any
// debounce that follows.
constexpr std::chrono::milliseconds kLookDelay{5};
constexpr std::size_t kReadBytes = 4096;

}  // namespace

ForeignWrites::ForeignWrites(const std::shared_ptr<runtime::LoopBody>& loop, const std::string& database_path,
                             std::function<bool(bool)> look)
    : loop_(loop), look_(std::move(look)) {
    const std::filesystem::path path(database_path);
    name_ = path.filename().string();
    folder_ = path.has_parent_path() ? path.parent_path().string() : ".";
    lane_ = std::make_unique<runtime::Lane>("fs-store");
    timer_ = std::make_unique<runtime::Timer>(loop_, [this] { resume(); });
    open_inotify();
    watch();
}

ForeignWrites::~ForeignWrites() {
    std::unique_ptr<runtime::FdWatch> watch;
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
        watch = std::move(watch_);
    }
    watch.reset();
    // The lane before the timer: a look may arm it.
    lane_->stop();
    timer_.reset();
    if (fd_ >= 0) ::close(fd_);
}

void ForeignWrites::open_inotify() {
    const int fd = runtime::off_standard_streams(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    if (fd < 0) return;
    constexpr std::uint32_t kWritten = IN_MODIFY | IN_CREATE | IN_MOVED_TO;
    constexpr std::uint32_t kGone = IN_DELETE | IN_MOVED_FROM | IN_DELETE_SELF;
    if (::inotify_add_watch(fd, folder_.c_str(), kWritten | kGone) < 0)
        ::close(fd);
    else
        fd_ = fd;
}

// Where the system has no watch or no descriptor left, the timer stands in. All under the lock: the loop may
// call before this returns, and the destructor takes the timer away.
void ForeignWrites::watch() {
    const std::lock_guard lock(mutex_);
    if (ending_ || watch_) return;
    try {
        if (fd_ >= 0) {
            watch_ = std::make_unique<runtime::FdWatch>(
                loop_, fd_,
                [this] {
                    pause(kLookDelay);
                    return std::chrono::milliseconds(0);
                },
                [this](const std::string&) { pause(base::tuning::kForeignLook); });
        }
    } catch (const Error&) {
        watch_.reset();
    }
    if (!watch_) timer_->arm_no_later(base::tuning::kForeignLook);
}

// Nobody listens until the timer fires: events of the same kind melt into one meanwhile, and our own commits
// wake the loop once a span instead of once a page.
void ForeignWrites::pause(std::chrono::milliseconds pause) {
    // All under the lock: once the watch is gone the destructor cannot wait for this call by it.
    const std::lock_guard lock(mutex_);
    watch_.reset();
    timer_->arm_no_later(pause);
}

void ForeignWrites::resume() {
    // Emptied, or opened, before the look, so that what comes after it is told again.
    const bool blind = fd_ < 0;
    const bool written = drain();
    if (blind) open_inotify();
    if (written || blind)
        lane_->post([this, written] { look(written); });
    else
        watch();
}

// One that fails may write before it does: on a full disk the log's last block takes a frame's header. So
// nobody listens before the pause is over.
void ForeignWrites::look(bool written) {
    if (look_(written)) {
        retry_.succeeded();
        return watch();
    }
    again_ = true;
    pause(std::chrono::milliseconds(retry_.failed()));
}

bool ForeignWrites::drain() {
    alignas(inotify_event) std::array<char, kReadBytes> buffer;
    bool ours = again_.exchange(false);
    while (fd_ >= 0) {
        const ssize_t size = ::read(fd_, buffer.data(), buffer.size());
        if (size <= 0) break;
        for (ssize_t offset = 0; offset < size;) {
            const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + offset);
            const std::string_view name = event->len > 0 ? event->name : "";
            // Without a name: an overflow, or the end of the folder; they may stand for anything.
            if (name.empty() || name == name_ || name == name_ + "-wal" || name == name_ + "-shm")
                ours = true;
            offset += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
        }
    }
    return ours;
}

}  // namespace fluentsync::store
