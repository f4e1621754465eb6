// What keeps a lab kernel from the machine that it runs on, put up between fork and exec. Which layers, and what stays
// open in them, is the caller's to say.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>

/// The layers, in the order in which they are put up.
enum aggctl_lab_layer {
    AGGCTL_LAB_NETWORK = 1,         ///< network and System V namespaces of its own; takes CAP_SYS_ADMIN
    AGGCTL_LAB_MOUNTS = 1 << 1,     ///< the whole tree read-only, without devices; CAP_SYS_ADMIN and Linux 5.12
    AGGCTL_LAB_LIMITS = 1 << 2,     ///< resource limits
    AGGCTL_LAB_CAPABILITIES = 1 << 3,
    AGGCTL_LAB_PRIVILEGES = 1 << 4,  ///< no program gives more than it was started with
    AGGCTL_LAB_LANDLOCK = 1 << 5,    ///< writing by path; Linux 5.13
    AGGCTL_LAB_FILTER = 1 << 6       ///< system calls that the layers above do not reach
};

/// RLIMIT_NPROC, which is a macro of a macro.
static const int aggctl_lab_processes = RLIMIT_NPROC;

struct aggctl_lab_limit {
    int resource;  ///< RLIMIT_*
    uint64_t most;
};

struct aggctl_lab_wall {
    uint32_t layers;              ///< those to be put up
    const char *scratch;          ///< the one folder that can be written
    const char *scratch_options;  ///< of a tmpfs that takes its place where there is a mount namespace; NULL: it stays
    const char *const *devices;   ///< the devices that can be opened; ends in NULL
    uint64_t capabilities;        ///< those kept, one bit each
    const struct aggctl_lab_limit *limits;
    size_t limit_count;
};

/// Puts the layers up for the calling process, which has one thread; returns those that hold now.
uint32_t aggctl_lab_build_wall(const struct aggctl_lab_wall *wall);
