#define _GNU_SOURCE
#include "include/namespace.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

int aggctl_setns_net(int descriptor) {
    return setns(descriptor, CLONE_NEWNET) == 0 ? 0 : -errno;
}

int aggctl_unshare_net(void) {
    return unshare(CLONE_NEWNET) == 0 ? 0 : -errno;
}

int aggctl_open_thread_netns(void) {
    int descriptor = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    return descriptor >= 0 ? descriptor : -errno;
}

int aggctl_mount_bind(const char *source, const char *target, int recursive) {
    unsigned long flags = MS_BIND | (recursive ? MS_REC : 0);
    return mount(source, target, "none", flags, NULL) == 0 ? 0 : -errno;
}

int aggctl_mount_make_shared(const char *target) {
    return mount("", target, "none", MS_SHARED | MS_REC, NULL) == 0 ? 0 : -errno;
}

int aggctl_unmount_detached(const char *target) {
    return umount2(target, MNT_DETACH) == 0 ? 0 : -errno;
}
