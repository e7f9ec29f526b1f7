// What must hold for any document, whatever key is set or removed.
#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "codec/front_matter.hpp"
#include "fluentsync/error.hpp"

namespace {

using namespace fluentsync;
using namespace std::string_literals;
using codec::remove_key;
using codec::set_key;

/// Lines of one member in some style; the key is unique by its number.
std::string member(int number, const std::string& indent, const std::string& end) {
    static const std::vector<std::string> shapes{
        "K: 1~",           "K: text # note~",    "K:~",        "K: 'q''q'~",        "\"K\": \"d\\n\"~",
        "K: [a, {b: c}]~", "K:~I- x~I- y # z~",  "K:~I  - x~", "K:~I  s: 1~I  t:~", "K: |~I  l1~~I  l2~",
        "K: >+~I  f~~",    "# note~~K: ü😀 # é~", "K : 0x1F~",  "K: over~I  lines~", "K: {~I  f: 1, # c~I  }~",
        "K: \"ü~I  ö\"~",  "K: # c~I  - 1~",     "K:~I  v~"};
    const auto shape = *rc::gen::elementOf(shapes);
    std::string text = indent;
    for (const char c : shape) {
        if (c == 'K') {
            text += "k" + std::to_string(number);
        } else if (c == 'I') {
            text += indent;
        } else if (c == '~') {
            text += end;
        } else {
            text += c;
        }
    }
    // Comment lines and members of several lines need their own indent at each line's start.
    if (shape[0] == '#') text.replace(text.rfind("k" + std::to_string(number)), 0, indent);
    return text;
}

struct Sample {
    std::string content;
    std::string body;
    std::vector<std::string> names;
};

Sample any_document() {
    const std::string end = *rc::gen::elementOf(std::vector<std::string>{"\n", "\r\n"});
    const std::string indent = *rc::gen::elementOf(std::vector<std::string>{"", "", "  "});
    const int count = *rc::gen::inRange(0, 7);
    Sample sample;
    sample.content = *rc::gen::elementOf(std::vector<std::string>{"", "\xEF\xBB\xBF"}) + "---" + end;
    for (int i = 0; i < count; ++i) {
        sample.content += member(i, indent, end);
        sample.names.push_back("k" + std::to_string(i));
    }
    sample.body =
        *rc::gen::elementOf(std::vector<std::string>{"", "body", "---\nx: 1\n---\n", "ü\r\n\xFF", "=====\n"});
    sample.content += "---" + end + sample.body;
    sample.names.push_back("new");
    sample.names.push_back("k0.deep");
    return sample;
}

std::string any_json() {
    static const std::vector<std::string> values{"1",
                                                 "-2.5",
                                                 "true",
                                                 "null",
                                                 "\"\"",
                                                 "\"plain\"",
                                                 "\"a: b # c\"",
                                                 "\"l1\\nl2\"",
                                                 "\"ü😀\"",
                                                 "\"'\"",
                                                 "\"\\u2028\"",
                                                 "[]",
                                                 "{}",
                                                 "[1, \"x, y\", [null]]",
                                                 "{\"a\": {\"b: c\": [\"]\"]}}",
                                                 "\"---\"",
                                                 "\"...\"",
                                                 "\"yes\"",
                                                 "\"| x\""};
    return *rc::gen::elementOf(values);
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find('\n', begin), text.size() - 1) + 1;
        lines.push_back(text.substr(begin, end - begin));
        begin = end;
    }
    return lines;
}

}  // namespace

TEST_CASE("set_key: on any document changes that key alone [trap-17]") {
    CHECK(rc::check("other keys, their lines and the body stay", [] {
        const auto sample = any_document();
        RC_LOG() << sample.content << std::endl;
        const auto name = *rc::gen::elementOf(sample.names);
        const auto json = any_json();
        auto wanted = nlohmann::ordered_json::parse(codec::parse_metadata(sample.content));
        std::string result;
        if (name == "k0.deep") {
            // Refused where k0 is something else than a mapping or nothing.
            try {
                result = set_key(sample.content, name, json);
            } catch (const Error&) {
                RC_ASSERT(!wanted["k0"].is_object() && !wanted["k0"].is_null());
                return;
            }
            wanted["k0"]["deep"] = nlohmann::ordered_json::parse(json);
        } else {
            result = set_key(sample.content, name, json);
            wanted[name] = nlohmann::ordered_json::parse(json);
        }
        RC_ASSERT(nlohmann::ordered_json::parse(codec::parse_metadata(result)) == wanted);
        RC_ASSERT(result.substr(result.size() - sample.body.size()) == sample.body);
        // The longest common head and tail of lines leave only the key's own lines between them.
        const auto before = lines_of(sample.content);
        const auto after = lines_of(result);
        std::size_t head = 0;
        while (head < before.size() && head < after.size() && before[head] == after[head])
            ++head;
        std::size_t tail = 0;
        while (tail < before.size() - head && tail < after.size() - head &&
               before[before.size() - 1 - tail] == after[after.size() - 1 - tail])
            ++tail;
        const auto changed_after = after.size() - head - tail;
        RC_ASSERT(changed_after <= 1);
        RC_ASSERT(before.size() - head - tail <= 4);
        // The same edit again is no edit.
        RC_ASSERT(set_key(result, name, json) == result);
    }));
}

TEST_CASE("remove_key: undoes an added key, and removes any") {
    CHECK(rc::check("set then remove of a new key gives the same bytes", [] {
        const auto sample = any_document();
        RC_LOG() << sample.content << std::endl;
        RC_ASSERT(remove_key(set_key(sample.content, "new", any_json()), "new") == sample.content);
    }));
    CHECK(rc::check("every key can be removed", [] {
        const auto sample = any_document();
        RC_LOG() << sample.content << std::endl;
        auto content = sample.content;
        auto wanted = nlohmann::ordered_json::parse(codec::parse_metadata(content));
        for (const auto& name : sample.names) {
            if (name == "k0.deep") continue;
            content = remove_key(content, name);
            wanted.erase(name);
            RC_ASSERT(nlohmann::ordered_json::parse(codec::parse_metadata(content)) == wanted);
        }
        RC_ASSERT(content.substr(content.size() - sample.body.size()) == sample.body);
    }));
}

TEST_CASE("front matter: no text makes it crash or throw anything but Error") {
    CHECK(rc::check("random texts of YAML's own characters", [] {
        const std::string alphabet = "---\n\n\n::  ab\"'[]{}|>#&*!%,?\t\r~01.e\xC3\xA9\xFF"s + '\0';
        auto text = *rc::gen::container<std::string>(rc::gen::elementOf(alphabet));
        if (*rc::gen::arbitrary<bool>()) text = "---\n" + text + "\n---\n";
        (void)codec::is_blank(text);
        try {
            (void)codec::parse_metadata(text);
            (void)set_key(text, "k", "1");
            (void)remove_key(text, "a");
        } catch (const Error& error) {
            RC_ASSERT(error.code() == ErrorCode::invalid_front_matter);
        }
    }));
}
