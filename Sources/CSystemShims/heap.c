#include "heap.h"

#include <malloc.h>

void aggctl_share_heap(void) { mallopt(M_ARENA_MAX, 1); }
