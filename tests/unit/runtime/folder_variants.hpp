/// Every test of the folder runs on the kernel's calls and on their stand-ins.
#pragma once

#include <catch2/catch.hpp>
#include <memory>

#include "fluentsync/error.hpp"
#include "runtime/posix_folder.hpp"

inline std::shared_ptr<fluentsync::runtime::Folder> open_variant(const std::string& path, bool kernel) {
    return fluentsync::runtime::open_posix_folder(path, false, {kernel, kernel});
}

/// The code of the Error that `call` throws; ok when it throws none.
template <typename Call>
fluentsync::ErrorCode code_of(const Call& call) {
    try {
        call();
    } catch (const fluentsync::Error& error) {
        return error.code();
    }
    return fluentsync::ErrorCode::ok;
}
