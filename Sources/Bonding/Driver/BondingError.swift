import Aggregation
import CNetlink
import Glibc
import Netlink
import SystemPackage

/// Turns what the kernel said into what its user can act on.
struct BondingError {
    /// What was asked, for the text and for the remedy.
    let step: Step
    let operation: String
    let subject: String

    init(_ step: Step) {
        self.step = step
        operation = step.summary(.shared)
        subject = step.devices.first ?? ""
    }

    func convert(_ error: NetlinkError) -> DriverError {
        let number = error.errno.rawValue
        var option = optionName(error.attributePath)
        if option == nil, let missing = error.missingAttribute {
            option = optionName(error.missingNestPath + [missing])
        }
        return DriverError(
            category(error), operation: operation, subject: subject, errno: number, text: text(error), option: option,
            remedy: remedy(number))
    }

    func convert(_ error: OptionEncodingError) -> DriverError {
        DriverError(
            .refused, operation: operation, subject: subject, errno: EINVAL, text: error.rule, option: error.option,
            remedy: error.remedy)
    }

    func notFound(_ name: String) -> DriverError {
        DriverError(
            .notFound, operation: operation, subject: name, errno: ENODEV, text: "there is no device \(name)",
            remedy: "look with aggctl status, or with ip link")
    }

    // MARK: Parts

    private func category(_ error: NetlinkError) -> DriverError.Category {
        switch error.errno.rawValue {
        // Bonding answers EPERM to a request that its rules forbid as well.
        case EPERM where !Caller.hasNetAdmin: .notPermitted
        case EOPNOTSUPP where isCreate: .unavailable
        case ENODEV, ENOENT, ESRCH: .notFound
        case EAGAIN where error.origin != .kernel, ETIMEDOUT: .timedOut
        default: .refused
        }
    }

    private func text(_ error: NetlinkError) -> String {
        if error.errno.rawValue == EOPNOTSUPP, isCreate {
            return "the bonding driver is not loaded and could not be loaded"
        }
        let words = error.kernelMessage.flatMap { $0.isEmpty ? nil : $0 }
        return [words ?? "\(error.errno)", error.detail].compactMap { $0 }.joined(separator: ", ")
    }

    private var isCreate: Bool { if case .create = step { true } else { false } }

    /// The option at a path of attribute types: the last but one says whose option it is.
    private func optionName(_ path: [Int]) -> String? {
        guard path.count >= 3, path[0] == IFLA_LINKINFO, let attribute = UInt16(exactly: path[2]) else { return nil }
        switch path[1] {
        case IFLA_INFO_DATA: return BondingOptions.table.row(attribute: attribute)?.name
        case IFLA_INFO_SLAVE_DATA: return BondingPortOptions.table.row(attribute: attribute)?.name
        default: return nil
        }
    }

    private func remedy(_ number: Int32) -> String? {
        if number == EPERM, !Caller.hasNetAdmin { return "run it as root, or with CAP_NET_ADMIN" }
        switch (step, number) {
        case (.create, EOPNOTSUPP):
            return "load it with modprobe bonding; where that finds nothing, install the modules of the running "
                + "kernel, or try it with aggctl lab run"
        case (.create, EEXIST): return "choose another name"
        case (.attach, EPERM): return "take the port down before it joins, and give it no VLANs if it cannot carry them"
        case (.attach, EBUSY): return "take it out of the aggregate or bridge that it is a port of"
        case (.attach, ELOOP): return "a port cannot stand above its own aggregate"
        case (.attach, EOPNOTSUPP), (.attach, EINVAL): return "this device cannot be a port of this aggregate"
        case (.setOptions, EBUSY): return "take the aggregate down first"
        case (.setOptions, ENOTEMPTY): return "take all ports out first"
        case (.setOptions, EACCES): return "this mode does not take the option"
        case (.setOptions, EPERM): return "set miimon first; delays count in its multiples"
        case (.setPortOptions, EPERM):
            return "a queue id is used by one port only, and is below the number of transmit queues"
        case (.activate, EINVAL):
            return "the port has to be up, with link, and the mode active-backup, balance-tlb or balance-alb"
        case (.replay, ENETUNREACH), (.replay, EHOSTUNREACH):
            return "its gateway cannot be reached yet: addresses and routes to networks come first"
        default: return nil
        }
    }
}
