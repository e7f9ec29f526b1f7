#include "runtime/posix_error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>

#include "base/text.hpp"
#include "runtime/file_system.hpp"

namespace fluentsync::runtime {
namespace {

/// The errno's name and what to do about it, for those that a person can do something about.
std::string_view advice(int number) {
    switch (number) {
        case ENOSPC:
            return " (ENOSPC); free some space";
        case EDQUOT:
            return " (EDQUOT); free some space or raise the quota";
        case EACCES:
            return " (EACCES); check the permissions";
        case EPERM:
            return " (EPERM); check the owner and the permissions";
        case EROFS:
            return " (EROFS); the file system is mounted read-only";
        case ELOOP:
            return " (ELOOP); symbolic links are not followed: put a plain file or folder in its place";
        case EMFILE:
            return " (EMFILE); raise the limit on open files";
        case ENAMETOOLONG:
            return " (ENAMETOOLONG); use a shorter name";
        case EXDEV:
            return " (EXDEV); the folder spans file systems";
        case EIO:
            return " (EIO); check the disk";
        default:
            return "";
    }
}

/// Another path may well be taken.
bool concerns_one_path(int number) {
    switch (number) {
        case EACCES:
        case EPERM:
        case ENAMETOOLONG:
        case EILSEQ:
        case EINVAL:
        case ELOOP:
        case ENOTDIR:
        case EISDIR:
        case ETXTBSY:
        case EXDEV:  // A mount below the folder, or on one of its files.
        case EBUSY:
            return true;
        default:
            return false;
    }
}

}  // namespace

void throw_errno(int number, std::string_view action, const std::string& path, ErrorCode code) {
    const std::string why = fmt::format("{}{}", std::generic_category().message(number), advice(number));
    const std::string message = fmt::format("cannot {} '{}': {}", action, base::printable(path), why);
    if (code == ErrorCode::io && concerns_one_path(number)) {
        throw PathRefused(code, message, path, why);
    }
    throw Error(code, message, path);
}

void throw_out_of_memory(const std::string& path, std::uint64_t size) {
    const std::string why = fmt::format("no memory for its {} bytes; remove it or give more memory", size);
    throw PathRefused(ErrorCode::too_large, fmt::format("cannot read '{}': {}", base::printable(path), why),
                      path, why);
}

}  // namespace fluentsync::runtime
