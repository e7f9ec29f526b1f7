#include "base/redact.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace fluentsync::base {
namespace {

constexpr std::string_view kMask = "***";
constexpr auto npos = std::string_view::npos;

bool digits_only(std::string_view text) {
    return std::all_of(text.begin(), text.end(), is_digit);
}

/// Whether "host:port" of an authority without '@' is one. "user:pa" of a password with a bare '/' is not.
bool plain_authority(std::string_view authority) {
    if (!authority.empty() && authority.front() == '[') return true;  // An IPv6 address.
    const auto colon = authority.find(':');
    return colon == npos || digits_only(authority.substr(colon + 1));
}

/// Length of the user info that `rest`, what follows "://", begins with; npos when there is none.
/// Generous: a bare '@', '/', '?' or '#' in a password does not let its tail through.
std::size_t user_info_length(std::string_view rest) {
    const auto authority = rest.substr(0, rest.find_first_of("/?#"));
    const auto at = authority.rfind('@');
    if (at != npos) return at;
    return plain_authority(authority) ? npos : rest.rfind('@');
}

std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned value = 0;
        const bool escape =
            text[i] == '%' && i + 2 < text.size() &&
            std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16).ptr == text.data() + i + 3;
        out += escape ? static_cast<char>(value) : text[i];
        if (escape) i += 2;
    }
    return out;
}

std::string replace_all(std::string_view text, std::string_view what, std::string_view by) {
    std::string out;
    std::size_t from = 0;
    for (auto at = text.find(what); at != npos; at = text.find(what, from)) {
        out.append(text.substr(from, at - from)).append(by);
        from = at + what.size();
    }
    return out.append(text.substr(from));
}

bool ends_url(char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '\x7f';
}

std::string redact_urls(std::string_view text) {
    std::string out;
    std::size_t from = 0;
    for (auto at = text.find("://"); at != npos; at = text.find("://", from)) {
        out.append(text.substr(from, at + 3 - from));
        from = at + 3;
        const auto rest = text.substr(from);
        const auto stop = std::find_if(rest.begin(), rest.end(), ends_url);
        const auto length = user_info_length(rest.substr(0, static_cast<std::size_t>(stop - rest.begin())));
        if (length == npos) continue;
        out.append(kMask);
        from += length;
    }
    return out.append(text.substr(from));
}

}  // namespace

SplitUrl split_url(std::string_view url) {
    SplitUrl split{std::string(url), {}, {}};
    const auto scheme = url.find("://");
    if (scheme == npos || scheme == 0 || url.substr(0, scheme).find_first_of("/@:") != npos) return split;
    const auto rest = url.substr(scheme + 3);
    const auto length = user_info_length(rest);
    if (length == npos) return split;
    const auto info = rest.substr(0, length);
    const auto colon = info.find(':');
    split.username = percent_decoded(info.substr(0, colon));
    if (colon != npos) split.password = percent_decoded(info.substr(colon + 1));
    split.url = std::string(url.substr(0, scheme + 3)).append(rest.substr(length + 1));
    return split;
}

std::string redact(std::string_view text, std::string_view secret) {
    return redact_urls(secret.empty() ? std::string(text) : replace_all(text, secret, kMask));
}

}  // namespace fluentsync::base
