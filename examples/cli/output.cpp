#include "output.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fluentsync/error.hpp>

namespace cli {

std::string shown(std::string_view text) {
    constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        // The second byte of U+0080 to U+009F: terminals take these for controls too.
        const bool upper_control =
            byte >= 0x80 && byte < 0xa0 && i > 0 && static_cast<unsigned char>(text[i - 1]) == 0xc2;
        if (byte >= 0x20 && byte != 0x7f && !upper_control) {
            out += text[i];
        } else {
            out += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
        }
    }
    return out;
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
    return value.dump(indent, ' ', false, Json::error_handler_t::replace);
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
