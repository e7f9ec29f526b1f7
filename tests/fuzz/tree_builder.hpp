/// Commits of trees that no git would make, written as raw objects and steered by a fuzzer's bytes.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fuzz_input.hpp"
#include "git/object_writer.hpp"
#include "git/repository.hpp"
#include "git/tree.hpp"

namespace fluentsync::fuzz {

class TreeBuilder {
  public:
    /// A repository at `folder`; each commit() moves its branch main.
    TreeBuilder(const std::string& folder, Input& input)
        : repository_(git::Repository::init(folder, "elsewhere")), input_(input) {}

    void commit() {
        writer_ = git::make_object_writer(repository_, 0, pool_);
        entries_left_ = kMostEntries;
        const auto tree = make_tree(0);
        std::vector<base::ObjectId> parents;
        if (tip_) parents.push_back(*tip_);
        const auto id = git::write_commit(
            repository_,
            {tree, parents, {"Mallory", "m@example.org"}, "hostile\n", 1'700'000'000'000 + ++count_},
            *writer_);
        writer_->finish(false);
        repository_.move_ref("refs/heads/main", id, tip_, "push");
        tip_ = id;
    }

  private:
    static constexpr int kMostEntries = 40;
    static constexpr int kDeepest = 5;

    base::ObjectId make_tree(int depth) {
        std::string raw;
        for (std::size_t count = 1 + input_.below(8); count > 0 && entries_left_ > 0; --count) {
            --entries_left_;
            const std::string name = make_name();
            const std::string entry = make_entry(name, depth);
            raw += entry;
            if (input_.below(16) == 15) raw += entry;  // Twice.
        }
        if (input_.below(32) == 31) raw += input_.text();  // No tree at all from here on.
        return writer_->add(git::ObjectWriter::Kind::tree, raw);
    }

    std::string make_entry(const std::string& name, int depth) {
        const auto of_blob = [&](const char* mode) { return raw_entry(mode, name, make_blob()); };
        const auto of_tree = [&](const char* mode) {
            return depth < kDeepest ? raw_entry(mode, name, make_tree(depth + 1)) : of_blob("100644");
        };
        switch (input_.below(16)) {
            case 0:
                return of_blob("120000");
            case 1:
                return raw_entry("160000", name, tip_ ? *tip_ : make_blob());
            case 2:
                return of_blob("100755");
            case 3:
                return of_blob("40000");  // A file where a folder is said to be.
            case 4:
                return of_tree("100644");  // And the other way round.
            case 5:
                return raw_entry("100644", name, base::hash_blob(name + " is missing"));
            case 6:
                return of_blob(input_.one_of(kOddModes));
            case 7:
                return raw_entry("40000", name, make_chain());
            case 8:
            case 9:
            case 10:
            case 11:
                return of_tree("40000");
            default:
                return of_blob("100644");
        }
    }

    /// Folders in folders, far deeper than a path may be long.
    base::ObjectId make_chain() {
        auto id = writer_->add(git::ObjectWriter::Kind::tree, raw_entry("100644", "x.md", make_blob()));
        const std::string name(1 + input_.below(200), 'd');
        for (std::size_t depth = input_.below(128); depth > 0; --depth)
            id = writer_->add(git::ObjectWriter::Kind::tree, raw_entry("40000", name, id));
        return id;
    }

    base::ObjectId make_blob() {
        std::string content = input_.one_of(kContents);
        if (content.empty()) content = input_.text();
        const auto id = base::hash_blob(content);
        return writer_->add(git::ObjectWriter::Kind::blob, content, &id);
    }

    std::string make_name() {
        switch (input_.below(4)) {
            case 0: {
                std::string name = input_.text();
                if (input_.flag()) name += ".md";
                return name;
            }
            case 1:
                return std::string(200 + input_.byte(), 'n') + ".md";
            default:
                return input_.one_of(kNames);
        }
    }

    static std::string raw_entry(const std::string& mode, const std::string& name, const base::ObjectId& id) {
        std::string raw = mode + " " + name + '\0';
        raw.append(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size());
        return raw;
    }

    inline static const std::vector<std::string> kNames{"note",
                                                        "Note",
                                                        "NOTE",
                                                        "a.md",
                                                        "A.md",
                                                        "b.md",
                                                        "mine.md",
                                                        "picture.png",
                                                        "..",
                                                        ".",
                                                        "",
                                                        ".git",
                                                        ".GIT",
                                                        ".Git ",
                                                        ".git.",
                                                        "git~1",
                                                        "GIT~1",
                                                        ".git::$DATA",
                                                        ".g\u200Cit",
                                                        ".\u200Dgit\u200D",
                                                        ".fluentsync",
                                                        ".FluentSync.",
                                                        ".gitmodules",
                                                        ".gitattributes",
                                                        ".gitignore",
                                                        "hooks",
                                                        "config",
                                                        "lnk",
                                                        "x.md",
                                                        "../up.md",
                                                        "../../up.md",
                                                        "/etc/x.md",
                                                        "a/b.md",
                                                        "note/a.md",
                                                        "a\\b.md",
                                                        "..\\up.md",
                                                        "a\nb.md",
                                                        "caf\u00E9.md",
                                                        "cafe\u0301.md",
                                                        "\xFF\xFE.md",
                                                        "CON.md",
                                                        "aux",
                                                        "a:b.md",
                                                        "%2E%2E.md",
                                                        "trailing. ",
                                                        ".hidden.md",
                                                        "4913",
                                                        "a.md~",
                                                        "store.db",
                                                        "config.json",
                                                        "tmp",
                                                        "root",
                                                        "\u202Egpj.md"};
    inline static const std::vector<const char*> kOddModes{
        "0", "", "644", "100664", "100600", "040000", "777777", "100644 ", "-1", "37777777777", "999999"};
    inline static const std::vector<std::string> kContents{
        "",
        "text\n",
        "---\ntitle: A\n---\ntext\n",
        "---\ntitle: [\n---\n",
        "\xFF\xFE",
        "../victim/x.md",
        "[core]\n\thooksPath = evil\n",
        "[submodule \"evil\"]\n\tpath = x\n\turl = -u./evil\n",
        "* text eol=crlf filter=evil\n",
        "*\n"};

    git::Repository repository_;
    Input& input_;
    runtime::HelperPool pool_{1};
    std::unique_ptr<git::ObjectWriter> writer_;
    std::optional<base::ObjectId> tip_;
    int entries_left_ = 0;
    int count_ = 0;
};

}  // namespace fluentsync::fuzz
