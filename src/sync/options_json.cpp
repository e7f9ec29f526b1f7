#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "fluentsync/error.hpp"
#include "fluentsync/options.hpp"
#include "sync/options_check.hpp"
#include "sync/options_syntax.hpp"
#include "sync/options_value.hpp"

namespace fluentsync {
namespace {

using nlohmann::json;
using sync::OptionValue;

/// One option: its name in the JSON, and how its value gets into the struct.
template <class Options>
struct Field {
    std::string_view name;
    void (*read)(Options& options, const OptionValue& value);
};

using StoreField = Field<StoreOptions>;
using GuardField = Field<DeletionGuard>;
using DirectoryField = Field<DirectoryOptions>;
using GitField = Field<GitOptions>;
using WorkspaceField = Field<WorkspaceOptions>;

/// Single edits (insert, delete, replace, swap of neighbours) from one word to the other, in lower case.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    std::vector<std::size_t> before;
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const bool same = lower(a[i - 1]) == lower(b[j - 1]);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
            const bool swapped =
                i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
            if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before = std::exchange(last, row);
    }
    return last[b.size()];
}

template <class Fields>
[[noreturn]] void refuse_unknown(const Fields& fields, std::string_view section, std::string_view name) {
    // A longer word is nobody's typing error; the work stays bounded.
    const auto word = name.substr(0, 64);
    const auto nearest =
        std::min_element(std::begin(fields), std::end(fields), [word](const auto& a, const auto& b) {
            return edit_distance(word, a.name) < edit_distance(word, b.name);
        });
    throw Error(ErrorCode::invalid_options, "unknown option " + sync::option_place(section, name) +
                                                "; did you mean \"" + std::string(nearest->name) + "\"?");
}

template <class Options, std::size_t count>
void read_section(Options& options, const json& object, std::string_view section,
                  const Field<Options> (&fields)[count]) {
    for (const auto& [name, value] : object.items()) {
        const auto field = std::find_if(std::begin(fields), std::end(fields),
                                        [&name = name](const auto& known) { return known.name == name; });
        if (field == std::end(fields)) refuse_unknown(fields, section, name);
        field->read(options, OptionValue(value, section, field->name));
    }
}

const StoreField store_fields[] = {
    {"path", [](auto& o, const auto& v) { o.path = v.text(); }},
    {"cacheKib", [](auto& o, const auto& v) { o.cache_kib = v.integer(1, sync::kLargestCacheKib); }},
    {"durable", [](auto& o, const auto& v) { o.durable = v.flag(); }},
    {"readOnly", [](auto& o, const auto& v) { o.read_only = v.flag(); }},
};

const GuardField guard_fields[] = {
    {"minCount", [](auto& o, const auto& v) { o.min_count = v.integer(0, INT64_MAX); }},
    {"maxFraction", [](auto& o, const auto& v) { o.max_fraction = v.fraction(); }},
    {"maxCount", [](auto& o, const auto& v) { o.max_count = v.integer(0, INT64_MAX); }},
};

const Field<MergeRules> merge_fields[] = {
    {"max", [](auto& o, const auto& v) { o.max = v.texts(); }},
    {"union", [](auto& o, const auto& v) { o.unite = v.texts(); }},
    {"conflict", [](auto& o, const auto& v) { o.conflict = v.texts(); }},
};

const DirectoryField directory_fields[] = {
    {"syncPath", [](auto& o, const auto& v) { o.sync_path = v.text(); }},
    {"autoSync", [](auto& o, const auto& v) { o.auto_sync = v.flag(); }},
    {"syncDebounce", [](auto& o, const auto& v) { o.sync_debounce = v.milliseconds(); }},
    {"maxSyncDelay",
     [](auto& o, const auto& v) {
         if (!v.is_null()) o.max_sync_delay = v.milliseconds();
     }},
    {"watchInterval", [](auto& o, const auto& v) { o.watch_interval = v.milliseconds(1); }},
    {"initialSync", [](auto& o, const auto& v) { o.initial_sync = v.flag(); }},
    {"entityTypes", [](auto& o, const auto& v) { o.entity_types = v.texts(); }},
    {"deleteOnFileRemoval", [](auto& o, const auto& v) { o.delete_on_file_removal = v.flag(); }},
    {"maxImportFileBytes", [](auto& o, const auto& v) { o.max_import_file_bytes = v.integer(1, INT64_MAX); }},
    {"portableNames", [](auto& o, const auto& v) { o.portable_names = v.flag(); }},
    {"layout",
     [](auto& o, const auto& v) {
         o.layout = v.template one_of<Layout>({{"flat", Layout::flat}, {"sharded", Layout::sharded}});
     }},
    {"conflictPolicy",
     [](auto& o, const auto& v) {
         o.conflict_policy = v.template one_of<ConflictPolicy>({{"merge", ConflictPolicy::merge},
                                                                {"preferStore", ConflictPolicy::prefer_store},
                                                                {"preferFile", ConflictPolicy::prefer_file},
                                                                {"newest", ConflictPolicy::newest}});
     }},
    {"merge",
     [](auto& o, const auto& v) {
         for (const auto& [type, rules] : v.object().items()) {
             const std::string place = "directory.merge";
             read_section(o.merge[type], OptionValue(rules, place, type).object(),
                          std::string(place).append(".").append(type), merge_fields);
         }
     }},
    {"deletionGuard",
     [](auto& o, const auto& v) {
         read_section(o.deletion_guard, v.object(), "directory.deletionGuard", guard_fields);
     }},
    {"durable", [](auto& o, const auto& v) { o.durable = v.flag(); }},
    {"watchEnabled",
     [](auto& o, const auto& v) {
         if (!v.is_null()) o.watch_enabled = v.flag();
     }},
};

const GitField git_fields[] = {
    {"enabled", [](auto& o, const auto& v) { o.enabled = v.flag(); }},
    {"autoSync", [](auto& o, const auto& v) { o.auto_sync = v.flag(); }},
    {"syncInterval",
     [](auto& o, const auto& v) {
         o.sync_interval = v.template seconds<decltype(GitOptions::sync_interval)>();
     }},
    {"autoPush", [](auto& o, const auto& v) { o.auto_push = v.flag(); }},
    {"skipExportCheck", [](auto& o, const auto& v) { o.skip_export_check = v.flag(); }},
    {"commitDebounce", [](auto& o, const auto& v) { o.commit_debounce = v.milliseconds(); }},
    {"remote", [](auto& o, const auto& v) { o.remote = v.text(); }},
    {"branch", [](auto& o, const auto& v) { o.branch = v.text(); }},
    {"authorName", [](auto& o, const auto& v) { o.author_name = v.text(); }},
    {"authorEmail", [](auto& o, const auto& v) { o.author_email = v.text(); }},
    {"commitMessage", [](auto& o, const auto& v) { o.commit_message = v.text(); }},
    {"conflictPolicy",
     [](auto& o, const auto& v) {
         o.conflict_policy =
             v.template one_of<RemoteConflictPolicy>({{"merge", RemoteConflictPolicy::merge},
                                                      {"preferLocal", RemoteConflictPolicy::prefer_local},
                                                      {"preferRemote", RemoteConflictPolicy::prefer_remote}});
     }},
    {"networkTimeout",
     [](auto& o, const auto& v) { o.network_timeout = v.template seconds<std::chrono::milliseconds>(); }},
    {"maxFetchBytes", [](auto& o, const auto& v) { o.max_fetch_bytes = v.integer(1, INT64_MAX / 2); }},
    {"durable", [](auto& o, const auto& v) { o.durable = v.flag(); }},
};

const WorkspaceField workspace_fields[] = {
    {"store", [](auto& o, const auto& v) { read_section(o.store, v.object(), "store", store_fields); }},
    {"directory",
     [](auto& o, const auto& v) { read_section(o.directory, v.object(), "directory", directory_fields); }},
    {"git",
     [](auto& o, const auto& v) {
         o.git.enabled = !v.is_null();
         if (!v.is_null()) read_section(o.git, v.object(), "git", git_fields);
     }},
};

/// watchEnabled sets autoSync, so a JSON that says both must mean one thing.
void check_deprecated(const json& directory) {
    const auto old_name = directory.find("watchEnabled");
    const auto new_name = directory.find("autoSync");
    if (old_name == directory.end() || new_name == directory.end()) return;
    if (old_name->is_null() || *old_name == *new_name) return;
    throw Error(ErrorCode::invalid_options,
                "options \"watchEnabled\" (deprecated) and \"autoSync\" in \"directory\" contradict each "
                "other; keep \"autoSync\" alone");
}

json parse_object(const std::string& text) {
    auto object = sync::parse_option_text(text);
    if (!object.is_object()) throw Error(ErrorCode::invalid_options, "options: the text is no JSON object");
    return object;
}

}  // namespace

WorkspaceOptions parse_options(const std::string& text) {
    const auto root = parse_object(text);
    WorkspaceOptions options;
    options.git.enabled = false;
    read_section(options, root, "", workspace_fields);
    check_deprecated(root.value("directory", json::object()));
    return options;
}

StoreOptions parse_store_options(const std::string& text) {
    StoreOptions options;
    read_section(options, parse_object(text), "store", store_fields);
    return options;
}

DirectoryOptions parse_directory_options(const std::string& text) {
    const auto object = parse_object(text);
    DirectoryOptions options;
    read_section(options, object, "directory", directory_fields);
    check_deprecated(object);
    return options;
}

GitOptions parse_git_options(const std::string& text) {
    GitOptions options;
    read_section(options, parse_object(text), "git", git_fields);
    return options;
}

}  // namespace fluentsync
