/* The system calls that the shim traps: their kinds, and where their arguments name a file. */
#ifndef FLUENTSYNC_FAULT_CALLS_H
#define FLUENTSYNC_FAULT_CALLS_H

#include <sys/syscall.h>

#include "control.h"

struct fault_call {
    long number;
    unsigned kinds;
    int folder;  /* argument that is the descriptor of the file, or of the folder of `name`; -1: none */
    int name;    /* argument that is the path; -1: none */
    int vectors; /* the bytes are an array of iovec */
};

static const struct fault_call fault_table[] = {
    {SYS_write, FAULT_CHANGE | FAULT_WRITE, 0, -1, 0},
    {SYS_pwrite64, FAULT_CHANGE | FAULT_WRITE, 0, -1, 0},
    {SYS_writev, FAULT_CHANGE | FAULT_WRITE, 0, -1, 1},
    {SYS_pwritev, FAULT_CHANGE | FAULT_WRITE, 0, -1, 1},
    {SYS_pwritev2, FAULT_CHANGE | FAULT_WRITE, 0, -1, 1},
    {SYS_copy_file_range, FAULT_CHANGE, 2, -1, 0},
    {SYS_sendfile, FAULT_CHANGE, 0, -1, 0},
    {SYS_truncate, FAULT_CHANGE, -1, 0, 0},
    {SYS_ftruncate, FAULT_CHANGE, 0, -1, 0},
    {SYS_fallocate, FAULT_CHANGE, 0, -1, 0},
    {SYS_open, FAULT_OPEN | FAULT_NEW_FD, -1, 0, 0},
    {SYS_openat, FAULT_OPEN | FAULT_NEW_FD, 0, 1, 0},
    {SYS_openat2, FAULT_OPEN | FAULT_NEW_FD, 0, 1, 0},
    {SYS_creat, FAULT_CHANGE | FAULT_OPEN | FAULT_NEW_FD, -1, 0, 0},
    {SYS_rename, FAULT_CHANGE, -1, 1, 0},
    {SYS_renameat, FAULT_CHANGE, 2, 3, 0},
    {SYS_renameat2, FAULT_CHANGE, 2, 3, 0},
    {SYS_link, FAULT_CHANGE, -1, 1, 0},
    {SYS_linkat, FAULT_CHANGE, 2, 3, 0},
    {SYS_symlink, FAULT_CHANGE, -1, 1, 0},
    {SYS_symlinkat, FAULT_CHANGE, 1, 2, 0},
    {SYS_unlink, FAULT_CHANGE, -1, 0, 0},
    {SYS_unlinkat, FAULT_CHANGE, 0, 1, 0},
    {SYS_rmdir, FAULT_CHANGE, -1, 0, 0},
    {SYS_mkdir, FAULT_CHANGE, -1, 0, 0},
    {SYS_mkdirat, FAULT_CHANGE, 0, 1, 0},
    {SYS_mknod, FAULT_CHANGE, -1, 0, 0},
    {SYS_mknodat, FAULT_CHANGE, 0, 1, 0},
    {SYS_chmod, FAULT_CHANGE, -1, 0, 0},
    {SYS_fchmod, FAULT_CHANGE, 0, -1, 0},
    {SYS_fchmodat, FAULT_CHANGE, 0, 1, 0},
    {SYS_chown, FAULT_CHANGE, -1, 0, 0},
    {SYS_fchown, FAULT_CHANGE, 0, -1, 0},
    {SYS_fchownat, FAULT_CHANGE, 0, 1, 0},
    {SYS_utime, FAULT_CHANGE, -1, 0, 0},
    {SYS_utimes, FAULT_CHANGE, -1, 0, 0},
    {SYS_utimensat, FAULT_CHANGE, 0, 1, 0},
    {SYS_fsync, FAULT_CHANGE | FAULT_SYNC, 0, -1, 0},
    {SYS_fdatasync, FAULT_CHANGE | FAULT_SYNC, 0, -1, 0},
    {SYS_syncfs, FAULT_CHANGE | FAULT_SYNC, 0, -1, 0},
    {SYS_msync, FAULT_SYNC, -1, -1, 0},
    {SYS_read, FAULT_READ, 0, -1, 0},
    {SYS_pread64, FAULT_READ, 0, -1, 0},
    {SYS_readv, FAULT_READ, 0, -1, 1},
    {SYS_preadv, FAULT_READ, 0, -1, 1},
    {SYS_getdents64, FAULT_READ, 0, -1, 0},
    {SYS_inotify_init1, FAULT_NEW_FD, -1, -1, 0},
    {SYS_inotify_add_watch, FAULT_WATCH, -1, 1, 0},
    {SYS_eventfd2, FAULT_NEW_FD, -1, -1, 0},
    {SYS_epoll_create1, FAULT_NEW_FD, -1, -1, 0},
    {SYS_pipe2, FAULT_NEW_FD, -1, -1, 0},
    {SYS_dup, FAULT_NEW_FD, 0, -1, 0},
    {SYS_socket, FAULT_NEW_FD, -1, -1, 0},
    {SYS_fcntl, FAULT_NEW_FD | FAULT_LOCK, 0, -1, 0},
    {SYS_flock, FAULT_LOCK, 0, -1, 0},
    {SYS_stat, FAULT_STAT, -1, 0, 0},
    {SYS_lstat, FAULT_STAT, -1, 0, 0},
    {SYS_fstat, FAULT_STAT, 0, -1, 0},
    {SYS_newfstatat, FAULT_STAT, 0, 1, 0},
    {SYS_statx, FAULT_STAT, 0, 1, 0},
    {SYS_access, FAULT_STAT, -1, 0, 0},
    {SYS_faccessat, FAULT_STAT, 0, 1, 0},
    {SYS_faccessat2, FAULT_STAT, 0, 1, 0},
    {SYS_readlink, FAULT_STAT, -1, 0, 0},
    {SYS_readlinkat, FAULT_STAT, 0, 1, 0},
};

enum { FAULT_TABLE_SIZE = sizeof fault_table / sizeof fault_table[0] };

#endif
