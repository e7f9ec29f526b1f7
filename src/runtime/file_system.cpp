// What a body of the port need not do faster.
#include "runtime/file_system.hpp"

#include "base/clock.hpp"

namespace fluentsync::runtime {

std::vector<FileStat> Folder::stat_all(const std::string& folder,
                                       const std::vector<std::string>& names) const {
    std::vector<FileStat> stats;
    stats.reserve(names.size());
    for (const std::string& name : names) {
        std::string path = folder;
        if (!path.empty()) path += '/';
        stats.push_back(stat(path += name));
    }
    return stats;
}

RenameOutcome Folder::place_new(const std::string& from, const std::string& to, FileStat& placed) {
    const RenameOutcome outcome = rename_new(from, to);
    if (outcome == RenameOutcome::done) {
        const std::int64_t renamed_ns = base::system_clock().wall_ns();
        placed = unless_changed_since(renamed_ns, stat(to));
    }
    return outcome;
}

bool Folder::make_link(const std::string& path, const std::string&) {
    throw Error(ErrorCode::io, "cannot make '" + path + "': there are no symbolic links here", path);
}

FileStat unless_changed_since(std::int64_t time_ns, const FileStat& stat) {
    return stat.ctime_ns > time_ns ? FileStat{} : stat;
}

}  // namespace fluentsync::runtime
