/// held and confirm.
#include <fluentsync/entity_store.hpp>

#include "commands.hpp"
#include "exit_code.hpp"
#include "output.hpp"
#include "reading.hpp"
#include "root.hpp"

namespace cli {

int held_command(const Arguments& words) {
    const auto store = store_to_read(Root(words));
    const auto held = store->held();
    if (words.json) {
        print_json(held_json(held));
        return kOk;
    }
    for (const auto& one : held)
        print(shown(held_line(one) + " (since " + time_text(one.since) + ')'));
    return kOk;
}

int confirm_command(const Arguments& words) {
    fluentsync::EntityStore store(Root(words).options().store);
    print(counted(store.confirm_deletions(), "deletion") + " confirmed");
    return kOk;
}

}  // namespace cli
