#include "git/multi_pack_index.hpp"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string_view>

namespace fluentsync::git {

namespace {

namespace fs = std::filesystem;

// gitformat-pack(5): header, then a table of chunks, of which one holds the packs' names.
constexpr std::string_view kMidxMagic = "MIDX";
constexpr char kMidxVersion = 1;
constexpr std::size_t kMidxHeader = 12;
constexpr std::size_t kChunkCount = 6;  ///< Where the header says how many chunks there are.
constexpr std::size_t kTableEntry = 12;
constexpr std::string_view kPackNames = "PNAM";
/// More than a million packs have; what says more is no such index.
constexpr std::uint64_t kMostNames = 64u << 20;

std::optional<std::string> read_piece(std::ifstream& file, std::uint64_t at, std::uint64_t size) {
    std::string bytes(size, '\0');
    file.seekg(static_cast<std::streamoff>(at));
    file.read(bytes.data(), static_cast<std::streamsize>(size));
    return file ? std::optional(std::move(bytes)) : std::nullopt;
}

std::uint64_t offset_in(std::string_view table_entry) {
    std::uint64_t offset = 0;
    for (const char byte : table_entry.substr(4, 8))
        offset = offset << 8 | static_cast<unsigned char>(byte);
    return offset;
}

/// Nothing where there is no such chunk.
std::optional<std::string> chunk_of_names(std::ifstream& file) {
    const auto header = read_piece(file, 0, kMidxHeader);
    if (!header || header->rfind(kMidxMagic, 0) != 0 || (*header)[4] != kMidxVersion) return std::nullopt;
    const auto chunks = static_cast<unsigned char>((*header)[kChunkCount]);
    const auto table = read_piece(file, kMidxHeader, (chunks + std::size_t{1}) * kTableEntry);
    if (!table) return std::nullopt;
    for (std::size_t i = 0; i < chunks; ++i) {
        const std::string_view entry = std::string_view(*table).substr(i * kTableEntry);
        if (!entry.starts_with(kPackNames)) continue;
        const std::uint64_t begin = offset_in(entry);
        const std::uint64_t end =
            offset_in(entry.substr(kTableEntry));  // The next one's, or the last line's.
        if (end < begin || end - begin > kMostNames) return std::nullopt;
        return read_piece(file, begin, end - begin);
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::set<std::string>> packs_in_multi_pack_index(const std::string& pack_folder) {
    std::error_code error;
    if (fs::exists(fs::symlink_status(pack_folder + "/multi-pack-index.d", error))) return std::nullopt;
    const std::string path = pack_folder + "/multi-pack-index";
    if (!fs::exists(fs::symlink_status(path, error))) return std::set<std::string>();
    std::ifstream file(path, std::ios::binary);
    const auto names = chunk_of_names(file);
    if (!names) return std::nullopt;
    std::set<std::string> packs;
    for (std::size_t at = 0; at < names->size();) {
        const std::size_t end = std::min(names->find('\0', at), names->size());
        const fs::path name(names->substr(at, end - at));
        if (!name.empty()) packs.insert(name.stem().string());  // Zeros fill the chunk up.
        at = end + 1;
    }
    return packs;
}

}  // namespace fluentsync::git
