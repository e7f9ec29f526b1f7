#include "sync/file_work.hpp"

#include <fmt/format.h>

#include <deque>

#include "base/text.hpp"
#include "sync/leftovers.hpp"

namespace fluentsync::sync {

namespace {

bool acceptable(const SyncContext& context, FileWork& work) {
    const auto limit = static_cast<std::size_t>(context.options.max_import_file_bytes);
    if (work.content->size() > limit) {
        work.code = ErrorCode::too_large;
        work.reason = fmt::format(
            "the store's content has {} bytes, over the limit of {} (directory.max_import_file_bytes)",
            work.content->size(), limit);
        return false;
    }
    if (!work.item.is_entity()) {
        return true;
    }
    if (work.item.head && work.item.head->parsed && base::is_utf8(*work.content)) {
        return true;
    }
    FileObservation check;
    if (!validate_content(*work.content, check)) {
        work.code = check.code;
        work.reason = fmt::format("the store's content cannot be exported: {}", check.reason);
        return false;
    }
    return true;
}

std::string parent_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

void record_failure(FileWork& work, const Error& error) {
    work.outcome = FileWork::Outcome::failed;
    work.code = error.code();
    work.reason = error.what();
    work.cause = work.reason;
    const std::size_t at = error.path().empty() ? std::string::npos : work.cause.find(error.path());
    if (at != std::string::npos) {
        work.cause.erase(at, error.path().size());
    }
}

std::optional<files::StagedFile> stage(SyncContext& context, FileWork& work) {
    if (!work.content) {
        return std::nullopt;
    }
    try {
        if (!work.from_git && !acceptable(context, work)) {
            work.outcome = FileWork::Outcome::refused;
            return std::nullopt;
        }
        return files::StagedFile(*context.folder, work.item.path, *work.content, work.executable);
    } catch (const Error& error) {
        record_failure(work, error);
        return std::nullopt;
    }
}

void put_in_place(SyncContext& context, FileWork& work, std::optional<files::StagedFile>& staged) {
    if (work.outcome != FileWork::Outcome::pending) {
        return;
    }
    if (!work.from_git && context.gives_way_to_git()) {
        work.outcome = FileWork::Outcome::changed;
        return;
    }
    try {
        files::WriteStatus status = files::WriteStatus::done;
        std::string rescued;
        if (staged) {
            const files::WriteOutcome outcome = staged->place(work.expected);
            status = outcome.status;
            work.stat = outcome.stat;
            rescued = outcome.rescued;
        } else {
            status = files::remove_file(*context.folder, work.item.path, work.expected, &rescued);
        }
        if (!rescued.empty()) {
            tell_rescued(context, work.item.path, rescued);
        }
        work.outcome =
            status == files::WriteStatus::done ? FileWork::Outcome::done : FileWork::Outcome::changed;
        work.beside_git = context.persons_git.holds_index();
    } catch (const runtime::PathRefused& error) {
        record_failure(work, error);
        work.path_refused = true;
    } catch (const Error& error) {
        record_failure(work, error);
    }
}

/// True also where that cannot be seen.
bool may_be_missing(const SyncContext& context, const std::string& folder) {
    try {
        return !context.folder->stat(folder).exists();
    } catch (const Error&) {
        return true;
    }
}

/// Those that hold the names which lead to `path`, from its own up to the first that is there.
std::vector<std::string> folders_to_sync(const SyncContext& context, const std::string& path) {
    std::vector<std::string> folders{parent_of(path)};
    while (!folders.back().empty() && may_be_missing(context, folders.back())) {
        folders.push_back(parent_of(folders.back()));
    }
    return folders;
}

/// Bytes first, so that no name leads to content that is not there after a power cut; then the names.
void carry_out_durably(SyncContext& context, FileWork& work, const std::vector<std::string>& folders) {
    std::optional<files::StagedFile> staged = stage(context, work);
    try {
        if (staged) {
            staged->sync();
        }
        put_in_place(context, work, staged);
        if (work.outcome == FileWork::Outcome::done) {
            // A removal may have taken folders that it left empty along.
            for (const std::string& folder :
                 work.content ? folders : folders_to_sync(context, work.item.path)) {
                context.folder->sync_path(folder);
            }
        }
    } catch (const Error& error) {
        record_failure(work, error);
    }
}

/// The same for many files, with two flushes in all.
void carry_out_in_bulk(SyncContext& context, std::vector<FileWork>& work,
                       const std::function<void()>& beside) {
    std::deque<std::optional<files::StagedFile>> staged(work.size());
    context.pool.for_each(
        work.size(),
        [&](std::size_t i) {
            std::optional<files::StagedFile> one = stage(context, work[i]);
            if (one) {
                staged[i].emplace(std::move(*one));
            }
        },
        beside);
    context.folder->sync();
    context.pool.for_each(work.size(), [&](std::size_t i) { put_in_place(context, work[i], staged[i]); });
    context.folder->sync();
}

}  // namespace

void FileWorkList::add(FileWork one) {
    bytes += one.content ? one.content->size() : 0;
    work.push_back(std::move(one));
}

files::Expected expected_of(const SettleItem& item) {
    files::Expected expected;
    if (item.file.state != FileState::absent && item.file.hash) {
        expected.stat = item.file.stat;
        expected.hash = *item.file.hash;
    }
    return expected;
}

void carry_out(SyncContext& context, std::vector<FileWork>& work, const std::function<void()>& beside) {
    if (!context.options.durable) {
        context.pool.for_each(
            work.size(),
            [&](std::size_t i) {
                std::optional<files::StagedFile> staged = stage(context, work[i]);
                put_in_place(context, work[i], staged);
            },
            beside);
    } else if (work.size() <= base::tuning::kSyncEach) {
        // Looked up before the first makes a folder that others need too.
        std::vector<std::vector<std::string>> folders;
        folders.reserve(work.size());
        for (const FileWork& one : work) {
            folders.push_back(folders_to_sync(context, one.item.path));
        }
        context.pool.for_each(
            work.size(), [&](std::size_t i) { carry_out_durably(context, work[i], folders[i]); }, beside);
    } else {
        carry_out_in_bulk(context, work, beside);
    }
}

}  // namespace fluentsync::sync
