#include "include/packet.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if_packet.h>

static int configured(int descriptor, int device, unsigned short protocol, const unsigned char *group, int length) {
    int one = 1;
    struct packet_mreq membership = {
        .mr_ifindex = device, .mr_type = PACKET_MR_MULTICAST, .mr_alen = (unsigned short)length};
    struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_protocol = htons(protocol), .sll_ifindex = device};
    if (length < 0 || (size_t)length > sizeof membership.mr_address) {
        errno = EINVAL;
        return 0;
    }
    memcpy(membership.mr_address, group, (size_t)length);
    return setsockopt(descriptor, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof one) == 0 &&
           (length == 0 ||
            setsockopt(descriptor, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &membership, sizeof membership) == 0) &&
           bind(descriptor, (struct sockaddr *)&address, sizeof address) == 0;
}

int aggctl_open_packet_socket(int device, unsigned short protocol, const unsigned char *group, int length) {
    int descriptor = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0)
        return -errno;
    if (configured(descriptor, device, protocol, group, length))
        return descriptor;
    int reason = errno;
    close(descriptor);
    return -reason;
}

int aggctl_receive_packet(int descriptor, unsigned char *bytes, unsigned size, unsigned char *source) {
    struct sockaddr_ll sender = {0};
    socklen_t length = sizeof sender;
    ssize_t count = recvfrom(descriptor, bytes, size, MSG_DONTWAIT, (struct sockaddr *)&sender, &length);
    memcpy(source, sender.sll_addr, 6);
    return count >= 0 ? (int)count : -errno;
}
