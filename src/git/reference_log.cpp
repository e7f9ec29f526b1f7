#include "git/reference_log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "git/damage.hpp"
#include "git/dot_git_file.hpp"
#include "git/library.hpp"

namespace fluentsync::git {

namespace {

constexpr std::size_t kLogIdDigits = 40;

std::string log_of(const std::string& git_folder, const std::string& name) {
    return git_folder + "/logs/" + name;
}

void forget_in_log(const std::string& git_folder, const std::string& path,
                   const std::vector<base::ObjectId>& lost) {
    const auto content = read_dot_git_file(path);
    if (!content) return;
    std::istringstream lines(*content);
    std::string kept;
    for (std::string line; std::getline(lines, line);) {
        const bool names = std::any_of(lost.begin(), lost.end(), [&](const base::ObjectId& id) {
            return line.substr(0, 2 * kLogIdDigits + 1).find(id.hex()) != std::string::npos;
        });
        if (!names) kept += line + "\n";
    }
    if (kept == *content) return;
    keep_damaged(git_folder, path);
    replace_dot_git_file(git_folder, path, kept);
}

}  // namespace

std::vector<base::ObjectId> values_in_log(const std::string& git_folder, const std::string& name) {
    std::istringstream lines(read_dot_git_file(log_of(git_folder, name)).value_or(""));
    std::vector<base::ObjectId> values;
    for (std::string line; std::getline(lines, line);) {
        if (line.size() <= 2 * kLogIdDigits + 1 || line[kLogIdDigits] != ' ') continue;
        const auto id = base::ObjectId::from_hex(line.substr(kLogIdDigits + 1, kLogIdDigits));
        if (id && *id != base::ObjectId()) values.push_back(*id);
    }
    std::reverse(values.begin(), values.end());
    return values;
}

void forget_in_logs(const std::string& git_folder, const std::string& name,
                    const std::vector<base::ObjectId>& lost) {
    forget_in_log(git_folder, log_of(git_folder, name), lost);
    forget_in_log(git_folder, log_of(git_folder, "HEAD"), lost);
}

std::optional<std::string> go_back_by_log(Repository& repository) {
    const Head head = repository.head();
    if (!head.commit || head.detached) return std::nullopt;
    const std::string git_folder = repository.folder() + "/.git";
    const std::string name = std::string(kHeads) + head.branch;
    std::vector<base::ObjectId> left{*head.commit};
    auto known = values_in_log(git_folder, name);
    if (const auto remote = repository.names("refs/remotes/origin/" + head.branch)) known.push_back(*remote);
    const std::string file = git_folder + "/" + name;
    for (const base::ObjectId& id : known) {
        if (std::find(left.begin(), left.end(), id) != left.end()) continue;
        if (!lost_objects(repository, {id}, false).empty()) {
            left.push_back(id);
            continue;
        }
        forget_in_logs(git_folder, name, left);
        keep_damaged(git_folder, file);
        replace_dot_git_file(git_folder, file, id.hex() + "\n");
        return fmt::format(
            "branch {} is back at {:.10}: commit {} is damaged and nowhere else; what the folder has since "
            "is "
            "committed anew",
            head.branch, id.hex(), head.commit->hex());
    }
    return std::nullopt;
}

}  // namespace fluentsync::git
