/// What the program writes: results to standard output, everything else to standard error.
#pragma once

#include <cstdint>
#include <fluentsync/status.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// Keeps its keys in the order in which they were written.
using Json = nlohmann::ordered_json;

/// fluentsync::printable(): a name from a file cannot move the cursor, fake a second line or turn the text.
std::string shown(std::string_view text);
/// Milliseconds since the Unix epoch.
std::int64_t now_ms();
/// Local date and time; "never" for 0.
std::string time_text(std::int64_t milliseconds);
/// "1 file", "2 files".
std::string counted(std::int64_t count, std::string_view noun);
/// The first digits of a commit.
std::string short_id(std::string_view id);

/// What may not be shown is escaped. Bytes that are not UTF-8 become U+FFFD: JSON knows no others.
std::string json_text(const Json& value, int indent = -1);
/// null where it is no JSON, or nested deeper than 64 levels: a walk through that could use up the stack.
Json parsed(const std::string& text);
Json held_json(const std::vector<fluentsync::Held>& held);

void print(std::string_view line);
void print_json(const Json& value);
void print_bytes(std::string_view bytes);
/// Throws Error(io) when not everything printed has been taken.
void flush_output();

/// One line on standard error: "fluentsync: ...".
void complain(std::string_view line);
/// One line: path, reason, and whether git has it all the same.
std::string held_line(const fluentsync::Held& held);
void complain_held(const std::vector<fluentsync::Held>& held);

}  // namespace cli
