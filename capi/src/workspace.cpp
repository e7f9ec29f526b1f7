#include "arguments.hpp"
#include "credentials.hpp"
#include "fence.hpp"
#include "json_text.hpp"
#include "objects.hpp"
#include "options.hpp"
#include "values.hpp"

using namespace fluentsync;
using namespace fluentsync::capi;

int fluentsync_workspace_open(fluentsync_loop* loop, const char* options, size_t options_length,
                              fluentsync_credentials_callback ask, void* userdata,
                              fluentsync_free_function free_userdata, fluentsync_workspace** workspace,
                              fluentsync_error** error) {
    return fence(error, [&] {
        auto kept = keep(userdata, free_userdata);
        auto& opened = required(workspace, "workspace");
        auto ground = loop != nullptr ? use(loop) : nullptr;
        auto parsed = workspace_options(options, options_length);
        parsed.git.credentials = credentials_callback(ask, std::move(kept));
        opened = hand_out<fluentsync_workspace>(std::make_shared<WorkspaceObject>(std::move(ground), parsed),
                                                Ownership::callers);
    });
}

int fluentsync_workspace_close(fluentsync_workspace* workspace, fluentsync_error** error) {
    return fence(error, [&] { close_handle(workspace); });
}

int fluentsync_workspace_store(fluentsync_workspace* workspace, fluentsync_store** store,
                               fluentsync_error** error) {
    return fence(error, [&] {
        auto& result = required(store, "store");
        result = use(workspace)->store_handle();
    });
}

int fluentsync_workspace_directory(fluentsync_workspace* workspace, fluentsync_directory** directory,
                                   fluentsync_error** error) {
    return fence(error, [&] {
        auto& result = required(directory, "directory");
        result = use(workspace)->directory_handle();
    });
}

int fluentsync_workspace_git(fluentsync_workspace* workspace, fluentsync_git** git,
                             fluentsync_error** error) {
    return fence(error, [&] {
        auto& result = required(git, "git");
        result = use(workspace)->git_handle();
    });
}

int fluentsync_workspace_start(fluentsync_workspace* workspace, fluentsync_error** error) {
    return fence(error, [&] { use(workspace)->workspace().start(); });
}

int fluentsync_workspace_stop(fluentsync_workspace* workspace, fluentsync_error** error) {
    return fence(error, [&] { use(workspace)->workspace().stop(); });
}

int fluentsync_workspace_sync(fluentsync_workspace* workspace, fluentsync_error** error) {
    return fence(error, [&] { use(workspace)->workspace().sync(); });
}

int fluentsync_workspace_status(fluentsync_workspace* workspace, fluentsync_string** status,
                                fluentsync_error** error) {
    return fence(error, [&] {
        auto& result = required(status, "status");
        result = give<fluentsync_string>(json_text(use(workspace)->workspace().status()));
    });
}

int fluentsync_workspace_verify(fluentsync_workspace* workspace, fluentsync_string** report,
                                fluentsync_error** error) {
    return fence(error, [&] {
        auto& result = required(report, "report");
        result = give<fluentsync_string>(json_text(use(workspace)->workspace().verify()));
    });
}
