#include "git/pack_index.hpp"

#include <algorithm>
#include <array>

namespace fluentsync::git {

namespace {

constexpr std::string_view kMagic = "\377tOc";
constexpr std::uint32_t kVersion = 2;
/// An offset from here on stands in a table of its own, and this bit with its place there in the first.
constexpr std::uint32_t kLarge = 0x80000000;

void append_32(std::string& to, std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8)
        to.push_back(static_cast<char>(value >> shift & 0xff));
}

void append_64(std::string& to, std::uint64_t value) {
    append_32(to, static_cast<std::uint32_t>(value >> 32));
    append_32(to, static_cast<std::uint32_t>(value));
}

/// How many ids begin with each byte or one below it.
void append_fan_out(std::string& to, const std::vector<PackedObject>& sorted) {
    std::array<std::uint32_t, 256> counts{};
    for (const PackedObject& object : sorted)
        ++counts[object.id.bytes[0]];
    std::uint32_t sum = 0;
    for (const std::uint32_t count : counts)
        append_32(to, sum += count);
}

void append_offsets(std::string& to, const std::vector<PackedObject>& sorted) {
    std::vector<std::uint64_t> large;
    for (const PackedObject& object : sorted) {
        if (object.offset < kLarge) {
            append_32(to, static_cast<std::uint32_t>(object.offset));
        } else {
            append_32(to, kLarge | static_cast<std::uint32_t>(large.size()));
            large.push_back(object.offset);
        }
    }
    for (const std::uint64_t offset : large)
        append_64(to, offset);
}

}  // namespace

std::string pack_index(std::vector<PackedObject> objects, const base::ObjectId& trailer) {
    std::sort(objects.begin(), objects.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    std::string bytes(kMagic);
    constexpr std::size_t kFixed = 4 + 4 + 256 * 4 + 20 + 20;
    constexpr std::size_t kEach = 20 + 4 + 4;
    bytes.reserve(kFixed + objects.size() * kEach);
    append_32(bytes, kVersion);
    append_fan_out(bytes, objects);
    for (const PackedObject& object : objects)
        bytes.append(object.id.raw());
    for (const PackedObject& object : objects)
        append_32(bytes, object.crc);
    append_offsets(bytes, objects);
    bytes.append(trailer.raw());
    bytes.append(base::hash_bytes(bytes).raw());
    return bytes;
}

}  // namespace fluentsync::git
