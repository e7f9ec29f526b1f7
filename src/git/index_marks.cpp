#include "git/index_marks.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <vector>

#include "codec/reserved_names.hpp"
#include "git/dot_git_file.hpp"
#include "git/library.hpp"
#include "git/repository_state.hpp"

namespace fluentsync::git {

namespace {

constexpr std::size_t kIdBytes = 20;
constexpr std::size_t kFixedBytes = 62;  ///< Of an entry, up to its name.
constexpr std::uint16_t kAssumeUnchanged = 0x8000;
constexpr std::uint16_t kHasExtendedFlags = 0x4000;
constexpr std::uint16_t kSkipWorktree = 0x4000;  ///< Of the extended flags.
constexpr std::uint64_t kFolderMode = 040000;

/// IndexBytes one after the other; std::out_of_range behind the last.
class IndexBytes {
  public:
    explicit IndexBytes(std::string_view bytes) : bytes_(bytes) {}
    std::size_t left() const { return bytes_.size() - at_; }
    std::size_t at() const { return at_; }
    std::string_view take(std::size_t count) {
        const std::string_view taken = bytes_.substr(at_, count);
        if (taken.size() < count) throw std::out_of_range("git's index ends early");
        at_ += count;
        return taken;
    }
    std::uint64_t number(std::size_t size) {
        std::uint64_t value = 0;
        for (const char byte : take(size))
            value = value << 8 | static_cast<unsigned char>(byte);
        return value;
    }
    std::string_view text() {
        const std::size_t end = bytes_.find('\0', at_);
        const std::string_view found = take(end == std::string_view::npos ? left() + 1 : end - at_);
        at_ += 1;
        return found;
    }
    /// As git writes an offset in version 4.
    std::size_t varint() {
        std::uint64_t byte = number(1);
        std::size_t value = byte & 127;
        while (byte & 128) {
            byte = number(1);
            value = (value + 1) << 7 | (byte & 127);
        }
        return value;
    }

  private:
    std::string_view bytes_;
    std::size_t at_ = 0;
};

struct MarkableEntry {
    std::string path;  ///< Empty in a split index: it stands for one of the shared index's.
    bool folder = false;
    bool marked = false;
};

struct ParsedIndex {
    std::vector<MarkableEntry> entries;
    std::string shared;  ///< The hexadecimal name of the index that this one is split from.
    std::set<std::size_t> deleted;
    std::vector<std::size_t> replaced;
};

MarkableEntry read_index_entry(IndexBytes& bytes, std::uint64_t version, const std::string& before) {
    const std::size_t begin = bytes.at();
    bytes.take(24);
    MarkableEntry entry;
    entry.folder = bytes.number(4) == kFolderMode;
    bytes.take(kFixedBytes - 2 - 28);
    const std::uint64_t flags = bytes.number(2);
    const std::uint64_t extended = flags & kHasExtendedFlags ? bytes.number(2) : 0;
    entry.marked = (flags & kAssumeUnchanged) != 0 || (extended & kSkipWorktree) != 0;
    if (version == 4) {
        const std::size_t dropped = bytes.varint();
        entry.path = before.substr(0, before.size() - std::min(dropped, before.size()));
        entry.path += bytes.text();
        return entry;
    }
    entry.path = bytes.text();
    const std::size_t padding = (8 - (bytes.at() - begin) % 8) % 8;
    bytes.take(padding);
    return entry;
}

/// The bits that are set in git's compressed form of a bitmap (EWAH).
std::vector<std::size_t> read_ewah(IndexBytes& bytes) {
    std::vector<std::size_t> set;
    const std::size_t size = bytes.number(4);
    std::uint64_t words = bytes.number(4);
    std::size_t at = 0;
    const auto add = [&](std::uint64_t word) {
        for (std::size_t bit = 0; bit < 64 && word != 0; ++bit, word >>= 1) {
            if ((word & 1) != 0 && at + bit < size) set.push_back(at + bit);
        }
        at += 64;
    };
    while (words > 0) {
        const std::uint64_t run = bytes.number(8);
        --words;
        for (std::uint64_t i = 0; i < (run >> 1 & 0xffffffff) && at < size; ++i)
            add((run & 1) != 0 ? ~std::uint64_t{0} : 0);
        for (std::uint64_t i = 0; i < run >> 33; ++i, --words)
            add(bytes.number(8));
    }
    bytes.take(4);
    return set;
}

void read_link(IndexBytes bytes, ParsedIndex& parsed) {
    constexpr const char* kDigits = "0123456789abcdef";
    for (const char byte : bytes.take(kIdBytes)) {
        parsed.shared += kDigits[static_cast<unsigned char>(byte) >> 4];
        parsed.shared += kDigits[static_cast<unsigned char>(byte) & 15];
    }
    if (bytes.left() == 0) return;
    for (const std::size_t one : read_ewah(bytes))
        parsed.deleted.insert(one);
    parsed.replaced = read_ewah(bytes);
}

ParsedIndex parse_index(std::string_view content) {
    ParsedIndex parsed;
    IndexBytes bytes(content);
    if (bytes.take(4) != "DIRC") return parsed;
    const std::uint64_t version = bytes.number(4);
    const std::uint64_t count = bytes.number(4);
    std::string before;
    for (std::uint64_t i = 0; i < count; ++i) {
        parsed.entries.push_back(read_index_entry(bytes, version, before));
        before = parsed.entries.back().path;
    }
    while (bytes.left() > kIdBytes) {  // Extensions; then the checksum.
        const std::string_view name = bytes.take(4);
        const std::string_view extension = bytes.take(bytes.number(4));
        if (name == "link") read_link(IndexBytes(extension), parsed);
    }
    return parsed;
}

/// As far as it can be understood.
ParsedIndex parse_index_at(const std::string& path) {
    try {
        return parse_index(read_dot_git_file(path).value_or(""));
    } catch (const std::out_of_range&) {
        return {};
    } catch (const Error&) {
        return {};
    }
}

void note_entry(IndexMarks& marks, const MarkableEntry& entry) {
    if (marks.state_folder.empty()) {
        const std::string_view top = std::string_view(entry.path).substr(0, entry.path.find('/'));
        if (codec::is_dot_fluentsync(top)) marks.state_folder = top;
    }
    if (entry.marked && !entry.path.empty()) (entry.folder ? marks.folders : marks.files).insert(entry.path);
}

}  // namespace

bool IndexMarks::contains(std::string_view path) const {
    if (files.count(path) > 0) return true;
    if (folders.empty()) return false;
    for (std::size_t slash = path.find('/'); slash != std::string_view::npos;
         slash = path.find('/', slash + 1)) {
        if (folders.count(path.substr(0, slash + 1)) > 0) return true;
    }
    return false;
}

IndexMarks read_index_marks(const std::string& path) {
    ParsedIndex index = parse_index_at(path);
    IndexMarks marks;
    if (!index.shared.empty()) {
        const std::string folder = path.substr(0, path.rfind('/') + 1);
        std::vector<MarkableEntry> base = parse_index_at(folder + "sharedindex." + index.shared).entries;
        auto nameless = index.entries.begin();
        for (const std::size_t at : index.replaced) {
            if (at < base.size() && nameless != index.entries.end()) base[at].marked = (nameless++)->marked;
        }
        for (std::size_t i = 0; i < base.size(); ++i) {
            if (index.deleted.count(i) == 0) note_entry(marks, base[i]);
        }
    }
    for (const MarkableEntry& entry : index.entries)
        note_entry(marks, entry);
    return marks;
}

void MarkedPaths::take_up(const std::string& index) {
    const IndexStamp seen = stamp_of(index);
    const Stamp now{seen.mtime_ns, seen.inode, seen.size};
    if (now == stamp_) return;
    marks_ = read_index_marks(index);
    stamp_ = now;
}

bool MarkedPaths::contains(const Repository& repository, std::string_view path) {
    const std::lock_guard lock(mutex_);
    take_up(item_path(repository.raw(), GIT_REPOSITORY_ITEM_INDEX));
    return marks_.contains(path);
}

std::string MarkedPaths::state_folder(const Repository& repository) {
    const std::lock_guard lock(mutex_);
    take_up(item_path(repository.raw(), GIT_REPOSITORY_ITEM_INDEX));
    return marks_.state_folder;
}

}  // namespace fluentsync::git
