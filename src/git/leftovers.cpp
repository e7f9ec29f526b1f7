#include "git/leftovers.hpp"

#include <chrono>
#include <filesystem>

#include "git/library.hpp"
#include "git/part_file.hpp"
#include "git/quarantine.hpp"
#include "git/stale_lock.hpp"

namespace fluentsync::git {

namespace {

namespace fs = std::filesystem;

/// Somebody else's program may be at work as well; it writes to what it has made.
constexpr std::chrono::hours kAbandoned{1};

/// As libgit2 names its temporary files: tmp_object_git2_XXXXXX, pack_git2_XXXXXX, pack_git2_XXXXXXidx.lock,
/// and in the work tree _git2_XXXXXX.
constexpr std::string_view kMark = "_git2_";
/// Where a trial link leads.
constexpr const char* kTrialTarget = "testing";

bool abandoned(const fs::directory_entry& file) {
    const std::string name = file.path().filename().string();
    if (name.find(kMark) == std::string::npos && name.rfind(kPartPrefix, 0) != 0) return false;
    std::error_code error;
    if (!file.is_regular_file(error) || file.is_symlink(error)) return false;
    const auto time = fs::last_write_time(file.path(), error);
    return !error && time + kAbandoned < fs::file_time_type::clock::now();
}

bool is_trial(const fs::directory_entry& entry) {
    const std::string name = entry.path().filename().string();
    constexpr std::size_t kDigits = 16;
    if (name.rfind(kMark, 0) != 0 || name.size() != kMark.size() + kDigits ||
        name.find_first_not_of("0123456789abcdef", kMark.size()) != std::string::npos)
        return false;
    std::error_code error;
    if (entry.is_symlink(error)) return fs::read_symlink(entry.path(), error) == kTrialTarget;
    return entry.is_regular_file(error) && entry.file_size(error) == 0 && !error;
}

/// What cannot be listed or removed is the next start's.
void remove_from(const fs::path& folder, bool (*unwanted)(const fs::directory_entry&)) {
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        std::error_code ignored;
        if (unwanted(*entry)) fs::remove(entry->path(), ignored);
    }
}

}  // namespace

void remove_leftovers(git_repository* repository) {
    const fs::path objects = item_path(repository, GIT_REPOSITORY_ITEM_OBJECTS);
    remove_dead_quarantines(repository);
    remove_from(objects, abandoned);
    remove_from(objects / "pack", abandoned);
    remove_finished_locks(repository);
}

void remove_trials(const std::string& folder) {
    remove_from(folder, is_trial);
}

}  // namespace fluentsync::git
