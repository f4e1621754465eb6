/// What goes together with what: the one place that says so, beside the matrix. A row is what is looked at and what is
/// said of it; ``JointRule`` is how rows are asked.
package enum JointRules {
    package static let all: [JointRule] = values + ports + monitors + flows + addresses + tools + hosts

    /// Milliseconds between two probes at least: five ticks of a kernel of 100 Hz. With one tick, half an interval is
    /// none, and a healthy bond loses its carrier for good (`bond_time_in_interval`).
    package static let leastProbeInterval: Int64 = 50

    /// Intervals of a path monitor after which traffic goes on, once as many probes are missed as `missed` says: bonding
    /// looks once an interval and then tries the other ports one interval each (`bond_ab_arp_probe`).
    package static func takeover(_ driver: DriverKind) -> Int64 { driver == .bonding ? 2 : 1 }

    // MARK: Values of one key

    private static let values: [JointRule] =
        RequirementKey.allCases.filter(\.isSingle).map { key in
            JointRule(
                "one-\(key.rawValue)", [key, key], source: "what an aggregate has one of", evidence: [.code]
            ) { asked in
                .excludes("An aggregate has one: \(asked.texts(" or "))")
            }
        }
        + RequirementKey.allCases.filter(\.isSetting).map { key in
            JointRule(
                "avoided-\(key.rawValue)", [key, key], avoided: [1], source: "the requirements themselves",
                evidence: [.code]
            ) { asked in
                asked.asked[0].value == asked.asked[1].value
                    ? .excludes("\(asked.asked[0].text) is wanted, and to be avoided.") : nil
            }
        }

    // MARK: How many ports there are

    private static let ports: [JointRule] =
        [RequirementKey.redundancy, .detection].map { key in
            JointRule(
                "\(key.rawValue)-min-ports", [key, .minPorts], source: "kernel bond_3ad.c, bond_3ad_set_carrier",
                evidence: [.code, .observed]
            ) { asked in
                guard let least = asked.asked[1].number else { return nil }
                guard let count = asked.portCount else {
                    return .asks(
                        "there are at least \(least + 1) ports: the carrier goes when fewer than \(least) work")
                }
                guard count <= least else { return nil }
                return .excludes(
                    "With \(count) ports of which \(least) have to work, one that fails takes the carrier away.")
            }
        }
        + [
            JointRule(
                "min-ports-count", [.minPorts], source: "kernel bond_3ad.c, bond_3ad_set_carrier",
                evidence: [.code, .observed]
            ) { asked in
                guard let least = asked.asked[0].number else { return nil }
                guard let count = asked.portCount else {
                    return least > 1 ? .asks("there are at least \(least) ports") : nil
                }
                return count < least
                    ? .excludes("With \(count) ports of which \(least) have to work there is never a carrier.") : nil
            },
            JointRule(
                "two-switches-min-ports", [.minPorts, .switch], modes: .ad,
                source: "kernel bond_3ad.c, bond_3ad_set_carrier, ad_agg_selection_test", evidence: [.code, .observed]
            ) { asked in
                guard asked.asked[1].choice == "two", let least = asked.asked[0].number, least > 1 else { return nil }
                guard let count = asked.portCount else {
                    return .asks("\(least) ports at least lead to each of the two switches")
                }
                guard count / 2 < least else { return nil }
                return .excludes(
                    "Each switch is a partner of its own: of \(count) ports no more than \(count / 2) are bundled, and "
                        + "\(least) have to be.")
            },
            JointRule(
                "partner-min-ports", [.trafficWithoutPartner, .minPorts],
                source: "kernel bond_3ad.c, bond_3ad_set_carrier", evidence: [.code, .observed]
            ) { asked in
                (asked.asked[1].number ?? 1) > 1
                    ? .excludes(
                        "Without a partner each port is alone in its aggregator, and fewer than "
                            + "\(asked.asked[1].number ?? 0) ports give no carrier.") : nil
            },
        ]

    // MARK: Monitors

    private static let monitors: [JointRule] =
        [RequirementKey.arpMonitoring, .ipv6Monitoring].flatMap { key in
            [
                JointRule(
                    "detection-\(key.rawValue)", [.detection, key],
                    source: "kernel bond_main.c, bond_time_in_interval, bond_ab_arp_inspect, bond_ab_arp_probe",
                    evidence: [.code, .observed]
                ) { asked in
                    guard let wanted = asked.asked[0].time else { return nil }
                    let missed = asked.missedProbes
                    let least = leastProbeInterval * (missed + takeover(asked.candidate.driver))
                    guard wanted < least else { return nil }
                    return .excludes(
                        "Probes are at least \(leastProbeInterval)ms apart, and \(missed) may be missed: traffic goes on "
                            + "within \(least)ms and not within \(wanted)ms.")
                },
                JointRule(
                    "settle-\(key.rawValue)", [.settle, key],
                    source: "kernel bond_options.c, bond_option_updelay_set; libteam teamd_lw_ethtool.c",
                    evidence: [.code]
                ) { _ in
                    .excludes("Only a monitor of the link waits before it takes a port back: probes know no such time.")
                },
            ]
        }
        + [
            JointRule(
                "arp-ipv6-only", [.arpMonitoring, .ipv6Only], source: "RFC 826; RFC 4861, 7.2", evidence: [.document]
            ) { _ in .excludes("A host without IPv4 asks nobody by ARP: ipv6-monitoring asks over IPv6.") }
        ]

    // MARK: Where flows go

    private static let flows: [JointRule] =
        [RequirementKey.receiveBalancing, .receiveBalancingWithoutSwitch].map { key in
            JointRule(
                "\(key.rawValue)-ipv6-only", [key, .ipv6Only], modes: .alb, source: "kernel bond_alb.c, rlb_arp_xmit",
                evidence: [.code]
            ) { _ in .excludes("What is received is spread by answers to ARP, which IPv6 does not ask.") }
        } + [
            JointRule(
                "latency-rebalancing", [.latency, .rebalancing],
                source: "kernel bond_alb.c, bond_alb_monitor; libteam teamd_balancer.c", evidence: [.code]
            ) { asked in
                let period = asked.candidate.driver == .bonding ? "ten" : "five"
                return .excludes(
                    "Every \(period) seconds flows are moved to another port, and overtake themselves there.")
            },
            JointRule(
                "throughput-two-switches", [.throughput, .switch], driver: .bonding, modes: .ad,
                source: "kernel bond_3ad.c, ad_agg_selection_logic", evidence: [.code, .observed]
            ) { asked in
                guard asked.asked[1].choice == "two" else { return nil }
                let text = "Each switch is an aggregator of its own, and only the ports of one are used at a time."
                return asked.portCount.map { $0 <= 2 } == true ? .excludes(text) : .reserves(text)
            },
            JointRule(
                "infiniband-bridge", [.infiniband, .bridge], source: "kernel net/bridge/br_if.c, br_add_if",
                evidence: [.code]
            ) { _ in .excludes("A bridge takes Ethernet alone, and a bond of IP over InfiniBand is none.") },
            JointRule(
                "infiniband-vlans", [.infiniband, .vlans],
                source: "kernel ipoib_main.c, ipoib_setup_common; bond_main.c, bond_enslave", evidence: [.code]
            ) { _ in .excludes("IP over InfiniBand carries no VLANs.") },
        ]

    // MARK: Whose addresses are seen

    /// An address that moves to another port is what neither port security nor a cloud allows.
    private static let addresses: [JointRule] =
        [RequirementKey.portSecurity, .cloud].map { key in
            JointRule(
                "\(key.rawValue)-mac-policy", [key, .macPolicy], modes: .ab,
                source: "kernel bond_main.c, bond_do_fail_over_mac", evidence: [.code, .observed]
            ) { asked in
                asked.asked[1].choice == "active"
                    ? nil : .excludes("The address moves to the port that takes over (mac-policy follow).")
            }
        } + [
            JointRule(
                "port-security-bridge", [.portSecurity, .bridge],
                source: "CISCO-PORT-SECURITY-MIB, cpsIfMaxSecureMacAddr", evidence: [.document]
            ) { _ in .excludes("Guests bring addresses of their own, and each port may have one.") }
        ]

    // MARK: What the kernel and the tool can set

    private static let tools: [JointRule] =
        neededOptions.map { key, options in
            JointRule(
                "tool-\(key.rawValue)", [.tool, key], driver: .bonding, source: "the row of the tool",
                evidence: [.document]
            ) { asked in
                guard let tool = asked.asked[0].choice else { return nil }
                let missing = options.filter { asked.lacks(asked.asked[0], $0) }
                return missing.isEmpty ? nil : .excludes("\(tool) cannot set \(missing.joined(separator: " and ")).")
            }
        }
        + [
            JointRule(
                "tool-priorities", [.tool, .priorities], driver: .bonding, modes: [.ab, .tlb, .alb],
                source: "the row of the tool", evidence: [.document]
            ) { asked in
                guard let tool = asked.asked[0].choice, asked.lacks(asked.asked[0], "prio") else { return nil }
                return order(asked, "\(tool) cannot set prio")
            },
            JointRule(
                "kernel-priorities", [.priorities], driver: .bonding, modes: [.ab, .tlb, .alb],
                source: "kernel bond_netlink.c, bond_slave_policy", evidence: [.code]
            ) { asked in
                asked.host.takes("prio") ? nil : order(asked, "the kernel of this host does not know prio")
            },
        ]

    /// What a requirement needs of a tool, as far as there are tools that cannot set it.
    private static let neededOptions: [(RequirementKey, [String])] = [
        (.lacpPassive, ["lacp_active"]), (.ipv6Monitoring, ["ns_ip6_target"]), (.lacpKey, ["ad_user_port_key"]),
        (.lacpSystem, ["ad_actor_system"]),
    ]

    /// The first port can be named without priorities, and of two that is all there is to say.
    private static func order(_ asked: JointRule.Case, _ reason: String) -> JointRule.Effect? {
        guard (asked.portCount ?? 2) > 2 else { return nil }
        return .reserves("Only the first port can be named, as primary: \(reason), so the others have no order.")
    }

    // MARK: What the ports are

    private static let hosts: [JointRule] =
        [RequirementKey.redundancy, .detection].map { key in
            JointRule(
                "one-cable-\(key.rawValue)", [key], source: "kernel Documentation/PCI/pci-iov-howto.rst, 1.1",
                evidence: [.document]
            ) { asked in
                guard let function = asked.host.onlyFunction else { return nil }
                return .excludes(
                    "\(asked.host.portNames) are virtual functions of one port, \(function): one cable carries them all."
                )
            }
        }
        + [
            JointRule(
                "rdma-one-card", [.rdma], source: "kernel mlx5/core/lag/lag.c, mlx5_lag_check_prereq", evidence: [.code]
            ) { asked in
                guard asked.host.cards.count > 1 else { return nil }
                return .reserves(
                    "\(asked.host.portNames) are on different cards, and a driver bundles ports of one card only: RDMA "
                        + "stays with one of them.")
            },
            JointRule(
                "lacp-virtual-functions", [], modes: .ad,
                source: "OpenShift 4.20 documentation, configuring LACP for SR-IOV; bond-cni, issue 149",
                evidence: [.document]
            ) { asked in
                let functions = asked.host.ports.filter { $0.physicalFunction != nil }.map(\.name)
                guard !functions.isEmpty else { return nil }
                return .reserves(
                    "\(functions.joined(separator: " and ")): virtual functions speak no LACP, which is between the switch and "
                        + "their physical function. active-backup bundles them.")
            },
            JointRule(
                "lacp-unknown-speed", [], driver: .bonding, modes: .ad,
                source: "kernel bond_3ad.c, __get_link_speed, __get_duplex, ad_port_selection_logic", evidence: [.code]
            ) { asked in
                // A port without link has no speed yet, and of one whose driver was not looked at nothing is known.
                let ports = asked.host.ports.filter { $0.speed == nil && $0.hasCarrier == true && $0.driver != nil }
                guard !ports.isEmpty else { return nil }
                let names = ports.map(\.name).joined(separator: " and ")
                return .asks(
                    "speed and duplex of \(names) are set (ethtool -s \(ports[0].name) speed 10000 duplex full): without "
                        + "them each port is an aggregator of its own")
            },
            JointRule(
                "balancing-unknown-speed", [], driver: .bonding, modes: [.tlb, .alb],
                source: "kernel Documentation/networking/bonding.rst, 2, mode; bond_alb.c, compute_gap",
                evidence: [.code, .document]
            ) { asked in
                let known = !asked.host.ports.isEmpty && asked.host.ports.allSatisfy { $0.speed != nil }
                return known ? nil : .asks("the ports' drivers report their speed")
            },
        ]
}

extension JointRule.Case {
    fileprivate func texts(_ joiner: String) -> String { asked.map(\.text).joined(separator: joiner) + "." }

    /// How many probes a plan lets go by.
    fileprivate var missedProbes: Int64 {
        candidate.driver == .bonding && !host.takes("arp_missed_max")
            ? PathMonitor.kernelMissed : PathMonitor(kind: .arp, targets: []).missed
    }

    /// Whether the tool of a requirement cannot set an option.
    fileprivate func lacks(_ tool: Requirement, _ option: String) -> Bool {
        tool.features.contains { matrix.cell($0, candidate)?.lacks.contains(option) == true }
    }
}

extension Requirement {
    var number: Int64? { if case .number(let number) = value { number } else { nil } }
    /// Milliseconds.
    var time: Int64? { if case .duration(let time) = value { time } else { nil } }
}
