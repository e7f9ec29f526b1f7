// The .gitignore files of a folder, whatever stands in their place.
#include "sync/ignore_source.hpp"

#include <stdlib.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "base/tuning.hpp"

namespace fluentsync::sync {
namespace {

namespace fs = std::filesystem;

class IgnoreFiles {
  public:
    IgnoreFiles() : path_((fs::temp_directory_path() / "fluentsync-ignore-XXXXXX").string()) {
        if (mkdtemp(path_.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    }
    ~IgnoreFiles() { fs::remove_all(path_); }
    fs::path at(const std::string& name) const {
        fs::create_directories(fs::path(path_) / name);
        return fs::path(path_) / name / ".gitignore";
    }
    std::optional<std::string> text_of(const std::string& folder) const {
        return ignore_source(runtime::open_folder(path_, false))(folder);
    }

  private:
    std::string path_;
};

}  // namespace

TEST_CASE_METHOD(IgnoreFiles,
                 "ignore source: a file is read; what is none says nothing, and is not waited for") {
    std::ofstream(at("")) << "*.log\n";
    std::ofstream(at("plain")) << "own\n";
    REQUIRE(::mkfifo(at("fifo").c_str(), 0600) == 0);
    fs::create_symlink("../plain/.gitignore", at("link"));
    fs::create_directory(at("folder"));
    CHECK(text_of("") == "*.log\n");
    CHECK(text_of("plain") == "own\n");
    for (const char* folder : {"fifo", "link", "folder", "none"}) {
        INFO(folder);
        CHECK_FALSE(text_of(folder));
    }
}

TEST_CASE_METHOD(IgnoreFiles,
                 "ignore source: of a file too large to be read it is not known what it asks for") {
    std::ofstream(at("large")) << std::string(base::tuning::kMostRuleBytes, '#');
    CHECK(text_of("large")->size() == base::tuning::kMostRuleBytes);
    std::ofstream(at("large"), std::ios::app) << "x";
    CHECK(text_of("large") == "*");
}

}  // namespace fluentsync::sync
