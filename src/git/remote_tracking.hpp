/// refs/remotes/<remote>/<branch>: where a remote was last seen.
#pragma once

#include <string>

#include "git/repository.hpp"

namespace fluentsync::git {

class TrackingRef {
  public:
    TrackingRef(Repository& repository, const std::string& remote_name, const std::string& branch);
    const std::string& name() const { return name_; }
    /// Whether it is at `commit` and the commit is there.
    bool at(const base::ObjectId& commit) const;
    /// Throws Error(repository) when `commit` is no commit or the reference cannot be written.
    void move(const base::ObjectId& commit, const char* log_message) const;
    /// The remote has no such branch (any more). Nothing to do when there is no such reference.
    void remove() const;

  private:
    Repository& repository_;
    std::string name_;
};

}  // namespace fluentsync::git
