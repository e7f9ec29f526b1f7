/* The scenario that every language passes, here in C99. Python's and Rust's tests go through the same steps:
 *
 *  1. A bad option gives the typed error, names the nearest known one, and opens nothing.
 *  2. A store write reaches the remote: put, wait for git:pushed, read the file in the remote.
 *  3. A remote push reaches the store: a person pushes a note, pull, entity:created tells of it.
 *  4. A conflict is listed and resolved: both sides change one line, conflict:detected, one record with both
 * contents, take the loser, conflict:resolved, the loser's content is in place, no record is open.
 *  5. A held deletion is confirmed: ten notes, their folder moved away, deletion:held, nothing is
 * gone, confirm, ten entity:deleted.
 *  6. Everything is closed and freed: no live object is left.
 *
 * usage: scenario FOLDER     FOLDER is empty and ours
 */
#include <fluentsync/fluentsync.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPECT(condition, what) expect((condition) != 0, (what), __LINE__)
#define NOTES 10

static char folder[1024];

static void expect(int good, const char* what, int line) {
    if (good) return;
    fprintf(stderr, "scenario.c:%d: not so: %s\n", line, what);
    exit(1);
}

/* Ends the program unless the call before it went well. */
static void check(int status, fluentsync_error* error, int line) {
    if (status == FLUENTSYNC_OK) return;
    fprintf(stderr, "scenario.c:%d: %s: %s\n", line, fluentsync_code_name(status),
            fluentsync_error_message(error, NULL));
    exit(1);
}
#define CHECK(call) check((call), error, __LINE__)

/* Runs git in a folder below ours; what it prints is kept for the caller. */
static const char* git(const char* below, const char* arguments) {
    static char output[4096];
    char command[4096];
    size_t length = 0;
    FILE* pipe = NULL;
    snprintf(
        command, sizeof command,
        "git -c user.name=Person -c user.email=person@localhost -c init.defaultBranch=main -C '%s/%s' %s",
        folder, below, arguments);
    pipe = popen(command, "r");
    EXPECT(pipe != NULL, "popen works");
    length = fread(output, 1, sizeof output - 1, pipe);
    output[length] = '\0';
    EXPECT(pclose(pipe) == 0, command);
    return output;
}

static void write_file(const char* below, const char* content) {
    char path[2048];
    FILE* file = NULL;
    snprintf(path, sizeof path, "%s/%s", folder, below);
    file = fopen(path, "wb");
    EXPECT(file != NULL, path);
    EXPECT(fwrite(content, 1, strlen(content), file) == strlen(content), path);
    EXPECT(fclose(file) == 0, path);
}

static void person_pushes(const char* note, const char* content) {
    char below[256];
    snprintf(below, sizeof below, "person/note/%s.md", note);
    git("person", "pull --quiet --no-rebase origin main");
    write_file(below, content);
    git("person", "add -A");
    git("person", "commit --quiet -m person");
    git("person", "push --quiet origin HEAD:main");
}

/* Pulls events until `count` of this kind (and id, unless NULL) have come. The others are skipped: so are
 * kinds that a later library adds. */
static void await_at(int line, fluentsync_events* events, int kind, const char* id, int count) {
    fluentsync_error* error = NULL;
    while (count > 0) {
        fluentsync_event_batch* batch = NULL;
        size_t i = 0;
        CHECK(fluentsync_events_next(events, 1, 120000, &batch, &error));
        expect(batch != NULL, "the event comes within two minutes", line);
        for (i = 0; i < fluentsync_event_batch_size(batch); ++i) {
            const fluentsync_event* event = fluentsync_event_batch_at(batch, i);
            if (fluentsync_event_kind(event) != kind) continue;
            if (id == NULL || strcmp(fluentsync_event_id(event, NULL), id) == 0) --count;
        }
        fluentsync_event_batch_free(batch);
    }
}

#define AWAIT(events, kind, id, count) await_at(__LINE__, (events), (kind), (id), (count))

static void expect_content(fluentsync_store* store, const char* id, const char* content) {
    fluentsync_error* error = NULL;
    fluentsync_entity* entity = NULL;
    size_t length = 0;
    CHECK(fluentsync_store_get(store, FLUENTSYNC_LITERAL("note"), id, FLUENTSYNC_NUL_TERMINATED, &entity,
                               &error));
    EXPECT(entity != NULL, id);
    EXPECT(strcmp(fluentsync_entity_content(entity, &length), content) == 0, content);
    EXPECT(length == strlen(content), content);
    fluentsync_entity_free(entity);
}

static void put(fluentsync_store* store, const char* id, const char* content) {
    fluentsync_error* error = NULL;
    CHECK(fluentsync_store_put(store, FLUENTSYNC_LITERAL("note"), id, FLUENTSYNC_NUL_TERMINATED, content,
                               FLUENTSYNC_NUL_TERMINATED, FLUENTSYNC_ANY_VERSION, NULL, &error));
}

static void bad_option(void) {
    fluentsync_error* error = NULL;
    fluentsync_workspace* workspace = NULL;
    const int status =
        fluentsync_workspace_open(NULL, FLUENTSYNC_LITERAL("{\"directory\": {\"syncPth\": \"x\"}}"), NULL,
                                  NULL, NULL, &workspace, &error);
    EXPECT(status == FLUENTSYNC_INVALID_OPTIONS, "the status is typed");
    EXPECT(fluentsync_error_code(error) == status, "so is the error");
    EXPECT(strstr(fluentsync_error_message(error, NULL), "syncPath") != NULL,
           "the nearest known name is told");
    EXPECT(workspace == NULL, "nothing is open");
    fluentsync_error_free(error);
}

static void write_reaches_remote(fluentsync_store* store, fluentsync_events* events) {
    put(store, "hello", "# Hello\n\nfirst line\n");
    AWAIT(events, FLUENTSYNC_EVENT_GIT_PUSHED, NULL, 1);
    EXPECT(strcmp(git("remote.git", "show main:note/hello.md"), "# Hello\n\nfirst line\n") == 0,
           "the remote has it");
}

static void push_reaches_store(fluentsync_store* store, fluentsync_git* git_sync, fluentsync_events* events) {
    fluentsync_error* error = NULL;
    person_pushes("theirs", "written by a person\n");
    CHECK(fluentsync_git_pull(git_sync, NULL, &error));
    AWAIT(events, FLUENTSYNC_EVENT_ENTITY_CREATED, "theirs", 1);
    expect_content(store, "theirs", "written by a person\n");
}

static void conflict_is_resolved(fluentsync_store* store, fluentsync_git* git_sync,
                                 fluentsync_events* events) {
    fluentsync_error* error = NULL;
    fluentsync_conflict_list* list = NULL;
    const fluentsync_conflict* conflict = NULL;
    char loser[256];
    person_pushes("hello", "# Hello\n\nthe person's line\n");
    put(store, "hello", "# Hello\n\nthe program's line\n");
    CHECK(fluentsync_git_pull(git_sync, NULL, &error));
    AWAIT(events, FLUENTSYNC_EVENT_CONFLICT_DETECTED, "hello", 1);
    CHECK(fluentsync_store_conflicts(store, 0, &list, &error));
    EXPECT(fluentsync_conflict_list_size(list) == 1, "one conflict is listed");
    conflict = fluentsync_conflict_list_at(list, 0);
    EXPECT(strcmp(fluentsync_conflict_path(conflict, NULL), "note/hello.md") == 0, "by its path");
    expect_content(store, "hello", fluentsync_conflict_winner_content(conflict, NULL));
    snprintf(loser, sizeof loser, "%s", fluentsync_conflict_loser_content(conflict, NULL));
    EXPECT(strstr(loser, "'s line") != NULL, "the loser is kept whole");
    CHECK(
        fluentsync_store_resolve(store, fluentsync_conflict_number(conflict), FLUENTSYNC_TAKE_LOSER, &error));
    AWAIT(events, FLUENTSYNC_EVENT_CONFLICT_RESOLVED, NULL, 1);
    fluentsync_conflict_list_free(list);
    expect_content(store, "hello", loser);
    CHECK(fluentsync_store_conflicts(store, 0, &list, &error));
    EXPECT(fluentsync_conflict_list_size(list) == 0, "no conflict is left");
    fluentsync_conflict_list_free(list);
}

static void held_deletion_is_confirmed(fluentsync_store* store, fluentsync_directory* directory,
                                       fluentsync_events* events) {
    fluentsync_error* error = NULL;
    fluentsync_drafts* drafts = NULL;
    int64_t count = 0;
    int i = 0;
    char text[2048];
    char aside[2048];
    CHECK(fluentsync_drafts_new(&drafts, &error));
    for (i = 0; i < NOTES; ++i) {
        snprintf(text, sizeof text, "old/%d", i);
        CHECK(fluentsync_drafts_add(drafts, FLUENTSYNC_LITERAL("note"), text, FLUENTSYNC_NUL_TERMINATED,
                                    FLUENTSYNC_LITERAL("old\n"), &error));
    }
    CHECK(fluentsync_store_put_all(store, drafts, &count, &error));
    EXPECT(count == NOTES, "all are put");
    fluentsync_drafts_free(drafts);
    CHECK(fluentsync_directory_flush(directory, &error));
    /* The folder goes in one piece, so that they are missed in one piece however slow the machine is. */
    snprintf(text, sizeof text, "%s/brain/note/old", folder);
    snprintf(aside, sizeof aside, "%s/aside", folder);
    EXPECT(rename(text, aside) == 0, text);
    AWAIT(events, FLUENTSYNC_EVENT_DELETION_HELD, NULL, 1);
    CHECK(fluentsync_store_count(store, NULL, 0, &count, &error));
    EXPECT(count == NOTES + 2, "nothing is gone");
    CHECK(fluentsync_store_confirm_deletions(store, &count, &error));
    EXPECT(count == NOTES, "all are confirmed");
    AWAIT(events, FLUENTSYNC_EVENT_ENTITY_DELETED, NULL, NOTES);
    CHECK(fluentsync_store_count(store, NULL, 0, &count, &error));
    EXPECT(count == 2, "they are gone");
}

static void whole_scenario(void) {
    fluentsync_error* error = NULL;
    fluentsync_workspace* workspace = NULL;
    fluentsync_store* store = NULL;
    fluentsync_directory* directory = NULL;
    fluentsync_git* git_sync = NULL;
    fluentsync_events* events = NULL;
    char options[8192];
    snprintf(options, sizeof options,
             "{\"store\": {\"path\": \"%s/brain.db\", \"durable\": false},"
             " \"directory\": {\"syncPath\": \"%s/brain\", \"syncDebounce\": 20, \"durable\": false},"
             " \"git\": {\"remote\": \"%s/remote.git\", \"branch\": \"main\", \"autoSync\": true, "
             "\"autoPush\": true,"
             " \"commitDebounce\": 20, \"durable\": false}}",
             folder, folder, folder);
    CHECK(fluentsync_workspace_open(NULL, options, FLUENTSYNC_NUL_TERMINATED, NULL, NULL, NULL, &workspace,
                                    &error));
    CHECK(fluentsync_workspace_store(workspace, &store, &error));
    CHECK(fluentsync_workspace_directory(workspace, &directory, &error));
    CHECK(fluentsync_workspace_git(workspace, &git_sync, &error));
    CHECK(fluentsync_workspace_events(workspace, 0, &events, &error));
    CHECK(fluentsync_workspace_start(workspace, &error));
    write_reaches_remote(store, events);
    git(".", "clone --quiet remote.git person");
    push_reaches_store(store, git_sync, events);
    conflict_is_resolved(store, git_sync, events);
    held_deletion_is_confirmed(store, directory, events);
    CHECK(fluentsync_workspace_close(workspace, &error));
    CHECK(fluentsync_events_close(events, &error));
}

int main(int argc, char** argv) {
    if (argc != 2 || strlen(argv[1]) >= sizeof folder) {
        fprintf(stderr, "usage: scenario FOLDER\n");
        return 2;
    }
    strcpy(folder, argv[1]);
    git(".", "init --quiet --bare remote.git");
    bad_option();
    whole_scenario();
    EXPECT(fluentsync_live_objects() == 0, "no live object is left");
    printf("the scenario passed\n");
    return 0;
}
