#include "plan/pending_paths.hpp"

#include <utility>

namespace fluentsync::plan {

void PendingPaths::add_files(std::vector<std::string>&& paths) {
    for (std::string& path : paths) {
        files_.insert(std::move(path));
    }
    bound();
}

void PendingPaths::add_folder(const std::string& folder) {
    added_.insert(folder);
    bound();
}

void PendingPaths::folder_gone(const std::string& folder) {
    gone_.insert(folder);
    bound();
}

void PendingPaths::look_at_everything() {
    everything_ = true;
}

bool PendingPaths::empty() const {
    return size() == 0;
}

std::size_t PendingPaths::size() const {
    return files_.size() + added_.size() + gone_.size() + (everything_ ? 1 : 0);
}

PendingPaths::Batch PendingPaths::take() {
    Batch batch;
    batch.files.assign(files_.begin(), files_.end());
    batch.folders_added.assign(added_.begin(), added_.end());
    batch.folders_gone.assign(gone_.begin(), gone_.end());
    batch.everything = everything_;
    files_.clear();
    added_.clear();
    gone_.clear();
    everything_ = false;
    return batch;
}

/// Folders that appeared stay: they still want their watches.
void PendingPaths::bound() {
    if (files_.size() + gone_.size() > most_) {
        files_.clear();
        gone_.clear();
        everything_ = true;
    }
}

}  // namespace fluentsync::plan
