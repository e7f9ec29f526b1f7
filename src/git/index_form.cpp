#include "git/index_form.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <utility>
#include <vector>

#include "base/object_id.hpp"
#include "git/index_bitmap.hpp"

namespace fluentsync::git {

namespace {

constexpr std::size_t kHeader = 12;
constexpr std::size_t kHash = 20;
constexpr std::size_t kMode = 24;
constexpr std::size_t kFlags = 60;  ///< In an entry: after ten words of stat data and an id of 20 bytes.
constexpr std::size_t kExtended = 0x4000;
constexpr std::size_t kNameLength = 0x0fff;
constexpr std::size_t kExtensionHeader = 8;

std::size_t name_at(std::size_t at, std::size_t flags) {
    return at + kFlags + ((flags & kExtended) != 0 ? 4 : 2);
}

/// After the zero that ends a name, which version 4 shortens to what the name before it does not have.
std::size_t end_of_shortened(std::string_view bytes, std::size_t at) {
    while (at < bytes.size() && (static_cast<unsigned char>(bytes[at]) & 0x80) != 0) {
        ++at;  // How much to keep of that: a number of several bytes.
    }
    const std::size_t end = bytes.find('\0', at + 1);
    return end == std::string_view::npos ? end : end + 1;
}

std::size_t end_of_entry(std::string_view bytes, std::size_t at, std::size_t version, std::size_t flags) {
    const std::size_t name = name_at(at, flags);
    if (version == 4) return end_of_shortened(bytes, name);
    const std::size_t told = flags & kNameLength;
    const std::size_t end = told < kNameLength ? name + told : bytes.find('\0', name);
    // One to eight zeros fill the entry up to a multiple of eight.
    return end == std::string_view::npos ? end : at + ((end - at + 8) & ~std::size_t{7});
}

struct Entry {
    std::string head;  ///< Stat data, id and flags.
    std::string name;
    std::size_t stage() const { return number_at(head, kFlags, 2) >> 12 & 3; }
};

/// What a name of version 4 leaves out of the one before it, and where the rest begins.
std::string unshortened(std::string_view bytes, std::size_t at, const std::string& before) {
    auto byte = static_cast<unsigned char>(bytes[at++]);
    std::size_t left_out = byte & 0x7f;
    while ((byte & 0x80) != 0 && at < bytes.size()) {
        byte = static_cast<unsigned char>(bytes[at++]);
        left_out = ((left_out + 1) << 7) + (byte & 0x7f);
    }
    return before.substr(0, before.size() - std::min(left_out, before.size())) +
           std::string(bytes.substr(at, bytes.find('\0', at) - at));
}

std::vector<Entry> entries_of(std::string_view bytes) {
    std::vector<Entry> entries;
    std::string before;
    for (IndexWalk walk(bytes); walk.next();) {
        const std::size_t name = name_at(walk.at(), walk.flags());
        Entry entry;
        entry.head = bytes.substr(walk.at(), name - walk.at());
        if (walk.version() == 4) {
            entry.name = unshortened(bytes, name, before);
        } else {
            const std::size_t told = walk.flags() & kNameLength;
            const std::size_t length = told < kNameLength ? told : bytes.find('\0', name) - name;
            entry.name = bytes.substr(name, length);
        }
        before = entry.name;
        entries.push_back(std::move(entry));
    }
    return entries;
}

void append_number(std::string& bytes, std::size_t number) {
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes += static_cast<char>(number >> shift & 0xff);
}

std::string serialised(const std::vector<Entry>& entries, std::optional<std::string_view> resolved) {
    const bool extended = std::any_of(entries.begin(), entries.end(), [](const Entry& entry) {
        return (number_at(entry.head, kFlags, 2) & kExtended) != 0;
    });
    std::string bytes = "DIRC";
    append_number(bytes, extended ? 3 : 2);
    append_number(bytes, entries.size());
    for (const Entry& entry : entries) {
        const std::size_t size = entry.head.size() + entry.name.size();
        bytes += entry.head + entry.name;
        bytes.append(8 - size % 8, '\0');
    }
    if (resolved) {
        bytes += "REUC";
        append_number(bytes, resolved->size());
        bytes += *resolved;
    }
    bytes += base::hash_bytes(bytes).raw();
    return bytes;
}

/// The name's length stands among the flags, where there is room.
void set_name(Entry& entry, const std::string& name) {
    entry.name = name;
    const std::size_t flags =
        (number_at(entry.head, kFlags, 2) & ~kNameLength) | std::min(name.size(), kNameLength);
    entry.head[kFlags] = static_cast<char>(flags >> 8);
    entry.head[kFlags + 1] = static_cast<char>(flags & 0xff);
}

/// The entries of both files: of the shared one those that are neither replaced nor deleted. Who replaces one
/// stands first, without a name.
std::optional<std::vector<Entry>> joined(std::vector<Entry> shared, std::vector<Entry> own,
                                         std::string_view bitmaps) {
    std::vector<std::size_t> deleted;
    std::vector<std::size_t> replaced;
    if (!bitmaps.empty() && !(read_bitmap(bitmaps, deleted) && read_bitmap(bitmaps, replaced))) return {};
    std::size_t next = 0;
    for (const std::size_t at : replaced) {
        if (at >= shared.size() || next >= own.size() || !own[next].name.empty()) return {};
        set_name(own[next], shared[at].name);
        shared[at] = own[next++];
    }
    std::sort(deleted.begin(), deleted.end());
    std::map<std::pair<std::string, std::size_t>, Entry> entries;
    for (std::size_t at = 0; at < shared.size(); ++at) {
        if (std::binary_search(deleted.begin(), deleted.end(), at)) continue;
        entries[{shared[at].name, shared[at].stage()}] = std::move(shared[at]);
    }
    for (; next < own.size(); ++next) {
        if (own[next].name.empty()) return {};
        entries[{own[next].name, own[next].stage()}] = std::move(own[next]);
    }
    std::vector<Entry> result;
    result.reserve(entries.size());
    for (auto& [key, entry] : entries)
        result.push_back(std::move(entry));
    return result;
}

struct Frame {
    std::size_t extensions = 0;
    bool hashed = false;
};

bool is_extension_name(std::string_view name) {
    return std::all_of(name.begin(), name.end(),
                       [](char c) { return std::isalpha(static_cast<unsigned char>(c)); });
}

/// Nothing unless header, entries, extensions and checksum are as they must be.
std::optional<Frame> frame_of(std::string_view bytes) {
    if (bytes.size() < kHeader + kHash) return {};
    const std::string_view body = bytes.substr(0, bytes.size() - kHash);
    const std::string_view hash = bytes.substr(body.size());
    const bool hashed = hash != std::string(kHash, '\0');
    if (hashed && hash != base::hash_bytes(body).raw()) return {};
    IndexWalk walk(body);
    while (walk.next()) {
    }
    if (!walk.complete()) return {};
    std::size_t at = walk.end();
    while (body.size() - at >= kExtensionHeader) {
        const std::size_t size = number_at(body, at + 4, 4);
        if (size > body.size() - at - kExtensionHeader || !is_extension_name(body.substr(at, 4))) return {};
        at += kExtensionHeader + size;
    }
    if (at != body.size()) return {};
    return Frame{walk.end(), hashed};
}

/// No checksum vouches for these, and what a power cut leaves ends in zeros, too.
bool plausible(const std::vector<Entry>& entries, bool split) {
    const Entry* before = nullptr;
    for (const Entry& entry : entries) {
        const std::size_t type = number_at(entry.head, kMode, 4) >> 12;
        const bool nameless = split && entry.name.empty();
        if (type != 010 && type != 012 && type != 016) return false;
        if (nameless) continue;
        if (entry.name.empty() || entry.name.find('\0') != std::string::npos) return false;
        if (before && std::pair(before->name, before->stage()) >= std::pair(entry.name, entry.stage()))
            return false;
        before = &entry;
    }
    return true;
}

/// An extension whose name does not begin with a capital must be understood.
bool has_unknown_parts(std::string_view body, std::size_t at) {
    while (at < body.size()) {
        const bool optional = body[at] >= 'A' && body[at] <= 'Z';
        if (!optional && body.substr(at, 4) != "link") return true;
        at += kExtensionHeader + number_at(body, at + 4, 4);
    }
    return false;
}

}  // namespace

std::size_t number_at(std::string_view bytes, std::size_t at, std::size_t length) {
    std::size_t number = 0;
    for (const char c : bytes.substr(at, length)) {
        number = number << 8 | static_cast<unsigned char>(c);
    }
    return number;
}

IndexWalk::IndexWalk(std::string_view bytes) : bytes_(bytes), following_(kHeader) {
    if (bytes.size() < kHeader || bytes.substr(0, 4) != "DIRC") return;
    version_ = number_at(bytes, 4, 4);
    whole_ = version_ >= 2 && version_ <= 4;
    left_ = whole_ ? number_at(bytes, 8, 4) : 0;
}

bool IndexWalk::next() {
    if (left_ == 0 || !whole_) return false;
    at_ = following_;
    whole_ = at_ <= bytes_.size() && bytes_.size() - at_ > kFlags + 2;
    if (!whole_) return false;
    flags_ = number_at(bytes_, at_ + kFlags, 2);
    following_ = end_of_entry(bytes_, at_, version_, flags_);
    whole_ = following_ <= bytes_.size();
    --left_;
    return whole_;
}

std::optional<std::string_view> index_extension(std::string_view bytes, std::size_t end,
                                                std::string_view name) {
    while (bytes.size() >= kHash + kExtensionHeader && end <= bytes.size() - kHash - kExtensionHeader) {
        const std::size_t size = number_at(bytes, end + 4, 4);
        if (bytes.substr(end, 4) == name) return bytes.substr(end + kExtensionHeader, size);
        end += kExtensionHeader + size;
    }
    return {};
}

IndexForm index_form(std::string bytes, const SharedIndex& shared) {
    using Kind = IndexForm::Kind;
    const auto frame = frame_of(bytes);
    if (!frame) {
        const bool hashed =
            bytes.size() > kHash && base::hash_bytes({bytes.data(), bytes.size() - kHash}).raw() ==
                                        std::string_view(bytes).substr(bytes.size() - kHash);
        return {hashed ? Kind::foreign : Kind::damaged, {}};
    }
    if (has_unknown_parts({bytes.data(), bytes.size() - kHash}, frame->extensions))
        return {Kind::foreign, {}};
    const auto link = index_extension(bytes, frame->extensions, "link");
    const bool split = link && link->size() >= kHash && link->substr(0, kHash) != std::string(kHash, '\0');
    if (!split && frame->hashed) return {Kind::readable, std::move(bytes)};
    std::vector<Entry> entries = entries_of(bytes);
    if (!frame->hashed && !plausible(entries, split)) return {Kind::damaged, {}};
    if (split) {
        const auto other = shared("sharedindex." + base::ObjectId::from_raw(link->substr(0, kHash)).hex());
        const auto whole = other ? frame_of(*other) : std::nullopt;
        auto others = whole ? entries_of(*other) : std::vector<Entry>();
        if (!whole || (!whole->hashed && !plausible(others, false))) return {Kind::damaged, {}};
        auto all = joined(std::move(others), std::move(entries), link->substr(kHash));
        if (!all) return {Kind::damaged, {}};
        entries = std::move(*all);
    }
    return {Kind::readable, serialised(entries, index_extension(bytes, frame->extensions, "REUC"))};
}

}  // namespace fluentsync::git
