/// Which remotes are folders of this machine.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fluentsync::git {

/// The absolute path behind "file:///x", "/x" or "x"; nothing for other schemes and for scp-style
/// "host:path" (a colon before the first slash, as git has it).
std::optional<std::string> local_path(std::string_view url);

/// "ssh://host/x", "git+ssh://host/x" or scp-style "host:path".
bool is_ssh(std::string_view url);

/// "scheme://host:port" of a URL, in lower case and with the scheme's usual port where none is named; empty
/// where there is no host. Credentials that were given for one origin are nobody else's.
std::string origin_of(std::string_view url);

/// "file://" and the path, percent-escaped: libgit2 takes a bare path with a colon in it for a host.
std::string file_url(std::string_view path);

}  // namespace fluentsync::git
