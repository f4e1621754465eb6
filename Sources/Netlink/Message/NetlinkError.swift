package import Aggregation
package import SystemPackage

/// Why a request failed.
///
/// Decide by `errno`, `origin` and `attributePath`; the text is for people only.
package struct NetlinkError: Error, Sendable, Hashable {
    /// Who found the fault.
    package enum Origin: Sendable, Hashable {
        /// The kernel answered the request with this error.
        case kernel
        /// A system call on our side failed; the request may not have reached the kernel.
        case system
        /// The request could not be encoded.
        case encoding
        /// The kernel's answer was cut short, interrupted too often, missing or not understood.
        case reply
    }

    /// What was being done, as a verb: "create", "set MTU of".
    package var operation: String
    /// What it was done to, usually a device name; empty when there is no such thing.
    package var subject: String
    package var origin: Origin
    /// The kernel's error number as the kernel sent it, or that of the failed system call.
    package var errno: Errno
    /// The kernel's own words (`NLMSGERR_ATTR_MSG`).
    package var kernelMessage: String?
    /// The attribute of the request that the kernel objects to, as types from the outermost nest inwards.
    package var attributePath: [Int]
    /// The attribute that the kernel missed (`NLMSGERR_ATTR_MISS_TYPE`), to be found in `missingNestPath`.
    package var missingAttribute: Int?
    /// Where the missing attribute belongs; empty means the top level.
    package var missingNestPath: [Int]
    /// What the kernel wants remembered (`NLMSGERR_ATTR_COOKIE`).
    package var cookie: [UInt8]
    /// Our own explanation where the kernel gave none.
    package var detail: String?

    package init(
        operation: String, subject: String = "", origin: Origin, errno: Errno, kernelMessage: String? = nil,
        attributePath: [Int] = [], missingAttribute: Int? = nil, missingNestPath: [Int] = [], cookie: [UInt8] = [],
        detail: String? = nil
    ) {
        self.operation = operation
        self.subject = subject
        self.origin = origin
        self.errno = errno
        self.kernelMessage = kernelMessage
        self.attributePath = attributePath
        self.missingAttribute = missingAttribute
        self.missingNestPath = missingNestPath
        self.cookie = cookie
        self.detail = detail
    }
}

extension NetlinkError: CustomStringConvertible {
    package var description: String {
        describe { path in "attribute " + path.map(String.init).joined(separator: "/") }
    }

    /// The same sentence with attributes named by the caller.
    ///
    /// - Parameter name: gives a path of attribute types its name, such as "option miimon".
    package func describe(naming name: ([Int]) -> String) -> String {
        var text = "cannot " + operation
        if !subject.isEmpty { text += " " + subject }
        text += ": \(errno)"
        if let kernelMessage { text += ", the kernel says \"\(kernelMessage)\"" }
        if let detail { text += ", \(detail)" }
        if !attributePath.isEmpty { text += " (at \(name(attributePath)))" }
        if let missingAttribute { text += " (missing \(name(missingNestPath + [missingAttribute])))" }
        return text
    }
}

extension NetlinkError {
    /// The same for whoever knows no netlink.
    package var asDriverError: DriverError {
        DriverError(
            errno == .notPermitted ? .notPermitted : .refused, operation: operation, subject: subject,
            errno: errno.rawValue, text: kernelMessage ?? detail ?? "\(errno)")
    }
}
