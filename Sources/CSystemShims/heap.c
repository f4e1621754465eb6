// madvise(2) is declared for these only.
#define _DEFAULT_SOURCE

#include "heap.h"

#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

// Linux 5.14 knows it, the C library of Debian 12 does not everywhere.
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

void aggctl_prepare_heap(void) {
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, 16 << 20);
    mallopt(M_TRIM_THRESHOLD, 64 << 20);
    mallopt(M_TOP_PAD, 256 << 10);
}

void aggctl_populate_heap(size_t bytes) {
    const int before = errno;
    void *const room = malloc(bytes);
    if (room == NULL) return;
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    const uintptr_t first = ((uintptr_t)room + page - 1) & -page;
    const uintptr_t end = ((uintptr_t)room + bytes) & -page;
    // A kernel that cannot do it gives each page when it is touched, as ever. One in user mode has the pages then but
    // lets a process see each only at a fault of its own, or all of them when their protection changes.
    if (end > first && madvise((void *)first, end - first, MADV_POPULATE_WRITE) == 0 &&
        mprotect((void *)first, end - first, PROT_READ) == 0 &&
        mprotect((void *)first, end - first, PROT_READ | PROT_WRITE) < 0)
        abort();  // the heap would be of no more use
    free(room);
    errno = before;
}
