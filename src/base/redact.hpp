/// Keeps secrets out of messages and configuration.
#pragma once

#include <string>
#include <string_view>

namespace fluentsync::base {

struct SplitUrl {
    std::string url;  ///< Without user info.
    std::string username;
    std::string password;
};

/// Takes user info out of "scheme://user:password@host/path". Percent-escapes in user info are decoded. Paths
/// and scp-style "user@host:path" come back unchanged ("user" there is no secret).
SplitUrl split_url(std::string_view url);

/// `text` with the user info of every URL in it replaced by "***", and each non-empty secret replaced as
/// well.
std::string redact(std::string_view text, std::string_view secret = {});

}  // namespace fluentsync::base
