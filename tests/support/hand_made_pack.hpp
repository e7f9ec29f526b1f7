/// Packs as no git would write them.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/object_id.hpp"

namespace fluentsync::git::test {

inline constexpr unsigned kCommit = 1;
inline constexpr unsigned kTree = 2;
inline constexpr unsigned kBlob = 3;
inline constexpr unsigned kOffsetDelta = 6;
inline constexpr unsigned kNamedDelta = 7;

inline std::string deflated(std::string_view bytes) {
    uLongf size = compressBound(bytes.size());
    std::string result(size, '\0');
    compress2(reinterpret_cast<Bytef*>(result.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()),
              bytes.size(), 1);
    result.resize(size);
    return result;
}

inline std::string entry_header(unsigned type, std::uint64_t size) {
    std::string result;
    auto c = static_cast<unsigned char>(type << 4 | (size & 15u));
    for (size >>= 4; size != 0; size >>= 7) {
        result += static_cast<char>(c | 0x80u);
        c = static_cast<unsigned char>(size & 0x7fu);
    }
    return result + static_cast<char>(c);
}

/// A length in the head of a delta.
inline std::string delta_length(std::uint64_t size) {
    std::string result;
    for (; size >= 0x80; size >>= 7)
        result += static_cast<char>((size & 0x7fu) | 0x80u);
    return result + static_cast<char>(size);
}

inline base::ObjectId id_of(const char* type, std::string_view bytes) {
    return base::hash_bytes(std::string(type) + " " + std::to_string(bytes.size()) + std::string(1, '\0') +
                            std::string(bytes));
}

inline std::string tree_entry(const std::string& mode, const std::string& name, const base::ObjectId& id) {
    return mode + " " + name + std::string(1, '\0') + std::string(id.raw());
}

inline std::string commit_text(const base::ObjectId& tree, const std::vector<base::ObjectId>& parents = {}) {
    std::string text = "tree " + tree.hex() + "\n";
    for (const base::ObjectId& parent : parents)
        text += "parent " + parent.hex() + "\n";
    return text + "author P <p@e.org> 1700000000 +0000\ncommitter P <p@e.org> 1700000000 +0000\n\nm\n";
}

class HandMadePack {
  public:
    base::ObjectId add(unsigned type, const std::string& bytes) {
        add_raw(type, bytes.size(), bytes);
        const char* const names[] = {"", "commit", "tree", "blob", "tag"};
        return id_of(names[type], bytes);
    }
    /// Whatever `size` says. Returns where it begins.
    std::uint64_t add_raw(unsigned type, std::uint64_t size, std::string_view bytes,
                          const std::string& base = {}) {
        const std::uint64_t offset = 12 + entries_.size();
        entries_ += entry_header(type, size) + base + deflated(bytes);
        ++count_;
        return offset;
    }
    std::string bytes() const {
        std::string pack = "PACK";
        for (const std::uint32_t number : {std::uint32_t{2}, count_}) {
            for (int shift = 24; shift >= 0; shift -= 8)
                pack += static_cast<char>(number >> shift & 0xff);
        }
        pack += entries_;
        return pack + std::string(base::hash_bytes(pack).raw());
    }

  private:
    std::string entries_;
    std::uint32_t count_ = 0;
};

}  // namespace fluentsync::git::test
