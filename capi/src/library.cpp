#include "arguments.hpp"
#include "fence.hpp"
#include "fluentsync/version.hpp"
#include "options.hpp"
#include "registry.hpp"
#include "values.hpp"

using namespace fluentsync;
using namespace fluentsync::capi;

const char* fluentsync_version() {
    return FLUENTSYNC_VERSION_STRING;
}

int64_t fluentsync_live_objects() {
    return live_values + live_handles();
}

int fluentsync_check_options(const char* options, size_t options_length, fluentsync_error** error) {
    return fence(error, [&] { workspace_options(options, options_length); });
}

const char* fluentsync_string_data(const fluentsync_string* string, size_t* length) {
    return show(
        string, length, [](const std::string& value) -> auto& { return value; });
}

void fluentsync_string_free(fluentsync_string* string) {
    take_back(string);
}
