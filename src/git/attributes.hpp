/// What git's attributes and configuration ask for where the bytes of a file and those of its blob meet.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "git/line_ends.hpp"
#include "git/repository.hpp"

namespace fluentsync::git {

enum class MergeRule {
    text,       ///< Three-way, also for a driver without a program, or our own ("fluentsync").
    both,       ///< `merge=union`: lines of both sides.
    ours,       ///< A driver whose program is `true`, the usual way to say that this side's version stays.
    undecided,  ///< `-merge`, `merge=binary`, or a program that only git runs: a conflict.
};

struct PathRules {
    /// What only git itself can do to it, or refuses to do, as the attribute says it: "filter=crypt". Empty:
    /// nothing of the kind.
    std::string foreign;
    bool ident = false;  ///< Git puts the blob's id where the file says `$Id$`.
    LineEnds line_ends = LineEnds::keep;
    bool exact = false;  ///< core.safecrlf: git refuses line ends that would not come back as they are.
    MergeRule merge = MergeRule::text;

    bool converts() const { return !foreign.empty() || ident || line_ends != LineEnds::keep; }
};

/// The .gitattributes of one folder.
struct AttributeText {
    std::optional<std::string> text;  ///< Nothing: there is none.
    std::string trouble;              ///< Why it cannot be read: nobody knows what it asks for.
};

class AttributeJudge;

/// Looks at the files of git's own (info/attributes, core.attributesFile, the system's) once, and at each
/// folder's .gitattributes through `source`, once. Libgit2 judges, in memory; where no rule is on the way to
/// a path and core.autocrlf is off, it is not asked. For one piece of work. A driver of a filter that the
/// configuration does not know converts nothing, as with git.
class Attributes {
  public:
    using Source = std::function<AttributeText(const std::string& folder)>;  ///< "" is the root.

    Attributes(const Repository& repository, Source source);
    Attributes(Attributes&&) noexcept;
    ~Attributes();

    const PathRules& of(const std::string& path);

  private:
    struct Folder {
        bool rules = false;   ///< Here, or in a folder above.
        std::string trouble;  ///< The same.
    };

    const Folder& look_at(const std::string& folder);
    PathRules ask(const std::string& path);

    Source source_;
    std::unique_ptr<AttributeJudge> judge_;
    std::map<std::string, Folder> folders_;
    std::pair<std::string, PathRules> last_;  ///< By path.
};

}  // namespace fluentsync::git
