#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <limits>
#include <string>

#include "fluentsync/error.hpp"
#include "sync/options_check.hpp"

using namespace fluentsync;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

template <class Options>
std::string fault(const Options& options) {
    try {
        check_options(options);
        return {};
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::invalid_options);
        CHECK(std::string(error.what()).find('\n') == std::string::npos);
        return error.what();
    }
}

/// Whether the complaint is about this option: messages begin with its name.
bool begins(const std::string& text, const std::string& option) {
    return text.rfind(option + " ", 0) == 0;
}

StoreOptions store() {
    StoreOptions options;
    options.path = "brain.db";
    return options;
}

DirectoryOptions directory() {
    DirectoryOptions options;
    options.sync_path = "brain";
    return options;
}

template <class Options, class Change>
std::string fault_with(Options options, Change change) {
    change(options);
    return fault(options);
}

std::string branch_fault(const std::string& branch) {
    return fault_with(GitOptions{}, [&](auto& o) { o.branch = branch; });
}

}  // namespace

TEST_CASE("the defaults with their required paths are taken") {
    CHECK(fault(store()).empty());
    CHECK(fault(directory()).empty());
    CHECK(fault(GitOptions{}).empty());
}

TEST_CASE("required paths") {
    CHECK(fault(StoreOptions{}) == "store.path is required and empty");
    CHECK(fault(DirectoryOptions{}) == "directory.sync_path is required and empty");
    CHECK(begins(fault_with(store(), [](auto& o) { o.path = std::string("a\0b", 3); }), "store.path"));
}

TEST_CASE("numbers out of range") {
    CHECK(begins(fault_with(store(), [](auto& o) { o.cache_kib = 0; }), "store.cache_kib"));
    CHECK(begins(fault_with(directory(), [](auto& o) { o.sync_debounce = milliseconds(-1); }),
                 "directory.sync_debounce"));
    CHECK(begins(fault_with(directory(), [](auto& o) { o.sync_debounce = milliseconds::max(); }),
                 "directory.sync_debounce"));
    CHECK(begins(fault_with(directory(), [](auto& o) { o.watch_interval = milliseconds(0); }),
                 "directory.watch_interval"));
    CHECK(begins(fault_with(directory(), [](auto& o) { o.max_import_file_bytes = 0; }),
                 "directory.max_import_file_bytes"));
    CHECK(begins(fault_with(directory(), [](auto& o) { o.deletion_guard.min_count = -1; }),
                 "directory.deletion_guard.min_count"));
    CHECK(begins(fault_with(directory(), [](auto& o) { o.deletion_guard.max_count = -1; }),
                 "directory.deletion_guard.max_count"));
    for (const double share : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()}) {
        CHECK(begins(fault_with(directory(), [&](auto& o) { o.deletion_guard.max_fraction = share; }),
                     "directory.deletion_guard.max_fraction"));
    }
    for (const auto interval : {seconds(0), seconds(-5), seconds::max()}) {
        CHECK(begins(fault_with(GitOptions{}, [&](auto& o) { o.sync_interval = interval; }),
                     "git.sync_interval"));
    }
    CHECK(begins(fault_with(GitOptions{}, [](auto& o) { o.commit_debounce = milliseconds(-1); }),
                 "git.commit_debounce"));
    CHECK(begins(fault_with(GitOptions{}, [](auto& o) { o.network_timeout = milliseconds(0); }),
                 "git.network_timeout"));
    CHECK(fault_with(directory(), [](auto& o) { o.sync_debounce = milliseconds(0); }).empty());
}

TEST_CASE("a delay shorter than its debounce is a contradiction") {
    const auto said = fault_with(directory(), [](auto& o) { o.max_sync_delay = milliseconds(10); });
    CHECK(said == "directory.max_sync_delay (10 ms) is shorter than directory.sync_debounce (1000 ms)");
    CHECK(fault_with(directory(), [](auto& o) { o.max_sync_delay = milliseconds(1000); }).empty());
}

TEST_CASE("entity types that could be no folder [trap-37]") {
    for (const std::string type : {"", "..", "a/b", "/a", "\xff"}) {
        CHECK(begins(fault_with(directory(),
                                [&](auto& o) {
                                    o.entity_types = {"note", type};
                                }),
                     "directory.entity_types"));
    }
    CHECK(fault_with(directory(), [](auto& o) { o.entity_types = {"note", "böse Dinge"}; }).empty());
}

TEST_CASE("branch names that git refuses") {
    for (const std::string name : {"/a",  "a/",  "a//b", ".a",  "a/.b", "a.lock", "a.lock/b", "a..b",
                                   "a b", "a~b", "a^b",  "a:b", "a?b",  "a*b",    "a[b",      "a\\b",
                                   "a.",  "@",   "a@{b", "-a",  "HEAD", "a\nb",   "a\x7f",    "\xff"}) {
        CHECK(begins(branch_fault(name), "git.branch"));
    }
    for (const std::string name : {"", "main", "me/brain", "v1.0", "a@b", "größe", "lock", "a-b", "HEADS"}) {
        CHECK(branch_fault(name).empty());
    }
    CHECK(begins(branch_fault(std::string(251, 'a')), "git.branch"));
}

TEST_CASE("remotes") {
    for (const std::string remote : {"https://h/x\n", "\x1b[31m", " /srv", "/srv ", "-oProxyCommand=x",
                                     "\xff", "git@h:x", "ssh://h/x", "git+ssh://h/x", "ssh://me:pw@h:22/x"}) {
        CHECK(begins(fault_with(GitOptions{}, [&](auto& o) { o.remote = remote; }), "git.remote"));
    }
    for (const std::string remote :
         {"", "https://me:pw@h/x", "git://h/x", "./h:x", "gh:me/x", "/srv/a b.git", "../x"}) {
        CHECK(fault_with(GitOptions{}, [&](auto& o) { o.remote = remote; }).empty());
    }
}

TEST_CASE("no complaint about a range repeats a password [trap-31]") {
    const auto said = fault_with(GitOptions{}, [](auto& o) { o.remote = "https://me:Sw0rdfish@h/\n"; });
    CHECK_FALSE(said.empty());
    CHECK(said.find("Sw0rdfish") == std::string::npos);
}

TEST_CASE("authors and messages that git would not take") {
    for (const std::string name : {"a<b", "a>b", "a\nb", "..", "\xff"}) {
        CHECK(begins(fault_with(GitOptions{}, [&](auto& o) { o.author_name = name; }), "git.author_name"));
        CHECK(begins(fault_with(GitOptions{}, [&](auto& o) { o.author_email = name; }), "git.author_email"));
    }
    CHECK(begins(fault_with(GitOptions{}, [](auto& o) { o.commit_message = " \n"; }), "git.commit_message"));
    CHECK(begins(fault_with(GitOptions{}, [](auto& o) { o.commit_message = std::string("a\0", 2); }),
                 "git.commit_message"));
}

TEST_CASE("git that is not enabled is not looked at") {
    CHECK(fault_with(GitOptions{}, [](auto& o) {
              o.enabled = false;
              o.branch = "..";
          }).empty());
}

TEST_CASE("check_options: whatever the strings, only Error leaves") {
    REQUIRE(rc::check([](const std::string& a, const std::string& b, const std::string& c) {
        fault_with(GitOptions{}, [&](auto& o) {
            o.branch = a;
            o.remote = b;
            o.author_name = c;
        });
        fault_with(directory(), [&](auto& o) { o.entity_types = {a, b, c}; });
    }));
}
