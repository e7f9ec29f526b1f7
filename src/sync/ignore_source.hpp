/// The .gitignore files of the folder, read through its port.
#pragma once

#include <memory>

#include "git/ignore_rules.hpp"
#include "runtime/file_system.hpp"

namespace fluentsync::sync {

/// A link, a FIFO, what is none of the folder's: no rules, as with git. One that cannot be read, or is too
/// large to be (base::tuning::kMostRuleBytes), ignores all: what it asks for is not known, and what goes to
/// git is not taken back.
git::IgnoreRules::Source ignore_source(std::shared_ptr<const runtime::Folder> folder);

}  // namespace fluentsync::sync
