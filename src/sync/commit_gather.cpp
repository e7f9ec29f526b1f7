#include "sync/commit_gather.hpp"

#include <optional>
#include <set>
#include <utility>

#include "codec/key_path.hpp"
#include "files/stable_read.hpp"
#include "git/ignore_rules.hpp"
#include "git/line_ends.hpp"
#include "git/tree_lookup.hpp"
#include "store/change_log.hpp"
#include "store/entity_table.hpp"
#include "sync/behind.hpp"
#include "sync/ignore_source.hpp"
#include "sync/marked_files.hpp"

namespace fluentsync::sync {

namespace {

constexpr std::size_t kNamedFiles = 10;

using Blobs = std::vector<std::pair<base::ObjectId, std::string>>;

std::optional<std::string> if_hash_is(const base::ObjectId& hash, std::optional<std::string> bytes) {
    return bytes && base::hash_blob(*bytes) == hash ? std::move(bytes) : std::nullopt;
}

std::vector<std::pair<base::ObjectId, std::string_view>> views_of(const Blobs& blobs) {
    std::vector<std::pair<base::ObjectId, std::string_view>> views;
    views.reserve(blobs.size());
    for (const auto& [id, bytes] : blobs) {
        views.emplace_back(id, bytes);
    }
    return views;
}

/// Files that were not there when they were looked for: a deletion that waits for its second look, or for a
/// word. It may be HEAD's own, by a person's pull or checkout, and nothing may take it back meanwhile.
std::set<std::string> missing_files(const SyncContext& context) {
    std::set<std::string> missing = context.held_deletions;
    for (std::string& path : context.missing.waiting()) {
        missing.insert(std::move(path));
    }
    return missing;
}

class Gatherer {
  public:
    Gatherer(GitContext& git, git::ObjectWriter& writer)
        : git_(git),
          writer_(writer),
          tree_(git.repository, tree_of(git, git.repository.head().commit)),
          ignore_rules_(git.repository, ignore_source(git.sync.folder)),
          form_(git),
          missing_(missing_files(git.sync)),
          sees_executable_bit_(git.repository.sees_executable_bit()) {}

    /// While the helpers compress some blobs, the lane reads the next.
    Gathered run(std::int64_t total) {
        Blobs blobs = next_blobs();
        while (!at_end_ || !blobs.empty()) {
            Blobs following;
            writer_.add_blobs(views_of(blobs), [&] { following = next_blobs(); });
            blobs = std::move(following);
            tell_progress(git_.sync, "commit", static_cast<std::int64_t>(gathered_.rows.size()), total);
        }
        leave_litter_to_git();
        return std::move(gathered_);
    }

  private:
    /// Goes on with the rows, for a bounded size. None need be among them.
    Blobs next_blobs() {
        if (git_.sync.cut_short()) {
            throw Error(ErrorCode::cancelled, "the commit was given up: closing");
        }
        Blobs blobs;
        git_.sync.store.read([&](store::Connection& connection) {
            if (next_ == rows_.size()) {
                load_rows(connection);
            }
            const BehindFiles behind = behind_files(connection);
            std::size_t bytes = 0;
            for (; next_ < rows_.size() && bytes < base::tuning::kBatchBytes; ++next_) {
                if (behind.count(rows_[next_].path) == 0) {  // Else it meets HEAD's version first.
                    bytes += take(connection, std::move(rows_[next_]), blobs);
                }
            }
        });
        return blobs;
    }

    void load_rows(store::Connection& connection) {
        rows_ = store::uncommitted_rows(connection, after_, base::tuning::kBatchEntities);
        next_ = 0;
        at_end_ = rows_.empty();
        if (!at_end_) {
            after_ = rows_.back().path;
        }
    }

    /// How many bytes it added to `blobs`.
    std::size_t take(store::Connection& connection, store::LedgerRow row, Blobs& blobs) {
        if (git_.sync.classify(row.path).kind == codec::PathKind::excluded) {
            litter_.push_back(std::move(row));
            return 0;
        }
        if (!row.committed && is_nothing_to_add(row.path)) {
            return 0;
        }
        if (row.for_git() && !codec::safe_tree_path(row.path)) {
            gathered_.unfit.push_back(std::move(row.path));
            return 0;
        }
        Content content;
        if (row.here() && !find_content(connection, row, content)) {
            return 0;  // It has moved on, or is spoiled: the next round agrees on something newer.
        }
        if (is_in_head(row)) {
            gathered_.in_head.push_back(std::move(row));
            return 0;
        }
        if (git_.sync.marked(row.path)) {
            if (!row.for_git() || !is_left_out(git_.sync, row.path)) {
                gathered_.marked.push_back(std::move(row.path));
            }
            return 0;
        }
        if (!content.bar.empty()) {
            gathered_.left_to_git.push_back({std::move(row), std::move(content.bar)});
            return 0;
        }
        std::size_t bytes = 0;
        if (content.blob) {
            bytes = content.blob->size();
            blobs.emplace_back(*row.for_git(), std::move(*content.blob));
        }
        git::TreeChange change{row.path, std::nullopt};
        if (row.for_git()) {
            change.file = file_for_git(row);
            if (!sees_executable_bit_) {
                change.file->mode = mode_of(at_head(row.path));
            }
        }
        gathered_.changes.push_back(std::move(change));
        add_row(std::move(row));
        return bytes;
    }

    /// A pull met an edit of it, or somebody's commit took it away: what HEAD has of it stands.
    void leave_litter_to_git() {
        if (litter_.empty()) {
            return;
        }
        git_.sync.store.write(Origin::api, store::Durability::relaxed,
                              [&](store::StoreBody::EntityWriter& writer) {
                                  for (store::LedgerRow& row : litter_) {
                                      const auto head = at_head(row.path);
                                      leave_to_git(writer.connection(), std::move(row), head);
                                  }
                              });
    }

    /// What a row is for git.
    struct Content {
        std::string bar;                  ///< Why it may not have the bytes.
        std::optional<std::string> blob;  ///< Where git does not know it yet.
    };

    /// Names the row's git_form where git has, or is to have, its bytes with other line ends. Once it has a
    /// name that git knows, the bytes are not asked for again, whatever the attributes have become. False:
    /// nobody holds the bytes.
    bool find_content(store::Connection& connection, store::LedgerRow& row, Content& content) {
        content.bar = form_.bar(row.path);
        if (!content.bar.empty()) {
            return true;
        }
        const bool is_new = !git_.repository.knows_object(*row.for_git());
        const bool is_converted = form_.depends_on_bytes(row.path) && !(row.git_form && !is_new);
        if (!is_new && !is_converted) {
            return true;
        }
        auto file = agreed_bytes(git_.sync, connection, row);
        if (!file) {
            return false;
        }
        const AtHead head = form_.depends_on_bytes(row.path) ? file_at_head(row.path) : std::nullopt;
        const base::ObjectId id = form_.id_in_git(row.path, *file, *row.here(), head);
        row.git_form = id == row.here() ? std::nullopt : std::optional(id);
        if (row.for_git() == row.committed) {
            return true;
        }
        content.bar = form_.bar_of_file(row.path, *file, head);
        if (content.bar.empty() && !git_.repository.knows_object(*row.for_git())) {
            auto blob = form_.to_git(row.path, *file, head);
            content.blob = blob ? std::move(blob) : std::move(file);
        }
        return true;
    }

    /// With other line ends, which is why the row did not say so. The mode counts as well.
    bool is_in_head(const store::LedgerRow& row) {
        if (!row.git_form || row.git_form != row.committed) {
            return false;
        }
        const auto head = at_head(row.path);
        const bool same_mode =
            !sees_executable_bit_ || (head && (head->mode == git::kModeExecutable) == row.executable);
        return head && head->id == row.git_form && same_mode;
    }

    std::optional<git::TreeFile> at_head(const std::string& path) { return tree_.file(path); }

    /// No link's, and no submodule's.
    AtHead file_at_head(const std::string& path) {
        const auto file = at_head(path);
        const bool is_file = file && file->mode != git::kModeLink && file->mode != git::kModeSubmodule;
        return is_file ? AtHead(file->id) : std::nullopt;
    }

    /// Where the folder's executable bits say nothing, HEAD's stay.
    static std::uint32_t mode_of(const std::optional<git::TreeFile>& file) {
        return file && file->mode == git::kModeExecutable ? git::kModeExecutable : git::kModeFile;
    }

    bool is_nothing_to_add(const std::string& path) {
        return missing_.count(path) > 0 || (ignore_rules_.ignore(path) && !at_head(path));
    }

    void add_row(store::LedgerRow row) {
        if (gathered_.rows.size() < kNamedFiles) {
            gathered_.files += (gathered_.files.empty() ? "" : ", ") + row.path;
        }
        gathered_.rows.push_back(std::move(row));
    }

    GitContext& git_;
    git::ObjectWriter& writer_;
    git::TreeLookup tree_;  ///< HEAD's.
    git::IgnoreRules ignore_rules_;
    GitForm form_;
    const std::set<std::string> missing_;
    const bool sees_executable_bit_;
    Gathered gathered_;
    std::vector<store::LedgerRow> litter_;
    std::vector<store::LedgerRow> rows_;
    std::size_t next_ = 0;  ///< Among them.
    std::string after_;     ///< The last row's path that was loaded.
    bool at_end_ = false;
};

}  // namespace

std::optional<std::string> agreed_bytes(const SyncContext& context, store::Connection& connection,
                                        const store::LedgerRow& row) {
    const base::ObjectId& agreed = row.here().value();
    const codec::Classified classified = context.classify(row.path);
    if (classified.kind == codec::PathKind::entity) {
        const auto head = store::find_head(connection, classified.key);
        if (head && head->hash == agreed) {
            if (auto content = if_hash_is(agreed, store::find_content(connection, classified.key))) {
                return content;
            }
        }
        if (auto kept = if_hash_is(agreed, store::base_content(connection, classified.key))) {
            return kept;
        }
    }
    auto read = files::read_stable(*context.folder, row.path,
                                   static_cast<std::uint64_t>(context.options.max_import_file_bytes),
                                   context.store.clock());
    if (read.status == files::ReadStatus::ok && read.hash == agreed) {
        return std::move(read.bytes);
    }
    return std::nullopt;
}

bool is_version(const GitContext& git, GitForm& form, store::Connection& connection,
                const store::LedgerRow& row, const base::ObjectId& id) {
    if (row.for_git() == id || row.here() == id) {
        return true;
    }
    if (!row.here() || row.git_form || !form.depends_on_bytes(row.path)) {
        return false;
    }
    const auto file = agreed_bytes(git.sync, connection, row);
    return file && (git::as_blob(*file, id) || form.checks_out_as(row.path, id, *file));
}

Gathered gather_commit(GitContext& git, git::ObjectWriter& writer, std::int64_t total) {
    return Gatherer(git, writer).run(total);
}

}  // namespace fluentsync::sync
