/// Where a fetched pack waits until it is judged. For bodies of this floor only.
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <string>

#include "git/library.hpp"
#include "git/pack_stream.hpp"
#include "git/repository.hpp"
#include "runtime/posix_path.hpp"

namespace fluentsync::git {

/// While it lives, packs that libgit2 downloads into the repository land in a folder of their own among its
/// objects, seen by nobody; as git itself does it. What is not released goes with this object, or, when the
/// process dies, by the next remove_dead_quarantines(). For one thread and one download.
class Quarantine {
  public:
    /// `most_bytes`: of one object. Throws Error(io), Error(repository).
    Quarantine(Repository& repository, std::uint64_t most_bytes);
    Quarantine(const Quarantine&) = delete;
    Quarantine& operator=(const Quarantine&) = delete;
    ~Quarantine();
    /// To be asked when the download has failed: throws UnsoundPack where that is why.
    void rethrow_refusal() const;
    /// Judges what came (see judge_pack()), and moves it to where git looks for packs; `durable`: it is on
    /// the disk before it gets its names there, which are not. Throws as judge_pack() does; then nothing is
    /// kept.
    void release(const base::ObjectId& tip, bool durable, const std::function<bool()>& give_up);

  private:
    struct Backend;
    struct Writer;
    void make_folder();
    void lead_packs_here();
    std::string pack_path() const;

    Repository& repository_;
    std::string objects_;
    std::string folder_;
    runtime::UniqueFd claim_;  ///< A lock on the folder: its owner lives.
    PackStream stream_;
    bool complete_ = false;  ///< A pack came, to its end.
    std::exception_ptr refusal_;
    OdbPtr before_;
    OdbPtr leading_;
};

/// Removes those whose process is dead, with what it had begun to move. Whoever is at work keeps its own, and
/// git's are let be.
void remove_dead_quarantines(git_repository* repository);

}  // namespace fluentsync::git
