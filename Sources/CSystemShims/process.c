#define _GNU_SOURCE
#include "include/process.h"

#include <errno.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

int aggctl_pidfd_open(pid_t process) {
    long descriptor = syscall(SYS_pidfd_open, process, 0);
    return descriptor >= 0 ? (int)descriptor : -errno;
}

int aggctl_spawn_detached(posix_spawn_file_actions_t *actions) {
    int code = posix_spawn_file_actions_addchdir_np(actions, "/");
    return code != 0 ? -code : -posix_spawn_file_actions_addclosefrom_np(actions, 3);
}

int aggctl_pidfd_send_signal(int descriptor, int signal) {
    return syscall(SYS_pidfd_send_signal, descriptor, signal, NULL, 0) == 0 ? 0 : -errno;
}

int aggctl_has_capability(unsigned capability) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{0}};
    if (syscall(SYS_capget, &header, data) != 0) return -errno;
    return data[CAP_TO_INDEX(capability)].effective & CAP_TO_MASK(capability) ? 1 : 0;
}
