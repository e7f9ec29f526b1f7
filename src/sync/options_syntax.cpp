#include "sync/options_syntax.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "base/redact.hpp"
#include "base/text.hpp"
#include "fluentsync/error.hpp"
#include "sync/options_value.hpp"

namespace fluentsync::sync {
namespace {

using nlohmann::json;

[[noreturn]] void refuse(const std::string& fault) {
    throw Error(ErrorCode::invalid_options, "options: " + fault);
}

std::string place(std::string_view text, std::size_t position) {
    // Positions count from 1, and one beyond the end stands for it.
    const auto before = text.substr(0, std::min(position > 0 ? position - 1 : 0, text.size()));
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const auto newline = before.rfind('\n');
    const auto column = before.size() - (newline == std::string_view::npos ? 0 : newline + 1) + 1;
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

/// The parser's words without their place, and without what it last read.
std::string reason(std::string_view what) {
    if (what.find("out_of_range") != std::string_view::npos) return "a number is too large";
    const auto from = what.find("syntax error");
    if (from == std::string_view::npos) return "a syntax error";
    what = what.substr(from);
    return base::printable(what.substr(0, what.find("; last read")));
}

/// Walks the text once for what a parsed value no longer shows: places, and keys that are there twice.
class Check final : public json::json_sax_t {
  public:
    explicit Check(std::string_view text) : text_(text) {}

    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool start_array(std::size_t) override { return enter(); }
    bool end_array() override { return leave(); }
    bool start_object(std::size_t) override {
        objects_.emplace_back();
        return enter();
    }
    bool end_object() override {
        objects_.pop_back();
        return leave();
    }
    bool key(string_t& name) override {
        Object& object = objects_.back();
        if (!object.keys.insert(name).second) {
            throw Error(ErrorCode::invalid_options,
                        "option " + option_place(section(), name) + " is there twice");
        }
        object.last = name;
        return true;
    }
    bool parse_error(std::size_t position, const std::string&, const json::exception& error) override {
        refuse(place(text_, position) + ": " + reason(error.what()));
    }

  private:
    /// Whoever walks through a value that is nested without end runs out of stack.
    bool enter() {
        constexpr int kDeepest = 64;
        if (++depth_ > kDeepest) refuse("nested deeper than 64 levels");
        return true;
    }
    bool leave() {
        --depth_;
        return true;
    }

    /// Of the object that is being read, as OptionValue names it; empty for the outermost.
    std::string section() const {
        std::string names;
        for (std::size_t i = 0; i + 1 < objects_.size(); ++i) {
            if (i > 0) names += '.';
            names += objects_[i].last;
        }
        return base::printable(base::redact(names), 60);
    }

    struct Object {
        std::set<std::string> keys;
        std::string last;  ///< The key whose value is being read.
    };

    std::string_view text_;
    int depth_ = 0;
    std::vector<Object> objects_;
};

}  // namespace

json parse_option_text(const std::string& text) {
    Check check(text);
    json::sax_parse(text, &check);
    return json::parse(text);
}

}  // namespace fluentsync::sync
