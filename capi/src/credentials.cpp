#include "credentials.hpp"

#include <utility>

#include "arguments.hpp"
#include "fence.hpp"
#include "fluentsync/error.hpp"
#include "registry.hpp"
#include "values.hpp"

using namespace fluentsync;
using namespace fluentsync::capi;

namespace fluentsync::capi {

CredentialsCallback credentials_callback(fluentsync_credentials_callback ask,
                                         std::shared_ptr<void> userdata) {
    if (ask == nullptr) return nullptr;
    return [ask, userdata = std::move(userdata)](const CredentialsRequest& request) {
        CredentialsExchange exchange{request, std::nullopt, std::nullopt};
        const ExclusiveCallback exclusive("a credentials");
        ask(userdata.get(), reinterpret_cast<fluentsync_credentials*>(&exchange));
        if (exchange.failure) throw Error(ErrorCode::authentication, *exchange.failure);
        return exchange.answer;
    };
}

}  // namespace fluentsync::capi

const char* fluentsync_credentials_url(const fluentsync_credentials* credentials, size_t* length) {
    return show(
        credentials, length, [](const auto& exchange) -> auto& { return exchange.request.url; });
}

const char* fluentsync_credentials_username(const fluentsync_credentials* credentials, size_t* length) {
    return show(
        credentials, length, [](const auto& exchange) -> auto& { return exchange.request.username; });
}

int fluentsync_credentials_attempt(const fluentsync_credentials* credentials) {
    return credentials != nullptr ? value_of(credentials)->request.attempt : 0;
}

int fluentsync_credentials_answer(fluentsync_credentials* credentials, const char* username,
                                  size_t username_length, const char* password, size_t password_length,
                                  fluentsync_error** error) {
    return fence(error, [&] {
        if (credentials == nullptr) refuse_null("credentials");
        value_of(credentials)->answer = Credentials{text(username, username_length, "username"),
                                                    text(password, password_length, "password")};
    });
}

int fluentsync_credentials_fail(fluentsync_credentials* credentials, const char* reason, size_t reason_length,
                                fluentsync_error** error) {
    return fence(error, [&] {
        if (credentials == nullptr) refuse_null("credentials");
        value_of(credentials)->failure = text(reason, reason_length, "reason");
    });
}
