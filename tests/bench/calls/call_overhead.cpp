// What one get() costs through the C API beside the C++ call, on the same entity in the same process.
//
// Prints the head of a table and its first row; benches/get.rs and bench_get.py print one each, of the same
// work: a store of one entity of 2,000 bytes, content read each time, medians of rounds that take turns.
//
// usage: fluentsync_call_overhead FOLDER
#include <fluentsync/fluentsync.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <fluentsync/fluentsync.hpp>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

constexpr int kRounds = 9;
constexpr int kGets = 20'000;

double round_of(const std::function<std::size_t()>& get, std::size_t expected) {
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < kGets; ++i)
        if (get() != expected) throw std::runtime_error("a get gave the wrong content");
    return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin).count() / kGets;
}

double median(std::vector<double> samples) {
    std::sort(samples.begin(), samples.end());
    return samples[samples.size() / 2];
}

std::size_t c_get(fluentsync_store* store) {
    fluentsync_entity* entity = nullptr;
    std::size_t length = 0;
    fluentsync_store_get(store, FLUENTSYNC_LITERAL("note"), FLUENTSYNC_LITERAL("a"), &entity, nullptr);
    fluentsync_entity_content(entity, &length);
    fluentsync_entity_free(entity);
    return length;
}

void compare(const std::string& path) {
    fluentsync::StoreOptions options;
    options.path = path;
    fluentsync::EntityStore store(options);
    const std::string content(2000, 'x');
    store.put({"note", "a", content});
    fluentsync_store* c_store = nullptr;
    const auto text = "{\"path\": \"" + path + "\"}";
    if (fluentsync_store_open(nullptr, text.data(), text.size(), &c_store, nullptr) != FLUENTSYNC_OK)
        throw std::runtime_error("the C API cannot open the store");
    std::vector<double> cpp;
    std::vector<double> c;
    for (int round = 0; round < kRounds; ++round) {  // In turn, so that both meet the same machine.
        cpp.push_back(round_of([&] { return store.get({"note", "a"})->content.size(); }, content.size()));
        c.push_back(round_of([&] { return c_get(c_store); }, content.size()));
    }
    fluentsync_store_close(c_store, nullptr);
    std::printf(
        "| a get from | ns | beside | ns | times |\n|---|--:|---|--:|--:|\n| C | %.0f | C++ | %.0f | %.2f "
        "|\n",
        median(c), median(cpp), median(c) / median(cpp));
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("usage: fluentsync_call_overhead FOLDER\n", stderr);
        return 2;
    }
    try {
        compare(std::string(argv[1]) + "/calls.db");
    } catch (const std::exception& error) {
        std::fprintf(stderr, "fluentsync_call_overhead: %s\n", error.what());
        return 1;
    }
    return 0;
}
