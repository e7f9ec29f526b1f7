/// One pack for many objects. A pack begins with the number of its objects, which is known at the end only:
/// entries are compressed into a nameless temporary file, which finish() copies. So memory stays bounded (the
/// bytes are on disk, 32 an object stay for the index), and nothing shows in .git before.
#include <algorithm>
#include <cstring>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "git/pack_entry.hpp"
#include "git/pack_file.hpp"
#include "git/spool.hpp"
#include "git/writers.hpp"

namespace fluentsync::git {

namespace {

/// Blobs compressed by one task: enough that the tasks' fixed cost vanishes, few enough that they balance.
constexpr std::size_t kBlobsPerTask = 64;
constexpr std::uint64_t kHeader = std::tuple_size_v<decltype(pack_header(0))>;

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
          spool_(std::make_unique<Spool>(temporary_folder(repository))) {}

    base::ObjectId add(Kind kind, std::string_view data, const base::ObjectId* known) override {
        const base::ObjectId id = known ? *known : hash_object(type_of(kind), data);
        if (is_there(type_of(kind), id, data) || !ids_.insert(id).second) return id;
        PackEntries entry;
        encoder_.append(type_of(kind), id, data, entry);
        take(entry);
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
            take(part);
    }

    std::size_t finish(bool durable) override {
        if (!ids_.empty()) {
            place(durable);
            check(git_odb_refresh(odb_.get()), "the new pack cannot be opened");
            if (durable) sync_objects(repository_);
        }
        ids_.clear();
        objects_.clear();
        end_ = kHeader;
        spool_ = std::make_unique<Spool>(temporary_folder(repository_));
        return 0;
    }

  private:
    static std::string temporary_folder(const Repository& repository) {
        return repository.folder() + "/.fluentsync/tmp";
    }

    /// One that the database has gets a new time stamp, which keeps a running `git gc` from it.
    bool is_there(git_object_t type, const base::ObjectId& id, std::string_view data) {
        git_oid oid = to_oid(id);
        if (!has_quickly(odb_.get(), oid)) return false;
        check(git_odb_write(&oid, odb_.get(), data.data(), data.size(), type),
              "a git object cannot be written", ErrorCode::io);
        if (from_oid(oid) != id) throw_other_bytes(id);
        return true;
    }

    void take(const PackEntries& entries) {
        for (PackedObject object : entries.objects) {
            object.offset += end_;
            objects_.push_back(object);
        }
        end_ += entries.bytes.size();
        spool_->append(entries.bytes);
    }

    void place(bool durable) {
        PackFile pack(item_path(repository_.raw(), GIT_REPOSITORY_ITEM_OBJECTS));
        const auto header = pack_header(static_cast<std::uint32_t>(objects_.size()));
        pack.append({header.data(), header.size()});
        std::string buffer;
        for (auto bytes = spool_->next(buffer); !bytes.empty(); bytes = spool_->next(buffer)) {
            pack.append(bytes);
        }
        pack.place(std::move(objects_), durable);
    }

    Repository& repository_;
    OdbPtr odb_;
    runtime::HelperPool& pool_;
    std::unique_ptr<Spool> spool_;
    PackEntryEncoder encoder_;
    std::unordered_set<base::ObjectId, IdHash> ids_;
    std::vector<PackedObject> objects_;
    std::uint64_t end_ = kHeader;  ///< Of the pack so far.
};

}  // namespace

std::unique_ptr<ObjectWriter> make_pack_writer(Repository& repository, runtime::HelperPool& pool) {
    return std::make_unique<PackWriter>(repository, pool);
}

}  // namespace fluentsync::git
