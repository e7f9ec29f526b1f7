#include "git/pack_file.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <utility>

#include "runtime/posix_error.hpp"

namespace fluentsync::git {

namespace {

/// A clone without any pack may lack it.
std::string pack_folder(const std::string& objects) {
    std::string folder = std::filesystem::path(objects) / "pack";
    if (::mkdir(folder.c_str(), 0777) != 0 && errno != EEXIST) runtime::throw_errno(errno, "make", folder);
    return folder;
}

}  // namespace

PackFile::PackFile(const std::string& objects)
    : folder_(pack_folder(objects)), pack_(folder_), digest_(EVP_MD_CTX_new()) {
    if (!digest_ || EVP_DigestInit_ex(digest_.get(), EVP_sha1(), nullptr) != 1) {
        throw Error(ErrorCode::internal, "OpenSSL offers no SHA-1; enable it in OpenSSL's configuration");
    }
}

void PackFile::append(std::string_view bytes) {
    EVP_DigestUpdate(digest_.get(), bytes.data(), bytes.size());
    pack_.write(bytes);
}

std::string PackFile::place(std::vector<PackedObject> contents, bool durable) {
    base::ObjectId trailer;
    EVP_DigestFinal_ex(digest_.get(), trailer.bytes.data(), nullptr);
    pack_.write(trailer.raw());
    PartFile index(folder_);
    index.write(pack_index(std::move(contents), trailer));
    if (durable) {
        pack_.sync();
        index.sync();
    }
    std::string name = folder_ + "/pack-" + trailer.hex();
    pack_.place(name + ".pack");
    index.place(name + ".idx");
    return name;
}

}  // namespace fluentsync::git
