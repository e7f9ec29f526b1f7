#include "git/remote_url.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>

namespace fluentsync::git {

namespace {

constexpr std::string_view kFileScheme = "file://";
constexpr std::string_view kHexDigits = "0123456789ABCDEF";

std::size_t hex_value(char digit) {
    return kHexDigits.find(static_cast<char>(std::toupper(static_cast<unsigned char>(digit))));
}

std::string unescape(std::string_view text) {
    std::string result;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '%' && at + 2 < text.size()) {
            const std::size_t high = hex_value(text[at + 1]);
            const std::size_t low = hex_value(text[at + 2]);
            if (high != std::string_view::npos && low != std::string_view::npos) {
                result += static_cast<char>(high * 16 + low);
                at += 2;
                continue;
            }
        }
        result += text[at];
    }
    return result;
}

bool needs_no_escape(unsigned char byte) {
    return (byte < 0x80 && std::isalnum(byte)) ||
           std::string_view("/-._~").find(static_cast<char>(byte)) != std::string_view::npos;
}

std::string usual_port(std::string_view scheme) {
    return scheme == "https" ? "443" : scheme == "http" ? "80" : scheme == "git" ? "9418" : "";
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

}  // namespace

std::optional<std::string> local_path(std::string_view url) {
    if (url.starts_with(kFileScheme)) {
        url.remove_prefix(kFileScheme.size());
        if (url.starts_with("localhost/")) {
            url.remove_prefix(std::string_view("localhost").size());
        }
        return unescape(url);
    }
    if (url.empty() || url.find(':') < url.find('/')) {
        return std::nullopt;
    }
    return std::filesystem::absolute(std::string(url)).lexically_normal().string();
}

bool is_ssh(std::string_view url) {
    const std::size_t scheme = url.find("://");
    if (scheme == std::string_view::npos) {
        return !url.empty() && url.find(':') < url.find('/');
    }
    return url.substr(0, scheme).find("ssh") != std::string_view::npos;
}

std::string origin_of(std::string_view url) {
    const std::size_t scheme_end = url.find("://");
    if (scheme_end == std::string_view::npos) {
        return {};
    }
    const std::string scheme = lower(url.substr(0, scheme_end));
    std::string_view authority = url.substr(scheme_end + 3);
    authority = authority.substr(0, authority.find_first_of("/?#\\"));
    authority.remove_prefix(authority.rfind('@') + 1);  // npos + 1 is 0.
    if (authority.empty()) {
        return {};
    }
    const std::size_t colon = authority.rfind(':');
    const bool has_port =
        colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos;
    const std::string port(has_port ? authority.substr(colon + 1) : "");
    return scheme + "://" + lower(authority.substr(0, has_port ? colon : authority.size())) + ":" +
           (port.empty() ? usual_port(scheme) : port);
}

std::string file_url(std::string_view path) {
    std::string result(kFileScheme);
    for (const char c : path) {
        const auto byte = static_cast<unsigned char>(c);
        if (needs_no_escape(byte)) {
            result += c;
        } else {
            result += {'%', kHexDigits[byte >> 4], kHexDigits[byte & 15]};
        }
    }
    return result;
}

}  // namespace fluentsync::git
