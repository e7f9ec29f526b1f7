#include "files/root_claim.hpp"

#include <fmt/format.h>

#include <random>
#include <utility>

#include "files/layout.hpp"
#include "files/root_lock.hpp"
#include "files/safe_write.hpp"
#include "files/state_claim.hpp"
#include "fluentsync/error.hpp"

namespace fluentsync::files {

namespace {

using runtime::FileKind;

constexpr std::size_t kMarkerDigits = 32;

void ensure_file(runtime::Folder& folder, const char* path, std::string_view bytes) {
    if (folder.stat(path).exists()) return;
    // Two processes may start at once: the one that comes second finds it made.
    StagedFile(folder, path, bytes).place({});
}

void ensure_folder(runtime::Folder& folder, const char* path) {
    const auto kind = folder.stat(path).kind;
    if (kind == FileKind::folder) return;
    if (kind != FileKind::none)
        throw Error(
            ErrorCode::cannot_open,
            fmt::format("cannot use {}: {} there is no folder; remove it", folder.absolute_path(), path),
            folder.absolute_path());
    folder.make_folders(path, true);
}

std::string random_marker() {
    std::random_device device;
    std::string digits;
    while (digits.size() < kMarkerDigits)
        digits += fmt::format("{:08x}", device());
    return digits;
}

}  // namespace

RootClaim::RootClaim(std::shared_ptr<runtime::Folder> folder, bool make_marker)
    : folder_(std::move(folder)), opened_(folder_->identity()) {
    if (!opened_.exists())
        throw Error(ErrorCode::cannot_open,
                    fmt::format("cannot open {}: the folder is gone", folder_->absolute_path()),
                    folder_->absolute_path());
    claim_state_folder(folder_->absolute_path());
    lock_ = std::make_unique<RootLock>(folder_->absolute_path());
    ensure_folder(*folder_, kTemporaryFolder);
    folder_->keep_open(kTemporaryFolder);
    ensure_file(*folder_, kIgnoreFile, "*\n");
    id_ = read_marker(*folder_);
    if (id_.empty() && make_marker) this->make_marker();
    claim_state_folder(folder_->absolute_path());  // What was made just now is private as well.
}

RootClaim::~RootClaim() = default;

void RootClaim::make_marker() {
    auto id = random_marker();
    Expected expected;
    const auto old = folder_->stat(kMarkerFile);
    std::string bytes;
    if (old.exists()) {
        expected.stat = folder_->read(kMarkerFile, old.size, bytes);
        expected.hash = base::hash_blob(bytes);
    }
    if (StagedFile(*folder_, kMarkerFile, id + "\n").place(expected).status != WriteStatus::done)
        throw Error(ErrorCode::io,
                    fmt::format("cannot write {}: somebody else writes it; try again", kMarkerFile),
                    kMarkerFile);
    folder_->sync();
    id_ = std::move(id);
}

bool RootClaim::verified() const {
    if (id_.empty()) return false;
    try {
        const auto now = folder_->identity();
        return now.kind == FileKind::folder && now.inode == opened_.inode && now.device == opened_.device &&
               read_marker(*folder_) == id_;
    } catch (const Error&) {
        return false;  // A folder that cannot be looked at proves nothing.
    }
}

std::string RootClaim::read_marker(const runtime::Folder& folder) {
    constexpr std::size_t kLimit = 64;
    std::string text;
    if (folder.read(kMarkerFile, kLimit, text).kind != FileKind::regular) return {};
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
        text.pop_back();
    const bool well_formed =
        text.size() == kMarkerDigits && text.find_first_not_of("0123456789abcdef") == std::string::npos;
    return well_formed ? text : std::string();
}

}  // namespace fluentsync::files
