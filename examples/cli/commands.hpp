/// The program's words. Each returns its exit code, or throws fluentsync::Error.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace cli {

/// Every word of every command; a command reads its own.
struct Arguments {
    std::string root;
    std::string config;  ///< Empty: ROOT/.fluentsync/config.json.
    std::string type;
    std::string id;
    std::string key;
    std::string value;
    std::string file = "-";
    bool allow_empty = false;
    std::string take;
    std::string base;  ///< The merge driver's: files, and the path in the work tree.
    std::string ours;
    std::string theirs;
    std::string path;
    std::string remote;
    std::string branch;
    std::string layout;
    std::int64_t number = 0;
    std::optional<std::int64_t> if_version;
    bool json = false;
};

int init_command(const Arguments& words);
int run_command(const Arguments& words);
int sync_command(const Arguments& words);
int put_command(const Arguments& words);
int get_command(const Arguments& words);
int remove_command(const Arguments& words);
int set_command(const Arguments& words);
int list_command(const Arguments& words);
int status_command(const Arguments& words);
int conflicts_command(const Arguments& words);
int resolve_command(const Arguments& words);
int held_command(const Arguments& words);
int confirm_command(const Arguments& words);
int verify_command(const Arguments& words);
int merge_driver_command(const Arguments& words);

}  // namespace cli
