import FoundationEssentials
import Testing

@testable import Operations

/// Every kind of host in `profiles/workloads`, each with a switch that it is for: the plan is applied, the aggregate
/// becomes healthy against that switch, and drills find that what was promised holds.
@Suite("Lab profiles", .serialized)
struct LabRunProfileTests {
    /// Profiles by the topology that simulates their switch.
    static let places: [(topology: String, switchName: String, profiles: [String])] = [
        ("lacp", "lacp-switch", ["database", "hypervisor", "ovs-host", "pxe-host", "storage", "kubernetes-node"]),
        ("mlag", "mlag-pair", ["edge-router", "hpc-node"]),
        ("two-switches", "two-independent", ["firewall-pair", "web-server", "time-server"]),
        ("static", "static-lag", ["test-bed"]),
        ("unmanaged", "unmanaged", ["rhel-10-migration"]),
        // The next hop of the profile stands in for one's own: here it is the router of the topology.
        ("routed", "unmanaged", ["ipv6-only"]),
    ]

    /// What a failure may cost: the link monitor's 100 ms and what the lab itself takes, the LACP partner's answer, or the
    /// five seconds after which neighbour solicitation has found another port.
    private static func objective(_ topology: String) -> String {
        switch topology {
        case "lacp", "mlag": "4s"
        case "routed": "6s"
        default: "1s"
        }
    }

    @Test func everyProfileHasAPlace() throws {
        var project = URL(filePath: #filePath)
        for _ in 0..<4 { project.deleteLastPathComponent() }
        let folder = project.appending(path: "profiles/workloads").path
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") }
        #expect(Self.places.flatMap(\.profiles).sorted() == names.map { String($0.dropLast(5)) }.sorted())
    }

    @Test("what a profile's plan promises is seen against its switch", arguments: places)
    func planHolds(_ topology: String, _ switchName: String, _ profiles: [String]) throws {
        let lab = try LabProcess()
        let script = """
            aggctl=\(lab.program) switch=\(switchName)
            one() {
              set -e
              $aggctl recommend --profile $1 --switch $switch --ports eth0,eth1 --name agg0 --output /tmp/$1.yaml 2>&1
              sed -i 's/2001:db8::1/2001:db8:100::1/' /tmp/$1.yaml
              $aggctl apply /tmp/$1.yaml
              for a in 198.51.100.2/24 2001:db8:100::2/64; do
                $aggctl set agg0 addresses+=$a --allow-interruption
              done
              for i in $(seq 100); do $aggctl status agg0 --check >/dev/null && break; sleep 0.1; done
              $aggctl status agg0 --check
              $aggctl drill agg0 --objective \(Self.objective(topology))
              # What comes first is used again: eth0 is the first of the list.
              if grep -q priority: /tmp/$1.yaml; then $aggctl status agg0 | grep 'active port eth0'; fi
              $aggctl check /tmp/$1.yaml
              $aggctl delete agg0 --allow-cutoff
            }
            for profile in \(profiles.joined(separator: " ")); do
              (one $profile) >/tmp/said 2>&1 && echo "$profile holds" && continue
              echo "$profile fails"
              cat /tmp/said
              $aggctl delete agg0 --allow-cutoff >/dev/null 2>&1
            done
            exit 0
            """
        try lab.start(["lab", "run", "--topology", topology, "--timeout", "280s", "--", "bash", "-c", script])
        #expect(lab.wait(.seconds(300)) == 0, "\(lab.folder.text("err"))")
        let said = lab.folder.text("out")
        for profile in profiles { #expect(said.contains("\(profile) holds"), "\(said)\(lab.folder.text("err"))") }
    }
}
