// The Folder port over a MemoryDisk: runtime::open_folder() linked in the place of the POSIX one.
#include <algorithm>
#include <exception>
#include <stdexcept>

#include "fluentsync/error.hpp"
#include "machine.hpp"
#include "runtime/file_system.hpp"

namespace simulation {

namespace {

using namespace fluentsync;
using runtime::FolderEntry;
using runtime::RenameOutcome;

std::vector<Machine*> machines;

[[noreturn]] void fail(const char* what, const std::string& path, const char* why) {
    throw Error(ErrorCode::io, std::string("cannot ") + what + " " + path + ": " + why, path);
}

class MemoryFolder final : public runtime::Folder {
  public:
    explicit MemoryFolder(Machine& machine) : machine_(machine), disk_(machine.disk) {}

    std::string absolute_path() const override { return machine_.folder; }
    FileStat identity() const override {
        enter("identity");
        return disk_.find("")->stat;
    }
    FileStat stat(const std::string& path) const override {
        enter("stat", path);
        return stat_of(path);
    }
    FileStat read(const std::string& path, std::uint64_t limit, std::string& out) const override {
        enter("read", path);
        out.clear();
        const NodePtr node = disk_.find(path);
        if (!node) return {};
        if (node->stat.kind == FileKind::regular) out = node->bytes.substr(0, limit + 1);
        return node->stat;
    }
    std::vector<FolderEntry> list(const std::string& folder) const override {
        enter("list", folder);
        std::vector<FolderEntry> entries;
        const NodePtr node = disk_.find(folder);
        if (!node || node->stat.kind != FileKind::folder) return entries;
        for (const auto& [name, child] : node->children) {
            entries.push_back({name, child->stat});
        }
        // In the order of inodes: that of names would let random temporary names into the trace.
        std::sort(entries.begin(), entries.end(),
                  [](const auto& a, const auto& b) { return a.stat.inode < b.stat.inode; });
        return entries;
    }
    /// No point of its own: there are enough of them on the way.
    std::vector<runtime::Mount> mounts() const override {
        if (!disk_.is_mounted()) return {};
        return {{disk_.mount_point(), "simulated"}};
    }
    std::vector<std::string> subfolders(const std::string& folder) const override {
        std::vector<std::string> names;
        for (const FolderEntry& entry : list(folder)) {
            if (entry.stat.kind == FileKind::folder) names.push_back(entry.name);
        }
        return names;
    }
    void make_folders(const std::string& path, bool) override {
        change("make the folder", path);
        if (alive() && !disk_.make_folders(path)) fail("make the folder", path, "Not a directory");
    }
    bool remove_folder(const std::string& path) override {
        change("remove the folder", path);
        return alive() && disk_.remove_folder(path);
    }
    FileStat write_new(const std::string& path, std::string_view bytes,
                       const runtime::Likeness& likeness) override {
        change("make", path);
        if (!alive()) return {};
        if (disk_.find(path)) fail("make", path, "File exists");
        if (!disk_.create(path, std::string(bytes), mode_of(likeness), true))
            fail("make", path, "No such file or directory");
        told(path);
        return stat_of(path);
    }
    FileStat shape(const std::string& path, const runtime::Likeness& likeness) override {
        enter("shape", path);
        const NodePtr node = disk_.find(path);
        if (!node) return {};
        node->stat.mode = mode_of(likeness);
        node->stat.executable = (node->stat.mode & 0100) != 0;
        return node->stat;
    }
    RenameOutcome rename_new(const std::string& from, const std::string& to) override {
        change("rename", to);
        if (!alive() || !disk_.find(from)) return RenameOutcome::missing;
        if (!disk_.parent(to)) fail("rename", to, "No such file or directory");
        if (disk_.find(to)) return RenameOutcome::target_exists;
        if (!disk_.rename(from, to)) fail("rename", to, "Invalid argument");
        told(to);
        return RenameOutcome::done;
    }
    RenameOutcome place_new(const std::string& from, const std::string& to, FileStat& placed) override {
        const RenameOutcome outcome = rename_new(from, to);
        if (outcome == RenameOutcome::done) {
            const std::int64_t renamed_ns = scheduler().clock.wall_ns();
            placed = runtime::unless_changed_since(renamed_ns, stat(to));
        }
        return outcome;
    }
    RenameOutcome exchange(const std::string& a, const std::string& b) override {
        change("swap", b);
        if (!alive() || !disk_.exchange(a, b)) return RenameOutcome::missing;
        told(b);
        return RenameOutcome::done;
    }
    bool remove(const std::string& path) override {
        try {
            change("remove", path);
        } catch (const Crash&) {
            return false;  // Destructors remove their temporaries, and must not throw: the next call tells.
        }
        return alive() && disk_.remove_file(path);
    }
    void sync() override { enter("sync"); }
    void sync_path(const std::string& path) override { enter("sync", path); }

  private:
    bool alive() const { return !machine_.dead; }
    FileStat stat_of(const std::string& path) const {
        const NodePtr node = disk_.find(path);
        return node ? node->stat : FileStat{};
    }
    std::uint32_t mode_of(const runtime::Likeness& likeness) const {
        const NodePtr there = disk_.find(likeness.place);
        const bool replaces = there && there->stat.kind == FileKind::regular;
        const std::uint32_t mode = replaces ? there->stat.mode : 0644;
        const bool executes = (mode & 0100) != 0;
        if (likeness.executable.value_or(executes) == executes) return mode;
        return executes ? mode & ~0111u : mode | ((mode & 0444) >> 2);
    }
    void told(const std::string& path) const {
        if (machine_.placed && path.rfind(".fluentsync", 0) != 0)
            machine_.placed(path, disk_.find(path)->bytes);
    }
    void enter(const char* what, const std::string& path = {}) const {
        pass_point(machine_, what);
        if (machine_.fail_at && (*machine_.fail_at)-- <= 0) {
            machine_.fail_at = 0;
            if (--machine_.fails <= 0) machine_.fail_at.reset();
            machine_.failed = true;
            fail(what, path, "No space left on device");
        }
    }
    void change(const char* what, const std::string& path) {
        enter(what, path);
        if (alive() && disk_.is_hidden(path)) machine_.trespass = path;
    }

    Machine& machine_;
    MemoryDisk& disk_;
};

}  // namespace

Machine& machine_at(const std::string& folder) {
    for (Machine* machine : machines) {
        if (machine->folder == folder) return *machine;
    }
    throw std::logic_error("no simulated machine has the folder " + folder);
}

void release_claim(int machine) {
    for (Machine* one : machines) {
        if (one->number == machine) one->claimed = false;
    }
}

void set_machines(std::vector<Machine*> all) {
    machines = std::move(all);
}

bool dies_here(Machine& machine) {
    if (!machine.crash_at || (*machine.crash_at)-- > 0) return false;
    machine.crash_at.reset();
    machine.dead = true;
    return true;
}

void keep_off_loop(Machine& machine, const char* what) {
    if (scheduler().on_loop()) machine.held_loop = what;
}

void pass_point(Machine& machine, const char* what) {
    // What is being unwound, or closed after its death, has no effect and throws nothing more.
    if (machine.gone) return;
    if (machine.dead) {
        if (std::uncaught_exceptions() == 0 && scheduler().busy(machine.number)) throw Crash{machine.number};
        return;
    }
    keep_off_loop(machine, what);
    scheduler().yield(machine.number, what);
    if (dies_here(machine)) throw Crash{machine.number};
}

}  // namespace simulation

namespace fluentsync {

std::shared_ptr<runtime::Folder> runtime::open_folder(const std::string& path, bool) {
    return std::make_shared<simulation::MemoryFolder>(simulation::machine_at(path));
}

/// A machine's folder is always there.
std::optional<std::string> runtime::missing_folder(const std::string&) {
    return std::nullopt;
}

}  // namespace fluentsync
