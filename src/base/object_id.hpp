/// The identity of a content: git's blob id. One comparison answers "is it the same?" at every hop.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fluentsync::base {

struct ObjectId {
    std::array<std::uint8_t, 20> bytes{};

    auto operator<=>(const ObjectId&) const = default;
    std::string hex() const;
    /// The 20 raw bytes, for a database column or a tree entry.
    std::string_view raw() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
    /// Nothing unless `text` is 40 hexadecimal digits.
    static std::optional<ObjectId> from_hex(std::string_view text);
    /// `raw` must hold 20 bytes.
    static ObjectId from_raw(std::string_view raw);
};

/// SHA-1 over "blob <size>\0" and the content, as git computes it. OpenSSL's SHA-1 is used for speed;
/// contents that enter a git object database are hashed again there by libgit2's collision-detecting SHA-1.
ObjectId hash_blob(std::string_view content);

/// SHA-1 of bytes as they are.
ObjectId hash_bytes(std::string_view bytes);

}  // namespace fluentsync::base
