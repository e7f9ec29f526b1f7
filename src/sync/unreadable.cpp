#include "sync/unreadable.hpp"

namespace fluentsync::sync {

std::optional<std::string> content_of(const GitContext& git, const base::ObjectId& id, std::uint64_t limit) {
    try {
        return git.repository.blob(id, limit);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::corrupt && error.code() != ErrorCode::io) {
            throw;
        }
        if (!git.sync.without_unreadable) {
            throw UnreadableContent(error.code(), error.what(), error.path());
        }
        return std::nullopt;
    }
}

}  // namespace fluentsync::sync
