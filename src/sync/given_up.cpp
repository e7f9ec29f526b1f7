#include "sync/given_up.hpp"

#include <algorithm>
#include <sstream>
#include <vector>

#include "store/ledger.hpp"
#include "store/records.hpp"

namespace fluentsync::sync {

namespace {

/// A line for each pull, oldest first.
constexpr const char* kGivenUp = "given_up";
/// Older ones are forgotten: a deletion by the remote may then have to be repeated there.
constexpr std::size_t kMostPulls = 8;

std::vector<std::string> lines_of(store::Connection& connection) {
    std::vector<std::string> lines;
    std::istringstream text(store::get_value(connection, kGivenUp).value_or(""));
    for (std::string line; std::getline(text, line);) {
        lines.push_back(line);
    }
    return lines;
}

std::optional<base::ObjectId> tree_of(GitContext& git, const std::string& commit) {
    const auto id = base::ObjectId::from_hex(commit);
    return id && git.repository.has_object(*id) ? std::optional(git.repository.commit_info(*id).tree)
                                                : std::nullopt;
}

bool is_as(const store::LedgerRow& row, const git::TreeFile& file) {
    return row.base == file.id && row.executable == (file.mode == git::kModeExecutable);
}

}  // namespace

void note_given_up(store::Connection& connection, const std::string& pull) {
    std::vector<std::string> lines = lines_of(connection);
    lines.erase(std::remove(lines.begin(), lines.end(), pull), lines.end());
    lines.push_back(pull);
    std::string text;
    for (std::size_t i = lines.size() - std::min(lines.size(), kMostPulls); i < lines.size(); ++i) {
        text += lines[i] + "\n";
    }
    store::set_value(connection, kGivenUp, text);
}

void forget_given_up(store::Connection& connection) {
    store::set_value(connection, kGivenUp, std::nullopt);
}

RemoteFiles given_up_files(GitContext& git) {
    RemoteFiles files;
    git.sync.store.read([&](store::Connection& connection) {
        for (const std::string& line : lines_of(connection)) {
            const std::size_t space = line.find(' ');
            const std::string from = line.substr(space + 1);
            const auto target_tree = tree_of(git, line.substr(0, space));
            const auto from_tree = tree_of(git, from);
            if (!target_tree || (!from_tree && from != "-")) {
                continue;  // Rewritten away: an edit against what is here now, like any other.
            }
            for (const git::TreeDelta& delta : git::diff_trees(git.repository, from_tree, target_tree)) {
                const auto row = delta.after ? store::find_row(connection, delta.path) : std::nullopt;
                if (row && is_as(*row, *delta.after)) {
                    files[delta.path] = *delta.after;
                }
            }
        }
    });
    return files;
}

}  // namespace fluentsync::sync
