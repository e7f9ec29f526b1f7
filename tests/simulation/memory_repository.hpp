/// What a repository keeps, in memory: objects and references, by its folder. Outlives crashes.
#pragma once

#include <git2.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/refdb_backend.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <map>
#include <set>
#include <string>
#include <unordered_map>

#include "machine.hpp"

namespace simulation {

struct OidHash {
    std::size_t operator()(const std::array<unsigned char, GIT_OID_RAWSZ>& id) const {
        std::size_t hash = 0;
        std::memcpy(&hash, id.data(), sizeof hash);
        return hash;
    }
};

struct MemoryRepository {
    struct Object {
        git_object_t type = GIT_OBJECT_INVALID;
        std::string data;
    };
    struct Ref {
        git_oid id{};
        std::string symbolic;  ///< The name that it stands for; empty: it has an id.
    };
    std::unordered_map<std::array<unsigned char, GIT_OID_RAWSZ>, Object, OidHash> objects;
    std::map<std::string, Ref> refs;
    std::set<std::string> locked;  ///< Names of references.
    Machine* machine = nullptr;    ///< Whose it is.
};

/// Puts memory under `repository` in the place of its objects and references on disk.
void keep_in_memory(git_repository* repository, const std::string& folder);
/// Forgets what all repositories held.
void forget_repositories();

/// libgit2's backends over it. The caller owns them; libgit2 takes that over.
git_odb_backend* new_object_backend(MemoryRepository& repository);
git_refdb_backend* new_ref_backend(MemoryRepository& repository);

}  // namespace simulation
