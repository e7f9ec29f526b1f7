/// Which credentials a remote is offered, in which order, and when to give up.
#pragma once

#include <git2.h>

#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "fluentsync/options.hpp"

namespace fluentsync::git {

class RemoteCredentials {
  public:
    /// `url` may carry user info: it is offered first, then the callback is asked, up to three times.
    RemoteCredentials(const std::string& url, CredentialsCallback callback);

    /// git's configuration leads to `url`, at another origin. What the first URL carries stays behind. The
    /// callback is asked for the new one, but not where the repository's own configuration leads there.
    void sent_to(const std::string& url, bool by_repository);

    /// libgit2's credentials callback.
    int acquire(git_credential** out, unsigned int allowed) noexcept;

    /// Whether there is anything that must not reach another origin. A token is often the user alone.
    bool any() const { return callback_ || !password_.empty() || !username_.empty(); }
    const std::string& bare_url() const { return bare_url_; }
    /// True once everything was offered and refused, or nothing could be offered.
    bool exhausted() const { return exhausted_; }
    /// Why it was given up, for the end of a message.
    std::string advice() const;
    /// Exception of the callback, if it threw.
    std::exception_ptr thrown() const { return thrown_; }
    /// `text` with every secret that was offered taken out.
    std::string redacted(std::string_view text) const;

  private:
    int offer(git_credential** out, unsigned int allowed);
    int ask(git_credential** out);
    int give_up();
    std::string words_of_callback() const;

    std::string bare_url_;
    std::string asked_url_;    ///< Where the callback's credentials go.
    std::string withheld_at_;  ///< The origin that gets none; empty: none was withheld.
    std::string username_;
    std::string password_;
    CredentialsCallback callback_;
    std::vector<std::string> secrets_;
    std::exception_ptr thrown_;
    int attempts_ = 0;
    bool answered_ = false;  ///< The callback gave something that could be refused.
    bool offered_url_ = false;
    bool offered_agent_ = false;
    bool exhausted_ = false;
};

}  // namespace fluentsync::git
