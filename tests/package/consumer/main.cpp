// A host that writes one entity and finds it on disk. Takes an empty folder.
#include <fluentsync/fluentsync.hpp>
#include <iostream>

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    const std::string root = argv[1];
    try {
        fluentsync::WorkspaceOptions options;
        options.store.path = root + "/store.db";
        options.directory.sync_path = root + "/files";
        options.git.enabled = false;
        fluentsync::Workspace workspace(options);
        workspace.store().put({"note", "hello", "# Hello\n"});
        workspace.sync();
        std::cout << "fluentsync " << FLUENTSYNC_VERSION_STRING << ", " << workspace.status().entities
                  << " entity\n";
        return workspace.verify().clean() ? 0 : 1;
    } catch (const fluentsync::Error& error) {
        std::cerr << error.what() << '\n';
        return 3;
    }
}
