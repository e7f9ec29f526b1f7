/* A host in plain C: opens a workspace from JSON options, writes a note, and pulls events on its own thread
 * until the note has reached the remote.
 *
 * cc plain_c.c $(pkg-config --cflags --libs fluentsync-c)
 * usage: plain_c FOLDER REMOTE
 */
#include <fluentsync/fluentsync.h>
#include <stdio.h>

/* Every call returns a status and, where it failed, an error that is ours to free. */
static int failed(const char* what, fluentsync_error* error) {
    fprintf(stderr, "%s: %s\n", what, fluentsync_error_message(error, NULL));
    fluentsync_error_free(error);
    return 1;
}

/* Prints one batch of events; whether the push was among them. Kinds that we do not know are skipped. */
static int pushed(const fluentsync_event_batch* batch) {
    int found = 0;
    size_t i;
    for (i = 0; i < fluentsync_event_batch_size(batch); ++i) {
        const fluentsync_event* event = fluentsync_event_batch_at(batch, i);
        printf("%s %s%s\n", fluentsync_event_name(event, NULL), fluentsync_event_path(event, NULL),
               fluentsync_event_message(event, NULL));
        if (fluentsync_event_kind(event) == FLUENTSYNC_EVENT_GIT_PUSHED) found = 1;
    }
    return found;
}

static int write_and_wait(fluentsync_workspace* workspace) {
    fluentsync_error* error = NULL;
    fluentsync_store* store = NULL; /* the workspace's: closed with it */
    fluentsync_events* events = NULL;
    int done = 0;
    if (fluentsync_workspace_store(workspace, &store, &error) != FLUENTSYNC_OK) return failed("store", error);
    if (fluentsync_workspace_events(workspace, 0, &events, &error) != FLUENTSYNC_OK)
        return failed("events", error);
    if (fluentsync_workspace_start(workspace, &error) != FLUENTSYNC_OK) return failed("start", error);
    if (fluentsync_store_put(store, FLUENTSYNC_LITERAL("note"), FLUENTSYNC_LITERAL("hello"),
                             FLUENTSYNC_LITERAL("# Hello\n"), FLUENTSYNC_ANY_VERSION, NULL,
                             &error) != FLUENTSYNC_OK)
        return failed("put", error);
    /* It is in the database. The file, the commit and the push follow by themselves; a host with a loop of
     * its own would poll fluentsync_events_fd() instead of waiting here. */
    while (!done) {
        fluentsync_event_batch* batch = NULL;
        if (fluentsync_events_next(events, 0, 60000, &batch, &error) != FLUENTSYNC_OK)
            return failed("events", error);
        if (batch == NULL) break; /* a minute, and nothing happened */
        done = pushed(batch);
        fluentsync_event_batch_free(batch);
    }
    fluentsync_events_close(events, NULL);
    return done ? 0 : 1;
}

int main(int argc, char** argv) {
    fluentsync_error* error = NULL;
    fluentsync_workspace* workspace = NULL;
    char options[4096];
    int result;
    if (argc != 3) {
        fprintf(stderr, "usage: plain_c FOLDER REMOTE\n");
        return 2;
    }
    /* A host with paths of any kind would make this text with its JSON library. */
    snprintf(
        options, sizeof options,
        "{\"store\": {\"path\": \"%s.db\"}, \"directory\": {\"syncPath\": \"%s\", \"syncDebounce\": 100},"
        " \"git\": {\"remote\": \"%s\", \"autoSync\": true, \"autoPush\": true, \"commitDebounce\": 200}}",
        argv[1], argv[1], argv[2]);
    if (fluentsync_workspace_open(NULL, options, FLUENTSYNC_NUL_TERMINATED, NULL, NULL, NULL, &workspace,
                                  &error) != FLUENTSYNC_OK)
        return failed("open", error);
    result = write_and_wait(workspace);
    if (fluentsync_workspace_close(workspace, &error) != FLUENTSYNC_OK) return failed("close", error);
    return result;
}
