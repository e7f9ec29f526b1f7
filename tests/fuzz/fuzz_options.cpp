// Any text as JSON options: options, or Error(invalid_options) of one line that repeats no password.
#include "fluentsync/error.hpp"
#include "fluentsync/options.hpp"
#include "fuzz_input.hpp"

using namespace fluentsync;

namespace {

constexpr std::string_view kPassword = "Sw0rdfish";

/// A password is one by its place in a URL. In the name of an option, say, the same word is none.
bool stands_elsewhere(std::string text) {
    const std::string in_url = ":" + std::string(kPassword) + "@";
    for (std::size_t at = 0; (at = text.find(in_url)) != std::string::npos;)
        text.erase(at, in_url.size());
    return text.find(kPassword) != std::string::npos;
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
