// The least that a C++ host writes: open, put, sync.
//
// usage: minimal FOLDER REMOTE
#include <fluentsync/fluentsync.hpp>
#include <iostream>

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: minimal FOLDER REMOTE\n";
        return 2;
    }
    try {
        fluentsync::WorkspaceOptions options;
        options.store.path = std::string(argv[1]) + ".db";
        options.directory.sync_path = argv[1];
        options.git.remote = argv[2];
        fluentsync::Workspace brain(options);
        brain.store().put({"note", "hello", "# Hello\n"});
        brain.sync();  // Files, commit and push; start() instead would have them follow by themselves.
        std::cout << "HEAD is " << brain.status().git->head << '\n';
    } catch (const fluentsync::Error& error) {
        std::cerr << "minimal: " << error.what() << '\n';
        return 1;
    }
    return 0;
}
