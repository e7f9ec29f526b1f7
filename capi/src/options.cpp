#include "options.hpp"

#include <cctype>
#include <string>

#include "arguments.hpp"

namespace fluentsync::capi {
namespace {

/// sync_path as syncPath, but within quotes: there stands what the caller wrote.
std::string in_camel_case(const std::string& message) {
    std::string result;
    bool quoted = false;
    for (std::size_t i = 0; i < message.size(); ++i) {
        const auto is_letter = [&](std::size_t at) {
            return at < message.size() && std::isalpha(static_cast<unsigned char>(message[at])) != 0;
        };
        if (message[i] == '"') quoted = !quoted;
        if (!quoted && message[i] == '_' && i > 0 && is_letter(i - 1) && is_letter(i + 1)) {
            ++i;
            result += static_cast<char>(std::toupper(static_cast<unsigned char>(message[i])));
        } else {
            result += message[i];
        }
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
