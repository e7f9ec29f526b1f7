#include <unistd.h>

#include "runtime/loop_handles.hpp"

namespace fluentsync::runtime {

WatchEntry::~WatchEntry() {
    if (fd >= 0) ::close(fd);
}

void LoopHandles::begin_watch(const std::shared_ptr<WatchEntry>& entry) {
    post([this, entry] { begin_poll(entry); });  // libuv's polls are for the loop's thread alone.
}

void LoopHandles::end_watch(const std::shared_ptr<WatchEntry>& entry) {
    post([this, entry] { end_poll(*entry); });  // Refused after close(), which ends all polls itself.
}

void LoopHandles::begin_poll(const std::shared_ptr<WatchEntry>& entry) {
    {
        const Lock lock(mutex_);
        if (!entry->alive || closed_) return;
    }
    if (const int failed = uv_poll_init(loop_, &entry->poll, entry->fd)) return fail_watch(entry, failed);
    uv_unref(reinterpret_cast<uv_handle_t*>(&entry->poll));
    entry->poll.data = entry.get();
    entry->loop = this;
    entry->polled = entry;
    ++open_count_;
    watches_.insert(entry);
    start_poll(entry);
}

void LoopHandles::start_poll(const std::shared_ptr<WatchEntry>& entry) {
    if (const int failed = uv_poll_start(&entry->poll, UV_READABLE, on_readable)) {
        end_poll(*entry);
        fail_watch(entry, failed);
    }
}

/// On the loop's thread: sets the timer itself, where arm() would wake the loop once more.
void LoopHandles::rest(Lock& lock, const std::shared_ptr<WatchEntry>& entry) {
    uv_poll_stop(&entry->poll);
    if (!entry->rested) {
        entry->rested = std::make_shared<TimerEntry>([this, weak = std::weak_ptr(entry)] {
            const auto watch = weak.lock();
            if (watch && watch->polled && !uv_is_closing(reinterpret_cast<uv_handle_t*>(&watch->poll)))
                start_poll(watch);
        });
    }
    put_in(*entry->rested, entry->rest);
    schedule(lock);
}

/// The loop's thread. Polled no more, the entry has this one call.
void LoopHandles::fail_watch(const std::shared_ptr<WatchEntry>& entry, int error) {
    Lock lock(mutex_);
    if (!entry->alive || closed_) return;
    entry->call = [failed = std::move(entry->failed), why = uv_strerror(error)] { failed(why); };
    call(lock, entry);
}

void LoopHandles::end_poll(WatchEntry& entry) {
    auto* handle = reinterpret_cast<uv_handle_t*>(&entry.poll);
    if (!entry.polled || uv_is_closing(handle)) return;
    watches_.erase(entry.polled);
    if (entry.rested) {
        const Lock lock(mutex_);
        take_out(*entry.rested);
    }
    uv_close(handle, on_poll_closed);
}

void LoopHandles::on_poll_closed(uv_handle_t* handle) {
    auto* entry = static_cast<WatchEntry*>(handle->data);
    const auto last = std::move(entry->polled);
    last->loop->handle_closed();
}

/// Also told of errors, once: the read that follows meets them.
void LoopHandles::on_readable(uv_poll_t* handle, int, int) {
    const auto entry = static_cast<WatchEntry*>(handle->data)->polled;
    auto& self = *entry->loop;
    self.thread_ = std::this_thread::get_id();
    Lock lock(self.mutex_);
    if (entry->alive && !self.closed_) self.call(lock, entry);
    if (entry->alive && !self.closed_ && entry->rest.count() > 0) self.rest(lock, entry);
}

}  // namespace fluentsync::runtime
