#pragma once

#include <stddef.h>

// Makes all threads allocate from the main heap, which keeps what is freed (mallopt(3)). Swift's C library module lacks
// malloc.h.
void aggctl_prepare_heap(void);

// Has the kernel provide that much of the heap's memory at once (madvise(2)) instead of page by page.
void aggctl_populate_heap(size_t bytes);
