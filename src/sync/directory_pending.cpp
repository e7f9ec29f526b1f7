// What happens to folder and store, filed from any thread, and when it is due.
#include "sync/directory_body.hpp"

namespace fluentsync::sync {

files::WatchSink DirectoryBody::watch_sink() {
    files::WatchSink sink;
    sink.on_files = [this](std::vector<std::string>&& paths) {
        {
            const std::lock_guard lock(mutex_);
            pending_.add_files(std::move(paths));
        }
        batch_.touch();
    };
    sink.on_folder_added = [this](const std::string& folder) {
        {
            const std::lock_guard lock(mutex_);
            pending_.add_folder(folder);
        }
        batch_.touch();
    };
    sink.on_folder_gone = [this](const std::string& folder) {
        {
            const std::lock_guard lock(mutex_);
            pending_.folder_gone(folder);
        }
        batch_.touch();
    };
    sink.on_overflow = [this] {
        Event event;
        event.kind = EventKind::watch_overflow;
        event.message = "file events were lost: looking at the whole folder";
        context_.publish(std::move(event));
        {
            const std::lock_guard lock(mutex_);
            pending_.look_at_everything();
        }
        batch_.touch();
    };
    sink.on_deaf = [this] {
        // On the lane, which sets the watch: behind that.
        lane_.post([this] {
            std::shared_ptr<files::Watcher> watcher;
            {
                const std::lock_guard lock(mutex_);
                watcher = watcher_;
            }
            if (watcher) {
                short_of_watches(*watcher);
            }
        });
    };
    sink.on_root_gone = [this] {
        {
            const std::lock_guard lock(mutex_);
            pending_.look_at_everything();
        }
        batch_.touch();
    };
    return sink;
}

void DirectoryBody::post_round() {
    {
        const std::lock_guard lock(mutex_);
        if (round_posted_ || closed_) {
            return;
        }
        round_posted_ = true;
    }
    lane_.post([this] { run_posted(); });
}

void DirectoryBody::look_again(std::vector<std::string> paths, std::chrono::milliseconds after) {
    const std::lock_guard lock(mutex_);
    pending_.add_files(std::move(paths));
    if (!stopped_) {
        again_timer_.arm_no_later(after);
    }
}

/// Without automation only what start() began goes on by itself.
void DirectoryBody::arm_again(std::chrono::milliseconds after) {
    const std::lock_guard lock(mutex_);
    if (!stopped_ && (running_ || settling_in_)) {
        again_timer_.arm_no_later(after);
    }
}

}  // namespace fluentsync::sync
