#define _GNU_SOURCE
#include "include/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/xattr.h>

int aggctl_rename_to_free_name(int folder, const char *from, const char *to) {
    return renameat2(folder, from, folder, to, RENAME_NOREPLACE) == 0 ? 0 : -errno;
}

ssize_t aggctl_attribute_names(const char *path, char *names, size_t size) {
    ssize_t length = listxattr(path, names, size);
    return length < 0 ? -errno : length;
}
