#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "base/tuning.hpp"
#include "fluentsync/error.hpp"
#include "runtime/lane.hpp"
#include "runtime/thread.hpp"

namespace fluentsync::runtime {

struct HelperPool::State {
    const unsigned most;
    std::mutex mutex;
    std::condition_variable begun;  ///< A job came, or the pool stops.
    std::condition_variable left;   ///< A helper left the job.
    std::vector<std::thread> threads;
    bool stopping = false;
    const std::function<void(std::size_t)>* work = nullptr;  ///< The job; null when there is none.
    std::uint64_t job = 0;  ///< Counts jobs, so that a helper joins each once.
    std::size_t count = 0;
    std::atomic<std::size_t> next{0};
    unsigned helping = 0;
    std::exception_ptr first_thrown;

    explicit State(unsigned helpers) : most(helpers) {}

    void help() {
        std::uint64_t seen = 0;
        std::unique_lock lock(mutex);
        while (true) {
            begun.wait(lock, [&] { return stopping || (work && job != seen); });
            if (stopping) return;
            seen = job;
            ++helping;
            const auto& current = *work;
            lock.unlock();
            take_share(current);
            lock.lock();
            if (--helping == 0) left.notify_all();
        }
    }

    void take_share(const std::function<void(std::size_t)>& current) {
        for (auto i = next.fetch_add(1); i < count; i = next.fetch_add(1)) {
            try {
                current(i);
            } catch (...) {
                const std::lock_guard lock(mutex);
                if (!first_thrown) first_thrown = std::current_exception();
            }
        }
    }

    /// A system that gives no more threads slows the work down, no more.
    void start_threads(std::size_t wanted) try {
        while (threads.size() < wanted)
            threads.push_back(start_thread("fluentsync-help", [this] {
                give_way(base::tuning::kHelperNice);
                help();
            }));
    } catch (const std::system_error&) {
    }

    void begin(std::size_t indices, const std::function<void(std::size_t)>& task) {
        const std::lock_guard lock(mutex);
        if (work) throw Error(ErrorCode::misuse, "the helpers are at work; one caller at a time");
        start_threads(std::min<std::size_t>(most, indices - 1));
        work = &task;
        ++job;
        count = indices;
        next = 0;
        begun.notify_all();
    }

    std::exception_ptr end() {
        std::unique_lock lock(mutex);
        work = nullptr;  // Nobody joins any more.
        left.wait(lock, [this] { return helping == 0; });
        return std::exchange(first_thrown, nullptr);
    }
};

HelperPool::HelperPool(unsigned helpers) : state_(std::make_unique<State>(helpers)) {}

HelperPool::~HelperPool() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->stopping = true;
        state_->begun.notify_all();
    }
    for (auto& thread : state_->threads)
        thread.join();
}

void HelperPool::for_each(std::size_t count, const std::function<void(std::size_t)>& work) {
    for_each(count, work, [] {});
}

void HelperPool::for_each(std::size_t count, const std::function<void(std::size_t)>& work,
                          const std::function<void()>& beside) {
    if (count == 0) return beside();
    state_->begin(count, work);
    std::exception_ptr thrown;
    try {
        beside();
    } catch (...) {
        thrown = std::current_exception();
        state_->next = count;  // Nobody waits for the rest.
    }
    state_->take_share(work);
    const auto thrown_at_work = state_->end();
    if (!thrown) thrown = thrown_at_work;
    if (thrown) std::rethrow_exception(thrown);
}

}  // namespace fluentsync::runtime
