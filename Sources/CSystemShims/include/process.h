// Processes by descriptor, so that a number that was given away again is never meant. A descriptor, 0 or -errno.
#pragma once

#include <linux/capability.h>
#include <spawn.h>
#include <sys/types.h>

/// Opens a process (close-on-exec); the descriptor is readable once the process has ended.
int aggctl_pidfd_open(pid_t process);

/// Lets a child begin in the root folder and without any of our descriptors but the standard ones.
int aggctl_spawn_detached(posix_spawn_file_actions_t *actions);

/// Sends a signal to exactly that process.
int aggctl_pidfd_send_signal(int descriptor, int signal);

/// Whether a capability (linux/capability.h) is effective for the calling thread: 1, 0 or -errno.
int aggctl_has_capability(unsigned capability);
