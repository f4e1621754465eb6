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

/// Takes in what one frame carries, without waiting: how many bytes, or -errno (-EAGAIN when none has arrived). source is
/// set to the link-layer address of its sender, of which 6 bytes are written.
int aggctl_receive_packet(int descriptor, unsigned char *bytes, unsigned size, unsigned char *source);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
