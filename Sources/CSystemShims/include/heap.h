#pragma once

// Makes all threads allocate from the main heap, which keeps what is freed (mallopt(3)). Swift's C library module lacks
// malloc.h.
void aggctl_prepare_heap(void);
