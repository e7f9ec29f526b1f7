#include "sync/verifier.hpp"

#include <optional>

#include "base/text.hpp"
#include "codec/front_matter.hpp"
#include "files/stable_read.hpp"
#include "git/damage.hpp"
#include "git/index.hpp"
#include "git/index_marks.hpp"
#include "git/line_ends.hpp"
#include "git/tree.hpp"
#include "store/change_log.hpp"
#include "store/entity_table.hpp"
#include "store/ledger.hpp"
#include "store/records.hpp"
#include "sync/barred_folder.hpp"
#include "sync/git_context.hpp"
#include "sync/ignore_source.hpp"
#include "sync/rescan.hpp"

namespace fluentsync::sync {

VerifyReport Verifier::run(bool with_git) {
    read_holds();
    try {
        context_.folder = runtime::open_folder(context_.options.sync_path, false);
    } catch (const Error& error) {
        drift(context_.options.sync_path, error.what());
        return std::move(report_);
    }
    std::optional<git::Repository> repository;
    const bool exists = with_git && git::Repository::exists(context_.options.sync_path);
    if (exists) {
        open_repository(repository);
    }
    if (repository) {
        context_.marked = [&](const std::string& path) { return marks_.contains(*repository, path); };
        ignore_rules_.emplace(*repository, ignore_source(context_.folder));
        context_.ignored = [&](const std::string& path) { return ignore_rules_->ignore(path); };
    }
    read_ledger();
    check_entities();
    check_files();
    check_ledger();
    if (repository) {
        check_git(*repository);
    } else if (with_git && !exists) {
        drift(context_.options.sync_path, "there is no git repository");
    }
    for (const auto& [path, target] : links_) {
        if (context_.classify(path).kind == codec::PathKind::entity) {
            drift(path, "a symbolic link stands in the place of an entity's file, and is not held");
        }
    }
    return std::move(report_);
}

void Verifier::open_repository(std::optional<git::Repository>& repository) {
    try {
        const auto damaged = git::look_at_loose_objects(context_.options.sync_path).damaged;
        for (const base::ObjectId& id : damaged) {
            drift(".git", "object " + id.hex() + " is damaged: " + kMended);
        }
        if (!damaged.empty()) {
            return;  // libgit2 must not read them.
        }
        repository.emplace(git::Repository::open(context_.options.sync_path));
    } catch (const Error& error) {
        drift(".git", error.what());
    }
}

void Verifier::read_holds() {
    context_.store.read([&](store::Connection& connection) { report_.held = store::list_holds(connection); });
    for (const Held& one : report_.held) {
        (one.carried ? carried_ : holds_).insert(one.path);
    }
}

/// By this name a key is held that no path can be made of.
std::string Verifier::path_of(const EntityKey& key) const {
    try {
        return context_.paths.to_path(key);
    } catch (const Error&) {
        return base::printable(key.type + "/" + key.id);
    }
}

void Verifier::check_entity(const EntityKey& key, const Entity& entity) {
    const base::ObjectId hash = base::hash_blob(entity.content);
    const std::string path = context_.paths.to_path(key);
    if (entity.hash != hash.hex()) {
        drift(path, "the store's hash is not that of its content");
    }
    if (!no_entity(path) && entity.metadata != codec::parse_metadata(entity.content)) {
        drift(path, "the store's metadata is not what the front matter says");
    }
    entities_.emplace(path, hash);
}

void Verifier::check_row(store::Connection& connection, const EntityKey& key) {
    const auto entity = store::find_entity(connection, key);
    if (!entity) {
        drift(path_of(key), "the store lists a row that it does not find by its key");
        return;
    }
    if (store::has_spoiled_metadata(connection, key)) {
        drift(path_of(key), "the store's metadata is no JSON: set it to NULL");
    }
    check_entity(key, *entity);
}

void Verifier::check_entities() {
    std::optional<EntityKey> after;
    for (bool more = true; more;) {
        context_.store.read([&](store::Connection& connection) {
            const auto keys = store::list_keys(connection, after, base::tuning::kBatchEntities);
            more = !keys.empty();
            for (const EntityKey& key : keys) {
                after = key;
                report_.entities += 1;
                if (!context_.takes_type(key.type)) {
                    continue;
                }
                try {
                    check_row(connection, key);
                } catch (const Error& error) {
                    if (const std::string path = path_of(key); !no_entity(path)) {
                        drift(path, error.what());
                    }
                }
            }
        });
    }
    context_.store.read([&](store::Connection& connection) {
        for (const store::Change& change : store::pending_changes(connection, 0, SIZE_MAX)) {
            const std::string path = path_of(change.key);
            if (context_.takes_type(change.key.type) && !no_entity(path)) {
                drift(path, "waits to be exported");
            }
        }
    });
}

/// One that may not be read is told by that reason alone.
void Verifier::look_at_file(const std::string& path) {
    if (context_.classify(path).kind == codec::PathKind::excluded || held(path)) {
        return;
    }
    try {
        check_file(path);
    } catch (const runtime::PathRefused& error) {
        drift(path, error.what());
        holds_.insert(path);
    }
}

void Verifier::check_file(const std::string& path) {
    const codec::Classified classified = context_.classify(path);
    const auto read = files::read_stable(*context_.folder, path,
                                         static_cast<std::uint64_t>(context_.options.max_import_file_bytes),
                                         context_.store.clock());
    if (read.status == files::ReadStatus::missing) {
        return;
    }
    if (read.status != files::ReadStatus::ok) {
        if (const auto target = context_.folder->read_link(path)) {
            links_.emplace(path, base::hash_blob(*target));
        } else if (classified.kind == codec::PathKind::entity) {
            drift(path, "the file cannot be read as content, and is not held");
        }
        return;
    }
    files_.emplace(path, FileHere{read.hash, id_with_lf(read.bytes, read.hash), read.stat.executable});
    if (classified.kind != codec::PathKind::entity || no_entity(path)) {
        return;
    }
    report_.files += 1;
    const auto entity = entities_.find(path);
    if (entity == entities_.end()) {
        drift(path, "the file has no entity");
    } else if (entity->second != read.hash) {
        drift(path, "file and store differ");
    }
}

/// Of the files in it only those count that are known already.
void Verifier::check_barred(const std::string& folder) {
    const std::optional<Held> bar = held(folder) ? std::nullopt : bar_of(context_, folder);
    if (bar) {
        drift(folder, bar->reason);
    }
    const auto end = ledger_.lower_bound(folder + '0');  // '0' follows '/'.
    for (auto row = ledger_.lower_bound(folder + '/'); row != end; ++row) {
        look_at_file(row->first);
    }
}

void Verifier::check_files() {
    const Walk found = walk(context_, "");
    for (const files::FoundFile& file : found.files) {
        look_at_file(file.path);
    }
    for (const std::string& folder : found.barred) {
        check_barred(folder);
    }
    for (const auto& [path, hash] : entities_) {
        if (files_.count(path) == 0 && !no_entity(path) && !lives_without_file(path)) {
            drift(path, "the entity has no file");
        }
    }
}

void Verifier::read_ledger() {
    context_.store.read([&](store::Connection& connection) {
        store::for_each_row(connection, [&](const store::LedgerRow& row) {
            ledger_.emplace(row.path, Known{*row.here(), *row.for_git()});
        });
    });
}

/// A person wants none, or delete_on_file_removal is off, and the removal has been seen.
bool Verifier::lives_without_file(const std::string& path) const {
    return context_.marked(path) || (!context_.options.delete_on_file_removal && ledger_.count(path) == 0);
}

/// Held, or a name that is never looked at, which somebody has committed all the same; or marked by a person.
bool Verifier::left_alone(const std::string& path) const {
    return held(path) || context_.classify(path).kind == codec::PathKind::excluded || context_.marked(path);
}

void Verifier::check_ledger() {
    for (const auto& [path, known] : ledger_) {
        if (left_alone(path)) {
            continue;
        }
        const auto file = files_.find(path);
        if (file == files_.end()) {
            drift(path, "the ledger knows a file that is not there");
        } else if (file->second.hash != known.here) {
            drift(path, "the ledger's content is not the file's");
        }
    }
}

VerifyReport verify(store::StoreBody& store, const DirectoryOptions& directory, bool with_git) {
    return Verifier(store, directory).run(with_git);
}

}  // namespace fluentsync::sync
