import CSystemShims
import Dispatch
import Glibc
package import SystemPackage

/// A network namespace, held by an open descriptor.
///
/// Threads belong to namespaces; our process's own threads never leave theirs. To act in another namespace a fresh
/// thread enters it, does one thing, and ends.
package struct NetworkNamespace: Sendable {
    fileprivate final class Holder: Sendable {
        let descriptor: FileDescriptor

        init(_ descriptor: FileDescriptor) {
            self.descriptor = descriptor
        }

        deinit {
            try? descriptor.close()
        }
    }

    /// What messages call it: its name or path.
    package let label: String
    /// `nil` for the namespace of the process.
    private let holder: Holder?

    private init(label: String, holder: Holder?) {
        self.label = label
        self.holder = holder
    }

    /// The namespace that the process runs in.
    package static let current = NetworkNamespace(label: "the current namespace", holder: nil)

    /// A namespace by the name that `ip netns` knows it by.
    package static func named(_ name: String) throws(NetlinkError) -> NetworkNamespace {
        var namespace = try path(NamedNamespaces.path(of: name).string)
        namespace = NetworkNamespace(label: name, holder: namespace.holder)
        return namespace
    }

    /// A namespace by a file that it is bound to: `/run/netns/NAME`, `/proc/PID/ns/net`.
    ///
    /// - Throws: `ENOENT` if there is no such file; `EINVAL` on entering if it is not a network namespace.
    package static func path(_ path: String) throws(NetlinkError) -> NetworkNamespace {
        do {
            // Whatever somebody has put there instead, opening it does not wait.
            let descriptor = try FileDescriptor.open(
                FilePath(path), .readOnly, options: [.closeOnExec, .nonBlocking])
            return NetworkNamespace(label: path, holder: Holder(descriptor))
        } catch {
            throw NetlinkError(
                operation: "open network namespace", subject: path, origin: .system,
                errno: (error as? Errno) ?? .ioError)
        }
    }

    /// Whether it can be entered: a file of any other kind may stand where a namespace is looked for.
    package var isNamespace: Bool {
        guard let holder else { return true }
        var system = statfs()
        return fstatfs(holder.descriptor.rawValue, &system) == 0 && system.f_type == Self.fileSystem
    }

    /// NSFS_MAGIC (linux/magic.h).
    private static let fileSystem: __fsword_t = 0x6e73_6673

    /// Takes an open descriptor of a namespace over and closes it at the end.
    package init(adopting descriptor: FileDescriptor, label: String) {
        self.init(label: label, holder: Holder(descriptor))
    }

    /// Makes a new namespace without a name; it ends with its last user.
    package static func anonymous() throws(NetlinkError) -> NetworkNamespace {
        let descriptor = try FreshThread.run(label: "a new namespace") { () -> Int32 in
            let code = aggctl_unshare_net()
            return code < 0 ? code : aggctl_open_thread_netns()
        }
        guard descriptor >= 0 else {
            throw NetlinkError(
                operation: "create", subject: "a network namespace", origin: .system,
                errno: Errno(rawValue: -descriptor))
        }
        return NetworkNamespace(adopting: FileDescriptor(rawValue: descriptor), label: "a new namespace")
    }

    /// Lends an open descriptor of the namespace, as `IFLA_NET_NS_FD` wants it.
    ///
    /// - Returns: keeps the descriptor open as long as it is held.
    package func lend() throws(NetlinkError) -> LentDescriptor {
        if let holder { return LentDescriptor(holder: holder) }
        return try NetworkNamespace.path("/proc/self/ns/net").lend()
    }

    /// See `lend()`.
    package struct LentDescriptor: Sendable {
        fileprivate let holder: Holder
        package var descriptor: FileDescriptor { holder.descriptor }
    }

    /// Device and inode of the namespace: equal for two descriptors of one namespace.
    package func identity() throws(NetlinkError) -> Identity {
        var status = stat()
        let code =
            holder.map { fstat($0.descriptor.rawValue, &status) } ?? stat("/proc/self/ns/net", &status)
        guard code == 0 else {
            throw NetlinkError(
                operation: "identify network namespace", subject: label, origin: .system,
                errno: Errno(rawValue: Glibc.errno))
        }
        return Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    }

    /// See `identity()`.
    package struct Identity: Sendable, Hashable {
        package let device: UInt64
        package let inode: UInt64
    }

    // MARK: Entering

    /// Runs `body` on a fresh thread inside the namespace and blocks until it is done.
    ///
    /// For short work: opening a socket, reading below /proc/thread-self/net, starting a child. `body` must not start
    /// tasks or use dispatch queues: threads that those create would stay in the namespace.
    /// For `.current`, `body` runs on the calling thread.
    ///
    /// - Throws: what `body` throws, or a `NetlinkError` if the namespace cannot be entered.
    package func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) throws -> Value {
        guard holder != nil else { return try body() }
        return try inside { Result { try body() } }.get()
    }

    /// The same without occupying a thread of the cooperative pool.
    package func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        guard holder != nil else { return try body() }
        return try await withCheckedThrowingContinuation { continuation in
            // Resumed from outside the namespace: resuming may start threads.
            DispatchQueue.global().async { continuation.resume(with: Result { try blocking(body) }) }
        }
    }

    private func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) throws -> Value {
        try run(body)
    }

    /// Opens something inside the namespace.
    func open<Value: Sendable>(
        _ body: @escaping @Sendable () throws(NetlinkError) -> Value
    ) throws(NetlinkError) -> Value {
        guard holder != nil else { return try body() }
        let result = try inside { () -> Result<Value, NetlinkError> in
            do throws(NetlinkError) { return .success(try body()) } catch { return .failure(error) }
        }
        return try result.get()
    }

    private func inside<Value: Sendable>(_ body: @escaping @Sendable () -> Value) throws(NetlinkError) -> Value {
        let (holder, label) = (holder, label)
        let result = try FreshThread.run(label: label) { () -> Result<Value, Errno> in
            if let holder {
                let code = aggctl_setns_net(holder.descriptor.rawValue)
                guard code == 0 else { return .failure(Errno(rawValue: -code)) }
            }
            return .success(body())
        }
        switch result {
        case .success(let value): return value
        case .failure(let errno):
            throw NetlinkError(operation: "enter network namespace", subject: label, origin: .system, errno: errno)
        }
    }
}

/// A thread for one piece of work whose effects on the thread must not outlive it.
enum FreshThread {
    private final class Work {
        let body: () -> Void

        init(_ body: @escaping () -> Void) {
            self.body = body
        }
    }

    // Sendable: written by the thread, read after it was joined.
    private final class Box<Value>: @unchecked Sendable {
        var value: Value?
    }

    /// Runs `body` on a new thread and waits for its end.
    static func run<Value>(label: String, _ body: @escaping @Sendable () -> Value) throws(NetlinkError) -> Value {
        let box = Box<Value>()
        let work = Unmanaged.passRetained(Work { box.value = body() })
        var thread = pthread_t()
        let code = pthread_create(&thread, nil, freshThreadMain, work.toOpaque())
        guard code == 0 else {
            work.release()
            throw NetlinkError(
                operation: "start a thread for", subject: label, origin: .system, errno: Errno(rawValue: code))
        }
        pthread_join(thread, nil)
        guard let value = box.value else {
            throw NetlinkError(operation: "run a thread for", subject: label, origin: .system, errno: .canceled)
        }
        return value
    }

    fileprivate static func perform(_ context: UnsafeMutableRawPointer) {
        Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
    }
}

private func freshThreadMain(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let context { FreshThread.perform(context) }
    return nil
}
