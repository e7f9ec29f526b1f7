/// References whose files hold none.
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <sstream>

#include "base/text.hpp"
#include "git/damage.hpp"
#include "git/dot_git_file.hpp"
#include "git/library.hpp"
#include "git/reference_log.hpp"

namespace fluentsync::git {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSymbolic = "ref: ";
constexpr std::size_t kIdDigits = 40;

std::optional<base::ObjectId> id_in(std::string_view text) {
    const bool ends =
        text.size() == kIdDigits || (text.size() > kIdDigits && std::isspace(text[kIdDigits]) != 0);
    return ends ? base::ObjectId::from_hex(text.substr(0, kIdDigits)) : std::nullopt;
}

bool is_reference(std::string_view text) {
    if (text.substr(0, kSymbolic.size()) == kSymbolic)
        return text.find('\0') == std::string_view::npos && text.size() > kSymbolic.size() + 1;
    return id_in(text).has_value();
}

class References {
  public:
    References(const std::string& folder, const ReferenceHints& hints)
        : git_folder_(folder + "/.git"), hints_(hints) {
        check(git_odb_open(out(odb_), (git_folder_ + "/objects").c_str()),
              "the object database cannot be opened");
    }

    std::vector<std::string> run() {
        mend_packed();
        mend_loose();
        mend_head();
        mend_branch_of_head();
        return std::move(told_);
    }

  private:
    std::string path_of(const std::string& name) const { return git_folder_ + "/" + name; }

    bool is_commit(const base::ObjectId& id) const {
        const git_oid oid = to_oid(id);
        std::size_t size = 0;
        git_object_t type = GIT_OBJECT_INVALID;
        return git_odb_read_header(&size, &type, odb_.get(), &oid) == 0 && type == GIT_OBJECT_COMMIT;
    }

    void keep(const std::string& name) {
        told_.push_back(name + " was damaged (it is kept at " +
                        base::printable(keep_damaged(git_folder_, path_of(name))) + ")");
    }

    void write(const std::string& name, const std::string& content, const std::string& words) {
        if (fs::exists(path_of(name))) {
            keep(name);
            told_.back() += " and " + words;
        } else {
            told_.push_back(name + " was gone and " + words);
        }
        replace_dot_git_file(git_folder_, path_of(name), content);
    }

    /// Lines that are whole stay.
    void mend_packed() {
        const auto content = read_dot_git_file(path_of("packed-refs"));
        if (!content) return;
        std::istringstream lines(*content);
        std::string good;
        bool damaged = !content->empty() && content->back() != '\n';
        for (std::string line; std::getline(lines, line);) {
            const bool comment = line.rfind("# ", 0) == 0;
            const bool peeled = line.rfind('^', 0) == 0 && id_in(line.substr(1));
            const auto id = id_in(line);
            const std::string name = id && line.size() > kIdDigits + 1 ? line.substr(kIdDigits + 1) : "";
            int valid = 0;
            git_reference_name_is_valid(&valid, name.c_str());
            if (id && valid == 1) packed_[name] = *id;
            (comment || peeled || valid == 1) ? void(good += line + "\n") : void(damaged = true);
        }
        if (damaged) write("packed-refs", good, "keeps what could be read");
    }

    void mend_loose() {
        std::vector<std::string> names;
        std::error_code error;
        fs::recursive_directory_iterator file(path_of("refs"), error);
        for (const fs::recursive_directory_iterator end; !error && file != end; file.increment(error)) {
            if (file->is_directory(error) || file->path().extension() == ".lock") continue;
            names.push_back(fs::relative(file->path(), git_folder_).string());
        }
        for (const std::string& name : names) {
            const auto content = read_dot_git_file(path_of(name));
            if (!content || is_reference(*content)) continue;
            if (!restore(name)) {
                keep(name);
                ::unlink(path_of(name).c_str());
            }
        }
    }

    /// Says where it was, as long as that commit is there.
    bool restore(const std::string& name) {
        std::vector<base::ObjectId> known = values_in_log(git_folder_, name);
        if (hints_.head && name == name_of_head()) known.push_back(*hints_.head);
        if (packed_.count(name) > 0) known.push_back(packed_.at(name));
        for (const base::ObjectId& id : known) {
            if (!is_commit(id)) continue;
            write(name, id.hex() + "\n", "is at " + id.hex().substr(0, 10) + " again, as its log says");
            return true;
        }
        return false;
    }

    std::string name_of_head() const {
        const std::string content = read_dot_git_file(path_of("HEAD")).value_or("");
        if (content.rfind(kSymbolic, 0) != 0) return {};
        return content.substr(kSymbolic.size(), content.find_last_not_of(" \n") + 1 - kSymbolic.size());
    }

    std::vector<std::string> branches() const {
        std::vector<std::string> names;
        for (const auto& [name, id] : packed_)
            names.push_back(name);
        std::error_code error;
        fs::recursive_directory_iterator file(path_of("refs/heads"), error);
        for (const fs::recursive_directory_iterator end; !error && file != end; file.increment(error)) {
            if (!file->is_directory(error) && file->path().extension() != ".lock")
                names.push_back(fs::relative(file->path(), git_folder_).string());
        }
        std::erase_if(names, [](const std::string& name) { return name.rfind(kHeads, 0) != 0; });
        std::sort(names.begin(), names.end());
        names.erase(std::unique(names.begin(), names.end()), names.end());
        return names;
    }

    std::optional<base::ObjectId> value_of(const std::string& name) const {
        if (fs::is_directory(path_of(name))) return std::nullopt;
        if (const auto content = read_dot_git_file(path_of(name))) return id_in(*content);
        const auto packed = packed_.find(name);
        return packed == packed_.end() ? std::nullopt : std::optional(packed->second);
    }

    /// The branch of the options, the one that is where HEAD was, or the only one.
    std::string likely_branch() const {
        if (!hints_.branch.empty()) return std::string(kHeads) + hints_.branch;
        const auto names = branches();
        if (names.size() == 1) return names.front();
        std::vector<std::string> there;
        for (const std::string& name : names) {
            if (hints_.head && value_of(name) == hints_.head) there.push_back(name);
        }
        return there.size() == 1 ? there.front() : std::string();
    }

    void mend_head() {
        const auto content = read_dot_git_file(path_of("HEAD"));
        const std::string named = content && is_reference(*content) ? name_of_head() : std::string();
        // A torn name is a name, too; git ends the line.
        const bool whole = content && (id_in(*content) || (named.size() > kHeads.size() &&
                                                           (content->back() == '\n' || value_of(named))));
        if (whole) return;
        const std::string branch = likely_branch();
        if (branch.empty()) return;  // Whoever opens it says that HEAD cannot be read.
        write("HEAD", std::string(kSymbolic) + branch + "\n", "names " + branch + " again");
    }

    /// A branch that is deleted or renamed takes its log along.
    void mend_branch_of_head() {
        const std::string name = name_of_head();
        if (name.rfind(kHeads, 0) == 0 && !value_of(name) && !fs::exists(path_of(name))) restore(name);
    }

    std::string git_folder_;
    const ReferenceHints& hints_;
    OdbPtr odb_;
    std::map<std::string, base::ObjectId> packed_;
    std::vector<std::string> told_;
};

}  // namespace

std::vector<std::string> mend_references(const std::string& folder, const ReferenceHints& hints) {
    if (!fs::is_directory(folder + "/.git/objects")) return {};  // A linked work tree, or no repository.
    const Library library;
    return References(folder, hints).run();
}

}  // namespace fluentsync::git
