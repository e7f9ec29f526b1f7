#include "git/spooled_pack.hpp"

#include <utility>

#include "git/pack_file.hpp"

namespace fluentsync::git {

SpooledPack::SpooledPack(const Repository& repository)
    : SpooledPack(item_path(repository.raw(), GIT_REPOSITORY_ITEM_OBJECTS),
                  repository.folder() + "/.fluentsync/tmp") {}

SpooledPack::SpooledPack(std::string objects, const std::string& spool)
    : objects_folder_(std::move(objects)), spool_(spool) {}

void SpooledPack::append(const PackEntries& entries) {
    for (PackedObject object : entries.objects) {
        object.offset += end_;
        objects_.push_back(object);
    }
    end_ += entries.bytes.size();
    spool_.append(entries.bytes);
}

std::optional<std::string> SpooledPack::place(bool durable, const std::function<bool()>& give_up) {
    PackFile pack(objects_folder_);
    const auto header = pack_header(static_cast<std::uint32_t>(objects_.size()));
    pack.append({header.data(), header.size()});
    std::string buffer;
    for (auto bytes = spool_.next(buffer); !bytes.empty(); bytes = spool_.next(buffer)) {
        if (give_up()) return std::nullopt;
        pack.append(bytes);
    }
    return pack.place(std::move(objects_), durable);
}

}  // namespace fluentsync::git
