// Network namespaces: system calls that the Swift importer hides behind _GNU_SOURCE. 0 or -errno, never errno itself.
#pragma once

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif

/// Moves the calling thread into the network namespace of an open descriptor.
int aggctl_setns_net(int descriptor);

/// Gives the calling thread a new, empty network namespace.
int aggctl_unshare_net(void);

/// Opens the calling thread's own network namespace (close-on-exec); a descriptor or -errno.
int aggctl_open_thread_netns(void);

/// Binds what is mounted or found at source onto target; recursive is 0 or 1.
int aggctl_mount_bind(const char *source, const char *target, int recursive);

/// Lets mounts below target show in other mount namespaces.
int aggctl_mount_make_shared(const char *target);

/// Unmounts as soon as nobody uses it.
int aggctl_unmount_detached(const char *target);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
