/// Values of many fields as JSON texts: the names of the command-line program's --json.
#pragma once

#include <string>
#include <vector>

#include "fluentsync/entity.hpp"
#include "fluentsync/status.hpp"

namespace fluentsync::capi {

std::string json_text(const std::vector<std::string>& texts);
std::string json_text(const std::vector<Held>& held);
std::string json_text(const DirectoryStatus& status);
std::string json_text(const GitStatus& status);
std::string json_text(const WorkspaceStatus& status);
std::string json_text(const VerifyReport& report);
std::string json_text(const CommitResult& result);
std::string json_text(const PullResult& result);
std::string json_text(const PushResult& result);

/// The header's query text. Throws invalid_argument.
Query parse_query(const std::string& text);

}  // namespace fluentsync::capi
