#define _GNU_SOURCE
#include "include/log_keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Keeps 0, 1 and 2 free of what the caller had there, and nothing else but the two descriptors.
static void leave_caller(int pipe, int file) {
    setsid();
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    if (chdir("/") != 0) _exit(1);
    prctl(PR_SET_NAME, "aggctl-log", 0, 0, 0);
    // Nor is it shown as the command that started it: arguments lie side by side up to the environment (execve(2)).
    char *title = program_invocation_name, *end = environ != NULL ? environ[0] : NULL;
    if (end != NULL && end > title && end - title < 1 << 20) {
        memset(title, 0, end - title);
        memcpy(title, "aggctl-log", end - title > 10 ? 10 : 0);
    }
    int first = pipe < file ? pipe : file, second = pipe < file ? file : pipe;
    if (first > 0) syscall(SYS_close_range, 0, first - 1, 0);
    if (second > first + 1) syscall(SYS_close_range, first + 1, second - 1, 0);
    syscall(SYS_close_range, second + 1, ~0U, 0);
}

// Bytes from the first whole line of the newer half on.
static size_t newer_half(char *kept, size_t count) {
    size_t start = count / 2;
    char *line = memchr(kept + start, '\n', count - start);
    if (line != NULL && line + 1 < kept + count) start = line + 1 - kept;
    memmove(kept, kept + start, count - start);
    return count - start;
}

// Runs in the child of a process with threads: nothing but async-signal-safe calls (signal-safety(7)).
static void keep(int pipe, int file, char *kept, size_t limit) {
    size_t count = 0;
    while (1) {
        if (count == limit) {
            count = newer_half(kept, count);
            if (ftruncate(file, 0) != 0 || pwrite(file, kept, count, 0) < 0) {}
        }
        ssize_t more = read(pipe, kept + count, limit - count);
        if (more < 0 && errno == EINTR) continue;
        if (more <= 0) _exit(0);
        // A full file system costs words, not the writer.
        if (pwrite(file, kept + count, more, count) < 0) {}
        count += more;
    }
}

// Closes both ends of a pipe and passes an error on.
static int drop(const int ends[2], int error) {
    close(ends[0]);
    close(ends[1]);
    return -error;
}

int aggctl_log_keeper_start(int file, size_t limit) {
    int ends[2], begun[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return -errno;
    if (pipe2(begun, O_CLOEXEC) != 0) return drop(ends, errno);
    // Open for both, the writer is never without a reader, and no write of its waits.
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", ends[1]);
    int writer = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    char *kept = writer < 0 ? NULL : malloc(limit);
    int error = errno;
    pid_t middle = kept == NULL ? -1 : fork();
    if (middle == 0) {
        close(ends[1]);
        close(writer);
        // Nobody's child: whoever started it may end, or wait for children of its own.
        if (fork() != 0) _exit(0);
        leave_caller(ends[0], file);
        keep(ends[0], file, kept, limit);
    }
    if (kept != NULL && middle < 0) error = errno;
    free(kept);
    drop(ends, 0);
    if (middle < 0) {
        if (writer >= 0) close(writer);
        return drop(begun, error);
    }
    int status;
    while (waitpid(middle, &status, 0) < 0 && errno == EINTR) {}
    // Until it has let go of all that is ours, as of the lock of a change that would outlive the change.
    close(begun[1]);
    char none;
    while (read(begun[0], &none, 1) < 0 && errno == EINTR) {}
    close(begun[0]);
    return writer;
}
