/// Whether somebody else's git is at work in the folder, as its index tells.
#pragma once

#include <array>
#include <chrono>
#include <mutex>
#include <optional>

#include "git/index.hpp"
#include "store/store_body.hpp"

namespace fluentsync::sync {

/// A checkout, a reset, a merge holds the index while it changes files, replaces it, and moves HEAD next:
/// what is committed in between goes to the wrong branch, and what is written into files it overwrites, for
/// it has looked at them before. So whoever commits or goes over the files gives way to an index that
/// somebody holds or has changed a moment ago. It does not to our own, whichever process of ours wrote it,
/// nor to one in which only stats are new, as `git status` leaves it: nobody would know what it waits for.
///
/// A round of the folder gives way to an operation that is left open (a merge, a rebase) as well, and for a
/// while only: a person edits files then, too. Commits wait for its end, elsewhere.
///
/// Any thread may call any function.
class ForeignGit {
  public:
    explicit ForeignGit(store::StoreBody& store) : store_(store) {}
    enum class Work { commit, round };
    /// How long `work` is to give way before the next look; zero: not at all. A living git's lock counts as
    /// long as it is there; to an index that is changed on and on it gives way for kGivesWay only, and to one
    /// that is locked again and again for kLivingLock: a tool must keep nothing out of folder or history.
    std::chrono::milliseconds at_work(git::Repository& repository, Work work);
    /// A commit goes ahead: the next one has patience anew.
    void through();

    /// To be told by whoever writes the index for us, about each version that it met. What somebody changed
    /// before counts as theirs for as long as it would have.
    void met(const git::IndexVersion& version);
    /// The next version, before it is there. `connection`: of a write, so that the next process knows too.
    void about_to_write(store::Connection& connection, const git::IndexVersion& version);

  private:
    struct Seen {
        git::IndexVersion version;
        std::int64_t changed_ns = 0;  ///< When somebody else last changed what stands in it; 0: not lately.
    };
    /// Steady, since the repository was last seen at rest: what was given way to first, and first without a
    /// lock.
    struct Patience {
        std::optional<std::int64_t> began;
        std::optional<std::int64_t> unlocked;
    };
    Patience& of(Work work) { return work == Work::commit ? commits_ : rounds_; }
    std::chrono::milliseconds unsettled_for(git::Repository& repository, Work work);
    std::int64_t changed_ns(git::Repository& repository, const git::IndexStamp& stamp);
    std::optional<Seen> seen_as(const git::IndexStamp& stamp);
    void recall();

    store::StoreBody& store_;
    std::mutex mutex_;
    bool recalled_ = false;
    /// The latest, and the one before it, which lies there until the latest replaces it.
    std::array<Seen, 2> seen_;
    Patience commits_;
    Patience rounds_;
};

}  // namespace fluentsync::sync
