#include "place.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "content.hpp"

namespace fluentsync::bench {

namespace fs = std::filesystem;

Area::Area(const std::string& below) {
    fs::create_directories(below);
    path_ = fs::absolute(below).string() + "/bench-XXXXXX";
    if (mkdtemp(path_.data()) == nullptr) {
        throw std::runtime_error(fmt::format("cannot make a folder in {}", below));
    }
}

Area::~Area() {
    fmt::print(stderr, "Removing {}\n", path_);
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

std::string Area::fresh(const std::string& name) {
    return fmt::format("{}/{:03}-{}", path_, ++count_, name);
}

std::string Place::json() const {
    const nlohmann::json text = {
        {"store", {{"path", database}, {"durable", durable}}},
        {"directory",
         {{"syncPath", root},
          {"layout", "sharded"},
          {"durable", durable},
          {"syncDebounce", automatic ? 0 : 1000}}},
        {"git",
         {{"enabled", git},
          {"remote", remote},
          {"durable", durable},
          {"autoSync", automatic},
          {"syncInterval", 3600},
          {"commitDebounce", automatic ? 0 : 5000}}},
    };
    return text.dump();
}

WorkspaceOptions Place::options() const {
    return parse_options(json());
}

Place make_place(Area& area, const std::string& name) {
    const std::string folder = area.fresh(name);
    fs::create_directories(folder);
    Place place;
    place.root = folder + "/files";
    place.database = folder + "/store.db";
    return place;
}

ChildReport run_child(const std::string& operation, const Place& place, std::size_t entities) {
    const Run run = run_self({operation, place.json(), std::to_string(entities)});
    const auto told = nlohmann::json::parse(run.output);
    ChildReport report;
    report.process_ms = run.ms;
    report.inner_ms = told.at("ms");
    // The steady clock is one for all processes of a machine.
    const Clock::time_point done(Clock::duration(told.at("doneAt").get<Clock::rep>()));
    report.done_ms = std::chrono::duration<double, std::milli>(done - run.start).count();
    report.peak_mb = told.at("peakKib").get<double>() / 1024;
    report.count = told.at("count");
    if (report.count != static_cast<long long>(entities)) {
        throw std::runtime_error(
            fmt::format("{}: {} of {} entities arrived", operation, report.count, entities));
    }
    return report;
}

const std::string& Size::store() {
    if (store_.empty()) {
        Place place = make_place(area_, "store");
        run_child("fill", place, entities_);
        store_ = place.database;
    }
    return store_;
}

const std::string& Size::tree() {
    if (tree_.empty()) {
        const Place place = place_with_store();
        run_child("export", place, entities_);
        fs::rename(place.root + "/.fluentsync", area_.fresh("state-of-tree"));
        tree_ = place.root;
    }
    return tree_;
}

const std::string& Size::peer() {
    if (peer_.empty()) {
        const std::string folder = copy_of_tree("peer");
        run_git(folder, {"init", "-q"});
        run_git(folder, {"add", "-A"});
        run_git(folder, {"commit", "-q", "-m", "first"});
        run_git(folder, {"status", "--porcelain"});
        peer_ = folder;
    }
    return peer_;
}

const Place& Size::ours() {
    if (ours_.root.empty()) {
        const Place place = place_with_tree();
        run_child("sync", place, entities_);
        ours_ = place;
    }
    return ours_;
}

const std::string& Size::bare() {
    if (bare_.empty()) {
        bare_ = area_.fresh("bare.git");
        run_program({"git", "clone", "-q", "--bare", peer(), bare_});
    }
    return bare_;
}

const std::vector<std::string>& Size::paths() {
    if (paths_.empty()) {
        std::map<std::string, std::string> by_name;
        const fs::path root = tree();
        for (const auto& entry : fs::recursive_directory_iterator(root)) {
            if (entry.is_regular_file()) {
                by_name.emplace(entry.path().filename().string(), entry.path().lexically_relative(root));
            }
        }
        for (auto& [name, path] : by_name) {
            paths_.push_back(std::move(path));
        }
    }
    return paths_;
}

Place Size::place_with_store() {
    const Place place = make_place(area_, "ours");
    fs::copy_file(store(), place.database);
    Place result = place;
    result.git = false;
    return result;
}

Place Size::place_with_tree() {
    const Place place = make_place(area_, "ours");
    run_program({"cp", "-r", tree(), place.root});
    return place;
}

std::string Size::copy_of_tree(const std::string& name) {
    const std::string folder = area_.fresh(name);
    run_program({"cp", "-r", tree(), folder});
    return folder;
}

void settle_disk() {
    sync();
}

void write_text(const std::string& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

}  // namespace fluentsync::bench
