#include "codec/reserved_names.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "base/text.hpp"

namespace fluentsync::codec {

namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}
bool is_alnum(char c) {
    return base::is_digit(c) || is_lower(lower(c));
}

bool starts_with_folded(std::string_view text, std::string_view prefix) {
    return text.size() >= prefix.size() &&
           std::equal(prefix.begin(), prefix.end(), text.begin(),
                      [](char wanted, char given) { return wanted == lower(given); });
}

bool ends_with_folded(std::string_view text, std::string_view suffix) {
    return text.size() >= suffix.size() &&
           starts_with_folded(text.substr(text.size() - suffix.size()), suffix);
}

bool equals_folded(std::string_view text, std::string_view name) {
    return text.size() == name.size() && starts_with_folded(text, name);
}

/// Length of a code point that HFS+ ignores in names (the list git uses), or 0.
std::size_t ignorable_at(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) {
        return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
    };
    if (byte(0) == 0xEF && byte(1) == 0xBB && byte(2) == 0xBF) return 3;
    if (byte(0) != 0xE2) return 0;
    const unsigned last = byte(2);
    const bool marks = byte(1) == 0x80 && ((last >= 0x8C && last <= 0x8F) || (last >= 0xAA && last <= 0xAE));
    const bool shapes = byte(1) == 0x81 && last >= 0xAA && last <= 0xAF;
    return marks || shapes ? 3 : 0;
}

std::string without_ignorable(std::string_view text) {
    std::string kept;
    for (std::size_t i = 0; i < text.size();) {
        if (const auto skip = ignorable_at(text, i)) {
            i += skip;
        } else {
            kept += text[i++];
        }
    }
    return kept;
}

/// NTFS: trailing dots and spaces do not count, and a colon begins a stream's name.
bool is_ntfs_tail(std::string_view rest) {
    const auto end = rest.find_first_not_of(". ");
    return end == std::string_view::npos || rest[end] == ':' || rest[end] == '\\';
}

bool is_lower_hex(char c) {
    return base::is_digit(c) || (c >= 'a' && c <= 'f');
}

/// One of the names of eight characters that NTFS and vfat give a long one beside its own: its first letters,
/// "~" and a number, as many letters as there is room for; or two of them and a part of a hash.
bool is_short_name(std::string_view segment, std::string_view letters) {
    constexpr std::size_t kLength = 8;
    const auto name = segment.substr(0, kLength);
    const auto tilde = name.find('~');
    if (name.size() < kLength || tilde < 3 || tilde >= kLength - 1 || !is_ntfs_tail(segment.substr(kLength)))
        return false;
    const auto stem = name.substr(0, tilde);
    const auto number = name.substr(tilde + 1);
    const auto hash = stem.substr(2);
    return std::all_of(number.begin(), number.end(), base::is_digit) &&
           (equals_folded(stem, letters.substr(0, tilde)) ||
            (starts_with_folded(stem, letters.substr(0, 2)) &&
             std::all_of(hash.begin(), hash.end(), [](char c) { return is_lower_hex(lower(c)); })));
}

bool folds_to(std::string_view segment, std::string_view name) {
    if (starts_with_folded(segment, name)) return is_ntfs_tail(segment.substr(name.size()));
    // Ignorable code points need a byte beyond ASCII.
    if (std::all_of(segment.begin(), segment.end(),
                    [](char c) { return static_cast<signed char>(c) >= 0; })) {
        return false;
    }
    const auto folded = without_ignorable(segment);
    return starts_with_folded(folded, name) && is_ntfs_tail(std::string_view(folded).substr(name.size()));
}

/// Six characters as mkstemp() draws them. All lower-case is left out ("sample", "sedentary"): one random
/// name in 200 passes unseen, and no real word is taken for one.
bool looks_random(std::string_view six) {
    return six.size() == 6 && std::all_of(six.begin(), six.end(), is_alnum) &&
           !std::all_of(six.begin(), six.end(), is_lower);
}

bool is_vim_swap(std::string_view name) {
    if (name == "4913") return true;  // Vim's probe whether a folder can be written.
    const auto size = name.size();
    return size > 5 && name[0] == '.' && name.substr(size - 4, 3) == ".sw" && is_lower(name[size - 1]);
}

/// rsync's ".name.XXXXXX" and sed's "sedXXXXXX".
bool is_random_temporary(std::string_view name) {
    if (name.size() == 9 && name.substr(0, 3) == "sed") return looks_random(name.substr(3));
    const auto size = name.size();
    return size > 8 && name[0] == '.' && name[size - 7] == '.' && looks_random(name.substr(size - 6));
}

bool is_emacs_temporary(std::string_view name) {
    return name.substr(0, 2) == ".#" || (name.size() > 1 && name.front() == '#' && name.back() == '#');
}

bool has_temporary_affix(std::string_view name) {
    static constexpr std::array<std::string_view, 8> kSuffixes{
        "~", ".tmp", ".part", ".crdownload", ".vsctmp", ".kate-swp", "___jb_tmp___", "___jb_old___"};
    static constexpr std::array<std::string_view, 3> kPrefixes{".goutputstream-", ".nfs", ".~lock."};
    return std::any_of(kSuffixes.begin(), kSuffixes.end(),
                       [&](std::string_view suffix) { return ends_with_folded(name, suffix); }) ||
           std::any_of(kPrefixes.begin(), kPrefixes.end(),
                       [&](std::string_view prefix) { return name.substr(0, prefix.size()) == prefix; });
}

}  // namespace

bool is_dot_git(std::string_view segment) {
    return folds_to(segment, ".git") || folds_to(segment, "git~1");
}

bool is_dot_fluentsync(std::string_view segment) {
    return folds_to(segment, ".fluentsync") || is_short_name(segment, "fluent");
}

bool is_device_name(std::string_view segment) {
    auto stem = segment.substr(0, segment.find_first_of(".:"));
    stem = stem.substr(0, stem.find_last_not_of(' ') + 1);
    static constexpr std::array<std::string_view, 6> kNames{"con", "prn", "aux", "nul", "conin$", "conout$"};
    if (std::any_of(kNames.begin(), kNames.end(),
                    [&](std::string_view name) { return equals_folded(stem, name); })) {
        return true;
    }
    if (!starts_with_folded(stem, "com") && !starts_with_folded(stem, "lpt")) return false;
    const auto port = stem.substr(3);
    // Superscript digits count as well.
    return (port.size() == 1 && base::is_digit(port[0])) || port == "\u00B9" || port == "\u00B2" ||
           port == "\u00B3";
}

bool is_litter(std::string_view name) {
    return equals_folded(name, ".ds_store") || equals_folded(name, "thumbs.db") ||
           equals_folded(name, "desktop.ini") || is_vim_swap(name) || is_emacs_temporary(name) ||
           is_random_temporary(name) || has_temporary_affix(name);
}

}  // namespace fluentsync::codec
