/*
 * A library to preload. It has the kernel trap every system call that may change, open or read a file, from
 * whatever library and thread it comes, and decides in the signal's handler: count it, let it pass, make it fail,
 * or end the process. So no call can be missed, as one could with functions put in front of libc's.
 *
 * A process that is killed takes nothing along that the kernel has accepted: a sync changes nothing that the next
 * process could see, and costs most of a run's time. So on request it is not passed on. Where there is nothing to
 * strike, FAULT_NO_SYNC=1 in the environment, without a control file, does this alone.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "begin.h"
#include "calls.h"
#include "control.h"

#ifndef __x86_64__
#error "the shim knows the registers of x86-64 only"
#endif

static struct fault_control *control;
static size_t most_sites; /* that control->sites has room for */

/* The one place from which trapped calls are let through. */
long fault_call(long number, long a, long b, long c, long d, long e, long f);
extern char fault_call_end[] __attribute__((visibility("hidden")));
__asm__(
    ".text\n.globl fault_call\n.hidden fault_call\n.hidden fault_call_end\n.type fault_call,@function\nfault_call:\n"
    "mov %rdi,%rax\nmov %rsi,%rdi\nmov %rdx,%rsi\nmov %rcx,%rdx\nmov %r8,%r10\nmov %r9,%r8\nmov 8(%rsp),%r9\n"
    "syscall\n.globl fault_call_end\nfault_call_end:\nret\n");

static const struct fault_call *find_call(long number) {
    for (size_t i = 0; i < FAULT_TABLE_SIZE; ++i) {
        if (fault_table[i].number == number) return &fault_table[i];
    }
    return NULL;
}

/* Where descriptor `fd` leads; empty for what is no file. */
static void path_of_fd(long fd, char *path, size_t size) {
    char link[64];
    path[0] = '\0';
    if (fd == AT_FDCWD) {
        const long length = fault_call(SYS_getcwd, (long)path, (long)size, 0, 0, 0, 0);
        if (length <= 0) path[0] = '\0';
        return;
    }
    if (fd < 0) return;
    snprintf(link, sizeof link, "/proc/self/fd/%ld", fd);
    const long length =
        fault_call(SYS_readlinkat, AT_FDCWD, (long)link, (long)path, (long)size - 1, 0, 0);
    path[length > 0 ? length : 0] = '\0';
    if (path[0] != '/') path[0] = '\0';
}

static void path_of_call(const struct fault_call *call, const long *arguments, char *path, size_t size) {
    path[0] = '\0';
    if (call->name < 0) {
        if (call->folder >= 0) path_of_fd(arguments[call->folder], path, size);
        return;
    }
    const char *name = (const char *)arguments[call->name];
    if (name == NULL || name[0] == '\0') {
        if (call->folder >= 0) path_of_fd(arguments[call->folder], path, size);
        return;
    }
    if (name[0] != '/') path_of_fd(call->folder >= 0 ? arguments[call->folder] : AT_FDCWD, path, size);
    const size_t used = strlen(path);
    snprintf(path + used, size - used, "%s%s", name[0] == '/' ? "" : "/", name);
}

static int starts_with(const char *text, const char *start) {
    return strncmp(text, start, strlen(start)) == 0;
}

static int ends_with(const char *text, const char *end) {
    const size_t length = strlen(text);
    return length >= strlen(end) && strcmp(text + length - strlen(end), end) == 0;
}

static unsigned kinds_of_fcntl(long command) {
    switch (command) {
        case F_DUPFD:
        case F_DUPFD_CLOEXEC:
            return FAULT_NEW_FD;
        case F_GETLK:
        case F_SETLK:
        case F_SETLKW:
        case F_OFD_GETLK:
        case F_OFD_SETLK:
        case F_OFD_SETLKW:
            return FAULT_LOCK;
        default:
            return 0;
    }
}

/* An open changes something only when it may make or empty a file. */
static unsigned kinds_of(const struct fault_call *call, const long *arguments) {
    long flags = 0;
    if (call->number == SYS_open) flags = arguments[1];
    if (call->number == SYS_openat) flags = arguments[2];
    if (call->number == SYS_openat2) flags = (long)((const struct open_how *)arguments[2])->flags;
    if (call->number == SYS_fcntl) return kinds_of_fcntl(arguments[1]);
    const int makes = (flags & (O_CREAT | O_TRUNC)) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
    return call->kinds | (makes ? FAULT_CHANGE : 0u);
}

static int gives_lock_back(const long *arguments) {
    const long command = arguments[1];
    const int sets = command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK || command == F_OFD_SETLKW;
    return sets && ((const struct flock *)arguments[2])->l_type == F_UNLCK;
}

static int counts(const struct fault_call *call, const long *arguments, char *path, size_t size) {
    if ((kinds_of(call, arguments) & control->kinds) == 0) return 0;
    /* Linux never interrupts this one, and libgit2 relies on that. */
    if (call->number == SYS_getdents64 && control->error == EINTR) return 0;
    path_of_call(call, arguments, path, size);
    if (path[0] == '\0') return (call->kinds & (FAULT_WATCH | FAULT_NEW_FD)) != 0 && control->below[0] == '\0';
    if (starts_with(path, "/dev/") || starts_with(path, "/proc/")) return 0;
    /* A lock is given back unless the system has not even the memory for that; SQLite would hold it for ever. */
    if (call->number == SYS_fcntl && gives_lock_back(arguments)) return 0;
    /* Nor a read of a local file, nor does that give less than such a file has; libgit2 takes a pack that it cannot
     * read, or whose end it reads in two, for damaged. */
    const int halting = control->action == FAULT_SHORT || control->error == EINTR;
    if (call->number == SYS_pread64 && halting && ends_with(path, ".pack")) return 0;
    return starts_with(path, control->below);
}

/* Lets the call do half of its work. */
static long half(const struct fault_call *call, const long *a) {
    struct iovec first;
    if (call->vectors) {
        const struct iovec *vectors = (const struct iovec *)a[1];
        first = vectors[0];
        first.iov_len = (first.iov_len + 1) / 2;
        return fault_call(call->number, a[0], (long)&first, 1, a[3], a[4], a[5]);
    }
    return fault_call(call->number, a[0], a[1], (a[2] + 1) / 2, a[3], a[4], a[5]);
}

static void die(void) {
    fault_call(SYS_kill, fault_call(SYS_getpid, 0, 0, 0, 0, 0, 0), SIGKILL, 0, 0, 0, 0);
    for (;;) pause();
}

/* Names the place in the code, and the way that led there: the same for the same stack of calls, as long as the
 * program lies at the same addresses. */
static uint64_t site_of_this_call(void) {
    enum { MOST_FRAMES = 64 };
    void *frames[MOST_FRAMES];
    const int count = backtrace(frames, MOST_FRAMES);
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (int i = 0; i < count; ++i) hash = (hash ^ (uint64_t)(uintptr_t)frames[i]) * 1099511628211u;
    return hash;
}

static long strike(const struct fault_call *call, const long *a, const char *path, uint64_t site) {
    if (__atomic_add_fetch(&control->strikes, 1, __ATOMIC_SEQ_CST) == 1) {
        control->struck_call = (uint32_t)call->number;
        snprintf(control->struck_path, sizeof control->struck_path, "%s", path);
        control->struck_site = site;
    }
    switch (control->action) {
        case FAULT_TEAR:
            half(call, a);
            die();
            break;
        case FAULT_KILL:
            die();
            break;
        case FAULT_SHORT:
            return half(call, a);
        default:
            break;
    }
    const long error = control->error;
    /* The driver has taken the plan back since this call was counted, and 0 would pass for success. */
    if (error == 0) return fault_call(call->number, a[0], a[1], a[2], a[3], a[4], a[5]);
    return -error;
}

static int is_struck(uint64_t now) {
    const uint64_t at = control->at;
    if (control->action == FAULT_COUNT || at == 0 || now < at) return 0;
    if (control->repeat == FAULT_ALTERNATE) return (now - at) % 2 == 0;
    return control->repeat == FAULT_STICKY || now == at;
}

static long decide(long number, const long *a) {
    char path[FAULT_PATH_SIZE];
    const struct fault_call *call = find_call(number);
    if (call != NULL && counts(call, a, path, sizeof path)) {
        const uint64_t now = __atomic_add_fetch(&control->calls, 1, __ATOMIC_SEQ_CST);
        if (number < FAULT_CALLS) __atomic_add_fetch(&control->by_call[number], 1, __ATOMIC_SEQ_CST);
        const int struck = is_struck(now);
        const int noted = control->notes_sites && (struck || control->action == FAULT_COUNT);
        const uint64_t site = noted ? site_of_this_call() : 0;
        if (noted && now <= most_sites) control->sites[now - 1] = site;
        if (struck) return strike(call, a, path, site);
    }
    if (call != NULL && (call->kinds & FAULT_SYNC) != 0 && control->no_sync) return 0;
    return fault_call(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

static void on_trap(int signal, siginfo_t *info, void *context) {
    (void)signal;
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    const long arguments[6] = {registers[REG_RDI], registers[REG_RSI], registers[REG_RDX],
                               registers[REG_R10], registers[REG_R8],  registers[REG_R9]};
    registers[REG_RAX] = decide(info->si_syscall, arguments);
}

/* A thread that blocks the signal would be ended by the first trapped call. */
int pthread_sigmask(int how, const sigset_t *set, sigset_t *old) {
    sigset_t without;
    if (set != NULL && how != SIG_UNBLOCK) {
        without = *set;
        sigdelset(&without, SIGSYS);
        set = &without;
    }
    const long result = fault_call(SYS_rt_sigprocmask, how, (long)set, (long)old, _NSIG / 8, 0, 0);
    return (int)-result;
}

int sigprocmask(int how, const sigset_t *set, sigset_t *old) {
    const int error = pthread_sigmask(how, set, old);
    if (error == 0) return 0;
    errno = error;
    return -1;
}

/* The wall clock is read without a system call, so here a function does stand in front of libc's. */
int clock_gettime(clockid_t clock, struct timespec *time) {
    const long result = fault_call(SYS_clock_gettime, clock, (long)time, 0, 0, 0, 0);
    if (result == 0 && control != NULL && clock == CLOCK_REALTIME) time->tv_sec += control->clock_offset;
    if (result == 0) return 0;
    errno = (int)-result;
    return -1;
}

/* Traps every call of the table; or, without a control file, lets those that sync do nothing. */
static void install_filter(void) {
    struct sock_filter filter[7 + FAULT_TABLE_SIZE + 2];
    const uint64_t end = (uint64_t)(uintptr_t)fault_call_end;
    const unsigned ip = offsetof(struct seccomp_data, instruction_pointer);
    const unsigned seldom = FAULT_STAT | FAULT_LOCK;
    const unsigned kinds = control != NULL ? ~seldom | control->kinds : FAULT_SYNC;
    const unsigned answer = control != NULL ? SECCOMP_RET_TRAP : SECCOMP_RET_ERRNO; /* error 0: success */
    size_t n = 0;
    size_t trapped = 0;
    for (size_t i = 0; i < FAULT_TABLE_SIZE; ++i) trapped += (fault_table[i].kinds & kinds) != 0;
#define LOAD(offset) filter[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(offset))
#define JUMP(value, yes, no) \
    filter[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(value), (uint8_t)(yes), (uint8_t)(no))
    LOAD(ip);
    JUMP(end, 0, 3);
    LOAD(ip + 4);
    JUMP(end >> 32, 0, 1);
    filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    LOAD(offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < FAULT_TABLE_SIZE; ++i) {
        if ((fault_table[i].kinds & kinds) != 0) JUMP(fault_table[i].number, trapped--, 0);
    }
    filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, answer);
    const struct sock_fprog program = {(unsigned short)n, filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) != 0) {
        perror("the fault shim cannot install its filter");
        _exit(99);
    }
}

void fault_begin(void) {
    const char *name = getenv("FAULT_CONTROL");
    if (name == NULL) {
        if (getenv("FAULT_NO_SYNC") != NULL) install_filter();
        return;
    }
    const int file = open(name, O_RDWR | O_CLOEXEC);
    struct stat info;
    void *mapped = MAP_FAILED;
    if (file >= 0 && fstat(file, &info) == 0) {
        mapped = mmap(NULL, (size_t)info.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    }
    if (mapped == MAP_FAILED) {
        perror("the fault shim cannot map its control file");
        _exit(99);
    }
    close(file);
    control = mapped;
    most_sites = ((size_t)info.st_size - sizeof *control) / sizeof control->sites[0];
    site_of_this_call(); /* The first use loads a library. */
    unsetenv("LD_PRELOAD");
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_trap;
    action.sa_flags = SA_SIGINFO | SA_NODEFER | SA_RESTART;
    sigaction(SIGSYS, &action, NULL);
    install_filter();
}

__attribute__((constructor)) static void begin(void) {
    fault_begin();
}
