/// Opening for the commands that only read.
#pragma once

#include <fluentsync/entity_store.hpp>
#include <fluentsync/workspace.hpp>
#include <memory>

#include "root.hpp"

namespace cli {

/// As for any other command, which brings an older database up to date; where nothing can be written, to be
/// read only.
std::unique_ptr<const fluentsync::EntityStore> store_to_read(const Root& root);
std::unique_ptr<fluentsync::Workspace> workspace_to_read(const Root& root);

}  // namespace cli
