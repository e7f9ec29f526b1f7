#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <random>

#include "base/tuning.hpp"
#include "repo_fixture.hpp"

namespace fluentsync::git {

using test::RepoFixture;
namespace fs = std::filesystem;

namespace {

std::string text_of(std::size_t number) {
    return "text " + std::to_string(number) + "\n";
}

/// One a pack.
std::vector<base::ObjectId> packed_texts(RepoFixture& fixture, std::size_t count) {
    std::vector<base::ObjectId> ids;
    for (std::size_t i = 0; i < count; ++i) {
        const auto writer = fixture.pack_writer();
        ids.push_back(fixture.add_blob(*writer, text_of(i)));
        writer->finish(false);
    }
    return ids;
}

/// As long as it lives, nothing can be opened.
class NoDescriptors {
  public:
    NoDescriptors() {
        REQUIRE(::getrlimit(RLIMIT_NOFILE, &before_) == 0);
        const rlimit low{64, before_.rlim_max};
        REQUIRE(::setrlimit(RLIMIT_NOFILE, &low) == 0);
        for (int file = open_null(); file >= 0; file = open_null())
            taken_.push_back(file);
    }
    NoDescriptors(const NoDescriptors&) = delete;
    NoDescriptors& operator=(const NoDescriptors&) = delete;
    ~NoDescriptors() {
        for (const int file : taken_)
            ::close(file);
        ::setrlimit(RLIMIT_NOFILE, &before_);
    }

  private:
    static int open_null() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }

    rlimit before_{};
    std::vector<int> taken_;
};

template <class Call>
std::string words_without_descriptors(const Call& call) {
    const NoDescriptors none;
    try {
        call();
    } catch (const Error& error) {
        return std::string(error_code_name(error.code())) + ": " + error.what();
    }
    return "nothing";
}

/// Of packs, in this process.
std::size_t mapped_bytes() {
    std::ifstream maps("/proc/self/maps");
    std::size_t sum = 0;
    for (std::string line; std::getline(maps, line);) {
        std::size_t begin = 0;
        std::size_t end = 0;
        if (!line.ends_with(".pack")) continue;
        if (std::sscanf(line.c_str(), "%zx-%zx", &begin, &end) == 2) sum += end - begin;
    }
    return sum;
}

int open_packs() {
    int count = 0;
    for (const auto& file : fs::directory_iterator("/proc/self/fd")) {
        std::error_code error;
        count += fs::read_symlink(file.path(), error).extension() == ".pack" ? 1 : 0;
    }
    return count;
}

}  // namespace

TEST_CASE("what libgit2 cannot open for want of a descriptor is not said to be missing") {
    RepoFixture fixture;
    const auto ids = packed_texts(fixture, 1);
    const Repository repository = Repository::open(fixture.folder());
    REQUIRE_FALSE(repository.has_object(base::hash_blob("nobody has this")));
    const auto words = GENERATE(0, 1) == 0
                           ? words_without_descriptors([&] { repository.blob(ids[0], 100); })
                           : words_without_descriptors([&] { (void)repository.has_object(ids[0]); });
    CHECK(words.rfind("cannot_open: ", 0) == 0);
    CHECK(words.find("EMFILE") != std::string::npos);
    CHECK(repository.blob(ids[0], 100) == text_of(0));
}

TEST_CASE("of however many packs few are open at a time") {
    RepoFixture fixture;
    const auto ids = packed_texts(fixture, 100);
    const Repository repository = Repository::open(fixture.folder());
    for (std::size_t i = 0; i < ids.size(); ++i)
        REQUIRE(repository.blob(ids[i], 100) == text_of(i));
    CHECK(open_packs() > 0);
    CHECK(open_packs() <= static_cast<int>(base::tuning::kOpenPacks));
}

TEST_CASE("of a large pack little is in memory, and all of it can be read") {
    RepoFixture fixture;
    constexpr std::size_t kBlob = std::size_t{2} << 20;
    constexpr std::size_t kBlobs = 18;
    std::mt19937_64 random(5);
    std::vector<base::ObjectId> ids;
    const auto writer = fixture.pack_writer();
    for (std::size_t i = 0; i < kBlobs; ++i) {
        std::string bytes;
        while (bytes.size() < kBlob) {
            const std::uint64_t word = random();  // No zlib makes that smaller.
            bytes.append(reinterpret_cast<const char*>(&word), sizeof word);
        }
        ids.push_back(fixture.add_blob(*writer, bytes));
    }
    writer->finish(false);
    const Repository repository = Repository::open(fixture.folder());
    std::size_t most = 0;
    for (const auto& id : ids) {
        REQUIRE(base::hash_blob(repository.blob(id, kBlob)) == id);
        most = std::max(most, mapped_bytes());
    }
    CHECK(most > 0);
    CHECK(most <= base::tuning::kMappedPacks);
}

}  // namespace fluentsync::git
