// Whatever the notes: both replicas get the same bytes, max and union do not depend on the order of merges.
#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "codec/front_matter.hpp"
#include "fluentsync/note_merge.hpp"

namespace fluentsync::sync {

namespace {

using Lines = std::map<std::string, std::string>;

rc::Gen<std::string> member_gen(const std::string& key) {
    const auto forms = std::map<std::string, std::vector<std::string>>{
        {"updated",
         {"updated: 2024-01-01\n", "updated: '2024-02-01'\n", "updated: 2024-01-01T00:00:00Z # x\n",
          "updated:   2024-03-01T10:00:00+02:00\n"}},
        {"revision", {"revision: 1\n", "revision: 2\n", "revision: 30\n"}},
        {"tags",
         {"tags: [a, b]\n", "tags: [a]\n", "tags:\n  - b\n  - c # see\n", "tags: ['d', a]\n", "tags: []\n",
          "tags:\n- x\n- \"y\"\n"}},
        {"status", {"status: draft\n", "status: done # yes\n", "# why\nstatus: \"open\"\n", "status:\n"}},
        {"meta",
         {"meta:\n  a: 1\n  b: 2\n", "meta:\n  a: 3\n  b: 2\n  updated: 5\n", "meta: {a: 1, b: 5}\n",
          "meta:\n  # c\n  a: 1\n"}},
        {"text", {"text: |\n  one\n\n  two\n", "text: |\n  ONE\n\n  two\n", "text: >-\n  folded\n"}}};
    return rc::gen::elementOf(forms.at(key));
}

const std::vector<std::string> kKeys{"updated", "revision", "tags", "status", "meta", "text"};

Lines lines_of(const std::vector<std::string>& keys) {
    Lines lines;
    for (const auto& key : keys)
        if (*rc::gen::inRange(0, 5) > 0) lines[key] = *member_gen(key);
    return lines;
}

Lines edited(Lines lines, const std::vector<std::string>& keys) {
    for (const auto& key : keys) {
        const int what = *rc::gen::inRange(0, 6);
        if (what < 2) lines[key] = *member_gen(key);
        if (what == 2) lines.erase(key);
    }
    return lines;
}

std::string note_of(const Lines& lines, const std::string& body = "text\n") {
    std::string text = "---\n";
    for (const auto& [key, member] : lines)
        text += member;
    return text + "---\n" + body;
}

/// Lists as sets.
nlohmann::json values_of(const std::string& text) {
    auto values = nlohmann::json::parse(codec::parse_metadata(text));
    if (values.contains("tags")) {
        std::set<nlohmann::json> tags(values["tags"].begin(), values["tags"].end());
        values["tags"] = tags;
    }
    return values;
}

std::string merged_text(const std::string& base, const std::string& a, const std::string& b) {
    const auto merged = merge_notes(base, a, b, {});
    RC_ASSERT(merged.has_value());
    RC_ASSERT(merged->conflicts.empty());
    return merged->text;
}

}  // namespace

TEST_CASE("a merge of notes is symmetric, reads, and is what it is a merge of [trap-06]") {
    REQUIRE(rc::check("random front matter", [] {
        const Lines before = lines_of(kKeys);
        const std::string base = note_of(before);
        const std::string a = note_of(edited(before, kKeys));
        const std::string b = note_of(edited(before, kKeys));
        const auto one = merge_notes(base, a, b, {});
        const auto other = merge_notes(base, b, a, {});
        RC_ASSERT(one.has_value() && other.has_value());
        RC_ASSERT(one->text == other->text);
        RC_ASSERT(one->conflicts == other->conflicts);
        values_of(one->text);
        RC_ASSERT(merge_notes(base, base, b, {})->text == b);
        // Merged once more with either side it was made of, from that side, it stays.
        RC_ASSERT(merge_notes(a, one->text, a, {})->text == one->text);
    }));
}

TEST_CASE("keys that one side edited are as there, and no other byte changes") {
    REQUIRE(rc::check("edits of different keys", [] {
        Lines before;
        for (const auto& key : kKeys)
            before[key] = *member_gen(key);
        Lines left = before;
        Lines right = before;
        Lines wanted = before;
        for (const auto& key : kKeys) {
            const std::string member = *member_gen(key);
            wanted[key] = member;
            (*rc::gen::arbitrary<bool>() ? left : right)[key] = member;
        }
        const auto merged = merge_notes(note_of(before), note_of(left, "more\ntext\n"), note_of(right), {});
        RC_ASSERT(merged.has_value());
        RC_ASSERT(merged->conflicts.empty());
        RC_ASSERT(merged->text == note_of(wanted, "more\ntext\n"));
    }));
}

TEST_CASE("max and union are associative, and three replicas converge whatever the order") {
    REQUIRE(rc::check("three versions of stamps and tags", [] {
        const std::vector<std::string> keys{"revision", "tags", "updated"};
        Lines before;
        for (const auto& key : keys)
            before[key] = *member_gen(key);
        const auto version = [&] {
            Lines lines = before;
            for (const auto& key : keys)
                if (*rc::gen::arbitrary<bool>()) lines[key] = *member_gen(key);
            return note_of(lines);
        };
        const std::string base = note_of(before);
        const std::string a = version();
        const std::string b = version();
        const std::string c = version();
        const auto left = values_of(merged_text(base, merged_text(base, a, b), c));
        RC_ASSERT(left == values_of(merged_text(base, a, merged_text(base, b, c))));
        RC_ASSERT(left == values_of(merged_text(base, merged_text(base, c, a), b)));
    }));
}

}  // namespace fluentsync::sync
