/// A new pack on its way into .git/objects/pack. For bodies of this floor only.
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "git/library.hpp"
#include "git/pack_index.hpp"
#include "git/part_file.hpp"

namespace fluentsync::git {

/// Written from its header to its last entry by one thread; nobody sees it before place(). Failures are
/// Error(io).
class PackFile {
  public:
    /// `objects`: the folder .git/objects.
    explicit PackFile(const std::string& objects);
    void append(std::string_view bytes);
    /// Ends the pack, writes its index, and puts both where git looks for them. The index comes last: git
    /// knows a pack by it, and takes one without a pack for garbage. `durable`: both are on the disk before
    /// they get their names, which are not. Returns the pack's path without ".pack".
    std::string place(std::vector<PackedObject> contents, bool durable);

  private:
    std::string folder_;
    PartFile pack_;
    std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>> digest_;
};

}  // namespace fluentsync::git
