#include <fluentsync/entity_store.hpp>

#include "commands.hpp"
#include "exit_code.hpp"
#include "output.hpp"
#include "reading.hpp"
#include "root.hpp"

namespace cli {
namespace {

using fluentsync::Conflict;

std::string line(const Conflict& conflict) {
    return shown('#' + std::to_string(conflict.number) + "  " + conflict.path +
                 (conflict.key.empty() ? "" : " (" + conflict.key + ")") + "  " + conflict.winner_side +
                 " won over " + conflict.loser_side + "  " + time_text(conflict.created));
}

/// null where the bytes are no text: JSON could not carry them unchanged.
Json text_or_null(const std::string& content) {
    try {
        Json text(content);
        static_cast<void>(text.dump());
        return text;
    } catch (const Json::exception&) {
        return {};
    }
}

Json object(const Conflict& conflict) {
    return {{"number", conflict.number},
            {"path", conflict.path},
            {"type", conflict.type},
            {"id", conflict.id},
            {"key", conflict.key},
            {"created", conflict.created},
            {"baseHash", conflict.base_hash},
            {"winnerSide", conflict.winner_side},
            {"winnerHash", conflict.winner_hash},
            {"winnerContent", text_or_null(conflict.winner_content)},
            {"loserSide", conflict.loser_side},
            {"loserHash", conflict.loser_hash},
            {"loserContent", text_or_null(conflict.loser_content)}};
}

}  // namespace

int conflicts_command(const Arguments& words) {
    const auto store = store_to_read(Root(words));
    auto objects = Json::array();
    for (const auto& conflict : store->conflicts()) {
        if (words.json) {
            objects.push_back(object(conflict));
        } else {
            print(line(conflict));
        }
    }
    if (words.json) print_json(objects);
    return kOk;
}

}  // namespace cli
