/// The objects of one indexed pack that nobody else sees. For bodies of this floor only.
#pragma once

#include <git2/sys/odb_backend.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/library.hpp"
#include "git/pack_index.hpp"
#include "git/pack_stream.hpp"
#include "git/tree_read.hpp"

namespace fluentsync::git {

using BackendPtr = std::unique_ptr<git_odb_backend,
                                   Freed<[](git_odb_backend* backend) noexcept { backend->free(backend); }>>;

/// One object's bytes, as libgit2 gave them.
class RawObject {
  public:
    RawObject(git_odb_backend* backend, const base::ObjectId& id);
    explicit RawObject(OdbObjectPtr object) : object_(std::move(object)) {}
    RawObject(const RawObject&) = delete;
    RawObject& operator=(const RawObject&) = delete;
    ~RawObject();
    git_object_t type() const { return object_ ? git_odb_object_type(object_.get()) : type_; }
    std::string_view bytes() const;

  private:
    git_odb_backend* backend_ = nullptr;
    void* data_ = nullptr;
    std::size_t size_ = 0;
    git_object_t type_ = GIT_OBJECT_INVALID;
    OdbObjectPtr object_;
};

/// A tree with what its entries point into.
struct RawTree {
    std::unique_ptr<RawObject> object;
    std::vector<TreeEntry> entries;
};

/// Throws UnsoundPack where it does not parse, and as check_entries() does.
RawTree parse_tree(const base::ObjectId& id, std::unique_ptr<RawObject> object);

/// For one thread.
class PackedObjects {
  public:
    /// `path`: of the pack without ".pack"; its index is libgit2's, of this moment.
    PackedObjects(const std::string& path, const PackStream& stream);
    struct Item {
        base::ObjectId id;
        std::uint64_t offset = 0;
        git_object_t type = GIT_OBJECT_INVALID;
        bool arrived = true;  ///< Else libgit2 put it here, from our own: a base of a delta.
        bool seen = false;    ///< For whoever walks.
    };
    /// In the order of their ids.
    std::vector<Item>& items() { return items_; }
    /// Null: not in this pack.
    Item* find(const base::ObjectId& id);
    /// Throws UnsoundPack.
    std::unique_ptr<RawObject> read(const base::ObjectId& id) const;

  private:
    BackendPtr backend_;
    std::vector<Item> items_;
};

}  // namespace fluentsync::git
