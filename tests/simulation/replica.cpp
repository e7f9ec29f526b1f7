#include "replica.hpp"

#include <filesystem>

#include "memory_database.hpp"
#include "store/open_connection.hpp"
#include "witness.hpp"

namespace simulation {

namespace {

using namespace fluentsync;

WorkspaceOptions options_of(const Machine& machine, const Setup& setup) {
    WorkspaceOptions options;
    options.store.path = machine.database;
    options.store.durable = false;
    options.store.cache_kib = 1024;
    options.directory.sync_path = machine.folder;
    options.directory.auto_sync = setup.automatic;
    options.directory.sync_debounce = std::chrono::milliseconds(setup.debounce_ms);
    options.directory.layout = setup.sharded ? Layout::sharded : Layout::flat;
    options.directory.conflict_policy = static_cast<ConflictPolicy>(setup.file_policy);
    options.directory.durable = false;
    options.git.enabled = setup.git;
    options.git.remote = "/simulated/remote.git";
    options.git.commit_debounce = std::chrono::milliseconds(setup.commit_debounce_ms);
    options.git.branch = "main";
    options.git.auto_sync = setup.automatic;
    options.git.auto_push = setup.automatic;
    options.git.conflict_policy = static_cast<RemoteConflictPolicy>(setup.remote_policy);
    options.git.durable = false;
    return options;
}

/// The first byte of the id's SHA-1, for the ids that the simulated people use.
std::string shard_of(const std::string& id) {
    if (id == "a") return "86";
    if (id == "b") return "e9";
    return id == "c d" ? "35" : "74";
}

/// A database that has its tables and nothing else, as the library itself makes it: once for all worlds.
const std::string& fresh_database() {
    static const std::string bytes = [] {
        const std::string path = "template.db";
        store::open_writer(path, 256).reset();
        return bytes_of_database(path);
    }();
    return bytes;
}

}  // namespace

Replica::Replica(int number, const std::string& place, const Setup& setup, VirtualClock& clock)
    : machine(number, place, clock), caller(number), setup_(setup) {
    std::filesystem::create_directories(machine.folder);
    make_database(machine.database, fresh_database());
}

Replica::~Replica() {
    bury();
}

void Replica::start() {
    machine.dead = machine.gone = false;
    deaf = false;
    scheduler().constructing = machine.number;
    workspace_ = std::make_unique<Workspace>(options_of(machine, setup_));
    subscription_ = workspace_->subscribe(*this);
    workspace_->start();
}

void Replica::stop() {
    subscription_.reset();
    workspace_->close();
    workspace_.reset();
}

void Replica::bury() {
    machine.dead = machine.gone = true;
    machine.crash_at.reset();
    machine.fail_at.reset();
    scheduler().abandon(machine.number);
    subscription_.reset();
    workspace_.reset();
    machine.claimed = false;
    unsettled = true;
    uncertain.merge(placed);
    placed.clear();
}

void Replica::begin_piece() {
    if (machine.dead) return;
    if (machine.failed) uncertain.merge(placed);
    deaf = deaf || machine.failed;
    machine.failed = false;
    placed.clear();
}

void Replica::on_events(const std::vector<Event>& batch) {
    if (machine.dead) return;
    for (const Event& event : batch) {
        // One thread stands for all: what ran in the middle of a transaction seems to be inside it.
        const bool inside = event.code == ErrorCode::misuse && machine.interrupted;
        if (event.code == ErrorCode::internal || (event.code == ErrorCode::misuse && !inside))
            internal_error = event.message;
    }
}

std::string Replica::path_of(const std::string& type, const std::string& id) const {
    return type + (setup_.sharded ? "/" + shard_of(id) : "") + "/" + id + ".md";
}

Text Replica::file(const std::string& path) const {
    const NodePtr node = machine.disk.find(path);
    return node && node->stat.kind == FileKind::regular ? Text(node->bytes) : Text();
}

Text Replica::entity(const std::string& type, const std::string& id) {
    const auto found = workspace_->store().get({type, id});
    return found ? Text(found->content) : Text();
}

Sight Replica::look() {
    Sight sight;
    for (const Entity& entity : workspace_->store().list()) {
        sight.entities.emplace(path_of(entity.type, entity.id), entity.content);
    }
    machine.disk.for_each_file([&](const std::string& path, const Node& node) {
        if (path.rfind(".fluentsync/", 0) != 0 && name_of(path) != kEditorFile)
            sight.files.emplace(path, node.bytes);
    });
    if (setup_.git) {
        HeadFiles head = head_files(machine.folder);
        sight.head = std::move(head.files);
        sight.commit = std::move(head.commit);
    }
    return sight;
}

void Replica::find_words(std::set<std::string>& found) {
    for (const Entity& entity : workspace_->store().list()) {
        found.merge(words_of(entity.content));
    }
    for (const Conflict& conflict : workspace_->store().conflicts(true)) {
        found.merge(words_of(conflict.winner_content));
        found.merge(words_of(conflict.loser_content));
    }
    machine.disk.for_each_file([&](const std::string& path, const Node& node) {
        // What lies there is swept away.
        if (path.rfind(".fluentsync/tmp/", 0) != 0) found.merge(words_of(node.bytes));
    });
    if (setup_.git) words_of_history(machine.folder, found);
}

}  // namespace simulation
