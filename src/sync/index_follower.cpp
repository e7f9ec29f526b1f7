#include "sync/index_follower.hpp"

#include "base/tuning.hpp"
#include "codec/key_path.hpp"
#include "git/index.hpp"
#include "runtime/file_system.hpp"
#include "store/records.hpp"
#include "sync/git_context.hpp"

namespace fluentsync::sync {

namespace {

constexpr std::chrono::seconds kLockedRetry{1};

}  // namespace

IndexFollower::IndexFollower(std::shared_ptr<runtime::LoopBody> loop, store::StoreBody& store,
                             std::string folder, Guard guard)
    : store_(store),
      folder_(std::move(folder)),
      guard_(std::move(guard)),
      lane_("fs-index"),
      timer_(std::move(loop), [this] { post(); }) {}

void IndexFollower::head_moved() {
    timer_.arm(base::tuning::kIndexDelay);
}

void IndexFollower::update_now() {
    lane_.run([this] { update(); });
}

void IndexFollower::stop() {
    timer_.cancel();
}

void IndexFollower::close() {
    timer_.cancel();
    lane_.stop();
    timer_.cancel();  // The lane's last task may have armed it.
    repository_.reset();
}

void IndexFollower::post() {
    lane_.post([this] {
        bool done = false;
        guard_([&] {
            update();
            done = true;
        });
        if (!done) {
            timer_.arm_if_idle(base::tuning::kRetryMost);
        }
    });
}

/// Index lane.
void IndexFollower::update() {
    if (!repository_) {
        if (!git::Repository::exists(folder_)) {
            return;
        }
        repository_ = std::make_unique<git::Repository>(git::Repository::open(folder_));
    }
    const git::Head head = repository_->head();
    if (!head.commit || !repository_->operation_in_progress().empty()) {
        return;
    }
    const base::ObjectId tree = repository_->commit_info(*head.commit).tree;
    std::optional<std::string> known;
    store_.read([&](store::Connection& connection) { known = store::get_value(connection, kIndexTree); });
    if (known == tree.hex()) {
        return;
    }
    const auto folder = runtime::open_folder(folder_, false);
    const auto before = known ? base::ObjectId::from_hex(*known) : std::nullopt;
    const auto outcome = git::bring_index(*repository_, before, tree, [&](const std::string& path) {
        return codec::safe_tree_path(path) ? folder->stat(path) : runtime::FileStat();
    });
    if (outcome == git::IndexOutcome::locked) {
        timer_.arm_if_idle(kLockedRetry);
        return;
    }
    store_.write(Origin::api, store::Durability::relaxed, [&](store::StoreBody::EntityWriter& writer) {
        store::set_value(writer.connection(), kIndexTree, tree.hex());
    });
}

}  // namespace fluentsync::sync
