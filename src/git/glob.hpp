/// Git's patterns of names (wildmatch.c), matched in polynomial time: strangers write them.
#pragma once

#include <bitset>
#include <cstdint>
#include <string_view>
#include <vector>

namespace fluentsync::git {

/// `*`, `?`, `[...]` and `\` as in git 2.39, with WM_PATHNAME: none of them meets a '/', but `**` does where
/// it is a whole segment, and `**/` meets nothing, too. A pattern that git finds malformed matches nothing.
class Glob {
  public:
    enum class Case { counts, ignored };  ///< Of ASCII letters.

    explicit Glob(std::string_view pattern, Case letters = Case::counts);
    /// Cost: length of the pattern times length of the text, at most.
    bool matches(std::string_view text) const;

  private:
    enum class Kind : std::uint8_t {
        one,              ///< One byte of `bytes`.
        segment_part,     ///< `*`: any number of bytes, no '/'.
        anything,         ///< `**`: any number of bytes.
        folders_or_none,  ///< Before the `**` of `**/`, which may be not there at all, with its '/'.
        never,
    };
    struct Token {
        Kind kind = Kind::never;
        std::bitset<256> bytes;
    };
    class Parser;

    std::vector<Token> tokens_;
    Case letters_;
};

}  // namespace fluentsync::git
