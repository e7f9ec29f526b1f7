/// Random keys and names, weighted to what is nasty in a file name.
#pragma once

#include <rapidcheck.h>

#include <string>
#include <vector>

namespace fluentsync::tests {

inline rc::Gen<std::string> any_piece() {
    static const std::vector<std::string> pieces{
        "%",   "%3A", "%25",   "%2E",  "%20", "%41", "%43",     "%3a", "25",     "3A",     "A",      "B",
        "2",   "a",   "note",  ".",    "..",  " ",   ":",       "*",   "\"",     "<",      ">",      "?",
        "\\",  "|",   "\t",    "\x7F", "{",   "}",   "~",       "#",   "CON",    "con",    "nul",    "COM1",
        "aux", "git", "git~1", ".git", ".md", "é",   "e\u0301", "😀",   "\u200C", "\u202E", "\uFEFF", "א"};
    return rc::gen::elementOf(pieces);
}

inline rc::Gen<std::string> any_text(int most_pieces) {
    return rc::gen::mapcat(rc::gen::inRange(1, most_pieces + 1), [](int count) {
        return rc::gen::map(
            rc::gen::container<std::vector<std::string>>(static_cast<std::size_t>(count), any_piece()),
            [](const std::vector<std::string>& pieces) {
                std::string text;
                for (const auto& piece : pieces)
                    text += piece;
                return text;
            });
    });
}

inline rc::Gen<std::string> any_id() {
    return rc::gen::mapcat(rc::gen::inRange(1, 4), [](int depth) {
        return rc::gen::map(
            rc::gen::container<std::vector<std::string>>(static_cast<std::size_t>(depth), any_text(5)),
            [](const std::vector<std::string>& segments) {
                std::string id;
                for (const auto& segment : segments)
                    id += (id.empty() ? "" : "/") + segment;
                return id;
            });
    });
}

}  // namespace fluentsync::tests
