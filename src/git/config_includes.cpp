#include "git/config_includes.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <functional>

#include "git/glob.hpp"
#include "git/library.hpp"

namespace fluentsync::git {

namespace {

using ConfigEntriesPtr = std::unique_ptr<git_config_iterator, Freed<git_config_iterator_free>>;

constexpr std::string_view kIncludeIf = "includeif.";
constexpr std::string_view kCondition = "includeif.hasconfig:remote.*.url:";
constexpr std::string_view kPathKey = ".path";
/// As git, before it takes them for a circle.
constexpr int kMostNested = 10;

bool is_condition(std::string_view key) {
    return key.starts_with(kCondition) && key.ends_with(kPathKey);
}

bool is_remote_url(std::string_view key) {
    return key.starts_with("remote.") && key.ends_with(".url");
}

/// In the order of the files. Nothing where it cannot be read: whoever needs it says why.
void for_each_entry(git_config* config, const std::function<void(const git_config_entry&)>& visit) {
    ConfigEntriesPtr entries;
    if (git_config_iterator_new(out(entries), config) < 0) return;
    git_config_entry* entry = nullptr;
    while (git_config_next(&entry, entries.get()) == 0)
        visit(*entry);
}

std::string quoted_config(std::string_view value) {
    std::string result = "\"";
    for (const char c : value) {
        if (c == '\n') {
            result += "\\n";
            continue;
        }
        if (c == '"' || c == '\\') result += '\\';
        result += c;
    }
    return result + '"';
}

/// Where an included file is, as the including one says it.
std::string included_path(const char* value, const std::string& including) {
    Buffer parsed;
    if (value == nullptr || git_config_parse_path(&parsed, value) < 0) return {};
    std::string path = parsed.text();
    if (path.empty() || path.front() == '/') return path;
    return including.substr(0, including.rfind('/') + 1) + path;
}

/// Writes one file after the other, includes in their places.
class Splicing {
  public:
    Splicing(git_config* all, git_repository* repository, GivenConfiguration& given)
        : repository_(repository), given_(given) {
        for_each_entry(all, [this](const git_config_entry& entry) {
            if (is_remote_url(entry.name) && entry.value) urls_.emplace_back(entry.value);
        });
    }

    /// libgit2 has put in all other includes already.
    void add(const std::string& file, bool may_name_remotes) {
        if (++nested_ <= kMostNested) {
            given_.made_from.emplace_back(file, stamp_of(file));
            ConfigPtr one;
            int code = git_config_new(out(one));
            if (code == 0) {
                code = git_config_add_file_ondisk(one.get(), file.c_str(), GIT_CONFIG_LEVEL_LOCAL,
                                                  repository_, 0);
            }
            if (code == 0) {
                for_each_entry(one.get(), [&](const git_config_entry& entry) {
                    add_entry(entry, file, may_name_remotes);
                });
            }
        }
        --nested_;
    }

    bool spliced() const { return spliced_; }
    const std::string& text() const { return text_; }

  private:
    void add_entry(const git_config_entry& entry, const std::string& file, bool may_name_remotes) {
        const std::string_view key = entry.name;
        if (is_condition(key)) {
            const std::string path = matches(key) ? included_path(entry.value, file) : std::string();
            if (!path.empty()) {
                spliced_ = true;
                add(path, false);  // The condition would depend on what it brings: git refuses that.
            }
        } else if (key != "include.path" && !key.starts_with(kIncludeIf) &&
                   (may_name_remotes || !is_remote_url(key))) {
            text_ += lines_of_config(entry.name, entry.value);
        }
    }

    bool matches(std::string_view key) const {
        const std::string_view pattern =
            key.substr(kCondition.size(), key.size() - kCondition.size() - kPathKey.size());
        return std::any_of(urls_.begin(), urls_.end(),
                           [&](const std::string& url) { return matches_url(pattern, url); });
    }

    git_repository* repository_;
    GivenConfiguration& given_;
    std::vector<std::string> urls_;
    std::string text_;
    int nested_ = 0;
    bool spliced_ = false;
};

}  // namespace

bool GivenConfiguration::is_current() const {
    return std::all_of(made_from.begin(), made_from.end(),
                       [](const auto& file) { return stamp_of(file.first) == file.second; });
}

runtime::UniqueFd file_in_memory(const std::string& text) {
    runtime::UniqueFd file(::memfd_create("git-config", MFD_CLOEXEC));
    const bool written =
        file && ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
    return written ? std::move(file) : runtime::UniqueFd();
}

std::string path_in_memory(const runtime::UniqueFd& file) {
    return "/proc/self/fd/" + std::to_string(file.get());
}

std::string lines_of_config(const std::string& key, const char* value) {
    const auto first = key.find('.');
    const auto last = key.rfind('.');
    if (first == std::string::npos || first == 0 || last + 1 == key.size() ||
        key.find('\n') != std::string::npos) {
        return {};
    }
    std::string lines = "[" + key.substr(0, first);
    if (first != last) lines += " " + quoted_config(key.substr(first + 1, last - first - 1));
    lines += "]\n\t" + key.substr(last + 1);
    if (value) lines += " = " + quoted_config(value);
    return lines + "\n";
}

bool has_conditional_includes(git_config* config) {
    bool any = false;
    for_each_entry(config, [&](const git_config_entry& entry) { any = any || is_condition(entry.name); });
    return any;
}

std::string with_conditional_includes(const std::string& file, git_config* config, git_repository* repository,
                                      GivenConfiguration& given) {
    Splicing splicing(config, repository, given);
    splicing.add(file, true);
    if (!splicing.spliced()) return file;
    auto made = file_in_memory(splicing.text());
    if (!made) return file;
    given.in_memory.push_back(std::move(made));
    return path_in_memory(given.in_memory.back());
}

bool matches_url(std::string_view pattern, std::string_view url) {
    return Glob(pattern).matches(url);
}

}  // namespace fluentsync::git
