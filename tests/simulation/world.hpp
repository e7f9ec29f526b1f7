/// One simulated world: replicas, their remote, people, and what goes wrong. Runs a script.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model.hpp"
#include "replica.hpp"
#include "script.hpp"
#include "simulated_remote.hpp"

namespace simulation {

class World {
  public:
    /// `place` is an empty folder of the real disk, for databases and repositories.
    World(const Setup& setup, const std::filesystem::path& place);
    World(const World&) = delete;
    World& operator=(const World&) = delete;
    ~World();

    /// The whole script, then quiet, then every check. Throws Violation.
    void run(const Script& script);

    /// Of all that happened: equal for equal runs.
    std::uint64_t trace_hash() const { return trace_; }
    /// Told of each line of the trace.
    std::function<void(const std::string&)> on_trace;
    std::int64_t performed = 0;  ///< Steps, those inside others too.

  private:
    struct Interruption {
        Step step;
        int countdown;
    };
    /// Performed the moment that the engine has placed the file.
    struct Ambush {
        int replica;
        std::string path;
        Step step;
        bool placed = false;
    };

    void perform(const Step& step);
    void carry_out(const Step& step);
    void interrupt(int replica, const char* what);
    void as_meanwhile(const Step& step);
    void guarded(int replica, Actor* thread, const std::function<void()>& work);
    void start(Replica& replica);
    void after_work();
    void trace(const std::string& line);

    // people.cpp: what people do.
    bool by_people(const Step& step);
    void put(Replica& replica, const Step& step);
    void erase(Replica& replica, const Step& step);
    void edit_file(Replica& replica, const Step& step);
    void remove_file(Replica& replica, const Step& step);
    void move_file(Replica& replica, const Step& step);
    void move_folder(Replica& replica, const Step& step);
    void remove_folder(Replica& replica, const Step& step);
    void take_back(Replica& replica, const Step& step);
    void plain_file(Replica& replica, const Step& step);
    static void confirm(Replica& replica);
    static std::vector<std::string> broken_files(const Replica& replica);
    void mend(Replica& replica, const std::string& path, std::uint64_t shape);
    void resolve(Replica& replica, const Step& step);
    std::string new_text(std::uint64_t shape);
    std::string edited(const Text& before, std::uint64_t shape);
    /// Everybody has the same at `path`, so an edit of it is contested by nobody.
    bool agreed(const std::string& path, const std::string& type, const std::string& id);
    /// `by_api`: the replica to whose store it was put; nobody: a file was written, or something has gone.
    void note(const std::string& path, bool was_agreed, const Text& text, const Replica* by_api = nullptr);

    // people_folders.cpp: one that was just made for a file, and one whose file system goes.
    void fresh(Replica& replica, const Step& step);
    void spring_ambush();
    static void mount_folder(Replica& replica, const Step& step);

    // people_git.cpp: what a person tells git.
    void mark_file(Replica& replica, const Step& step);
    void rule_files(Replica& replica, const Step& step);
    /// Returns the files that outlived their mark, which go for a while: what bring_back() puts there again.
    std::map<std::string, std::string> take_back_words_to_git(Replica& replica);
    void bring_back(Replica& replica, const std::map<std::string, std::string>& texts);
    void check_kept_from_git(Replica& replica);

    // quiet.cpp: what must be true at the end.
    void calm_down();
    void restart_all();
    void mend_files();
    void quiet_round();
    void check_converged();
    void check_idle();

    bool call(const Step& step, Replica& replica, bool busy);
    void tamper(const Step& step, Replica& replica);

    const Setup setup_;
    Scheduler scheduler_;
    Remote remote_;
    Model model_;
    std::vector<std::unique_ptr<Replica>> replicas_;
    std::vector<Interruption> interruptions_;
    std::optional<Ambush> ambush_;
    int depth_ = 0;
    std::uint64_t trace_ = 14695981039346656037ULL;
};

}  // namespace simulation
