#include "git/tree_read.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace fluentsync::git {

namespace {

[[noreturn]] void fail_malformed(const base::ObjectId& id, const std::string& why) {
    throw Error(ErrorCode::corrupt, "tree " + id.hex() + " is malformed: " + why + " (see git fsck)");
}

}  // namespace

bool comes_before(const TreeEntry& a, const TreeEntry& b) {
    const std::size_t common = std::min(a.name.size(), b.name.size());
    const int order = a.name.compare(0, common, b.name, 0, common);
    if (order != 0) return order < 0;
    const auto next = [common](const TreeEntry& entry) {
        if (common < entry.name.size())
            return static_cast<int>(static_cast<unsigned char>(entry.name[common]));
        return entry.folder() ? static_cast<int>('/') : 0;
    };
    if (next(a) != next(b)) return next(a) < next(b);
    return a.name.size() < b.name.size();
}

/// A file and a folder of one name are apart in git's order, so neighbours alone do not tell.
void check_entries(const base::ObjectId& id, const std::vector<TreeEntry>& entries) {
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const TreeEntry& entry = entries[i];
        if (entry.name.empty()) fail_malformed(id, "an empty name");
        if (entry.name.find('/') != std::string_view::npos) fail_malformed(id, "a name with '/'");
        if (i > 0 && !comes_before(entries[i - 1], entry)) fail_malformed(id, "names twice or out of order");
        if (!entry.folder()) continue;
        const TreeEntry twin{entry.name, kModeFile, {}};
        const auto end = entries.begin() + static_cast<std::ptrdiff_t>(i);
        const auto at = std::lower_bound(entries.begin(), end, twin, comes_before);
        if (at != end && at->name == entry.name) {
            fail_malformed(id, base::printable(entry.name) + " is a file and a folder");
        }
    }
}

TreeReading::TreeReading(git_repository* repository, const std::optional<base::ObjectId>& id) {
    if (!id) return;
    const git_oid oid = to_oid(*id);
    const int code = git_tree_lookup(out(tree_), repository, &oid);
    if (code < 0) fail(code, "tree " + id->hex() + " cannot be read", {}, ErrorCode::corrupt);
    const std::size_t count = git_tree_entrycount(tree_.get());
    entries_.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        const git_tree_entry* entry = git_tree_entry_byindex(tree_.get(), i);
        entries_.push_back({git_tree_entry_name(entry),
                            static_cast<std::uint32_t>(git_tree_entry_filemode(entry)),
                            from_oid(*git_tree_entry_id(entry))});
    }
    check_entries(*id, entries_);
}

}  // namespace fluentsync::git
