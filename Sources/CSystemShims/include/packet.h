// Packet sockets: their structures are in headers that the Swift importer cannot read beside libc's.
#pragma once

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif

/// Opens a socket that takes in the frames of one protocol that arrive at one device (packet(7)), those to a group of
/// link-layer addresses among them; a descriptor or -errno. It is opened without a protocol, since until it is bound it
/// would hear every device. length is that of the group's address, at most 8; 0
/// for no group.
int aggctl_open_packet_socket(int device, unsigned short protocol, const unsigned char *group, int length);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
