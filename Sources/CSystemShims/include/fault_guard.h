// A process that lifts a fault when ours dies without having lifted it, SIGKILL included.
#pragma once

#include <stdint.h>
#include <sys/types.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif

/// A guard under way.
typedef struct aggctl_guard {
    pid_t pid;
    /// Our end of its pipe: closing it without a word makes the guard act.
    int descriptor;
} aggctl_guard;

/// Starts a process that waits on a pipe; when the pipe breaks it enters a network namespace, sends one netlink request
/// (NETLINK_ROUTE, with the flags that ask for an answer), reads what the kernel says and ends. It outlives interrupts,
/// hang-ups and a request to terminate. 0 or -errno.
int aggctl_guard_start(int namespace, const uint8_t *request, unsigned length, aggctl_guard *guard);

/// Tells the guard that there is nothing to lift, or lets it act (lift is 1), and waits for its end.
/// The exit status of the guard (0 when the kernel said yes, or there was nothing to do), or -errno.
int aggctl_guard_end(aggctl_guard guard, int lift);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
