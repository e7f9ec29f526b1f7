/// One pack for many objects.
#include <algorithm>
#include <cstring>
#include <unordered_set>
#include <utility>

#include "git/pack_entry.hpp"
#include "git/shared_modes.hpp"
#include "git/spooled_pack.hpp"
#include "git/writers.hpp"

namespace fluentsync::git {

namespace {

/// Blobs compressed by one task: enough that the tasks' fixed cost vanishes, few enough that they balance.
constexpr std::size_t kBlobsPerTask = 64;

struct IdHash {
    std::size_t operator()(const base::ObjectId& id) const {
        std::size_t value = 0;
        std::memcpy(&value, id.bytes.data(), sizeof value);
        return value;
    }
};

class PackWriter : public ObjectWriter {
  public:
    PackWriter(Repository& repository, runtime::HelperPool& pool)
        : repository_(repository),
          odb_(open_odb(repository.raw())),
          pool_(pool),
          pack_(std::make_unique<SpooledPack>(repository)) {}

    base::ObjectId add(Kind kind, std::string_view data, const base::ObjectId* known) override {
        const base::ObjectId id = known ? *known : hash_object(type_of(kind), data);
        if (is_there(type_of(kind), id, data) || !ids_.insert(id).second) return id;
        PackEntries entry;
        encoder_.append(type_of(kind), id, data, entry);
        pack_->append(entry);
        return id;
    }

    void add_blobs(const Blobs& blobs, const std::function<void()>& beside) override {
        std::vector<const Blobs::value_type*> fresh;
        for (const auto& blob : blobs) {
            if (ids_.insert(blob.first).second) fresh.push_back(&blob);
        }
        std::vector<PackEntries> parts((fresh.size() + kBlobsPerTask - 1) / kBlobsPerTask);
        const auto compress = [&](std::size_t part) {
            PackEntryEncoder encoder;
            const std::size_t end = std::min(fresh.size(), (part + 1) * kBlobsPerTask);
            for (std::size_t i = part * kBlobsPerTask; i < end; ++i) {
                encoder.append(GIT_OBJECT_BLOB, fresh[i]->first, fresh[i]->second, parts[part]);
            }
        };
        pool_.for_each(parts.size(), compress, beside);
        for (const PackEntries& part : parts)
            pack_->append(part);
    }

    std::size_t finish(bool durable) override {
        if (!ids_.empty()) {
            pack_->place(durable, [] { return false; });
            repository_.shared_modes().widen_packs();
            check(git_odb_refresh(odb_.get()), "the new pack cannot be opened");
            if (durable) sync_objects(repository_);
        }
        ids_.clear();
        pack_ = std::make_unique<SpooledPack>(repository_);
        return 0;
    }

  private:
    /// One that the database has gets a new time stamp, which keeps a running `git gc` from it.
    bool is_there(git_object_t type, const base::ObjectId& id, std::string_view data) {
        git_oid oid = to_oid(id);
        if (!has_quickly(odb_.get(), oid)) return false;
        check(git_odb_write(&oid, odb_.get(), data.data(), data.size(), type),
              "a git object cannot be written", ErrorCode::io);
        if (from_oid(oid) != id) throw_other_bytes(id);
        return true;
    }

    Repository& repository_;
    OdbPtr odb_;
    runtime::HelperPool& pool_;
    std::unique_ptr<SpooledPack> pack_;
    PackEntryEncoder encoder_;
    std::unordered_set<base::ObjectId, IdHash> ids_;
};

}  // namespace

std::unique_ptr<ObjectWriter> make_pack_writer(Repository& repository, runtime::HelperPool& pool) {
    return std::make_unique<PackWriter>(repository, pool);
}

}  // namespace fluentsync::git
