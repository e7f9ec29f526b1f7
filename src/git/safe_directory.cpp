#include "git/safe_directory.hpp"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "git/library.hpp"

namespace fluentsync::git {

namespace {

namespace fs = std::filesystem;
using ConfigIteratorPtr = std::unique_ptr<git_config_iterator, Freed<git_config_iterator_free>>;

struct Trusted {
    int level = 0;
    std::string value;
};

/// In the order in which git reads them.
std::vector<Trusted> trusted_values() {
    const Library library;
    std::vector<Trusted> values;
    ConfigPtr config;
    ConfigIteratorPtr entries;
    if (git_config_open_default(out(config)) < 0) return values;
    if (git_config_multivar_iterator_new(out(entries), config.get(), "safe.directory", nullptr) < 0)
        return values;
    git_config_entry* entry = nullptr;
    while (git_config_next(&entry, entries.get()) == 0)
        values.push_back({static_cast<int>(entry->level), entry->value ? entry->value : ""});
    std::stable_sort(values.begin(), values.end(),
                     [](const Trusted& a, const Trusted& b) { return a.level < b.level; });
    return values;
}

std::string plain_path(const std::string& path) {
    std::error_code error;
    const fs::path real = fs::canonical(path, error);
    std::string text = error ? fs::absolute(path, error).lexically_normal().string() : real.string();
    while (text.size() > 1 && text.back() == '/')
        text.pop_back();
    return text;
}

std::string with_home(const std::string& value) {
    const char* home = std::getenv("HOME");
    return value.rfind("~/", 0) == 0 && home ? home + value.substr(1) : value;
}

bool covers(const std::string& value, const std::string& path) {
    constexpr std::string_view kBelow = "/*";
    if (value == "*") return true;
    const std::string whole = with_home(value);
    if (whole.ends_with(kBelow)) {
        const std::string above = plain_path(whole.substr(0, whole.size() - kBelow.size())) + "/";
        return path.rfind(above, 0) == 0;
    }
    return plain_path(whole) == path;
}

bool is_ours(unsigned owner) {
    if (owner == ::geteuid()) return true;
    const char* caller = ::geteuid() == 0 ? std::getenv("SUDO_UID") : nullptr;
    return caller && base::number_in(caller) == static_cast<std::int64_t>(owner);
}

std::string name_of_user(unsigned owner) {
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 4096> text{};
    const bool known = ::getpwuid_r(owner, &entry, text.data(), text.size(), &found) == 0 && found != nullptr;
    return (known ? std::string(found->pw_name) + " " : std::string()) + "(uid " + std::to_string(owner) +
           ")";
}

}  // namespace

std::optional<unsigned> other_owner(const std::string& folder) {
    for (const std::string& path : {folder + "/.git", folder}) {
        struct stat stat {};
        if (::lstat(path.c_str(), &stat) == 0 && !is_ours(stat.st_uid)) return stat.st_uid;
    }
    return std::nullopt;
}

bool is_safe_directory(const std::string& folder) {
    const std::string path = plain_path(folder);
    bool safe = false;
    for (const Trusted& trusted : trusted_values())
        safe = !trusted.value.empty() && (safe || covers(trusted.value, path));
    return safe;
}

TrustedOwner::TrustedOwner() {
    static std::mutex one;
    alone_ = std::unique_lock(one);
    git_libgit2_opts(GIT_OPT_GET_OWNER_VALIDATION, &before_);
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
}

TrustedOwner::~TrustedOwner() {
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, before_);
}

std::string words_of_owner(const std::string& folder, unsigned owner) {
    const std::string path = base::printable(plain_path(folder));
    return "the repository in " + path + " belongs to another user, " + base::printable(name_of_user(owner)) +
           ": change its owner (chown -R), or trust it by git config --global --add safe.directory '" + path +
           "'";
}

}  // namespace fluentsync::git
