/// Keeps git's index at HEAD, off the path of saves and commits, so that `git status` is clean for a person a
/// moment later.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "git/repository.hpp"
#include "runtime/lane.hpp"
#include "runtime/loop_body.hpp"
#include "store/store_body.hpp"
#include "sync/foreign_git.hpp"

namespace fluentsync::sync {

/// Of a branch without a commit.
inline constexpr base::ObjectId kNoTree{};

/// The index may be at `tree` already, by a person's commit or reset: what is there as in `tree` is nothing
/// staged.
void note_index_tree(store::Connection& connection, const base::ObjectId& tree);

/// What keeps the index from following HEAD until somebody does something about it; empty: nothing.
std::string index_trouble(const store::StoreBody& store, const git::Repository& repository);

/// On a lane of its own with a repository of its own: rewriting the index costs with its size, and no write
/// waits for it. Any thread may call any function.
class IndexFollower {
  public:
    /// Wraps each piece of background work: failures are the owner's to tell.
    using Guard = std::function<void(const std::function<void()>&)>;

    /// `foreign` is told of each version of the index.
    IndexFollower(std::shared_ptr<runtime::LoopBody> loop, store::StoreBody& store, ForeignGit& foreign,
                  std::string folder, Guard guard);
    /// HEAD may have moved: the index follows after a short pause, once for a burst.
    void head_moved();
    /// Brings the index to HEAD and waits for it. Throws what kept it from that.
    void update_now();
    /// What it is behind is brought at once, and nothing is begun from here on until head_moved() is called
    /// again.
    void stop();
    /// Ends the lane. What it is behind is brought before, if kIndexAtClose is enough: a person's next commit
    /// must not take back what we committed last.
    void close();

  private:
    void post();
    void catch_up();
    void update();
    void follow();
    bool bring(const std::optional<std::string>& before, const base::ObjectId& tree);
    void settle(const base::ObjectId& tree, const std::vector<std::string>& next);
    bool is_gone(const base::ObjectId& tree) const;
    bool is_sound();
    void tell_made_anew(const std::string& kept_at);
    void wait_for_lock();

    store::StoreBody& store_;
    ForeignGit& foreign_;
    const std::string folder_;
    const Guard guard_;
    std::unique_ptr<git::Repository> repository_;  ///< Index lane.
    std::atomic<bool> behind_{false};              ///< HEAD may have moved since the last update began.
    std::atomic<std::int64_t> until_ms_;           ///< Steady: nothing takes longer.
    std::int64_t sound_ns_ = 0;  ///< Index lane: the time of an index that was found to be one.
    bool lock_told_ = false;     ///< Index lane.
    runtime::Lane lane_;
    runtime::Timer timer_;
};

}  // namespace fluentsync::sync
