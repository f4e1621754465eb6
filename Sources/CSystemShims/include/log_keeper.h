// A process that keeps the end of what another one says. A descriptor or -errno.
#pragma once

#include <stddef.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif

/// Starts a process that writes what comes through a pipe to a file and lets the file never grow beyond limit: of what is
/// too much the older half goes. It ends when the last writer has closed the pipe.
///
/// The descriptor returned (closed on exec) is the writer's end. Writing to it never waits and never fails with SIGPIPE:
/// when the keeper is killed or cannot follow, words are lost and the writer goes on.
int aggctl_log_keeper_start(int file, size_t limit);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
