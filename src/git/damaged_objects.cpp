/// Object files that are no objects.
#include <unistd.h>
#include <zlib.h>

#include <filesystem>

#include "base/text.hpp"
#include "git/damage.hpp"
#include "git/damaged_packs.hpp"
#include "git/dot_git_file.hpp"
#include "git/library.hpp"

namespace fluentsync::git {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPrefixDigits = 2;
/// One that is larger is not read for this: it would be in memory as a whole.
constexpr std::uintmax_t kMostChecked = 64u << 20;

/// Calls visit(path, id) for each file among the loose objects that is named like one.
template <class Visit>
void for_each_loose(const fs::path& objects, const Visit& visit) {
    std::error_code error;
    for (fs::directory_iterator folder(objects, error), end; !error && folder != end;
         folder.increment(error)) {
        const std::string prefix = folder->path().filename().string();
        if (prefix.size() != kPrefixDigits) continue;
        std::error_code inner;
        for (fs::directory_iterator file(folder->path(), inner); !inner && file != end;
             file.increment(inner)) {
            const auto id = base::ObjectId::from_hex(prefix + file->path().filename().string());
            if (id) visit(file->path().string(), *id);
        }
    }
}

/// Nothing where it is no zlib stream, or a torn one.
std::optional<std::string> inflated(std::string_view bytes) {
    z_stream stream{};
    if (inflateInit(&stream) != Z_OK) throw Error(ErrorCode::internal, "zlib cannot be initialised");
    std::string result;
    std::string part(65536, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    int code = Z_OK;
    while (code == Z_OK && result.size() < 32 * kMostChecked) {
        stream.next_out = reinterpret_cast<Bytef*>(part.data());
        stream.avail_out = static_cast<uInt>(part.size());
        code = ::inflate(&stream, Z_NO_FLUSH);
        result.append(part, 0, part.size() - stream.avail_out);
    }
    inflateEnd(&stream);
    return code == Z_STREAM_END ? std::optional(std::move(result)) : std::nullopt;
}

bool is_damaged_object(const std::string& path, const base::ObjectId& id) {
    std::error_code error;
    if (fs::file_size(path, error) > kMostChecked || error) return false;
    const auto bytes = read_dot_git_file(path);
    if (!bytes) return false;  // Packed meanwhile.
    const auto object = inflated(*bytes);
    return !object || base::hash_bytes(*object) != id;
}

}  // namespace

std::vector<base::ObjectId> damaged_objects(const std::string& folder) {
    std::vector<base::ObjectId> damaged;
    for_each_loose(fs::path(folder) / ".git" / "objects",
                   [&](const std::string& path, const base::ObjectId& id) {
                       if (is_damaged_object(path, id)) damaged.push_back(id);
                   });
    return damaged;
}

std::vector<std::string> set_damaged_objects_aside(const std::string& folder) {
    const Library library;
    const std::string git_folder = folder + "/.git";
    std::vector<std::string> told;
    for_each_loose(git_folder + "/objects", [&](const std::string& path, const base::ObjectId& id) {
        if (!is_damaged_object(path, id)) return;
        const std::string kept = keep_damaged(git_folder, path);
        ::unlink(path.c_str());
        told.push_back("object " + id.hex() + " is damaged and kept at " + base::printable(kept));
    });
    mend_packs(folder, told);
    return told;
}

}  // namespace fluentsync::git
