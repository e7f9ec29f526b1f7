/* Opens and closes a workspace 1,000 times: the memory in use and the descriptors stay what they were.
 *
 * usage: cycles FOLDER     FOLDER is empty and ours
 */
#include <dirent.h>
#include <fluentsync/fluentsync.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
/* As in <sanitizer/allocator_interface.h>, which comes with clang only. */
size_t __sanitizer_get_current_allocated_bytes(void);
#define USED_BYTES() ((long)__sanitizer_get_current_allocated_bytes())
#else
#define USED_BYTES() ((long)mallinfo2().uordblks)
#endif

#define CYCLES 1000
#define WARM_UP 100
/* Far below one leaked object a cycle, above what caches of threads and libraries breathe. */
#define TOLERANCE (CYCLES * 32L)

static void check(int status, fluentsync_error* error) {
    if (status == FLUENTSYNC_OK) return;
    fprintf(stderr, "cycles: %s: %s\n", fluentsync_code_name(status), fluentsync_error_message(error, NULL));
    exit(1);
}

static long open_descriptors(void) {
    long count = 0;
    DIR* listing = opendir("/proc/self/fd");
    if (listing == NULL) exit(1);
    while (readdir(listing) != NULL)
        ++count;
    closedir(listing);
    return count;
}

static void count_event(void* userdata, const fluentsync_event_batch* batch) {
    *(size_t*)userdata += fluentsync_event_batch_size(batch);
}

static void cycle(const char* options, int number) {
    fluentsync_error* error = NULL;
    fluentsync_workspace* workspace = NULL;
    fluentsync_store* store = NULL;
    fluentsync_events* events = NULL;
    fluentsync_subscription* subscription = NULL;
    fluentsync_event_batch* batch = NULL;
    size_t heard = 0;
    char content[32];
    int fd = -1;
    check(fluentsync_workspace_open(NULL, options, FLUENTSYNC_NUL_TERMINATED, NULL, NULL, NULL, &workspace,
                                    &error),
          error);
    check(fluentsync_workspace_store(workspace, &store, &error), error);
    check(fluentsync_workspace_events(workspace, 0, &events, &error), error);
    check(fluentsync_events_fd(events, &fd, &error), error);
    check(fluentsync_workspace_subscribe(workspace, count_event, &heard, NULL, &subscription, &error), error);
    if (number % 10 == 0) check(fluentsync_workspace_start(workspace, &error), error);
    snprintf(content, sizeof content, "cycle %d\n", number);
    check(fluentsync_store_put(store, FLUENTSYNC_LITERAL("note"), FLUENTSYNC_LITERAL("one"), content,
                               FLUENTSYNC_NUL_TERMINATED, FLUENTSYNC_ANY_VERSION, NULL, &error),
          error);
    check(fluentsync_events_next(events, 0, FLUENTSYNC_FOREVER, &batch, &error), error);
    fluentsync_event_batch_free(batch);
    check(fluentsync_workspace_close(workspace, &error), error);
    check(fluentsync_subscription_close(subscription, &error), error);
    check(fluentsync_events_close(events, &error), error);
}

int main(int argc, char** argv) {
    char options[4096];
    long bytes = 0;
    long descriptors = 0;
    int i = 0;
    if (argc != 2) {
        fprintf(stderr, "usage: cycles FOLDER\n");
        return 2;
    }
    snprintf(
        options, sizeof options,
        "{\"store\": {\"path\": \"%s/brain.db\", \"durable\": false},"
        " \"directory\": {\"syncPath\": \"%s/brain\", \"durable\": false}, \"git\": {\"durable\": false}}",
        argv[1], argv[1]);
    for (i = 0; i < WARM_UP + CYCLES; ++i) {
        if (i == WARM_UP) {
            bytes = USED_BYTES();
            descriptors = open_descriptors();
        }
        cycle(options, i);
    }
    bytes = USED_BYTES() - bytes;
    descriptors = open_descriptors() - descriptors;
    printf("%d cycles: %+ld bytes in use, %+ld descriptors, %ld live objects\n", CYCLES, bytes, descriptors,
           (long)fluentsync_live_objects());
    return bytes > TOLERANCE || descriptors != 0 || fluentsync_live_objects() != 0 ? 1 : 0;
}
