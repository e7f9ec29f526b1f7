#include "git/remote_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "base/text.hpp"
#include "base/tuning.hpp"
#include "fluentsync/error.hpp"
#include "git/network_stream.hpp"
#include "git/remote_rewrite.hpp"
#include "git/remote_url.hpp"
#include "git/safe_directory.hpp"
#include "git/set_error.hpp"

namespace fluentsync::git {

namespace {

/// What a hook prints last is what is worth telling.
constexpr std::size_t kMaxServerWords = 1000;
constexpr const char* kPushSource = "refs/fluentsync/push";

/// libgit2 pushes references only, and the local branch may have moved on from the commit to push: a
/// reference for the time of a push. One that a crash left behind is overwritten by the next push.
class PushSource {
  public:
    PushSource(git_repository* repository, const base::ObjectId& commit) : repository_(repository) {
        const git_oid oid = to_oid(commit);
        ReferencePtr reference;
        git::check(git_reference_create(out(reference), repository, kPushSource, &oid, 1, "push"),
                   "the commit to push cannot be named");
    }
    PushSource(const PushSource&) = delete;
    PushSource& operator=(const PushSource&) = delete;
    ~PushSource() { git_reference_remove(repository_, kPushSource); }

  private:
    git_repository* repository_;
};

/// Lines joined by "; ", blank ones left out.
std::string one_line(const std::string& text) {
    std::istringstream lines(text);
    std::string result;
    for (std::string line; std::getline(lines, line);) {
        line.erase(
            std::find_if_not(line.rbegin(), line.rend(), [](char c) { return c == ' ' || c == '\r'; }).base(),
            line.end());
        if (!line.empty()) result += (result.empty() ? "" : "; ") + line;
    }
    return result;
}

/// Null when libgit2 refuses.
RemotePtr anonymous_remote(git_repository* repository, const std::string& url) {
    git_remote_create_options options{};
    git_remote_create_options_init(&options, GIT_REMOTE_CREATE_OPTIONS_VERSION);
    options.repository = repository;
    options.flags = GIT_REMOTE_CREATE_SKIP_INSTEADOF | GIT_REMOTE_CREATE_SKIP_DEFAULT_FETCHSPEC;
    RemotePtr remote;
    git_remote_create_with_opts(out(remote), url.c_str(), &options);
    return remote;
}

}  // namespace

RemoteSession::RemoteSession(Repository& repository, const RemoteAddress& address,
                             const Cancellation& cancellation, const TransferProgress& progress,
                             git_direction direction)
    : repository_(repository),
      cancellation_(cancellation),
      progress_(progress),
      max_fetch_bytes_(static_cast<std::uint64_t>(address.max_fetch_bytes)),
      credentials_(address.url, address.credentials),
      direction_(direction),
      scope_(cancellation, address.timeout) {
    shown_ = base::printable(credentials_.redacted(credentials_.bare_url()));
    check_cancelled();
    register_network_stream();
    const RewrittenUrl rewritten = rewritten_url(repository.raw(), credentials_.bare_url(), direction);
    const std::string& url = rewritten.url;
    if (origin_of(url) != origin_of(credentials_.bare_url())) {
        credentials_.sent_to(url, rewritten.by_repository);
    }
    if (credentials_.any()) {
        scope_.keep_to_first_origin();
    }
    if (is_ssh(url)) {  // By url.<base>.insteadOf. Its handshake obeys neither time limit nor cancellation.
        throw Error(
            ErrorCode::invalid_options,
            "remote " + shown_ + " goes by ssh, which is not supported; use a path or an https:// URL",
            shown_);
    }
    scope_.allow(base::tuning::kMostAdvertisement);
    // Before a push by git:// libgit2 forgets to free a stream that cannot connect.
    if (direction == GIT_DIRECTION_PUSH && url.starts_with("git://")) scope_.connect_late();
    folder_ = local_path(url);
    remote_ = anonymous_remote(repository.raw(), folder_ ? file_url(*folder_) : url);
    if (!remote_) {
        fail(-1);
    }
}

git_remote_callbacks RemoteSession::callbacks() {
    git_remote_callbacks result{};
    git_remote_init_callbacks(&result, GIT_REMOTE_CALLBACKS_VERSION);
    result.payload = this;
    result.credentials = on_credentials;
    result.sideband_progress = on_sideband;
    result.transfer_progress = on_transfer;
    result.pack_progress = on_pack;
    result.push_transfer_progress = on_push_transfer;
    result.push_negotiation = on_negotiation;
    result.push_update_reference = on_push_status;
    return result;
}

void RemoteSession::connect() {
    git_remote_connect_options options{};
    git_remote_connect_options_init(&options, GIT_REMOTE_CONNECT_OPTIONS_VERSION);
    options.callbacks = callbacks();
    options.proxy_opts.type = GIT_PROXY_AUTO;
    // libgit2 would offer our credentials to whatever host it is sent to.
    options.follow_redirects = credentials_.any() ? GIT_REMOTE_REDIRECT_NONE : GIT_REMOTE_REDIRECT_INITIAL;
    const auto owner = folder_ ? other_owner(*folder_) : std::nullopt;
    if (owner && !is_safe_directory(*folder_))
        throw Error(ErrorCode::repository, words_of_owner(*folder_, *owner), shown_);
    const auto trusted = owner ? std::optional<TrustedOwner>(std::in_place) : std::nullopt;
    check(git_remote_connect_ext(remote_.get(), direction_, &options));
    connected_ = true;
}

std::vector<RemoteBranch> RemoteSession::branches() {
    const git_remote_head** heads = nullptr;
    std::size_t count = 0;
    check(git_remote_ls(&heads, &count, remote_.get()));
    std::vector<RemoteBranch> result;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string_view name = heads[i]->name;
        if (name.starts_with(kHeads)) {
            result.push_back({std::string(name.substr(kHeads.size())), from_oid(heads[i]->oid)});
        }
    }
    return result;
}

std::string RemoteSession::default_branch() {
    Buffer name;
    const int code = git_remote_default_branch(&name, remote_.get());
    if (code == GIT_ENOTFOUND) {
        return {};
    }
    check(code);
    const std::string full = name.text();
    return full.starts_with(kHeads) ? full.substr(kHeads.size()) : std::string();
}

void RemoteSession::download(const std::string& branch, const std::string& tracking_ref) {
    std::string refspec = fmt::format("+{}{}:{}", kHeads, branch, tracking_ref);
    char* specs[] = {refspec.data()};
    const git_strarray list{specs, 1};
    git_fetch_options options{};
    git_fetch_options_init(&options, GIT_FETCH_OPTIONS_VERSION);
    options.callbacks = callbacks();
    options.prune = GIT_FETCH_NO_PRUNE;
    options.update_fetchhead = 0;
    options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
    options.proxy_opts.type = GIT_PROXY_AUTO;
    options.follow_redirects = credentials_.any() ? GIT_REMOTE_REDIRECT_NONE : GIT_REMOTE_REDIRECT_INITIAL;
    // The pack, and what the server says beside it.
    scope_.allow(max_fetch_bytes_ + base::tuning::kMostAdvertisement);
    check(git_remote_download(remote_.get(), &list, &options));
}

PushStatus RemoteSession::upload(const base::ObjectId& commit, const std::string& branch) {
    push_ref_ = std::string(kHeads) + branch;
    push_commit_ = commit;
    push_status_ = {};
    server_words_.clear();
    const PushSource source(repository_.raw(), commit);
    std::string refspec = std::string(kPushSource) + ":" + push_ref_;
    char* specs[] = {refspec.data()};
    const git_strarray list{specs, 1};
    git_push_options options{};
    git_push_options_init(&options, GIT_PUSH_OPTIONS_VERSION);
    options.callbacks = callbacks();
    options.proxy_opts.type = GIT_PROXY_AUTO;
    options.follow_redirects = credentials_.any() ? GIT_REMOTE_REDIRECT_NONE : GIT_REMOTE_REDIRECT_INITIAL;
    check(git_remote_upload(remote_.get(), &list, &options));
    if (push_status_.refusal) push_status_.server_words = one_line(server_words_);
    return push_status_;
}

int RemoteSession::report(std::int64_t done, std::int64_t total) noexcept {
    if (go_on() < 0) {
        return GIT_EUSER;
    }
    try {
        if (progress_) {
            progress_(done, total);
        }
        return 0;
    } catch (...) {
        thrown_ = std::current_exception();
        return GIT_EUSER;
    }
}

int RemoteSession::on_credentials(git_credential** out, const char*, const char*, unsigned int allowed,
                                  void* payload) {
    return static_cast<RemoteSession*>(payload)->credentials_.acquire(out, allowed);
}

int RemoteSession::on_sideband(const char* text, int size, void* payload) {
    auto* const session = static_cast<RemoteSession*>(payload);
    try {
        session->server_words_.append(text, static_cast<std::size_t>(size));
        if (session->server_words_.size() > kMaxServerWords) {
            session->server_words_.erase(0, session->server_words_.size() - kMaxServerWords);
        }
    } catch (...) {
        session->thrown_ = std::current_exception();
        return GIT_EUSER;
    }
    return session->go_on();
}

int RemoteSession::count_received(std::uint64_t bytes) noexcept {
    if (bytes > max_fetch_bytes_) {
        scope_.give_up(NetworkFailure::too_much);
    }
    return go_on();
}

int RemoteSession::on_transfer(const git_indexer_progress* stats, void* payload) {
    auto* const session = static_cast<RemoteSession*>(payload);
    const int code = session->count_received(stats->received_bytes);
    return code < 0 ? code : session->report(stats->received_objects, stats->total_objects);
}

int RemoteSession::on_pack(int, std::uint32_t, std::uint32_t, void* payload) {
    return static_cast<RemoteSession*>(payload)->go_on();
}

int RemoteSession::on_push_transfer(unsigned int current, unsigned int total, std::size_t, void* payload) {
    return static_cast<RemoteSession*>(payload)->report(current, total);
}

int RemoteSession::on_negotiation(const git_push_update** updates, std::size_t count, void* payload) {
    auto* const session = static_cast<RemoteSession*>(payload);
    const bool ours = count == 1 && session->push_ref_ == updates[0]->dst_refname &&
                      from_oid(updates[0]->dst) == session->push_commit_;
    if (!ours) {
        git_error_set_str(GIT_ERROR_REFERENCE, "the commit to push was changed by another push");
        return GIT_EUSER;
    }
    return session->go_on();
}

int RemoteSession::on_push_status(const char* ref, const char* status, void* payload) {
    auto* const session = static_cast<RemoteSession*>(payload);
    try {
        if (session->push_ref_ == ref) {
            session->push_status_.answered = true;
            if (status) {
                session->push_status_.refusal = status;
            }
        }
        return 0;
    } catch (...) {
        session->thrown_ = std::current_exception();
        return GIT_EUSER;
    }
}

}  // namespace fluentsync::git
