/// Object files that are no objects.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text.hpp"
#include "base/tuning.hpp"
#include "git/damage.hpp"
#include "git/damaged_packs.hpp"
#include "git/dot_git_file.hpp"
#include "git/library.hpp"

namespace fluentsync::git {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPrefixDigits = 2;
constexpr const char* kUnknownBoot = "-";
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

/// Up to when, and of what, a look can say that all was whole.
struct LookMark {
    std::string boot;  ///< The kernel's name for the time since the machine was started.
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t clock_s = 0;      ///< The wall clock, less how long the machine runs.
    std::int64_t youngest_ns = 0;  ///< Change time of the youngest object.

    std::string text() const {
        return fmt::format("{} {} {} {} {}", boot, device, inode, clock_s, youngest_ns);
    }
    static std::optional<LookMark> parse(const std::string& text) {
        LookMark mark;
        std::istringstream in(text);
        in >> mark.boot >> mark.device >> mark.inode >> mark.clock_s >> mark.youngest_ns;
        return in ? std::optional(mark) : std::nullopt;
    }
    bool still_says_something(const LookMark& now) const {
        constexpr std::int64_t kSteered = 1;  // What a clock that is kept right goes back by.
        return boot != kUnknownBoot && boot == now.boot && device == now.device && inode == now.inode &&
               clock_s <= now.clock_s + kSteered;
    }
};

LookMark mark_of(const std::string& objects) {
    LookMark mark;
    std::ifstream("/proc/sys/kernel/random/boot_id") >> mark.boot;
    if (mark.boot.empty()) mark.boot = std::string(kUnknownBoot);
    struct stat stat {};
    if (::stat(objects.c_str(), &stat) == 0) {
        mark.device = stat.st_dev;
        mark.inode = stat.st_ino;
    }
    timespec wall{};
    timespec running{};
    ::clock_gettime(CLOCK_REALTIME, &wall);
    ::clock_gettime(CLOCK_BOOTTIME, &running);
    mark.clock_s = wall.tv_sec - running.tv_sec;
    return mark;
}

/// 0 where it has gone meanwhile.
std::int64_t change_time_of(const std::string& path) {
    struct stat stat {};
    if (::lstat(path.c_str(), &stat) != 0) return 0;
    return std::int64_t{stat.st_ctim.tv_sec} * 1'000'000'000 + stat.st_ctim.tv_nsec;
}

}  // namespace

LooseLook look_at_loose_objects(const std::string& folder, const std::string& whole) {
    const std::string objects = folder + "/.git/objects";
    LookMark mark = mark_of(objects);
    const auto earlier = LookMark::parse(whole);
    const bool known = earlier && earlier->still_says_something(mark);
    const std::int64_t whole_before = known ? earlier->youngest_ns - base::tuning::kRacyNs : 0;
    mark.youngest_ns = known ? earlier->youngest_ns : 0;
    LooseLook look;
    look.everything = !known;
    for_each_loose(objects, [&](const std::string& path, const base::ObjectId& id) {
        const std::int64_t changed = change_time_of(path);
        mark.youngest_ns = std::max(mark.youngest_ns, changed);
        if (changed < whole_before) return;
        ++look.read;
        if (is_damaged_object(path, id)) look.damaged.push_back(id);
    });
    if (look.damaged.empty()) {
        look.whole = known && mark.youngest_ns == earlier->youngest_ns ? whole : mark.text();
    }
    return look;
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
