/// git's `includeIf "hasconfig:remote.*.url:PATTERN"`, which libgit2 does not know.
#pragma once

#include <git2.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "git/index_stamp.hpp"
#include "runtime/posix_path.hpp"

namespace fluentsync::git {

/// What a repository's configuration stands on, for as long as it is in use. Empty: nothing but what libgit2
/// looks after by itself.
struct GivenConfiguration {
    std::vector<runtime::UniqueFd> in_memory;
    std::vector<std::pair<std::string, IndexStamp>> made_from;

    /// None of the files has changed since.
    bool is_current() const;
};

/// A file that is in memory only, for libgit2, which takes files alone and looks at them again and again.
/// Empty: it cannot be made.
runtime::UniqueFd file_in_memory(const std::string& text);
std::string path_in_memory(const runtime::UniqueFd& file);

/// One value as a file's lines; nothing for a key that git refuses. `value` may be null: no value at all.
std::string lines_of_config(const std::string& key, const char* value);

/// Whether any file of it asks for such an include.
bool has_conditional_includes(git_config* config);

/// `file` with those includes in their places whose patterns match a remote's URL in `config`: the path of a
/// file in memory, which `given` keeps; `file` itself where there is none such in it.
std::string with_conditional_includes(const std::string& file, git_config* config, git_repository* repository,
                                      GivenConfiguration& given);

/// As git matches a URL: `*` and `?` stop at a slash, a `**` between slashes does not.
bool matches_url(std::string_view pattern, std::string_view url);

}  // namespace fluentsync::git
