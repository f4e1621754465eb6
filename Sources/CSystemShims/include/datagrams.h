// Many datagrams a system call: sendmmsg and recvmmsg and their structures hide behind _GNU_SOURCE. 0, a count or -errno.
#pragma once

#include <stdint.h>
#include <sys/socket.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif

/// Room for a number of datagrams of bounded size, each with the address it came from or goes to.
typedef struct aggctl_datagrams aggctl_datagrams;

/// Makes room; NULL when there is no memory.
aggctl_datagrams *_Nullable aggctl_datagrams_create(unsigned capacity, unsigned size);
void aggctl_datagrams_destroy(aggctl_datagrams *batch);

/// The bytes of a datagram: size of them may be written.
uint8_t *aggctl_datagrams_bytes(aggctl_datagrams *batch, unsigned index);
/// How many bytes the last receive brought.
unsigned aggctl_datagrams_length(const aggctl_datagrams *batch, unsigned index);
/// How many bytes to send.
void aggctl_datagrams_set_length(aggctl_datagrams *batch, unsigned index, unsigned length);
/// Where a datagram goes to.
void aggctl_datagrams_set_address(
    aggctl_datagrams *batch, unsigned index, const struct sockaddr_storage *address, socklen_t length);

/// Receives without waiting, up to the capacity; the number of datagrams or -errno (-EAGAIN when there are none).
int aggctl_datagrams_receive(aggctl_datagrams *batch, int descriptor);
/// Sends a run of datagrams without waiting; how many went out before one failed, or -errno when the first did.
int aggctl_datagrams_send(aggctl_datagrams *batch, int descriptor, unsigned first, unsigned count);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
