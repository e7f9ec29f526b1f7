// Any text as JSON options: options, or Error(invalid_options) of one line that repeats no password.
#include "fluentsync/error.hpp"
#include "fluentsync/options.hpp"
#include "fuzz_input.hpp"

using namespace fluentsync;

namespace {

constexpr std::string_view kPassword = "Sw0rdfish";

/// Whether what stands at `at` is in the name of an option: a colon follows the quote behind it.
bool is_in_a_name(const std::string& text, std::size_t at) {
    const std::size_t quote = text.find('"', at);
    const std::size_t next =
        quote == std::string::npos ? quote : text.find_first_not_of(" \t\r\n", quote + 1);
    return next != std::string::npos && text[next] == ':';
}

/// A password is one by its place in a URL. In the name of an option, say, the same word is none.
bool stands_elsewhere(const std::string& text) {
    for (std::size_t at = text.find(kPassword); at != std::string::npos; at = text.find(kPassword, at + 1)) {
        const bool in_url = at > 0 && text[at - 1] == ':' && text.compare(at + kPassword.size(), 1, "@") == 0;
        if (!in_url || is_in_a_name(text, at)) return true;
    }
    return false;
}

void parse(const std::string& text) {
    try {
        (void)parse_options(text);
    } catch (const Error& error) {
        const std::string message = error.what();
        fuzz::require(error.code() == ErrorCode::invalid_options, "options are refused as such", message);
        fuzz::require(message.find('\n') == std::string::npos, "an error is one line", message);
        fuzz::require(message.find(kPassword) == std::string::npos || stands_elsewhere(text),
                      "no complaint repeats a password", message);
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    parse(text);
    // The same behind what is always needed, so that the inside of each section is reached too.
    parse(R"({"store": {"path": "s.db"}, "directory": {"syncPath": "d", )" + text + "}}");
    parse(R"({"store": {"path": "s.db"}, "directory": {"syncPath": "d"}, "git": {"remote": )"
          R"("https://me:Sw0rdfish@host/x", )" +
          text + "}}");
    return 0;
}
