#include "git/attribute_judge.hpp"

#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "git/rule_file.hpp"
#include "git/tree.hpp"

namespace fluentsync::git {

namespace {

constexpr std::array<const char*, 7> kNames{"text",  "crlf", "eol", "filter", "working-tree-encoding",
                                            "ident", "merge"};
enum Name { text, old_text, eol, filter, encoding, ident, merge };

bool is_word(const char* value, const char* word) {
    return git_attr_value(value) == GIT_ATTR_VALUE_STRING && std::string_view(value) == word;
}

bool is_set(const char* value) {
    return git_attr_value(value) == GIT_ATTR_VALUE_TRUE;
}

bool is_unset(const char* value) {
    return git_attr_value(value) == GIT_ATTR_VALUE_FALSE;
}

/// UTF-8 is what git keeps, so it converts nothing; without a name git refuses the file.
std::string foreign_encoding(const char* value) {
    if (is_set(value) || is_unset(value)) return "working-tree-encoding without a name";
    if (git_attr_value(value) != GIT_ATTR_VALUE_STRING || *value == '\0') return {};
    std::string name;
    for (const char* c = value; *c != '\0'; ++c)
        name += static_cast<char>(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
    return name == "UTF-8" || name == "UTF8" ? std::string()
                                             : "working-tree-encoding=" + base::printable(value);
}

}  // namespace

bool holds_attribute(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t first = text.find_first_not_of(" \t\r\n", at);
        if (first == std::string_view::npos) return false;
        if (text[first] != '#') return true;
        at = std::min(text.find('\n', first), text.size());
    }
    return false;
}

AttributeJudge::AttributeJudge(const Repository& repository)
    : git_folder_(git_repository_path(repository.raw())) {
    check(git_repository_config(out(live_config_), repository.raw()), "git's configuration cannot be read");
    check(git_config_snapshot(out(config_), live_config_.get()), "git's configuration cannot be read");
    if (const std::string value = config("core.autocrlf"); !value.empty()) {
        int on = 0;
        if (value == "input") {
            auto_crlf_ = AutoCrlf::input;
        } else if (git_config_parse_bool(&on, value.c_str()) == 0 && on != 0) {
            auto_crlf_ = AutoCrlf::on;
        }
    }
    core_eol_crlf_ = config("core.eol") == "crlf";
    const std::string safe = config("core.safecrlf");
    int refuses = 0;
    exact_ = !safe.empty() && git_config_parse_bool(&refuses, safe.c_str()) == 0 && refuses != 0;
    look_everywhere(repository);
}

void AttributeJudge::look_everywhere(const Repository& repository) {
    everywhere_ = auto_crlf_ != AutoCrlf::off;
    look_at_file(item_path(repository.raw(), GIT_REPOSITORY_ITEM_INFO) + "attributes");
    Buffer chosen;
    if (git_config_get_path(&chosen, config_.get(), "core.attributesfile") == 0) {
        look_at_file(chosen.text());
    } else {
        for (const std::string& folder : folders_of(GIT_CONFIG_LEVEL_XDG))
            look_at_file(folder + "/attributes");
    }
    for (const std::string& folder : folders_of(GIT_CONFIG_LEVEL_SYSTEM))
        look_at_file(folder + "/gitattributes");
}

void AttributeJudge::look_at_file(const std::string& path) {
    std::string attributes;
    if (!read_rule_file(path, attributes)) {
        trouble_ = base::printable(path) + ", which cannot be read as a file of attributes";
    }
    everywhere_ = everywhere_ || holds_attribute(attributes);
}

void AttributeJudge::open() {
    if (handle_) return;
    check(git_repository_open_bare(out(handle_), git_folder_.c_str()), "git's attributes cannot be read");
    check(git_repository_set_config(handle_.get(), live_config_.get()), "git's attributes cannot be read");
    OdbPtr objects;
    git_odb_backend* memory = nullptr;
    check(git_odb_new(out(objects)), "git's attributes cannot be read");
    check(git_mempack_new(&memory), "git's attributes cannot be read");
    check(git_odb_add_backend(objects.get(), memory, 1), "git's attributes cannot be read");
    check(git_repository_set_odb(handle_.get(), objects.get()), "git's attributes cannot be read");
    check(git_index_new(out(files_)), "git's attributes cannot be read");
    check(git_repository_set_index(handle_.get(), files_.get()), "git's attributes cannot be read");
}

void AttributeJudge::add(const std::string& folder, std::string_view text) {
    open();
    const std::string path = folder.empty() ? ".gitattributes" : folder + "/.gitattributes";
    git_index_entry entry{};
    entry.path = path.c_str();
    entry.mode = kModeFile;
    check(git_blob_create_from_buffer(&entry.id, handle_.get(), text.data(), text.size()),
          "git's attributes cannot be read");
    check(git_index_add(files_.get(), &entry), "git's attributes cannot be read");
}

PathRules AttributeJudge::rules_of(const std::string& path) {
    open();
    std::array<const char*, kNames.size()> values{};
    auto names = kNames;
    const int code = git_attr_get_many(values.data(), handle_.get(), GIT_ATTR_CHECK_INDEX_ONLY, path.c_str(),
                                       names.size(), names.data());
    if (code < 0) fail(code, "git's attributes cannot be asked about " + base::printable(path), path);
    PathRules rules;
    rules.foreign = filter_of(values[filter]);
    if (rules.foreign.empty()) rules.foreign = foreign_encoding(values[encoding]);
    rules.ident = is_set(values[ident]);
    rules.line_ends = line_ends_of(values[text], values[old_text], values[eol]);
    rules.exact = exact_;
    rules.merge = merge_of(values[merge]);
    return rules;
}

/// Empty where no program is known of that name: then git lets the bytes pass.
std::string AttributeJudge::filter_of(const char* value) const {
    if (git_attr_value(value) != GIT_ATTR_VALUE_STRING) return {};
    const std::string key = std::string("filter.") + value + ".";
    int required = 0;
    const std::string said = config(key + "required");
    const bool refuses =
        !said.empty() && (git_config_parse_bool(&required, said.c_str()) != 0 || required != 0);
    const bool known = refuses || !config(key + "clean").empty() || !config(key + "smudge").empty() ||
                       !config(key + "process").empty();
    return known ? "filter=" + base::printable(value) : std::string();
}

/// As git's convert_attrs() has it.
LineEnds AttributeJudge::line_ends_of(const char* text, const char* old_text, const char* eol) const {
    const bool said = is_set(text) || is_unset(text) || is_word(text, "input") || is_word(text, "auto");
    const char* const word = said ? text : old_text;
    if (is_unset(word)) return LineEnds::keep;
    const bool lf = is_word(eol, "lf");
    const bool crlf = is_word(eol, "crlf");
    if (is_word(word, "auto")) {
        if (lf) return LineEnds::guess;
        return crlf || files_get_crlf() ? LineEnds::guess_crlf : LineEnds::guess;
    }
    if (lf) return LineEnds::lf;
    if (crlf) return LineEnds::crlf;
    if (is_word(word, "input")) return LineEnds::lf;
    if (is_set(word)) return files_get_crlf() ? LineEnds::crlf : LineEnds::lf;
    switch (auto_crlf_) {
        case AutoCrlf::on:
            return LineEnds::guess_crlf;
        case AutoCrlf::input:
            return LineEnds::guess;
        case AutoCrlf::off:
            break;
    }
    return LineEnds::keep;
}

bool AttributeJudge::files_get_crlf() const {
    return auto_crlf_ == AutoCrlf::on || (auto_crlf_ == AutoCrlf::off && core_eol_crlf_);
}

MergeRule AttributeJudge::merge_of(const char* value) const {
    std::string driver;
    switch (git_attr_value(value)) {
        case GIT_ATTR_VALUE_TRUE:
            return MergeRule::text;
        case GIT_ATTR_VALUE_FALSE:
            return MergeRule::undecided;
        case GIT_ATTR_VALUE_STRING:
            driver = value;
            break;
        case GIT_ATTR_VALUE_UNSPECIFIED:
            driver = config("merge.default");
            break;
    }
    if (driver == "fluentsync") return MergeRule::text;  // Our program does for git what we do here.
    const std::string program = driver.empty() ? std::string() : config("merge." + driver + ".driver");
    if (program == "true") return MergeRule::ours;
    if (!program.empty() || driver == "binary") return MergeRule::undecided;
    return driver == "union" ? MergeRule::both : MergeRule::text;
}

/// Empty when it is not set. What cannot be asked for is no reason to do without.
std::string AttributeJudge::config(const std::string& key) const {
    const char* value = nullptr;
    return git_config_get_string(&value, config_.get(), key.c_str()) == 0 && value ? value : "";
}

}  // namespace fluentsync::git
