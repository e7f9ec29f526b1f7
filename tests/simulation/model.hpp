/// What may be observed, said without a line of the engine: texts, who replaced them, and what must still be
/// found.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace simulation {

/// A promise is broken.
struct Violation : std::runtime_error {
    using std::runtime_error::runtime_error;
};

using Text = std::optional<std::string>;  ///< Nothing: no such file or entity.

/// Every edit puts a word of its own into a text ("T17E"), so that each can be looked for later.
std::set<std::string> words_of(const std::string& text);

/// One replica as anybody can see it.
struct Sight {
    std::map<std::string, std::string> entities;  ///< By the path that their file has.
    std::map<std::string, std::string> files;     ///< Without those of .fluentsync and .git.
    std::map<std::string, std::string> head;      ///< The files of HEAD's tree.
    std::string commit;                           ///< HEAD; empty: none yet.
};

class Model {
  public:
    /// All of one length, so that an edit can keep a file's size.
    std::string fresh_word();

    /// Somebody who saw `before` at `path` put `after` there, and was told that it is done.
    void replaced(const std::string& path, const Text& before, const Text& after);
    /// As replaced(), by a file from elsewhere. One that was away for a while and comes back as it was is no
    /// edit of its place: what was done there to the same text meanwhile, in the store or on another replica,
    /// holds. False: such a one. A word that was given up there is owed no more for coming back.
    bool moved_to(const std::string& path, const Text& there, const std::string& text);
    /// A text that was contested at `path` moves away from there. Coming back it is no edit of its place
    /// either: the contest may have been decided before it went.
    void moved_away_contested(const std::string& path, const std::string& text) { away_[path].insert(text); }
    /// The last of moved_to() alone, for a file that came along with its folder.
    void came_back(const std::string& path, const std::string& text);
    /// Somebody removed what is at `path`, or moved it away.
    void taken_away(const std::string& path) { taken_away_.insert(path); }
    /// Texts that somebody wrote as they are.
    bool wrote(const std::string& text) const { return texts_.count(text) > 0; }

    /// The engine put `text` in the place of a file that people see.
    void engine_placed(const std::string& path, const std::string& text) const;

    /// Words that must still be found.
    const std::set<std::string>& owed() const { return owed_; }
    /// Throws unless every word that is owed is in `found`.
    void check_nothing_lost(const std::set<std::string>& found) const;

    /// Store, files and HEAD hold the same; `with_git`: HEAD too.
    static void check_in_step(const std::string& who, const Sight& sight, bool with_git);
    static void check_same(const std::string& what, const std::map<std::string, std::string>& here,
                           const std::map<std::string, std::string>& there);

    /// An edit of `path` that nobody contested: it must be there, word for word, when all is quiet. Any other
    /// edit of the path takes that back (contested()).
    void expect(const std::string& path, const Text& text) {
        edit_begins(path);
        expected_[path] = text;
    }
    void contested(const std::string& path) {
        edit_begins(path);
        expected_.erase(path);
    }
    /// For an edit that may be cut short before it comes to one of these.
    void edit_begins(const std::string& path) { ++edits_[path]; }
    /// Grows with each edit of `path`.
    int edits(const std::string& path) const {
        const auto found = edits_.find(path);
        return found == edits_.end() ? 0 : found->second;
    }
    void check_expected(const std::map<std::string, std::string>& files) const;
    /// Whatever went wrong, a file or an entity that nobody ever took away is there, whoever wrote it last.
    void check_none_removed(const std::map<std::string, std::string>& files) const;

  private:
    std::int64_t words_ = 0;
    std::set<std::string> owed_;
    std::set<std::string> texts_;
    std::map<std::string, std::set<std::string>> given_up_;        ///< Texts that were replaced, by path.
    std::map<std::string, std::set<std::string>> given_up_words_;  ///< Words that an edit took out, by path.
    std::map<std::string, std::set<std::string>> away_;  ///< Texts that moved away contested, by path.
    std::map<std::string, Text> expected_;
    std::map<std::string, int> edits_;
    std::set<std::string> written_;     ///< Paths at which somebody put a text.
    std::set<std::string> taken_away_;  ///< Paths from which somebody took one.
};

/// Whether a text is whole: it has its first and its last line, and no conflict markers.
bool is_whole(const std::string& text);

}  // namespace simulation
