// Runs a target without libFuzzer, so that any compiler builds it: over kept inputs, and over changes of them
// by chance. usage: fuzz_NAME [-runs=N] [-seed=N] FILE-OR-FOLDER...     N changed inputs; the same seed, the
// same ones
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "fuzz_input.hpp"

namespace {

using Random = std::mt19937_64;  // Its numbers are the same everywhere.

struct Words {
    std::uint64_t runs = 0;
    std::uint64_t seed = 1;
    std::vector<std::filesystem::path> inputs;
};

Words words_of(int count, char** words) {
    Words result;
    for (int i = 1; i < count; ++i) {
        const std::string word = words[i];
        if (word.rfind("-runs=", 0) == 0) {
            result.runs = std::stoull(word.substr(6));
        } else if (word.rfind("-seed=", 0) == 0) {
            result.seed = std::stoull(word.substr(6));
        } else if (std::filesystem::is_directory(word)) {
            for (const auto& entry : std::filesystem::directory_iterator(word))
                result.inputs.push_back(entry.path());
        } else {
            result.inputs.emplace_back(word);
        }
    }
    std::sort(result.inputs.begin(), result.inputs.end());
    return result;
}

void run(const std::string& bytes) {
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

/// One small change; `other` lends a piece.
void change(std::string& bytes, const std::string& other, Random& random) {
    const auto at = bytes.empty() ? 0 : random() % bytes.size();
    switch (random() % 5) {
        case 0:
            if (!bytes.empty()) bytes[at] = static_cast<char>(random());
            break;
        case 1:
            bytes.insert(at, 1, static_cast<char>(random()));
            break;
        case 2:
            bytes.erase(at, random() % 8);
            break;
        case 3:
            if (!bytes.empty()) bytes.insert(at, bytes.substr(random() % bytes.size(), random() % 16));
            break;
        default:
            if (!other.empty()) bytes.replace(at, random() % 16, other.substr(random() % other.size(), 32));
    }
}

}  // namespace

int main(int count, char** names) {
    const Words words = words_of(count, names);
    std::vector<std::string> kept;
    for (const auto& path : words.inputs) {
        std::ifstream file(path, std::ios::binary);
        if (!file) {
            std::fprintf(stderr, "cannot read %s\n", path.c_str());
            return 1;
        }
        kept.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
        std::printf("%s\n", path.c_str());  // First: the last line names the input that broke something.
        std::fflush(stdout);
        run(kept.back());
    }
    if (kept.empty()) return 1;
    Random random(words.seed);
    for (std::uint64_t i = 0; i < words.runs; ++i) {
        std::string bytes = kept[random() % kept.size()];
        for (auto changes = 1 + random() % 8; changes > 0; --changes)
            change(bytes, kept[random() % kept.size()], random);
        std::ofstream("last-input", std::ios::binary | std::ios::trunc)
            << bytes;  // What is left behind a finding.
        run(bytes);
    }
    std::filesystem::remove("last-input");
    std::printf("%zu kept inputs, %llu changed ones\n", kept.size(),
                static_cast<unsigned long long>(words.runs));
    return 0;
}
