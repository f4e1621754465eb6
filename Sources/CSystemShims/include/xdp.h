#ifndef AGGCTL_XDP_H
#define AGGCTL_XDP_H

/// Loads an XDP program that lets every frame pass (bpf(2)).
///
/// - Returns: a descriptor, which the program lives by until a device has it; -errno when the kernel refused it.
int aggctl_load_passing_xdp(void);

#endif
