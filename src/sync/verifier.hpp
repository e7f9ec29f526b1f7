/// The body of verify().
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "git/ignore_rules.hpp"
#include "git/index_marks.hpp"
#include "git/repository.hpp"
#include "store/connection.hpp"
#include "sync/context.hpp"
#include "sync/verify.hpp"

namespace fluentsync::sync {

/// Compares store, folder and git, each with its neighbour. Mends nothing; what it finds lost of HEAD the
/// next opening looks for.
class Verifier {
  public:
    Verifier(store::StoreBody& store, const DirectoryOptions& options) : context_(store, options) {}
    VerifyReport run(bool with_git);

  private:
    static constexpr const char* kMended =
        "sync writes it again where store, folder or remote have it; else restore it from a clone";
    using Hashes = std::map<std::string, base::ObjectId>;
    /// As the ledger has it.
    struct Known {
        base::ObjectId here;
        base::ObjectId in_git;
    };
    struct FileHere {
        base::ObjectId hash;
        base::ObjectId with_lf;  ///< Of the same with LF for each CRLF.
        bool executable = false;
    };

    void drift(const std::string& path, const std::string& what) { report_.drifts.push_back({path, what}); }
    bool held(const std::string& path) const { return holds_.count(path) > 0; }
    bool no_entity(const std::string& path) const { return held(path) || carried_.count(path) > 0; }
    std::string path_of(const EntityKey& key) const;
    void read_holds();
    void open_repository(std::optional<git::Repository>& repository);
    void check_entities();
    void check_row(store::Connection& connection, const EntityKey& key);
    void check_entity(const EntityKey& key, const Entity& entity);
    void check_files();
    void check_file(const std::string& path);
    void look_at_file(const std::string& path);
    void check_barred(const std::string& folder);
    void read_ledger();
    void check_ledger();
    bool lives_without_file(const std::string& path) const;
    bool left_alone(const std::string& path) const;
    void check_git(git::Repository& repository);
    bool check_objects(const git::Repository& repository, const base::ObjectId& commit);
    void forget_whole_objects();
    void check_index(git::Repository& repository, const std::optional<base::ObjectId>& tree);
    void check_head(git::Repository& repository, const std::optional<base::ObjectId>& tree);
    bool differs_by_ends(const git::Repository& repository, const std::string& path, const FileHere& file,
                         const base::ObjectId& blob) const;
    void check_link(const std::string& path, const base::ObjectId& target);
    /// Of the bytes with LF for each CRLF; `id` is theirs as they are.
    static base::ObjectId id_with_lf(std::string_view bytes, const base::ObjectId& id);

    SyncContext context_;
    VerifyReport report_;
    git::MarkedPaths marks_;
    std::optional<git::IgnoreRules> ignore_rules_;
    std::set<std::string> holds_;    ///< Left alone.
    std::set<std::string> carried_;  ///< Held, and git has them all the same.
    Hashes entities_;
    std::map<std::string, FileHere> files_;
    std::map<std::string, Known> ledger_;
    Hashes links_;  ///< By path, the blobs that git would have of symbolic links here.
};

}  // namespace fluentsync::sync
