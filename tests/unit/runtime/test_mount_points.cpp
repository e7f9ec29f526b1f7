#include <catch2/catch.hpp>

#include "runtime/posix_mounts.hpp"

using fluentsync::runtime::mount_points;

TEST_CASE("of the kernel's table the mounts below the folder are found, each once, by their plain names") {
    const std::string table =
        "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
        "30 22 0:40 / /home/me/notes rw - tmpfs none rw\n"
        "31 22 0:41 / /home/me/notes/a\\040b\\134c rw,relatime shared:1 - tmpfs none rw\n"
        "32 22 8:1 /elsewhere /home/me/notes/deep/down rw - ext4 /dev/sda1 rw\n"
        "33 32 0:42 / /home/me/notes/deep/down rw - tmpfs none rw\n"
        "34 22 0:43 / /home/me/notes2 rw - tmpfs none rw\n"
        "35 22\n";
    CHECK(mount_points(table, "/home/me/notes") == std::vector<std::string>{"a b\\c", "deep/down"});
    CHECK(mount_points(table, "/home/me/notes2").empty());
    CHECK(mount_points(table, "/").size() == 4);
}
