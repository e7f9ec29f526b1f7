/// Push into a bare repository of this machine.
#pragma once

#include <optional>
#include <string>

#include "git/remote_session.hpp"

namespace fluentsync::git {

/// libgit2's own push by path overwrites the branch whatever it became meanwhile. This one moves it from
/// `tip` (nothing: the branch must not exist) to `commit` under the reference's lock, so that of two pushers
/// one gets "fetch first". Like libgit2's it runs no hooks. `durable`: the objects are on disk before the
/// branch names them.
PushStatus push_to_folder(RemoteSession& session, Repository& repository, const std::string& branch,
                          const base::ObjectId& commit, const std::optional<base::ObjectId>& tip,
                          bool durable);

/// After a push: nobody else joins what the pushes leave there. What cannot be done now the next push tries.
void keep_packs_few(const std::string& folder, const Cancellation& cancellation);

}  // namespace fluentsync::git
