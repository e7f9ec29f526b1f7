#include "output.hpp"

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fluentsync/error.hpp>
#include <fluentsync/printable.hpp>

namespace cli {

std::string shown(std::string_view text) {
    return fluentsync::printable(text);
}

std::int64_t now_ms() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

std::string time_text(std::int64_t milliseconds) {
    if (milliseconds == 0) return "never";
    const auto seconds = static_cast<std::time_t>(milliseconds / 1000);
    std::tm parts{};
    char text[32] = {};
    localtime_r(&seconds, &parts);
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
    return text;
}

std::string counted(std::int64_t count, std::string_view noun) {
    auto text = std::to_string(count) + ' ' + std::string(noun);
    if (count == 1) return text;
    if (text.back() != 'y') return text + 's';
    text.pop_back();
    return text + "ies";
}

std::string short_id(std::string_view id) {
    return std::string(id.substr(0, 10));
}

std::string json_text(const Json& value, int indent) {
    return fluentsync::printable_json(value.dump(indent, ' ', false, Json::error_handler_t::replace));
}

Json parsed(const std::string& text) {
    constexpr int kDeepest = 64;
    bool deep = false;
    const auto look = [&deep](int depth, Json::parse_event_t, const Json&) {
        deep = deep || depth > kDeepest;
        return !deep;
    };
    auto value = Json::parse(text, look, false);
    return deep ? Json() : value;
}

Json held_json(const std::vector<fluentsync::Held>& held) {
    auto list = Json::array();
    for (const auto& one : held) {
        list.push_back({{"path", one.path},
                        {"code", fluentsync::error_code_name(one.code)},
                        {"reason", one.reason},
                        {"since", one.since},
                        {"carried", one.carried}});
    }
    return list;
}

void print(std::string_view line) {
    print_bytes(line);
    std::fputc('\n', stdout);
}

void print_json(const Json& value) {
    print(json_text(value, 2));
}

void print_bytes(std::string_view bytes) {
    std::fwrite(bytes.data(), 1, bytes.size(), stdout);
}

void flush_output() {
    errno = 0;
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return;
    const std::string why = errno != 0 ? std::strerror(errno) : "write error";
    throw fluentsync::Error(fluentsync::ErrorCode::io, "cannot write to standard output: " + why);
}

void complain(std::string_view line) {
    const auto text = "fluentsync: " + shown(line) + '\n';
    std::fwrite(text.data(), 1, text.size(), stderr);
}

std::string held_line(const fluentsync::Held& held) {
    return held.path + ": " + held.reason + (held.carried ? " (git carries it as it is)" : "");
}

void complain_held(const std::vector<fluentsync::Held>& held) {
    for (const auto& one : held)
        complain("held: " + held_line(one));
}

}  // namespace cli
