/// A commit's bytes. libgit2 would look up tree and parents first, but they may be in a pack that is not
/// finished yet.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "git/library.hpp"
#include "git/tree.hpp"

namespace fluentsync::git {

namespace {

/// A line of a commit's header takes none of what would end its parts; git drops the same.
std::string header_text(const std::string& text, const char* what) {
    std::string clean;
    for (const char c : text) {
        if (static_cast<unsigned char>(c) >= 0x20 && c != '<' && c != '>' && c != 0x7f) clean.push_back(c);
    }
    const auto first = clean.find_first_not_of(" .,:;\"\\'");
    if (first == std::string::npos) {
        throw Error(ErrorCode::invalid_argument, std::string("the author's ") + what + " is empty");
    }
    const auto last = clean.find_last_not_of(" .,:;\"\\'");
    return clean.substr(first, last - first + 1);
}

/// Seconds and zone as in "1700000000 +0200": people read a log in the author's time. Git reads no time
/// before 1970.
std::string time_text(std::int64_t time_ms) {
    const std::time_t seconds = std::max<std::int64_t>(time_ms / 1000, 0);
    std::tm local{};
    const long offset = ::localtime_r(&seconds, &local) ? local.tm_gmtoff / 60 : 0;
    const long minutes = std::labs(offset);
    char zone[32];
    std::snprintf(zone, sizeof zone, " %c%02ld%02ld", offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
    return std::to_string(seconds) + zone;
}

std::string person_text(const Identity& person, std::int64_t time_ms) {
    return header_text(person.name, "name") + " <" + header_text(person.email, "e-mail address") + "> " +
           time_text(time_ms) + "\n";
}

}  // namespace

base::ObjectId write_commit(Repository& /*repository*/, const NewCommit& commit, ObjectWriter& writer) {
    std::string bytes = "tree " + commit.tree.hex() + "\n";
    for (const base::ObjectId& parent : commit.parents)
        bytes += "parent " + parent.hex() + "\n";
    bytes += "author " + person_text(commit.author, commit.time_ms);
    bytes += "committer " + person_text(commit.committer.value_or(commit.author), commit.time_ms) + "\n";
    std::string message = commit.message;
    std::replace(message.begin(), message.end(), '\0', ' ');
    bytes += message;
    if (bytes.back() != '\n') bytes += '\n';
    return writer.add(ObjectWriter::Kind::commit, bytes);
}

}  // namespace fluentsync::git
