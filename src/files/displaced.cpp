#include "files/displaced.hpp"

#include <fmt/format.h>

#include <atomic>
#include <random>
#include <utility>

#include "files/layout.hpp"
#include "fluentsync/error.hpp"

namespace fluentsync::files {

namespace {

/// Above any file that could have been hashed into a ledger, far below what would exhaust memory silently.
constexpr std::uint64_t kReadLimit = 2ull << 30;
constexpr int kAttempts = 8;
constexpr std::size_t kMarkDigits = 16;

bool starts_with(const std::string& text, std::string_view prefix) {
    return std::string_view(text).substr(0, prefix.size()) == prefix;
}

using Known = std::function<bool(const base::ObjectId&, const std::string&)>;

/// Whether the file holds nothing that is not kept elsewhere.
bool is_dispensable(const runtime::Folder& root, const std::string& temporary, const runtime::FileStat& stat,
                    const Known& known) {
    if (stat.kind != runtime::FileKind::regular || stat.size > kReadLimit) return false;
    if (stat.size == 0) return true;
    std::string bytes;
    const auto opened = root.read(temporary, kReadLimit, bytes);
    return opened == stat && known(base::hash_blob(bytes), temporary);
}

/// The state folder is the process's own, whoever the root belongs to.
bool is_ours(const std::string& folder) {
    return folder == kStateFolder || starts_with(folder, std::string(kStateFolder) + "/");
}

/// Makes the parents of `to` and tries again when they are what a rename lacks.
runtime::RenameOutcome with_parents(runtime::Folder& root, const std::string& to,
                                    const std::function<runtime::RenameOutcome()>& rename) {
    const auto parent = parent_of(to);
    bool was_there = false;
    for (int attempt = 0;; ++attempt) {
        bool there = true;
        try {
            return rename();
        } catch (const Error&) {
            there = parent.empty() || root.stat(parent).exists();
            // Another thread may have made the folder since: only the second failure in it counts.
            if (attempt == kAttempts || (there && was_there)) throw;
        }
        was_there = there;
        if (!there) root.make_folders(parent, is_ours(parent));
    }
}

}  // namespace

std::string new_temporary(const char* prefix) {
    static const std::uint64_t process = [] {
        std::random_device device;
        return (static_cast<std::uint64_t>(device()) << 32) | device();
    }();
    static std::atomic<std::uint64_t> counter{0};
    return fmt::format("{}/{}{:016x}-{}", kTemporaryFolder, prefix, process, ++counter);
}

std::string moved_temporary(const std::string& path) {
    return new_temporary(kMovedPrefix) + '-' + mark_of_path(path);
}

std::string mark_of_path(const std::string& path) {
    return base::hash_bytes(path).hex().substr(0, kMarkDigits);
}

std::string mark_of_temporary(const std::string& temporary) {
    const auto dash = temporary.rfind('-');
    const bool marked = dash != std::string::npos && temporary.size() - dash - 1 == kMarkDigits;
    return marked ? temporary.substr(dash + 1) : std::string();
}

bool may_hold_expected(const runtime::FileStat& stat, const Expected& expected) {
    if (!expected.stat || stat.kind != runtime::FileKind::regular) return false;
    // A signature that is not trusted is all zero: then its size says nothing.
    return expected.stat->inode == 0 || expected.stat->size == stat.size;
}

bool holds_expected(const runtime::Folder& root, const std::string& path, const Expected& expected,
                    runtime::FileStat* seen) {
    const auto before = root.stat(path);
    if (seen != nullptr) *seen = before;
    if (!may_hold_expected(before, expected) || before.size > kReadLimit) return false;
    std::string bytes;
    if (root.read(path, kReadLimit, bytes) != before) return false;
    return base::hash_blob(bytes) == expected.hash && root.stat(path) == before;
}

runtime::RenameOutcome move_into(runtime::Folder& root, const std::string& from, const std::string& to) {
    return with_parents(root, to, [&] { return root.rename_new(from, to); });
}

runtime::RenameOutcome move_into(runtime::Folder& root, const std::string& from, const std::string& to,
                                 runtime::FileStat& placed) {
    return with_parents(root, to, [&] { return root.place_new(from, to, placed); });
}

void remove_empty_parents(runtime::Folder& root, const std::string& path) {
    for (auto folder = parent_of(path); folder.find('/') != std::string::npos; folder = parent_of(folder))
        if (!root.remove_folder(folder)) break;
}

std::string rescue(runtime::Folder& root, const std::string& temporary) {
    const auto name = temporary.substr(temporary.rfind('/') + 1);
    for (int number = 0;; ++number) {
        auto target = join(kRescuedFolder, number == 0 ? name : fmt::format("{}-{}", name, number));
        switch (move_into(root, temporary, target)) {
            case runtime::RenameOutcome::done:
                return target;
            case runtime::RenameOutcome::missing:
                return {};
            case runtime::RenameOutcome::target_exists:
                break;
        }
    }
}

std::vector<std::string> clean_temporaries(runtime::Folder& root, const Known& known) {
    std::vector<std::string> rescued;
    for (const auto& entry : root.list(kTemporaryFolder)) {
        const auto temporary = join(kTemporaryFolder, entry.name);
        const bool folder = entry.stat.kind == runtime::FileKind::folder;
        if (folder && root.remove_folder(temporary)) continue;
        if (!folder &&
            (starts_with(entry.name, kPartPrefix) || is_dispensable(root, temporary, entry.stat, known))) {
            root.remove(temporary);
        } else if (auto kept = rescue(root, temporary); !kept.empty()) {
            rescued.push_back(std::move(kept));
        }
    }
    return rescued;
}

}  // namespace fluentsync::files
