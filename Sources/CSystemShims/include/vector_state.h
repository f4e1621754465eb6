// The processor's registers beyond the classic ones (AVX, AVX-512, AMX), as ptrace(2) hands them out.
#pragma once

#include <stddef.h>

/// Bytes that the whole state takes in the standard layout (CPUID leaf 0xD); 0 where there is no such state.
unsigned aggctl_vector_state_size(void);

/// A shared object for LD_PRELOAD, as the bytes of its file; NULL on a processor that needs none. Its ptrace(2) is the C
/// library's, except that a state too short for the running kernel (PTRACE_SETREGSET of NT_X86_XSTATE) is completed
/// with zeroes.
const unsigned char *aggctl_vector_state_preload(size_t *size);
