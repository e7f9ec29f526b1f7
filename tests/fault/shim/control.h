/* What the driver and the shim share: a file that both map. shim_control.py knows this layout. */
#ifndef FLUENTSYNC_FAULT_CONTROL_H
#define FLUENTSYNC_FAULT_CONTROL_H

#include <stdint.h>

enum fault_action {
    FAULT_COUNT = 0, /* only counts */
    FAULT_KILL = 1,  /* ends the process before the call */
    FAULT_TEAR = 2,  /* ends the process when half of a write is done */
    FAULT_FAIL = 3,  /* the call gives `error` and does nothing */
    FAULT_SHORT = 4, /* a write or read does half of what it was asked for */
};

/* Kinds of calls, as bits. */
enum fault_kind {
    FAULT_CHANGE = 1,  /* changes something on a disk */
    FAULT_WRITE = 2,   /* writes bytes */
    FAULT_OPEN = 4,    /* opens a file or folder, for whatever */
    FAULT_READ = 8,    /* reads bytes or names */
    FAULT_WATCH = 16,  /* adds a watch of inotify */
    FAULT_SYNC = 32,   /* makes durable */
    FAULT_NEW_FD = 64, /* gives a descriptor */
    FAULT_STAT = 128,  /* looks at what there is; trapped only when asked for from the start */
    FAULT_LOCK = 256,  /* locks a file; so is this */
};

/* Which of the counted calls are struck. */
enum fault_repeat {
    FAULT_ONCE = 0,      /* that one */
    FAULT_STICKY = 1,    /* it and all that follow */
    FAULT_ALTERNATE = 2, /* it and every other one that follows: what is tried again goes through */
};

enum { FAULT_PATH_SIZE = 512, FAULT_CALLS = 512 };

struct fault_control {
    uint32_t action;
    uint32_t error;
    uint32_t kinds;  /* a call of any of these kinds counts */
    uint32_t repeat; /* fault_repeat */
    uint64_t at;     /* counted from 1; 0: never */
    uint64_t calls;  /* counted so far */
    uint64_t strikes;
    uint32_t struck_call; /* number of the system call that was struck first */
    int32_t clock_offset; /* seconds that the wall clock is off */
    uint32_t no_sync;     /* syncs are counted and struck, but not passed on: see shim.c */
    uint32_t notes_sites; /* fault_control.sites is filled */
    char struck_path[FAULT_PATH_SIZE];
    char below[FAULT_PATH_SIZE]; /* only paths that begin so count; empty: all */
    uint64_t by_call[FAULT_CALLS];
    uint64_t struck_site; /* where in the code the call was made that was struck first */
    uint64_t sites[];     /* the same of each counted call, as far as the file reaches */
};

#endif
