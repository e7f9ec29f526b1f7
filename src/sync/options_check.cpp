#include "sync/options_check.hpp"

#include <algorithm>
#include <string_view>

#include "base/redact.hpp"
#include "base/text.hpp"
#include "codec/key_path.hpp"
#include "fluentsync/error.hpp"
#include "git/remote_url.hpp"

namespace fluentsync {
namespace sync {
namespace {

using std::chrono::milliseconds;

/// Git makes a file name of a branch's segment, and "<name>.lock" beside it.
constexpr std::size_t kLongestBranchSegment = 255 - 5;

[[noreturn]] void refuse(std::string_view option, const std::string& fault) {
    throw Error(ErrorCode::invalid_options, std::string(option) + " " + fault);
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7f;
    });
}

bool is_blank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos;
}

std::string in_quotes(std::string_view text) {
    return '"' + base::printable(base::redact(text), 80) + '"';
}

void check_path(std::string_view option, std::string_view path) {
    if (path.empty()) refuse(option, "is required and empty");
    if (path.find('\0') != std::string_view::npos) refuse(option, "holds a NUL: " + in_quotes(path));
}

void check_number(std::string_view option, std::int64_t value, std::int64_t least, std::int64_t most) {
    if (value >= least && value <= most) return;
    const auto takes = most == INT64_MAX
                           ? "at least " + std::to_string(least)
                           : "a number from " + std::to_string(least) + " to " + std::to_string(most);
    refuse(option, "takes " + takes + ", not " + std::to_string(value));
}

void check_wait(std::string_view option, milliseconds value, milliseconds least) {
    if (value >= least && value <= kLongestWait) return;
    refuse(option, "takes " + std::to_string(least.count()) + " ms to " +
                       std::to_string(kLongestWait.count()) + " ms, not " + std::to_string(value.count()) +
                       " ms");
}

void check_guard(const DeletionGuard& guard) {
    check_number("directory.deletion_guard.min_count", guard.min_count, 0, INT64_MAX);
    check_number("directory.deletion_guard.max_count", guard.max_count, 0, INT64_MAX);
    // Written so that NaN is refused too.
    if (!(guard.max_fraction >= 0.0 && guard.max_fraction <= 1.0)) {
        refuse("directory.deletion_guard.max_fraction",
               "takes a number from 0 to 1, not " + std::to_string(guard.max_fraction));
    }
}

void check_types(std::string_view option, const std::vector<std::string>& types) {
    for (const auto& type : types) {
        try {
            codec::check_key({type, "id"});
        } catch (const Error& error) {
            refuse(option, "holds " + in_quotes(type) + ", which is no valid type: " + error.what());
        }
    }
}

/// Why git would refuse a segment between two '/'; empty: it would not.
std::string segment_fault(std::string_view segment) {
    constexpr std::string_view lock = ".lock";
    if (segment.empty()) return "begins or ends with '/' or has two in a row";
    if (segment.front() == '.') return "has a part that begins with '.'";
    if (segment.size() >= lock.size() && segment.substr(segment.size() - lock.size()) == lock) {
        return "has a part that ends with \".lock\"";
    }
    if (segment.size() > kLongestBranchSegment) return "has a part of over 250 bytes";
    return {};
}

/// The rules of git check-ref-format --branch.
std::string branch_fault(std::string_view name) {
    if (has_control(name) || name.find_first_of(" ~^:?*[\\") != std::string_view::npos) {
        return "holds a space, a control character or one of ~ ^ : ? * [ \\";
    }
    if (!base::is_utf8(name)) return "is not UTF-8";
    if (name.front() == '-') return "begins with '-'";
    if (name.back() == '.') return "ends with '.'";
    if (name == "@" || name == "HEAD") return "is a name that git keeps for itself";
    if (name.find("..") != std::string_view::npos) return "holds \"..\"";
    if (name.find("@{") != std::string_view::npos) return "holds \"@{\"";
    for (std::size_t from = 0;;) {
        const auto slash = name.find('/', from);
        if (auto fault = segment_fault(name.substr(from, slash - from)); !fault.empty()) return fault;
        if (slash == std::string_view::npos) return {};
        from = slash + 1;
    }
}

void check_branch(std::string_view branch) {
    if (branch.empty()) return;
    const auto fault = branch_fault(branch);
    if (!fault.empty()) refuse("git.branch", in_quotes(branch) + " " + fault + "; git takes no such branch");
}

void check_remote(std::string_view remote) {
    if (remote.empty()) return;
    // Not shown: what does not read as a URL cannot be redacted like one.
    if (has_control(remote)) refuse("git.remote", "holds a control character; give a URL or a path");
    if (!base::is_utf8(remote)) refuse("git.remote", "is not UTF-8; give a URL or a path");
    if (remote.front() == ' ' || remote.back() == ' ') refuse("git.remote", "begins or ends with a space");
    if (remote.front() == '-') refuse("git.remote", "begins with '-'; give a URL or a path (./-name)");
    // Else it may be a short name that a rule of git's makes a URL of.
    const bool spelt_out =
        remote.find("://") != std::string_view::npos || remote.find('@') < remote.find(':');
    if (spelt_out && git::is_ssh(remote))
        refuse("git.remote", "goes by ssh, which is not supported; give a path or an https:// URL");
}

/// Git's signature line has no escapes, and strips these characters from the ends.
void check_signature_part(std::string_view option, std::string_view text) {
    if (text.empty()) return;
    if (!base::is_utf8(text) || has_control(text) || text.find_first_of("<>") != std::string_view::npos) {
        refuse(option, in_quotes(text) + " holds '<', '>', a control character or bytes that are not UTF-8");
    }
    if (text.find_first_not_of(" .,:;\"\\'") == std::string_view::npos) {
        refuse(option, in_quotes(text) + " has no letter or digit that git would keep");
    }
}

void check_message(std::string_view message) {
    if (is_blank(message)) refuse("git.commit_message", "is blank; git wants a message");
    if (message.find('\0') != std::string_view::npos || !base::is_utf8(message)) {
        refuse("git.commit_message", "holds a NUL or bytes that are not UTF-8");
    }
}

}  // namespace
}  // namespace sync

using namespace sync;

void check_options(const StoreOptions& options) {
    check_path("store.path", options.path);
    check_number("store.cache_kib", options.cache_kib, 1, kLargestCacheKib);
}

void check_options(const DirectoryOptions& options) {
    check_path("directory.sync_path", options.sync_path);
    check_wait("directory.sync_debounce", options.sync_debounce, milliseconds(0));
    check_wait("directory.watch_interval", options.watch_interval, milliseconds(1));
    if (options.max_sync_delay) {
        check_wait("directory.max_sync_delay", *options.max_sync_delay, milliseconds(0));
        if (*options.max_sync_delay < options.sync_debounce) {
            refuse("directory.max_sync_delay", "(" + std::to_string(options.max_sync_delay->count()) +
                                                   " ms) is shorter than directory.sync_debounce (" +
                                                   std::to_string(options.sync_debounce.count()) + " ms)");
        }
    }
    check_types("directory.entity_types", options.entity_types);
    std::vector<std::string> merged_types;
    for (const auto& [type, rules] : options.merge) {
        if (type != "*") merged_types.push_back(type);
    }
    check_types("directory.merge", merged_types);
    check_number("directory.max_import_file_bytes", options.max_import_file_bytes, 1, INT64_MAX);
    check_guard(options.deletion_guard);
}

void check_options(const GitOptions& options) {
    if (!options.enabled) return;
    // Compared as seconds: the same number of milliseconds could overflow.
    constexpr auto longest = std::chrono::duration_cast<std::chrono::seconds>(kLongestWait);
    if (options.sync_interval < std::chrono::seconds(1) || options.sync_interval > longest) {
        refuse("git.sync_interval", "takes 1 s to " + std::to_string(longest.count()) + " s, not " +
                                        std::to_string(options.sync_interval.count()) + " s");
    }
    check_wait("git.commit_debounce", options.commit_debounce, milliseconds(0));
    check_wait("git.network_timeout", options.network_timeout, milliseconds(1));
    check_number("git.max_fetch_bytes", options.max_fetch_bytes, 1, INT64_MAX / 2);
    check_remote(options.remote);
    check_branch(options.branch);
    check_signature_part("git.author_name", options.author_name);
    check_signature_part("git.author_email", options.author_email);
    check_message(options.commit_message);
}

void check_options(const WorkspaceOptions& options) {
    check_options(options.store);
    check_options(options.directory);
    check_options(options.git);
}

}  // namespace fluentsync
