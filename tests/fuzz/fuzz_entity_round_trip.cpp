// Any bytes as an entity's content, through two stores and the folder between them: the same bytes arrive, or
// both sides refuse them.
#include "base/object_id.hpp"
#include "codec/front_matter.hpp"
#include "fluentsync/fluentsync.hpp"
#include "fuzz_input.hpp"
#include "temp_folder.hpp"

using namespace fluentsync;

namespace {

/// A store with its folder, worked by hand. Two of them share one folder, one after the other.
class Side {
  public:
    Side(const std::string& database, const std::string& folder, Layout layout)
        : store_(loop_, store_options(database)),
          directory_(loop_, store_, directory_options(folder, layout)) {}

    EntityStore& store() { return store_; }
    DirectorySync& directory() { return directory_; }

  private:
    static StoreOptions store_options(const std::string& database) {
        StoreOptions options;
        options.path = database;
        options.durable = false;
        return options;
    }
    static DirectoryOptions directory_options(const std::string& folder, Layout layout) {
        DirectoryOptions options;
        options.sync_path = folder;
        options.auto_sync = false;
        options.durable = false;
        options.layout = layout;
        return options;
    }

    EventLoop loop_;
    EntityStore store_;
    DirectorySync directory_;
};

/// False when the store refuses the content or the key.
bool put(EntityStore& store, const EntityDraft& draft) {
    try {
        store.put(draft);
        return true;
    } catch (const Error& error) {
        const auto code = error.code();
        fuzz::require(code == ErrorCode::invalid_key || code == ErrorCode::invalid_content ||
                          code == ErrorCode::invalid_front_matter,
                      "an entity is refused as such", error.what());
        return false;
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input input(data, size);
    const auto choice = input.byte();
    const Layout layout = (choice & 1) != 0 ? Layout::sharded : Layout::flat;
    const std::string id = (choice & 2) != 0 ? input.text() : "hello";
    const std::string content = input.rest();
    const support::TempFolder base;
    const std::string folder = base / "notes";
    {
        Side writer(base / "a.db", folder, layout);
        if (!put(writer.store(), {"note", id, content})) return 0;
        writer.directory().export_all();
        fuzz::require(writer.directory().status().held.empty(), "what the store took can be exported",
                      content);
    }
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder + "/note"))
        files += entry.is_regular_file() ? 1 : 0;
    fuzz::require(files == 1, "an entity is one file", id);

    if (codec::is_blank(content)) return 0;  // Not imported: it could be a file that is still being written.
    std::filesystem::remove_all(folder + "/.fluentsync");  // Another machine's folder now.
    Side reader(base / "b.db", folder, layout);
    reader.directory().import_all();
    const auto held = reader.directory().status().held;
    fuzz::require(held.empty(), "what one store exports another imports", content);
    const auto entity = reader.store().get({"note", id});
    fuzz::require(entity.has_value(), "the entity arrives under its id", id);
    fuzz::require(entity->content == content, "the content arrives byte for byte", entity->content);
    fuzz::require(entity->hash == base::hash_blob(content).hex(), "the hash is git's", entity->hash);
    return 0;
}
