// What people do: with the store, with files, with folders.
#include <algorithm>
#include <array>

#include "people.hpp"
#include "persons_index.hpp"
#include "witness.hpp"
#include "world.hpp"

namespace simulation {

namespace {

using namespace fluentsync;

constexpr std::array<const char*, 2> kTypes{"note", "task"};
constexpr std::array<const char*, 4> kIds{"a", "b", "c d", "x/y"};
constexpr std::array<const char*, 3> kFolders{"note", "task", "memo"};
constexpr std::array<const char*, 2> kPlain{"readme.txt", "note/table.csv"};

}  // namespace

Place place_of(const Replica& replica, std::uint64_t number) {
    Place place{kTypes[number % 2], kIds[number / 2 % 4], {}};
    place.path = replica.path_of(place.type, place.id);
    return place;
}

std::string World::new_text(std::uint64_t shape) {
    std::string text;
    if (shape % 3 == 0) text += "---\ntitle: " + model_.fresh_word() + "\n---\n";
    for (const char* line : {"one ", "two ", "three "}) {
        text += line + model_.fresh_word() + "\n\n\n\n";
    }
    return text + "end\n";
}

/// One word of it replaced, or all of it.
std::string World::edited(const Text& before, std::uint64_t shape) {
    const auto words = before ? words_of(*before) : std::set<std::string>();
    if (words.empty() || shape % 5 == 0) return new_text(shape);
    std::string text = *before;
    const std::string& word = *std::next(words.begin(), static_cast<std::ptrdiff_t>(shape % words.size()));
    return text.replace(text.find(word), word.size(), model_.fresh_word());
}

bool World::agreed(const std::string& path, const std::string& type, const std::string& id) {
    std::optional<Text> common;
    for (const auto& replica : replicas_) {
        if (!replica->running() || replica->machine.dead) return false;
        if (!common) common = replica->file(path);
        if (replica->file(path) != *common) return false;
    }
    for (const auto& replica : replicas_) {
        if (!type.empty() && replica->entity(type, id) != *common) return false;
        if (replicas_.size() == 1) continue;
        if (!*common && replica->removed.count(path) > 0) return false;
        const HeadFiles head = head_files(replica->machine.folder);
        const auto in_head = head.files.find(path);
        const Text committed = in_head == head.files.end() ? Text() : Text(in_head->second);
        if (committed != *common || head.commit != remote_tip(remote_)) return false;
    }
    return true;
}

void World::note(const std::string& path, bool was_agreed, const Text& text, const Replica* by_api) {
    bool unsettled = false;
    bool uncertain = false;
    bool kept_from_git = false;  // Then what came from there meets the edit later.
    for (const auto& one : replicas_) {
        kept_from_git = kept_from_git || one->is_kept_from_git(path);
        if (one.get() == by_api) continue;  // Its change log tells what an earlier export may have placed.
        unsettled = unsettled || one->unsettled;
        uncertain = uncertain || one->is_uncertain(path);
    }
    // In the middle of something, or after a crash, the engine may not know yet that both had the same: then
    // an edit beats a deletion.
    const bool known = !uncertain && (text || (depth_ == 0 && !unsettled));
    if (was_agreed && known && !kept_from_git) {
        model_.expect(path, text);
    } else {
        model_.contested(path);
    }
}

bool World::by_people(const Step& step) {
    Replica& replica = *replicas_[static_cast<std::size_t>(step.replica) % replicas_.size()];
    const std::string& verb = step.verb;
    if (verb == "put") {
        put(replica, step);
    } else if (verb == "del") {
        erase(replica, step);
    } else if (verb == "write" || verb == "save" || verb == "again" || verb == "keep" || verb == "touch" ||
               verb == "bad") {
        edit_file(replica, step);
    } else if (verb == "plain") {
        plain_file(replica, step);
    } else if (verb == "rm") {
        remove_file(replica, step);
    } else if (verb == "mv") {
        move_file(replica, step);
    } else if (verb == "mvdir") {
        move_folder(replica, step);
    } else if (verb == "rmdir") {
        remove_folder(replica, step);
    } else if (verb == "taken") {
        take_back(replica, step);
    } else if (verb == "mend") {
        const auto broken = broken_files(replica);
        if (!broken.empty()) mend(replica, broken[step.a % broken.size()], step.b);
    } else if (verb == "mark") {
        mark_file(replica, step);
    } else if (verb == "rule") {
        rule_files(replica, step);
    } else if (verb == "resolve") {
        resolve(replica, step);
    } else if (verb == "confirm") {
        confirm(replica);
    } else {
        return false;
    }
    return true;
}

void World::put(Replica& replica, const Step& step) {
    if (!replica.running()) return;
    const Place place = place_of(replica, step.a);
    const bool alone = agreed(place.path, place.type, place.id);
    const Text before = replica.entity(place.type, place.id);
    const std::string after = edited(before, step.b);
    model_.edit_begins(place.path);
    replica.workspace().store().put({place.type, place.id, after});
    model_.replaced(place.path, before, after);
    replica.wrote(place.path, before, after);
    note(place.path, alone, after, &replica);
}

void World::erase(Replica& replica, const Step& step) {
    if (!replica.running()) return;
    const Place place = place_of(replica, step.a);
    const bool alone = agreed(place.path, place.type, place.id);
    const Text before = replica.entity(place.type, place.id);
    model_.edit_begins(place.path);
    if (!replica.workspace().store().remove({place.type, place.id})) return;
    replica.removed.insert(place.path);
    model_.replaced(place.path, before, {});
    note(place.path, alone, {});
}

void World::edit_file(Replica& replica, const Step& step) {
    MemoryDisk& disk = replica.machine.disk;
    const Place place = place_of(replica, step.a);
    const std::string& verb = step.verb;
    const Text before = replica.file(place.path);
    if (verb == "touch") {
        if (before) disk.overwrite(place.path, *before, false);
        return;
    }
    if (disk.is_hidden(place.path)) return;
    if (!before && (disk.find(place.path) || !disk.make_folders(parent_of(place.path)))) return;
    bool alone = verb != "bad" && agreed(place.path, place.type, place.id);
    std::string after = verb == "keep" && before && !words_of(*before).empty()
                            ? edited(before, step.b | 1)  // Never all of it: the size stays.
                            : edited(before, step.b);
    // Within one tick of the kernel's clock nothing but the bytes would tell of it.
    if (verb == "keep") scheduler_.clock.advance_ms(5);
    if (verb == "bad") after = "---\nbroken: [" + model_.fresh_word() + "\n---\n";
    if (verb == "save" || verb == "again") {
        const std::string temporary =
            (place.path.find('/') == std::string::npos ? "" : parent_of(place.path) + "/") + kEditorFile;
        disk.remove_file(temporary);
        if (verb == "again") disk.remove_file(place.path);
        if (!disk.create(temporary, after, 0, false)) return;
        if (depth_ == 0 && step.b % 3 == 0) {
            const int edits = model_.edits(place.path);
            guarded(-1, nullptr, [&] { scheduler_.run_one(step.b); });
            // A put meanwhile, of which the folder need not show anything yet, contends with what is saved.
            alone = alone && model_.edits(place.path) == edits;
        }
        const Text now = replica.file(place.path);
        if (!disk.rename(temporary, place.path)) {  // Somebody has moved the folder, or saved too.
            if (verb == "again") model_.replaced(place.path, before, {});
            model_.contested(place.path);
            return;
        }
        if (now && now != before) {
            model_.replaced(place.path, now, after);  // Placed meanwhile, and never seen by the editor.
            model_.came_back(place.path, after);  // A word that the store has replaced is a stale one here.
            alone = false;
        }
    } else if (before) {
        disk.overwrite(place.path, after, verb == "keep");
    } else {
        disk.create(place.path, after, 0, false);
    }
    model_.replaced(place.path, before, after);
    replica.wrote(place.path, before, after);
    note(place.path, alone, after);
}

void World::remove_file(Replica& replica, const Step& step) {
    const Place place = place_of(replica, step.a);
    const Text before = replica.file(place.path);
    const bool alone = before && agreed(place.path, place.type, place.id);
    if (!replica.machine.disk.remove_file(place.path)) return;
    replica.removed.insert(place.path);
    model_.replaced(place.path, before, {});
    note(place.path, alone, {});
}

void World::move_file(Replica& replica, const Step& step) {
    const Place from = place_of(replica, step.a);
    const Place to = place_of(replica, step.b);
    const Text moved = replica.file(from.path);
    const Text there = replica.file(to.path);
    const bool from_alone = agreed(from.path, from.type, from.id);
    const bool to_alone = agreed(to.path, to.type, to.id);
    if (!moved || from.path == to.path || !replica.machine.disk.make_folders(parent_of(to.path)) ||
        !replica.machine.disk.rename(from.path, to.path)) {
        return;
    }
    replica.removed.insert(from.path);
    replica.kept_from_git.erase(from.path);  // What goes elsewhere is told apart no more.
    model_.taken_away(from.path);
    if (!from_alone) model_.moved_away_contested(from.path, *moved);
    const bool edit = model_.moved_to(to.path, there, *moved);
    note(from.path, from_alone, {});
    note(to.path, to_alone && edit, moved);
}

void World::move_folder(Replica& replica, const Step& step) {
    const std::string from = kFolders[step.a % kFolders.size()];
    const std::string to = kFolders[step.b % kFolders.size()];
    MemoryDisk& disk = replica.machine.disk;
    if (disk.find(to) || !disk.rename(from, to)) return;
    replica.kept_from_git.clear();
    disk.for_each_file([&](const std::string& path, const Node& node) {
        if (path.rfind(to + "/", 0) != 0) return;
        model_.came_back(path, node.bytes);
        model_.contested(path);
        model_.contested(from + path.substr(to.size()));
        replica.removed.insert(from + path.substr(to.size()));
        model_.taken_away(from + path.substr(to.size()));
    });
}

void World::remove_folder(Replica& replica, const Step& step) {
    const std::string folder = std::string(kFolders[step.a % kFolders.size()]) + "/";
    MemoryDisk& disk = replica.machine.disk;
    std::vector<std::string> files;
    disk.for_each_file([&](const std::string& path, const Node&) {
        if (path.rfind(folder, 0) == 0) files.push_back(path);
    });
    for (const std::string& path : files) {
        replica.removed.insert(path);
        model_.replaced(path, replica.file(path), {});
        model_.contested(path);
        disk.remove_file(path);
        disk.remove_folder(parent_of(path));
    }
}

/// As `git reset --hard` does: it holds the index, writes over the file, and notes that. What store and file
/// agreed on, and no commit has, nobody has given up.
void World::take_back(Replica& replica, const Step& step) {
    const std::string& folder = replica.machine.folder;
    if (!setup_.git || !replica.running() || !has_index(folder)) return;
    const Place place = place_of(replica, step.a);
    HeadFiles head;
    {
        const HeldIndex held(folder, scheduler_.clock);
        if (!held) return;
        if (depth_ == 0) guarded(-1, nullptr, [&] { scheduler_.run_one(step.b); });
        head = head_files(folder);
    }
    const auto text = head.files.find(place.path);
    const Text before = replica.file(place.path);
    if (!replica.running() || text == head.files.end() || !before || before == text->second) return;
    if (!is_whole(text->second)) return;  // The store keeps its version until somebody mends the file.
    const bool agreed = replica.entity(place.type, place.id) == before;
    MemoryDisk& disk = replica.machine.disk;
    if (!disk.overwrite(place.path, text->second, false)) return;
    note_in_index(folder, place.path, text->second, disk.find(place.path)->stat.mtime_ns);
    if (!agreed) model_.replaced(place.path, before, text->second);
    model_.came_back(place.path, text->second);
    model_.contested(place.path);
}

void World::plain_file(Replica& replica, const Step& step) {
    const std::string path = kPlain[step.a % kPlain.size()];
    MemoryDisk& disk = replica.machine.disk;
    const Text before = replica.file(path);
    const bool alone = setup_.git && agreed(path, {}, {});
    if (before && step.b % 4 == 0) {
        disk.remove_file(path);
        replica.removed.insert(path);
        model_.replaced(path, before, {});
        note(path, alone, {});
        return;
    }
    if (!before && !parent_of(path).empty() && !disk.make_folders(parent_of(path))) return;
    const std::string after = edited(before, step.b);
    if (before ? !disk.overwrite(path, after, false) : !disk.create(path, after, 0, false)) return;
    model_.replaced(path, before, after);
    note(path, alone, after);
}

std::vector<std::string> World::broken_files(const Replica& replica) {
    std::vector<std::string> broken;
    replica.machine.disk.for_each_file([&](const std::string& path, const Node& node) {
        // One that a save left over when its folder was moved: nobody's note.
        const bool left_over = path.rfind(".fluentsync/", 0) == 0 || name_of(path) == kEditorFile;
        if (!left_over && node.bytes.rfind("---\nbroken:", 0) == 0) broken.push_back(path);
    });
    return broken;
}

/// Nobody does so before everything is mounted.
void World::confirm(Replica& replica) {
    if (!replica.running()) return;
    replica.machine.disk.set_mounted(true);
    replica.workspace().directory().confirm_deletions();
}

void World::mend(Replica& replica, const std::string& path, std::uint64_t shape) {
    const Text before = replica.file(path);
    const std::string after = new_text(shape);
    replica.machine.disk.overwrite(path, after, false);
    model_.replaced(path, before, after);
    model_.contested(path);
}

void World::resolve(Replica& replica, const Step& step) {
    if (!replica.running()) return;
    const auto conflicts = replica.workspace().store().conflicts();
    if (conflicts.empty()) return;
    const Conflict& conflict = conflicts[step.a % conflicts.size()];
    const bool loser = step.b % 2 == 1;
    const Text before = conflict.type.empty() ? Text() : replica.entity(conflict.type, conflict.id);
    replica.workspace().store().resolve_conflict(conflict.number,
                                                 loser ? ConflictChoice::loser : ConflictChoice::winner);
    if (loser) model_.replaced(conflict.path, before, conflict.loser_content);
    model_.contested(conflict.path);
}

}  // namespace simulation
