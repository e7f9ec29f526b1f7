#include "git/pack_entry.hpp"

#include <limits>

#include "git/writers.hpp"

namespace fluentsync::git {

namespace {

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

PackEntryEncoder::PackEntryEncoder() {
    if (deflateInit(&stream_, Z_BEST_SPEED) != Z_OK) {
        throw Error(ErrorCode::internal, "zlib cannot be initialised");
    }
}

PackEntryEncoder::~PackEntryEncoder() {
    deflateEnd(&stream_);
}

void PackEntryEncoder::append(git_object_t type, const base::ObjectId& id, std::string_view data,
                              PackEntries& to) {
    if (data.size() > std::numeric_limits<uInt>::max() / 2) {
        throw Error(ErrorCode::too_large, "a git object of " + std::to_string(data.size()) + " bytes");
    }
    if (hash_object(type, data) != id) throw_other_bytes(id);
    const std::size_t start = to.bytes.size();
    append_entry_header(type, data.size(), to.bytes);
    deflate_to(to.bytes, data);
    const auto* entry = reinterpret_cast<const Bytef*>(to.bytes.data() + start);
    const auto crc = static_cast<std::uint32_t>(crc32_z(0, entry, to.bytes.size() - start));
    to.objects.push_back({id, crc, start});
}

void PackEntryEncoder::deflate_to(std::string& to, std::string_view data) {
    deflateReset(&stream_);
    const std::size_t start = to.size();
    to.resize(start + deflateBound(&stream_, static_cast<uLong>(data.size())));
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
    stream_.avail_in = static_cast<uInt>(data.size());
    stream_.next_out = reinterpret_cast<Bytef*>(to.data() + start);
    stream_.avail_out = static_cast<uInt>(to.size() - start);
    if (deflate(&stream_, Z_FINISH) != Z_STREAM_END) {
        throw Error(ErrorCode::internal, "zlib cannot compress a git object");
    }
    to.resize(to.size() - stream_.avail_out);
}

std::array<char, 12> pack_header(std::uint32_t objects) {
    std::array<char, 12> header{'P', 'A', 'C', 'K', 0, 0, 0, 2};
    for (unsigned i = 0; i < 4; ++i)
        header[8 + i] = static_cast<char>(objects >> (24 - 8 * i) & 0xff);
    return header;
}

}  // namespace fluentsync::git
