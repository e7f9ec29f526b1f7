#include <linux/magic.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "runtime/file_system.hpp"

namespace fluentsync::runtime {

namespace {

// Those that linux/magic.h of every supported kernel does not name.
constexpr std::uint32_t kCifs = 0xff534d42;
constexpr std::uint32_t kSmb2 = 0xfe534d42;
constexpr std::uint32_t kFuse = 0x65735546;
constexpr std::array<std::uint32_t, 8> kShared{
    NFS_SUPER_MAGIC, SMB_SUPER_MAGIC, kCifs, kSmb2, kFuse, V9FS_MAGIC, AFS_SUPER_MAGIC, CODA_SUPER_MAGIC};

}  // namespace

bool may_change_unseen(const std::string& path) {
    struct statfs status {};
    return ::statfs(path.c_str(), &status) == 0 &&
           std::find(kShared.begin(), kShared.end(), static_cast<std::uint32_t>(status.f_type)) !=
               kShared.end();
}

}  // namespace fluentsync::runtime
