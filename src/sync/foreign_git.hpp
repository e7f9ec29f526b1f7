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
/// what is committed in between goes to the wrong branch. So whoever commits gives way to an index that
/// somebody holds or has changed a moment ago. It does not to our own, whichever process of ours wrote it,
/// nor to one in which only stats are new, as `git status` leaves it: nobody would know what it waits for.
///
/// Any thread may call any function.
class ForeignGit {
  public:
    explicit ForeignGit(store::StoreBody& store) : store_(store) {}
    /// How long to give way before the next look; zero: not at all. To an index that is changed on and on it
    /// gives way for kGivesWay only: a tool must not keep everything out of the history.
    std::chrono::milliseconds at_work(git::Repository& repository);
    /// What was waited for is over.
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
    std::int64_t changed_ns(git::Repository& repository, const git::IndexStamp& stamp);
    std::optional<Seen> seen_as(const git::IndexStamp& stamp);
    void recall();

    store::StoreBody& store_;
    std::mutex mutex_;
    bool recalled_ = false;
    /// The latest, and the one before it, which lies there until the latest replaces it.
    std::array<Seen, 2> seen_;
    /// Steady: the first time since through() that somebody was given way to.
    std::optional<std::int64_t> giving_way_since_;
};

}  // namespace fluentsync::sync
