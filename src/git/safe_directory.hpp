/// Whose a repository is, and whether git's configuration trusts it all the same. For bodies of this floor
/// only.
#pragma once

#include <mutex>
#include <optional>
#include <string>

namespace fluentsync::git {

/// The user, other than us, whom the folder or the .git in it belongs to: libgit2 and git refuse it then.
/// Root counts who has called it by sudo as itself, as git does.
std::optional<unsigned> other_owner(const std::string& folder);

/// Whether safe.directory names it, as git reads that: from the system's and the person's configuration
/// alone, by its path, by "*", or by a folder above with "/*"; an empty value forgets those before it.
/// (libgit2 1.5 knows whole paths only.)
bool is_safe_directory(const std::string& folder);

/// While one of these lives, libgit2 compares no owners, in the whole process: its own way to a remote that
/// is a folder knows no safe.directory but a whole path. For a repository that is_safe_directory() names.
class TrustedOwner {
  public:
    TrustedOwner();
    TrustedOwner(const TrustedOwner&) = delete;
    TrustedOwner& operator=(const TrustedOwner&) = delete;
    ~TrustedOwner();

  private:
    std::unique_lock<std::mutex> alone_;
    int before_ = 1;
};

/// What is wrong, and what to do.
std::string words_of_owner(const std::string& folder, unsigned owner);

}  // namespace fluentsync::git
