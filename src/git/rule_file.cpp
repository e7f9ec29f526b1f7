#include "git/rule_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sstream>

#include "base/tuning.hpp"
#include "git/library.hpp"
#include "runtime/posix_path.hpp"
#include "runtime/uninterrupted.hpp"

namespace fluentsync::git {

bool read_rule_file(const std::string& path, std::string& text) {
    const runtime::UniqueFd file(
        runtime::uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC); }));
    struct stat stat {};
    if (!file || ::fstat(file.get(), &stat) != 0 || S_ISDIR(stat.st_mode)) return true;
    const auto limit = static_cast<off_t>(base::tuning::kMostRuleBytes);
    if (!S_ISREG(stat.st_mode) || stat.st_size > limit) return false;
    text.resize(static_cast<std::size_t>(stat.st_size));
    std::size_t done = 0;
    while (done < text.size()) {
        const ssize_t more = runtime::uninterrupted(
            [&] { return ::read(file.get(), text.data() + done, text.size() - done); });
        if (more < 0) return false;
        if (more == 0) break;
        done += static_cast<std::size_t>(more);
    }
    text.resize(done);
    return true;
}

std::vector<std::string> folders_of(git_config_level_t level) {
    Buffer folders;
    check(git_libgit2_opts(GIT_OPT_GET_SEARCH_PATH, level, &folders), "git's own files cannot be looked for");
    std::vector<std::string> list;
    std::istringstream parts(folders.text());
    for (std::string folder; std::getline(parts, folder, GIT_PATH_LIST_SEPARATOR);) {
        if (!folder.empty()) list.push_back(folder);
    }
    return list;
}

}  // namespace fluentsync::git
