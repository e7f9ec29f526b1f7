#include "rested_world.hpp"

#include <git2.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>

#include "memory_database.hpp"
#include "witness.hpp"

namespace simulation {

namespace {

/// Beyond this the commit does not come by itself.
constexpr std::int64_t kNever = 60'000;

void prepare_once() {
    static const bool done = [] {
        ::setenv("TZ", "UTC0", 1);
        prepare_libgit2();
        keep_databases_in_memory();
        return true;
    }();
    static_cast<void>(done);
}

std::string fresh_place() {
    std::string name = (std::filesystem::temp_directory_path() / "fluentsync-waits-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    return name;
}

Setup quick_setup(int replicas) {
    Setup setup;
    setup.replicas = replicas;
    setup.debounce_ms = 20;
    setup.commit_debounce_ms = 40;
    return setup;
}

void rewrite_index(const std::string& folder, const std::function<void(git_index*)>& change) {
    git_index* index = nullptr;
    const bool read =
        git_index_open(&index, (folder + "/.git/index").c_str()) == 0 && git_index_entrycount(index) > 0;
    if (read) change(index);
    const bool written = read && git_index_write(index) == 0;
    git_index_free(index);
    if (!written) throw std::runtime_error("no index to rewrite");
}

}  // namespace

RestedWorld::RestedWorld(int replicas) : place_(fresh_place()), setup_(quick_setup(replicas)) {
    prepare_once();
    set_scheduler(&scheduler_);
    set_remote(&remote_);
    std::vector<Machine*> machines;
    for (int i = 0; i < replicas; ++i) {
        replicas_.push_back(
            std::make_unique<Replica>(i, place_ + "/" + std::to_string(i), setup_, scheduler_.clock));
        machines.push_back(&replicas_.back()->machine);
    }
    set_machines(machines);
    watch_databases(machines);
    scheduler_.on_yield = [this](int replica, const char* what) {
        if (within_ || std::string(what).find("the index") == std::string::npos) return;
        within_ = true;
        scheduler_.pass(5, replica);  // As long as a large one takes.
        within_ = false;
    };
}

RestedWorld::~RestedWorld() {
    scheduler_.on_yield = {};
    subscription_.reset();
    for (const auto& replica : replicas_)
        replica->bury();
    replicas_.clear();
    watch_databases({});
    set_machines({});
    close_repositories();
    forget_databases();
    set_remote(nullptr);
    set_scheduler(nullptr);
    std::error_code ignored;
    std::filesystem::remove_all(place_, ignored);
}

void RestedWorld::call(int number, const std::function<void()>& work) {
    scheduler_.as(&replicas_.at(static_cast<std::size_t>(number))->caller, work);
}

void RestedWorld::start(int number) {
    Replica& replica = *replicas_.at(static_cast<std::size_t>(number));
    call(number, [&] { replica.start(); });
    if (number == 0) subscription_ = replica.workspace().subscribe(*this);
}

void RestedWorld::stop(int number) {
    if (number == 0) subscription_.reset();
    call(number, [&] { replicas_.at(static_cast<std::size_t>(number))->stop(); });
}

void RestedWorld::pass(std::int64_t ms) {
    if (!scheduler_.pass(ms)) throw std::runtime_error("work goes on without an end");
}

void RestedWorld::put() {
    put_at(0);
}

void RestedWorld::put_at(int number) {
    call(number, [&] {
        replicas_.at(static_cast<std::size_t>(number))
            ->workspace()
            .store()
            .put({"note", std::to_string(number), "text " + std::to_string(++texts_) + "\n"});
    });
}

void RestedWorld::pull(int number) {
    call(number, [&] { replicas_.at(static_cast<std::size_t>(number))->workspace().git().pull(); });
}

void RestedWorld::push(int number) {
    call(number, [&] { replicas_.at(static_cast<std::size_t>(number))->workspace().git().push(); });
}

std::int64_t RestedWorld::debounces() const {
    return setup_.debounce_ms + setup_.commit_debounce_ms;
}

std::int64_t RestedWorld::ms_to_commit() {
    const std::int64_t from = scheduler_.clock.steady_ms();
    const int before = commits_;
    while (commits_ == before && scheduler_.clock.steady_ms() - from < kNever)
        pass(1);
    return commits_ == before ? kNever : committed_at_ - from;
}

std::int64_t RestedWorld::ms_from_put_to_commit() {
    put();
    return ms_to_commit();
}

void RestedWorld::person_looks() const {
    rewrite_index(replicas_.front()->machine.folder, [](git_index* index) {
        git_index_entry entry = *git_index_get_byindex(index, 0);
        entry.mtime.nanoseconds += 1;
        if (git_index_add(index, &entry) != 0) throw std::runtime_error("no entry to look at");
    });
}

void RestedWorld::person_stages() const {
    rewrite_index(replicas_.front()->machine.folder, [](git_index* index) {
        git_index_entry entry = *git_index_get_byindex(index, 0);
        entry.path = "staged.txt";
        if (git_index_add(index, &entry) != 0) throw std::runtime_error("nothing to stage");
    });
}

void RestedWorld::on_events(const std::vector<fluentsync::Event>& batch) {
    for (const fluentsync::Event& event : batch) {
        if (event.kind != fluentsync::EventKind::git_committed) continue;
        ++commits_;
        committed_at_ = scheduler_.clock.steady_ms();
    }
}

}  // namespace simulation
