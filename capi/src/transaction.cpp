#include "transaction.hpp"

#include <memory>
#include <string>

namespace fluentsync::capi {
namespace {

/// A handle that ends with its scope.
class HandedOut {
  public:
    explicit HandedOut(std::shared_ptr<TransactionObject> object)
        : handle(hand_out<fluentsync_transaction>(std::move(object), Ownership::borrowed)) {}
    HandedOut(const HandedOut&) = delete;
    HandedOut& operator=(const HandedOut&) = delete;
    ~HandedOut() { strike_out(ticket_of(handle)); }

    fluentsync_transaction* const handle;
};

int answer_of(fluentsync_transaction_callback work, void* userdata, fluentsync_transaction* transaction) {
    const ExclusiveCallback exclusive("a transaction's");
    return work(userdata, transaction);
}

}  // namespace

void TransactionObject::check_thread() const {
    if (std::this_thread::get_id() == thread_) return;
    throw Error(ErrorCode::misuse, "a transaction was used on another thread than its own");
}

void TransactionObject::throw_answer(int status) const {
    if (status == FLUENTSYNC_OK) return;
    const auto code = static_cast<ErrorCode>(status);
    if (failure_ && failure_->code() == code) throw *failure_;
    const std::string name = error_code_name(code);
    if (name != "unknown") throw Error(code, "the transaction's callback gave up: " + name);
    throw Error(ErrorCode::cancelled, "the transaction's callback gave up: " + std::to_string(status));
}

void run_transaction(EntityStore& store, fluentsync_transaction_callback work, void* userdata) {
    store.transaction([&](EntityTransaction& writes) {
        const auto transaction = std::make_shared<TransactionObject>(writes);
        const HandedOut handed_out(transaction);
        transaction->throw_answer(answer_of(work, userdata, handed_out.handle));
    });
}

}  // namespace fluentsync::capi
