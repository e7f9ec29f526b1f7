/// Options out of JSON texts, refused here for all that opening would refuse, in the words of the JSON.
#pragma once

#include <cstddef>

#include "fluentsync/options.hpp"

namespace fluentsync::capi {

WorkspaceOptions workspace_options(const char* json, std::size_t length);
StoreOptions store_options(const char* json, std::size_t length);
DirectoryOptions directory_options(const char* json, std::size_t length);
GitOptions git_options(const char* json, std::size_t length);

}  // namespace fluentsync::capi
