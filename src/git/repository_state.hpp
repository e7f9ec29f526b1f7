/// What a Repository holds. For bodies of this floor only.
#pragma once

#include <string>

#include "git/library.hpp"
#include "git/repository.hpp"

namespace fluentsync::git {

struct Repository::State {
    Library library;  // first in, last out
    RepositoryPtr repository;
    std::string folder;
};

/// Throws invalid_argument unless `branch` is fit for a branch's short name.
void check_branch_name(const std::string& branch);

}  // namespace fluentsync::git
