#include "objects.hpp"

#include <utility>

#include "fluentsync/error.hpp"

namespace fluentsync::capi {

void LoopObject::close() {
    check_closing_thread();
    tenancy_.lock_up();
    loop_.close();
}

void LoopObject::check_closing_thread() const {
    if (loop_.on_loop_thread() == lent_) return;
    throw Error(ErrorCode::misuse, lent_ ? "a lent loop is closed on the thread that runs it"
                                         : "a loop with a thread of its own cannot be closed on that thread");
}

StoreObject::StoreObject(std::shared_ptr<LoopObject> loop, const StoreOptions& options)
    : loop_(std::move(loop)),
      lease_(loop_),
      store_(loop_ ? std::make_shared<EntityStore>(loop_->loop(), options)
                   : std::make_shared<EntityStore>(options)),
      tenancy_("store", Ownership::callers) {}

StoreObject::StoreObject(std::shared_ptr<LoopObject> loop, std::shared_ptr<EntityStore> store)
    : loop_(std::move(loop)), store_(std::move(store)), tenancy_("store", Ownership::borrowed) {}

void StoreObject::close() {
    tenancy_.lock_up();
    store_->close();
    end_queues();
    lease_.end();
}

Subscription StoreObject::subscribe(Observer& observer) {
    if (!loop_) throw Error(ErrorCode::misuse, "this store was opened without a loop and tells no events");
    return store_->subscribe(observer);
}

bool StoreObject::on_loop_thread() const {
    return loop_ && loop_->loop().on_loop_thread();
}

namespace {

bool on_telling_thread(const std::weak_ptr<StoreObject>& teller, const LoopObject& own) {
    const auto store = teller.lock();
    return store && store->has_loop() ? store->on_loop_thread() : own.loop().on_loop_thread();
}

}  // namespace

DirectoryObject::DirectoryObject(std::shared_ptr<LoopObject> loop, std::shared_ptr<StoreObject> store,
                                 const DirectoryOptions& options)
    : loop_(std::move(loop)),
      loop_lease_(loop_),
      teller_(store),
      store_lease_(std::move(store)),
      directory_(std::make_shared<DirectorySync>(loop_->loop(), store_lease_.ground()->store(), options)),
      tenancy_("directory", Ownership::callers) {}

DirectoryObject::DirectoryObject(std::shared_ptr<LoopObject> loop, std::shared_ptr<DirectorySync> directory)
    : loop_(std::move(loop)), directory_(std::move(directory)), tenancy_("directory", Ownership::borrowed) {}

bool DirectoryObject::on_loop_thread() const {
    return on_telling_thread(teller_, *loop_);
}

void DirectoryObject::close() {
    tenancy_.lock_up();
    directory_->close();
    end_queues();
    store_lease_.end();
    loop_lease_.end();
}

GitObject::GitObject(std::shared_ptr<LoopObject> loop, std::shared_ptr<StoreObject> store,
                     std::shared_ptr<DirectoryObject> directory, const GitOptions& options)
    : loop_(std::move(loop)),
      loop_lease_(loop_),
      teller_(store),
      store_lease_(std::move(store)),
      directory_lease_(std::move(directory)),
      git_(std::make_shared<GitSync>(loop_->loop(), store_lease_.ground()->store(),
                                     directory_lease_.ground()->directory(), options)),
      tenancy_("git", Ownership::callers) {}

GitObject::GitObject(std::shared_ptr<LoopObject> loop, std::shared_ptr<GitSync> git)
    : loop_(std::move(loop)), git_(std::move(git)), tenancy_("git", Ownership::borrowed) {}

bool GitObject::on_loop_thread() const {
    return on_telling_thread(teller_, *loop_);
}

void GitObject::close() {
    tenancy_.lock_up();
    git_->close();
    end_queues();
    directory_lease_.end();
    store_lease_.end();
    loop_lease_.end();
}

}  // namespace fluentsync::capi
