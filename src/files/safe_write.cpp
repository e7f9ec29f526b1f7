#include "files/safe_write.hpp"

#include <fmt/format.h>

#include <utility>

#include "files/displaced.hpp"
#include "files/layout.hpp"
#include "fluentsync/error.hpp"

namespace fluentsync::files {

namespace {

using runtime::FileKind;
using runtime::FileStat;
using runtime::RenameOutcome;

FileStat write_temporary(runtime::Folder& root, const std::string& temporary, std::string_view bytes,
                         const runtime::Likeness& likeness) {
    try {
        return root.write_new(temporary, bytes, likeness);
    } catch (const Error&) {
        // The claim makes the folder; a person may have removed it since.
        if (root.stat(kTemporaryFolder).exists()) {
            root.remove(temporary);
            throw;
        }
    }
    root.make_folders(kTemporaryFolder, true);
    return root.write_new(temporary, bytes, likeness);
}

[[noreturn]] void throw_folder_in_the_way(const std::string& path) {
    throw Error(ErrorCode::io,
                fmt::format("cannot write {}: a folder is in its place; rename or remove it", path), path);
}

[[noreturn]] void throw_temporary_gone(const std::string& path) {
    throw Error(
        ErrorCode::io,
        fmt::format("cannot write {}: its temporary in {} has vanished; try again", path, kTemporaryFolder),
        path);
}

/// The rename moves ctime alone.
bool same_file(const FileStat& a, const FileStat& b) {
    return a.kind == b.kind && a.inode == b.inode && a.device == b.device && a.size == b.size &&
           a.mtime_ns == b.mtime_ns;
}

}  // namespace

StagedFile::StagedFile(runtime::Folder& root, std::string path, std::string_view bytes,
                       std::optional<bool> executable)
    : root_(&root),
      bytes_(bytes),
      likeness_{std::move(path), executable},
      temporary_(new_temporary(kPartPrefix)),
      written_(write_temporary(root, temporary_, bytes, likeness_)) {}

StagedFile::StagedFile(StagedFile&& other) noexcept
    : root_(other.root_),
      bytes_(other.bytes_),
      likeness_(std::move(other.likeness_)),
      temporary_(std::exchange(other.temporary_, std::string())),
      written_(other.written_) {}

StagedFile::~StagedFile() {
    if (temporary_.empty()) return;
    try {
        root_->remove(temporary_);
    } catch (const Error&) {
        // It stays in .fluentsync/tmp, where the next start removes it.
    }
}

WriteOutcome StagedFile::place(const Expected& expected) {
    if (temporary_.empty())
        throw Error(ErrorCode::misuse, fmt::format("{}: a staged file can be placed once", likeness_.place),
                    likeness_.place);
    return expected.stat ? replace(expected) : create();
}

WriteOutcome StagedFile::create() {
    const std::string& path = likeness_.place;
    FileStat placed;
    switch (move_into(*root_, temporary_, path, placed)) {
        case RenameOutcome::done:
            temporary_.clear();
            return {WriteStatus::done, ours_or_written(placed), {}};
        case RenameOutcome::target_exists:
            if (root_->stat(path).kind == FileKind::folder) throw_folder_in_the_way(path);
            return {WriteStatus::changed, {}, {}};
        case RenameOutcome::missing:
            break;
    }
    throw_temporary_gone(path);
}

WriteOutcome StagedFile::replace(const Expected& expected) {
    const std::string& path = likeness_.place;
    // A first look spares most strangers' files the trip out and back. What counts is checked after the swap.
    const auto target = root_->stat(path);
    if (target.kind == FileKind::folder) throw_folder_in_the_way(path);
    if (target != *expected.stat) {
        if (!holds_expected(*root_, path, expected)) return {WriteStatus::changed, {}, {}};
        written_ = root_->shape(temporary_, likeness_);  // Somebody may have changed its mode meanwhile.
    }

    // From here on the temporary may hold somebody's file: it gets a name that says so.
    const auto moved = moved_temporary(path);
    if (root_->rename_new(temporary_, moved) != RenameOutcome::done) throw_temporary_gone(path);
    temporary_.clear();
    if (!swapped(moved)) {
        if (!root_->remove(moved)) throw_temporary_gone(path);
        return {WriteStatus::changed, {}, {}};
    }
    // Equal size and mtime prove nothing (an edit may restore both, and the swap itself moves ctime): the
    // content does. The look ends with a stat, so that a write through a descriptor opened before the swap
    // shows.
    FileStat displaced;
    if (!holds_expected(*root_, moved, expected, &displaced)) return give_back(moved);
    root_->remove(moved);
    // The swap gave both the same ctime. Another one is that of an edit since, however much it looks like
    // ours.
    const auto now = root_->stat(path);
    return {WriteStatus::done, now.ctime_ns == displaced.ctime_ns ? ours_or_written(now) : written_, {}};
}

/// Refused, ours goes as a temporary does.
bool StagedFile::swapped(const std::string& moved) {
    try {
        return root_->exchange(moved, likeness_.place) == RenameOutcome::done;
    } catch (const Error&) {
        if (same_file(root_->stat(moved), written_)) temporary_ = moved;
        throw;
    }
}

/// By content: an edit may have kept size and mtime, and the swap has moved ctime.
bool StagedFile::holds_ours(const std::string& path) const {
    std::string bytes;
    return root_->read(path, bytes_.size(), bytes).kind == FileKind::regular && bytes == bytes_;
}

WriteOutcome StagedFile::give_back(const std::string& moved) {
    const std::string& path = likeness_.place;
    constexpr int kAttempts = 8;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        switch (root_->exchange(moved, path)) {
            case RenameOutcome::done:
                if (holds_ours(moved)) {
                    root_->remove(moved);
                    return {WriteStatus::changed, {}, {}};
                }
                // Somebody saved over ours in between. The later save belongs in place, the earlier one is
                // kept.
                root_->exchange(moved, path);
                return {WriteStatus::changed, {}, rescue(*root_, moved)};
            case RenameOutcome::missing:
                // Somebody removed ours: the place is free, unless it is taken again at this moment.
                if (move_into(*root_, moved, path) != RenameOutcome::target_exists)
                    return {WriteStatus::changed, {}, {}};
                break;
            case RenameOutcome::target_exists:
                break;
        }
    }
    return {WriteStatus::changed, {}, rescue(*root_, moved)};
}

FileStat StagedFile::ours_or_written(const FileStat& now) const {
    return same_file(now, written_) ? now : written_;
}

WriteStatus remove_file(runtime::Folder& root, const std::string& path, const Expected& expected,
                        std::string* rescued) {
    const auto target = root.stat(path);
    if (!target.exists()) return WriteStatus::done;
    if (target.kind == FileKind::folder || !expected.stat) return WriteStatus::changed;
    if (target != *expected.stat && !holds_expected(root, path, expected)) return WriteStatus::changed;

    const auto moved = moved_temporary(path);
    const auto outcome = move_into(root, path, moved);
    if (outcome == RenameOutcome::missing) return WriteStatus::done;
    if (!holds_expected(root, moved, expected)) {
        if (move_into(root, moved, path) == RenameOutcome::target_exists) {
            auto kept = rescue(root, moved);
            if (rescued != nullptr) *rescued = std::move(kept);
        }
        return WriteStatus::changed;
    }
    root.remove(moved);
    remove_empty_parents(root, path);
    return WriteStatus::done;
}

}  // namespace fluentsync::files
