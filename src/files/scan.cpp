#include "files/scan.hpp"

#include <algorithm>
#include <utility>

#include "files/layout.hpp"

namespace fluentsync::files {

namespace {

/// One folder's listing. Folders among `entries` carry a trailing '/' in their path, so that plain string
/// order within one folder, followed depth first, is the byte order of the full paths: no sort of the whole
/// is needed.
struct Listing {
    std::string folder;
    std::vector<FoundFile> entries;
    std::vector<std::size_t> children;  ///< Of the folders among `entries` that are walked, in their order.
};

void read_listing(const runtime::Folder& root, Listing& listing) {
    auto found = root.list(listing.folder);
    listing.entries.reserve(found.size());
    for (auto& entry : found) {
        auto path = join(listing.folder, entry.name);
        if (entry.stat.kind == runtime::FileKind::folder) path.push_back('/');
        listing.entries.push_back({std::move(path), entry.stat});
    }
    std::sort(listing.entries.begin(), listing.entries.end(),
              [](const FoundFile& a, const FoundFile& b) { return a.path < b.path; });
}

/// Drops the folders that are not walked and appends a listing for each of the others.
void add_children(std::vector<Listing>& listings, std::size_t index,
                  const std::function<bool(const std::string&)>& enter) {
    auto entries = std::move(listings[index].entries);
    std::vector<std::size_t> children;
    const auto refused = [&](const FoundFile& entry) {
        if (entry.stat.kind != runtime::FileKind::folder) return false;
        std::string folder(entry.path, 0, entry.path.size() - 1);
        if (!enter(folder)) return true;
        children.push_back(listings.size());
        listings.push_back({std::move(folder), {}, {}});
        return false;
    };
    entries.erase(std::remove_if(entries.begin(), entries.end(), refused), entries.end());
    listings[index].entries = std::move(entries);
    listings[index].children = std::move(children);
}

/// Depth first, without recursion: a path may be two thousand folders deep.
void collect(std::vector<Listing>& listings, ScanResult& result) {
    struct Position {
        std::size_t listing;
        std::size_t entry = 0;
        std::size_t child = 0;
    };
    std::size_t total = 0;
    for (const auto& listing : listings)
        total += listing.entries.size() - listing.children.size();
    result.files.reserve(total);
    result.folders.reserve(listings.size());

    std::vector<Position> stack{{0}};
    result.folders.push_back(listings[0].folder);
    while (!stack.empty()) {
        auto& at = stack.back();
        auto& listing = listings[at.listing];
        if (at.entry == listing.entries.size()) {
            std::vector<FoundFile>().swap(listing.entries);
            stack.pop_back();
            continue;
        }
        auto& entry = listing.entries[at.entry++];
        if (entry.stat.kind != runtime::FileKind::folder) {
            result.files.push_back(std::move(entry));
            continue;
        }
        const auto child = listing.children[at.child++];
        result.folders.push_back(listings[child].folder);
        stack.push_back({child});
    }
}

}  // namespace

ScanResult scan(const runtime::Folder& root, const std::string& folder,
                const std::function<bool(const std::string&)>& enter, runtime::HelperPool& pool) {
    std::vector<Listing> listings;
    listings.push_back({folder, {}, {}});
    for (std::size_t begin = 0; begin < listings.size();) {
        const auto end = listings.size();
        pool.for_each(end - begin, [&](std::size_t i) { read_listing(root, listings[begin + i]); });
        for (auto i = begin; i < end; ++i)
            add_children(listings, i, enter);
        begin = end;
    }
    ScanResult result;
    collect(listings, result);
    return result;
}

}  // namespace fluentsync::files
