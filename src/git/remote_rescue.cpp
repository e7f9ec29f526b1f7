/// Everything anew from a remote. A fetch would only bring what the repository does not say to have, and it
/// says that of what is damaged, too.
#include <filesystem>

#include "git/damage.hpp"
#include "git/library.hpp"
#include "git/remote.hpp"

namespace fluentsync::git {

namespace {

namespace fs = std::filesystem;

/// Where git, too, puts objects that are not to be seen yet.
struct FetchedAside {
    explicit FetchedAside(fs::path path) : folder(std::move(path)) {
        fs::remove_all(folder);
        fs::create_directories(folder);
    }
    FetchedAside(const FetchedAside&) = delete;
    FetchedAside& operator=(const FetchedAside&) = delete;
    ~FetchedAside() {
        std::error_code ignored;
        fs::remove_all(folder, ignored);
    }
    fs::path folder;
};

}  // namespace

void fetch_anew(const std::string& folder, const RemoteAddress& address, const std::string& branch,
                const Cancellation& cancellation, const TransferProgress& progress) {
    const fs::path objects = fs::path(folder) / ".git" / "objects";
    const FetchedAside aside(objects / "tmp_objdir-fluentsync-fetch");
    {
        Repository fresh = Repository::init(aside.folder.string(), "main");
        fetch(fresh, address, "origin", branch, cancellation, progress);
    }
    const fs::path packs = aside.folder / ".git" / "objects" / "pack";
    fs::create_directories(objects / "pack");
    for (const char* part : {".pack", ".idx"}) {  // In this order: the index makes a pack seen.
        for (const auto& file : fs::directory_iterator(packs)) {
            if (file.path().extension() == part)
                fs::rename(file.path(), objects / "pack" / file.path().filename());
        }
    }
}

}  // namespace fluentsync::git
