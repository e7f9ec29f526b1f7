#include "sync/observation.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "codec/front_matter.hpp"
#include "files/stable_read.hpp"

namespace fluentsync::sync {

namespace {

void refuse(FileObservation& observation, ErrorCode code, std::string reason) {
    observation.state = FileState::invalid;
    observation.code = code;
    observation.reason = std::move(reason);
}

std::string not_regular_reason(runtime::FileKind kind) {
    if (kind == runtime::FileKind::symlink) {
        return "a symbolic link is never followed: put a copy of the file here instead";
    }
    if (kind == runtime::FileKind::folder) {
        return "a folder stands where a file belongs: rename it";
    }
    return "not a regular file (a FIFO, socket or device): remove it";
}

/// stat is of the read's beginning; the read filled the rest.
void take_read(FileObservation& observation, files::StableRead&& read, std::uint64_t limit) {
    observation.stat = read.stat;
    switch (read.status) {
        case files::ReadStatus::missing:
            observation.state = FileState::absent;
            return;
        case files::ReadStatus::unstable:
            observation.state = FileState::unstable;
            return;
        case files::ReadStatus::not_regular:
            refuse(observation, ErrorCode::invalid_content, not_regular_reason(read.stat.kind));
            return;
        case files::ReadStatus::too_large:
            refuse(observation, ErrorCode::too_large,
                   fmt::format("{} bytes are over the limit of {} (directory.max_import_file_bytes)",
                               read.stat.size, limit));
            return;
        case files::ReadStatus::ok:
            observation.state = FileState::content;
            observation.bytes = std::move(read.bytes);
            observation.hash = read.hash;
            observation.racy = read.racy;
            return;
    }
}

}  // namespace

store::Signature signature_of(const runtime::FileStat& stat, bool racy) {
    if (racy) {
        return {};
    }
    return {stat.size, stat.mtime_ns, stat.ctime_ns, stat.inode};
}

bool validate_content(std::string_view bytes, FileObservation& observation) {
    if (!base::is_utf8(bytes)) {
        refuse(observation, ErrorCode::invalid_content, "not UTF-8: save it as UTF-8");
        return false;
    }
    try {
        observation.metadata = codec::parse_metadata(bytes);
    } catch (const Error& error) {
        refuse(observation, error.code(), error.what());
        return false;
    }
    observation.blank = codec::is_blank(bytes);
    return true;
}

namespace {

void look(const SyncContext& context, const std::string& path, const codec::Classified& classified,
          const store::LedgerRow* row, const runtime::FileStat* stat, FileObservation& observation) {
    observation.stat = stat != nullptr ? *stat : context.folder->stat(path);
    if (!observation.stat.exists()) {
        return;
    }
    if (classified.kind == codec::PathKind::refused || classified.kind == codec::PathKind::unfit) {
        refuse(observation, ErrorCode::invalid_key, classified.reason);
        return;
    }
    const bool entity = classified.kind == codec::PathKind::entity;
    const bool agreed = row != nullptr && row->base && !row->carried && row->entity == entity;
    if (agreed && observation.stat.kind == runtime::FileKind::regular &&
        row->signature == signature_of(observation.stat, false) &&
        row->executable == observation.stat.executable) {
        observation.state = FileState::same;
        observation.hash = row->base;
        return;
    }
    const auto limit = static_cast<std::uint64_t>(context.options.max_import_file_bytes);
    take_read(observation, files::read_stable(*context.folder, path, limit, context.store.clock()), limit);
    const bool is_base =
        row != nullptr && row->base && row->entity == entity && observation.hash == row->base;
    if (observation.state == FileState::content && entity && !is_base) {
        validate_content(observation.bytes, observation);
    }
}

}  // namespace

FileObservation observe(const SyncContext& context, const std::string& path,
                        const codec::Classified& classified, const store::LedgerRow* row,
                        const runtime::FileStat* stat) {
    // A failure of the moment is not the file's state: only the second one counts.
    for (bool again = true;; again = false) {
        FileObservation observation;
        try {
            look(context, path, classified, row, stat, observation);
        } catch (const Error& error) {
            if (!context.root_verified()) {
                throw;
            }
            if (again) {
                continue;
            }
            refuse(observation, error.code(),
                   error.what());  // One path out of reach does not stop the others.
        }
        return observation;
    }
}

}  // namespace fluentsync::sync
