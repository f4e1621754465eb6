#define _GNU_SOURCE
#include "include/lab_wall.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/mount.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lab_filter.h"

// Between fork and exec only calls that are safe in the child of a program with threads.

static int own_network(const struct aggctl_lab_wall *wall) {
    (void)wall;
    return unshare(CLONE_NEWNET | CLONE_NEWIPC);
}

/// Changes the flags of a mount; by number, since C libraries before 2.36 do not have it.
static int set_flags(const char *path, unsigned flags, uint64_t set, uint64_t clear) {
    struct mount_attr attributes = {.attr_set = set, .attr_clr = clear};
    return (int)syscall(SYS_mount_setattr, AT_FDCWD, path, flags, &attributes, sizeof attributes);
}

/// A device is written whatever its mount says, so none can be opened but those of the wall.
static int read_only_tree(const struct aggctl_lab_wall *wall) {
    if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) return -1;
    if (set_flags("/", AT_RECURSIVE, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV, 0) < 0) return -1;
    for (const char *const *device = wall->devices; *device; device++)
        if (mount(*device, *device, NULL, MS_BIND, NULL) == 0) set_flags(*device, 0, 0, MOUNT_ATTR_NODEV);
    const unsigned long flags = MS_NOSUID | MS_NODEV;
    if (wall->scratch_options) return mount("tmpfs", wall->scratch, "tmpfs", flags, wall->scratch_options);
    if (mount(wall->scratch, wall->scratch, NULL, MS_BIND, NULL) < 0) return -1;
    return set_flags(wall->scratch, 0, 0, MOUNT_ATTR_RDONLY);
}

static int limits(const struct aggctl_lab_wall *wall) {
    int result = 0;
    for (size_t i = 0; i < wall->limit_count; i++) {
        struct rlimit limit;
        const struct aggctl_lab_limit *wanted = &wall->limits[i];
        if (getrlimit((__rlimit_resource_t)wanted->resource, &limit) < 0) return -1;
        // Both ends, and never upwards: that would take a privilege.
        if (wanted->most < limit.rlim_max) limit.rlim_max = wanted->most;
        if (limit.rlim_cur > limit.rlim_max) limit.rlim_cur = limit.rlim_max;
        if (setrlimit((__rlimit_resource_t)wanted->resource, &limit) < 0) result = -1;
    }
    return result;
}

/// From the bounding set too: a program that uid 0 starts is given all that is in it.
static int capabilities(const struct aggctl_lab_wall *wall) {
    for (int number = 0; number < 64; number++) {
        if (wall->capabilities >> number & 1 || prctl(PR_CAPBSET_READ, number, 0, 0, 0) != 1) continue;
        if (prctl(PR_CAPBSET_DROP, number, 0, 0, 0) < 0) return -1;
    }
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[2];
    if (syscall(SYS_capget, &header, sets) < 0) return -1;
    for (int half = 0; half < 2; half++) {
        sets[half].permitted &= (uint32_t)(wall->capabilities >> (32 * half));
        sets[half].effective = sets[half].permitted;
        sets[half].inheritable = 0;
    }
    return (int)syscall(SYS_capset, &header, sets);
}

static int no_new_privileges(const struct aggctl_lab_wall *wall) {
    (void)wall;
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

// --- Landlock, by number and bit: the headers of Debian 12 end at version 2 ------------------------------------------

enum { CREATE_RULESET = 444, ADD_RULE = 445, RESTRICT_SELF = 446 };

/// Rights by bit: 1 write, 4 remove a folder, 5 a file, 6 make a character device, 7 a folder, 8 a file, 9 a socket,
/// 10 a FIFO, 11 a block device, 12 a link, 13 link and rename elsewhere, 14 truncate, 15 ioctl of a device.
#define RIGHT(bit) (1ULL << (bit))
/// What a kernel needs for its memory and its pid file.
static const uint64_t in_scratch = RIGHT(1) | RIGHT(4) | RIGHT(5) | RIGHT(7) | RIGHT(8) | RIGHT(14);
static const uint64_t in_device = RIGHT(1);

struct handled {
    uint64_t files, network, scopes;
};

/// What a version of Landlock adds, all of it refused but for the exceptions.
static const struct {
    long version;
    struct handled adds;
} versions[] = {
    {1, {.files = 0x1ff2}},     // writing, removing and making, by path
    {2, {.files = RIGHT(13)}},  // before, nothing is linked or renamed to elsewhere at all
    {3, {.files = RIGHT(14)}},
    {4, {.network = 3}},        // bind and connect, TCP
    {5, {.files = RIGHT(15)}},
    {6, {.scopes = 3}},         // abstract sockets of others, signals to others
};

static int allow_below(int ruleset, const char *path, uint64_t rights) {
    struct {
        uint64_t rights;
        int32_t folder;
    } __attribute__((packed)) rule = {rights, open(path, O_PATH | O_CLOEXEC)};
    if (rule.folder < 0) return -1;
    int result = (int)syscall(ADD_RULE, ruleset, 1, &rule, 0);
    close(rule.folder);
    return result;
}

static int landlock(const struct aggctl_lab_wall *wall) {
    long version = syscall(CREATE_RULESET, NULL, 0, 1);
    if (version < 1) return -1;
    struct handled handled = {0};
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        if (versions[i].version > version) continue;
        handled.files |= versions[i].adds.files;
        handled.network |= versions[i].adds.network;
        handled.scopes |= versions[i].adds.scopes;
    }
    int ruleset = (int)syscall(CREATE_RULESET, &handled, sizeof handled, 0);
    if (ruleset < 0) return -1;
    int result = allow_below(ruleset, wall->scratch, in_scratch & handled.files);
    for (const char *const *device = wall->devices; *device; device++) allow_below(ruleset, *device, in_device);
    if (result == 0) result = (int)syscall(RESTRICT_SELF, ruleset, 0);
    close(ruleset);
    return result;
}

static int filter(const struct aggctl_lab_wall *wall) {
    (void)wall;
    return aggctl_lab_filter_calls();
}

/// In this order: each takes what the ones before it have left.
static const struct {
    uint32_t layer;
    int (*put_up)(const struct aggctl_lab_wall *);
} rows[] = {
    {AGGCTL_LAB_NETWORK, own_network}, {AGGCTL_LAB_MOUNTS, read_only_tree},
    {AGGCTL_LAB_LIMITS, limits},       {AGGCTL_LAB_CAPABILITIES, capabilities},
    {AGGCTL_LAB_PRIVILEGES, no_new_privileges}, {AGGCTL_LAB_LANDLOCK, landlock},
    {AGGCTL_LAB_FILTER, filter},
};

uint32_t aggctl_lab_build_wall(const struct aggctl_lab_wall *wall) {
    uint32_t held = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (wall->layers & rows[i].layer && rows[i].put_up(wall) == 0) held |= rows[i].layer;
    return held;
}
