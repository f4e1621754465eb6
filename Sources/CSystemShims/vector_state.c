#include "include/vector_state.h"

#if defined(__x86_64__)
#include <cpuid.h>

unsigned aggctl_vector_state_size(void) {
    unsigned a, size, c, d;
    // Leaf 0xD: ebx is the size with all that the running kernel has enabled.
    return __get_cpuid_count(0xd, 0, &a, &size, &c, &d) ? size : 0;
}

// vector_state_preload.S
extern const unsigned char aggctl_vector_state_image[], aggctl_vector_state_image_end[];

const unsigned char *aggctl_vector_state_preload(size_t *size) {
    *size = (size_t)(aggctl_vector_state_image_end - aggctl_vector_state_image);
    return aggctl_vector_state_image;
}

#else

unsigned aggctl_vector_state_size(void) { return 0; }

const unsigned char *aggctl_vector_state_preload(size_t *size) {
    *size = 0;
    return NULL;
}

#endif
