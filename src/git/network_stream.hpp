/// Sockets for libgit2 that know time limits and cancellation, which libgit2 1.5 does not.
#pragma once

namespace fluentsync::git {

/// Makes libgit2 open its sockets through us, once per process. TLS streams of libgit2 are built upon the
/// standard stream and so obey as well. Threads without a NetworkScope keep libgit2's usual behaviour.
/// libgit2 must be initialised. Throws Error(internal) when libgit2 refuses.
void register_network_stream();

}  // namespace fluentsync::git
