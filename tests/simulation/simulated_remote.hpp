/// The remote that the replicas share: objects and branches in memory.
#pragma once

#include <functional>
#include <map>
#include <string>

namespace simulation {

struct Remote {
    struct Object {
        int type = 0;  ///< git_object_t
        std::string data;
    };
    std::map<std::string, Object> objects;        ///< By their 20 raw bytes.
    std::map<std::string, std::string> branches;  ///< Name to the tip's 20 raw bytes.
    std::int64_t pushes = 0;
};

/// That of the world that runs in this process.
Remote& remote();
void set_remote(Remote* remote);

}  // namespace simulation
