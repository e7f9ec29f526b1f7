#include "git/leftovers.hpp"

#include <chrono>
#include <filesystem>

#include "git/library.hpp"

namespace fluentsync::git {

namespace {

namespace fs = std::filesystem;

/// Somebody else's program may be at work with libgit2 as well; it writes to what it has made.
constexpr std::chrono::hours kAbandoned{1};

/// As libgit2 names its temporary files: tmp_object_git2_XXXXXX, pack_git2_XXXXXX and
/// pack_git2_XXXXXXidx.lock.
constexpr std::string_view kMark = "_git2_";

bool abandoned(const fs::directory_entry& file) {
    if (file.path().filename().string().find(kMark) == std::string::npos) return false;
    std::error_code error;
    if (!file.is_regular_file(error) || file.is_symlink(error)) return false;
    const auto time = fs::last_write_time(file.path(), error);
    return !error && time + kAbandoned < fs::file_time_type::clock::now();
}

}  // namespace

void remove_leftovers(git_repository* repository) {
    const fs::path objects = item_path(repository, GIT_REPOSITORY_ITEM_OBJECTS);
    for (const fs::path& folder : {objects, objects / "pack"}) {
        std::error_code error;  // What cannot be listed or removed is the next start's.
        for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
             entry.increment(error)) {
            if (abandoned(*entry)) fs::remove(entry->path(), error);
        }
    }
}

}  // namespace fluentsync::git
