/// One pack for many objects. A pack begins with the number of its objects, which is known at the end only:
/// entries are compressed into a nameless temporary file and streamed into libgit2's indexer by finish(). So
/// memory stays bounded, and nothing shows in .git before.
#include <git2/odb_backend.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cstring>
#include <unordered_set>

#include "git/pack_entry.hpp"
#include "git/spool.hpp"
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

base::ObjectId hash_object(git_object_t type, std::string_view data) {
    std::string bytes = git_object_type2string(type);
    bytes += ' ' + std::to_string(data.size());
    bytes.push_back('\0');
    bytes.append(data);
    return base::hash_bytes(bytes);
}

/// A pack on its way into the database: hashes what passes, for the trailer.
class PackStream {
  public:
    explicit PackStream(git_odb* odb) : digest_(EVP_MD_CTX_new()) {
        if (!digest_ || EVP_DigestInit_ex(digest_.get(), EVP_sha1(), nullptr) != 1) {
            throw Error(ErrorCode::internal, "OpenSSL gives no SHA-1");
        }
        check(git_odb_write_pack(out(pack_), odb, nullptr, nullptr), "a pack cannot be written",
              ErrorCode::io);
    }

    void append(std::string_view bytes) {
        EVP_DigestUpdate(digest_.get(), bytes.data(), bytes.size());
        pass_on(bytes);
    }

    void commit() {
        base::ObjectId trailer;
        EVP_DigestFinal_ex(digest_.get(), trailer.bytes.data(), nullptr);
        pass_on(trailer.raw());
        check(pack_->commit(pack_.get(), &progress_), "a pack cannot be written", ErrorCode::io);
    }

  private:
    struct FreePack {
        void operator()(git_odb_writepack* pack) const noexcept { pack->free(pack); }
    };

    void pass_on(std::string_view bytes) {
        check(pack_->append(pack_.get(), bytes.data(), bytes.size(), &progress_), "a pack cannot be written",
              ErrorCode::io);
    }

    std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>> digest_;
    std::unique_ptr<git_odb_writepack, FreePack> pack_;
    git_indexer_progress progress_{};
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
        if (!claim(type_of(kind), id, data)) return id;
        std::string entry;
        encoder_.append(type_of(kind), data, entry);
        spool_->append(entry);
        return id;
    }

    void add_blobs(const std::vector<std::pair<base::ObjectId, std::string_view>>& blobs) override {
        std::vector<std::string_view> fresh;
        for (const auto& [id, data] : blobs) {
            if (claim(GIT_OBJECT_BLOB, id, data)) fresh.push_back(data);
        }
        std::vector<std::string> parts((fresh.size() + kBlobsPerTask - 1) / kBlobsPerTask);
        pool_.for_each(parts.size(), [&](std::size_t part) {
            PackEntryEncoder encoder;
            const std::size_t end = std::min(fresh.size(), (part + 1) * kBlobsPerTask);
            for (std::size_t i = part * kBlobsPerTask; i < end; ++i) {
                encoder.append(GIT_OBJECT_BLOB, fresh[i], parts[part]);
            }
        });
        for (const std::string& part : parts)
            spool_->append(part);
    }

    std::size_t finish(bool durable) override {
        if (!ids_.empty()) {
            stream();
            check(git_odb_refresh(odb_.get()), "the new pack cannot be opened");
            if (durable) sync_objects(repository_);
        }
        ids_.clear();
        spool_ = std::make_unique<Spool>(temporary_folder(repository_));
        return 0;
    }

  private:
    static std::string temporary_folder(const Repository& repository) {
        return repository.folder() + "/.fluentsync/tmp";
    }

    /// Whether the object is to be written here. One that the database has gets a new time stamp instead,
    /// which keeps a running `git gc` from it.
    bool claim(git_object_t type, const base::ObjectId& id, std::string_view data) {
        git_oid oid = to_oid(id);
        if (has_quickly(odb_.get(), oid)) {
            check(git_odb_write(&oid, odb_.get(), data.data(), data.size(), type),
                  "a git object cannot be written", ErrorCode::io);
            return false;
        }
        return ids_.insert(id).second;
    }

    void stream() {
        PackStream pack(odb_.get());
        const auto header = pack_header(static_cast<std::uint32_t>(ids_.size()));
        pack.append({header.data(), header.size()});
        std::string buffer;
        for (auto bytes = spool_->next(buffer); !bytes.empty(); bytes = spool_->next(buffer)) {
            pack.append(bytes);
        }
        pack.commit();
    }

    Repository& repository_;
    OdbPtr odb_;
    runtime::HelperPool& pool_;
    std::unique_ptr<Spool> spool_;
    PackEntryEncoder encoder_;
    std::unordered_set<base::ObjectId, IdHash> ids_;
};

}  // namespace

std::unique_ptr<ObjectWriter> make_pack_writer(Repository& repository, runtime::HelperPool& pool) {
    return std::make_unique<PackWriter>(repository, pool);
}

}  // namespace fluentsync::git
