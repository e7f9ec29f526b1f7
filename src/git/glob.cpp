#include "git/glob.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace fluentsync::git {

namespace {

constexpr bool is_lower(unsigned char c) {
    return c >= 'a' && c <= 'z';
}
constexpr bool is_upper(unsigned char c) {
    return c >= 'A' && c <= 'Z';
}
constexpr bool is_digit(unsigned char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_alpha(unsigned char c) {
    return is_lower(c) || is_upper(c);
}
constexpr bool is_space(unsigned char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}
constexpr bool is_print(unsigned char c) {
    return c >= ' ' && c < 0x7f;
}
constexpr unsigned char to_lower(unsigned char c) {
    return is_upper(c) ? static_cast<unsigned char>(c - 'A' + 'a') : c;
}
constexpr unsigned char to_upper(unsigned char c) {
    return is_lower(c) ? static_cast<unsigned char>(c - 'a' + 'A') : c;
}

using NamedClass = std::pair<std::string_view, bool (*)(unsigned char)>;

/// Of ASCII, whatever the locale, as in git.
constexpr std::array<NamedClass, 12> kClasses{{
    {"alnum", [](unsigned char c) { return is_alpha(c) || is_digit(c); }},
    {"alpha", is_alpha},
    {"blank", [](unsigned char c) { return c == ' ' || c == '\t'; }},
    {"cntrl", [](unsigned char c) { return c < ' ' || c == 0x7f; }},
    {"digit", is_digit},
    {"graph", [](unsigned char c) { return is_print(c) && c != ' '; }},
    {"lower", is_lower},
    {"print", is_print},
    {"punct", [](unsigned char c) { return is_print(c) && c != ' ' && !is_alpha(c) && !is_digit(c); }},
    {"space", is_space},
    {"upper", is_upper},
    {"xdigit", [](unsigned char c) { return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'f'); }},
}};

}  // namespace

class Glob::Parser {
    static constexpr int kNone = -1;

  public:
    Parser(std::string_view pattern, Case letters) : pattern_(pattern), fold_(letters == Case::ignored) {}

    std::vector<Token> run() {
        while (at_ < pattern_.size()) {
            const char c = pattern_[at_];
            if (c == '*') {
                star();
            } else if (c == '?') {
                ++at_;
                add(Kind::one, std::bitset<256>().set().reset('/'));
            } else if (c == '[') {
                bracket();
            } else {
                literal();
            }
        }
        return std::move(tokens_);
    }

  private:
    void add(Kind kind, const std::bitset<256>& bytes = {}) { tokens_.push_back({kind, bytes}); }

    char peek(std::size_t ahead = 0) const {
        return at_ + ahead < pattern_.size() ? pattern_[at_ + ahead] : '\0';
    }

    void star() {
        const std::size_t first = at_;
        while (peek() == '*')
            ++at_;
        const bool begins = first == 0 || pattern_[first - 1] == '/';
        const bool at_end = at_ == pattern_.size();
        const bool ends = at_end || peek() == '/' || (peek() == '\\' && peek(1) == '/');
        if (at_ - first == 1 || !begins || !ends) return add(Kind::segment_part);
        if (peek() == '/') add(Kind::folders_or_none);
        add(Kind::anything);
    }

    /// A letter behind '\\' is not folded, in git neither.
    void literal() {
        const bool is_escaped = pattern_[at_] == '\\';
        if (is_escaped) ++at_;
        if (at_ == pattern_.size()) return add(Kind::never);
        const auto c = static_cast<unsigned char>(pattern_[at_++]);
        add(Kind::one, std::bitset<256>().set(fold_ && !is_escaped ? to_lower(c) : c));
    }

    /// Its end is sought as git does: "[]a]" holds ']'.
    void bracket() {
        ++at_;
        const bool negated = peek() == '!' || peek() == '^';
        if (negated) ++at_;
        std::bitset<256> bytes;
        int before = kNone;
        do {
            if (!member(bytes, before)) {
                at_ = pattern_.size();
                return add(Kind::never);
            }
        } while (peek() != ']');
        ++at_;
        if (negated) bytes.flip();
        add(Kind::one, bytes.reset('/'));
    }

    /// False: malformed. `before`: what a range may begin with.
    bool member(std::bitset<256>& bytes, int& before) {
        if (at_ >= pattern_.size()) return false;
        if (peek() == '-' && before != kNone && peek(1) != '\0' && peek(1) != ']') {
            ++at_;
            const int last = escaped();
            if (last == kNone) return false;
            range(bytes, before, last);
            before = kNone;
            return true;
        }
        if (peek() == '[' && peek(1) == ':') {
            const std::size_t end = pattern_.find(']', at_ + 2);
            if (end == std::string_view::npos) return false;
            if (end > at_ + 2 && pattern_[end - 1] == ':') {
                before = kNone;
                return named(bytes, pattern_.substr(at_ + 2, end - at_ - 3), end);
            }
        }
        before = escaped();
        if (before != kNone) bytes.set(static_cast<std::size_t>(before));
        return before != kNone;
    }

    /// The next byte, or kNone.
    int escaped() {
        if (peek() == '\\') ++at_;
        if (at_ >= pattern_.size()) return kNone;
        return static_cast<unsigned char>(pattern_[at_++]);
    }

    void range(std::bitset<256>& bytes, int first, int last) const {
        for (unsigned c = 0; c < 256; ++c) {
            const auto byte = static_cast<unsigned char>(c);
            const unsigned char other = fold_ ? to_upper(byte) : byte;
            if ((byte >= first && byte <= last) || (other >= first && other <= last)) bytes.set(c);
        }
    }

    bool named(std::bitset<256>& bytes, std::string_view name, std::size_t end) {
        for (const auto& [known, holds] : kClasses) {
            if (known != name) continue;
            for (unsigned c = 0; c < 256; ++c) {
                const auto byte = static_cast<unsigned char>(c);
                const bool as_upper = fold_ && name == "upper" && is_lower(byte);
                if (holds(byte) || as_upper) bytes.set(c);
            }
            at_ = end + 1;
            return true;
        }
        return false;
    }

    std::string_view pattern_;
    bool fold_;
    std::size_t at_ = 0;
    std::vector<Token> tokens_;
};

Glob::Glob(std::string_view pattern, Case letters)
    : tokens_(Parser(pattern, letters).run()), letters_(letters) {}

// The set of places in the pattern where the text read so far may stand, byte by byte.
bool Glob::matches(std::string_view text) const {
    const std::size_t end = tokens_.size();
    std::vector<char> places(end + 1);
    std::vector<char> next(end + 1);
    const auto enter_empty = [&](std::vector<char>& set) {
        for (std::size_t i = 0; i < end; ++i) {
            if (set[i] == 0) continue;
            const Kind kind = tokens_[i].kind;
            if (kind != Kind::one && kind != Kind::never) set[i + 1] = 1;
            if (kind == Kind::folders_or_none) set[i + 3] = 1;  // Behind `anything` and '/'.
        }
    };
    places[0] = 1;
    enter_empty(places);
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const unsigned char folded = letters_ == Case::ignored ? to_lower(byte) : byte;
        std::fill(next.begin(), next.end(), char{0});
        bool any = false;
        for (std::size_t i = 0; i < end; ++i) {
            if (places[i] == 0) continue;
            const Token& token = tokens_[i];
            if (token.kind == Kind::one && token.bytes[folded]) next[i + 1] = 1;
            if (token.kind == Kind::anything) next[i] = 1;
            if (token.kind == Kind::segment_part && byte != '/') next[i] = 1;
            any = any || next[i] != 0 || next[i + 1] != 0;
        }
        if (!any) return false;
        enter_empty(next);
        places.swap(next);
    }
    return places[end] != 0;
}

}  // namespace fluentsync::git
