/*
 * A library to be preloaded into aggctl (LD_PRELOAD). It counts the program's requests from the moment the record of a
 * change is in place, and ends the program with SIGKILL right before one of them: its calls of sendmsg and send, rename
 * and unlink (renameat and unlinkat too), posix_spawn, pidfd_send_signal, and of open for writing below /proc/sys. The
 * moment after a process was started counts as well, for that one goes on by itself. Reading by netlink does not count:
 * ended before that, the program leaves what it leaves when it is ended before the next request that changes something.
 *
 *   AGGCTL_KILL_AT     the number of the call before which the program ends, from 1; "last" for the one that removes the
 *                      record of a change that is done; 0 only counts
 *   AGGCTL_KILL_COUNT  a file that the number of calls is written to
 *
 * Programs that aggctl starts are left alone.
 */
#define _GNU_SOURCE
#include "kill_point.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LAST 1000000000

static long limit = -1;
static int report = -1;
static atomic_long count;
static atomic_int armed;

__attribute__((constructor)) static void begin(void)
{
    const char *at = getenv("AGGCTL_KILL_AT");
    const char *file = getenv("AGGCTL_KILL_COUNT");
    if (!at || strcmp(program_invocation_short_name, "aggctl") != 0)
        return;
    limit = strcmp(at, "last") == 0 ? LAST : atol(at);
    if (file)
        report = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

static void pass(void)
{
    if (!atomic_load(&armed))
        return;
    long number = atomic_fetch_add(&count, 1) + 1;
    if (report >= 0) {
        char text[32];
        int length = snprintf(text, sizeof text, "%ld\n", number);
        if (pwrite(report, text, length, 0) < 0)
            abort();
    }
    if (number == limit)
        kill(getpid(), SIGKILL);
}

/* A record is moved to its place when it is whole. */
static int is_record(const char *path)
{
    size_t length = strlen(path);
    return strstr(path, "/changes/") && length > 5 && strcmp(path + length - 5, ".json") == 0;
}

/* The same of a name in an open folder. */
static int is_record_at(int folder, const char *name)
{
    char link[32], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0 || (size_t)length + strlen(name) + 2 > sizeof path)
        return 0;
    path[length] = '/';
    strcpy(path + length + 1, name);
    return is_record(path);
}

/* By generic netlink the program only reads. */
static int only_reads(int descriptor, const struct msghdr *message)
{
    int domain = 0, protocol = 0;
    socklen_t length = sizeof domain;
    if (getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &domain, &length) != 0 || domain != AF_NETLINK)
        return 0;
    length = sizeof protocol;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PROTOCOL, &protocol, &length) != 0)
        return 0;
    if (protocol == NETLINK_GENERIC)
        return 1;
    const struct nlmsghdr *header = message->msg_iovlen > 0 ? message->msg_iov[0].iov_base : NULL;
    /* Each four types of rtnetlink are new, delete, get, set. */
    return protocol == NETLINK_ROUTE && message->msg_iov[0].iov_len >= sizeof *header && header->nlmsg_type >= RTM_BASE
           && ((header->nlmsg_type - RTM_BASE) & 3) == 2;
}

ssize_t sendmsg(int descriptor, const struct msghdr *message, int flags)
{
    static ssize_t (*next)(int, const struct msghdr *, int);
    if (!next)
        next = dlsym(RTLD_NEXT, "sendmsg");
    if (!only_reads(descriptor, message))
        pass();
    return next(descriptor, message, flags);
}

ssize_t send(int descriptor, const void *bytes, size_t length, int flags)
{
    static ssize_t (*next)(int, const void *, size_t, int);
    if (!next)
        next = dlsym(RTLD_NEXT, "send");
    pass();
    return next(descriptor, bytes, length, flags);
}

int posix_spawn(pid_t *process, const char *path, const posix_spawn_file_actions_t *actions,
                const posix_spawnattr_t *attributes, char *const arguments[], char *const environment[])
{
    static int (*next)(pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *,
                       char *const[], char *const[]);
    if (!next)
        next = dlsym(RTLD_NEXT, "posix_spawn");
    pass();
    int result = next(process, path, actions, attributes, arguments, environment);
    pass();
    return result;
}

/* glibc has had no function for signals to a pidfd for long. */
long syscall(long number, ...)
{
    static long (*next)(long, ...);
    if (!next)
        next = dlsym(RTLD_NEXT, "syscall");
    long words[6];
    va_list list;
    va_start(list, number);
    for (int place = 0; place < 6; place++)
        words[place] = va_arg(list, long);
    va_end(list);
    if (number == SYS_pidfd_send_signal)
        pass();
    return next(number, words[0], words[1], words[2], words[3], words[4], words[5]);
}

int open(const char *path, int flags, ...)
{
    static int (*next)(const char *, int, ...);
    if (!next)
        next = dlsym(RTLD_NEXT, "open");
    va_list list;
    va_start(list, flags);
    mode_t mode = va_arg(list, mode_t);
    va_end(list);
    if ((flags & O_ACCMODE) != O_RDONLY && strncmp(path, "/proc/sys/", 10) == 0)
        pass();
    return next(path, flags, mode);
}

int rename(const char *from, const char *to)
{
    static int (*next)(const char *, const char *);
    if (!next)
        next = dlsym(RTLD_NEXT, "rename");
    pass();
    int result = next(from, to);
    if (result == 0 && limit >= 0 && is_record(to))
        atomic_store(&armed, 1);
    return result;
}

int unlink(const char *path)
{
    static int (*next)(const char *);
    if (!next)
        next = dlsym(RTLD_NEXT, "unlink");
    pass();
    if (limit == LAST && is_record(path) && atomic_load(&armed))
        kill(getpid(), SIGKILL);
    int result = next(path);
    /* With its record the change is over. */
    if (is_record(path))
        atomic_store(&armed, 0);
    return result;
}

int renameat(int old, const char *from, int new, const char *to)
{
    static int (*next)(int, const char *, int, const char *);
    if (!next)
        next = dlsym(RTLD_NEXT, "renameat");
    pass();
    int result = next(old, from, new, to);
    if (result == 0 && limit >= 0 && is_record_at(new, to))
        atomic_store(&armed, 1);
    return result;
}

int unlinkat(int folder, const char *name, int flags)
{
    static int (*next)(int, const char *, int);
    if (!next)
        next = dlsym(RTLD_NEXT, "unlinkat");
    pass();
    int is_end = is_record_at(folder, name);
    if (limit == LAST && is_end && atomic_load(&armed))
        kill(getpid(), SIGKILL);
    int result = next(folder, name, flags);
    if (is_end)
        atomic_store(&armed, 0);
    return result;
}
