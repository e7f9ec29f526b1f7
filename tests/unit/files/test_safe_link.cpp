// Symbolic links put in place and taken away while somebody else acts there.
#include "files/safe_link.hpp"

#include <catch2/catch.hpp>
#include <filesystem>

#include "files/layout.hpp"
#include "hook_folder.hpp"
#include "stranger.hpp"

using namespace fluentsync;
using files::place_link;
using files::remove_link;
using files::WriteStatus;

namespace {

namespace fs = std::filesystem;

struct Links {
    Links() : root(at.path.string()) {
        fs::create_directories(at.path / files::kTemporaryFolder);
        fs::create_directories(at.path / "docs");
        fs::create_symlink("old", at.path / "docs/link");
    }
    std::string target() const { return fs::read_symlink(at.path / "docs/link").string(); }
    /// The one file that was kept aside.
    std::string rescued() const {
        std::string text;
        for (const auto& entry : fs::directory_iterator(at.path / files::kRescuedFolder))
            text += at.get(std::string(files::kRescuedFolder) + "/" + entry.path().filename().string());
        return text;
    }
    bool left_temporaries() const { return !fs::is_empty(at.path / files::kTemporaryFolder); }

    TempFolder at;
    HookFolder root;
};

}  // namespace

TEST_CASE_METHOD(Links, "a link is made, led elsewhere and taken away") {
    CHECK(place_link(root, "new/link", "there", std::nullopt) == WriteStatus::done);
    CHECK(fs::read_symlink(at.path / "new/link") == "there");
    CHECK(place_link(root, "docs/link", "new", "other") == WriteStatus::changed);
    CHECK(place_link(root, "docs/link", "new", "old") == WriteStatus::done);
    CHECK(target() == "new");
    CHECK(remove_link(root, "docs/link", "old") == WriteStatus::changed);
    CHECK(remove_link(root, "docs/link", "new") == WriteStatus::done);
    CHECK_FALSE(fs::is_symlink(at.path / "docs/link"));
    CHECK_FALSE(left_temporaries());
}

TEST_CASE_METHOD(
    Links, "what somebody puts in a link's place, and once more while it is put back, is nowhere lost") {
    const bool removes = GENERATE(true, false);
    INFO("removes: " << removes);
    int saves = 0;
    root.before = [&](const std::string& operation, const std::string& path) {
        const bool takes = operation == (removes ? "rename_new" : "exchange") && saves == 0;
        const bool looked =
            operation == "read_link" && path.rfind(files::kTemporaryFolder, 0) == 0 && saves == 1;
        if (takes || looked) {
            fs::remove(at.path / "docs/link");
            if (removes || takes) at.put("docs/link", takes ? "first save" : "second save");
            ++saves;
        }
    };
    const auto status =
        removes ? remove_link(root, "docs/link", "old") : place_link(root, "docs/link", "new", "old");
    root.before = nullptr;
    CHECK(status == WriteStatus::changed);
    CHECK(saves == 2);
    CHECK(rescued() == "first save");
    if (removes) CHECK(at.get("docs/link") == "second save");
    CHECK_FALSE(left_temporaries());
}
