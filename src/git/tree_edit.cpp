/// A tree with some paths changed: only the trees on the way to them are read and written.
#include <algorithm>
#include <span>

#include "base/text.hpp"
#include "git/tree_read.hpp"

namespace fluentsync::git {

namespace {

using Changes = std::span<const TreeChange>;

/// Byte order, but '/' comes first, so that a folder's paths stand together and right behind its own name.
bool path_before(const TreeChange& a, const TreeChange& b) {
    const auto rank = [](char c) {
        return c == '/' ? 0 : static_cast<int>(static_cast<unsigned char>(c)) + 1;
    };
    return std::lexicographical_compare(a.path.begin(), a.path.end(), b.path.begin(), b.path.end(),
                                        [rank](char x, char y) { return rank(x) < rank(y); });
}

void check_paths(const std::vector<TreeChange>& sorted) {
    const TreeChange* previous = nullptr;
    for (const TreeChange& change : sorted) {
        const std::string& path = change.path;
        const bool empty_segment =
            path.empty() || path.front() == '/' || path.back() == '/' || path.find("//") != std::string::npos;
        if (empty_segment || path.find('\0') != std::string::npos ||
            std::ranges::count(path, '/') > kDeepestTree) {
            throw Error(ErrorCode::invalid_argument,
                        "\"" + base::printable(path) + "\" cannot be a path in git", path);
        }
        if (previous && previous->path == path) {
            throw Error(ErrorCode::invalid_argument, base::printable(path) + " is changed twice in one tree",
                        path);
        }
        previous = &change;
    }
}

/// The first segment at `offset`.
std::string_view segment_of(const TreeChange& change, std::size_t offset) {
    const std::string_view rest = std::string_view(change.path).substr(offset);
    return rest.substr(0, rest.find('/'));
}

std::string serialise(const std::vector<TreeEntry>& entries) {
    std::string bytes;
    std::size_t size = 0;
    for (const TreeEntry& entry : entries)
        size += entry.name.size() + 28;
    bytes.reserve(size);
    for (const TreeEntry& entry : entries) {
        bytes.append(entry.folder()                  ? "40000 "
                     : entry.mode == kModeExecutable ? "100755 "
                     : entry.mode == kModeLink       ? "120000 "
                     : entry.mode == kModeSubmodule  ? "160000 "
                                                     : "100644 ");
        bytes.append(entry.name).push_back('\0');
        bytes.append(entry.id.raw());
    }
    return bytes;
}

class TreeEdit {
  public:
    TreeEdit(git_repository* repository, ObjectWriter& writer) : repository_(repository), writer_(writer) {}

    const TreeCounts& counts() const { return counts_; }

    /// Nothing when no entry is left. `offset` is where the changes' paths go on below this folder.
    std::optional<base::ObjectId> folder(const std::optional<base::ObjectId>& base, Changes changes,
                                         std::size_t offset) {
        const TreeReading reading(repository_, base);
        const auto& old = reading.entries();
        std::vector<std::string_view> touched;  // sorted
        std::vector<TreeEntry> fresh;
        while (!changes.empty()) {
            const std::string_view name = segment_of(changes.front(), offset);
            const std::size_t count = group_size(changes, name, offset);
            touched.push_back(name);
            if (auto entry = this->entry(find(old, name), name, changes.first(count), offset)) {
                fresh.push_back(*entry);
            }
            changes = changes.subspan(count);
        }
        const auto merged = merge(old, touched, fresh);
        if (merged.empty()) return std::nullopt;
        if (base && merged == old) return base;
        return writer_.add(ObjectWriter::Kind::tree, serialise(merged));
    }

  private:
    static std::size_t group_size(Changes changes, std::string_view name, std::size_t offset) {
        std::size_t count = 1;
        while (count < changes.size() && segment_of(changes[count], offset) == name)
            ++count;
        return count;
    }

    static const TreeEntry* find(const std::vector<TreeEntry>& entries, std::string_view name) {
        for (const std::uint32_t mode : {kModeFile, kModeFolder}) {
            const TreeEntry wanted{name, mode, {}};
            const auto at = std::lower_bound(entries.begin(), entries.end(), wanted, comes_before);
            if (at != entries.end() && at->name == name) return &*at;
        }
        return nullptr;
    }

    void count(const TreeEntry* old, const TreeChange& own) {
        const bool was_file = old && !old->folder();
        if (!own.file) {
            counts_.deleted += was_file ? 1 : 0;
        } else if (!was_file) {
            counts_.added += 1;
        } else if (TreeFile{old->id, old->mode} != *own.file) {
            counts_.modified += 1;
        }
    }

    /// What `name` becomes by the changes of itself (the first, if any) and of paths below it.
    std::optional<TreeEntry> entry(const TreeEntry* old, std::string_view name, Changes changes,
                                   std::size_t offset) {
        const TreeChange* own =
            changes.front().path.size() == offset + name.size() ? &changes.front() : nullptr;
        if (own) count(old, *own);
        const Changes below = own ? changes.subspan(1) : changes;
        const bool puts_below =
            std::ranges::any_of(below, [](const TreeChange& c) { return c.file.has_value(); });
        if (own && own->file) {
            if (puts_below) {
                throw Error(ErrorCode::invalid_argument,
                            base::printable(own->path) + " cannot be a file and a folder", own->path);
            }
            return TreeEntry{name, own->file->mode, own->file->id};
        }
        const bool was_folder = old && old->folder();
        if (was_folder || puts_below) {
            auto id =
                folder(was_folder ? std::optional(old->id) : std::nullopt, below, offset + name.size() + 1);
            if (!id) return std::nullopt;
            return TreeEntry{name, kModeFolder, *id};
        }
        if (own || !old) return std::nullopt;
        return *old;  // a file; nothing is below it that could be removed
    }

    static std::vector<TreeEntry> merge(const std::vector<TreeEntry>& old,
                                        const std::vector<std::string_view>& touched,
                                        std::vector<TreeEntry>& fresh) {
        std::vector<TreeEntry> kept;
        kept.reserve(old.size() + fresh.size());
        std::ranges::copy_if(old, std::back_inserter(kept), [&touched](const TreeEntry& entry) {
            return !std::binary_search(touched.begin(), touched.end(), entry.name);
        });
        std::sort(fresh.begin(), fresh.end(), comes_before);
        const auto middle = static_cast<std::ptrdiff_t>(kept.size());
        kept.insert(kept.end(), fresh.begin(), fresh.end());
        std::inplace_merge(kept.begin(), kept.begin() + middle, kept.end(), comes_before);
        return kept;
    }

    git_repository* repository_;
    ObjectWriter& writer_;
    TreeCounts counts_;
};

}  // namespace

base::ObjectId edit_tree(Repository& repository, const std::optional<base::ObjectId>& base,
                         std::vector<TreeChange> changes, ObjectWriter& writer, TreeCounts* counts) {
    std::sort(changes.begin(), changes.end(), path_before);
    check_paths(changes);
    TreeEdit edit(repository.raw(), writer);
    const auto root = edit.folder(base, changes, 0);
    if (counts) *counts = edit.counts();
    return root ? *root : writer.add(ObjectWriter::Kind::tree, {});
}

}  // namespace fluentsync::git
