/// What is known of a pack while it arrives. For bodies of this floor only.
#pragma once

#include <openssl/evp.h>
#include <zlib.h>

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "git/library.hpp"

namespace fluentsync::git {

/// A pack holds what git would not take: it is the sender that is damaged or hostile, nothing here.
class UnsoundPack : public Error {
  public:
    explicit UnsoundPack(const std::string& what) : Error(ErrorCode::corrupt, what) {}
};

class ObjectTooLarge : public Error {
  public:
    explicit ObjectTooLarge(const std::string& what) : Error(ErrorCode::too_large, what) {}
};

struct ArrivedEntry {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;                  ///< Of the object; of a delta, what comes of it.
    git_object_t type = GIT_OBJECT_INVALID;  ///< Invalid where only the base, named by its id, could tell.
};

/// Reads along with libgit2's indexer, which hashes what each entry inflates to and applies each delta, but
/// believes the entry's header: that its type is one of the four, and its length. And it makes room for
/// whatever a delta promises. Memory: an entry's 24 bytes, and 20 for a base that is named by its id. For one
/// thread.
class PackStream {
  public:
    /// `most_bytes`: of one object. Those that libgit2 holds in memory as a whole (all but blobs that are no
    /// deltas) are limited by tuning::kMostWholeObject as well.
    explicit PackStream(std::uint64_t most_bytes);
    PackStream(const PackStream&) = delete;
    PackStream& operator=(const PackStream&) = delete;
    ~PackStream();
    /// Throws UnsoundPack, ObjectTooLarge.
    void append(std::string_view bytes);
    /// To be called when nothing follows, before any delta is applied. Throws UnsoundPack.
    void finish() const;
    /// In the order of their offsets.
    const std::vector<ArrivedEntry>& entries() const { return entries_; }
    /// Null: none begins there.
    const ArrivedEntry* entry_at(std::uint64_t offset) const;

  private:
    enum class State { pack_header, entry_header, base_offset, base_id, data, trailer, ended };
    void step();
    void begin_pack();
    void begin_entry();
    void begin_delta_of_offset();
    void begin_data();
    void inflate(std::string_view& bytes);
    void count(std::string_view inflated);
    void end_entry();
    void end_delta(ArrivedEntry& entry);
    void next(State state);
    void check_size(std::uint64_t size, bool whole) const;
    [[noreturn]] void refuse(const std::string& why) const;

    const std::uint64_t most_bytes_;
    State state_ = State::pack_header;
    std::string pending_;          ///< Of the header that is being read.
    std::uint64_t position_ = 0;   ///< Of the next byte in the pack.
    std::uint64_t announced_ = 0;  ///< Entries.
    std::vector<ArrivedEntry> entries_;
    // Of the entry that is being read.
    std::uint64_t offset_ = 0;
    std::uint64_t declared_ = 0;
    std::uint64_t inflated_ = 0;
    unsigned type_ = 0;
    std::uint64_t base_ = 0;
    std::string delta_head_;
    z_stream zlib_{};
    std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>> digest_;  ///< Of a blob that may not be a base.
    std::set<base::ObjectId> no_bases_;
    std::vector<base::ObjectId> named_bases_;
};

}  // namespace fluentsync::git
