/*
 * A library to be preloaded into aggctl (LD_PRELOAD). It counts the program's requests, which are its calls of sendmsg,
 * rename and unlink, from the moment the record of a change is in place, and ends the program with SIGKILL right before
 * one of them.
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
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
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

ssize_t sendmsg(int descriptor, const struct msghdr *message, int flags)
{
    static ssize_t (*next)(int, const struct msghdr *, int);
    if (!next)
        next = dlsym(RTLD_NEXT, "sendmsg");
    pass();
    return next(descriptor, message, flags);
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
