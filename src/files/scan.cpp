#include "files/scan.hpp"

#include <algorithm>
#include <iterator>
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
    std::vector<std::size_t> children;  ///< Of the folders among `entries`, in their order.
    bool refused = false;               ///< Not walked.
    bool unreadable = false;            ///< Not walked, as the system refuses it.
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

/// A folder below the root that may not be read is told, and stops no other.
void read_if_allowed(const runtime::Folder& root, Listing& listing) {
    try {
        runtime::unless_refused_twice([&] { read_listing(root, listing); });
    } catch (const runtime::PathRefused&) {
        if (listing.folder.empty()) throw;
        listing.entries.clear();
        listing.refused = listing.unreadable = true;
    }
}

/// Appends a listing for each folder among the entries of listing `index`.
void add_children(std::vector<Listing>& listings, std::size_t index) {
    std::vector<std::size_t> children;
    std::vector<Listing> below;
    for (const auto& entry : listings[index].entries) {
        if (entry.stat.kind != runtime::FileKind::folder) continue;
        children.push_back(listings.size() + below.size());
        below.push_back({std::string(entry.path, 0, entry.path.size() - 1), {}, {}});
    }
    std::move(below.begin(), below.end(), std::back_inserter(listings));
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
    for (const auto& listing : listings) {
        total += listing.entries.size() - listing.children.size();
        if (listing.unreadable) result.unreadable.push_back(listing.folder);
    }
    result.files.reserve(total);
    result.folders.reserve(listings.size());

    std::vector<Position> stack{{0}};
    if (!listings[0].refused) result.folders.push_back(listings[0].folder);
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
        if (listings[child].refused) continue;
        result.folders.push_back(listings[child].folder);
        stack.push_back({child});
    }
}

}  // namespace

ScanResult scan(const runtime::Folder& root, const std::string& folder,
                const std::function<bool(const std::string&)>& enter, runtime::HelperPool& pool) {
    std::vector<Listing> listings;
    listings.push_back({folder, {}, {}});
    read_if_allowed(root, listings[0]);
    add_children(listings, 0);
    for (std::size_t begin = 1; begin < listings.size();) {
        const auto end = listings.size();
        pool.for_each(end - begin, [&](std::size_t i) {
            auto& listing = listings[begin + i];
            listing.refused = !enter(listing.folder);
            if (!listing.refused) read_if_allowed(root, listing);
        });
        for (auto i = begin; i < end; ++i)
            add_children(listings, i);
        begin = end;
    }
    ScanResult result;
    collect(listings, result);
    return result;
}

}  // namespace fluentsync::files
