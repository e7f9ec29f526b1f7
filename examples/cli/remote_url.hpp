/// The remote's address without secrets, and the credentials that are kept out of files.
#pragma once

#include <fluentsync/options.hpp>
#include <string>

namespace cli {

struct RemoteUrl {
    std::string url;  ///< What may be written to a file.
    fluentsync::Credentials credentials;
    bool had_secret = false;
};

/// Takes user info out of "scheme://user:password@host/path"; of ssh:// only the password, for the user is no
/// secret there. An existing local path becomes absolute. Everything else comes back as it is.
RemoteUrl split_remote(const std::string& remote);

/// A relative local path resolved against `folder`; anything else comes back as it is.
std::string resolve_remote(const std::string& remote, const std::string& folder);

/// Answers with what was given on the command line or, where that is empty, with FLUENTSYNC_USERNAME and
/// FLUENTSYNC_PASSWORD. Each is offered once: a refused password is no better the second time.
fluentsync::CredentialsCallback credentials_callback(const fluentsync::Credentials& given = {});

}  // namespace cli
