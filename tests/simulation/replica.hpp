/// One replica: a machine, and the library's own Workspace running on it, or not.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "fluentsync/fluentsync.hpp"
#include "machine.hpp"
#include "model.hpp"
#include "script.hpp"

namespace simulation {

/// Where an editor keeps what it has not renamed yet: never imported.
inline constexpr const char* kEditorFile = ".note.swp";

class Replica : private fluentsync::Observer {
  public:
    Replica(int number, const std::string& place, const Setup& setup, VirtualClock& clock);
    ~Replica() override;

    /// Starts the process. May throw Crash or Error.
    void start();
    /// Ends it in order.
    void stop();
    /// After its death: what is left in memory goes, without any effect.
    void bury();
    bool running() const { return workspace_ != nullptr; }
    fluentsync::Workspace& workspace() { return *workspace_; }

    std::string path_of(const std::string& type, const std::string& id) const;
    Text file(const std::string& path) const;
    Text entity(const std::string& type, const std::string& id);

    /// Everything there is to see; the process runs.
    Sight look();
    /// Adds every word that is kept anywhere on this machine.
    void find_words(std::set<std::string>& found);

    Machine machine;
    /// Stands for the thread of a host that is inside a call of the API.
    struct Caller final : Actor {
        explicit Caller(int number) : Actor(number, "caller") {}
        bool ready() const override { return false; }
        void run() override {}
    } caller;
    /// It died, and no call has told since that all is settled: what was written last may not be agreed upon
    /// yet, and then a deletion of one copy does not take the other along.
    bool unsettled = false;
    /// Files that the engine placed in the piece of work under way.
    std::set<std::string> placed;
    /// The same of a piece that it died in, or in which a call of the disk failed: it may not know them for
    /// its own, and then an edit of either side is a conflict with the other. Of the piece under way nobody
    /// can say yet.
    std::set<std::string> uncertain;
    bool is_uncertain(const std::string& path) const {
        const bool open = machine.failed || scheduler().busy(machine.number);
        return uncertain.count(path) > 0 || (open && placed.count(path) > 0);
    }
    /// Paths whose file or entity was taken away here since all was settled: a commit may still hold it.
    std::set<std::string> removed;
    void begin_piece();
    /// A call has told that all is settled.
    void settled() {
        unsettled = false;
        uncertain.clear();
        removed.clear();
    }
    /// Events were lost, or calls failed, since it started: what the kernel told may not be known.
    bool deaf = false;
    bool mount_seen = false;       ///< The process has seen the file system that is mounted below its folder.
    std::set<std::string> marked;  ///< Paths that git's index is marked to leave alone.
    std::optional<std::size_t> rule;  ///< Which of the rules on conversions stands in this clone.
    /// Words that were written at paths after git was told to leave those alone.
    std::map<std::string, std::set<std::string>> kept_from_git;
    bool is_kept_from_git(const std::string& path) const;
    void wrote(const std::string& path, const Text& before, const std::string& after);
    std::string internal_error;  ///< An event told of one.

  private:
    void on_events(const std::vector<fluentsync::Event>& batch) override;

    const Setup& setup_;
    std::unique_ptr<fluentsync::Workspace> workspace_;
    fluentsync::Subscription subscription_;
};

}  // namespace simulation
