#include "model.hpp"

#include <algorithm>
#include <cctype>

namespace simulation {

namespace {

std::string shortened(const std::string& text) {
    std::string result;
    for (const char c : text.substr(0, 200)) {
        result += c == '\n' ? '|' : c;
    }
    return result;
}

std::string shown(const Text& text) {
    return text ? "'" + shortened(*text) + "'" : "nothing";
}

}  // namespace

std::set<std::string> words_of(const std::string& text) {
    std::set<std::string> words;
    for (std::size_t at = text.find('T'); at != std::string::npos; at = text.find('T', at + 1)) {
        std::size_t end = at + 1;
        while (end < text.size() && std::isdigit(static_cast<unsigned char>(text[end])) != 0) {
            ++end;
        }
        if (end > at + 1 && end < text.size() && text[end] == 'E')
            words.insert(text.substr(at, end + 1 - at));
    }
    return words;
}

bool is_whole(const std::string& text) {
    const bool begins = text.starts_with("one T") || text.starts_with("---\n");
    const bool has_middle =
        text.find("\ntwo T") != std::string::npos && text.find("\nthree T") != std::string::npos;
    return begins && (has_middle || text.starts_with("---\nbroken:")) && text.ends_with("\nend\n") &&
           text.find("<<<<<<<") == std::string::npos && text.find(">>>>>>>") == std::string::npos;
}

std::string Model::fresh_word() {
    const std::string number = std::to_string(++words_);
    return "T" + std::string(6 - std::min<std::size_t>(6, number.size()), '0') + number + "E";
}

void Model::replaced(const std::string& path, const Text& before, const Text& after) {
    if (before && before != after) given_up_[path].insert(*before);
    const auto kept = after ? words_of(*after) : std::set<std::string>();
    if (before) {
        for (const std::string& word : words_of(*before)) {
            if (kept.count(word) > 0) continue;
            owed_.erase(word);
            given_up_words_[path].insert(word);
        }
    }
    if (!after) {
        taken_away(path);
        return;
    }
    written_.insert(path);
    // Only what is new: an old word may have been given up elsewhere, and comes along with a stale copy.
    const auto old = before ? words_of(*before) : std::set<std::string>();
    for (const std::string& word : kept) {
        if (old.count(word) == 0) owed_.insert(word);
    }
    texts_.insert(*after);
}

bool Model::moved_to(const std::string& path, const Text& there, const std::string& text) {
    const auto given_up = given_up_.find(path);
    const bool back = given_up != given_up_.end() && given_up->second.count(text) > 0;
    replaced(path, there, text);
    came_back(path, text);
    const auto away = away_.find(path);
    if (!back) return away == away_.end() || away->second.count(text) == 0;
    for (const std::string& word : words_of(text)) {
        owed_.erase(word);
    }
    return false;
}

void Model::came_back(const std::string& path, const std::string& text) {
    const std::set<std::string>& stale = given_up_words_[path];
    for (const std::string& word : words_of(text)) {
        if (stale.count(word) > 0) owed_.erase(word);
    }
}

void Model::engine_placed(const std::string& path, const std::string& text) const {
    if (!wrote(text) && !is_whole(text)) {
        throw Violation("whole: " + path + " was given a text that nobody wrote: " + shown(text));
    }
}

void Model::check_nothing_lost(const std::set<std::string>& found) const {
    for (const std::string& word : owed_) {
        if (found.count(word) == 0) throw Violation("nothing lost: " + word + " is nowhere to be found");
    }
}

void Model::check_same(const std::string& what, const std::map<std::string, std::string>& here,
                       const std::map<std::string, std::string>& there) {
    for (const auto& [path, text] : here) {
        const auto other = there.find(path);
        if (other == there.end() || other->second != text) {
            throw Violation("converges: " + what + ": " + path + " is " + shown(text) + " and " +
                            shown(other == there.end() ? Text() : Text(other->second)));
        }
    }
    for (const auto& [path, text] : there) {
        if (here.count(path) == 0) {
            throw Violation("converges: " + what + ": " + path + " is nothing and " + shown(text));
        }
    }
}

void Model::check_in_step(const std::string& who, const Sight& sight, bool with_git) {
    std::map<std::string, std::string> notes;
    for (const auto& [path, text] : sight.files) {
        if (path.size() > 3 && path.compare(path.size() - 3, 3, ".md") == 0) notes.emplace(path, text);
    }
    check_same(who + ", store and files", sight.entities, notes);
    if (with_git) check_same(who + ", files and HEAD", sight.files, sight.head);
}

void Model::check_expected(const std::map<std::string, std::string>& files) const {
    for (const auto& [path, text] : expected_) {
        const auto found = files.find(path);
        const Text now = found == files.end() ? Text() : Text(found->second);
        if (now != text) {
            throw Violation("no surprise: " + path + " should be " + shown(text) + " and is " + shown(now));
        }
    }
}

void Model::check_none_removed(const std::map<std::string, std::string>& files) const {
    for (const std::string& path : written_) {
        if (taken_away_.count(path) == 0 && files.count(path) == 0) {
            throw Violation("guarded: nobody took " + path + " away, and it is gone");
        }
    }
}

}  // namespace simulation
