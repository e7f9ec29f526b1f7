/// Files of rules that git reads outside of the work tree: attributes, ignore patterns.
#pragma once

#include <git2.h>

#include <string>
#include <vector>

namespace fluentsync::git {

/// Links are followed, as by git. What is not there, or may not be opened, is empty. False where it is
/// nothing to be read: no regular file (a FIFO would be waited for, for ever), or above
/// base::tuning::kMostRuleBytes.
bool read_rule_file(const std::string& path, std::string& text);

/// Where git looks for its own files of a level.
std::vector<std::string> folders_of(git_config_level_t level);

}  // namespace fluentsync::git
