// Merges of real notes, beside git's merge of the same files.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

#include "../../support/program.hpp"
#include "../../support/temp_folder.hpp"
#include "codec/fences.hpp"
#include "codec/front_matter.hpp"
#include "fluentsync/error.hpp"
#include "fluentsync/note_merge.hpp"

namespace fluentsync::sync {

namespace {

namespace fs = std::filesystem;
constexpr int kPairs = 1000;

std::string bytes_of(const fs::path& file) {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
}

/// The notes of the shared data, in the order of their paths; none where it is absent.
std::vector<std::string> real_notes(const support::TempFolder& folder) {
    const char* named = std::getenv("FLUENTSYNC_TEST_DATA");
    const std::string data = named != nullptr ? named : FLUENTSYNC_SHARED_DATA;
    if (!fs::exists(data + "/rust-rfcs.tar.xz")) {
        WARN("skipped: no test data at " << data);
        return {};
    }
    fs::create_directories(folder / "rfcs");
    support::must_run({"tar", "-xf", data + "/rust-rfcs.tar.xz", "-C", folder / "rfcs"});
    support::must_run({"git", "clone", "-q", data + "/brain-content.bundle", folder / "brain"});
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder / "")) {
        if (entry.is_regular_file() && entry.path().extension() == ".md") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    std::vector<std::string> notes;
    for (const fs::path& file : files)
        notes.push_back(bytes_of(file));
    return notes;
}

struct Versions {
    std::string base;
    std::string ours;
    std::string theirs;
};

std::string day(int month, int number) {
    return "2024-0" + std::to_string(month) + "-" + std::to_string(10 + number % 18);
}

std::string front_matter(const std::string& updated, const std::string& tags, const std::string& status,
                         const std::string& priority) {
    return "---\ntitle: A note\ntags: [" + tags + "]\nstatus: " + status + "\npriority: " + priority +
           "\nupdated: " + updated + "\n---\n";
}

/// Both stamp it; one edits the top, adds a tag and sets the status, the other the end, another tag and the
/// priority in the line below.
Versions notorious(const std::string& body, int number) {
    const std::string end = !body.empty() && body.back() == '\n' ? "" : "\n";
    return {
        front_matter(day(1, number), "a", "draft", "1") + body + end,
        front_matter(day(2, number), "a, ours", "done", "1") + "At the top, oursword.\n\n" + body + end,
        front_matter(day(3, number), "a, theirs", "draft", "2") + body + end + "\nAt the end, theirsword.\n"};
}

bool has_all(const std::string& text, const std::vector<std::string>& words) {
    return std::all_of(words.begin(), words.end(),
                       [&](const std::string& word) { return text.find(word) != std::string::npos; });
}

bool git_merges(const support::TempFolder& folder, const Versions& versions) {
    const auto write = [&](const char* name, const std::string& text) {
        std::ofstream(folder / name, std::ios::binary) << text;
    };
    write("ours", versions.ours);
    write("base", versions.base);
    write("theirs", versions.theirs);
    const auto result = support::run_program(
        {"git", "merge-file", "-p", "-q", folder / "ours", folder / "base", folder / "theirs"});
    return result.exit_code == 0;
}

/// Another value of the same kind.
std::string edited_value(const nlohmann::ordered_json& value, const std::string& mark) {
    if (value.is_string()) return nlohmann::ordered_json(value.get<std::string>() + " " + mark).dump();
    return nlohmann::ordered_json(mark).dump();
}

/// Each key edited on one side, the next one on the other: both are in, and nothing else has changed.
int check_each_key(const std::string& note) {
    std::vector<std::string> keys;
    nlohmann::ordered_json metadata;
    try {
        metadata = nlohmann::ordered_json::parse(codec::parse_metadata(note));
        for (const auto& [key, value] : metadata.items()) {
            codec::set_key(note, key, edited_value(value, "x"));
            keys.push_back(key);
        }
    } catch (const Error&) {
        return 0;  // Not edited by key.
    }
    int pairs = 0;
    for (const std::string& one : keys) {
        for (const std::string& other : keys) {
            if (one == other) continue;
            const std::string a = edited_value(metadata[one], "ours");
            const std::string b = edited_value(metadata[other], "theirs");
            const std::string ours = codec::set_key(note, one, a);
            const auto merged = merge_notes(note, ours, codec::set_key(note, other, b), {});
            REQUIRE(merged);
            REQUIRE(merged->conflicts.empty());
            REQUIRE(merged->text == codec::set_key(ours, other, b));
            ++pairs;
        }
    }
    return pairs;
}

}  // namespace

TEST_CASE("a thousand notorious pairs of edits of real notes merge, both sides' words in") {
    const support::TempFolder folder;
    const auto notes = real_notes(folder);
    if (notes.empty()) return;
    std::mt19937 random(7);
    int conflicts = 0;
    int conflicts_of_git = 0;
    for (int number = 0; number < kPairs; ++number) {
        const std::string& note = notes[random() % notes.size()];
        const auto fences = codec::has_foreign_front_matter(note) ? std::nullopt : codec::find_fences(note);
        const Versions pair = notorious(fences ? note.substr(fences->body_begin) : note, number);
        const auto merged = merge_notes(pair.base, pair.ours, pair.theirs, {});
        const bool whole =
            merged && merged->conflicts.empty() &&
            has_all(merged->text, {"oursword", "theirsword", "status: done\npriority: 2\n",
                                   "updated: " + day(3, number) + "\n"}) &&
            (has_all(merged->text, {"[a, ours, theirs]"}) || has_all(merged->text, {"[a, theirs, ours]"}));
        conflicts += whole ? 0 : 1;
        conflicts_of_git += git_merges(folder, pair) ? 0 : 1;
    }
    std::cout << kPairs << " pairs: " << conflicts << " conflicts; git merge-file: " << conflicts_of_git
              << '\n';
    CHECK(conflicts == 0);
    CHECK(conflicts_of_git > 0);
}

TEST_CASE("of real notes every key edited on one side and any other key on the other merge, no other byte") {
    const support::TempFolder folder;
    int pairs = 0;
    int notes = 0;
    for (const std::string& note : real_notes(folder)) {
        const int made = check_each_key(note);
        pairs += made;
        notes += made > 0 ? 1 : 0;
    }
    std::cout << pairs << " pairs of keys in " << notes << " notes\n";
}

}  // namespace fluentsync::sync
