#include "remote_url.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fluentsync/error.hpp>
#include <string_view>

namespace cli {
namespace {

constexpr auto npos = std::string::npos;

/// Where the user info ends that `rest`, all behind "://", begins with; npos when there is none. A password
/// with a bare '/' is still found: then what looks like the port is no number.
std::size_t user_info_end(std::string_view rest) {
    const auto authority = rest.substr(0, rest.find_first_of("/?#"));
    if (const auto at = authority.rfind('@'); at != npos) return at;
    const auto colon = authority.find(':');
    if (colon == npos || authority.front() == '[') return npos;
    const auto port = authority.substr(colon + 1);
    const bool number = std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
    return number ? npos : rest.rfind('@');
}

std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char* end = nullptr;
        const std::string digits(text[i] == '%' ? text.substr(i + 1, 2) : "");
        const auto value = std::strtoul(digits.c_str(), &end, 16);
        const bool escape = digits.size() == 2 && *end == '\0';
        out += escape ? static_cast<char>(value) : text[i];
        if (escape) i += 2;
    }
    return out;
}

bool is_local_path(const std::string& remote) {
    if (remote.find("://") != npos) return false;
    // git@host:path, unless a '/' comes before the ':'.
    const auto colon = remote.find(':');
    return colon == npos || remote.find('/') < colon;
}

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

}  // namespace

RemoteUrl split_remote(const std::string& remote) {
    RemoteUrl split;
    split.url = remote;
    const auto scheme = remote.find("://");
    if (scheme == npos) {
        // The configuration, where it goes, counts from its own folder.
        if (!remote.empty() && is_local_path(remote)) {
            split.url = std::filesystem::absolute(remote).lexically_normal().string();
        }
        return split;
    }
    const auto rest = std::string_view(remote).substr(scheme + 3);
    const auto end = user_info_end(rest);
    if (end == npos) return split;
    const auto info = rest.substr(0, end);
    const auto colon = info.find(':');
    const auto user = info.substr(0, colon);
    const bool keep_user = remote.compare(0, scheme, "ssh") == 0;
    split.credentials.username = percent_decoded(user);
    if (colon != npos) split.credentials.password = percent_decoded(info.substr(colon + 1));
    split.had_secret = !keep_user || colon != npos;
    split.url = remote.substr(0, scheme + 3);
    if (keep_user) split.url.append(user).append("@");
    split.url.append(rest.substr(end + 1));
    return split;
}

std::string resolve_remote(const std::string& remote, const std::string& folder) {
    if (remote.empty() || remote.front() == '/' || !is_local_path(remote)) return remote;
    return (std::filesystem::path(folder) / remote).lexically_normal().string();
}

fluentsync::CredentialsCallback credentials_callback(const fluentsync::Credentials& given) {
    return [given](const fluentsync::CredentialsRequest& request) -> std::optional<fluentsync::Credentials> {
        if (request.attempt > 1) {
            throw fluentsync::Error(fluentsync::ErrorCode::authentication,
                                    "correct FLUENTSYNC_USERNAME and FLUENTSYNC_PASSWORD");
        }
        if (!given.password.empty()) return given;
        fluentsync::Credentials found{environment("FLUENTSYNC_USERNAME"), environment("FLUENTSYNC_PASSWORD")};
        if (!given.username.empty()) found.username = given.username;
        if (found.password.empty()) {
            if (!given.username.empty()) return given;  // A token is often written as the user alone.
            throw fluentsync::Error(fluentsync::ErrorCode::authentication,
                                    "set FLUENTSYNC_USERNAME and FLUENTSYNC_PASSWORD");
        }
        if (found.username.empty()) found.username = request.username.empty() ? "git" : request.username;
        return found;
    };
}

}  // namespace cli
