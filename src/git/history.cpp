/// Commits and how they descend from each other.
#include "git/repository_state.hpp"

namespace fluentsync::git {

namespace {

constexpr std::int64_t kBetweenStops = 1000;

/// Commits reachable from `tip`.
std::int64_t count_history(const Repository& repository, const base::ObjectId& tip) {
    RevwalkPtr walk;
    const git_oid oid = to_oid(tip);
    check(git_revwalk_new(out(walk), repository.raw()), "history cannot be read", ErrorCode::corrupt);
    check(git_revwalk_push(walk.get(), &oid), "history cannot be read", ErrorCode::corrupt);
    std::int64_t count = 0;
    git_oid next{};
    int code = 0;
    while ((code = git_revwalk_next(&next, walk.get())) == 0) {
        if (++count % kBetweenStops == 0) repository.stop_if_asked();
    }
    if (code != GIT_ITEROVER) fail(code, "history cannot be read", {}, ErrorCode::corrupt);
    return count;
}

}  // namespace

CommitInfo Repository::commit_info(const base::ObjectId& commit) const {
    CommitPtr found;
    const git_oid oid = to_oid(commit);
    const int code = git_commit_lookup(out(found), raw(), &oid);
    if (code < 0) fail(code, "commit " + commit.hex() + " cannot be read", {}, ErrorCode::corrupt);
    CommitInfo info;
    info.tree = from_oid(*git_commit_tree_id(found.get()));
    for (unsigned i = 0; i < git_commit_parentcount(found.get()); ++i) {
        info.parents.push_back(from_oid(*git_commit_parent_id(found.get(), i)));
    }
    info.time_ms = static_cast<std::int64_t>(git_commit_time(found.get())) * 1000;
    const char* message = git_commit_message(found.get());
    info.message = message ? message : "";
    return info;
}

std::optional<base::ObjectId> Repository::merge_base(const base::ObjectId& a, const base::ObjectId& b) const {
    git_oid result{};
    const git_oid left = to_oid(a);
    const git_oid right = to_oid(b);
    const int code = git_merge_base(&result, raw(), &left, &right);
    if (code == GIT_ENOTFOUND && has_object(a) && has_object(b)) return std::nullopt;
    if (code < 0) {
        fail(code, "no common ancestor of " + a.hex() + " and " + b.hex() + " can be sought", {},
             ErrorCode::corrupt);
    }
    return from_oid(result);
}

bool Repository::is_ancestor(const base::ObjectId& ancestor, const base::ObjectId& of) const {
    if (ancestor == of) return true;
    const git_oid older = to_oid(ancestor);
    const git_oid newer = to_oid(of);
    const int code = git_graph_descendant_of(raw(), &newer, &older);
    if (code < 0) fail(code, "history of " + of.hex() + " cannot be read", {}, ErrorCode::corrupt);
    return code == 1;
}

std::pair<std::int64_t, std::int64_t> Repository::ahead_behind(
    const std::optional<base::ObjectId>& local, const std::optional<base::ObjectId>& remote) const {
    if (!local || !remote) {
        return {local ? count_history(*this, *local) : 0, remote ? count_history(*this, *remote) : 0};
    }
    const git_oid ours = to_oid(*local);
    const git_oid theirs = to_oid(*remote);
    std::size_t ahead = 0;
    std::size_t behind = 0;
    check(git_graph_ahead_behind(&ahead, &behind, raw(), &ours, &theirs), "history cannot be read",
          ErrorCode::corrupt);
    return {static_cast<std::int64_t>(ahead), static_cast<std::int64_t>(behind)};
}

}  // namespace fluentsync::git
