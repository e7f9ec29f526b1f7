#include "arguments.hpp"
#include "fence.hpp"
#include "json_text.hpp"
#include "objects.hpp"
#include "values.hpp"

using namespace fluentsync;
using namespace fluentsync::capi;

int fluentsync_store_conflicts(fluentsync_store* store, int include_resolved, fluentsync_conflict_list** list,
                               fluentsync_error** error) {
    return fence(error, [&] {
        auto& listed = required(list, "list");
        listed = give<fluentsync_conflict_list>(use(store)->store().conflicts(include_resolved != 0));
    });
}

int fluentsync_store_conflict(fluentsync_store* store, int64_t number, fluentsync_conflict** conflict,
                              fluentsync_error** error) {
    return fence(error, [&] {
        auto& found = required(conflict, "conflict");
        auto got = use(store)->store().conflict(number);
        if (got) found = give<fluentsync_conflict>(std::move(*got));
    });
}

int fluentsync_store_resolve(fluentsync_store* store, int64_t number, int choice, fluentsync_error** error) {
    return fence(error, [&] {
        if (choice != FLUENTSYNC_TAKE_WINNER && choice != FLUENTSYNC_TAKE_LOSER) {
            throw Error(
                ErrorCode::invalid_argument,
                "choice is FLUENTSYNC_TAKE_WINNER or FLUENTSYNC_TAKE_LOSER, not " + std::to_string(choice));
        }
        use(store)->store().resolve_conflict(
            number, choice == FLUENTSYNC_TAKE_WINNER ? ConflictChoice::winner : ConflictChoice::loser);
    });
}

int fluentsync_store_resolve_with(fluentsync_store* store, int64_t number, const char* content,
                                  size_t content_length, fluentsync_error** error) {
    return fence(error, [&] {
        use(store)->store().resolve_conflict_with(number, text(content, content_length, "content"));
    });
}

int fluentsync_store_held(fluentsync_store* store, fluentsync_string** held, fluentsync_error** error) {
    return fence(error, [&] {
        auto& result = required(held, "held");
        result = give<fluentsync_string>(json_text(use(store)->store().held()));
    });
}

int fluentsync_store_confirm_deletions(fluentsync_store* store, int64_t* count, fluentsync_error** error) {
    return fence(error, [&] {
        const Optional out(count);
        const auto confirmed = use(store)->store().confirm_deletions();
        out.set([&] { return confirmed; });
    });
}

int64_t fluentsync_conflict_number(const fluentsync_conflict* conflict) {
    return conflict != nullptr ? value_of(conflict)->number : 0;
}

const char* fluentsync_conflict_path(const fluentsync_conflict* conflict, size_t* length) {
    return show(
        conflict, length, [](const Conflict& value) -> auto& { return value.path; });
}

const char* fluentsync_conflict_type(const fluentsync_conflict* conflict, size_t* length) {
    return show(
        conflict, length, [](const Conflict& value) -> auto& { return value.type; });
}

const char* fluentsync_conflict_id(const fluentsync_conflict* conflict, size_t* length) {
    return show(
        conflict, length, [](const Conflict& value) -> auto& { return value.id; });
}

const char* fluentsync_conflict_winner_side(const fluentsync_conflict* conflict, size_t* length) {
    return show(
        conflict, length, [](const Conflict& value) -> auto& { return value.winner_side; });
}

const char* fluentsync_conflict_loser_side(const fluentsync_conflict* conflict, size_t* length) {
    return show(
        conflict, length, [](const Conflict& value) -> auto& { return value.loser_side; });
}

const char* fluentsync_conflict_base_hash(const fluentsync_conflict* conflict, size_t* length) {
    return show(
        conflict, length, [](const Conflict& value) -> auto& { return value.base_hash; });
}

const char* fluentsync_conflict_winner_hash(const fluentsync_conflict* conflict, size_t* length) {
    return show(
        conflict, length, [](const Conflict& value) -> auto& { return value.winner_hash; });
}

const char* fluentsync_conflict_loser_hash(const fluentsync_conflict* conflict, size_t* length) {
    return show(
        conflict, length, [](const Conflict& value) -> auto& { return value.loser_hash; });
}

const char* fluentsync_conflict_winner_content(const fluentsync_conflict* conflict, size_t* length) {
    return show(
        conflict, length, [](const Conflict& value) -> auto& { return value.winner_content; });
}

const char* fluentsync_conflict_loser_content(const fluentsync_conflict* conflict, size_t* length) {
    return show(
        conflict, length, [](const Conflict& value) -> auto& { return value.loser_content; });
}

int64_t fluentsync_conflict_created(const fluentsync_conflict* conflict) {
    return conflict != nullptr ? value_of(conflict)->created : 0;
}

int fluentsync_conflict_resolved(const fluentsync_conflict* conflict) {
    return conflict != nullptr && value_of(conflict)->resolved ? 1 : 0;
}

void fluentsync_conflict_free(fluentsync_conflict* conflict) {
    take_back(conflict);
}

size_t fluentsync_conflict_list_size(const fluentsync_conflict_list* list) {
    return list != nullptr ? value_of(list)->size() : 0;
}

const fluentsync_conflict* fluentsync_conflict_list_at(const fluentsync_conflict_list* list, size_t index) {
    return element<fluentsync_conflict>(list, index);
}

void fluentsync_conflict_list_free(fluentsync_conflict_list* list) {
    take_back(list);
}
