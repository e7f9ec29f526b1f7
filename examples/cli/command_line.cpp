#include "command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fluentsync/version.hpp>
#include <sstream>

#include "commands.hpp"
#include "exit_code.hpp"
#include "nearest.hpp"
#include "output.hpp"

namespace cli {
namespace {

struct Command {
    const char* name;
    const char* help;
    void (*declare)(CLI::App& app, Arguments& words);
    int (*run)(const Arguments& words);
};

void declare_nothing(CLI::App&, Arguments&) {}

void declare_json(CLI::App& app, Arguments& words) {
    app.add_flag("--json", words.json, "print JSON");
}

void declare_config(CLI::App& app, Arguments& words) {
    app.add_option("--config", words.config, "the options' file; default: ROOT/.fluentsync/config.json");
}

void declare_entity(CLI::App& app, Arguments& words) {
    app.add_option("TYPE", words.type, "the entity's type: the first folder")->required();
    app.add_option("ID", words.id, "the entity's id; may be nested with '/'")->required();
}

void declare_init(CLI::App& app, Arguments& words) {
    app.add_option("--remote", words.remote, "URL or path of the remote repository");
    app.add_option("--branch", words.branch, "branch to keep; default: the remote's, or main");
    app.add_option("--layout", words.layout, "sharded suits types beyond a thousand entities")
        ->check(CLI::IsMember({"flat", "sharded"}));
}

void declare_if_version(CLI::App& app, Arguments& words) {
    app.add_option("--if-version", words.if_version, "only if the entity has this version (0: is not there)")
        ->check(CLI::NonNegativeNumber);
}

void declare_remove(CLI::App& app, Arguments& words) {
    declare_entity(app, words);
    declare_if_version(app, words);
}

void declare_put(CLI::App& app, Arguments& words) {
    declare_entity(app, words);
    declare_if_version(app, words);
    app.add_option("FILE", words.file, "the content; - or none: standard input");
    app.add_flag("--allow-empty", words.allow_empty, "take an empty standard input for the content");
}

void declare_set(CLI::App& app, Arguments& words) {
    declare_entity(app, words);
    declare_if_version(app, words);
    app.add_option("KEY", words.key, "front matter key; dots lead into mappings")->required();
    app.add_option("VALUE", words.value, "JSON, or a string when it is none")->required();
}

void declare_list(CLI::App& app, Arguments& words) {
    app.add_option("TYPE", words.type, "only this type");
    declare_json(app, words);
}

void declare_resolve(CLI::App& app, Arguments& words) {
    app.add_option("NUMBER", words.number, "the record's number")->required();
    app.add_option("--take", words.take, "winner, loser, or a file with the content to keep")->required();
}

void declare_merge_driver(CLI::App& app, Arguments& words) {
    app.add_option("BASE", words.base, "git's %O")->required();
    app.add_option("OURS", words.ours, "git's %A; gets the result")->required();
    app.add_option("THEIRS", words.theirs, "git's %B")->required();
    app.add_option("PATH", words.path, "git's %P")->required();
}

const Command commands[] = {
    {"init", "Set ROOT up and import what is there", declare_init, init_command},
    {"run", "Keep store, files and git in step until SIGINT or SIGTERM", declare_json, run_command},
    {"sync", "Import, export, commit, pull and push once", declare_nothing, sync_command},
    {"put", "Write an entity", declare_put, put_command},
    {"get", "Print an entity's content", declare_entity, get_command},
    {"rm", "Remove an entity", declare_remove, remove_command},
    {"set", "Edit one front matter key", declare_set, set_command},
    {"list", "List entities", declare_list, list_command},
    {"status", "Show pending work, held files, conflicts and git", declare_json, status_command},
    {"conflicts", "List open conflicts", declare_json, conflicts_command},
    {"resolve", "Settle a conflict", declare_resolve, resolve_command},
    {"held", "List files that are left alone, and why", declare_json, held_command},
    {"confirm", "Let guarded deletions go through", declare_nothing, confirm_command},
    {"verify", "Compare store, files, index and HEAD from scratch", declare_json, verify_command},
    {"merge-driver", "Merge a note for git: see gitattributes", declare_merge_driver, merge_driver_command},
};

std::vector<std::string_view> command_names() {
    std::vector<std::string_view> names;
    for (const auto& command : commands)
        names.push_back(command.name);
    return names;
}

[[noreturn]] void bad_usage(const std::string& fault) {
    throw fluentsync::Error(fluentsync::ErrorCode::invalid_argument, fault);
}

void check_command(const std::vector<std::string>& words) {
    if (words.empty()) bad_usage("a command is missing; see `fluentsync --help`");
    const auto& word = words.front();
    const auto names = command_names();
    if (word.rfind('-', 0) == 0 || std::find(names.begin(), names.end(), word) != names.end()) return;
    bad_usage("unknown command \"" + word + "\"; did you mean \"" + std::string(nearest(word, names)) +
              "\"?");
}

/// `help` is --help, and `help COMMAND` that of the command.
void put_help_last(std::vector<std::string>& words) {
    if (words.empty() || words.front() != "help") return;
    words.erase(words.begin());
    if (words.size() > 1) words.resize(1);
    words.emplace_back("--help");
}

/// In `set ROOT TYPE ID KEY -5` the value is no option.
void shield_value(std::vector<std::string>& words) {
    if (words.size() == 6 && words[0] == "set" && words[5].rfind('-', 0) == 0) {
        words.insert(words.end() - 1, "--");
    }
}

/// Help and version are CLI11's to print; its complaints become ours, on one line.
int parse(CLI::App& app, std::vector<std::string> words) {
    try {
        std::reverse(words.begin(), words.end());
        app.parse(std::move(words));
        return -1;
    } catch (const CLI::Success& asked) {
        std::ostringstream text;
        app.exit(asked, text, text);
        print_bytes(text.str());
        return kOk;
    } catch (const CLI::ParseError& error) {
        std::string fault = error.what();
        std::replace(fault.begin(), fault.end(), '\n', ' ');
        bad_usage(fault + "; see `fluentsync --help`");
    }
}

}  // namespace

int run_words(std::vector<std::string> words) {
    put_help_last(words);
    check_command(words);
    shield_value(words);
    CLI::App app("Keeps a SQLite store, a folder of plain files and a git repository in step.", "fluentsync");
    app.set_version_flag("--version", "fluentsync " FLUENTSYNC_VERSION_STRING);
    app.footer(kExitCodeHelp);
    app.require_subcommand(1);
    Arguments arguments;
    const Command* chosen = nullptr;
    for (const auto& command : commands) {
        auto* sub = app.add_subcommand(command.name, command.help);
        if (command.run != merge_driver_command) {
            sub->add_option("ROOT", arguments.root, "the synchronised folder")->required();
        }
        command.declare(*sub, arguments);
        if (command.run != init_command) declare_config(*sub, arguments);
        sub->callback([&chosen, &command] { chosen = &command; });
    }
    const int code = parse(app, std::move(words));
    return code >= 0 ? code : chosen->run(arguments);
}

}  // namespace cli
