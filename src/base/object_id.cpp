#include "base/object_id.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cstdio>
#include <initializer_list>
#include <memory>

#include "base/text.hpp"
#include "fluentsync/error.hpp"

namespace fluentsync::base {
namespace {

constexpr char kDigits[] = "0123456789abcdef";

int digit_value(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

struct ContextDeleter {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

/// One context a thread, reset for each hash: looking the algorithm up costs as much as hashing a small file.
EVP_MD_CTX* fresh_context() {
    thread_local std::unique_ptr<EVP_MD_CTX, ContextDeleter> context;
    if (context && EVP_DigestInit_ex(context.get(), nullptr, nullptr) == 1) return context.get();
    context.reset(EVP_MD_CTX_new());
    if (!context || EVP_DigestInit_ex(context.get(), EVP_sha1(), nullptr) != 1) {
        context.reset();
        throw Error(ErrorCode::internal, "OpenSSL offers no SHA-1; enable it in OpenSSL's configuration");
    }
    return context.get();
}

ObjectId digest(std::initializer_list<std::string_view> parts) {
    EVP_MD_CTX* context = fresh_context();
    ObjectId id;
    bool good = true;
    for (const auto part : parts)
        good = good && EVP_DigestUpdate(context, part.data(), part.size()) == 1;
    good = good && EVP_DigestFinal_ex(context, id.bytes.data(), nullptr) == 1;
    if (!good) throw Error(ErrorCode::internal, "OpenSSL failed to compute a SHA-1");
    return id;
}

}  // namespace

std::string ObjectId::hex() const {
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const auto byte : bytes) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

std::optional<ObjectId> ObjectId::from_hex(std::string_view text) {
    ObjectId id;
    if (text.size() != id.bytes.size() * 2) return std::nullopt;
    for (std::size_t i = 0; i < id.bytes.size(); ++i) {
        const int high = digit_value(text[2 * i]);
        const int low = digit_value(text[2 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        id.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    return id;
}

ObjectId ObjectId::from_raw(std::string_view raw) {
    ObjectId id;
    if (raw.size() != id.bytes.size()) {
        throw Error(ErrorCode::internal,
                    "an object id of " + std::to_string(raw.size()) + " bytes was given where 20 are needed");
    }
    std::copy(raw.begin(), raw.end(), id.bytes.begin());
    return id;
}

ObjectId hash_blob(std::string_view content) {
    char header[32];
    const int length = std::snprintf(header, sizeof header, "blob %zu", content.size());
    return digest({{header, static_cast<std::size_t>(length) + 1}, content});
}

ObjectId hash_bytes(std::string_view bytes) {
    return digest({bytes});
}

}  // namespace fluentsync::base
