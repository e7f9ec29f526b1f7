// A URL with user info in any text: the password is in no output.
#include <algorithm>

#include "base/redact.hpp"
#include "fuzz_input.hpp"

using namespace fluentsync;

namespace {

/// What a password may hold without being ambiguous: a bare '/', '?' or '#' behind digits alone reads as a
/// host and port, and white space ends a URL in a text.
std::string password_part(std::string text) {
    text.erase(std::remove_if(
                   text.begin(), text.end(),
                   [](unsigned char c) { return c <= ' ' || c == 0x7f || c == '/' || c == '?' || c == '#'; }),
               text.end());
    return text;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::string token = "Sw0rdfish";
    static const std::vector<std::string> schemes{"https", "http", "ssh", "git+ssh", "file", "x"};
    static const std::vector<std::string> hosts{"host", "host:8080", "[::1]:80", "", "127.0.0.1", "h@st"};
    fuzz::Input input(data, size);
    const auto& scheme = input.one_of(schemes);
    const auto& host = input.one_of(hosts);
    const std::string user = input.flag() ? password_part(input.text()) : "me";
    const std::string password = password_part(input.text()) + token + password_part(input.text());
    const std::string before = input.text();
    const std::string after = input.rest();
    if ((before + after).find(token) != std::string::npos) return 0;

    const std::string url = scheme + "://" + user + ":" + password + "@" + host + "/me/brain.git";
    const auto split = base::split_url(url);
    fuzz::require(split.url.find(token) == std::string::npos, "a URL without its user info", split.url);
    const auto shown = base::redact(before + " " + url + " " + after);
    fuzz::require(shown.find(token) == std::string::npos, "no password of a URL survives", shown);
    const auto also = base::redact(before + password + after, password);
    fuzz::require(also.find(password) == std::string::npos, "no given secret survives", also);
    fuzz::require(base::redact(shown) == shown, "redaction settles at once", shown);
    (void)base::redact(after, before);
    (void)base::split_url(after);
    return 0;
}
