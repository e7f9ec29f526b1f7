/// What editors and other programs do to a file.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "../runtime/temp_folder.hpp"

/// Writes a new file and renames it over `name`.
inline void save_by_rename(const TempFolder& at, const std::string& name, const std::string& bytes) {
    const std::string aside = name + ".stranger";
    at.put(aside, bytes);
    std::filesystem::rename(at.path / aside, at.path / name);
}

/// Overwrites bytes in place; size and mtime stay what they were when `bytes` is as long as the file.
inline void edit_keeping_mtime(const TempFolder& at, const std::string& name, const std::string& bytes) {
    struct stat info = {};
    const int file = ::open((at / name).c_str(), O_WRONLY);
    if (file < 0) return;
    if (::fstat(file, &info) != 0 || ::pwrite(file, bytes.data(), bytes.size(), 0) < 0) std::abort();
    const timespec times[2] = {info.st_atim, info.st_mtim};
    if (::futimens(file, times) != 0) std::abort();
    ::close(file);
}

/// Names in a folder, sorted; empty when it is not there.
inline std::vector<std::string> names_in(const TempFolder& at, const std::string& folder) {
    std::vector<std::string> names;
    if (!std::filesystem::exists(at.path / folder)) return names;
    for (const auto& entry : std::filesystem::directory_iterator(at.path / folder))
        names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
}
