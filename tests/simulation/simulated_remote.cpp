// git::fetch() and git::push() against the remote in memory: linked in the place of those with a network.
#include "simulated_remote.hpp"

#include <stdexcept>
#include <vector>

#include "git/library.hpp"
#include "git/remote.hpp"
#include "git/remote_tracking.hpp"
#include "machine.hpp"

namespace simulation {

namespace {

Remote* current = nullptr;

}  // namespace

Remote& remote() {
    if (current == nullptr) throw std::logic_error("no simulated remote");
    return *current;
}

void set_remote(Remote* remote) {
    current = remote;
}

}  // namespace simulation

namespace fluentsync::git {

namespace {

using simulation::machine_at;
using simulation::Remote;
using simulation::remote;

git_oid oid_of(const std::string& id) {
    return to_oid(base::ObjectId::from_raw(id));
}

/// The objects that an object names.
std::vector<std::string> named_by(const Remote::Object& object) {
    std::vector<std::string> ids;
    if (object.type == GIT_OBJECT_COMMIT) {
        for (std::size_t at = 0; at < object.data.size();) {
            const std::size_t end = object.data.find('\n', at);
            const std::string line = object.data.substr(at, end - at);
            const std::size_t id = line.rfind("tree ", 0) == 0 ? 5 : line.rfind("parent ", 0) == 0 ? 7 : 0;
            if (id == 0) break;
            ids.emplace_back(base::ObjectId::from_hex(line.substr(id))->raw());
            at = end + 1;
        }
    } else if (object.type == GIT_OBJECT_TREE) {
        for (std::size_t at = 0; at < object.data.size();) {
            at = object.data.find('\0', at) + 1;
            ids.push_back(object.data.substr(at, GIT_OID_RAWSZ));
            at += GIT_OID_RAWSZ;
        }
    }
    return ids;
}

/// What `tip` needs, what names others before what it names; nothing of what `has` already.
std::vector<std::pair<std::string, Remote::Object>> closure(
    const std::string& tip, const std::function<bool(const std::string&)>& has,
    const std::function<Remote::Object(const std::string&)>& load) {
    std::vector<std::pair<std::string, Remote::Object>> found;
    std::map<std::string, bool> seen;
    std::vector<std::string> waiting{tip};
    while (!waiting.empty()) {
        const std::string id = std::move(waiting.back());
        waiting.pop_back();
        if (seen[id] || has(id)) continue;
        seen[id] = true;
        Remote::Object object = load(id);
        for (std::string& named : named_by(object)) {
            waiting.push_back(std::move(named));
        }
        found.emplace_back(id, std::move(object));
    }
    return found;
}

void reach(simulation::Machine& machine) {
    simulation::pass_point(machine, "network");
    if (machine.offline) {
        throw Error(ErrorCode::remote_unreachable, "the simulated remote cannot be reached");
    }
}

}  // namespace

Cancellation::Cancellation() = default;
Cancellation::~Cancellation() = default;
void Cancellation::cancel() noexcept {
    cancelled_ = true;
}
bool Cancellation::cancelled() const noexcept {
    return cancelled_;
}

}  // namespace fluentsync::git

// Defined by their full names, so that a declaration that has changed is an error here and not an overload.
namespace fluentsync {

git::FetchResult git::fetch(Repository& repository, const RemoteAddress&, const std::string& remote_name,
                            const std::string& branch, const Cancellation&, const TransferProgress&, bool) {
    simulation::Machine& machine = machine_at(repository.folder());
    reach(machine);
    FetchResult result;
    result.empty = remote().branches.empty();
    if (!result.empty) result.default_branch = remote().branches.begin()->first;
    const std::string wanted = branch.empty() ? result.default_branch : branch;
    if (wanted.empty()) return result;
    const TrackingRef tracking(repository, remote_name, wanted);
    const auto tip = remote().branches.find(wanted);
    if (tip == remote().branches.end()) {
        tracking.remove();
        return result;
    }
    const std::string id = tip->second;
    result.tip = base::ObjectId::from_raw(id);
    if (tracking.at(*result.tip)) return result;
    simulation::pass_point(machine, "download");
    const OdbPtr odb = open_odb(repository.raw());
    const auto missing = closure(
        id,
        [&](const std::string& one) {
            const git_oid oid = oid_of(one);
            return git_odb_exists_ext(odb.get(), &oid, GIT_ODB_LOOKUP_NO_REFRESH) == 1;
        },
        [&](const std::string& one) { return remote().objects.at(one); });
    for (auto object = missing.rbegin(); object != missing.rend(); ++object) {
        git_oid oid{};
        check(git_odb_write(&oid, odb.get(), object->second.data.data(), object->second.data.size(),
                            static_cast<git_object_t>(object->second.type)),
              "the simulated remote's object cannot be written");
    }
    simulation::pass_point(machine, "downloaded");
    tracking.move(*result.tip, "fetch");
    return result;
}

git::PushReply git::push(Repository& repository, const RemoteAddress&, const std::string& remote_name,
                         const std::string& branch, const base::ObjectId& commit, const Cancellation&,
                         const TransferProgress&, bool) {
    simulation::Machine& machine = machine_at(repository.folder());
    reach(machine);
    const auto tip_now = [&]() -> std::string {
        const auto found = remote().branches.find(branch);
        return found == remote().branches.end() ? std::string() : found->second;
    };
    const std::string tip = tip_now();
    const std::string id(commit.raw());
    if (tip != id) {
        const auto theirs = tip.empty() ? std::nullopt : std::optional(base::ObjectId::from_raw(tip));
        if (theirs && !(repository.has_object(*theirs) && repository.is_ancestor(*theirs, commit))) {
            return {PushReply::Outcome::not_fast_forward, "pull first"};
        }
        const OdbPtr odb = open_odb(repository.raw());
        for (auto& [one, object] : closure(
                 id, [&](const std::string& have) { return remote().objects.count(have) > 0; },
                 [&](const std::string& have) {
                     const git_oid oid = oid_of(have);
                     OdbObjectPtr read;
                     check(git_odb_read(out(read), odb.get(), &oid), "an object to push cannot be read");
                     return Remote::Object{git_odb_object_type(read.get()),
                                           {static_cast<const char*>(git_odb_object_data(read.get())),
                                            git_odb_object_size(read.get())}};
                 })) {
            remote().objects.emplace(one, std::move(object));
        }
        simulation::pass_point(machine, "upload");
        if (tip_now() != tip) return {PushReply::Outcome::not_fast_forward, "fetch first"};
        remote().branches[branch] = id;
        ++remote().pushes;
    }
    if (machine.lost_replies > 0) {
        --machine.lost_replies;
        throw Error(ErrorCode::timed_out, "the simulated remote's answer was lost");
    }
    simulation::pass_point(machine, "pushed");
    const TrackingRef tracking(repository, remote_name, branch);
    if (!tracking.at(commit)) tracking.move(commit, "push");
    return {PushReply::Outcome::accepted, {}};
}

}  // namespace fluentsync
