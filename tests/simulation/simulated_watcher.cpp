// files::Watcher over the memory disk's inotify, and files::RootLock and the claim of the state folder within
// this process: linked in the place of those that ask the kernel. What events mean is still told by the real
// WatchMap.
#include <sys/inotify.h>

#include <cstring>
#include <stdexcept>

#include "codec/key_path.hpp"
#include "files/layout.hpp"
#include "files/root_lock.hpp"
#include "files/state_claim.hpp"
#include "files/watch_map.hpp"
#include "files/watcher.hpp"
#include "fluentsync/error.hpp"
#include "machine.hpp"

namespace fluentsync::files {

struct Watcher::State final : simulation::Actor {
    State(std::shared_ptr<runtime::Folder> folder, WatchSink watch_sink)
        : Actor(simulation::machine_at(folder->absolute_path()).number, "watcher"),
          machine(simulation::machine_at(folder->absolute_path())),
          root(std::move(folder)),
          sink(std::move(watch_sink)) {
        machine.disk.watchers.push_back(&inotify);
        simulation::scheduler().add(this);
    }
    ~State() override {
        simulation::scheduler().remove(this);
        auto& all = machine.disk.watchers;
        all.erase(std::remove(all.begin(), all.end(), &inotify), all.end());
    }
    bool ready() const override { return !closed && !inotify.queue.empty(); }
    void run() override { read(8); }
    void read(std::size_t most);
    void add(const std::string& folder) {
        const auto node = machine.disk.find(folder);
        if (!node || node->stat.kind != runtime::FileKind::folder) return;
        drop(map.set(inotify.watch(node), folder));
    }
    void drop(const std::vector<int>& obsolete) {
        for (const int wd : obsolete) {
            inotify.unwatch(wd);
        }
    }

    simulation::Machine& machine;
    const std::shared_ptr<runtime::Folder> root;
    const WatchSink sink;
    simulation::Inotify inotify;
    WatchMap map;
    bool closed = false;
};

void Watcher::State::read(std::size_t most) {
    std::string buffer;
    for (; most > 0 && !inotify.queue.empty(); --most) {
        const auto event = std::move(inotify.queue.front());
        inotify.queue.pop_front();
        inotify_event head{};
        head.wd = event.wd;
        head.mask = event.mask;
        head.len = event.name.empty() ? 0 : static_cast<std::uint32_t>((event.name.size() + 16) & ~15U);
        buffer.append(reinterpret_cast<const char*>(&head), sizeof head);
        buffer.append(event.name);
        buffer.append(head.len - event.name.size(), '\0');
    }
    WatchBatch batch;
    std::vector<int> obsolete;
    map.interpret(buffer.data(), buffer.size(), batch, obsolete);
    drop(obsolete);
    if (batch.root_gone && !closed) sink.on_root_gone();
    if (batch.overflow && !closed) sink.on_overflow();
    for (const auto& folder : batch.folders_gone)
        if (!closed) sink.on_folder_gone(folder);
    for (const auto& folder : batch.folders_added)
        if (!closed) sink.on_folder_added(folder);
    if (!batch.files.empty() && !closed) sink.on_files(std::move(batch.files));
}

Watcher::Watcher(std::shared_ptr<runtime::LoopBody>, std::shared_ptr<runtime::Folder> root, WatchSink sink)
    : state_(std::make_shared<State>(std::move(root), std::move(sink))) {}

Watcher::~Watcher() {
    state_->closed = true;
}

bool Watcher::watch_folder(const std::string& folder) {
    if (!codec::excluded_folder(folder)) state_->add(folder);
    return true;
}

bool Watcher::watch_tree(const std::string& folder, const std::function<bool(const std::string&)>& enter) {
    if (!folder.empty() && codec::excluded_folder(folder)) return true;
    state_->add(folder);
    for (const auto& name : state_->root->subfolders(folder)) {
        const auto path = join(folder, name);
        if (enter(path)) watch_tree(path, enter);
    }
    return true;
}

void Watcher::drain() {
    state_->read(state_->inotify.queue.size());
}

std::string Watcher::last_problem() const {
    return {};
}

std::size_t Watcher::watch_count() const {
    return state_->map.size();
}

/// The memory disk has no owners; the claim makes the folder there.
void claim_state_folder(const std::string&) {}

RootLock::RootLock(const std::string& root) {
    auto& machine = simulation::machine_at(root);
    if (machine.claimed) throw std::logic_error("the folder of a simulated machine is claimed twice");
    machine.claimed = true;
    descriptor_ = machine.number;
}

RootLock::~RootLock() {
    simulation::release_claim(descriptor_);
}

}  // namespace fluentsync::files
