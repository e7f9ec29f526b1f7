#include "arguments.hpp"
#include "credentials.hpp"
#include "fence.hpp"
#include "json_text.hpp"
#include "objects.hpp"
#include "options.hpp"
#include "values.hpp"

using namespace fluentsync;
using namespace fluentsync::capi;

int fluentsync_git_open(fluentsync_loop* loop, fluentsync_store* store, fluentsync_directory* directory,
                        const char* options, size_t options_length, fluentsync_credentials_callback ask,
                        void* userdata, fluentsync_free_function free_userdata, fluentsync_git** git,
                        fluentsync_error** error) {
    return fence(error, [&] {
        auto kept = keep(userdata, free_userdata);
        auto& opened = required(git, "git");
        auto parsed = git_options(options, options_length);
        parsed.credentials = credentials_callback(ask, std::move(kept));
        opened = hand_out<fluentsync_git>(
            std::make_shared<GitObject>(use(loop), use(store), use(directory), parsed), Ownership::callers);
    });
}

int fluentsync_git_close(fluentsync_git* git, fluentsync_error** error) {
    return fence(error, [&] { close_handle(git); });
}

int fluentsync_git_start(fluentsync_git* git, fluentsync_error** error) {
    return fence(error, [&] { use(git)->git().start(); });
}

int fluentsync_git_stop(fluentsync_git* git, fluentsync_error** error) {
    return fence(error, [&] { use(git)->git().stop(); });
}

int fluentsync_git_commit(fluentsync_git* git, const char* message, size_t message_length,
                          fluentsync_string** result, fluentsync_error** error) {
    return fence(error, [&] {
        const Optional out(result);
        const auto committed = use(git)->git().commit(text(message, message_length, "message"));
        out.set([&] { return give<fluentsync_string>(json_text(committed)); });
    });
}

int fluentsync_git_pull(fluentsync_git* git, fluentsync_string** result, fluentsync_error** error) {
    return fence(error, [&] {
        const Optional out(result);
        const auto pulled = use(git)->git().pull();
        out.set([&] { return give<fluentsync_string>(json_text(pulled)); });
    });
}

int fluentsync_git_push(fluentsync_git* git, fluentsync_string** result, fluentsync_error** error) {
    return fence(error, [&] {
        const Optional out(result);
        const auto pushed = use(git)->git().push();
        out.set([&] { return give<fluentsync_string>(json_text(pushed)); });
    });
}

int fluentsync_git_sync(fluentsync_git* git, fluentsync_error** error) {
    return fence(error, [&] { use(git)->git().sync(); });
}

int fluentsync_git_status(fluentsync_git* git, fluentsync_string** status, fluentsync_error** error) {
    return fence(error, [&] {
        auto& result = required(status, "status");
        result = give<fluentsync_string>(json_text(use(git)->git().status()));
    });
}
