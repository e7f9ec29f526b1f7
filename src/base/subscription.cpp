#include <utility>

#include "fluentsync/event.hpp"

namespace fluentsync {

Subscription::Subscription(std::function<void()> cancel) : cancel_(std::move(cancel)) {}

Subscription::Subscription(Subscription&& other) noexcept : cancel_(std::exchange(other.cancel_, nullptr)) {}

Subscription& Subscription::operator=(Subscription&& other) noexcept {
    if (this != &other) {
        reset();
        cancel_ = std::exchange(other.cancel_, nullptr);
    }
    return *this;
}

Subscription::~Subscription() {
    reset();
}

void Subscription::reset() {
    // Emptied first: the cancel function may lead back here.
    if (auto cancel = std::exchange(cancel_, nullptr)) cancel();
}

}  // namespace fluentsync
