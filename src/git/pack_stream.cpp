#include "git/pack_stream.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/tuning.hpp"

namespace fluentsync::git {

namespace {

constexpr std::size_t kPackHeader = 12;
constexpr std::size_t kHash = 20;
constexpr unsigned kOffsetDelta = 6;
constexpr unsigned kNamedDelta = 7;
/// Two lengths of at most ten bytes each.
constexpr std::size_t kDeltaHead = 20;

std::uint32_t big_endian(std::string_view bytes) {
    std::uint32_t value = 0;
    for (const char c : bytes.substr(0, 4))
        value = value << 8 | static_cast<unsigned char>(c);
    return value;
}

bool goes_on(char c) {
    return (static_cast<unsigned char>(c) & 0x80u) != 0;
}

/// Lengths of seven bits a byte, the least first. False: too long for any.
bool add_bits(std::uint64_t& value, char c, unsigned shift) {
    const std::uint64_t bits = static_cast<unsigned char>(c) & 0x7fu;
    if (shift > 63 || (bits << shift) >> shift != bits) return false;
    value |= bits << shift;
    return true;
}

/// Takes one length from the front. False: there is none.
bool take_length(std::string_view& bytes, std::uint64_t& value) {
    value = 0;
    for (unsigned shift = 0; !bytes.empty(); shift += 7) {
        const char c = bytes.front();
        bytes.remove_prefix(1);
        if (!add_bits(value, c, shift)) return false;
        if (!goes_on(c)) return true;
    }
    return false;
}

}  // namespace

PackStream::PackStream(std::uint64_t most_bytes) : most_bytes_(most_bytes) {
    if (inflateInit(&zlib_) != Z_OK) throw Error(ErrorCode::internal, "zlib cannot be initialised");
}

PackStream::~PackStream() {
    inflateEnd(&zlib_);
}

void PackStream::refuse(const std::string& why) const {
    throw UnsoundPack(fmt::format("object {} of the pack {}", entries_.size() + 1, why));
}

void PackStream::append(std::string_view bytes) {
    while (!bytes.empty()) {
        if (state_ == State::data) {
            inflate(bytes);
            continue;
        }
        if (state_ == State::ended) throw UnsoundPack("the pack goes on after its end");
        pending_ += bytes.front();
        bytes.remove_prefix(1);
        ++position_;
        step();
    }
}

void PackStream::next(State state) {
    pending_.clear();
    state_ = state;
    if (state_ == State::entry_header) {
        offset_ = position_;
        if (entries_.size() == announced_) state_ = State::trailer;
    }
}

void PackStream::step() {
    if (pending_.size() > kHash) refuse("has a header without end");
    switch (state_) {
        case State::pack_header:
            if (pending_.size() == kPackHeader) begin_pack();
            break;
        case State::entry_header:
            if (!goes_on(pending_.back())) begin_entry();
            break;
        case State::base_offset:
            if (!goes_on(pending_.back())) begin_delta_of_offset();
            break;
        case State::base_id:
            if (pending_.size() < kHash) break;
            named_bases_.push_back(base::ObjectId::from_raw(pending_));
            begin_data();
            break;
        case State::trailer:
            if (pending_.size() == kHash) next(State::ended);
            break;
        case State::data:
        case State::ended:
            break;
    }
}

void PackStream::begin_pack() {
    const std::uint32_t version = big_endian(std::string_view(pending_).substr(4));
    if (pending_.compare(0, 4, "PACK") != 0 || version < 2 || version > 3) {
        throw UnsoundPack("what was sent is no pack");
    }
    announced_ = big_endian(std::string_view(pending_).substr(8));
    next(State::entry_header);
}

void PackStream::begin_entry() {
    const auto first = static_cast<unsigned char>(pending_.front());
    type_ = (first >> 4) & 7u;
    declared_ = first & 15u;
    std::uint64_t rest = 0;
    for (std::size_t i = 1; i < pending_.size(); ++i) {
        if (!add_bits(rest, pending_[i], static_cast<unsigned>(7 * (i - 1)))) refuse("has no length");
    }
    if ((rest << 4) >> 4 != rest) refuse("has no length");
    declared_ |= rest << 4;
    const bool delta = type_ == kOffsetDelta || type_ == kNamedDelta;
    if (!delta && (type_ < GIT_OBJECT_COMMIT || type_ > GIT_OBJECT_TAG)) refuse("is of no type");
    check_size(declared_, delta || type_ != GIT_OBJECT_BLOB);
    if (!delta) return begin_data();
    next(type_ == kOffsetDelta ? State::base_offset : State::base_id);
}

/// Its length is one of git's own: each byte but the last counts one more.
void PackStream::begin_delta_of_offset() {
    std::uint64_t back = 0;
    for (std::size_t i = 0; i < pending_.size(); ++i) {
        if (i > 0) ++back;
        if (back >> 57 != 0) refuse("has a base out of the pack");
        back = back << 7 | (static_cast<unsigned char>(pending_[i]) & 0x7fu);
    }
    if (back == 0 || back > offset_ || !entry_at(offset_ - back)) refuse("has a base out of the pack");
    base_ = offset_ - back;
    begin_data();
}

void PackStream::begin_data() {
    next(State::data);
    inflated_ = 0;
    delta_head_.clear();
    inflateReset(&zlib_);
    digest_.reset();
    if (declared_ <= base::tuning::kMostWholeObject) return;
    digest_.reset(EVP_MD_CTX_new());
    if (!digest_ || EVP_DigestInit_ex(digest_.get(), EVP_sha1(), nullptr) != 1) {
        throw Error(ErrorCode::internal, "OpenSSL offers no SHA-1; enable it in OpenSSL's configuration");
    }
    const std::string head = fmt::format("blob {}", declared_);
    EVP_DigestUpdate(digest_.get(), head.c_str(), head.size() + 1);
}

void PackStream::inflate(std::string_view& bytes) {
    char buffer[16384];
    constexpr std::size_t kMostAtOnce = 1u << 30;
    const auto given = static_cast<uInt>(std::min(bytes.size(), kMostAtOnce));
    zlib_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    zlib_.avail_in = given;
    int code = Z_OK;
    do {
        zlib_.next_out = reinterpret_cast<Bytef*>(buffer);
        zlib_.avail_out = sizeof buffer;
        code = ::inflate(&zlib_, Z_NO_FLUSH);
        count({buffer, sizeof buffer - zlib_.avail_out});
    } while (code == Z_OK && zlib_.avail_out == 0);
    position_ += given - zlib_.avail_in;
    bytes.remove_prefix(given - zlib_.avail_in);
    if (code == Z_STREAM_END) return end_entry();
    if (code != Z_OK && code != Z_BUF_ERROR) refuse("cannot be inflated");
}

void PackStream::count(std::string_view inflated) {
    inflated_ += inflated.size();
    if (inflated_ > declared_) refuse("is longer than it says");
    if (digest_) EVP_DigestUpdate(digest_.get(), inflated.data(), inflated.size());
    if (type_ >= kOffsetDelta && delta_head_.size() < kDeltaHead) {
        delta_head_ += inflated.substr(0, kDeltaHead - delta_head_.size());
    }
}

void PackStream::end_entry() {
    if (inflated_ != declared_) refuse("is shorter than it says");
    ArrivedEntry entry{offset_, declared_, static_cast<git_object_t>(type_)};
    if (type_ >= kOffsetDelta) end_delta(entry);
    if (digest_) {
        base::ObjectId id;
        EVP_DigestFinal_ex(digest_.get(), id.bytes.data(), nullptr);
        no_bases_.insert(id);
    }
    entries_.push_back(entry);
    next(State::entry_header);
}

void PackStream::end_delta(ArrivedEntry& entry) {
    std::string_view head = delta_head_;
    std::uint64_t of_base = 0;
    if (!take_length(head, of_base) || !take_length(head, entry.size)) refuse("is no delta");
    check_size(of_base, true);
    check_size(entry.size, true);
    entry.type = GIT_OBJECT_INVALID;
    if (type_ == kNamedDelta) return;
    const ArrivedEntry* const base = entry_at(base_);
    if (base->size != of_base) refuse("has a base of another length");
    entry.type = base->type;
}

void PackStream::finish() const {
    if (state_ != State::ended) throw UnsoundPack("the pack is cut off");
    const bool too_large = std::any_of(named_bases_.begin(), named_bases_.end(),
                                       [&](const auto& id) { return no_bases_.count(id) > 0; });
    if (too_large) throw UnsoundPack("a base in the pack is too large to be one");
}

const ArrivedEntry* PackStream::entry_at(std::uint64_t offset) const {
    const auto at = std::lower_bound(entries_.begin(), entries_.end(), offset,
                                     [](const auto& entry, std::uint64_t o) { return entry.offset < o; });
    return at != entries_.end() && at->offset == offset ? &*at : nullptr;
}

void PackStream::check_size(std::uint64_t size, bool whole) const {
    const bool of_whole = whole && base::tuning::kMostWholeObject < most_bytes_;
    const std::uint64_t most = of_whole ? base::tuning::kMostWholeObject : most_bytes_;
    if (size <= most) return;
    throw ObjectTooLarge(
        fmt::format("an object of {} bytes, where {} allows {}", size,
                    of_whole ? "memory (for a delta, a tree or a commit)" : "git.max_fetch_bytes", most));
}

}  // namespace fluentsync::git
