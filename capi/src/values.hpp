/// The header's values: each opaque struct stands for one C++ value, and a pointer to it is a pointer to
/// that.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fluentsync/entity.hpp"
#include "fluentsync/error.hpp"
#include "fluentsync/event.hpp"
#include "fluentsync/fluentsync.h"
#include "fluentsync/options.hpp"
#include "fluentsync/status.hpp"

namespace fluentsync::capi {

/// What a remote asked, and what the host answered.
struct CredentialsExchange {
    const CredentialsRequest& request;
    std::optional<Credentials> answer;
    std::optional<std::string> failure;  ///< Why there is none.
};

template <class Opaque>
struct ValueOf;
template <>
struct ValueOf<fluentsync_error> {
    using Type = Error;
};
template <>
struct ValueOf<fluentsync_string> {
    using Type = std::string;
};
template <>
struct ValueOf<fluentsync_drafts> {
    using Type = std::vector<EntityDraft>;
};
template <>
struct ValueOf<fluentsync_put_result> {
    using Type = PutResult;
};
template <>
struct ValueOf<fluentsync_entity> {
    using Type = Entity;
};
template <>
struct ValueOf<fluentsync_entity_list> {
    using Type = std::vector<Entity>;
};
template <>
struct ValueOf<fluentsync_conflict> {
    using Type = Conflict;
};
template <>
struct ValueOf<fluentsync_conflict_list> {
    using Type = std::vector<Conflict>;
};
template <>
struct ValueOf<fluentsync_event> {
    using Type = Event;
};
template <>
struct ValueOf<fluentsync_event_batch> {
    using Type = std::vector<Event>;
};
template <>
struct ValueOf<fluentsync_credentials> {
    using Type = CredentialsExchange;
};

/// Values that the caller was given and has not freed.
inline std::atomic<std::int64_t> live_values{0};

template <class Opaque>
const auto* value_of(const Opaque* opaque) noexcept {
    return reinterpret_cast<const typename ValueOf<Opaque>::Type*>(opaque);
}

template <class Opaque>
auto* value_of(Opaque* opaque) noexcept {
    return reinterpret_cast<typename ValueOf<Opaque>::Type*>(opaque);
}

/// A value that stays ours, as a callback or a getter shows it.
template <class Opaque>
const Opaque* lend(const typename ValueOf<Opaque>::Type& value) noexcept {
    return reinterpret_cast<const Opaque*>(&value);
}

/// A value that becomes the caller's.
template <class Opaque>
Opaque* give(typename ValueOf<Opaque>::Type value) {
    auto* given = new typename ValueOf<Opaque>::Type(std::move(value));
    ++live_values;
    return reinterpret_cast<Opaque*>(given);
}

/// A value that the caller gives back.
template <class Opaque>
void take_back(Opaque* opaque) noexcept {
    if (opaque == nullptr) return;
    delete value_of(opaque);
    --live_values;
}

/// A getter of a text: `member` picks a std::string of the value. NULL has empty ones.
template <class Opaque, class Member>
const char* show(const Opaque* opaque, std::size_t* length, const Member& member) noexcept {
    static const std::string none;
    const std::string& text = opaque != nullptr ? member(*value_of(opaque)) : none;
    if (length != nullptr) *length = text.size();
    return text.c_str();
}

/// A getter of a text that is static.
inline const char* show(const char* text, std::size_t* length) noexcept {
    if (length != nullptr) *length = std::strlen(text);
    return text;
}

/// Element `index` of a list value; null beyond its end.
template <class Element, class List>
const Element* element(const List* list, std::size_t index) noexcept {
    if (list == nullptr || index >= value_of(list)->size()) return nullptr;
    return lend<Element>((*value_of(list))[index]);
}

}  // namespace fluentsync::capi
