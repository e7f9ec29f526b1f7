// Folders: one that was just made, from which a file goes at once; one whose file system goes.
#include "people.hpp"
#include "world.hpp"

namespace simulation {

namespace {

using namespace fluentsync;

constexpr std::uint64_t kPlaces = 8;

}  // namespace

/// The store's user writes an entity for which there is no folder yet; somebody removes or renames its file
/// as soon as it is there. A flush() that comes after has seen it.
void World::fresh(Replica& replica, const Step& step) {
    std::uint64_t number = step.a;
    while (replica.machine.disk.find(parent_of(place_of(replica, number).path))) {
        if (++number == step.a + kPlaces) return;
    }
    const Place place = place_of(replica, number);
    const Place target = place_of(replica, step.b / 2);
    const bool moves = step.b % 2 == 1;
    if (!agreed(place.path, place.type, place.id)) return;
    const bool free = !replica.file(target.path) && !replica.entity(target.type, target.id);
    const std::string text = new_text(step.b);
    model_.edit_begins(place.path);
    replica.workspace().store().put({place.type, place.id, text});
    model_.replaced(place.path, {}, text);
    model_.contested(place.path);
    struct Disarm {
        ~Disarm() { ambush.reset(); }
        std::optional<Ambush>& ambush;
    } const disarm{ambush_};
    ambush_ = Ambush{replica.machine.number, place.path,
                     Step{{}, 0, moves ? "mv" : "rm", replica.machine.number, number, step.b / 2}};
    replica.workspace().directory().flush();
    if (ambush_) return;  // It is not there: something failed, or holds it.
    const int edits = model_.edits(place.path) + model_.edits(target.path);
    replica.workspace().directory().flush();
    replica.settled();
    // What was lost of the events before, or failed, may be found out by the next rescan only.
    const bool clear = !replica.deaf && !replica.machine.failed && !replica.machine.dead &&
                       edits == model_.edits(place.path) + model_.edits(target.path);
    if (!clear || replica.file(place.path) || replica.workspace().directory().status().held_deletions > 0)
        return;
    if (replica.entity(place.type, place.id))
        throw Violation("noticed: " + place.path + " has gone from its new folder, and its entity has not");
    // Unless somebody has written there meanwhile.
    if (moves && free && replica.file(target.path) == text && replica.entity(target.type, target.id) != text)
        throw Violation("noticed: what came to " + target.path + " is not its entity");
}

void World::spring_ambush() {
    const Step step = ambush_->step;
    ambush_.reset();
    trace("ambush " + to_text(step));
    as_meanwhile(step);
}

/// A folder becomes a file system of its own, which the process is given the time to see; that goes away, and
/// comes back.
void World::mount_folder(Replica& replica, const Step& step) {
    MemoryDisk& disk = replica.machine.disk;
    if (replica.mount_seen) {
        disk.set_mounted(!disk.is_mounted());
        return;
    }
    if (disk.mount_point().empty() && !disk.mount(place_of(replica, step.a).type)) return;
    replica.workspace().directory().flush();
    replica.settled();
    replica.mount_seen = true;
}

}  // namespace simulation
