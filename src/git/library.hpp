/// libgit2's handles, ids and errors in C++ terms. For bodies of this floor only.
#pragma once

#include <git2.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/object_id.hpp"
#include "fluentsync/error.hpp"

namespace fluentsync::git {

/// Keeps libgit2 initialised: it counts by itself, so every owner of handles holds one.
class Library {
  public:
    Library();
};

template <auto Free>
struct Freed {
    template <class T>
    void operator()(T* handle) const noexcept {
        Free(handle);
    }
};

using RepositoryPtr = std::unique_ptr<git_repository, Freed<git_repository_free>>;
using ReferencePtr = std::unique_ptr<git_reference, Freed<git_reference_free>>;
using ReferenceIteratorPtr = std::unique_ptr<git_reference_iterator, Freed<git_reference_iterator_free>>;
using TransactionPtr = std::unique_ptr<git_transaction, Freed<git_transaction_free>>;
using ObjectPtr = std::unique_ptr<git_object, Freed<git_object_free>>;
using CommitPtr = std::unique_ptr<git_commit, Freed<git_commit_free>>;
using TreePtr = std::unique_ptr<git_tree, Freed<git_tree_free>>;
using IndexPtr = std::unique_ptr<git_index, Freed<git_index_free>>;
using OdbPtr = std::unique_ptr<git_odb, Freed<git_odb_free>>;
using OdbObjectPtr = std::unique_ptr<git_odb_object, Freed<git_odb_object_free>>;
using ConfigPtr = std::unique_ptr<git_config, Freed<git_config_free>>;
using RemotePtr = std::unique_ptr<git_remote, Freed<git_remote_free>>;
using RevwalkPtr = std::unique_ptr<git_revwalk, Freed<git_revwalk_free>>;
using PackBuilderPtr = std::unique_ptr<git_packbuilder, Freed<git_packbuilder_free>>;

/// Hands a unique_ptr to a C function that fills in a pointer: `check(git_tree_lookup(out(tree), ...), ...)`.
template <class Pointer>
class Out {
  public:
    explicit Out(Pointer& target) : target_(target) {}
    Out(const Out&) = delete;
    Out& operator=(const Out&) = delete;
    ~Out() { target_.reset(raw_); }
    operator typename Pointer::pointer *() { return &raw_; }

  private:
    Pointer& target_;
    typename Pointer::pointer raw_ = nullptr;
};

template <class Pointer>
Out<Pointer> out(Pointer& target) {
    return Out<Pointer>(target);
}

/// A git_buf that frees itself.
class Buffer {
  public:
    Buffer() = default;
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    ~Buffer() { git_buf_dispose(&buffer_); }
    git_buf* operator&() { return &buffer_; }
    std::string text() const { return {buffer_.ptr ? buffer_.ptr : "", buffer_.size}; }

  private:
    git_buf buffer_ = GIT_BUF_INIT;
};

git_oid to_oid(const base::ObjectId& id);
base::ObjectId from_oid(const git_oid& oid);

/// Throws Error(cannot_open) where this process has no file descriptor left: libgit2 then says of an object
/// whose pack it cannot open that there is none. To be asked before a "no" of its is believed.
void require_descriptor();

/// Throws what libgit2 said last as one redacted line: "`what`: words". The code follows from libgit2's own
/// where that is telling (a held lock, damaged data, a failed system call), else it is `otherwise`. But first
/// require_descriptor().
[[noreturn]] void fail(int code, const std::string& what, const std::string& path = {},
                       ErrorCode otherwise = ErrorCode::repository);

/// fail() when `code` is negative.
inline void check(int code, const char* what, ErrorCode otherwise = ErrorCode::repository) {
    if (code < 0) fail(code, what, {}, otherwise);
}

/// Path of a place inside the repository, with linked work trees seen to.
std::string item_path(git_repository* repository, git_repository_item_t item);

OdbPtr open_odb(git_repository* repository);

}  // namespace fluentsync::git
