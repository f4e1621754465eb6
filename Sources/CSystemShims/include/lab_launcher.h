// The lab's launcher and the few calls of its guest that Swift cannot make. Everything returns -errno on failure.
#pragma once

#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <sys/vfs.h>
#include <sys/types.h>

#include "lab_wall.h"

/// What a lab kernel is started with. Descriptors stay the caller's; those of the child are copies.
struct aggctl_lab_launch {
    const char *program;
    char *const *arguments;
    char *const *environment;
    const char *directory;
    int channel;     ///< the child's descriptor 3
    int log;         ///< the child's standard output and error
    int lifeline;    ///< read end of a pipe; all the kernel's processes end when its last write end closes
    int lock;        ///< locked scratch folder, kept open until the last process of the kernel is gone
    int namespaces;  ///< CLONE_NEW* for the child, 0 for none
    const struct aggctl_lab_wall *wall;
};

/// Starts the program under a guard process, behind the wall, and returns the guard's pid once the program runs; `held`
/// takes the layers of the wall that hold.
pid_t aggctl_lab_launch(const struct aggctl_lab_launch *launch, uint32_t *held);

/// Flags for `namespaces`: what a lab in the running kernel keeps to itself.
int aggctl_lab_namespaces(void);

/// Writes the number of each of these signals as one byte to `descriptor` when it arrives; -1 stops that and restores
/// what was there before. One at a time: -EBUSY while it is done already. What fails leaves all as it was.
int aggctl_lab_watch_signals(int descriptor, const int *signals, int count);

/// Brings the loopback device of the current network namespace up.
int aggctl_lab_loopback_up(void);

/// A new network namespace for the calling thread.
int aggctl_lab_new_network_namespace(void);

/// The window size of a terminal, read and set.
int aggctl_lab_window(int descriptor, unsigned short *rows, unsigned short *columns);
int aggctl_lab_set_window(int descriptor, unsigned short rows, unsigned short columns);

/// A pipe closed on exec: GNU's own calls are hidden from Swift.
int aggctl_lab_pipe(int ends[2]);

/// A new terminal: returns its master, closed on exec, and writes the path of its other side.
int aggctl_lab_open_terminal(char *path, size_t size);

/// Lets a spawned process keep no descriptor from `first` on.
int aggctl_lab_close_from(posix_spawn_file_actions_t *actions, int first);

/// Lets a spawned process start in a session of its own with no signal blocked or ignored.
int aggctl_lab_own_session(posix_spawnattr_t *attributes);
