/// Events that wait for the host to pull them.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "fluentsync/event.hpp"
#include "fluentsync/fluentsync.h"
#include "ready_descriptor.hpp"
#include "source.hpp"

namespace fluentsync::capi {

/// The host's callback that says that there is something to pull. Called and freed without a lock.
struct ReadyCallback {
    fluentsync_ready_callback call;
    std::shared_ptr<void> userdata;
};

class EventQueue final : public Object, public Observer, public std::enable_shared_from_this<EventQueue> {
  public:
    static constexpr std::size_t kUsualCapacity = 16384;
    static constexpr std::size_t kUsualBatch = 128;

    /// `capacity` 0: the usual one.
    static std::shared_ptr<EventQueue> open(const std::shared_ptr<Source>& source, std::size_t capacity);
    EventQueue(const std::shared_ptr<Source>& source, std::size_t capacity);

    /// At most `most` events; none: the time is up. Throws closed at the end, misuse on the loop's thread.
    std::vector<Event> next(std::size_t most, std::int64_t timeout_ms);
    int descriptor();
    void set_ready(std::shared_ptr<const ReadyCallback> ready);
    /// No more events will come.
    void end();
    void close() override;

    void on_events(const std::vector<Event>& batch) override;

  private:
    using Lock = std::unique_lock<std::mutex>;

    void wait(Lock& lock, std::int64_t timeout_ms);
    void add(const Event& event);
    std::vector<Event> take(std::size_t most);
    bool something() const noexcept { return !events_.empty() || ended_ || closed_; }
    /// Wakes who waits, raises the descriptor, and calls the host unless it knows. Lets the lock go while it
    /// does; within a call on this thread, that one's end is waited for.
    void tell(Lock& lock);
    void call_ready(Lock& lock);
    struct Call;
    Call* call_on_this_thread() const noexcept;

    const std::weak_ptr<Source> source_;
    const std::size_t capacity_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Event> events_;
    std::int64_t dropped_ = 0;
    bool told_ = false;  ///< Called, and not yet pulled empty.
    std::uint64_t tellings_ = 0;
    bool ended_ = false;
    bool closed_ = false;
    std::shared_ptr<const ReadyCallback> ready_;
    ReadyDescriptor descriptor_;
    Subscription subscription_;
};

}  // namespace fluentsync::capi
