/// One file an object: best for a few.
#include <utility>

#include "git/shared_modes.hpp"
#include "git/writers.hpp"

namespace fluentsync::git {

namespace {

class LooseWriter : public ObjectWriter {
  public:
    explicit LooseWriter(Repository& repository)
        : repository_(repository), odb_(open_odb(repository.raw())) {}

    // libgit2 hashes what it writes with its collision-detecting SHA-1, so a known id saves nothing here. An
    // object that is there already only gets a new time stamp, which keeps a running `git gc` from it.
    base::ObjectId add(Kind kind, std::string_view data, const base::ObjectId* known) override {
        const bool there = known && has_quickly(odb_.get(), to_oid(*known));
        git_oid oid{};
        check(git_odb_write(&oid, odb_.get(), data.data(), data.size(), type_of(kind)),
              "a git object cannot be written", ErrorCode::io);
        const base::ObjectId id = from_oid(oid);
        if (known && id != *known) throw_other_bytes(*known);
        if (!there) ++written_;
        repository_.shared_modes().widen_object(id);
        return id;
    }

    void add_blobs(const Blobs& blobs, const std::function<void()>& beside) override {
        for (const auto& [id, data] : blobs)
            add(Kind::blob, data, &id);
        beside();
    }

    std::size_t finish(bool durable) override {
        if (durable && written_ > 0) sync_objects(repository_);
        return std::exchange(written_, 0);
    }

  private:
    Repository& repository_;
    OdbPtr odb_;
    std::size_t written_ = 0;
};

}  // namespace

std::unique_ptr<ObjectWriter> make_loose_writer(Repository& repository) {
    return std::make_unique<LooseWriter>(repository);
}

}  // namespace fluentsync::git
