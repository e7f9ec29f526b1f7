#include "store/prepared_content.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "codec/front_matter.hpp"
#include "codec/key_path.hpp"
#include "fluentsync/error.hpp"

namespace fluentsync::store {
namespace {

// SQLite's own limit for a row.
constexpr std::size_t kContentLimit = 1'000'000'000;

}  // namespace

std::string key_text(const EntityKey& key) {
    return base::printable(key.type + "/" + key.id);
}

PreparedContent prepare_content(const EntityKey& key, std::string_view content) {
    codec::check_key(key);
    if (content.size() > kContentLimit)
        throw Error(ErrorCode::too_large,
                    fmt::format("{}: content of {} bytes is over the limit of 1 GB; store less of it",
                                key_text(key), content.size()));
    if (!base::is_utf8(content))
        throw Error(ErrorCode::invalid_content,
                    fmt::format("{}: content is not UTF-8; convert it first", key_text(key)));
    try {
        return {base::hash_blob(content), codec::parse_metadata(content)};
    } catch (const Error& error) {
        throw Error(error.code(), fmt::format("{}: {}", key_text(key), error.what()), error.path());
    }
}

}  // namespace fluentsync::store
