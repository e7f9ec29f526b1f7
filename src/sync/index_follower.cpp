#include "sync/index_follower.hpp"

#include <algorithm>
#include <vector>

#include "base/tuning.hpp"
#include "codec/key_path.hpp"
#include "git/index.hpp"
#include "runtime/file_system.hpp"
#include "store/records.hpp"
#include "sync/git_context.hpp"

namespace fluentsync::sync {

namespace {

constexpr std::chrono::seconds kLockedRetry{1};
/// Trees, one after the other, that the index may be at since it was brought to kIndexTree.
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

}  // namespace

void note_index_tree(store::Connection& connection, const base::ObjectId& tree) {
    auto trees = next_trees(connection);
    if (std::find(trees.begin(), trees.end(), tree.hex()) == trees.end()) {
        trees.push_back(tree.hex());
        save_next_trees(connection, trees);
    }
}

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
        repository_ = std::make_unique<git::Repository>(git::Repository::open(folder_));
    }
    try {
        follow();
    } catch (...) {
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
    std::optional<std::string> known;
    std::vector<std::string> next;
    store_.read([&](store::Connection& connection) {
        known = store::get_value(connection, kIndexTree);
        next = next_trees(connection);
    });
    if (known == tree.hex()) {
        return;
    }
    // What a crash left between the index and this database, or a person committed, must not pass for staged.
    for (const std::string& one : next) {
        if (!bring(one, tree)) {
            return;
        }
    }
    if (bring(known, tree)) {
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
}

/// False when somebody else holds the index.
bool IndexFollower::bring(const std::optional<std::string>& before, const base::ObjectId& tree) {
    const auto folder = runtime::open_folder(folder_, false);
    const auto stat = [&](const std::string& path) {
        try {
            return codec::safe_tree_path(path) ? folder->stat(path) : runtime::FileStat();
        } catch (const runtime::PathRefused&) {
            return runtime::FileStat();
        }
    };
    const auto note = [&] {
        store_.write(Origin::api, store::Durability::relaxed, [&](store::StoreBody::EntityWriter& writer) {
            note_index_tree(writer.connection(), tree);
        });
    };
    const auto from = before ? base::ObjectId::from_hex(*before) : std::nullopt;
    if (git::bring_index(*repository_, from, tree, stat, note) == git::IndexOutcome::done) {
        return true;
    }
    timer_.arm_if_idle(kLockedRetry);
    return false;
}

}  // namespace fluentsync::sync
