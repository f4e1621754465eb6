#define _GNU_SOURCE
#include "include/datagrams.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct aggctl_datagrams {
    unsigned capacity;
    unsigned size;
    struct mmsghdr *headers;
    struct iovec *vectors;
    struct sockaddr_storage *addresses;
    uint8_t *bytes;
};

aggctl_datagrams *aggctl_datagrams_create(unsigned capacity, unsigned size) {
    aggctl_datagrams *batch = calloc(1, sizeof *batch);
    if (!batch) return NULL;
    batch->capacity = capacity;
    batch->size = size;
    batch->headers = calloc(capacity, sizeof *batch->headers);
    batch->vectors = calloc(capacity, sizeof *batch->vectors);
    batch->addresses = calloc(capacity, sizeof *batch->addresses);
    batch->bytes = calloc(capacity, size);
    if (!batch->headers || !batch->vectors || !batch->addresses || !batch->bytes) {
        aggctl_datagrams_destroy(batch);
        return NULL;
    }
    for (unsigned index = 0; index < capacity; index++) {
        struct msghdr *header = &batch->headers[index].msg_hdr;
        batch->vectors[index] = (struct iovec){batch->bytes + (size_t)index * size, size};
        header->msg_iov = &batch->vectors[index];
        header->msg_iovlen = 1;
        header->msg_name = &batch->addresses[index];
    }
    return batch;
}

void aggctl_datagrams_destroy(aggctl_datagrams *batch) {
    free(batch->headers);
    free(batch->vectors);
    free(batch->addresses);
    free(batch->bytes);
    free(batch);
}

uint8_t *aggctl_datagrams_bytes(aggctl_datagrams *batch, unsigned index) { return batch->vectors[index].iov_base; }

unsigned aggctl_datagrams_length(const aggctl_datagrams *batch, unsigned index) {
    return batch->headers[index].msg_len;
}

void aggctl_datagrams_set_length(aggctl_datagrams *batch, unsigned index, unsigned length) {
    batch->vectors[index].iov_len = length < batch->size ? length : batch->size;
}

void aggctl_datagrams_set_address(
    aggctl_datagrams *batch, unsigned index, const struct sockaddr_storage *address, socklen_t length) {
    batch->addresses[index] = *address;
    batch->headers[index].msg_hdr.msg_namelen = length;
}

int aggctl_datagrams_receive(aggctl_datagrams *batch, int descriptor) {
    for (unsigned index = 0; index < batch->capacity; index++) {
        batch->vectors[index].iov_len = batch->size;
        batch->headers[index].msg_hdr.msg_namelen = sizeof *batch->addresses;
    }
    int count = recvmmsg(descriptor, batch->headers, batch->capacity, MSG_DONTWAIT, NULL);
    return count >= 0 ? count : -errno;
}

int aggctl_datagrams_send(aggctl_datagrams *batch, int descriptor, unsigned first, unsigned count) {
    int sent = sendmmsg(descriptor, batch->headers + first, count, MSG_DONTWAIT | MSG_NOSIGNAL);
    return sent >= 0 ? sent : -errno;
}
