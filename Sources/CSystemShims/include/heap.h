#pragma once

// Makes all threads allocate from the main heap (mallopt(3), M_ARENA_MAX). Swift's C library module lacks malloc.h.
void aggctl_share_heap(void);
