#include "git/remote_credentials.hpp"

#include "base/redact.hpp"
#include "base/text.hpp"

namespace fluentsync::git {

namespace {

/// Servers slow down or lock out who tries longer.
constexpr int kMaxAttempts = 3;

}  // namespace

RemoteCredentials::RemoteCredentials(const std::string& url, CredentialsCallback callback)
    : callback_(std::move(callback)) {
    base::SplitUrl split = base::split_url(url);
    bare_url_ = std::move(split.url);
    asked_url_ = bare_url_;
    username_ = std::move(split.username);
    password_ = std::move(split.password);
    if (!password_.empty()) {
        secrets_.push_back(password_);
    } else if (!username_.empty() && bare_url_.starts_with("http")) {
        // A token is often written as the user alone.
        secrets_.push_back(username_);
    }
}

void RemoteCredentials::sent_to(const std::string& url, bool by_repository) {
    username_.clear();
    password_.clear();
    asked_url_ = base::split_url(url).url;
    if (by_repository) {
        callback_ = nullptr;
        withheld_at_ = asked_url_;
    }
}

int RemoteCredentials::acquire(git_credential** out, unsigned int allowed) noexcept {
    try {
        return offer(out, allowed);
    } catch (...) {
        thrown_ = std::current_exception();
        return give_up();
    }
}

int RemoteCredentials::offer(git_credential** out, unsigned int allowed) {
    const bool password_allowed = (allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT) != 0;
    if ((allowed & GIT_CREDENTIAL_USERNAME) != 0 && !username_.empty()) {
        return git_credential_username_new(out, username_.c_str());
    }
    if ((allowed & GIT_CREDENTIAL_SSH_KEY) != 0 && !offered_agent_) {
        offered_agent_ = true;
        return git_credential_ssh_key_from_agent(out, username_.c_str());
    }
    if (password_allowed && !offered_url_ && (!password_.empty() || (!username_.empty() && !callback_))) {
        offered_url_ = true;
        return git_credential_userpass_plaintext_new(out, username_.c_str(), password_.c_str());
    }
    return password_allowed ? ask(out) : give_up();
}

int RemoteCredentials::ask(git_credential** out) {
    if (!callback_ || attempts_ >= kMaxAttempts) {
        return give_up();
    }
    const auto answer = callback_({asked_url_, username_, ++attempts_});
    if (!answer) {
        return give_up();
    }
    answered_ = true;
    if (!answer->password.empty()) {
        secrets_.push_back(answer->password);
    }
    const std::string& username = answer->username.empty() ? username_ : answer->username;
    return git_credential_userpass_plaintext_new(out, username.c_str(), answer->password.c_str());
}

int RemoteCredentials::give_up() {
    exhausted_ = true;
    return GIT_EAUTH;
}

std::string RemoteCredentials::advice() const {
    if (!withheld_at_.empty()) {
        return "is sent to " + base::redact(withheld_at_) +
               " by url.<base>.insteadOf of this folder's own .git/config, which gets no credentials: put "
               "that "
               "rule into your own configuration (git config --global)";
    }
    if (thrown_) {
        return (answered_ || offered_url_ ? "refused the credentials" : "wants credentials") +
               (", and the credentials callback failed" + words_of_callback());
    }
    if (answered_) {
        return attempts_ < kMaxAttempts ? "refused the credentials, and the credentials callback gave up"
                                        : "refused the credentials of the credentials callback";
    }
    if (offered_url_) {
        return "refused the credentials of its URL: correct them or give a credentials callback";
    }
    return callback_ ? "wants credentials, and the credentials callback gave none"
                     : "wants credentials: give a credentials callback";
}

/// What its author had to say is often all that helps.
std::string RemoteCredentials::words_of_callback() const {
    try {
        std::rethrow_exception(thrown_);
    } catch (const std::exception& error) {
        return ": " + base::printable(redacted(error.what()));
    } catch (...) {
        return {};
    }
}

std::string RemoteCredentials::redacted(std::string_view text) const {
    std::string result = base::redact(text);
    for (const std::string& secret : secrets_) {
        result = base::redact(result, secret);
    }
    return result;
}

}  // namespace fluentsync::git
