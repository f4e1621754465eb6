// Files, as far as Swift does not see the calls: renameat2 hides behind _GNU_SOURCE, xattr.h is in no module.
#pragma once

#include <sys/types.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif

/// Renames a file of a folder to a name that nothing has yet; 0 or -errno.
int aggctl_rename_to_free_name(int folder, const char *from, const char *to);

/// The names of a file's extended attributes, each with its 0; their length or -errno.
ssize_t aggctl_attribute_names(const char *path, char *names, size_t size);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
