#include "git/packed_objects.hpp"

#include <git2/odb_backend.h>

#include <algorithm>

#include "git/dot_git_file.hpp"

namespace fluentsync::git {

namespace {

constexpr std::size_t kIdBytes = 20;

std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
    std::uint64_t value = 0;
    for (const char c : bytes.substr(at, size))
        value = value << 8 | static_cast<unsigned char>(c);
    return value;
}

/// Of an index of version 2; see pack_index().
std::vector<PackedObjects::Item> items_of(std::string_view index) {
    constexpr std::size_t kHeader = 8;
    constexpr std::size_t kFanOut = 256 * 4;
    constexpr std::uint64_t kLarge = 0x80000000;
    std::vector<PackedObjects::Item> items(number_at(index, kHeader + kFanOut - 4, 4));
    const std::size_t ids = kHeader + kFanOut;
    const std::size_t offsets = ids + items.size() * (kIdBytes + 4);
    const std::size_t large = offsets + items.size() * 4;
    for (std::size_t i = 0; i < items.size(); ++i) {
        items[i].id = base::ObjectId::from_raw(index.substr(ids + i * kIdBytes, kIdBytes));
        items[i].offset = number_at(index, offsets + i * 4, 4);
        if ((items[i].offset & kLarge) != 0) {
            items[i].offset = number_at(index, large + (items[i].offset - kLarge) * 8, 8);
        }
    }
    return items;
}

[[noreturn]] void refuse_tree(const base::ObjectId& id) {
    throw UnsoundPack("tree " + id.hex() + " cannot be parsed");
}

/// Up to the space. libgit2 and git take any number of digits.
std::uint32_t take_mode(const base::ObjectId& id, std::string_view& bytes) {
    constexpr std::size_t kMostDigits = 10;
    std::uint32_t mode = 0;
    for (std::size_t i = 0; i < std::min(bytes.size(), kMostDigits); ++i) {
        const char c = bytes[i];
        if (c == ' ' && i > 0) {
            bytes.remove_prefix(i + 1);
            return mode;
        }
        if (c < '0' || c > '7') break;
        mode = mode << 3 | static_cast<std::uint32_t>(c - '0');
    }
    refuse_tree(id);
}

/// As git takes a mode: a folder, a submodule, else a file.
std::uint32_t normalised(std::uint32_t mode) {
    constexpr std::uint32_t kType = 0170000;
    if ((mode & kType) == kModeFolder) return kModeFolder;
    return (mode & kType) == kModeSubmodule ? kModeSubmodule : kModeFile;
}

}  // namespace

RawObject::RawObject(git_odb_backend* backend, const base::ObjectId& id) : backend_(backend) {
    const git_oid oid = to_oid(id);
    if (backend->read(&data_, &size_, &type_, backend, &oid) < 0) {
        require_descriptor();
        throw UnsoundPack("object " + id.hex() + " cannot be read");
    }
}

RawObject::~RawObject() {
    if (data_) git_odb_backend_data_free(backend_, data_);
}

std::string_view RawObject::bytes() const {
    if (!object_) return {static_cast<const char*>(data_), size_};
    return {static_cast<const char*>(git_odb_object_data(object_.get())), git_odb_object_size(object_.get())};
}

RawTree parse_tree(const base::ObjectId& id, std::unique_ptr<RawObject> object) {
    RawTree tree{std::move(object), {}};
    std::string_view rest = tree.object->bytes();
    while (!rest.empty()) {
        const std::uint32_t mode = normalised(take_mode(id, rest));
        const std::size_t end = rest.find('\0');
        if (end == std::string_view::npos || rest.size() - end - 1 < kIdBytes) refuse_tree(id);
        tree.entries.push_back(
            {rest.substr(0, end), mode, base::ObjectId::from_raw(rest.substr(end + 1, kIdBytes))});
        rest.remove_prefix(end + 1 + kIdBytes);
    }
    check_entries(id, tree.entries);
    return tree;
}

PackedObjects::PackedObjects(const std::string& path, const PackStream& stream) {
    const std::string index = path + ".idx";
    const auto bytes = read_dot_git_file(index);
    if (!bytes) throw Error(ErrorCode::io, "the index of a fetched pack has vanished", index);
    items_ = items_of(*bytes);
    git_odb_backend* backend = nullptr;
    check(git_odb_backend_one_pack(&backend, index.c_str()), "a fetched pack cannot be opened",
          ErrorCode::io);
    backend_.reset(backend);
    for (Item& item : items_) {
        const ArrivedEntry* const entry = stream.entry_at(item.offset);
        item.arrived = entry != nullptr;
        if (entry) item.type = entry->type;
        if (item.type != GIT_OBJECT_INVALID) continue;
        std::size_t size = 0;
        const git_oid oid = to_oid(item.id);
        if (backend_->read_header(&size, &item.type, backend_.get(), &oid) < 0) {
            require_descriptor();
            throw UnsoundPack("object " + item.id.hex() + " cannot be read");
        }
    }
}

PackedObjects::Item* PackedObjects::find(const base::ObjectId& id) {
    const auto at = std::lower_bound(items_.begin(), items_.end(), id,
                                     [](const Item& item, const base::ObjectId& i) { return item.id < i; });
    return at != items_.end() && at->id == id ? &*at : nullptr;
}

std::unique_ptr<RawObject> PackedObjects::read(const base::ObjectId& id) const {
    return std::make_unique<RawObject>(backend_.get(), id);
}

}  // namespace fluentsync::git
