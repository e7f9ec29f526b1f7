/// Looks for conflicts in the index, once for each version of the file. It may have 100,000 entries, and
/// every commit of ours makes a new one: what libgit2 reads and checks of it for this would take many times
/// as long.
#include <fstream>
#include <string_view>

#include "git/library.hpp"
#include "git/repository_state.hpp"

namespace fluentsync::git {

namespace {

// As git's documentation has the format of the index, versions 2 to 4; numbers are big-endian.
constexpr std::size_t kHeader = 12;
constexpr std::size_t kFlags = 60;  ///< In an entry: after ten words of stat data and an id of 20 bytes.
constexpr unsigned kExtended = 0x4000;
constexpr unsigned kStage = 0x3000;
constexpr unsigned kNameLength = 0x0fff;

std::size_t number_at(std::string_view bytes, std::size_t at, std::size_t length) {
    std::size_t number = 0;
    for (const char c : bytes.substr(at, length)) {
        number = number << 8 | static_cast<unsigned char>(c);
    }
    return number;
}

/// After the zero that ends a name, which version 4 shortens to what the name before it does not have.
std::size_t end_of_shortened(std::string_view bytes, std::size_t at) {
    while (at < bytes.size() && (static_cast<unsigned char>(bytes[at]) & 0x80) != 0) {
        ++at;  // How much to keep of that: a number of several bytes.
    }
    const std::size_t end = bytes.find('\0', at + 1);
    return end == std::string_view::npos ? end : end + 1;
}

/// Where the next entry begins.
std::size_t end_of_entry(std::string_view bytes, std::size_t at, std::size_t version, std::size_t flags) {
    const std::size_t name = at + kFlags + ((flags & kExtended) != 0 ? 4 : 2);
    if (version == 4) return end_of_shortened(bytes, name);
    const std::size_t told = flags & kNameLength;
    const std::size_t end = told < kNameLength ? name + told : bytes.find('\0', name);
    // One to eight zeros fill the entry up to a multiple of eight.
    return end == std::string_view::npos ? end : at + ((end - at + 8) & ~std::size_t{7});
}

bool any_conflict(std::string_view bytes) {
    if (bytes.size() < kHeader || bytes.substr(0, 4) != "DIRC") return false;
    const std::size_t version = number_at(bytes, 4, 4);
    if (version < 2 || version > 4) return false;
    std::size_t at = kHeader;
    for (std::size_t left = number_at(bytes, 8, 4); left > 0; --left) {
        if (at > bytes.size() || bytes.size() - at <= kFlags + 2) return false;
        const std::size_t flags = number_at(bytes, at + kFlags, 2);
        if ((flags & kStage) != 0) return true;
        at = end_of_entry(bytes, at, version, flags);
    }
    return false;
}

std::string content_of(const std::string& path, std::int64_t size) {
    std::string bytes(static_cast<std::size_t>(size), '\0');
    std::ifstream file(path, std::ios::binary);
    file.read(bytes.data(), size);
    bytes.resize(static_cast<std::size_t>(file.gcount()));
    return bytes;
}

}  // namespace

bool Repository::has_conflicts() const {
    const std::string path = item_path(raw(), GIT_REPOSITORY_ITEM_INDEX);
    const IndexStamp stamp = stamp_of(path);
    if (stamp.size < 0) return false;
    if (!(stamp == state_->conflicts_seen)) {
        state_->conflicts = any_conflict(content_of(path, stamp.size));
        state_->conflicts_seen = stamp;
    }
    return state_->conflicts;
}

}  // namespace fluentsync::git
