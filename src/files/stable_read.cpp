#include "files/stable_read.hpp"

#include "base/tuning.hpp"

namespace fluentsync::files {

namespace {

/// No file server's clock is further ahead than this. A stamp beyond it was made by a clock that has been set
/// back since: a write now would get another stamp, so such a file is not racy (else it would be for years).
constexpr std::int64_t kClockSkewNs = 3'600'000'000'000;

/// By ctime alone: every write moves it and nobody can set it, while mtime is whatever somebody set.
bool is_racy(const runtime::FileStat& stat, std::int64_t looked_at_ns) {
    return stat.ctime_ns >= looked_at_ns - base::tuning::kRacyNs &&
           stat.ctime_ns <= looked_at_ns + kClockSkewNs;
}

StableRead read_once(const runtime::Folder& root, const std::string& path, std::uint64_t limit,
                     const base::Clock& clock) {
    StableRead result;
    const auto looked_at = clock.wall_ns();
    result.stat = root.stat(path);
    if (!result.stat.exists()) return result;
    result.status = ReadStatus::not_regular;
    if (result.stat.kind != runtime::FileKind::regular) return result;
    result.status = ReadStatus::too_large;
    if (result.stat.size > limit) return result;

    const auto opened = root.read(path, limit, result.bytes);
    const auto after = root.stat(path);
    const bool held_still = opened == result.stat && after == opened && result.bytes.size() == after.size;
    result.status = held_still ? ReadStatus::ok : ReadStatus::unstable;
    result.racy = is_racy(result.stat, looked_at);
    return result;
}

}  // namespace

StableRead read_stable(const runtime::Folder& root, const std::string& path, std::uint64_t limit,
                       const base::Clock& clock) {
    auto result = read_once(root, path, limit, clock);
    if (result.status == ReadStatus::unstable) result = read_once(root, path, limit, clock);
    if (result.status == ReadStatus::ok)
        result.hash = base::hash_blob(result.bytes);
    else
        result.bytes.clear();
    return result;
}

}  // namespace fluentsync::files
