#include "sync/given_up.hpp"

#include <fmt/format.h>

#include <sstream>

#include "store/records.hpp"
#include "sync/behind.hpp"

namespace fluentsync::sync {

namespace {

/// The branch in the first line; then a line for each file: "<in HEAD: 0 or 1> <tip> <mode> <id> <path>".
constexpr const char* kGivenUp = "given_up";

struct Line {
    bool in_head = false;
    base::ObjectId tip;
    git::TreeFile file;
};

struct List {
    std::string branch;
    std::map<std::string, Line> lines;  ///< By path.
};

List parse_list(const std::string& text) {
    List list;
    std::istringstream in(text);
    std::getline(in, list.branch);
    Line line;
    std::string tip;
    std::string id;
    std::string path;
    while (in >> line.in_head >> tip >> line.file.mode >> id && in.get() == ' ' && std::getline(in, path)) {
        const auto tip_id = base::ObjectId::from_hex(tip);
        const auto file_id = base::ObjectId::from_hex(id);
        if (tip_id && file_id) {
            line.tip = *tip_id;
            line.file.id = *file_id;
            list.lines[path] = line;
        }
    }
    return list;
}

std::optional<List> read_list(store::Connection& connection) {
    const auto text = store::get_value(connection, kGivenUp);
    return text ? std::optional(parse_list(*text)) : std::nullopt;
}

void write_list(store::Connection& connection, const List& list) {
    std::string text = list.branch + "\n";
    for (const auto& [path, line] : list.lines) {
        text += fmt::format("{:d} {} {} {} {}\n", line.in_head, line.tip.hex(), line.file.mode,
                            line.file.id.hex(), path);
    }
    store::set_value(connection, kGivenUp, text);
}

}  // namespace

std::string PullNote::text() const {
    return fmt::format("{} {} {} {}", target.hex(), from, tip.hex(), branch);
}

std::optional<PullNote> PullNote::parse(const std::string& text) {
    std::istringstream in(text);
    std::string target;
    std::string tip;
    PullNote note;
    in >> target >> note.from >> tip >> note.branch;
    const auto target_id = base::ObjectId::from_hex(target);
    if (!target_id) {
        return std::nullopt;
    }
    note.target = *target_id;
    note.tip = base::ObjectId::from_hex(tip).value_or(*target_id);
    return note;
}

Brought brought_by(GitContext& git, const PullNote& pull) {
    Brought brought;
    const auto from = base::ObjectId::from_hex(pull.from);
    if (!git.repository.has_object(pull.target) || !git.repository.has_object(pull.tip) ||
        (from && !git.repository.has_object(*from))) {
        return brought;
    }
    const base::ObjectId tip_tree = *tree_of(git, pull.tip);
    const auto deltas = git::diff_trees(git.repository, tree_of(git, from), tree_of(git, pull.target));
    git.sync.store.read([&](store::Connection& connection) {
        const BehindFiles behind = behind_files(connection);
        for (const git::TreeDelta& delta : deltas) {
            if (behind.count(delta.path) > 0) {
                continue;
            }
            const auto row = delta.after ? store::find_row(connection, delta.path) : std::nullopt;
            const auto theirs = git::find_in_tree(git.repository, tip_tree, delta.path);
            if (row && theirs && (row->base == delta.after->id || row->committed == delta.after->id)) {
                (row->base == delta.after->id ? brought.as_is : brought.changed)[delta.path] = *theirs;
            }
        }
    });
    return brought;
}

void note_given_up(store::Connection& connection, const PullNote& pull, const Brought& brought) {
    auto list = read_list(connection);
    if (!list || list->branch != pull.branch) {
        list = List{pull.branch, {}};
    }
    for (const auto& [path, file] : brought.as_is) {
        list->lines[path] = {false, pull.tip, file};
    }
    for (const auto& [path, file] : brought.changed) {
        list->lines[path] = {true, pull.tip, file};
    }
    write_list(connection, *list);
}

void take_up_given_up(store::Connection& connection, const std::vector<store::LedgerRow>& committed) {
    auto list = read_list(connection);
    if (!list) {
        return;
    }
    for (const store::LedgerRow& row : committed) {
        const auto found = list->lines.find(row.path);
        if (found != list->lines.end()) {
            found->second.in_head = true;
        }
    }
    write_list(connection, *list);
}

void forget_given_up(store::Connection& connection) {
    store::set_value(connection, kGivenUp, std::nullopt);
}

GivenUp given_up_files(GitContext& git) {
    GivenUp result;
    std::optional<List> list;
    git.sync.store.read([&](store::Connection& connection) { list = read_list(connection); });
    const git::Head head = git.repository.head();
    if (!list || list->branch != head.branch) {
        return result;
    }
    std::map<base::ObjectId, bool> contained;
    for (const auto& [path, line] : list->lines) {
        const auto [known, is_new] = contained.try_emplace(line.tip, true);
        if (is_new) {
            known->second = !git.repository.has_object(line.tip) ||
                            (head.commit && git.repository.is_ancestor(line.tip, *head.commit));
        }
        if (!known->second) {
            (line.in_head ? result.in_head : result.in_folder_only)[path] = line.file;
        }
    }
    return result;
}

}  // namespace fluentsync::sync
