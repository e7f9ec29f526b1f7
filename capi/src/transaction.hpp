/// One transaction while its callback runs.
#pragma once

#include <optional>
#include <thread>

#include "fluentsync/entity_store.hpp"
#include "fluentsync/fluentsync.h"
#include "handles.hpp"

namespace fluentsync::capi {

class TransactionObject final : public Object {
  public:
    explicit TransactionObject(EntityTransaction& writes) : writes_(writes) {}

    /// Runs `work` on the transaction's own thread, and remembers how it failed.
    template <class Work>
    void run(const Work& work) {
        check_thread();
        try {
            work(writes_);
        } catch (const Error& error) {
            failure_ = error;
            throw;
        }
    }
    /// Throws what `status`, a callback's answer, means. FLUENTSYNC_OK: nothing.
    void throw_answer(int status) const;
    /// It ends with its callback.
    void close() override {}

  private:
    void check_thread() const;

    EntityTransaction& writes_;
    const std::thread::id thread_ = std::this_thread::get_id();
    std::optional<Error> failure_;
};

/// Runs the host's callback in a transaction of `store`.
void run_transaction(EntityStore& store, fluentsync_transaction_callback work, void* userdata);

}  // namespace fluentsync::capi
