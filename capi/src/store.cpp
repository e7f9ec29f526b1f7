#include "arguments.hpp"
#include "fence.hpp"
#include "json_text.hpp"
#include "objects.hpp"
#include "options.hpp"
#include "values.hpp"

using namespace fluentsync;
using namespace fluentsync::capi;

namespace {

/// What a write gives back, if the caller wants it.
class PutOut {
  public:
    explicit PutOut(fluentsync_put_result** out) : out_(out) {}
    void operator=(const PutResult& result) const {
        out_.set([&] { return give<fluentsync_put_result>(result); });
    }

  private:
    Optional<fluentsync_put_result*> out_;
};

}  // namespace

int fluentsync_store_open(fluentsync_loop* loop, const char* options, size_t options_length,
                          fluentsync_store** store, fluentsync_error** error) {
    return fence(error, [&] {
        auto& opened = required(store, "store");
        auto ground = loop != nullptr ? use(loop) : nullptr;
        const auto parsed = store_options(options, options_length);
        opened = hand_out<fluentsync_store>(std::make_shared<StoreObject>(std::move(ground), parsed),
                                            Ownership::callers);
    });
}

int fluentsync_store_close(fluentsync_store* store, fluentsync_error** error) {
    return fence(error, [&] { close_handle(store); });
}

int fluentsync_store_create(fluentsync_store* store, const char* type, size_t type_length, const char* id,
                            size_t id_length, const char* content, size_t content_length,
                            fluentsync_put_result** result, fluentsync_error** error) {
    return fence(error, [&] {
        const PutOut out(result);
        out = use(store)->store().create({text(type, type_length, "type"), text(id, id_length, "id"),
                                          text(content, content_length, "content")});
    });
}

int fluentsync_store_put(fluentsync_store* store, const char* type, size_t type_length, const char* id,
                         size_t id_length, const char* content, size_t content_length,
                         int64_t expected_version, fluentsync_put_result** result, fluentsync_error** error) {
    return fence(error, [&] {
        const PutOut out(result);
        out = use(store)->store().put({text(type, type_length, "type"), text(id, id_length, "id"),
                                       text(content, content_length, "content")},
                                      expecting(expected_version));
    });
}

int fluentsync_store_put_all(fluentsync_store* store, const fluentsync_drafts* drafts, int64_t* changed,
                             fluentsync_error** error) {
    return fence(error, [&] {
        const Optional out(changed);
        if (drafts == nullptr) refuse_null("drafts");
        const auto count = use(store)->store().put_all(*value_of(drafts));
        out.set([&] { return count; });
    });
}

int fluentsync_store_get(fluentsync_store* store, const char* type, size_t type_length, const char* id,
                         size_t id_length, fluentsync_entity** entity, fluentsync_error** error) {
    return fence(error, [&] {
        auto& found = required(entity, "entity");
        auto got = use(store)->store().get({text(type, type_length, "type"), text(id, id_length, "id")});
        if (got) found = give<fluentsync_entity>(std::move(*got));
    });
}

int fluentsync_store_remove(fluentsync_store* store, const char* type, size_t type_length, const char* id,
                            size_t id_length, int64_t expected_version, int* removed,
                            fluentsync_error** error) {
    return fence(error, [&] {
        const Optional out(removed);
        const bool gone = use(store)->store().remove(
            {text(type, type_length, "type"), text(id, id_length, "id")}, expecting(expected_version));
        out.set([&] { return gone ? 1 : 0; });
    });
}

int fluentsync_store_set_metadata(fluentsync_store* store, const char* type, size_t type_length,
                                  const char* id, size_t id_length, const char* name, size_t name_length,
                                  const char* value, size_t value_length, int64_t expected_version,
                                  fluentsync_put_result** result, fluentsync_error** error) {
    return fence(error, [&] {
        const PutOut out(result);
        out = use(store)->store().set_metadata(
            {text(type, type_length, "type"), text(id, id_length, "id")}, text(name, name_length, "name"),
            text(value, value_length, "value"), expecting(expected_version));
    });
}

int fluentsync_store_remove_metadata(fluentsync_store* store, const char* type, size_t type_length,
                                     const char* id, size_t id_length, const char* name, size_t name_length,
                                     int64_t expected_version, fluentsync_put_result** result,
                                     fluentsync_error** error) {
    return fence(error, [&] {
        const PutOut out(result);
        out =
            use(store)->store().remove_metadata({text(type, type_length, "type"), text(id, id_length, "id")},
                                                text(name, name_length, "name"), expecting(expected_version));
    });
}

int fluentsync_store_list(fluentsync_store* store, const char* query, size_t query_length,
                          fluentsync_entity_list** list, fluentsync_error** error) {
    return fence(error, [&] {
        auto& listed = required(list, "list");
        listed = give<fluentsync_entity_list>(
            use(store)->store().list(parse_query(text(query, query_length, "query"))));
    });
}

int fluentsync_store_count(fluentsync_store* store, const char* query, size_t query_length, int64_t* count,
                           fluentsync_error** error) {
    return fence(error, [&] {
        auto& result = required(count, "count");
        result = use(store)->store().count(parse_query(text(query, query_length, "query")));
    });
}

int fluentsync_store_types(fluentsync_store* store, fluentsync_string** types, fluentsync_error** error) {
    return fence(error, [&] {
        auto& result = required(types, "types");
        result = give<fluentsync_string>(json_text(use(store)->store().types()));
    });
}
