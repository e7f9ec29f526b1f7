#include "json_text.hpp"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

namespace fluentsync::capi {
namespace {

using Json = nlohmann::json;

/// A path on disk need not be UTF-8; JSON must be.
std::string dumped(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json json_of(const std::optional<std::int64_t>& age) {
    return age ? Json(*age) : Json();
}

Json json_of(const std::vector<Held>& held) {
    auto list = Json::array();
    for (const auto& one : held) {
        list.push_back({{"path", one.path},
                        {"code", error_code_name(one.code)},
                        {"reason", one.reason},
                        {"since", one.since},
                        {"carried", one.carried}});
    }
    return list;
}

Json json_of(const DirectoryStatus& status) {
    return {{"autoSync", status.auto_sync},
            {"rootVerified", status.root_verified},
            {"watching", status.watching},
            {"pendingExports", status.pending_exports},
            {"pendingImports", status.pending_imports},
            {"heldDeletions", status.held_deletions},
            {"lastSync", status.last_sync},
            {"held", json_of(status.held)},
            {"exportProgressAge", json_of(status.export_progress_age)},
            {"importProgressAge", json_of(status.import_progress_age)},
            {"lastError", status.last_error}};
}

Json json_of(const GitStatus& status) {
    return {{"initialized", status.initialized},
            {"autoSync", status.auto_sync},
            {"branch", status.branch},
            {"remote", status.remote},
            {"head", status.head},
            {"ahead", status.ahead},
            {"behind", status.behind},
            {"uncommitted", status.uncommitted},
            {"lastCommit", status.last_commit},
            {"lastPush", status.last_push},
            {"lastPushOutcome", push_outcome_name(status.last_push_outcome)},
            {"lastError", status.last_error},
            {"standingBack", status.standing_back},
            {"commitProgressAge", json_of(status.commit_progress_age)},
            {"pullProgressAge", json_of(status.pull_progress_age)},
            {"pushProgressAge", json_of(status.push_progress_age)}};
}

}  // namespace

std::string json_text(const std::vector<std::string>& texts) {
    return dumped(Json(texts));
}

std::string json_text(const std::vector<Held>& held) {
    return dumped(json_of(held));
}

std::string json_text(const DirectoryStatus& status) {
    return dumped(json_of(status));
}

std::string json_text(const GitStatus& status) {
    return dumped(json_of(status));
}

std::string json_text(const WorkspaceStatus& status) {
    return dumped({{"entities", status.entities},
                   {"openConflicts", status.open_conflicts},
                   {"directory", json_of(status.directory)},
                   {"git", status.git ? json_of(*status.git) : Json()}});
}

std::string json_text(const VerifyReport& report) {
    auto drifts = Json::array();
    for (const auto& drift : report.drifts)
        drifts.push_back({{"path", drift.path}, {"what", drift.what}});
    return dumped({{"clean", report.clean()},
                   {"entities", report.entities},
                   {"files", report.files},
                   {"treeEntries", report.tree_entries},
                   {"held", json_of(report.held)},
                   {"drifts", drifts}});
}

std::string json_text(const CommitResult& result) {
    return dumped({{"commit", result.commit}, {"files", result.files}});
}

std::string json_text(const PullResult& result) {
    return dumped({{"head", result.head}, {"files", result.files}, {"merged", result.merged}});
}

std::string json_text(const PushResult& result) {
    return dumped({{"outcome", push_outcome_name(result.outcome)}, {"commit", result.commit}});
}

}  // namespace fluentsync::capi
