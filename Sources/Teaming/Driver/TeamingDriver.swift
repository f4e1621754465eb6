package import Aggregation
internal import CDBus
internal import CTeam

/// Teams run by teamd, in one network namespace.
package enum TeamingDriverPlaceholder {
    package static let linkKind = DriverKind.teaming.linkKind
}
