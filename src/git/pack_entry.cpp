#include "git/pack_entry.hpp"

#include <libdeflate.h>

#include <limits>
#include <new>

#include "git/writers.hpp"

namespace fluentsync::git {

namespace {

constexpr int kFastest = 1;
constexpr std::size_t kLargest = std::numeric_limits<std::uint32_t>::max() / 2;

/// Three bits of type, then the size, seven bits a byte but four in the first.
void append_entry_header(git_object_t type, std::size_t size, std::string& to) {
    auto byte = static_cast<unsigned>(static_cast<unsigned>(type) << 4 | (size & 0x0f));
    size >>= 4;
    while (size > 0) {
        to.push_back(static_cast<char>(byte | 0x80));
        byte = size & 0x7f;
        size >>= 7;
    }
    to.push_back(static_cast<char>(byte));
}

}  // namespace

base::ObjectId hash_object(git_object_t type, std::string_view data) {
    git_oid oid{};
    check(git_odb_hash(&oid, data.data(), data.size(), type), "a git object cannot be hashed");
    return from_oid(oid);
}

void PackEntryEncoder::FreeCompressor::operator()(libdeflate_compressor* compressor) const {
    libdeflate_free_compressor(compressor);
}

PackEntryEncoder::PackEntryEncoder() : compressor_(libdeflate_alloc_compressor(kFastest)) {
    if (!compressor_) throw std::bad_alloc();
}

void PackEntryEncoder::append(git_object_t type, const base::ObjectId& id, std::string_view data,
                              PackEntries& to) {
    if (data.size() > kLargest) {
        throw Error(ErrorCode::too_large, "a git object of " + std::to_string(data.size()) + " bytes");
    }
    if (hash_object(type, data) != id) throw_other_bytes(id);
    const std::size_t start = to.bytes.size();
    append_entry_header(type, data.size(), to.bytes);
    deflate_to(to.bytes, data);
    const std::uint32_t crc = libdeflate_crc32(0, to.bytes.data() + start, to.bytes.size() - start);
    to.objects.push_back({id, crc, start});
}

void PackEntryEncoder::deflate_to(std::string& to, std::string_view data) {
    const std::size_t start = to.size();
    to.resize(start + libdeflate_zlib_compress_bound(compressor_.get(), data.size()));
    const std::size_t written = libdeflate_zlib_compress(compressor_.get(), data.data(), data.size(),
                                                         to.data() + start, to.size() - start);
    if (written == 0) throw Error(ErrorCode::internal, "libdeflate cannot compress a git object");
    to.resize(start + written);
}

std::array<char, 12> pack_header(std::uint32_t objects) {
    std::array<char, 12> header{'P', 'A', 'C', 'K', 0, 0, 0, 2};
    for (unsigned i = 0; i < 4; ++i)
        header[8 + i] = static_cast<char>(objects >> (24 - 8 * i) & 0xff);
    return header;
}

}  // namespace fluentsync::git
