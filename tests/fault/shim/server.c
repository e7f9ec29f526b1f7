/*
 * Starting a program costs more than most of what it does here: some thirty libraries are found, mapped and linked.
 * With FAULT_SERVER in the environment, the number of a socket, a program that has this library preloaded goes as far
 * as its main() and waits there. For each message, words and environment together with the three standard files, it
 * forks a process that goes on into main() as if it had been started so; its number and how it ended are the answers.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "begin.h"

enum { MESSAGE_SIZE = 128 * 1024, MOST_WORDS = 4096, STANDARD_FILES = 3 };

typedef int main_function(int, char **, char **);

static main_function *real_main;
static char message[MESSAGE_SIZE];
static char *words[MOST_WORDS];

static int fail(const char *what) {
    perror(what);
    _exit(99);
}

/* Returns the length of the message; 0: nobody will send any more. */
static size_t receive(int channel, int files[STANDARD_FILES]) {
    union {
        char bytes[CMSG_SPACE(sizeof(int) * STANDARD_FILES)];
        struct cmsghdr aligned;
    } control;
    struct iovec into = {message, sizeof message};
    struct msghdr header = {.msg_iov = &into, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    const ssize_t length = recvmsg(channel, &header, MSG_CMSG_CLOEXEC);
    if (length <= 0) return 0;
    const struct cmsghdr *rights = CMSG_FIRSTHDR(&header);
    if (rights == NULL || (header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) fail("a message of the fault driver");
    memcpy(files, CMSG_DATA(rights), sizeof(int) * STANDARD_FILES);
    return (size_t)length;
}

/* Two lists of texts: the words, an empty text, the environment. Returns the number of words. */
static int take_apart(size_t length) {
    int words_count = -1;
    int n = 0;
    for (char *text = message; text < message + length; text += strlen(text) + 1) {
        if (n + 2 >= MOST_WORDS) fail("too many words from the fault driver");
        if (text[0] == '\0' && words_count < 0) {
            words_count = n;
            words[n++] = NULL;
        } else {
            words[n++] = text;
        }
    }
    words[n] = NULL;
    return words_count;
}

static int go_on(int count, const int files[STANDARD_FILES]) {
    for (int i = 0; i < STANDARD_FILES; ++i) {
        if (dup2(files[i], i) < 0) fail("dup2");
        close(files[i]);
    }
    environ = words + count + 1;
    fault_begin();
    return real_main(count, words, environ);
}

/* Certificates are read then, which takes longer than all the rest. Later calls only count. */
static void initialise_libgit2(void) {
    int (*initialise)(void);
    *(void **)&initialise = dlsym(RTLD_DEFAULT, "git_libgit2_init");
    if (initialise != NULL) initialise();
}

static int serve(int argc, char **argv, char **envp) {
    (void)argc, (void)argv, (void)envp;
    const int channel = atoi(getenv("FAULT_SERVER"));
    int files[STANDARD_FILES];
    size_t length;
    initialise_libgit2();
    while ((length = receive(channel, files)) != 0) {
        const int count = take_apart(length);
        const int64_t child = fork();
        if (child < 0) fail("fork");
        if (child == 0) {
            close(channel);
            return go_on(count, files);
        }
        for (int i = 0; i < STANDARD_FILES; ++i) close(files[i]);
        int status = 0;
        if (write(channel, &child, sizeof child) < 0) fail("an answer to the fault driver");
        if (waitpid((pid_t)child, &status, 0) < 0) fail("waitpid");
        if (write(channel, &status, sizeof status) < 0) fail("an answer to the fault driver");
    }
    _exit(0);
}

/* Called by a program's first instructions, after the constructors of all its libraries. */
int __libc_start_main(main_function *main, int argc, char **argv, void (*init)(void), void (*fini)(void),
                      void (*rtld_fini)(void), void *stack_end) {
    typedef int start_function(main_function *, int, char **, void (*)(void), void (*)(void), void (*)(void), void *);
    start_function *start;
    *(void **)&start = dlsym(RTLD_NEXT, "__libc_start_main");
    real_main = main;
    return start(getenv("FAULT_SERVER") != NULL ? serve : main, argc, argv, init, fini, rtld_fini, stack_end);
}
