/// Contents that the repository has by name alone: they are missing from it, or damaged.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sync/git_context.hpp"

namespace fluentsync::sync {

/// One is needed. The repository is looked through for damage, and the work done once more (see
/// GitBody::as_one_piece()); what is lost even then it goes without.
class UnreadableContent : public Error {
  public:
    using Error::Error;
};

/// A blob's bytes; nothing where it cannot be read and the work is to go without. Throws UnreadableContent
/// where it is not yet, Error(too_large) above `limit`, and what has nothing to do with this blob alone.
std::optional<std::string> content_of(const GitContext& git, const base::ObjectId& id, std::uint64_t limit);

/// Lets the work of its life go without what cannot be read.
class GoesWithout {
  public:
    explicit GoesWithout(SyncContext& context) : context_(context) { context_.without_unreadable = true; }
    GoesWithout(const GoesWithout&) = delete;
    GoesWithout& operator=(const GoesWithout&) = delete;
    ~GoesWithout() { context_.without_unreadable = false; }

  private:
    SyncContext& context_;
};

}  // namespace fluentsync::sync
