#include "sync/index_follower.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "base/tuning.hpp"
#include "git/index.hpp"
#include "runtime/file_system.hpp"
#include "store/ledger.hpp"
#include "store/records.hpp"
#include "sync/folder_identity.hpp"
#include "sync/git_context.hpp"

namespace fluentsync::sync {

namespace {

constexpr std::chrono::seconds kLockedRetry{1};
/// Trees, one after the other, that the index may be at since it was brought to kIndexTree. Zeros: kNoTree.
constexpr const char* kIndexNext = "index_next";
constexpr std::size_t kHexDigits = 40;

std::vector<std::string> next_trees(store::Connection& connection) {
    const std::string text = store::get_value(connection, kIndexNext).value_or("");
    std::vector<std::string> trees;
    for (std::size_t at = 0; at < text.size(); at += kHexDigits) {
        trees.push_back(text.substr(at, kHexDigits));
    }
    return trees;
}

void save_next_trees(store::Connection& connection, const std::vector<std::string>& trees) {
    std::string text;
    for (const std::string& tree : trees) {
        text += tree;
    }
    store::set_value(connection, kIndexNext, text.empty() ? std::nullopt : std::optional(text));
}

/// What the database knows of where the index is.
struct IndexPlace {
    std::optional<std::string> tree;
    std::vector<std::string> next;
    bool settled_at(const base::ObjectId& at) const { return tree == at.hex() && next.empty(); }
};

IndexPlace index_place(store::Connection& connection) {
    return {store::get_value(connection, kIndexTree), next_trees(connection)};
}

IndexPlace index_place(const store::StoreBody& store) {
    IndexPlace known;
    store.read([&](store::Connection& connection) { known = index_place(connection); });
    return known;
}

/// As the ledger has it, if it has this content.
runtime::FileStat known_stat(const store::StoreBody& store, const std::string& path,
                             const base::ObjectId& id) {
    std::optional<store::LedgerRow> row;
    store.read([&](store::Connection& connection) { row = store::find_row(connection, path); });
    runtime::FileStat stat;
    if (row && row->for_git() == id && row->signature != store::Signature()) {
        stat.kind = runtime::FileKind::regular;
        stat.size = row->signature.size;
        stat.mtime_ns = row->signature.mtime_ns;
        stat.ctime_ns = row->signature.ctime_ns;
        stat.inode = row->signature.inode;
    }
    return stat;
}

/// Empty while it may be a living git's.
std::string told_of_lock(const git::Repository& repository) {
    const std::string lock = git::old_index_lock(repository);
    if (lock.empty()) {
        return {};
    }
    return fmt::format(
        "git's index does not follow the commits, {} locks it: remove that file if no git is running", lock);
}

}  // namespace

std::string index_trouble(const store::StoreBody& store, const git::Repository& repository) {
    const std::string lock = told_of_lock(repository);
    const git::Head head = lock.empty() ? git::Head() : repository.head();
    const bool follows =
        !head.commit || (git::has_index(repository) &&
                         index_place(store).settled_at(repository.commit_info(*head.commit).tree));
    return follows ? std::string() : lock;
}

void note_index_tree(store::Connection& connection, const base::ObjectId& tree) {
    auto trees = next_trees(connection);
    if (std::find(trees.begin(), trees.end(), tree.hex()) == trees.end()) {
        trees.push_back(tree.hex());
        save_next_trees(connection, trees);
    }
}

IndexFollower::IndexFollower(std::shared_ptr<runtime::LoopBody> loop, store::StoreBody& store,
                             ForeignGit& foreign, std::string folder, Guard guard)
    : store_(store),
      foreign_(foreign),
      folder_(std::move(folder)),
      guard_(std::move(guard)),
      until_ms_(std::numeric_limits<std::int64_t>::max()),
      lane_("fs-index"),
      timer_(std::move(loop), [this] { post(); }) {}

void IndexFollower::head_moved() {
    behind_ = true;
    timer_.arm(base::tuning::kIndexDelay);
}

void IndexFollower::update_now() {
    lane_.run([this] { update(); });
}

void IndexFollower::stop() {
    timer_.cancel();
    if (behind_) {
        post();
    }
}

void IndexFollower::close() {
    until_ms_ = store_.clock().steady_ms() + base::tuning::kIndexAtClose.count();
    timer_.cancel();
    catch_up();
    lane_.stop();
    timer_.cancel();  // The lane's last task may have armed it.
    repository_.reset();
}

/// Whoever closes has no use for what kept it from that; it was told before, or the next start tells it.
void IndexFollower::catch_up() {
    try {
        lane_.run([this] {
            if (behind_) {
                update();
            }
        });
    } catch (const std::exception&) {
    }
}

void IndexFollower::post() {
    lane_.post([this] {
        bool done = false;
        guard_([&] {
            update();
            done = true;
        });
        if (!done) {
            timer_.arm_no_later(base::tuning::kRetryMost);
        }
    });
}

/// Index lane.
void IndexFollower::update() {
    behind_ = false;
    if (!repository_ || !repository_->is_current()) {
        repository_ = std::make_unique<git::Repository>(git::Repository::open(folder_));
    }
    try {
        follow();
    } catch (...) {
        behind_ = true;
        repository_.reset();  // libgit2 takes for missing what it could not read once.
        throw;
    }
}

void IndexFollower::follow() {
    const git::Head head = repository_->head();
    if (!head.commit || !repository_->operation_in_progress().empty()) {
        return;
    }
    const base::ObjectId tree = repository_->commit_info(*head.commit).tree;
    const IndexPlace known = index_place(store_);
    // HEAD may be where it was when we were last here, and a person's reset or a removed file lies between.
    if (known.settled_at(tree) && git::has_index(*repository_) && is_sound()) {
        return;
    }
    if (!is_known_folder(store_, folder_)) {  // Its repository is another one, with another index.
        timer_.arm_no_later(base::tuning::kRetryMost);
        return;
    }
    // What a crash left between the index and this database, or a person committed, must not pass for staged.
    for (const std::string& one : known.next) {
        if (!bring(one, tree)) {
            return;
        }
    }
    if (bring(known.tree, tree) && is_known_folder(store_, folder_)) {
        lock_told_ = false;
        settle(tree, known.next);
    }
}

/// Each version of it is looked at once; our own not at all.
bool IndexFollower::is_sound() {
    const std::int64_t time = git::index_stamp(*repository_).mtime_ns;
    if (time != sound_ns_) {
        if (git::index_is_damaged(*repository_)) {
            return false;
        }
        sound_ns_ = time;
    }
    return true;
}

void IndexFollower::tell_made_anew(const std::string& kept_at) {
    Event event;
    event.kind = EventKind::warning;
    event.message = fmt::format(
        "git's index was damaged and is made anew from HEAD: what somebody had staged is to be staged again "
        "(the damaged one is kept at {})",
        kept_at);
    store_.hub()->publish(std::move(event));
}

/// The index is at `tree`, and at none of `next` any more.
void IndexFollower::settle(const base::ObjectId& tree, const std::vector<std::string>& next) {
    if (index_place(store_).settled_at(tree)) {
        return;
    }
    store_.write(Origin::api, store::Durability::relaxed, [&](store::StoreBody::EntityWriter& writer) {
        store::set_value(writer.connection(), kIndexTree, tree.hex());
        auto left = next_trees(writer.connection());  // Perhaps with one that was noted meanwhile.
        left.erase(std::remove_if(left.begin(), left.end(),
                                  [&](const std::string& one) {
                                      return one == tree.hex() ||
                                             std::find(next.begin(), next.end(), one) != next.end();
                                  }),
                   left.end());
        save_next_trees(writer.connection(), left);
    });
}

/// What libgit2 could not read once it takes for missing, so a fresh look is the one that counts.
bool IndexFollower::is_gone(const base::ObjectId& tree) const {
    return !repository_->has_object(tree) && !git::Repository::open(folder_).has_object(tree);
}

/// False when somebody else holds the index, or there is no time left.
bool IndexFollower::bring(const std::optional<std::string>& before, const base::ObjectId& tree) {
    const auto known = [&](const std::string& path, const base::ObjectId& id) {
        return known_stat(store_, path, id);
    };
    git::IndexListener listener;
    listener.read = [this](const git::IndexVersion& version) { foreign_.met(version); };
    listener.about_to_write = [&](const git::IndexVersion& version) {
        store_.write(Origin::api, store::Durability::relaxed, [&](store::StoreBody::EntityWriter& writer) {
            note_index_tree(writer.connection(), tree);
            foreign_.about_to_write(writer.connection(), version);
        });
        sound_ns_ = version.stamp.mtime_ns;
    };
    auto from = before ? base::ObjectId::from_hex(*before) : std::nullopt;
    if (from == kNoTree) {
        from.reset();
    } else if (from && is_gone(*from) && git::has_index(*repository_)) {
        return true;  // Of another repository at this place: it says nothing of this one's index.
    }
    listener.cut_short = [this] { return store_.clock().steady_ms() > until_ms_; };
    std::string damaged_kept_at;
    const git::IndexOutcome outcome =
        git::bring_index(*repository_, from, tree, known, listener, &damaged_kept_at);
    if (!damaged_kept_at.empty()) {
        tell_made_anew(damaged_kept_at);
    }
    behind_ = behind_ || outcome != git::IndexOutcome::done;
    if (outcome == git::IndexOutcome::locked) {
        wait_for_lock();
    }
    return outcome == git::IndexOutcome::done;
}

/// One that a crash left stays until a person takes it away, who is told once.
void IndexFollower::wait_for_lock() {
    Event event;
    event.kind = EventKind::error;
    event.code = ErrorCode::repository_busy;
    event.message = told_of_lock(*repository_);
    if (event.message.empty()) {
        timer_.arm_no_later(kLockedRetry);
        return;
    }
    timer_.arm_no_later(base::tuning::kRetryMost);
    if (!lock_told_) {
        lock_told_ = true;
        store_.hub()->publish(std::move(event));
    }
}

}  // namespace fluentsync::sync
