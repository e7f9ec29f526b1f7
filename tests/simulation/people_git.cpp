// What a person tells git: to leave a file alone, or to convert some. Then nothing of them goes to git, and
// nothing comes from there.
#include <array>
#include <filesystem>
#include <fstream>
#include <utility>

#include "people.hpp"
#include "witness.hpp"
#include "world.hpp"

namespace simulation {

namespace {

struct Rule {
    const char* line;
    bool (*matches)(const std::string& path);
};

constexpr std::array kRules{
    Rule{"*.md working-tree-encoding=UTF-16\n",
         [](const std::string& path) { return path.ends_with(".md"); }},
    Rule{"/note/** working-tree-encoding=UTF-16\n",
         [](const std::string& path) { return path.starts_with("note/"); }},
    Rule{"a.md working-tree-encoding=UTF-16\n",
         [](const std::string& path) { return name_of(path) == "a.md"; }},
};

constexpr std::int64_t kStaleLockMs = 61'000;

std::filesystem::path rules_of(const Replica& replica) {
    return std::filesystem::path(replica.machine.folder) / ".git/info/attributes";
}

}  // namespace

bool Replica::is_kept_from_git(const std::string& path) const {
    return marked.count(path) > 0 || (rule && kRules.at(*rule).matches(path));
}

void Replica::wrote(const std::string& path, const Text& before, const std::string& after) {
    if (!is_kept_from_git(path)) return;
    const auto old = before ? words_of(*before) : std::set<std::string>();
    for (const std::string& word : words_of(after)) {
        if (old.count(word) == 0) kept_from_git[path].insert(word);
    }
}

void World::mark_file(Replica& replica, const Step& step) {
    if (!setup_.git) return;
    const std::string path = place_of(replica, step.a).path;
    const bool marked = replica.marked.count(path) > 0;
    check_kept_from_git(replica);
    // When HEAD has let go of it, its mark is about to go: nothing to be unmarked.
    if (marked && head_files(replica.machine.folder).files.count(path) == 0) return;
    if (!mark_in_index(replica.machine.folder, path, !marked)) return;
    if (marked) {
        replica.marked.erase(path);
        replica.kept_from_git.erase(path);
    } else {
        replica.marked.insert(path);
    }
}

/// For this clone alone, as .git/info/attributes is.
void World::rule_files(Replica& replica, const Step& step) {
    if (!setup_.git || !std::filesystem::exists(rules_of(replica).parent_path())) return;
    check_kept_from_git(replica);
    replica.kept_from_git.clear();
    if (replica.rule) {
        std::filesystem::remove(rules_of(replica));
        replica.rule.reset();
        return;
    }
    replica.rule = step.a % kRules.size();
    std::ofstream(rules_of(replica)) << kRules.at(*replica.rule).line;
}

std::map<std::string, std::string> World::take_back_words_to_git(Replica& replica) {
    check_kept_from_git(replica);
    replica.kept_from_git.clear();
    std::map<std::string, std::string> outlived;
    if (replica.marked.empty() && !replica.rule) return outlived;
    const HeadFiles head = head_files(replica.machine.folder);
    for (const std::string& path : std::exchange(replica.marked, {})) {
        // HEAD has let go of it, its mark goes with its entry: it is the person's own until they take it
        // away.
        const Text text = replica.file(path);
        const bool let_go = head.files.count(path) == 0 || !is_marked_in_index(replica.machine.folder, path);
        if (text && let_go && replica.machine.disk.remove_file(path)) {
            outlived[path] = *text;
            continue;
        }
        // A dead process may have left its lock; it is known for one soon.
        for (int wait = 0; !mark_in_index(replica.machine.folder, path, false) && wait < 3; ++wait) {
            if (is_marked_in_index(replica.machine.folder, path)) scheduler_.pass(kStaleLockMs);
        }
    }
    if (std::exchange(replica.rule, std::nullopt)) std::filesystem::remove(rules_of(replica));
    return outlived;
}

void World::bring_back(Replica& replica, const std::map<std::string, std::string>& texts) {
    MemoryDisk& disk = replica.machine.disk;
    for (const auto& [path, text] : texts) {
        const Text there = replica.file(path);
        if (there || !disk.make_folders(parent_of(path)) || !disk.create(path, text, 0, false)) {
            model_.replaced(path, text, there);  // Somebody else's note is in its place.
        } else {
            model_.came_back(path, text);
        }
        model_.contested(path);
    }
}

/// What was written since git was told is in no commit.
void World::check_kept_from_git(Replica& replica) {
    if (replica.kept_from_git.empty()) return;
    const HeadFiles head = head_files(replica.machine.folder);
    for (const auto& [path, words] : replica.kept_from_git) {
        const auto found = head.files.find(path);
        const bool by_rule = replica.rule && kRules.at(*replica.rule).matches(path);
        // A mark goes with its entry, when the path leaves HEAD.
        if (found == head.files.end() || (!by_rule && !is_marked_in_index(replica.machine.folder, path)))
            continue;
        for (const std::string& word : words_of(found->second)) {
            if (words.count(word) > 0)
                throw Violation("confined: git was told to leave " + path + " alone, and " + word +
                                " is committed");
        }
    }
}

}  // namespace simulation
