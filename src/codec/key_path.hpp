/// Entity keys and file paths: a bijection.
///
/// An id is split at '/'; each segment is written as it is unless a file of that name would be unsafe or not
/// portable. Then bytes are written as %XX (upper-case): control characters, " * : < > ? \ |, a leading '.',
/// and the first letter of a Windows device name (CON, NUL, COM1 ... with or without an extension); in a
/// folder's name also a trailing '.' or space and the first ASCII byte of a name that some file system takes
/// for .git or .fluentsync (git~1, ignorable Unicode). Behind the last segment comes ".md", which makes those
/// last two harmless there.
/// '%' itself is escaped only where it would otherwise read as an escape that this encoder makes
/// (segment_code.hpp). So every portable name on disk maps to exactly one key and back: "100%.md" and
/// "My%20Note.md" are literal ids. Case and Unicode form are kept byte for byte. Rule for a type: that of a
/// folder's name, as one segment (no '/'). sharded: type/xx/id.md, xx the first byte of SHA-1(id) in
/// hexadecimal; nested ids likewise.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "fluentsync/entity.hpp"
#include "fluentsync/options.hpp"

namespace fluentsync::codec {

/// A path has no more, in folder and commits alike: what works through a tree of folders does so by
/// recursion.
inline constexpr std::size_t kMostSegments = 200;

/// Throws Error(invalid_key), naming key and fault: empty type or id, empty, "." or ".." segment, leading or
/// trailing '/', NUL, not UTF-8, a type with '/', a segment whose file name exceeds 255 bytes, a path over
/// 4000 bytes or of over kMostSegments segments (as the sharded layout writes it, so that validity does not
/// depend on the layout).
void check_key(const EntityKey& key);

enum class PathKind {
    entity,  ///< An entity's file.
    plain,   ///< No entity format, or not below a type folder: left to git.
    /// Never looked at: .git, .fluentsync, an editor's temporary or swap file, OS litter; or no relative
    /// path.
    excluded,
    refused,  ///< Would be an entity, but its name has no key (see reason): held.
    unfit,  ///< Plain, but no other replica would take the name (see reason): held where git would carry it.
};

struct Classified {
    PathKind kind = PathKind::plain;
    EntityKey key = {};
    std::string reason = {};  ///< For `refused` and `unfit`: one line, what to do.
};

class PathMap {
  public:
    explicit PathMap(Layout layout) : layout_(layout) {}
    /// The path of a valid key; throws as check_key() does.
    std::string to_path(const EntityKey& key) const;
    /// What a file at `path` (relative, '/') is. An entity file is type/.../name.md with no hidden segment.
    /// classify(to_path(key)) is {entity, key}; to_path(classify(path).key) == path for every entity path.
    Classified classify(std::string_view path) const;

  private:
    Layout layout_;
};

/// Whether a folder is never entered: .git in any spelling, .fluentsync, at any depth.
bool excluded_folder(std::string_view path);

/// Whether a path out of a git tree may be written to disk: relative, no empty, "." or ".." segment, no .git
/// in any spelling that some file system folds to it (case, trailing dots and spaces, git~1, ignorable
/// Unicode, "::$DATA"), no backslash or NUL or control character, valid UTF-8, no .fluentsync, segments up to
/// 255 bytes, kMostSegments of them.
bool safe_tree_path(std::string_view path);

}  // namespace fluentsync::codec
