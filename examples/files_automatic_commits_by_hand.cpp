// Set-up 1: files automatic, commits by hand.
//
// The folder follows the store, and the store the folder, by themselves. The application decides when a
// commit is made (a "Save version" button, the end of a lesson); each commit is pushed.
//
// usage: files_automatic_commits_by_hand FOLDER REMOTE
#include <fluentsync/fluentsync.hpp>
#include <iostream>

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: files_automatic_commits_by_hand FOLDER REMOTE\n";
        return 2;
    }
    const std::string folder = argv[1];
    try {
        fluentsync::WorkspaceOptions options;
        options.store.path = folder + ".db";
        options.directory.sync_path = folder;
        options.directory.auto_sync = true;  // the default, spelt out
        options.git.remote = argv[2];
        options.git.auto_sync = false;  // no commit but those asked for below
        options.git.auto_push = true;

        fluentsync::Workspace brain(options);
        brain.start();
        brain.store().put({"note", "hello", "---\ntitle: Hello\n---\n\nWritten by the application.\n"});

        // After the debounce the file would be there by itself. A host that wants it now says so.
        brain.directory().flush();
        std::cout << "on disk: " << folder << "/note/hello.md\n";

        const auto commit = brain.git().commit("First version");
        std::cout << "committed: " << commit.commit << ", " << commit.files << " file\n";

        // auto_push works in the background; a host that is about to leave can push and see the outcome.
        const auto push = brain.git().push();
        std::cout << "push: " << fluentsync::push_outcome_name(push.outcome) << '\n';
        brain.close();
    } catch (const fluentsync::Error& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
