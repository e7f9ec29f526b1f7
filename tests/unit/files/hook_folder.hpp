/// A real folder in which somebody else acts between our calls, at a chosen moment.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/file_system.hpp"

/// `before` is called with the name of the operation and its (first) path ahead of each call that reads,
/// writes, looks at or syncs a file. One thread at a time; what it does itself here is not told.
class HookFolder final : public fluentsync::runtime::Folder {
  public:
    using FileStat = fluentsync::runtime::FileStat;
    using RenameOutcome = fluentsync::runtime::RenameOutcome;

    explicit HookFolder(const std::string& path) : folder_(fluentsync::runtime::open_folder(path, false)) {}

    std::function<void(const std::string& operation, const std::string& path)> before;

    /// What is said to be mounted below.
    std::vector<fluentsync::runtime::Mount> mounted;

    std::vector<fluentsync::runtime::Mount> mounts() const override { return mounted; }
    std::string absolute_path() const override { return folder_->absolute_path(); }
    FileStat identity() const override { return folder_->identity(); }
    FileStat stat(const std::string& path) const override {
        tell("stat", path);
        return folder_->stat(path);
    }
    FileStat read(const std::string& path, std::uint64_t limit, std::string& out) const override {
        tell("read", path);
        return folder_->read(path, limit, out);
    }
    std::vector<fluentsync::runtime::FolderEntry> list(const std::string& folder) const override {
        tell("list", folder);
        return folder_->list(folder);
    }
    std::vector<std::string> subfolders(const std::string& folder) const override {
        tell("list", folder);
        return folder_->subfolders(folder);
    }
    void make_folders(const std::string& path, bool own) override { folder_->make_folders(path, own); }
    bool remove_folder(const std::string& path) override { return folder_->remove_folder(path); }
    FileStat write_new(const std::string& path, std::string_view bytes,
                       const fluentsync::runtime::Likeness& likeness) override {
        tell("write_new", path);
        return folder_->write_new(path, bytes, likeness);
    }
    FileStat shape(const std::string& path, const fluentsync::runtime::Likeness& likeness) override {
        return folder_->shape(path, likeness);
    }
    RenameOutcome rename_new(const std::string& from, const std::string& to) override {
        tell("rename_new", from);
        return folder_->rename_new(from, to);
    }
    std::optional<std::string> read_link(const std::string& path) const override {
        tell("read_link", path);
        return folder_->read_link(path);
    }
    bool make_link(const std::string& path, const std::string& target) override {
        tell("make_link", path);
        return folder_->make_link(path, target);
    }
    RenameOutcome exchange(const std::string& a, const std::string& b) override {
        tell("exchange", a);
        return folder_->exchange(a, b);
    }
    bool remove(const std::string& path) override {
        tell("remove", path);
        return folder_->remove(path);
    }
    void sync() override {
        tell("sync", "");
        folder_->sync();
    }
    void sync_path(const std::string& path) override {
        tell("sync_path", path);
        folder_->sync_path(path);
    }

  private:
    void tell(const std::string& operation, const std::string& path) const {
        if (!before) return;
        const std::lock_guard lock(mutex_);
        if (!telling_) {
            telling_ = true;
            try {
                before(operation, path);
            } catch (...) {
                telling_ = false;
                throw;
            }
            telling_ = false;
        }
    }

    std::shared_ptr<fluentsync::runtime::Folder> folder_;
    mutable std::recursive_mutex mutex_;
    mutable bool telling_ = false;
};
