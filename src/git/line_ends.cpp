#include "git/line_ends.hpp"

#include <cstddef>
#include <utility>

namespace fluentsync::git {

namespace {

constexpr char kEndOfFile = '\032';  // Old editors end a file with it.

/// What git's guess goes by.
struct Census {
    std::size_t nul = 0;
    std::size_t lone_cr = 0;
    std::size_t lone_lf = 0;
    std::size_t crlf = 0;
    std::size_t printable = 0;
    std::size_t nonprintable = 0;

    bool binary() const { return lone_cr > 0 || nul > 0 || printable / 128 < nonprintable; }
};

bool is_printable(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\b' || byte == '\t' || byte == '\033' || byte == '\014' || (byte >= 32 && byte != 127);
}

Census census_of(std::string_view bytes) {
    Census census;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const char c = bytes[i];
        if (c == '\n') {
            ++census.lone_lf;
        } else if (c == '\r' && i + 1 < bytes.size() && bytes[i + 1] == '\n') {
            ++census.crlf;
            ++i;
        } else if (c == '\r') {
            ++census.lone_cr;
        } else {
            census.nul += c == '\0' ? 1 : 0;
            ++(is_printable(c) ? census.printable : census.nonprintable);
        }
    }
    if (!bytes.empty() && bytes.back() == kEndOfFile) {
        --census.nonprintable;
    }
    return census;
}

bool gives_crlf(LineEnds rule) {
    return rule == LineEnds::crlf || rule == LineEnds::guess_crlf;
}

std::optional<std::string> if_id_is(const base::ObjectId& id, std::optional<std::string> bytes) {
    return bytes && base::hash_blob(*bytes) == id ? std::move(bytes) : std::nullopt;
}

}  // namespace

bool is_guess(LineEnds rule) {
    return rule == LineEnds::guess || rule == LineEnds::guess_crlf;
}

std::optional<std::string> to_git_line_ends(std::string_view file, LineEnds rule, bool head_has_crlf) {
    if (rule == LineEnds::keep) {
        return std::nullopt;
    }
    const Census census = census_of(file);
    if (census.crlf == 0 || (is_guess(rule) && (head_has_crlf || census.binary()))) {
        return std::nullopt;
    }
    std::string blob;
    blob.reserve(file.size() - census.crlf);
    for (std::size_t i = 0; i < file.size(); ++i) {
        const bool of_crlf = file[i] == '\r' && i + 1 < file.size() && file[i + 1] == '\n';
        if (!of_crlf) {
            blob += file[i];
        }
    }
    return blob;
}

std::optional<std::string> to_file_line_ends(std::string_view blob, LineEnds rule) {
    if (!gives_crlf(rule)) {
        return std::nullopt;
    }
    const Census census = census_of(blob);
    if (census.lone_lf == 0 || (is_guess(rule) && (census.crlf > 0 || census.binary()))) {
        return std::nullopt;
    }
    std::string file;
    file.reserve(blob.size() + census.lone_lf);
    for (std::size_t i = 0; i < blob.size(); ++i) {
        if (blob[i] == '\n' && (i == 0 || blob[i - 1] != '\r')) {
            file += '\r';
        }
        file += blob[i];
    }
    return file;
}

bool is_text_with_crlf(std::string_view bytes) {
    const Census census = census_of(bytes);
    return census.crlf > 0 && !census.binary();
}

LostEnds lost_ends(std::string_view file, LineEnds rule, bool head_has_crlf) {
    const Census before = census_of(file);
    if (rule == LineEnds::keep || (is_guess(rule) && before.binary())) {
        return LostEnds::none;
    }
    Census after = before;
    if (!is_guess(rule) || !head_has_crlf) {
        after.lone_lf += after.crlf;
        after.crlf = 0;
    }
    if (gives_crlf(rule) && !(is_guess(rule) && after.crlf > 0)) {
        after.crlf += after.lone_lf;
        after.lone_lf = 0;
    }
    if (before.crlf > 0 && after.crlf == 0) {
        return LostEnds::crlf;
    }
    return before.lone_lf > 0 && after.lone_lf == 0 ? LostEnds::lf : LostEnds::none;
}

std::optional<std::string> as_blob(std::string_view file, const base::ObjectId& id) {
    auto as_it_is = if_id_is(id, std::string(file));
    return as_it_is ? as_it_is : if_id_is(id, to_git_line_ends(file, LineEnds::lf, false));
}

std::optional<std::string> as_file(std::string_view blob, const base::ObjectId& id) {
    auto as_it_is = if_id_is(id, std::string(blob));
    return as_it_is ? as_it_is : if_id_is(id, to_file_line_ends(blob, LineEnds::crlf));
}

}  // namespace fluentsync::git
