/// What becomes of a front matter key that both sides changed.
#pragma once

#include <string>

#include "fluentsync/options.hpp"

namespace fluentsync::sync {

enum class KeyRule {
    max,       ///< The later or greater one, where both are of one kind.
    unite,     ///< Lists of scalars: adds of both, less removals of either. Also what has no rule.
    conflict,  ///< The winner's value stands.
};

/// The rule of a key by its path from the root ("meta.updated"), whose last part is its name.
KeyRule rule_of_key(const MergeRules& rules, const std::string& path, const std::string& name);

/// Those of a type: its own, else "*".
const MergeRules& rules_of_type(const DirectoryOptions& options, const std::string& type);

}  // namespace fluentsync::sync
