internal import Glibc
package import SystemPackage

/// Standard output or standard error.
package struct StandardStream: OutputSink {
    private let descriptor: FileDescriptor

    package static let output = StandardStream(descriptor: .standardOutput)
    package static let error = StandardStream(descriptor: .standardError)

    package var isTerminal: Bool { isatty(descriptor.rawValue) == 1 }

    package var columns: Int? {
        var size = winsize()
        guard ioctl(descriptor.rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    package func write(_ bytes: [UInt8]) throws(Errno) {
        do {
            _ = try descriptor.writeAll(bytes)
        } catch {
            throw error as? Errno ?? .ioError
        }
    }

    /// Makes writing safe for a program that must finish what it began, whoever has stopped listening.
    ///
    /// A reader that goes away (`| head`) would end us by SIGPIPE in the middle of a change. The signal gets a handler
    /// rather than being ignored, because programs that we start would inherit an ignored signal. A standard descriptor
    /// that was closed by the caller is opened on /dev/null, so that no socket of ours takes its number.
    package static func prepare() {
        signal(SIGPIPE) { _ in }
        for number: Int32 in 0...2 where fcntl(number, F_GETFD) == -1 {
            _ = open("/dev/null", O_RDWR)
        }
    }
}
