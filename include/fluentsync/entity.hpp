/// Entities: what the store keeps, what a caller puts, and how to ask for them.
#ifndef FLUENTSYNC_ENTITY_HPP
#define FLUENTSYNC_ENTITY_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fluentsync {

/// Names one entity. `type` is one path segment; `id` may be nested with '/'. Both are UTF-8. A key is
/// valid when it becomes a path inside the root: no empty, "." or ".." segment, no NUL, no leading '/',
/// and no segment whose file name would be over 255 bytes.
struct EntityKey {
    std::string type;
    std::string id;

    friend bool operator==(const EntityKey& a, const EntityKey& b) {
        return a.type == b.type && a.id == b.id;
    }
    friend bool operator!=(const EntityKey& a, const EntityKey& b) { return !(a == b); }
    friend bool operator<(const EntityKey& a, const EntityKey& b) {
        return a.type != b.type ? a.type < b.type : a.id < b.id;
    }
};

/// What a caller writes. `content` is the exact bytes of the entity's file, front matter included; it is
/// stored and exported unchanged. It must be UTF-8, and front matter in it must parse.
struct EntityDraft {
    std::string type;
    std::string id;
    std::string content;
};

/// What the store keeps. A plain value; changing it changes nothing in the store.
struct Entity {
    std::string type;
    std::string id;
    std::string content;   ///< Exact bytes. Empty when a query asked to leave contents out.
    std::string metadata;  ///< JSON object: the parsed view of the front matter. "{}" when there is none.
    std::string hash;      ///< The content's git blob id, 40 hexadecimal digits.
    /// 1 when created, one more for each change. One that is made anew goes on from where the one before
    /// it ended: a version never comes back.
    std::int64_t version = 0;
    std::int64_t created = 0;  ///< Milliseconds since the Unix epoch.
    std::int64_t updated = 0;  ///< Milliseconds since the Unix epoch.
};

struct PutOptions {
    /// Compare-and-set: the write happens only if the entity has this version now (0: only if there is
    /// none). Otherwise Error(version_mismatch).
    std::optional<std::int64_t> expected_version;
};

struct PutResult {
    bool changed = false;  ///< False when the entity already had this content: no write, no event.
    bool created = false;
    std::int64_t version = 0;
};

enum class SortBy { id, created, updated };

enum class Compare { equal, not_equal, less, less_equal, greater, greater_equal };

/// A condition on one metadata key.
struct MetadataFilter {
    /// A top-level key ("status"), a dotted path to a nested one ("author.name"), or a JSON path
    /// ("$.tags[0]").
    std::string key;
    Compare compare = Compare::equal;
    /// A JSON scalar: "\"draft\"", "3", "true", "null".
    std::string value;
};

/// All conditions must hold. The order is total (ties are broken by type and id), so pages never overlap
/// as long as nothing is written between them.
struct Query {
    std::string type = {};  ///< Empty: every type.
    std::vector<MetadataFilter> filters = {};
    SortBy sort_by = SortBy::id;
    bool descending = false;
    std::size_t limit = 0;  ///< 0: no limit. Nothing is ever cut off silently.
    std::size_t offset = 0;
    bool with_content = true;
};

}  // namespace fluentsync

#endif
