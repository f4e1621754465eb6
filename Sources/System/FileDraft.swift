internal import CSystemShims
internal import Glibc
package import SystemPackage

/// A file beside the one that it is to become: whoever reads sees the old content or the new one, never a part.
///
/// Its name cannot be guessed and nothing may be there yet, so nobody can prepare the place. It is locked as long as
/// its writer lives, by which one that a killed process left is known.
package final class FileDraft {
    private static let prefix = ".aggctl-"

    /// The file, which stays open until the draft is let go or ``keep()`` is called.
    package let file: FileDescriptor
    private let folder: Int32
    private let name: String
    private var isOpen = true
    private var isThere = true

    /// - Parameters:
    ///   - folder: where.
    ///   - permissions: what they are to be, whatever is masked out.
    package init(
        in folder: FileDescriptor, permissions: FilePermissions, options: FileDescriptor.OpenOptions = []
    ) throws(Errno) {
        let own = fcntl(folder.rawValue, F_DUPFD_CLOEXEC, 3)
        guard own >= 0 else { throw Errno(rawValue: errno) }
        self.folder = own
        name =
            Self.prefix + String(UInt64.random(in: .min ... .max), radix: 36)
            + String(UInt64.random(in: .min ... .max), radix: 36)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | options.rawValue
        // Closed to everybody else until it is what it should be.
        let descriptor = openat(self.folder, name, flags, mode_t(0o600))
        guard descriptor >= 0 else {
            let code = errno
            Glibc.close(own)
            throw Errno(rawValue: code)
        }
        file = FileDescriptor(rawValue: descriptor)
        // Where files cannot be locked nobody sweeps either.
        flock(descriptor, LOCK_EX | LOCK_NB)
        guard fchmod(descriptor, permissions.rawValue) == 0 else { throw Errno(rawValue: errno) }
    }

    /// Writes the whole content, and sees that it is on the disk.
    package func fill(_ bytes: [UInt8]) throws(Errno) {
        do { _ = try file.writeAll(bytes) } catch { throw error as? Errno ?? .ioError }
        guard fsync(file.rawValue) == 0 || errno == EINVAL || errno == ENOTSUP else { throw Errno(rawValue: errno) }
    }

    /// Puts it in its place.
    ///
    /// - Throws: `EEXIST` when something has come to a place that is not to be replaced.
    package func put(_ target: String, replacing: Bool) throws(Errno) {
        var code: Int32
        if replacing {
            code = renameat(folder, name, folder, target) == 0 ? 0 : errno
        } else {
            code = linkat(folder, name, folder, target, 0) == 0 ? 0 : errno
            // A file system without links.
            if code == EPERM || code == ENOTSUP {
                code = -aggctl_rename_to_free_name(folder, name, target)
                isThere = code != 0
            }
        }
        guard code == 0 else { throw Errno(rawValue: code) }
        if replacing { isThere = false }
        // Of the name, too; where a folder cannot be synchronised there is nothing to be done about it.
        fsync(folder)
    }

    /// The file, to be written on and closed by the caller.
    package func keep() -> FileDescriptor {
        isOpen = false
        return file
    }

    /// Closes it; some file systems say only now that they are full.
    package func close() throws(Errno) {
        isOpen = false
        do { try file.close() } catch { throw error as? Errno ?? .ioError }
    }

    deinit {
        // A second name when it was linked, and unfinished when nothing was made of it.
        if isThere { unlinkat(folder, name, 0) }
        if isOpen { try? file.close() }
        Glibc.close(folder)
    }

    /// Removes drafts whose writers are gone.
    static func sweep(_ names: some Sequence<String>, in folder: Int32) {
        for name in names where name.hasPrefix(prefix) {
            let descriptor = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlinkat(folder, name, 0) }
            Glibc.close(descriptor)
        }
    }
}
