/// A fresh repository in a temporary folder, with the git program at hand to compare with.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "fluentsync/error.hpp"
#include "git/object_writer.hpp"
#include "git/repository.hpp"
#include "git/tree.hpp"

namespace fluentsync::git::test {

class RepoFixture {
  public:
    RepoFixture() : folder_(make_folder()), repository_(Repository::init(folder_, "main")) {
        git("config user.name Tester && git config user.email tester@example.org");
    }
    RepoFixture(const RepoFixture&) = delete;
    RepoFixture& operator=(const RepoFixture&) = delete;
    ~RepoFixture() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    const std::string& folder() const { return folder_; }
    Repository& repository() { return repository_; }
    runtime::HelperPool& pool() { return pool_; }

    /// Runs "git ARGUMENTS" in the work tree with `input`. Returns its output; throws when it fails.
    std::string git(const std::string& arguments, const std::string& input = {}) const {
        std::string output;
        if (run(arguments, input, output) != 0) throw std::runtime_error("git " + arguments + ": " + output);
        return output;
    }
    /// The same without its last newline.
    std::string git_line(const std::string& arguments, const std::string& input = {}) const {
        std::string line = git(arguments, input);
        if (!line.empty() && line.back() == '\n') line.pop_back();
        return line;
    }
    bool git_succeeds(const std::string& arguments) const {
        std::string output;
        return run(arguments, {}, output) == 0;
    }

    void write(const std::string& path, const std::string& content) const {
        const auto file = std::filesystem::path(folder_) / path;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << content;
    }
    std::string dot_git(const std::string& path) const { return folder_ + "/.git/" + path; }

    std::string loose_path(const base::ObjectId& id) const {
        return dot_git("objects/" + id.hex().substr(0, 2) + "/" + id.hex().substr(2));
    }

    base::ObjectId add_blob(ObjectWriter& writer, const std::string& content) {
        const auto id = base::hash_blob(content);
        return writer.add(ObjectWriter::Kind::blob, content, &id);
    }
    base::ObjectId blob(const std::string& content) { return add_blob(*loose_writer(), content); }
    std::unique_ptr<ObjectWriter> loose_writer() { return make_object_writer(repository_, 0, pool_); }
    std::unique_ptr<ObjectWriter> pack_writer() { return make_object_writer(repository_, 100'000, pool_); }
    TreeChange put(const std::string& path, const std::string& content, std::uint32_t mode = kModeFile) {
        return {path, TreeFile{blob(content), mode}};
    }
    base::ObjectId tree(const std::optional<base::ObjectId>& base, std::vector<TreeChange> changes) {
        return edit_tree(repository_, base, std::move(changes), *loose_writer());
    }
    base::ObjectId commit(const base::ObjectId& tree, const std::vector<base::ObjectId>& parents,
                          const std::string& message = "a change\n") {
        return write_commit(repository_,
                            {tree, parents, {"Ada", "ada@example.org"}, message, 1'700'000'000'000},
                            *loose_writer());
    }
    /// git fsck finds nothing to say.
    void require_clean_fsck() const { REQUIRE(git("fsck --strict --full --no-dangling") == ""); }

  private:
    static std::string make_folder() {
        std::string name = (std::filesystem::temp_directory_path() / "fluentsync-git-XXXXXX").string();
        if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
        return name;
    }

    int run(const std::string& arguments, const std::string& input, std::string& output) const {
        const std::string input_file = folder_ + "/.git/test-input";
        std::ofstream(input_file, std::ios::binary) << input;
        const std::string command =
            "cd '" + folder_ +
            "' && export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 LC_ALL=C && { git " + arguments +
            "; } <'" + input_file + "' 2>&1";
        FILE* pipe = ::popen(command.c_str(), "r");
        if (!pipe) throw std::runtime_error("no shell");
        std::array<char, 4096> bytes{};
        for (std::size_t n = 0; (n = std::fread(bytes.data(), 1, bytes.size(), pipe)) > 0;) {
            output.append(bytes.data(), n);
        }
        const int status = ::pclose(pipe);
        std::filesystem::remove(input_file);
        return status;
    }

    std::string folder_;
    Repository repository_;
    runtime::HelperPool pool_{2};
};

/// The code of the Error that `call` throws; ok when it throws none.
template <class Call>
ErrorCode code_of(const Call& call) {
    try {
        call();
    } catch (const Error& error) {
        const std::string message = error.what();
        CHECK(message.find('\n') == std::string::npos);
        return error.code();
    }
    return ErrorCode::ok;
}

}  // namespace fluentsync::git::test
