#include "options.hpp"

#include <string>

#include "arguments.hpp"

namespace fluentsync::capi {
namespace {

bool is_small_letter(char c) {
    return c >= 'a' && c <= 'z';
}

/// sync_path as syncPath, but within quotes: there stands what the caller wrote.
std::string in_camel_case(const std::string& message) {
    std::string result;
    bool quoted = false;
    bool hump = false;
    for (std::size_t i = 0; i < message.size(); ++i) {
        const char c = message[i];
        if (c == '"') quoted = !quoted;
        const bool joins = !quoted && c == '_' && i > 0 && is_small_letter(message[i - 1]) &&
                           i + 1 < message.size() && is_small_letter(message[i + 1]);
        if (!joins) result += hump ? static_cast<char>(c - 'a' + 'A') : c;
        hump = joins;
    }
    return result;
}

template <class Parse>
auto checked(Parse parse, const char* json, std::size_t length) {
    auto options = parse(text(json, length, "options"));
    try {
        check_options(options);
    } catch (const Error& error) {
        throw Error(error.code(), in_camel_case(error.what()), error.path());
    }
    return options;
}

}  // namespace

WorkspaceOptions workspace_options(const char* json, std::size_t length) {
    return checked(parse_options, json, length);
}

StoreOptions store_options(const char* json, std::size_t length) {
    return checked(parse_store_options, json, length);
}

DirectoryOptions directory_options(const char* json, std::size_t length) {
    return checked(parse_directory_options, json, length);
}

GitOptions git_options(const char* json, std::size_t length) {
    return checked(parse_git_options, json, length);
}

}  // namespace fluentsync::capi
