#include "arguments.hpp"
#include "fence.hpp"
#include "json_text.hpp"
#include "objects.hpp"
#include "options.hpp"
#include "values.hpp"

using namespace fluentsync;
using namespace fluentsync::capi;

int fluentsync_directory_open(fluentsync_loop* loop, fluentsync_store* store, const char* options,
                              size_t options_length, fluentsync_directory** directory,
                              fluentsync_error** error) {
    return fence(error, [&] {
        auto& opened = required(directory, "directory");
        const auto parsed = directory_options(options, options_length);
        opened = hand_out<fluentsync_directory>(
            std::make_shared<DirectoryObject>(use(loop), use(store), parsed), Ownership::callers);
    });
}

int fluentsync_directory_close(fluentsync_directory* directory, fluentsync_error** error) {
    return fence(error, [&] { close_handle(directory); });
}

int fluentsync_directory_start(fluentsync_directory* directory, fluentsync_error** error) {
    return fence(error, [&] { use(directory)->directory().start(); });
}

int fluentsync_directory_stop(fluentsync_directory* directory, fluentsync_error** error) {
    return fence(error, [&] { use(directory)->directory().stop(); });
}

int fluentsync_directory_flush(fluentsync_directory* directory, fluentsync_error** error) {
    return fence(error, [&] { use(directory)->directory().flush(); });
}

int fluentsync_directory_export_all(fluentsync_directory* directory, int64_t* count,
                                    fluentsync_error** error) {
    return fence(error, [&] {
        const Optional out(count);
        const auto exported = use(directory)->directory().export_all();
        out.set([&] { return exported; });
    });
}

int fluentsync_directory_import_all(fluentsync_directory* directory, int64_t* count,
                                    fluentsync_error** error) {
    return fence(error, [&] {
        const Optional out(count);
        const auto imported = use(directory)->directory().import_all();
        out.set([&] { return imported; });
    });
}

int fluentsync_directory_confirm_deletions(fluentsync_directory* directory, int64_t* count,
                                           fluentsync_error** error) {
    return fence(error, [&] {
        const Optional out(count);
        const auto confirmed = use(directory)->directory().confirm_deletions();
        out.set([&] { return confirmed; });
    });
}

int fluentsync_directory_status(fluentsync_directory* directory, fluentsync_string** status,
                                fluentsync_error** error) {
    return fence(error, [&] {
        auto& result = required(status, "status");
        result = give<fluentsync_string>(json_text(use(directory)->directory().status()));
    });
}
