// Any bytes as a content: metadata is a JSON object, or Error(invalid_front_matter) leaves.
#include <nlohmann/json.hpp>

#include "codec/front_matter.hpp"
#include "fluentsync/error.hpp"
#include "fuzz_input.hpp"

using namespace fluentsync;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string content(reinterpret_cast<const char*>(data), size);
    (void)codec::is_blank(content);
    try {
        const auto metadata = codec::parse_metadata(content);
        fuzz::require(nlohmann::json::parse(metadata, nullptr, false).is_object(),
                      "metadata is a JSON object", metadata);
    } catch (const Error& error) {
        const std::string message = error.what();
        fuzz::require(error.code() == ErrorCode::invalid_front_matter, "front matter is refused as such",
                      message);
        fuzz::require(message.find('\n') == std::string::npos, "an error is one line", message);
    }
    return 0;
}
