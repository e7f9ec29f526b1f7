/// The bytes of an index file, as git's documentation has the format (versions 2 to 4): walked, checked, and
/// brought into a form that libgit2 reads. libgit2 1.5 refuses what newer gits write on request: an index
/// without its checksum (index.skipHash, feature.manyFiles) and one that is split into two files
/// (core.splitIndex). For bodies of this floor only.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace fluentsync::git {

/// Numbers are big-endian.
std::size_t number_at(std::string_view bytes, std::size_t at, std::size_t length);

/// Goes over the entries of an index. Throws nothing; torn bytes end it before all entries were seen.
class IndexWalk {
  public:
    explicit IndexWalk(std::string_view bytes);
    /// Whether there is an entry here.
    bool next();
    /// Of the entry that next() came to.
    std::size_t at() const { return at_; }
    std::size_t flags() const { return flags_; }
    std::size_t stage() const { return flags_ >> 12 & 3; }
    /// All entries were seen, and the header was that of an index.
    bool complete() const { return whole_ && left_ == 0; }
    /// Behind the last entry that was seen: where the extensions begin, once complete.
    std::size_t end() const { return following_; }
    std::size_t version() const { return version_; }

  private:
    std::string_view bytes_;
    std::size_t version_ = 0;
    std::size_t left_ = 0;
    std::size_t at_ = 0;
    std::size_t flags_ = 0;
    std::size_t following_ = 0;
    bool whole_ = false;
};

/// Data of the extension of this name in an index whose entries end at `end`.
std::optional<std::string_view> index_extension(std::string_view bytes, std::size_t end,
                                                std::string_view name);

struct IndexForm {
    enum class Kind {
        readable,  ///< `bytes` are those of one whole index with a checksum, and say the same.
        damaged,   ///< No entries can be had from it with certainty.
        foreign,   ///< Whole, but of a kind that is not known here.
    };
    Kind kind = Kind::damaged;
    std::string bytes;
};

/// Reads an index' other file, by its name beside the index; nothing when it is not there.
using SharedIndex = std::function<std::optional<std::string>(const std::string& name)>;

/// Entries, with their stages and flags, come through as they are; of extensions only what a person may ask
/// for (how conflicts were resolved).
IndexForm index_form(std::string bytes, const SharedIndex& shared);

}  // namespace fluentsync::git
