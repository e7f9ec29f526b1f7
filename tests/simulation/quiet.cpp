// The end of a run: inputs stop, faults are gone, and what must be true then is.
#include <map>
#include <utility>

#include "witness.hpp"
#include "world.hpp"

namespace simulation {

using namespace fluentsync;

namespace {

/// Longer than the slow rescan and two intervals of git.
constexpr std::int64_t kLongMs = 11 * 60 * 1000;
constexpr std::int64_t kShortMs = 2'000;

}  // namespace

void World::calm_down() {
    interruptions_.clear();
    for (const auto& replica : replicas_) {
        Machine& machine = replica->machine;
        machine.crash_at.reset();
        machine.fail_at.reset();
        machine.offline = false;
        machine.lost_replies = 0;
    }
    for (const auto& replica : replicas_) {
        start(*replica);
        if (!replica->running()) throw Violation("a replica does not start again");
    }
    std::map<Replica*, std::map<std::string, std::string>> outlived;
    for (const auto& replica : replicas_) {
        replica->machine.disk.set_mounted(true);
        auto texts = take_back_words_to_git(*replica);
        if (!texts.empty()) outlived[replica.get()] = std::move(texts);
    }
    mend_files();
    // A round takes a change one hop further; a change crosses to the remote, to the others, and back.
    const int most = 3 + 2 * setup_.replicas;
    for (int round = 1;; ++round) {
        trace("quiet round");
        try {
            quiet_round();
            check_converged();
            if (outlived.empty()) break;
        } catch (const Violation&) {
            if (round >= most) throw;
        } catch (const Error& error) {
            if (round >= most) throw Violation(std::string("does not come to rest: ") + error.what());
        }
        for (const auto& [replica, texts] : std::exchange(outlived, {}))
            bring_back(*replica, texts);
        mend_files();
    }
    restart_all();
    std::set<std::string> found;
    for (const auto& replica : replicas_) {
        replica->find_words(found);
    }
    words_of_remote(remote_, found);
    model_.check_nothing_lost(found);
    const std::map<std::string, std::string> files = replicas_.front()->look().files;
    model_.check_expected(files);
    model_.check_none_removed(files);
    check_idle();
    check_converged();
}

/// What a failed call has left behind is cleared up by the next start, and nothing moves for it.
void World::restart_all() {
    for (const auto& replica : replicas_) {
        guarded(replica->machine.number, &replica->caller, [&] { replica->stop(); });
        start(*replica);
    }
    if (!scheduler_.pass(kShortMs)) throw Violation("quiet: work goes on without an end");
    for (const auto& replica : replicas_) {
        replica->machine.disk.for_each_file([](const std::string& path, const Node&) {
            if (path.rfind(".fluentsync/tmp/", 0) == 0) throw Violation("bounded: left behind: " + path);
        });
    }
}

/// People put in order what they broke.
void World::mend_files() {
    for (const auto& replica : replicas_) {
        for (const std::string& path : broken_files(*replica)) {
            mend(*replica, path, 1);
        }
    }
}

void World::quiet_round() {
    for (const auto& replica : replicas_) {
        if (!scheduler_.pass(kShortMs)) throw Violation("quiet: work goes on without an end");
        if (replica->workspace().directory().status().held_deletions > 0) {
            replica->workspace().directory().confirm_deletions();
        }
        if (!setup_.automatic) scheduler_.as(&replica->caller, [&] { replica->workspace().sync(); });
        after_work();
    }
    if (!scheduler_.pass(setup_.automatic ? kLongMs : kShortMs)) {
        throw Violation("quiet: work goes on without an end");
    }
    after_work();
}

void World::check_converged() {
    std::optional<Sight> first;
    for (const auto& replica : replicas_) {
        Sight sight = replica->look();
        const std::string who = "replica " + std::to_string(replica->machine.number);
        Model::check_in_step(who, sight, setup_.git);
        if (setup_.git && sight.commit != remote_tip(remote_)) {
            throw Violation("converges: " + who + ": HEAD is " + sight.commit + ", the remote is at " +
                            remote_tip(remote_));
        }
        if (first) Model::check_same("files of two replicas", first->files, sight.files);
        if (!first) first = std::move(sight);
    }
}

void World::check_idle() {
    std::vector<std::pair<std::int64_t, std::int64_t>> before;
    for (const auto& replica : replicas_) {
        before.emplace_back(replica->machine.disk.writes, replica->machine.commits);
    }
    const std::string tip = remote_tip(remote_);
    quiet_round();
    for (std::size_t i = 0; i < replicas_.size(); ++i) {
        const Machine& machine = replicas_[i]->machine;
        if (machine.disk.writes != before[i].first) throw Violation("quiet: an idle replica writes files");
        if (machine.commits != before[i].second)
            throw Violation("quiet: an idle replica writes to its database");
    }
    if (remote_tip(remote_) != tip) throw Violation("quiet: an idle replica commits");
}

}  // namespace simulation
