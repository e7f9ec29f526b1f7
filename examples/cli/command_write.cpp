/// put, set and rm: they open the store alone, so they work while `run` owns the folder.
#include <fluentsync/entity_store.hpp>

#include "commands.hpp"
#include "exit_code.hpp"
#include "files.hpp"
#include "output.hpp"
#include "root.hpp"

namespace cli {
namespace {

fluentsync::EntityStore open_store(const Arguments& words) {
    return fluentsync::EntityStore(Root(words).options().store);
}

std::string name(const Arguments& words) {
    return shown(words.type + '/' + words.id);
}

void print_result(const Arguments& words, const fluentsync::PutResult& result) {
    const char* what = result.created ? "created " : result.changed ? "updated " : "unchanged ";
    print(what + name(words) + ", version " + std::to_string(result.version));
}

/// JSON as it stands; anything else is a string.
std::string json_value(const std::string& text) {
    return Json::accept(text) ? text : json_text(Json(text));
}

}  // namespace

int put_command(const Arguments& words) {
    auto store = open_store(words);
    const auto content = read_file(words.file);
    if (content.empty() && !words.allow_empty && words.file == "-") {
        throw fluentsync::Error(fluentsync::ErrorCode::invalid_content,
                                name(words) +
                                    ": standard input is empty, as that of a command that failed: "
                                    "--allow-empty writes it all the same");
    }
    const auto result = store.put({words.type, words.id, content}, {words.if_version});
    print_result(words, result);
    return kOk;
}

int set_command(const Arguments& words) {
    auto store = open_store(words);
    print_result(words, store.set_metadata({words.type, words.id}, words.key, json_value(words.value),
                                           {words.if_version}));
    return kOk;
}

int remove_command(const Arguments& words) {
    auto store = open_store(words);
    if (!store.remove({words.type, words.id}, {words.if_version})) {
        throw fluentsync::Error(fluentsync::ErrorCode::not_found,
                                "there is no entity " + name(words) + " to remove");
    }
    print("removed " + name(words));
    return kOk;
}

}  // namespace cli
