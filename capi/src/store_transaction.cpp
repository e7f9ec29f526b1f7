#include "arguments.hpp"
#include "fence.hpp"
#include "objects.hpp"
#include "transaction.hpp"
#include "values.hpp"

using namespace fluentsync;
using namespace fluentsync::capi;

int fluentsync_store_transaction(fluentsync_store* store, fluentsync_transaction_callback work,
                                 void* userdata, fluentsync_free_function free_userdata,
                                 fluentsync_error** error) {
    return fence(error, [&] {
        const auto kept = keep(userdata, free_userdata);
        if (work == nullptr) refuse_null("work");
        run_transaction(use(store)->store(), work, kept.get());
    });
}

int fluentsync_transaction_put(fluentsync_transaction* transaction, const char* type, size_t type_length,
                               const char* id, size_t id_length, const char* content, size_t content_length,
                               int64_t expected_version, fluentsync_put_result** result,
                               fluentsync_error** error) {
    return fence(error, [&] {
        const Optional out(result);
        use(transaction)->run([&](EntityTransaction& writes) {
            const auto written = writes.put({text(type, type_length, "type"), text(id, id_length, "id"),
                                             text(content, content_length, "content")},
                                            expecting(expected_version));
            out.set([&] { return give<fluentsync_put_result>(written); });
        });
    });
}

int fluentsync_transaction_get(fluentsync_transaction* transaction, const char* type, size_t type_length,
                               const char* id, size_t id_length, fluentsync_entity** entity,
                               fluentsync_error** error) {
    return fence(error, [&] {
        auto& found = required(entity, "entity");
        use(transaction)->run([&](EntityTransaction& writes) {
            auto got = writes.get({text(type, type_length, "type"), text(id, id_length, "id")});
            if (got) found = give<fluentsync_entity>(std::move(*got));
        });
    });
}

int fluentsync_transaction_remove(fluentsync_transaction* transaction, const char* type, size_t type_length,
                                  const char* id, size_t id_length, int64_t expected_version, int* removed,
                                  fluentsync_error** error) {
    return fence(error, [&] {
        const Optional out(removed);
        use(transaction)->run([&](EntityTransaction& writes) {
            const bool gone = writes.remove({text(type, type_length, "type"), text(id, id_length, "id")},
                                            expecting(expected_version));
            out.set([&] { return gone ? 1 : 0; });
        });
    });
}
