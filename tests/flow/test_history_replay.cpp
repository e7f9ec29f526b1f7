// A real content repository: its whole history pushed commit by commit, and its tree carried elsewhere.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <map>
#include <sstream>

#include "git_steps.hpp"

namespace fluentsync::flow {

namespace {

/// The bundle of the shared data; empty when this machine does not have it.
std::string bundle() {
    const char* named = std::getenv("FLUENTSYNC_TEST_DATA");
    const std::string folder = named != nullptr ? named : FLUENTSYNC_SHARED_DATA;
    const std::string file = folder + "/brain-content.bundle";
    return std::filesystem::exists(file) ? file : std::string();
}

std::vector<std::string> lines(const std::string& text) {
    std::vector<std::string> result;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        result.push_back(line);
    }
    return result;
}

/// Path to bytes of every file below `root`, git's and our own folder left out.
std::map<std::string, std::string> files_of(const std::string& root) {
    std::map<std::string, std::string> files;
    for (auto at = std::filesystem::recursive_directory_iterator(root);
         at != std::filesystem::recursive_directory_iterator(); ++at) {
        const std::string name = at->path().filename().string();
        if (at->is_directory() && (name == ".git" || name == ".fluentsync")) {
            at.disable_recursion_pending();
        } else if (at->is_regular_file()) {
            files.emplace(std::filesystem::relative(at->path(), root).string(), read_file(at->path()));
        }
    }
    return files;
}

std::map<std::string, std::string> entities_of(Workspace& workspace) {
    std::map<std::string, std::string> contents;
    for (const Entity& entity : workspace.store().list()) {
        contents.emplace(entity.type + "/" + entity.id + ".md", entity.content);
    }
    return contents;
}

/// The blob ids of a commit, by path.
std::map<std::string, std::string> blobs_of(const std::string& repository, const std::string& commit) {
    std::map<std::string, std::string> blobs;
    std::istringstream stream(support::run_git(repository, {"ls-tree", "-r", "-z", commit}));
    for (std::string one; std::getline(stream, one, '\0');) {
        const std::size_t tab = one.find('\t');
        blobs.emplace(one.substr(tab + 1), one.substr(tab - 40, 40));
    }
    return blobs;
}

bool is_entity_path(const std::string& path) {
    return path.find('/') != std::string::npos && path.size() > 3 &&
           path.compare(path.size() - 3, 3, ".md") == 0;
}

}  // namespace

TEST_CASE("history: every commit of a real repository arrives as it was pushed [trap-05] [trap-10]") {
    if (bundle().empty()) {
        WARN("skipped: the shared data is not here (FLUENTSYNC_TEST_DATA)");
        return;
    }
    support::TempFolder folder;
    const std::string clone = folder / "clone";
    const std::string remote = folder / "remote.git";
    support::must_run({"git", "clone", "-q", bundle(), clone});
    support::must_run({"git", "init", "-q", "--bare", "-b", "main", remote});
    const auto commits = lines(support::run_git(clone, {"rev-list", "--reverse", "--topo-order", "main"}));
    REQUIRE(commits.size() > 300);

    Place place;
    EventLog log;
    Workspace workspace(with_remote(place, remote));
    const auto subscription = workspace.subscribe(log);
    std::string before;
    for (const std::string& commit : commits) {
        if (!before.empty() &&
            support::run_program({"git", "-C", clone, "merge-base", "--is-ancestor", before, commit})
                    .exit_code != 0) {
            continue;  // A side branch: main was never there.
        }
        before = commit;
        support::run_git(clone, {"push", "-q", remote, commit + ":refs/heads/main"});
        INFO(commit);
        const PullResult pulled = workspace.git().pull();
        REQUIRE(pulled.head == commit);
        REQUIRE_FALSE(pulled.merged);

        const auto files = files_of(place.root());
        const auto entities = entities_of(workspace);
        const auto blobs = blobs_of(clone, commit);
        REQUIRE(files.size() == blobs.size());
        std::size_t invalid = 0;
        for (const auto& [path, id] : blobs) {
            INFO(path);
            REQUIRE(files.count(path) == 1);
            if (!is_entity_path(path)) continue;
            const auto entity = entities.find(path);
            if (entity == entities.end() || entity->second != files.at(path)) {
                REQUIRE(held_paths(workspace).count(path) == 1);  // No content for the store, and said so.
                ++invalid;
                continue;
            }
            const auto stored =
                workspace.store().get({path.substr(0, path.find('/')),
                                       path.substr(path.find('/') + 1, path.size() - path.find('/') - 4)});
            REQUIRE(stored->hash == id);  // The blob's name is the hash of its bytes.
        }
        if (invalid == 0) {
            REQUIRE(entities.size() ==
                    static_cast<std::size_t>(std::count_if(blobs.begin(), blobs.end(), [](const auto& one) {
                        return is_entity_path(one.first);
                    })));
        }
    }
    CHECK(log.count(EventKind::git_committed) == 0);
    CHECK(log.count(EventKind::deletion_held) == 0);
    CHECK(place.head() == commits.back());
    workspace.sync();
    CHECK(place.head() == commits.back());
    CHECK(git_status(place) == "");
    CHECK(drifts(workspace).empty());
}

TEST_CASE("history: a real tree imported and exported elsewhere is the same, byte for byte") {
    if (bundle().empty()) {
        WARN("skipped: the shared data is not here (FLUENTSYNC_TEST_DATA)");
        return;
    }
    Place place;
    place.options.git.enabled = false;
    support::must_run({"git", "clone", "-q", bundle(), place.root()});
    const auto before = files_of(place.root());
    std::map<std::string, std::string> entities;
    {
        Workspace workspace(place.options);
        CHECK(workspace.directory().import_all() > 50);
        entities = entities_of(workspace);
        CHECK(drifts(workspace).empty());
        CHECK(files_of(place.root()) == before);
    }
    Place elsewhere;
    elsewhere.options.git.enabled = false;
    {
        Workspace workspace(elsewhere.options);
        for (const auto& [path, content] : entities) {
            const std::size_t slash = path.find('/');
            workspace.store().put(
                {path.substr(0, slash), path.substr(slash + 1, path.size() - slash - 4), content});
        }
        workspace.directory().export_all();
        CHECK(drifts(workspace).empty());
    }
    const auto exported = files_of(elsewhere.root());
    CHECK(exported.size() == entities.size());
    for (const auto& [path, content] : exported) {
        INFO(path);
        CHECK(before.at(path) == content);
    }
}

}  // namespace fluentsync::flow
