// Any pattern of an ignore file and any path: the matcher says what a plain reading of git's wildmatch.c
// says, which takes exponential time, so patterns and paths are short.
#include <algorithm>
#include <cctype>
#include <map>

#include "fuzz_input.hpp"
#include "git/glob.hpp"

using namespace fluentsync;

namespace {

constexpr std::size_t kLongest = 24;
constexpr std::ptrdiff_t kMostStars = 6;
constexpr std::size_t kMalformed = std::string_view::npos;

bool in_class(std::string_view name, int byte, bool& known) {
    using Is = int (*)(int);
    static const std::map<std::string_view, Is> classes{
        {"alnum", std::isalnum}, {"alpha", std::isalpha}, {"blank", std::isblank}, {"cntrl", std::iscntrl},
        {"digit", std::isdigit}, {"graph", std::isgraph}, {"lower", std::islower}, {"print", std::isprint},
        {"punct", std::ispunct}, {"space", std::isspace}, {"upper", std::isupper}, {"xdigit", std::isxdigit}};
    const auto found = classes.find(name);
    known = found != classes.end();
    return known && byte < 0x80 && found->second(byte) != 0;
}

/// Reads the set at the front of `pattern`, which begins behind its '['. Its length with the ']', or
/// kMalformed.
std::size_t read_set(std::string_view pattern, unsigned char text, bool& matched) {
    std::size_t at = 0;
    const auto byte = [&](std::size_t place) -> unsigned char {
        return place < pattern.size() ? static_cast<unsigned char>(pattern[place]) : 0;
    };
    const bool negated = byte(0) == '!' || byte(0) == '^';
    if (negated) ++at;
    bool found = false;
    unsigned char before = 0;
    do {
        unsigned char now = byte(at);
        if (now == '\\') {
            now = byte(++at);
            found |= now == text;
        } else if (now == '-' && before != 0 && byte(at + 1) != 0 && byte(at + 1) != ']') {
            now = byte(++at);
            if (now == '\\') now = byte(++at);
            if (now == 0) return kMalformed;
            found |= before <= text && text <= now;
            before = 0;
            ++at;
            continue;
        } else if (now == '[' && byte(at + 1) == ':') {
            const auto end = pattern.find(']', at + 2);
            if (end == std::string_view::npos) return kMalformed;
            if (end > at + 2 && pattern[end - 1] == ':') {
                bool known = false;
                found |= in_class(pattern.substr(at + 2, end - at - 3), text, known);
                if (!known) return kMalformed;
                before = 0;
                at = end + 1;
                continue;
            }
            found |= text == '[';
        } else {
            found |= now == text;
        }
        if (now == 0) return kMalformed;
        before = now;
        ++at;
    } while (byte(at) != ']');
    matched = found != negated && text != '/';
    return at + 1;
}

bool matches(std::string_view pattern, std::string_view text, bool after_slash);

bool star(std::string_view pattern, std::string_view text, bool after_slash) {
    const auto stars = std::min(pattern.find_first_not_of('*'), pattern.size());
    const auto rest = pattern.substr(stars);
    const bool whole = rest.empty() || rest[0] == '/' || rest.substr(0, 2) == "\\/";
    const bool crosses = stars > 1 && after_slash && whole;
    if (crosses && !rest.empty() && rest[0] == '/' && matches(rest.substr(1), text, true)) return true;
    for (std::size_t eaten = 0;; ++eaten) {
        if (matches(rest, text.substr(eaten), false)) return true;
        if (eaten == text.size() || (!crosses && text[eaten] == '/')) return false;
    }
}

/// `after_slash`: `pattern` begins behind a '/', or is the whole.
bool matches(std::string_view pattern, std::string_view text, bool after_slash) {
    if (pattern.empty()) return text.empty();
    if (pattern[0] == '*') return star(pattern, text, after_slash);
    if (text.empty()) return false;
    if (pattern[0] == '?') return text[0] != '/' && matches(pattern.substr(1), text.substr(1), false);
    if (pattern[0] == '[') {
        bool matched = false;
        const auto length = read_set(pattern.substr(1), static_cast<unsigned char>(text[0]), matched);
        return length != kMalformed && matched && matches(pattern.substr(1 + length), text.substr(1), false);
    }
    if (pattern[0] == '\\') pattern.remove_prefix(1);
    if (pattern.empty() || pattern[0] != text[0]) return false;
    return matches(pattern.substr(1), text.substr(1), pattern[0] == '/');
}

/// Few different bytes, so that patterns and paths meet; every fourth input is taken as it is.
std::string made_of(std::string text, std::string_view letters) {
    text.resize(std::min(text.size(), kLongest));
    if (!letters.empty())
        for (char& letter : text)
            letter = letters[static_cast<unsigned char>(letter) % letters.size()];
    std::erase(text, '\0');
    return text;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input input(data, size);
    const bool raw = input.below(4) == 0;
    const auto pattern = made_of(input.text(), raw ? "" : "ab/*?[]!^-\\:*/a");
    const auto text = made_of(input.rest(), raw ? "" : "ab/-]a");
    if (std::count(pattern.begin(), pattern.end(), '*') > kMostStars) return 0;
    const bool by_us = git::Glob(pattern).matches(text);
    fuzz::require(by_us == matches(pattern, text, true), "a pattern matches what git's own matcher says",
                  pattern + "\n" + text);
    return 0;
}
