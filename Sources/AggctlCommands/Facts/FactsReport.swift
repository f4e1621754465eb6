internal import Aggregation

/// Facts for people, and for `recommend --facts`.
struct FactsReport: CommandResult {
    let facts: HostFacts

    var json: JSONValue {
        var members = JSONObject()
        members.add("kernel", ifAny: facts.kernel.map(JSONValue.string))
        members.add("distribution", ifAny: facts.distribution.map(JSONValue.string))
        members.add("bonding", ifAny: facts.hasBonding.map(JSONValue.bool))
        members.add("team", ifAny: facts.hasTeam.map(JSONValue.bool))
        members.add("teamd", ifAny: facts.hasTeamd.map(JSONValue.bool))
        members.add("teamd-version", ifAny: facts.teamdVersion.map(JSONValue.string))
        members.add("known-options", ifAny: Self.list(facts.knownOptions))
        members.add("unknown-options", ifAny: Self.list(facts.unknownOptions))
        members.add("ports", ifAny: facts.ports.isEmpty ? nil : .array(facts.ports.map(\.json)))
        return ["schema": 1, "facts": .object(members)]
    }

    /// An empty list is left out, as everything that says nothing is.
    fileprivate static func list(_ texts: [String]?) -> JSONValue? {
        texts.flatMap { $0.isEmpty ? nil : .array($0.map(JSONValue.string)) }
    }

    func text(_ style: Style) -> PrintableText {
        var page = Page(.text(style))
        page.heading("Kernel", facts.kernel ?? "unknown")
        page.line("bonding: \(Self.words(facts.hasBonding))")
        page.line("team: \(Self.words(facts.hasTeam))")
        if let known = facts.knownOptions, let unknown = facts.unknownOptions {
            for name in (known + unknown).sorted() {
                page.line("bonding option \(name): \(known.contains(name) ? "known" : "not known")")
            }
        } else {
            page.line("bonding options: not asked, which takes root and a loaded driver")
        }
        page.heading("Host", facts.distribution ?? "distribution unknown")
        page.line("teamd: \(facts.teamdVersion ?? Self.words(facts.hasTeamd))")
        page.heading("Devices", facts.ports.isEmpty ? "none that could become a port" : nil)
        for port in facts.ports {
            page.line(port.words)
            for line in port.details { page.line(line, indent: 2) }
        }
        return page.text
    }

    private static func words(_ flag: Bool?) -> String { flag.map { $0 ? "yes" : "no" } ?? "unknown" }
}

extension HostFacts.Port {
    fileprivate var json: JSONValue {
        var members: JSONObject = ["name": .string(name)]
        members.add("medium", ifAny: (medium?.rawValue).map(JSONValue.string))
        members.add("kind", ifAny: kind.map(JSONValue.string))
        members.add("driver", ifAny: driver.map(JSONValue.string))
        members.add("path", ifAny: path.map(JSONValue.string))
        members.add("physical-function", ifAny: physicalFunction.map(JSONValue.string))
        members.add("speed_mbps", ifAny: speed.map(JSONValue.integer))
        members.add("duplex", ifAny: (duplex?.rawValue).map(JSONValue.string))
        members.add("carrier", ifAny: hasCarrier.map(JSONValue.bool))
        members.add("mtu", ifAny: mtu.map(JSONValue.integer))
        members.add("mac-address", ifAny: address.map(JSONValue.string))
        members.add("permanent-address", ifAny: permanentAddress.map(JSONValue.string))
        members.add("addresses", ifAny: FactsReport.list(addresses))
        members.add("master", ifAny: master.map(JSONValue.string))
        members.add("on-top", ifAny: FactsReport.list(onTop))
        members.add("lacp-partner", ifAny: partner.map { ["system": .string($0.system), "key": .integer($0.key)] })
        return .object(members)
    }

    /// `eth0: 10000 Mbit/s full duplex, link up`
    fileprivate var words: String {
        let speed = speed.map { "\($0) Mbit/s" } ?? "speed unknown"
        let duplex = duplex.map { " \($0.rawValue) duplex" } ?? ""
        let carrier = hasCarrier.map { $0 ? ", link" : ", no link" } ?? ""
        let medium = medium == .ethernet ? "" : (medium.map { ", \($0.rawValue)" } ?? "")
        return "\(name): \(speed)\(duplex)\(carrier)\(medium)"
    }

    fileprivate var details: [String] {
        var all: [String] = []
        if let path { all.append(path + (physicalFunction.map { ", a virtual function of \($0)" } ?? "")) }
        if let driver { all.append("driver \(driver)") }
        if let kind { all.append("a \(kind) device") }
        if let permanentAddress { all.append("permanent address \(permanentAddress)") }
        if let master { all.append("a port of \(master)") }
        if !addresses.isEmpty { all.append("addresses \(addresses.joined(separator: ", "))") }
        if let partner { all.append("LACP is spoken there by \(partner.system), key \(partner.key)") }
        if !onTop.isEmpty { all.append("below \(onTop.joined(separator: ", "))") }
        return all
    }
}
