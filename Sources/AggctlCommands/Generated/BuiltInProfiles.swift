// swift-format-ignore-file
// Written by `make generate` from profiles/: change the files there, not here.
package import Aggregation

/// What the files of `profiles/` say, as values: the program works without any file beside it, and decides
/// without reading one.
package enum BuiltInProfiles {
    package static let library = ProfileLibrary(
        matrix: FeatureMatrix(
            features: [row51(), row49(), row13(), row92(), row79(), row1(), row106(), row97(), row6(), row52(), row26(), row62(), row77(), row15(), row54(), row23(), row80(), row99(), row5(), row66(), row104(), row96(), row50(), row55(), row89(), row32(), row76(), row14(), row31(), row4(), row44(), row40(), row10(), row74(), row71(), row42(), row41(), row11(), row43(), row12(), row29(), row19(), row22(), row83(), row86(), row39(), row24(), row47(), row36(), row59(), row84(), row58(), row57(), row60(), row3(), row25(), row17(), row16(), row105(), row100(), row33(), row46(), row34(), row72(), row9(), row8(), row63(), row61(), row78(), row2(), row21(), row53(), row48(), row18(), row65(), row103(), row101(), row28(), row90(), row37(), row75(), row73(), row93(), row94(), row69(), row95(), row45(), row68(), row70(), row67(), row35(), row88(), row85(), row64(), row38(), row7(), row87(), row102(), row81(), row91(), row56(), row82(), row20(), row98(), row30(), row27()],
            modes: modes()),
        workloads: workloads(), switches: switches(), alternatives: alternatives())

    @inline(never) private static func row51() -> Feature {
        Feature(
            name: "address-policy", title: "Whose MAC address is used when another port takes over can be chosen", row: 51,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.activeBackup], answer: .yes, text: "fail_over_mac none, active or follow.", trial: "Look whose address a bond has after a failover.", source: "kernel bond_options.c, bond_opt_fail_over_mac", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .balanceXOR, .broadcast, .lacp, .balanceTLB, .balanceALB], answer: .no, text: "Every port has the address of the bond, or one of its own in balance-alb and balance-tlb.", source: "kernel bond_main.c, bond_enslave", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.activeBackup], answer: .yes, text: "runner.hwaddr_policy same_all, by_active or only_active.", trial: "Look whose address a team has after a failover.", source: "libteam teamd_runner_activebackup.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .balanceXOR, .broadcast, .lacp], answer: .no, text: "Every port has the address of the team.", source: "libteam teamd.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row49() -> Feature {
        Feature(
            name: "announcements", title: "Neighbours are told when another port takes over", row: 49,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.activeBackup], answer: .yes, text: "num_grat_arp announcements, one by default, peer_notif_delay apart; up to Linux 6.12 at least one less than asked for where that is more than one.", trial: "Count announcements at the far end after a failover.", source: "kernel bond_main.c, bond_should_notify_peers", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.lacp], answer: .partly, text: "With broadcast_neighbor (Linux 6.17) it is done too.", source: "kernel bond_main.c, bond_should_notify_peers", evidence: [.code]),
                Feature.Cell(driver: .bonding, modes: [.balanceTLB, .balanceALB], answer: .partly, text: "Neighbours are told nothing, but learning packets tell the switch where the addresses are now.", source: "kernel bond_alb.c, alb_send_learning_packets, bond_alb_handle_active_change", evidence: [.code]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .balanceXOR, .broadcast], answer: .no, text: "The mode does not do it.", source: "kernel bond_main.c, bond_should_notify_peers", evidence: [.code]),
                Feature.Cell(driver: .teaming, answer: .yes, text: "notify_peers.count, 1 by default in activebackup and 0 elsewhere.", trial: "Count announcements at the far end after a failover.", source: "libteam teamd_runner_activebackup.c; kernel team_core.c", evidence: [.code, .observed]),
            ])
    }
    @inline(never) private static func row13() -> Feature {
        Feature(
            name: "arp-monitoring", title: "A next hop is watched by ARP", row: 13, claim: Feature.Claim(bonding: "Yes", teaming: "Yes", verdict: .partly, reason: "Neither has it with LACP: the kernel refuses it, and the runner lacp does not look at it."),
            cells: [
                Feature.Cell(driver: .bonding, modes: [.activeBackup, .broadcast], answer: .yes, text: "Up to 16 targets are asked every arp_interval; it replaces the link monitor.", trial: "Set a target and read it back.", source: "kernel bond_options.c, bond_option_arp_ip_targets_set", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .balanceXOR], answer: .partly, text: "Up to 16 targets are asked every arp_interval, but the switch hands each answer to one port only, so any frame has to count as one.", risk: "A port over which nothing arrives for a while counts as failed, and stays so while the switch sends nothing there.", source: "kernel bond_main.c, bond_loadbalance_arp_mon; kernel Documentation/networking/bonding.rst, 2, arp_interval", evidence: [.code, .document, .observed]),
                Feature.Cell(driver: .bonding, modes: [.lacp, .balanceTLB, .balanceALB], answer: .no, text: "The kernel refuses arp_interval in this mode.", trial: "Set arp_interval and look whether the kernel takes it.", source: "kernel bond_options.c, unsuppmodes", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.activeBackup], answer: .yes, text: "arp_ping asks one target.", conditions: ["teamd runs as long as the aggregate does"], risk: "Without validate_active and validate_inactive any ARP frame counts as an answer.", trial: "Have a next hop that does not answer asked over one port, and look which one is used.", source: "libteam teamd_lw_arp_ping.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceXOR], answer: .no, text: "The switch hands each answer to one port, and a port without one is disabled: all traffic can be lost.", source: "libteam teamd_lw_arp_ping.c, lw_ap_receive; teamd_runner_loadbalance.c, lb_event_watch_port_link_changed", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random], answer: .partly, text: "The kernel sees what arp_ping found, but the runner has no logic of its own.", conditions: ["teamd runs as long as the aggregate does"], risk: "The switch hands each answer to one port, so a port can count as failed that works.", source: "libteam teamd_lw_arp_ping.c; kernel team_core.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.broadcast], answer: .partly, text: "The kernel sees what arp_ping found, but the runner has no logic of its own.", conditions: ["teamd runs as long as the aggregate does"], source: "libteam teamd_lw_arp_ping.c; kernel team_core.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.lacp], answer: .no, text: "The runner lacp does not react to what the probe says.", source: "libteam teamd_runner_lacp.c, lacp_event_watch_ops", evidence: [.code]),
            ])
    }
    @inline(never) private static func row92() -> Feature {
        Feature(
            name: "attack-surface", title: "No program of its own runs with privileges", row: 92,
            cells: [
                Feature.Cell(driver: .bonding, answer: .yes, text: "There is none; frames are judged in the kernel.", source: "kernel bond_main.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, answer: .no, text: "teamd reads frames of others (LACPDUs, ARP, neighbour advertisements) with CAP_NET_ADMIN and CAP_NET_RAW.", source: "libteam teamd.c, teamd_lw_arp_ping.c, teamd_runner_lacp.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row79() -> Feature {
        Feature(
            name: "bridge", title: "Guests behind a bridge keep their addresses", row: 79,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.activeBackup], answer: .yes, text: "Frames of guests leave by the active port as they are.", risk: "After a failover the switch looks for guests at the port that failed until they send: the bond announces its own address only.", trial: "Send through a bridge on top, and look with which address the frames arrive.", source: "kernel bond_main.c, bond_xmit_activebackup; Red Hat Virtualization administration guide, bonding modes", evidence: [.code, .observed, .document]),
                Feature.Cell(driver: .bonding, modes: [.balanceXOR, .lacp], answer: .yes, text: "Frames of guests leave as they are, each flow by one port.", trial: "Send through a bridge on top, and look with which address the frames arrive.", source: "kernel bond_main.c, bond_3ad_xor_xmit; Red Hat Virtualization administration guide, bonding modes", evidence: [.code, .observed, .document]),
                Feature.Cell(driver: .bonding, modes: [.broadcast], answer: .partly, text: "Frames of guests leave as they are, by every port, and the far end sees each as often as there are ports.", trial: "Send through a bridge on top, and look with which address the frames arrive.", source: "kernel bond_main.c, bond_xmit_broadcast", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR], answer: .no, text: "Frames of one guest overtake each other, and over ports that are no group its address moves with every frame.", source: "kernel bond_main.c, bond_xmit_roundrobin; Red Hat Virtualization administration guide, bonding modes", evidence: [.code, .document]),
                Feature.Cell(driver: .bonding, modes: [.balanceTLB, .balanceALB], answer: .no, text: "Every frame that leaves by another port than the active one gets the address of that port, whoever sent it: port security, ARP inspection and the learning of switches break.", trial: "Send through a bridge on top, and look with which address the frames arrive.", source: "kernel bond_alb.c, bond_do_alb_xmit; Red Hat Virtualization administration guide, bonding modes", evidence: [.code, .observed, .document]),
                Feature.Cell(driver: .teaming, modes: [.activeBackup], answer: .yes, text: "Frames of guests leave by the active port as they are.", risk: "After a failover the switch looks for guests at the port that failed until they send: the team announces its own address only.", trial: "Send through a bridge on top, and look with which address the frames arrive.", source: "kernel team_mode_activebackup.c, ab_transmit", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceXOR, .lacp], answer: .yes, text: "Frames of guests leave as they are, each flow by one port.", trial: "Send through a bridge on top, and look with which address the frames arrive.", source: "kernel team_mode_loadbalance.c, lb_transmit", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.broadcast], answer: .partly, text: "Frames of guests leave as they are, by every port, and the far end sees each as often as there are ports.", trial: "Send through a bridge on top, and look with which address the frames arrive.", source: "kernel team_mode_broadcast.c, bc_transmit", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random], answer: .no, text: "Frames of one guest overtake each other, and over ports that are no group its address moves with every frame.", source: "kernel team_mode_roundrobin.c, rr_transmit; team_mode_random.c, rnd_transmit", evidence: [.code]),
            ])
    }
    @inline(never) private static func row1() -> Feature {
        Feature(
            name: "broadcast", title: "The same frame can go out by every port", row: 1, claim: Feature.Claim(bonding: "Yes", teaming: "Yes", verdict: .right, reason: nil),
            cells: [
                Feature.Cell(driver: .bonding, modes: [.broadcast], answer: .yes, text: "Mode broadcast sends a copy by every port that can send.", trial: "Count at the far ends what one frame comes to.", source: "kernel bond_main.c, bond_xmit_broadcast", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .activeBackup, .balanceXOR, .lacp, .balanceTLB, .balanceALB], answer: .no, text: "Another mode sends a frame once.", source: "kernel bond_main.c, __bond_start_xmit", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.broadcast], answer: .yes, text: "The runner broadcast sends a copy by every port that can send.", trial: "Count at the far ends what one frame comes to.", source: "kernel team_mode_broadcast.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .activeBackup, .balanceXOR, .lacp], answer: .no, text: "Another runner sends a frame once.", source: "kernel drivers/net/team", evidence: [.code]),
            ])
    }
    @inline(never) private static func row106() -> Feature {
        Feature(
            name: "cloud", title: "Works in an instance of a cloud", row: 106,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.activeBackup], answer: .partly, text: "With mac-policy active each interface keeps the address that the provider knows. Nothing is gained: the path below an interface is kept alive by the provider.", source: "Google Cloud VPC documentation, VPC networks; Amazon VPC user guide, elastic network interfaces", evidence: [.document]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .balanceXOR, .broadcast, .lacp, .balanceTLB, .balanceALB], answer: .no, text: "The provider\'s network knows neither groups nor LACP, and takes frames with the interface\'s own address only.", source: "Google Cloud VPC documentation, VPC networks; Amazon VPC user guide, elastic network interfaces", evidence: [.document]),
                Feature.Cell(driver: .teaming, modes: [.activeBackup], answer: .partly, text: "With mac-policy active each interface keeps the address that the provider knows. Nothing is gained: the path below an interface is kept alive by the provider.", source: "Google Cloud VPC documentation, VPC networks; Amazon VPC user guide, elastic network interfaces", evidence: [.document]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .balanceXOR, .broadcast, .lacp], answer: .no, text: "The provider\'s network knows neither groups nor LACP, and takes frames with the interface\'s own address only.", source: "Google Cloud VPC documentation, VPC networks; Amazon VPC user guide, elastic network interfaces", evidence: [.document]),
            ])
    }
    @inline(never) private static func row97() -> Feature {
        Feature(
            name: "cloud-init", title: "cloud-init sets it up", row: 97,
            cells: [
                Feature.Cell(driver: .bonding, answer: .yes, text: "Both versions of its network configuration have bonds; what renders it decides what can be set.", lacks: ["ns_ip6_target", "lacp_active", "prio", "queue_id", "peer_notif_delay", "arp_missed_max", "coupled_control", "broadcast_neighbor", "lacp_strict", "actor_port_prio"], source: "cloud-init documentation, network configuration v1 and v2, bonds", evidence: [.document]),
                Feature.Cell(driver: .teaming, answer: .no, text: "It has no such type.", source: "cloud-init documentation, network configuration v1 and v2", evidence: [.document]),
            ])
    }
    @inline(never) private static func row6() -> Feature {
        Feature(
            name: "custom-hash", title: "What the hash looks at can be composed freely", row: 6, claim: Feature.Claim(bonding: "No", teaming: "Yes", verdict: .partly, reason: "Bonding has no program of the user, but looks into tunnels, which the fields of teamd do not."),
            cells: [
                Feature.Cell(driver: .bonding, answer: .no, text: "There is a list of six policies. Two of them look into tunnels, which teamd cannot; one looks at VLAN and source address, which teamd does with the fields vlan and eth.", trial: "Set each of the policies, and one that there is not.", source: "kernel bond_options.c, bond_xmit_hashtype_tbl; libteam teamd_bpf_chef.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceXOR, .lacp], answer: .yes, text: "tx_hash is a list of fields that teamd makes a classic BPF program of; teamnl sets any other program. The result has 256 values.", trial: "List a field in which the flows differ, and others in which they do not.", source: "libteam teamd_hash_func.c; kernel team_mode_loadbalance.c, lb_get_skb_hash", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .activeBackup, .broadcast], answer: .no, text: "The runner has no hash.", source: "libteam teamd_hash_func.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row52() -> Feature {
        Feature(
            name: "daemon-free", title: "Works without a program that has to keep running", row: 52,
            cells: [
                Feature.Cell(driver: .bonding, answer: .yes, text: "All logic is in the kernel.", source: "kernel bond_main.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, answer: .no, text: "Each aggregate needs its own teamd; when that ends by SIGTERM the device goes too, with its addresses.", risk: "Ending teamd by SIGTERM deletes the aggregate with its addresses.", trial: "Kill teamd, take the link of the active port away and look whether another takes over.", source: "libteam teamd.c", evidence: [.code, .observed]),
            ])
    }
    @inline(never) private static func row26() -> Feature {
        Feature(
            name: "dbus", title: "It can be spoken to over D-Bus", row: 26, claim: Feature.Claim(bonding: "No", teaming: "Yes", verdict: .right, reason: nil),
            cells: [
                Feature.Cell(driver: .bonding, answer: .no, text: "It has no interface of its own there; configuration tools have.", source: "kernel drivers/net/bonding", evidence: [.code]),
                Feature.Cell(driver: .teaming, answer: .yes, text: "teamd is on the system bus when started with -D; the policy that comes with it lets root only.", trial: "Ask teamd for its state over the bus.", source: "libteam teamd_dbus.c, teamd.conf", evidence: [.code, .observed]),
            ])
    }
    @inline(never) private static func row62() -> Feature {
        Feature(
            name: "debian-12", title: "Debian 12 has it", row: 62,
            cells: [
                Feature.Cell(driver: .bonding, answer: .yes, text: "The kernel has it as a module; the month is that of LTS, support by the security team ends with 2026-06.", until: Month(text: "2028-06"), source: "Debian kernel configuration; Debian LTS schedule", evidence: [.observed, .document]),
                Feature.Cell(driver: .teaming, answer: .yes, text: "The kernel has it as a module, and libteam is 1.31, without a unit for systemd; the month is that of LTS, as for bonding.", until: Month(text: "2028-06"), source: "Debian package libteam-utils 1.31-1; Debian LTS schedule", evidence: [.observed, .document]),
            ])
    }
    @inline(never) private static func row77() -> Feature {
        Feature(
            name: "debian-13", title: "Debian 13 has it", row: 77,
            cells: [
                Feature.Cell(driver: .bonding, answer: .yes, text: "The kernel has it as a module; the month is that of LTS, support by the security team ends with 2028-08.", until: Month(text: "2030-06"), source: "Debian kernel configuration; Debian LTS schedule", evidence: [.observed, .document]),
                Feature.Cell(driver: .teaming, answer: .yes, text: "The kernel has it as a module, and libteam is 1.31, without a unit for systemd; the month is that of LTS, as for bonding.", until: Month(text: "2030-06"), source: "Debian package libteam-utils 1.31-1; Debian LTS schedule", evidence: [.observed, .document]),
            ])
    }
    @inline(never) private static func row15() -> Feature {
        Feature(
            name: "delays", title: "A port can be used or given up with a delay", row: 15, claim: Feature.Claim(bonding: "Yes", teaming: "Yes", verdict: .partly, reason: "The delays of teamd act in two of its six runners: the others follow the link of the kernel at once."),
            cells: [
                Feature.Cell(driver: .bonding, answer: .yes, text: "updelay and downdelay hold for all ports; they are multiples of miimon and need it.", trial: "Set updelay, and measure how long after its link a port is used.", source: "kernel bond_options.c, bond_option_updelay_set", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.activeBackup, .balanceXOR], answer: .yes, text: "delay_up and delay_down hold for each ethtool watch.", trial: "Measure how long after its link a port is used.", source: "libteam teamd_lw_ethtool.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .broadcast, .lacp], answer: .partly, text: "The watch waits, but the runner follows the link of the kernel at once.", source: "libteam teamd_lw_ethtool.c, teamd_runner_lacp.c; kernel team_core.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row54() -> Feature {
        Feature(
            name: "dpdk", title: "A DPDK application makes use of it", row: 54,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.activeBackup, .balanceXOR, .lacp], answer: .partly, text: "Where the driver shares the port with the kernel (mlx5), in active-backup, balance-xor and lacp; DPDK has a bonding of its own besides.", conditions: ["the driver shares the port with the kernel"], source: "DPDK guide, link bonding; NVIDIA, RoCE over LAG", evidence: [.document]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .broadcast, .balanceTLB, .balanceALB], answer: .no, text: "A port that DPDK has to itself the kernel does not see.", source: "DPDK guide, link bonding", evidence: [.document]),
                Feature.Cell(driver: .teaming, answer: .no, text: "Nothing makes use of it.", source: "DPDK guide, link bonding", evidence: [.document]),
            ])
    }
    @inline(never) private static func row23() -> Feature {
        Feature(
            name: "extensibility", title: "New abilities get in with little work", row: 23, claim: Feature.Claim(bonding: "Hard", teaming: "Easy", verdict: .wrong, reason: "The practice is the reverse: bonding got what was new, and libteam next to nothing."),
            cells: [
                Feature.Cell(driver: .bonding, answer: .yes, text: "Since 2019 it got peer_notif_delay, lacp_active, arp_missed_max, ns_ip6_target, prio, coupled_control, broadcast_neighbor and actor_port_prio, and the hash vlan+srcmac.", source: "kernel include/uapi/linux/if_link.h, IFLA_BOND_PEER_NOTIF_DELAY and what follows it; bond_options.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, answer: .partly, text: "The kernel part still gets some; libteam has had two commits since 2024 began.", source: "kernel history of drivers/net/team; libteam history", evidence: [.document, .code]),
            ])
    }
    @inline(never) private static func row80() -> Feature {
        Feature(
            name: "failover-time", title: "How long traffic stands still when a port fails", row: 80,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.activeBackup], answer: .yes, text: "10 to 116 ms after a carrier that goes, in 12 runs with miimon 100ms; 316 ms after a port that falls silent, with probes 100 ms apart and arp_validate all. Without probes a silent port is never noticed.", source: "aggctl drill in the lab, Linux 6.1.176, probes 2 ms apart", evidence: [.observed]),
                Feature.Cell(driver: .bonding, modes: [.lacp], answer: .yes, text: "4 to 9 ms after a carrier that goes; 3.2 s after a port that falls silent, with the fast rate. What is received stands still for 105 to 230 ms when a port comes back.", source: "aggctl drill in the lab, Linux 6.1.176, probes 2 ms apart", evidence: [.observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceALB], answer: .yes, text: "6 ms to 2.4 s after a carrier that goes, in 12 runs: the others have to learn another address by ARP before anything comes back.", source: "aggctl drill in the lab, Linux 6.1.176, probes 2 ms apart", evidence: [.observed]),
                Feature.Cell(driver: .bonding, modes: [.broadcast], answer: .yes, text: "Nothing is lost when a carrier goes.", source: "aggctl drill in the lab, Linux 6.1.176, probes 2 ms apart", evidence: [.observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR], answer: .yes, text: "Nothing is lost when a carrier goes, in 11 runs.", source: "aggctl drill in the lab, Linux 6.1.176, probes 2 ms apart", evidence: [.observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceXOR], answer: .yes, text: "Nothing to 21 ms after a carrier that goes, in 11 runs.", source: "aggctl drill in the lab, Linux 6.1.176, probes 2 ms apart", evidence: [.observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceTLB], answer: .yes, text: "32 to 116 ms after a carrier that goes, in 10 runs with miimon 100ms.", source: "aggctl drill in the lab, Linux 6.1.176, probes 2 ms apart", evidence: [.observed]),
                Feature.Cell(driver: .teaming, modes: [.activeBackup], answer: .yes, text: "Nothing is lost when a carrier goes and teamd runs; while it is stopped or dead, all is lost until the carrier is back.", source: "aggctl drill in the lab, Linux 6.1.176, probes 2 ms apart", evidence: [.observed]),
                Feature.Cell(driver: .teaming, modes: [.lacp], answer: .yes, text: "Nothing is lost when a carrier goes; 1.9 to 2.4 s after a port that falls silent, with the fast rate. What is received stands still for 115 to 207 ms when a port comes back.", source: "aggctl drill in the lab, Linux 6.1.176, probes 2 ms apart", evidence: [.observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random], answer: .yes, text: "Nothing to 14 ms after a carrier that goes, in 10 runs of each.", source: "aggctl drill in the lab, Linux 6.1.176, probes 2 ms apart", evidence: [.observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceXOR], answer: .yes, text: "14 to 94 ms after a carrier that goes, in 10 runs.", source: "aggctl drill in the lab, Linux 6.1.176, probes 2 ms apart", evidence: [.observed]),
                Feature.Cell(driver: .teaming, modes: [.broadcast], answer: .yes, text: "Nothing is lost when a carrier goes, in 10 runs.", source: "aggctl drill in the lab, Linux 6.1.176, probes 2 ms apart", evidence: [.observed]),
            ])
    }
    @inline(never) private static func row99() -> Feature {
        Feature(
            name: "fedora", title: "Fedora has it", row: 99,
            cells: [
                Feature.Cell(driver: .bonding, answer: .yes, text: "The kernel has it as a module.", source: "GitLab cki-project/kernel-ark", evidence: [.document]),
                Feature.Cell(driver: .teaming, answer: .yes, text: "The kernel keeps the driver, and there are teamd and NetworkManager-team.", source: "GitLab cki-project/kernel-ark, merge request 1620; Fedora packages libteam and NetworkManager", evidence: [.document]),
            ])
    }
    @inline(never) private static func row5() -> Feature {
        Feature(
            name: "hash", title: "Flows are spread over ports by a hash", row: 5, claim: Feature.Claim(bonding: "Yes", teaming: "Yes", verdict: .right, reason: nil),
            cells: [
                Feature.Cell(driver: .bonding, modes: [.balanceXOR, .lacp], answer: .yes, text: "xmit_hash_policy chooses the hash.", trial: "Count by port what many flows come to.", source: "kernel include/net/bonding.h, bond_mode_can_use_xmit_hash", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceTLB], answer: .yes, text: "xmit_hash_policy chooses the hash: each value of it is given to the port with the least to do.", source: "kernel bond_alb.c, bond_xmit_tlb_slave_get", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceALB], answer: .partly, text: "With tlb_dynamic_lb on it is the address that is sent to that decides; xmit_hash_policy is used only with it off.", source: "kernel bond_alb.c, bond_xmit_alb_slave_get", evidence: [.code]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .activeBackup, .broadcast], answer: .no, text: "The mode has no hash.", source: "kernel include/net/bonding.h, bond_mode_can_use_xmit_hash", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.balanceXOR, .lacp], answer: .yes, text: "tx_hash chooses the fields of the hash.", trial: "Count by port what many flows come to.", source: "libteam teamd_hash_func.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .activeBackup, .broadcast], answer: .no, text: "The runner has no hash.", source: "libteam teamd_hash_func.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row66() -> Feature {
        Feature(
            name: "hash-addresses-and-ports", title: "Flows are told apart by IP addresses and ports", row: 66,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.balanceXOR, .lacp], answer: .yes, text: "The hash layer3+4 does that.", trial: "Send flows of one pair of addresses by many ports and count what each link sent.", source: "kernel bond_options.c, bond_option_xmit_hash_policy_set", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceTLB], answer: .yes, text: "The hash layer3+4 does that: each value of it is given to the port with the least to do.", trial: "Send by many ports of UDP to one station, with layer2 and with layer3+4.", source: "kernel bond_alb.c, bond_xmit_tlb_slave_get", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceALB], answer: .partly, text: "With tlb_dynamic_lb on it is the address that is sent to that decides; xmit_hash_policy is used only with it off.", source: "kernel bond_alb.c, bond_xmit_alb_slave_get", evidence: [.code]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .activeBackup, .broadcast], answer: .no, text: "The mode has no hash.", source: "kernel include/net/bonding.h, bond_mode_can_use_xmit_hash", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.balanceXOR, .lacp], answer: .yes, text: "tx_hash with l3 and l4 does that.", trial: "Send flows of one pair of addresses by many ports and count what each link sent.", source: "libteam teamd_hash_func.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .activeBackup, .broadcast], answer: .no, text: "The runner has no hash.", source: "libteam teamd_hash_func.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row104() -> Feature {
        Feature(
            name: "ifupdown", title: "ifupdown sets it up (Debian)", row: 104,
            cells: [
                Feature.Cell(driver: .bonding, answer: .yes, text: "By the attributes bond-… of interfaces(5), which ifenslave writes to sysfs.", lacks: ["ns_ip6_target", "arp_all_targets", "lacp_active", "min_links", "ad_actor_system", "ad_actor_sys_prio", "ad_user_port_key", "prio", "all_slaves_active", "resend_igmp", "lp_interval", "peer_notif_delay", "arp_missed_max", "coupled_control", "broadcast_neighbor", "lacp_strict", "actor_port_prio"], source: "Debian package ifenslave 2.13, if-pre-up.d/ifenslave", evidence: [.code]),
                Feature.Cell(driver: .teaming, answer: .no, text: "It has no such type.", source: "interfaces(5); Debian package ifupdown", evidence: [.document]),
            ])
    }
    @inline(never) private static func row96() -> Feature {
        Feature(
            name: "ifupdown2", title: "ifupdown2 sets it up (Proxmox VE, Cumulus)", row: 96,
            cells: [
                Feature.Cell(driver: .bonding, answer: .yes, text: "By the attributes bond-… of interfaces(5), and bond-primary.", lacks: ["ns_ip6_target", "lacp_active", "prio", "peer_notif_delay", "arp_missed_max", "coupled_control", "broadcast_neighbor", "lacp_strict", "actor_port_prio"], source: "ifupdown2 addons/bond.py", evidence: [.code]),
                Feature.Cell(driver: .teaming, answer: .no, text: "It has no such type.", source: "ifupdown2 addons", evidence: [.code]),
            ])
    }
    @inline(never) private static func row50() -> Feature {
        Feature(
            name: "igmp-rejoin", title: "Multicast groups are joined again when another port takes over", row: 50,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .activeBackup, .balanceTLB, .balanceALB], answer: .yes, text: "resend_igmp reports, one by default.", trial: "Count reports at the far end after a failover.", source: "kernel bond_main.c, bond_resend_igmp_join_requests_delayed", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceXOR, .broadcast, .lacp], answer: .no, text: "The mode does not do it.", source: "kernel bond_main.c, bond_change_active_slave", evidence: [.code]),
                Feature.Cell(driver: .teaming, answer: .yes, text: "mcast_rejoin.count, 1 by default in activebackup and 0 elsewhere.", trial: "Count reports at the far end after a failover.", source: "libteam teamd_runner_activebackup.c; kernel team_core.c", evidence: [.code, .observed]),
            ])
    }
    @inline(never) private static func row55() -> Feature {
        Feature(
            name: "infiniband", title: "IP over InfiniBand ports can join", row: 55,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.activeBackup], answer: .yes, text: "In this mode, with the address of the active port.", source: "kernel bond_main.c, bond_enslave", evidence: [.code]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .balanceXOR, .broadcast, .lacp, .balanceTLB, .balanceALB], answer: .no, text: "The mode is refused.", source: "kernel bond_main.c, bond_enslave", evidence: [.code]),
                Feature.Cell(driver: .teaming, answer: .unproven, text: "The kernel takes the type of the first port over; nothing more is known.", source: "kernel team_core.c, team_port_add", evidence: [.code]),
            ])
    }
    @inline(never) private static func row89() -> Feature {
        Feature(
            name: "inheritance", title: "MTU and offloads of ports follow the aggregate", row: 89,
            cells: [
                Feature.Cell(driver: .bonding, answer: .yes, text: "Ports get the MTU of the bond, and the bond shows the offloads that its ports have in common.", source: "kernel bond_main.c, bond_change_mtu, bond_compute_features", evidence: [.code]),
                Feature.Cell(driver: .teaming, answer: .yes, text: "Ports get the MTU of the team, and the team shows the offloads that its ports have in common.", source: "kernel team_core.c, team_change_mtu, __team_compute_features", evidence: [.code]),
            ])
    }
    @inline(never) private static func row32() -> Feature {
        Feature(
            name: "ipsec", title: "IPsec is offloaded to the network card", row: 32,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.activeBackup], answer: .yes, text: "Associations move to the new active port.", since: "5.9", conditions: ["every port has IPsec offload"], risk: "The bond shows the offload also where one of its ports lacks it, and associations fail after a failover to that.", source: "kernel bond_main.c, bond_xfrmdev_ops", evidence: [.code]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .balanceXOR, .broadcast, .lacp, .balanceTLB, .balanceALB], answer: .no, text: "The mode does not pass it on.", source: "kernel bond_main.c, bond_ipsec_add_sa", evidence: [.code]),
                Feature.Cell(driver: .teaming, answer: .no, text: "It does not pass it on.", source: "kernel team_core.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row76() -> Feature {
        Feature(
            name: "ipv6-alone", title: "Nothing is missing where there is no IPv4", row: 76,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .activeBackup, .balanceXOR, .broadcast, .lacp, .balanceTLB], answer: .yes, text: "Hashes know IPv6, and num_unsol_na announces a takeover by neighbour advertisements.", source: "kernel bond_main.c, bond_flow_ip, bond_should_notify_peers", evidence: [.code]),
                Feature.Cell(driver: .bonding, modes: [.balanceALB], answer: .partly, text: "What is received is spread by answers to ARP, which IPv6 does not ask; only what is sent is spread.", source: "kernel bond_alb.c, rlb_arp_xmit", evidence: [.code]),
                Feature.Cell(driver: .teaming, answer: .yes, text: "Hashes know IPv6, and notify_peers announces a takeover by neighbour advertisements.", source: "libteam teamd_bpf_chef.c; kernel team_core.c, team_notify_peers_work", evidence: [.code]),
            ])
    }
    @inline(never) private static func row14() -> Feature {
        Feature(
            name: "ipv6-monitoring", title: "A next hop is watched by IPv6 neighbour solicitation", row: 14, claim: Feature.Claim(bonding: "No", teaming: "Yes", verdict: .wrong, reason: "Bonding has had it since Linux 5.18."),
            cells: [
                Feature.Cell(driver: .bonding, modes: [.activeBackup, .broadcast], answer: .yes, text: "Up to 16 targets are asked every arp_interval; it replaces the link monitor.", since: "5.18", option: "ns_ip6_target", trial: "Set a target and read it back.", source: "kernel bond_options.c, bond_option_ns_ip6_targets_set", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .balanceXOR], answer: .partly, text: "Up to 16 targets are asked every arp_interval, but the switch hands each answer to one port only, so any frame has to count as one.", since: "5.18", option: "ns_ip6_target", risk: "A port over which nothing arrives for a while counts as failed.", source: "kernel bond_options.c, bond_option_ns_ip6_targets_set; kernel Documentation/networking/bonding.rst, arp_interval", evidence: [.code, .document]),
                Feature.Cell(driver: .bonding, modes: [.lacp, .balanceTLB, .balanceALB], answer: .no, text: "The kernel refuses arp_interval in this mode, and without it the targets are never asked.", source: "kernel bond_options.c, unsuppmodes", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.activeBackup], answer: .yes, text: "nsna_ping asks one target; only an answer of exactly 72 bytes with the target\'s link-layer address counts.", conditions: ["teamd runs as long as the aggregate does"], trial: "Have a next hop that does not answer asked over one port, and look which one is used.", source: "libteam teamd_lw_nsna_ping.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceXOR], answer: .no, text: "The switch hands each answer to one port, and a port without one is disabled: both ports can be lost.", source: "libteam teamd_lw_nsna_ping.c, lw_nsnap_receive; teamd_runner_loadbalance.c, lb_event_watch_port_link_changed", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random], answer: .partly, text: "The kernel sees what nsna_ping found, but the runner has no logic of its own.", conditions: ["teamd runs as long as the aggregate does"], risk: "The switch hands each answer to one port, so a port can count as failed that works.", source: "libteam teamd_lw_nsna_ping.c; kernel team_core.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.broadcast], answer: .partly, text: "The kernel sees what nsna_ping found, but the runner has no logic of its own.", conditions: ["teamd runs as long as the aggregate does"], source: "libteam teamd_lw_nsna_ping.c; kernel team_core.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.lacp], answer: .no, text: "The runner lacp does not react to what the probe says.", source: "libteam teamd_runner_lacp.c, lacp_event_watch_ops", evidence: [.code]),
            ])
    }
    @inline(never) private static func row31() -> Feature {
        Feature(
            name: "ktls", title: "TLS is offloaded to the network card", row: 31,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.balanceXOR, .lacp], answer: .yes, text: "The port is chosen by the hash of the socket, with layer3+4 only.", since: "5.12", source: "kernel bond_main.c, bond_sk_get_lower_dev", evidence: [.code]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .activeBackup, .broadcast, .balanceTLB, .balanceALB], answer: .no, text: "The mode does not pass it on.", source: "kernel bond_main.c, bond_sk_check", evidence: [.code]),
                Feature.Cell(driver: .teaming, answer: .no, text: "It does not pass it on.", source: "kernel team_core.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row4() -> Feature {
        Feature(
            name: "lacp", title: "Ports are bundled by LACP", row: 4, claim: Feature.Claim(bonding: "Yes", teaming: "Yes", verdict: .right, reason: nil),
            cells: [
                Feature.Cell(driver: .bonding, modes: [.lacp], answer: .yes, text: "Mode 802.3ad speaks LACP, actively unless lacp_active is off.", trial: "Bundle two ports with a partner and count the ports of the aggregator.", source: "kernel bond_3ad.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .activeBackup, .balanceXOR, .broadcast, .balanceTLB, .balanceALB], answer: .no, text: "Only mode 802.3ad speaks LACP.", source: "kernel bond_3ad.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.lacp], answer: .yes, text: "The runner lacp speaks LACP version 1.", trial: "Bundle two ports with a partner and count the ports of the aggregator.", source: "libteam teamd_runner_lacp.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .activeBackup, .balanceXOR, .broadcast], answer: .no, text: "Only the runner lacp speaks LACP.", source: "libteam teamd_runner_lacp.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row44() -> Feature {
        Feature(
            name: "lacp-aggregator-selection", title: "Which of several LACP groups is used can be chosen", row: 44,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.lacp], answer: .yes, text: "ad_select: stable, bandwidth, count and, since Linux 6.18, actor_port_prio.", trial: "Offer two groups of unequal size.", source: "kernel bond_3ad.c, ad_agg_selection_test", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .activeBackup, .balanceXOR, .broadcast, .balanceTLB, .balanceALB], answer: .no, text: "The mode speaks no LACP.", source: "kernel bond_3ad.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.lacp], answer: .yes, text: "runner.agg_select_policy: lacp_prio, lacp_prio_stable, bandwidth, count and port_config.", trial: "Offer two groups of unequal size.", source: "libteam teamd_runner_lacp.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .activeBackup, .balanceXOR, .broadcast], answer: .no, text: "The runner speaks no LACP.", source: "libteam teamd_runner_lacp.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row40() -> Feature {
        Feature(
            name: "lacp-fast-rate", title: "The partner is asked for a LACPDU every second", row: 40,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.lacp], answer: .yes, text: "lacp_rate fast, while the bond is down.", switchSetup: "Set the rate of the switch\'s own side to fast too: it decides how often this host sends, as ours decides how often the switch does.", risk: "With fast rate an upgrade of the switch in service takes longer than the 3 s after which a port is given up.", trial: "Count LACPDUs at the far end.", source: "kernel bond_options.c, bond_opt_lacp_rate; IEEE 802.1AX-2020, 6.4.4", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .activeBackup, .balanceXOR, .broadcast, .balanceTLB, .balanceALB], answer: .no, text: "The mode speaks no LACP.", source: "kernel bond_3ad.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.lacp], answer: .yes, text: "runner.fast_rate, for which teamd is started anew.", switchSetup: "Set the rate of the switch\'s own side to fast too: it decides how often this host sends, as ours decides how often the switch does.", risk: "With fast rate an upgrade of the switch in service takes longer than the 3 s after which a port is given up.", trial: "Count LACPDUs at the far end.", source: "libteam teamd_runner_lacp.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .activeBackup, .balanceXOR, .broadcast], answer: .no, text: "The runner speaks no LACP.", source: "libteam teamd_runner_lacp.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row10() -> Feature {
        Feature(
            name: "lacp-hash", title: "In LACP the port for a flow can be chosen by a hash of choice", row: 10, claim: Feature.Claim(bonding: "Yes", teaming: "Yes", verdict: .right, reason: nil),
            cells: [
                Feature.Cell(driver: .bonding, modes: [.lacp], answer: .yes, text: "xmit_hash_policy chooses the hash.", trial: "Count by port what many flows come to.", source: "kernel include/net/bonding.h, bond_mode_can_use_xmit_hash", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .activeBackup, .balanceXOR, .broadcast, .balanceTLB, .balanceALB], answer: .no, text: "The mode speaks no LACP.", source: "kernel bond_3ad.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.lacp], answer: .yes, text: "tx_hash chooses the fields of the hash.", trial: "Count by port what many flows come to.", source: "libteam teamd_hash_func.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .activeBackup, .balanceXOR, .broadcast], answer: .no, text: "The runner speaks no LACP.", source: "libteam teamd_runner_lacp.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row74() -> Feature {
        Feature(
            name: "lacp-key", title: "The LACP key can be given", row: 74,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.lacp], answer: .yes, text: "ad_user_port_key, 0 to 1023, beside the bits for speed and duplex; for the bond as a whole.", since: "4.2", trial: "Set it and read what the partner sees.", source: "kernel bond_options.c, bond_option_ad_user_port_key_set; bond_3ad.c, ad_update_actor_keys", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .activeBackup, .balanceXOR, .broadcast, .balanceTLB, .balanceALB], answer: .no, text: "The mode speaks no LACP.", source: "kernel bond_3ad.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.lacp], answer: .yes, text: "lacp_key of each port, as it stands.", trial: "Set it and read what the partner sees.", source: "libteam teamd_runner_lacp.c, lacp_port_actor_init", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .activeBackup, .balanceXOR, .broadcast], answer: .no, text: "The runner speaks no LACP.", source: "libteam teamd_runner_lacp.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row71() -> Feature {
        Feature(
            name: "lacp-passive", title: "It can wait for the partner to begin with LACP", row: 71,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.lacp], answer: .yes, text: "lacp_active off, while the bond is down.", since: "5.15", option: "lacp_active", switchSetup: "The switch side of the group has to be active: two passive ends form no group.", trial: "Count LACPDUs at a far end that sends none.", source: "kernel bond_options.c, bond_opt_lacp_active", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .activeBackup, .balanceXOR, .broadcast, .balanceTLB, .balanceALB], answer: .no, text: "The mode speaks no LACP.", source: "kernel bond_3ad.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.lacp], answer: .yes, text: "runner.active off, for which teamd is started anew.", switchSetup: "The switch side of the group has to be active: two passive ends form no group.", trial: "Count LACPDUs at a far end that sends none.", source: "libteam teamd_runner_lacp.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .activeBackup, .balanceXOR, .broadcast], answer: .no, text: "The runner speaks no LACP.", source: "libteam teamd_runner_lacp.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row42() -> Feature {
        Feature(
            name: "lacp-port-key", title: "Each port has a LACP key of its own", row: 42,
            cells: [
                Feature.Cell(driver: .bonding, answer: .no, text: "The key is one number for the bond (ad_user_port_key) with speed and duplex of the port.", trial: "Read the keys of ports of unequal speed.", source: "kernel bond_3ad.c, ad_update_actor_keys", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.lacp], answer: .yes, text: "lacp_key of each port; speed and duplex are no part of it, so that unequal ports can aggregate.", trial: "Set it and read what the partner sees.", source: "libteam teamd_runner_lacp.c, lacp_port_actor_init", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .activeBackup, .balanceXOR, .broadcast], answer: .no, text: "The runner speaks no LACP.", source: "libteam teamd_runner_lacp.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row41() -> Feature {
        Feature(
            name: "lacp-port-priority", title: "Each port has a LACP priority", row: 41,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.lacp], answer: .yes, text: "actor_port_prio of each port.", since: "6.18", option: "actor_port_prio", trial: "Set it and read what the partner sees.", source: "kernel bond_netlink.c, bond_slave_policy", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .activeBackup, .balanceXOR, .broadcast, .balanceTLB, .balanceALB], answer: .no, text: "The mode speaks no LACP.", source: "kernel bond_3ad.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.lacp], answer: .yes, text: "lacp_prio of each port.", trial: "Set it and read what the partner sees.", source: "libteam teamd_runner_lacp.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .activeBackup, .balanceXOR, .broadcast], answer: .no, text: "The runner speaks no LACP.", source: "libteam teamd_runner_lacp.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row11() -> Feature {
        Feature(
            name: "lacp-rebalancing", title: "In LACP flows are moved to ports with less to do", row: 11, claim: Feature.Claim(bonding: "No", teaming: "Yes", verdict: .right, reason: nil),
            cells: [
                Feature.Cell(driver: .bonding, answer: .no, text: "tlb_dynamic_lb is refused outside of balance-tlb and balance-alb.", trial: "Set tlb_dynamic_lb in lacp.", source: "kernel bond_options.c, bond_opt_tlb_dynamic_lb", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.lacp], answer: .yes, text: "tx_balancer basic works in the runner lacp.", trial: "Send by flows that share a port, and look whether one leaves it.", source: "libteam teamd_runner_lacp.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .activeBackup, .balanceXOR, .broadcast], answer: .no, text: "The runner speaks no LACP.", source: "libteam teamd_runner_lacp.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row43() -> Feature {
        Feature(
            name: "lacp-system-id", title: "The LACP system can be given an id and a priority", row: 43,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.lacp], answer: .yes, text: "ad_actor_system and ad_actor_sys_prio.", trial: "Set them and read what the partner sees.", source: "kernel bond_options.c, bond_opt_ad_actor_system", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .activeBackup, .balanceXOR, .broadcast, .balanceTLB, .balanceALB], answer: .no, text: "The mode speaks no LACP.", source: "kernel bond_3ad.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.lacp], answer: .partly, text: "runner.sys_prio; the id is the address of the team.", trial: "Set it and read what the partner sees.", source: "libteam teamd_runner_lacp.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .activeBackup, .balanceXOR, .broadcast], answer: .no, text: "The runner speaks no LACP.", source: "libteam teamd_runner_lacp.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row12() -> Feature {
        Feature(
            name: "link-monitoring", title: "The carrier of every port can be watched", row: 12, claim: Feature.Claim(bonding: "Yes", teaming: "Yes", verdict: .right, reason: nil),
            cells: [
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .activeBackup, .balanceXOR, .broadcast], answer: .yes, text: "miimon can look at the carrier at an interval; the kernel\'s own default is off.", trial: "Take the link of a port away and read how its state is told.", source: "kernel bond_options.c, bond_option_miimon_set", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.lacp, .balanceTLB, .balanceALB], answer: .yes, text: "miimon can look at the carrier at an interval, 100 ms by default.", source: "kernel bond_options.c, bond_option_miimon_set", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, answer: .yes, text: "The ethtool watch follows the kernel\'s events, without an interval.", trial: "Take the link of a port away and read how its state is told.", source: "libteam teamd_lw_ethtool.c", evidence: [.code, .observed]),
            ])
    }
    @inline(never) private static func row29() -> Feature {
        Feature(
            name: "lldp", title: "It sets itself up by LLDP", row: 29, claim: Feature.Claim(bonding: "No", teaming: "Planned", verdict: .partly, reason: "Nothing of it was ever written: read No."),
            cells: [
                Feature.Cell(driver: .bonding, answer: .no, text: "There is no such thing.", source: "kernel drivers/net/bonding", evidence: [.code]),
                Feature.Cell(driver: .teaming, answer: .no, text: "There is no such thing: libteam has not one mention of LLDP.", source: "libteam, search for lldp", evidence: [.code]),
            ])
    }
    @inline(never) private static func row19() -> Feature {
        Feature(
            name: "lockless", title: "Sending and receiving take no lock", row: 19, claim: Feature.Claim(bonding: "No (rwlock)", teaming: "Yes (RCU)", verdict: .wrong, reason: "Bonding was converted to RCU in 2013; a spinlock is left in balance-tlb and balance-alb."),
            cells: [
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .activeBackup, .balanceXOR, .broadcast, .lacp], answer: .yes, text: "It has been under RCU since Linux 3.12 and the release after it; no lock for readers and writers is left.", source: "kernel bond_main.c, bond_start_xmit; commit 278b20837511", evidence: [.code, .document]),
                Feature.Cell(driver: .bonding, modes: [.balanceTLB, .balanceALB], answer: .partly, text: "Under RCU too, but each frame that is balanced takes a spinlock while tlb_dynamic_lb is on.", source: "kernel bond_alb.c, tlb_choose_channel", evidence: [.code]),
                Feature.Cell(driver: .teaming, answer: .yes, text: "It is under RCU.", source: "kernel team_core.c, team_setup", evidence: [.code]),
            ])
    }
    @inline(never) private static func row22() -> Feature {
        Feature(
            name: "logic-in-user-space", title: "The logic is a program and not the kernel", row: 22, claim: Feature.Claim(bonding: "No", teaming: "Yes", verdict: .right, reason: "It counts against teaming today: what the daemon does ends with it."),
            cells: [
                Feature.Cell(driver: .bonding, answer: .no, text: "All of it is in the kernel.", source: "kernel bond_main.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, answer: .yes, text: "A teamd for each team holds it.", trial: "End teamd and take the link of the active port away.", source: "libteam teamd.c", evidence: [.code, .observed]),
            ])
    }
    @inline(never) private static func row83() -> Feature {
        Feature(
            name: "macsec", title: "MACsec goes with it", row: 83,
            cells: [
                Feature.Cell(driver: .bonding, answer: .partly, text: "A MACsec device works on top, and below as a port, in software; the aggregate does not pass its offload on.", source: "kernel macsec.c, macsec_check_offload; bond_main.c, bond_setup", evidence: [.code]),
                Feature.Cell(driver: .teaming, answer: .partly, text: "A MACsec device works on top, and below as a port, in software; the aggregate does not pass its offload on.", source: "kernel macsec.c, macsec_check_offload; team_core.c, team_setup", evidence: [.code]),
            ])
    }
    @inline(never) private static func row86() -> Feature {
        Feature(
            name: "marker-responder", title: "LACP markers are answered", row: 86,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.lacp], answer: .yes, text: "A marker is sent back as a response, as the standard demands.", source: "kernel bond_3ad.c, ad_marker_info_received; IEEE 802.1AX-2020, 6.5", evidence: [.code, .document]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .activeBackup, .balanceXOR, .broadcast, .balanceTLB, .balanceALB], answer: .no, text: "The mode speaks no LACP.", source: "kernel bond_3ad.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.lacp], answer: .no, text: "Only LACPDUs are read: a marker gets no answer.", source: "libteam teamd_runner_lacp.c, lacpdu_check", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .activeBackup, .balanceXOR, .broadcast], answer: .no, text: "The runner speaks no LACP.", source: "libteam teamd_runner_lacp.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row39() -> Feature {
        Feature(
            name: "min-ports", title: "The carrier depends on how many ports can be used", row: 39,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.lacp], answer: .yes, text: "min_links does that.", trial: "Ask for two ports, take one away and look at the carrier.", source: "kernel bond_3ad.c, bond_3ad_set_carrier", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .activeBackup, .balanceXOR, .broadcast, .balanceTLB, .balanceALB], answer: .no, text: "min_links has no effect in this mode.", trial: "Ask for two ports, take one away and look at the carrier.", source: "kernel bond_3ad.c, bond_3ad_set_carrier", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.lacp], answer: .yes, text: "runner.min_ports does that.", trial: "Ask for two ports, take one away and look at the carrier.", source: "libteam teamd_runner_lacp.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .activeBackup, .balanceXOR, .broadcast], answer: .no, text: "Only the runner lacp has min_ports.", source: "libteam teamd_runner_lacp.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row24() -> Feature {
        Feature(
            name: "modular-design", title: "Modes are modules of their own", row: 24, claim: Feature.Claim(bonding: "No", teaming: "Yes", verdict: .partly, reason: "That is so in the kernel only: teamd loads neither runners nor watches."),
            cells: [
                Feature.Cell(driver: .bonding, answer: .no, text: "There is one module, with a branch for each mode.", source: "kernel drivers/net/bonding", evidence: [.code]),
                Feature.Cell(driver: .teaming, answer: .partly, text: "Each mode of the kernel is a module; runners and watches are compiled into teamd, which loads none.", trial: "Look which modules are loaded for a runner.", source: "kernel drivers/net/team/Kconfig; libteam teamd.c, teamd_runner_list", evidence: [.code, .observed]),
            ])
    }
    @inline(never) private static func row47() -> Feature {
        Feature(
            name: "multi-queue", title: "It has several queues", row: 47,
            cells: [
                Feature.Cell(driver: .bonding, answer: .yes, text: "16 for sending and 16 for receiving unless tx_queues of the module says otherwise.", trial: "Count the queues of a new one.", source: "kernel bond_netlink.c, bond_get_num_tx_queues", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, answer: .yes, text: "16 for sending and 16 for receiving.", trial: "Count the queues of a new one.", source: "kernel team_core.c, team_get_num_tx_queues", evidence: [.code, .observed]),
            ])
    }
    @inline(never) private static func row36() -> Feature {
        Feature(
            name: "namespaces", title: "It works in a network namespace", row: 36,
            cells: [
                Feature.Cell(driver: .bonding, answer: .partly, text: "It can be made there, of ports that are there, and cannot be moved.", trial: "Make one in a namespace, and move one.", source: "kernel bond_main.c, bond_setup", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, answer: .partly, text: "It can be made there, of ports that are there, and cannot be moved; teamd has to run there, and a name is used once on a host.", trial: "Make one in a namespace, and move one.", source: "kernel team_core.c, team_setup", evidence: [.code, .observed]),
            ])
    }
    @inline(never) private static func row59() -> Feature {
        Feature(
            name: "netplan", title: "netplan sets it up", row: 59,
            cells: [
                Feature.Cell(driver: .bonding, answer: .yes, text: "20 parameters, primary among them; the link monitor is off by default.", lacks: ["ns_ip6_target", "lacp_active", "prio", "queue_id", "ad_user_port_key", "ad_actor_system", "ad_actor_sys_prio", "arp_missed_max", "tlb_dynamic_lb", "peer_notif_delay", "coupled_control", "broadcast_neighbor", "lacp_strict", "actor_port_prio"], source: "netplan 1.2 reference, properties for device type bonds, parameters", evidence: [.document]),
                Feature.Cell(driver: .teaming, answer: .no, text: "It has no such type.", source: "netplan 1.2 reference", evidence: [.code, .document]),
            ])
    }
    @inline(never) private static func row84() -> Feature {
        Feature(
            name: "network-root", title: "A root file system over it, from the initramfs on", row: 84,
            cells: [
                Feature.Cell(driver: .bonding, answer: .yes, text: "dracut makes a bond by bond= on the command line of the kernel.", risk: "initramfs-tools (Debian, Ubuntu) has no such parameter: a hook of your own has to make the bond.", source: "dracut.cmdline(7), bond=", evidence: [.document]),
                Feature.Cell(driver: .teaming, answer: .partly, text: "dracut makes a team by team=; the daemon has to outlive the change of root.", risk: "What the initramfs lost teamd for is lost with the root file system.", source: "dracut.cmdline(7), team=", evidence: [.document]),
            ])
    }
    @inline(never) private static func row58() -> Feature {
        Feature(
            name: "networkd", title: "systemd-networkd sets it up", row: 58,
            cells: [
                Feature.Cell(driver: .bonding, answer: .yes, text: "25 options, and PrimarySlave of a port; the link monitor is off by default.", lacks: ["ns_ip6_target", "lacp_active", "prio", "queue_id", "peer_notif_delay", "coupled_control", "broadcast_neighbor", "lacp_strict", "actor_port_prio"], source: "systemd.netdev(5), section [Bond], and systemd.network(5), PrimarySlave, systemd 262", evidence: [.document]),
                Feature.Cell(driver: .teaming, answer: .no, text: "It never had it.", source: "systemd.netdev(5), systemd 262; issue 25571", evidence: [.document]),
            ])
    }
    @inline(never) private static func row57() -> Feature {
        Feature(
            name: "networkmanager", title: "NetworkManager sets it up", row: 57,
            cells: [
                Feature.Cell(driver: .bonding, answer: .yes, text: "32 options, and prio and queue_id of ports; miimon 100 by default.", lacks: ["coupled_control", "broadcast_neighbor", "lacp_strict", "actor_port_prio"], source: "NetworkManager nm-setting-bond.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, answer: .partly, text: "By a plug-in that is off unless whoever packaged it wanted it.", source: "NetworkManager meson_options.txt; NEWS", evidence: [.code, .document]),
            ])
    }
    @inline(never) private static func row60() -> Feature {
        Feature(
            name: "nmstate", title: "nmstate and kubernetes-nmstate set it up", row: 60,
            cells: [
                Feature.Cell(driver: .bonding, answer: .yes, text: "With priorities of ports, arp_missed_max, lacp_active and ns_ip6_target.", lacks: ["peer_notif_delay", "coupled_control", "broadcast_neighbor", "lacp_strict", "actor_port_prio"], source: "nmstate rust/src/lib/ifaces/bond.rs, BondOptions and BondPortConfig", evidence: [.code]),
                Feature.Cell(driver: .teaming, answer: .no, text: "It was dropped in 2.0.0 (February 2022).", source: "nmstate CHANGELOG", evidence: [.document]),
            ])
    }
    @inline(never) private static func row3() -> Feature {
        Feature(
            name: "one-active-port", title: "One port is used and another takes over", row: 3, claim: Feature.Claim(bonding: "Yes", teaming: "Yes", verdict: .right, reason: nil),
            cells: [
                Feature.Cell(driver: .bonding, modes: [.activeBackup], answer: .yes, text: "Mode active-backup does that in the kernel.", trial: "Take the link of the active port away and look which one is active then.", source: "kernel bond_main.c, bond_select_active_slave", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .balanceXOR, .broadcast, .lacp, .balanceTLB, .balanceALB], answer: .no, text: "Another mode uses every port.", source: "kernel bond_main.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.activeBackup], answer: .yes, text: "The runner activebackup does that; the kernel only follows what teamd chose.", conditions: ["teamd runs as long as the aggregate does"], trial: "Take the link of the active port away and look which one is active then.", source: "libteam teamd_runner_activebackup.c; kernel team_mode_activebackup.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .balanceXOR, .broadcast, .lacp], answer: .no, text: "Another runner uses every port.", source: "libteam teamd.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row25() -> Feature {
        Feature(
            name: "overhead", title: "It costs next to nothing", row: 25, claim: Feature.Claim(bonding: "Low", teaming: "Very low", verdict: .partly, reason: "The claim is older than the conversion of bonding to RCU; nobody has measured both since."),
            cells: [
                Feature.Cell(driver: .bonding, answer: .unproven, text: "No current measurement was found; both are under RCU.", source: "commit 278b20837511", evidence: [.document]),
                Feature.Cell(driver: .teaming, answer: .unproven, text: "No current measurement was found; loadbalance and lacp run a classic BPF program for each frame.", source: "kernel team_mode_loadbalance.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row17() -> Feature {
        Feature(
            name: "per-port-monitoring", title: "Each port can be watched in its own way", row: 17, claim: Feature.Claim(bonding: "No", teaming: "Yes", verdict: .right, reason: nil),
            cells: [
                Feature.Cell(driver: .bonding, answer: .no, text: "Monitoring belongs to the whole bond; a port has only queue_id, prio and actor_port_prio.", source: "kernel bond_netlink.c, bond_slave_policy", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.activeBackup, .balanceXOR], answer: .yes, text: "ports.X.link_watch gives a port watches of its own, in addition to the global ones.", conditions: ["teamd runs as long as the aggregate does", "each port of the file is given what watches it, as options: { link_watch: { name: arp_ping, target_host: …, validate_active: true, validate_inactive: true } }"], risk: "A failing probe of one port is masked by its ethtool watch, unless link_watch_policy is all (libteam 1.32). Without validate_active and validate_inactive any ARP frame counts as an answer, and the port of a dead target comes back.", trial: "Give one port a watch that fails and look which ports are used.", source: "libteam teamd_link_watch.c, link_watch_event_watch_port_added; teamd_lw_arp_ping.c, lw_ap_receive", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .broadcast], answer: .partly, text: "The kernel sees what a probe found, but the runner has no logic of its own.", conditions: ["teamd runs as long as the aggregate does"], source: "libteam teamd_link_watch.c; kernel team_core.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.lacp], answer: .no, text: "The runner lacp follows only the kernel\'s link changes, whatever a watch says.", source: "libteam teamd_runner_lacp.c, lacp_event_watch_ops", evidence: [.code]),
            ])
    }
    @inline(never) private static func row16() -> Feature {
        Feature(
            name: "port-priorities", title: "Ports have priorities, and a port in use can stay in use", row: 16, claim: Feature.Claim(bonding: "No", teaming: "Yes", verdict: .wrong, reason: "Bonding has had primary and primary_reselect for ages and prio for each port since Linux 6.0, and its order is strict, unlike that of teamd."),
            cells: [
                Feature.Cell(driver: .bonding, modes: [.activeBackup, .balanceTLB, .balanceALB], answer: .yes, text: "primary with primary_reselect, and from Linux 6.0 on prio for each port; prio is ignored while there is a primary.", trial: "Let the active port fail and look which of two others takes over.", source: "kernel bond_main.c, bond_choose_primary_or_current; bond_netlink.c, bond_slave_policy", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.lacp], answer: .partly, text: "The ports of the better aggregator can be chosen by actor_port_prio.", since: "6.18", option: "actor_port_prio", source: "kernel bond_3ad.c, ad_agg_selection_logic", evidence: [.code]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .balanceXOR, .broadcast], answer: .no, text: "The mode uses every port.", source: "kernel bond_options.c, bond_opt_primary", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.activeBackup], answer: .partly, text: "prio and sticky belong to each port, but prio is not strict: a faster port wins over one with a higher prio.", trial: "Let the active port fail and look which of two others takes over.", source: "libteam teamd_runner_activebackup.c, ab_best_port_check_set", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.lacp], answer: .partly, text: "prio and sticky count with agg_select_policy port_config.", source: "libteam teamd_runner_lacp.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .balanceXOR, .broadcast], answer: .no, text: "The runner uses every port.", source: "libteam teamd.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row105() -> Feature {
        Feature(
            name: "port-security", title: "Works where the switch lets each port have one address (port security)", row: 105,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.activeBackup], answer: .yes, text: "With mac-policy active each port sends with its own address, and none moves to another port.", conditions: ["nothing on top brings addresses of its own, as a bridge or a macvlan does"], source: "kernel Documentation/networking/bonding.rst, 2, fail_over_mac; CISCO-PORT-SECURITY-MIB, cpsSecureMacAddrViolation", evidence: [.document, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceTLB, .balanceALB], answer: .partly, text: "Each port sends with its own address until one fails: then another port takes over the address of the active one, which a switch that has it secured elsewhere holds for an intruder.", source: "kernel bond_alb.c, alb_change_hw_addr_on_detach, bond_alb_handle_active_change; CISCO-PORT-SECURITY-MIB", evidence: [.code, .document]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .balanceXOR, .broadcast, .lacp], answer: .no, text: "Every port sends with the one address of the bond; the limit has to be set for the group.", source: "kernel bond_main.c, bond_enslave", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.activeBackup], answer: .yes, text: "With mac-policy active each port sends with its own address, and none moves to another port.", conditions: ["nothing on top brings addresses of its own, as a bridge or a macvlan does"], source: "libteam teamd_runner_activebackup.c, ab_hwaddr_policy_by_active; CISCO-PORT-SECURITY-MIB", evidence: [.code, .document]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .balanceXOR, .broadcast, .lacp], answer: .no, text: "Every port sends with the one address of the team; the limit has to be set for the group.", source: "libteam teamd.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row100() -> Feature {
        Feature(
            name: "proxmox", title: "Proxmox VE has it", row: 100,
            cells: [
                Feature.Cell(driver: .bonding, answer: .yes, text: "Its interface makes bonds, which ifupdown2 sets up.", source: "Proxmox VE administration guide, network configuration, Linux bond", evidence: [.document]),
                Feature.Cell(driver: .teaming, answer: .no, text: "Its interface and ifupdown2 know no teams.", source: "Proxmox VE administration guide, network configuration", evidence: [.document]),
            ])
    }
    @inline(never) private static func row33() -> Feature {
        Feature(
            name: "ptp", title: "Hardware timestamps of a port can be had", row: 33,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.activeBackup, .balanceTLB, .balanceALB], answer: .yes, text: "They are those of the active port.", since: "5.17", conditions: ["linuxptp is one that asks a bond for the clock of its active port (4.0 or newer)"], risk: "After a failover the clock is that of the other card, and time steps unless the clocks of both cards are kept together (phc2sys).", source: "kernel bond_main.c, bond_hwtstamp_get, bond_hwtstamp_set, bond_ethtool_get_ts_info; kernel include/uapi/linux/net_tstamp.h, HWTSTAMP_FLAG_BONDED_PHC_INDEX; linuxptp sk.c, hwts_init", evidence: [.code]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .balanceXOR, .broadcast, .lacp], answer: .no, text: "There is no active port in this mode, whose clock it would be: the kernel says EOPNOTSUPP.", source: "kernel bond_main.c, bond_hwtstamp_get; bond_options.c, bond_option_active_slave_get_rcu", evidence: [.code]),
                Feature.Cell(driver: .teaming, answer: .no, text: "It does not pass them on.", source: "kernel team_core.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row46() -> Feature {
        Feature(
            name: "queue-mapping", title: "Traffic can be given to a port by its transmit queue", row: 46,
            cells: [
                Feature.Cell(driver: .bonding, answer: .yes, text: "queue_id of each port, each number once.", trial: "Set it twice to one number.", source: "kernel bond_main.c, bond_slave_override", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, answer: .yes, text: "queue_id of each port; several ports of one queue are ordered by prio.", trial: "Set it and read it in the kernel.", source: "kernel team_core.c, team_queue_override_transmit", evidence: [.code, .observed]),
            ])
    }
    @inline(never) private static func row34() -> Feature {
        Feature(
            name: "rdma", title: "RDMA and flow offload know the aggregate", row: 34,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.activeBackup, .balanceXOR, .lacp], answer: .yes, text: "Drivers bundle two ports of one card in active-backup and in the modes with a hash.", conditions: ["the driver of the ports supports it", "the ports are on one card"], source: "kernel mlx5/core/lag/lag.c, mlx5_handle_changeupper_event; nfp/flower/lag_conf.c, nfp_fl_lag_changeupper_event; intel/ice/ice_lag.c, ice_lag_event_handler", evidence: [.code]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .broadcast, .balanceTLB, .balanceALB], answer: .no, text: "Drivers take active-backup or a hash, and leave the ports alone in other modes.", source: "kernel mlx5/core/lag/lag.c, mlx5_handle_changeupper_event", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.activeBackup, .balanceXOR, .lacp], answer: .partly, text: "Drivers that ask for any aggregate (mlx5) take a team; those that ask for bonding (ice) do not.", conditions: ["the driver of the ports takes teams", "the ports are on one card"], source: "kernel team_core.c, team_upper_dev_link; mlx5/core/lag/lag.c, mlx5_handle_changeupper_event; intel/ice/ice_lag.c, ice_lag_event_handler", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .broadcast], answer: .no, text: "Drivers take active-backup or a hash, and leave the ports alone in other modes.", source: "kernel mlx5/core/lag/lag.c, mlx5_handle_changeupper_event", evidence: [.code]),
            ])
    }
    @inline(never) private static func row72() -> Feature {
        Feature(
            name: "receive-balancing", title: "What is received comes in by several ports", row: 72,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .balanceXOR, .lacp], answer: .yes, text: "The switch spreads what is received, by a hash of its own.", risk: "The switch chooses the port for what is received: set its hash to IP addresses and ports too.", trial: "Send by both ports of a static group of the other side and count what is received.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst", evidence: [.document, .observed]),
                Feature.Cell(driver: .bonding, modes: [.activeBackup], answer: .no, text: "What is received comes in by the active port.", trial: "Send by both ports of a static group of the other side and count what is received.", source: "kernel Documentation/networking/bonding.rst", evidence: [.document, .observed]),
                Feature.Cell(driver: .bonding, modes: [.broadcast], answer: .no, text: "Every port receives the same or nothing.", source: "kernel Documentation/networking/bonding.rst", evidence: [.document]),
                Feature.Cell(driver: .bonding, modes: [.balanceTLB], answer: .no, text: "What is received comes in by one port.", risk: "What is received never gets more than the bandwidth of one port.", source: "kernel Documentation/networking/bonding.rst", evidence: [.document]),
                Feature.Cell(driver: .bonding, modes: [.balanceALB], answer: .partly, text: "IPv4 only: the answers to ARP tell clients different addresses.", conditions: ["the ports\' drivers can change their address while they are up"], risk: "What is received over IPv6 never gets more than the bandwidth of one port.", source: "kernel bond_alb.c, rlb_arp_xmit", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .balanceXOR, .lacp], answer: .yes, text: "The switch spreads what is received, by a hash of its own.", risk: "The switch chooses the port for what is received: set its hash to IP addresses and ports too.", trial: "Send by both ports of a static group of the other side and count what is received.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst", evidence: [.document, .observed]),
                Feature.Cell(driver: .teaming, modes: [.activeBackup], answer: .no, text: "What is received comes in by the active port.", trial: "Send by both ports of a static group of the other side and count what is received.", source: "libteam teamd_runner_activebackup.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.broadcast], answer: .no, text: "Every port receives the same or nothing.", source: "kernel Documentation/networking/bonding.rst", evidence: [.document]),
            ])
    }
    @inline(never) private static func row9() -> Feature {
        Feature(
            name: "receive-balancing-in-a-bridge", title: "What is received is spread when a bridge is above", row: 9, claim: Feature.Claim(bonding: "No", teaming: "Planned", verdict: .wrong, reason: "Bonding works there for the traffic of the host itself, and teaming never will."),
            cells: [
                Feature.Cell(driver: .bonding, modes: [.balanceALB], answer: .partly, text: "Frames for the host are; those of what is behind the bridge are left alone (the Linux bridge from 6.1 on, any bridge from 6.12 on).", source: "kernel bond_main.c, bond_handle_frame; bond_alb.c, rlb_arp_xmit", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .activeBackup, .balanceXOR, .broadcast, .lacp, .balanceTLB], answer: .no, text: "Only balance-alb does that.", source: "kernel bond_alb.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, answer: .no, text: "It was never written.", source: "libteam, search for alb", evidence: [.code]),
            ])
    }
    @inline(never) private static func row8() -> Feature {
        Feature(
            name: "receive-balancing-without-switch", title: "What is received is spread without help of the switch", row: 8, claim: Feature.Claim(bonding: "Yes", teaming: "Planned", verdict: .partly, reason: "Nothing of it was ever written for teaming: read No."),
            cells: [
                Feature.Cell(driver: .bonding, modes: [.balanceALB], answer: .partly, text: "Answers to ARP tell clients the addresses of different ports: IPv4 only.", conditions: ["the ports\' drivers can change their address while they are up"], trial: "Look at the addresses in the answers to ARP that leave the host.", source: "kernel bond_alb.c, rlb_arp_xmit", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .activeBackup, .balanceXOR, .broadcast, .lacp, .balanceTLB], answer: .no, text: "Only balance-alb does that.", source: "kernel bond_alb.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, answer: .no, text: "It was never written: libteam has no such code.", source: "libteam, search for alb", evidence: [.code]),
            ])
    }
    @inline(never) private static func row63() -> Feature {
        Feature(
            name: "redundancy", title: "Traffic goes on when the link of a port fails", row: 63,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.activeBackup], answer: .yes, text: "One port carries everything; when its link fails the kernel moves to another one.", trial: "Take the link of a port away, send, and count what arrives by the other one.", source: "kernel bond_main.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .balanceXOR, .balanceTLB], answer: .yes, text: "The ports that are left carry everything.", trial: "Take the link of a port away, send, and count what arrives by the other one.", source: "kernel Documentation/networking/bonding.rst, mode descriptions", evidence: [.document, .observed]),
                Feature.Cell(driver: .bonding, modes: [.broadcast], answer: .yes, text: "Every frame goes out of every port, so one that fails is not missed.", trial: "Take the link of a port away, send, and count what arrives by the other one.", source: "kernel bond_main.c, bond_xmit_broadcast", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.lacp], answer: .yes, text: "The ports that are left in the aggregator carry everything.", trial: "Take the link of a port away, send, and count what arrives by the other one.", source: "kernel bond_3ad.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceALB], answer: .yes, text: "The ports that are left carry everything, and one of them takes over the address that is missing.", conditions: ["the ports\' drivers can change their address while they are up"], risk: "A client may lose its connection when a port comes back before the switch forwards on it.", trial: "Take the link of a port away, send, and count what arrives by the other one.", source: "kernel bond_alb.c; kernel Documentation/networking/bonding.rst", evidence: [.code, .document, .observed]),
                Feature.Cell(driver: .teaming, modes: [.activeBackup], answer: .yes, text: "teamd moves to another port; the kernel part only follows it.", conditions: ["teamd runs as long as the aggregate does"], risk: "When teamd is dead and the active port loses its link, the dead port stays in use while the aggregate keeps its carrier.", trial: "Take the link of a port away, send, and count what arrives by the other one.", source: "libteam teamd_runner_activebackup.c; kernel team_mode_activebackup.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceXOR], answer: .yes, text: "teamd disables a port whose link is down.", conditions: ["teamd runs as long as the aggregate does"], risk: "When teamd is dead and a link fails, the flows of that port are lost: the kernel\'s hash does not look at links.", trial: "Take the link of a port away, send, and count what arrives by the other one.", source: "libteam teamd_runner_loadbalance.c; kernel team_mode_loadbalance.c, lb_hash_select_tx_port", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.lacp], answer: .yes, text: "teamd takes a port out of the aggregator when its link or its partner is gone.", conditions: ["teamd runs as long as the aggregate does"], risk: "When teamd is dead no LACPDU is sent, so the partner stops using the ports, while this side keeps its carrier.", trial: "Take the link of a port away, send, and count what arrives by the other one.", source: "libteam teamd_runner_lacp.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR], answer: .yes, text: "The kernel skips ports without link, with or without teamd.", trial: "Take the link of a port away, send, and count what arrives by the other one.", source: "kernel team_mode_roundrobin.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.random], answer: .yes, text: "The kernel skips ports without link, with or without teamd.", trial: "Take the link of a port away, send, and count what arrives by the other one.", source: "kernel team_mode_random.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.broadcast], answer: .yes, text: "Every frame goes out of every port that can send.", trial: "Take the link of a port away, send, and count what arrives by the other one.", source: "kernel team_mode_broadcast.c", evidence: [.code, .observed]),
            ])
    }
    @inline(never) private static func row61() -> Feature {
        Feature(
            name: "rhel-10", title: "RHEL 10 and what is built from it have it", row: 61,
            cells: [
                Feature.Cell(driver: .bonding, answer: .yes, text: "It is all there is.", until: Month(text: "2035-05"), source: "RHEL 10 networking guide; Red Hat Enterprise Linux life cycle", evidence: [.document]),
                Feature.Cell(driver: .teaming, answer: .no, text: "The kernel is built without it and NetworkManager-team is gone.", source: "GitLab cki-project/kernel-ark, merge request 1620 (NET_TEAM off); GitLab redhat/centos-stream/rpms/NetworkManager, merge request 114 (team plug-in off)", evidence: [.document]),
            ])
    }
    @inline(never) private static func row78() -> Feature {
        Feature(
            name: "rhel-9", title: "RHEL 9 and what is built from it have it", row: 78,
            cells: [
                Feature.Cell(driver: .bonding, answer: .yes, text: "It is what the release notes tell to use.", until: Month(text: "2032-05"), source: "RHEL 9.0 release notes; Red Hat Enterprise Linux life cycle", evidence: [.document]),
                Feature.Cell(driver: .teaming, answer: .partly, text: "It works and is deprecated; the driver says so in the kernel\'s log.", until: Month(text: "2032-05"), risk: "RHEL 10 has no teaming, so the next release means to move to bonding; team2bond, which helps, is in RHEL 9 only.", source: "RHEL 9.0 release notes, BZ#1935544; RHEL 9 networking guide, chapter 4; Red Hat Enterprise Linux life cycle", evidence: [.document]),
            ])
    }
    @inline(never) private static func row2() -> Feature {
        Feature(
            name: "round-robin", title: "Frames can go out by the ports in turn", row: 2, claim: Feature.Claim(bonding: "Yes", teaming: "Yes", verdict: .right, reason: nil),
            cells: [
                Feature.Cell(driver: .bonding, modes: [.balanceRR], answer: .yes, text: "Mode balance-rr takes the ports in turn, or after packets_per_slave frames; 0 means at random.", trial: "Count by port what one flow comes to.", source: "kernel bond_main.c, bond_xmit_roundrobin", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.activeBackup, .balanceXOR, .broadcast, .lacp, .balanceTLB, .balanceALB], answer: .no, text: "Another mode keeps a flow on one port.", source: "kernel bond_main.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random], answer: .yes, text: "The runner roundrobin takes the ports in turn, the runner random at random.", trial: "Count by port what one flow comes to.", source: "kernel team_mode_roundrobin.c, team_mode_random.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.activeBackup, .balanceXOR, .broadcast, .lacp], answer: .no, text: "Another runner keeps a flow on one port.", source: "kernel drivers/net/team", evidence: [.code]),
            ])
    }
    @inline(never) private static func row21() -> Feature {
        Feature(
            name: "runtime-control", title: "Everything can be changed while it runs", row: 21, claim: Feature.Claim(bonding: "Limited", teaming: "Full", verdict: .partly, reason: "Only three items of the state of teamd can be set; for all else the daemon is replaced."),
            cells: [
                Feature.Cell(driver: .bonding, answer: .partly, text: "Every option can be set over netlink, but seven of them only while the bond is down and two only while it has no ports.", trial: "Set every option up and down, with ports and without.", source: "kernel bond_options.c, BOND_OPTFLAG_IFDOWN and BOND_OPTFLAG_NOSLAVES", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, answer: .partly, text: "teamd takes ports, their options and three items of its state; for everything else it is started anew, which keeps the device.", trial: "Set runner.fast_rate in the state of a running daemon.", source: "libteam, search for .setter; teamd.c, -o", evidence: [.code, .observed]),
            ])
    }
    @inline(never) private static func row53() -> Feature {
        Feature(
            name: "scale", title: "Hundreds of aggregates are no burden", row: 53,
            cells: [
                Feature.Cell(driver: .bonding, answer: .yes, text: "It needs no process for a bond.", trial: "Make a hundred.", source: "kernel bond_main.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, answer: .partly, text: "Each team is a process that waits with select(), which ends at 1024 descriptors.", trial: "Make some, and count the processes.", source: "libteam teamd.c, teamd_run_loop_run", evidence: [.code, .observed, .document]),
            ])
    }
    @inline(never) private static func row48() -> Feature {
        Feature(
            name: "separate-directions", title: "A port can receive without sending", row: 48,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.lacp], answer: .yes, text: "coupled_control off, as the standard has it with an independent mux.", since: "6.9", option: "coupled_control", trial: "Set coupled_control off and read it back.", source: "kernel bond_3ad.c, ad_mux_machine", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .activeBackup, .balanceXOR, .broadcast, .balanceTLB, .balanceALB], answer: .no, text: "Only LACP tells the directions apart.", source: "kernel bond_3ad.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, answer: .partly, text: "Newer kernels have rx_enabled and tx_enabled for each port, which no release of teamd uses.", trial: "Have a switch send by the backup port, and look what is taken in.", source: "kernel team_core.c", evidence: [.code, .observed]),
            ])
    }
    @inline(never) private static func row18() -> Feature {
        Feature(
            name: "several-monitors", title: "Several monitors can watch a port together", row: 18, claim: Feature.Claim(bonding: "Limited", teaming: "Yes", verdict: .right, reason: nil),
            cells: [
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .activeBackup, .balanceXOR, .broadcast], answer: .partly, text: "Either the link or next hops are watched; of the latter up to 16 by ARP and 16 by IPv6, all or any of which have to answer.", trial: "Set miimon and arp_interval together.", source: "kernel bond_main.c; bond_options.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.lacp, .balanceTLB, .balanceALB], answer: .no, text: "Only the link can be watched in this mode.", source: "kernel bond_options.c, unsuppmodes", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.activeBackup, .balanceXOR], answer: .yes, text: "link_watch takes a list, of which one has to be up; that all have to be needs libteam 1.32.", trial: "Give a port two watches of which one fails.", source: "libteam teamd.c, teamd_get_link_watch_policy", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .broadcast], answer: .partly, text: "The kernel sees what the watches come to, but the runner has no logic of its own.", source: "libteam teamd_link_watch.c; kernel team_core.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.lacp], answer: .no, text: "The runner lacp follows only the link of the kernel.", source: "libteam teamd_runner_lacp.c, lacp_event_watch_ops", evidence: [.code]),
            ])
    }
    @inline(never) private static func row65() -> Feature {
        Feature(
            name: "single-flow", title: "One flow gets more bandwidth than one port has", row: 65,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.balanceRR], answer: .partly, text: "Frames of one flow take the ports in turn, and TCP segments may arrive out of order.", source: "kernel bond_main.c; kernel Documentation/networking/bonding.rst", evidence: [.code, .document]),
                Feature.Cell(driver: .bonding, modes: [.activeBackup], answer: .no, text: "One port carries everything.", source: "kernel bond_main.c", evidence: [.code]),
                Feature.Cell(driver: .bonding, modes: [.balanceXOR, .lacp], answer: .no, text: "A flow stays on one port.", risk: "One flow never gets more than the bandwidth of one port.", source: "kernel include/net/bonding.h, bond_mode_can_use_xmit_hash", evidence: [.code]),
                Feature.Cell(driver: .bonding, modes: [.broadcast], answer: .no, text: "Every port sends the same frames.", source: "kernel bond_main.c, bond_xmit_broadcast", evidence: [.code]),
                Feature.Cell(driver: .bonding, modes: [.balanceTLB, .balanceALB], answer: .no, text: "A flow stays on one port until it is moved.", risk: "One flow never gets more than the bandwidth of one port.", source: "kernel bond_alb.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random], answer: .partly, text: "Frames of one flow take several ports, and nothing keeps their order.", source: "kernel team_mode_roundrobin.c, team_mode_random.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.activeBackup], answer: .no, text: "One port carries everything.", source: "kernel team_mode_activebackup.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.balanceXOR, .lacp], answer: .no, text: "A flow stays on one port until it is moved.", risk: "One flow never gets more than the bandwidth of one port.", source: "kernel team_mode_loadbalance.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.broadcast], answer: .no, text: "Every port sends the same frames.", source: "kernel team_mode_broadcast.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row103() -> Feature {
        Feature(
            name: "sles-15", title: "SUSE Linux Enterprise 15 has it", row: 103,
            cells: [
                Feature.Cell(driver: .bonding, answer: .yes, text: "wicked and YaST set it up.", source: "SUSE documentation, Managing Network Bonding Devices", evidence: [.document]),
                Feature.Cell(driver: .teaming, answer: .yes, text: "teamd is in libteam-tools; wicked sets it up, YaST cannot.", source: "SUSE documentation, Managing Network Teaming Devices, 1.1 and 1.2", evidence: [.document]),
            ])
    }
    @inline(never) private static func row101() -> Feature {
        Feature(
            name: "sonic", title: "SONiC has it", row: 101,
            cells: [
                Feature.Cell(driver: .bonding, answer: .no, text: "PortChannels are teams there.", source: "SONiC architecture, teamd container", evidence: [.document]),
                Feature.Cell(driver: .teaming, answer: .yes, text: "PortChannels are made by a teamd that SONiC patches.", source: "SONiC sonic-buildimage, src/libteam", evidence: [.document]),
            ])
    }
    @inline(never) private static func row28() -> Feature {
        Feature(
            name: "stacking", title: "An aggregate can be a port of another, or have a bridge on top", row: 28, claim: Feature.Claim(bonding: "Yes", teaming: "Yes", verdict: .partly, reason: "A bridge on balance-tlb or balance-alb works for the host alone: what guests send gets the address of a port (row 79)."),
            cells: [
                Feature.Cell(driver: .bonding, answer: .yes, text: "A bond takes a bond or a team as its port, and a bridge takes it.", trial: "Stack it on itself, on the other and below a bridge.", source: "kernel bond_main.c, bond_enslave", evidence: [.observed]),
                Feature.Cell(driver: .teaming, answer: .yes, text: "A team takes a team or a bond as its port, and a bridge takes it.", trial: "Stack it on itself, on the other and below a bridge.", source: "kernel team_core.c, team_port_add", evidence: [.observed]),
            ])
    }
    @inline(never) private static func row90() -> Feature {
        Feature(
            name: "standby-groups", title: "A second group takes over when the first has lost too much", row: 90,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.lacp], answer: .yes, text: "With ad_select bandwidth or count the aggregator with more left carries; the other one waits.", switchSetup: "Make two LACP groups on the switch, or one on each of two switches, of the ports of each group.", source: "kernel bond_3ad.c, ad_agg_selection_test; kernel Documentation/networking/bonding.rst, 2, ad_select", evidence: [.code, .document]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .activeBackup, .balanceXOR, .broadcast, .balanceTLB, .balanceALB], answer: .no, text: "The mode knows one group.", source: "kernel bond_3ad.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.lacp], answer: .yes, text: "With agg_select_policy bandwidth or count the aggregator with more left carries; the other one waits.", switchSetup: "Make two LACP groups on the switch, or one on each of two switches, of the ports of each group.", source: "libteam teamd_runner_lacp.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .activeBackup, .balanceXOR, .broadcast], answer: .no, text: "The runner knows one group.", source: "libteam teamd.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row37() -> Feature {
        Feature(
            name: "statistics", title: "It counts what its control protocol and its ports do", row: 37,
            cells: [
                Feature.Cell(driver: .bonding, answer: .yes, text: "Link failures of each port and, since Linux 5.1, LACPDUs of bond and port; churn in /proc and, since 7.1, over netlink.", trial: "Read the failures of a port whose link went away, and the LACPDUs of a bond.", source: "kernel bond_netlink.c, bond_fill_linkxstats", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, answer: .partly, text: "teamd counts how often each watch went down; there are counters of the hash, and none of LACPDUs.", trial: "Read down_count of a port whose link went away.", source: "libteam teamd_link_watch.c; kernel team_mode_loadbalance.c", evidence: [.code, .observed]),
            ])
    }
    @inline(never) private static func row75() -> Feature {
        Feature(
            name: "steady-path", title: "A flow keeps to one port and to its order", row: 75,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.activeBackup], answer: .yes, text: "All frames take the active port.", source: "kernel bond_main.c, bond_xmit_activebackup", evidence: [.code]),
                Feature.Cell(driver: .bonding, modes: [.balanceXOR, .lacp], answer: .yes, text: "The hash keeps a flow on one port as long as the ports stay the same.", trial: "Count by port what one flow comes to.", source: "kernel bond_main.c, bond_3ad_xor_xmit", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR], answer: .no, text: "Frames of a flow take turns and overtake each other.", source: "kernel bond_main.c, bond_xmit_roundrobin", evidence: [.code]),
                Feature.Cell(driver: .bonding, modes: [.broadcast], answer: .partly, text: "Each frame leaves by every port, and the far end may see it twice.", source: "kernel bond_main.c, bond_xmit_broadcast", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceTLB, .balanceALB], answer: .partly, text: "Every ten seconds flows move to ports with less to do.", source: "kernel bond_alb.c, bond_alb_monitor", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.activeBackup], answer: .yes, text: "All frames take the active port.", source: "kernel team_mode_activebackup.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.balanceXOR, .lacp], answer: .yes, text: "The hash keeps a flow on one port, unless a balancer is asked for.", trial: "Count by port what one flow comes to.", source: "kernel team_mode_loadbalance.c, lb_transmit", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random], answer: .no, text: "Frames of a flow take different ports and overtake each other.", source: "kernel team_mode_roundrobin.c; team_mode_random.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.broadcast], answer: .partly, text: "Each frame leaves by every port, and the far end may see it twice.", source: "kernel team_mode_broadcast.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row73() -> Feature {
        Feature(
            name: "stickiness", title: "Traffic stays on the port that took over until that fails", row: 73,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.activeBackup, .balanceTLB, .balanceALB], answer: .yes, text: "primary_reselect failure, or no primary and no port priorities at all.", trial: "Give the better port its link back after a failover.", source: "kernel bond_main.c, bond_choose_primary_or_current; bond_options.c, bond_opt_primary_reselect", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .balanceXOR, .broadcast, .lacp], answer: .no, text: "Every port is in use.", source: "kernel bond_main.c, bond_uses_primary", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.activeBackup], answer: .yes, text: "sticky of each port; teamd 1.31 reads it when the port joins.", trial: "Give the better port its link back after a failover.", source: "libteam teamd_runner_activebackup.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .balanceXOR, .broadcast, .lacp], answer: .no, text: "Every port is in use.", source: "libteam teamd_runner_basic_ones.c, teamd_runner_loadbalance.c, teamd_runner_lacp.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row93() -> Feature {
        Feature(
            name: "switch-esi", title: "Works on switches joined by EVPN (ESI-LAG)", row: 93,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.lacp], answer: .yes, text: "The switches show one LACP system, so the ports are one group.", switchSetup: "Give the Ethernet segment one identifier and one LACP system address on all switches, mode active.", source: "RFC 7432, 5; kernel bond_3ad.c", evidence: [.document, .code]),
                Feature.Cell(driver: .bonding, modes: [.activeBackup], answer: .yes, text: "Each port is an ordinary port of one network.", risk: "A switch that loses its core leaves the port up unless it tracks its uplinks.", source: "RFC 7432, 5", evidence: [.document]),
                Feature.Cell(driver: .bonding, modes: [.balanceXOR, .balanceRR], answer: .unproven, text: "A static group over an Ethernet segment depends on the switch.", source: "RFC 7432, 5", evidence: [.document]),
                Feature.Cell(driver: .bonding, modes: [.broadcast], answer: .no, text: "Every frame arrives as often as there are ports.", source: "kernel bond_main.c, bond_xmit_broadcast", evidence: [.code]),
                Feature.Cell(driver: .bonding, modes: [.balanceTLB, .balanceALB], answer: .unproven, text: "The address of the host is sent by several switches, which count that as a station that moves.", source: "RFC 7432, 15", evidence: [.document]),
                Feature.Cell(driver: .teaming, modes: [.lacp], answer: .yes, text: "The switches show one LACP system, so the ports are one group.", switchSetup: "Give the Ethernet segment one identifier and one LACP system address on all switches, mode active.", source: "RFC 7432, 5; libteam teamd_runner_lacp.c", evidence: [.document, .code]),
                Feature.Cell(driver: .teaming, modes: [.activeBackup], answer: .yes, text: "Each port is an ordinary port of one network.", risk: "A switch that loses its core leaves the port up unless it tracks its uplinks.", source: "RFC 7432, 5", evidence: [.document]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .balanceXOR], answer: .unproven, text: "A static group over an Ethernet segment depends on the switch.", source: "RFC 7432, 5", evidence: [.document]),
                Feature.Cell(driver: .teaming, modes: [.broadcast], answer: .no, text: "Every frame arrives as often as there are ports.", source: "kernel team_mode_broadcast.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row94() -> Feature {
        Feature(
            name: "switch-host", title: "Works between two hosts, without a switch", row: 94,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.lacp], answer: .yes, text: "The other host is the LACP partner.", switchSetup: "There is no switch: the other host has the same mode.", source: "kernel bond_3ad.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .balanceXOR], answer: .yes, text: "The other host is a group too.", switchSetup: "There is no switch: the other host has the same mode.", source: "kernel bond_main.c, bond_should_deliver_exact_match", evidence: [.code]),
                Feature.Cell(driver: .bonding, modes: [.broadcast], answer: .partly, text: "Every frame arrives as often as there are ports, and the other host has to be broadcast too.", switchSetup: "There is no switch: the other host has the same mode.", source: "kernel bond_main.c, bond_xmit_broadcast", evidence: [.code]),
                Feature.Cell(driver: .bonding, modes: [.activeBackup], answer: .partly, text: "Both ends have to use the same cable: with the same priorities, and as long as both see the same link.", conditions: ["both hosts prefer the same cable"], switchSetup: "There is no switch: the other host prefers the same cable.", source: "kernel bond_main.c, bond_choose_primary_or_current", evidence: [.code]),
                Feature.Cell(driver: .bonding, modes: [.balanceTLB, .balanceALB], answer: .no, text: "Addresses of ports tell a switch where to send; another host has none that learns.", source: "kernel bond_alb.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.lacp], answer: .yes, text: "The other host is the LACP partner.", switchSetup: "There is no switch: the other host has the same mode.", source: "libteam teamd_runner_lacp.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .balanceXOR], answer: .yes, text: "The other host is a group too.", switchSetup: "There is no switch: the other host has the same mode.", source: "kernel team_mode_roundrobin.c, team_mode_loadbalance.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.broadcast], answer: .partly, text: "Every frame arrives as often as there are ports, and the other host has to be broadcast too.", switchSetup: "There is no switch: the other host has the same mode.", source: "kernel team_mode_broadcast.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.activeBackup], answer: .partly, text: "Both ends have to use the same cable: with the same priorities, and as long as both see the same link.", conditions: ["both hosts prefer the same cable"], switchSetup: "There is no switch: the other host prefers the same cable.", source: "libteam teamd_runner_activebackup.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row69() -> Feature {
        Feature(
            name: "switch-lacp", title: "Works on one switch that offers LACP", row: 69,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.activeBackup, .balanceTLB], answer: .yes, text: "Nothing has to be set on the switch.", switchSetup: "Leave the ports out of any group: ordinary ports of one network.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst", evidence: [.document]),
                Feature.Cell(driver: .bonding, modes: [.balanceALB], answer: .yes, text: "Nothing has to be set on the switch.", conditions: ["the ports\' drivers can change their address while they are up"], switchSetup: "Leave the ports out of any group: ordinary ports of one network.", risk: "Half of the host\'s ARP requests leave by another port than the active one, and the switch gives them back by that: what looks for duplicate addresses sees its own.", source: "kernel Documentation/networking/bonding.rst; kernel bond_alb.c, rlb_arp_xmit", evidence: [.document, .code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .balanceXOR], answer: .yes, text: "A static group is what it needs, and most switches with LACP have them too.", conditions: ["the switch makes static groups beside those of LACP"], switchSetup: "Put the ports into one static group, without LACP.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst, 5", evidence: [.document]),
                Feature.Cell(driver: .bonding, modes: [.broadcast], answer: .partly, text: "A group drops no copies: every frame arrives as often as there are ports.", conditions: ["the switch makes static groups beside those of LACP"], switchSetup: "Put the ports into one static group, without LACP.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst, 5", evidence: [.document]),
                Feature.Cell(driver: .bonding, modes: [.lacp], answer: .yes, text: "The switch is the LACP partner.", switchSetup: "Put the ports into one LACP group, mode active, with the rate that the host asks for.", source: "kernel bond_3ad.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.activeBackup], answer: .yes, text: "Nothing has to be set on the switch.", switchSetup: "Leave the ports out of any group: ordinary ports of one network.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst", evidence: [.document]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .balanceXOR], answer: .yes, text: "A static group is what it needs, and most switches with LACP have them too.", conditions: ["the switch makes static groups beside those of LACP"], switchSetup: "Put the ports into one static group, without LACP.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst, 5", evidence: [.document]),
                Feature.Cell(driver: .teaming, modes: [.broadcast], answer: .partly, text: "A group drops no copies: every frame arrives as often as there are ports.", conditions: ["the switch makes static groups beside those of LACP"], switchSetup: "Put the ports into one static group, without LACP.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst, 5", evidence: [.document]),
                Feature.Cell(driver: .teaming, modes: [.lacp], answer: .yes, text: "The switch is the LACP partner.", switchSetup: "Put the ports into one LACP group, mode active, with the rate that the host asks for.", source: "libteam teamd_runner_lacp.c", evidence: [.code, .observed]),
            ])
    }
    @inline(never) private static func row95() -> Feature {
        Feature(
            name: "switch-managed", title: "Works on one switch that offers LACP and static groups", row: 95,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.activeBackup, .balanceTLB], answer: .yes, text: "Nothing has to be set on the switch.", switchSetup: "Leave the ports out of any group: ordinary ports of one network.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst, 5", evidence: [.document]),
                Feature.Cell(driver: .bonding, modes: [.balanceALB], answer: .yes, text: "Nothing has to be set on the switch.", conditions: ["the ports\' drivers can change their address while they are up"], switchSetup: "Leave the ports out of any group: ordinary ports of one network.", risk: "Half of the host\'s ARP requests leave by another port than the active one, and the switch gives them back by that: what looks for duplicate addresses sees its own.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst, 5", evidence: [.document, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .balanceXOR], answer: .yes, text: "A static group is what it needs.", switchSetup: "Put the ports into one static group, without LACP.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst, 5", evidence: [.document]),
                Feature.Cell(driver: .bonding, modes: [.broadcast], answer: .partly, text: "A group drops no copies: every frame arrives as often as there are ports.", switchSetup: "Put the ports into one static group, without LACP.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst, 5", evidence: [.document]),
                Feature.Cell(driver: .bonding, modes: [.lacp], answer: .yes, text: "The switch is the LACP partner.", switchSetup: "Put the ports into one LACP group, mode active, with the rate that the host asks for.", source: "kernel bond_3ad.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.activeBackup], answer: .yes, text: "Nothing has to be set on the switch.", switchSetup: "Leave the ports out of any group: ordinary ports of one network.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst, 5", evidence: [.document]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .balanceXOR], answer: .yes, text: "A static group is what it needs.", switchSetup: "Put the ports into one static group, without LACP.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst, 5", evidence: [.document]),
                Feature.Cell(driver: .teaming, modes: [.broadcast], answer: .partly, text: "A group drops no copies: every frame arrives as often as there are ports.", switchSetup: "Put the ports into one static group, without LACP.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst, 5", evidence: [.document]),
                Feature.Cell(driver: .teaming, modes: [.lacp], answer: .yes, text: "The switch is the LACP partner.", switchSetup: "Put the ports into one LACP group, mode active, with the rate that the host asks for.", source: "libteam teamd_runner_lacp.c", evidence: [.code, .observed]),
            ])
    }
    @inline(never) private static func row45() -> Feature {
        Feature(
            name: "switch-mlag", title: "Works on two switches that act as one (MLAG, vPC)", row: 45,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.activeBackup, .balanceTLB], answer: .yes, text: "Nothing has to be set on the switch.", switchSetup: "Leave the ports out of any group: ordinary ports of one network.", risk: "A port outside of an MLAG group is an orphan port: when the link between the two switches fails, one of them may leave it without a way out, and its own link stays up.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst", evidence: [.document]),
                Feature.Cell(driver: .bonding, modes: [.balanceALB], answer: .yes, text: "Nothing has to be set on the switch.", conditions: ["the ports\' drivers can change their address while they are up"], switchSetup: "Leave the ports out of any group: ordinary ports of one network.", risk: "A port outside of an MLAG group is an orphan port: when the link between the two switches fails, one of them may leave it without a way out, and its own link stays up.", source: "kernel Documentation/networking/bonding.rst; kernel bond_alb.c", evidence: [.document, .code]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .balanceXOR], answer: .yes, text: "The two switches offer a static group together.", switchSetup: "Make one static MLAG group of the ports\' two ends, one on each switch.", source: "NVIDIA Onyx documentation, MLAG", evidence: [.document]),
                Feature.Cell(driver: .bonding, modes: [.broadcast], answer: .unproven, text: "Nothing is known of broadcast over such a pair.", source: "NVIDIA Onyx documentation, MLAG", evidence: [.document]),
                Feature.Cell(driver: .bonding, modes: [.lacp], answer: .yes, text: "The two switches have one LACP system id and look like one partner.", switchSetup: "Make one MLAG group (vPC) with LACP, mode active, of the ports\' two ends, one on each switch.", source: "NVIDIA Onyx documentation, MLAG; kernel bond_3ad.c", evidence: [.code, .observed, .document]),
                Feature.Cell(driver: .teaming, modes: [.activeBackup], answer: .yes, text: "Nothing has to be set on the switch.", switchSetup: "Leave the ports out of any group: ordinary ports of one network.", risk: "A port outside of an MLAG group is an orphan port: when the link between the two switches fails, one of them may leave it without a way out, and its own link stays up.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst", evidence: [.document]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .balanceXOR], answer: .yes, text: "The two switches offer a static group together.", switchSetup: "Make one static MLAG group of the ports\' two ends, one on each switch.", source: "NVIDIA Onyx documentation, MLAG", evidence: [.document]),
                Feature.Cell(driver: .teaming, modes: [.broadcast], answer: .unproven, text: "Nothing is known of broadcast over such a pair.", source: "NVIDIA Onyx documentation, MLAG", evidence: [.document]),
                Feature.Cell(driver: .teaming, modes: [.lacp], answer: .yes, text: "The two switches look like one partner; there is nothing like broadcast_neighbor.", switchSetup: "Make one MLAG group (vPC) with LACP, mode active, of the ports\' two ends, one on each switch.", source: "libteam teamd_runner_lacp.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row68() -> Feature {
        Feature(
            name: "switch-static", title: "Works on one switch that offers static groups, but no LACP", row: 68,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.activeBackup, .balanceTLB], answer: .yes, text: "Nothing has to be set on the switch.", switchSetup: "Leave the ports out of any group: ordinary ports of one network.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst", evidence: [.document]),
                Feature.Cell(driver: .bonding, modes: [.balanceALB], answer: .yes, text: "Nothing has to be set on the switch.", conditions: ["the ports\' drivers can change their address while they are up"], switchSetup: "Leave the ports out of any group: ordinary ports of one network.", risk: "Half of the host\'s ARP requests leave by another port than the active one, and the switch gives them back by that: what looks for duplicate addresses sees its own.", source: "kernel Documentation/networking/bonding.rst; kernel bond_alb.c, rlb_arp_xmit", evidence: [.document, .code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .balanceXOR], answer: .yes, text: "A static group is what it needs.", switchSetup: "Put the ports into one static group, without LACP.", trial: "Count how often a frame arrives at a static group of the other side.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst", evidence: [.document, .observed]),
                Feature.Cell(driver: .bonding, modes: [.broadcast], answer: .partly, text: "A group drops no copies: every frame arrives as often as there are ports.", switchSetup: "Put the ports into one static group, without LACP.", risk: "Whoever is behind the switch receives every frame as often as there are ports.", trial: "Count how often a frame arrives at a static group of the other side.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst", evidence: [.document, .observed]),
                Feature.Cell(driver: .bonding, modes: [.lacp], answer: .no, text: "The switch speaks no LACP: there is no partner, and only one port carries traffic.", source: "kernel bond_3ad.c, bond_3ad_set_carrier", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.activeBackup], answer: .yes, text: "Nothing has to be set on the switch.", switchSetup: "Leave the ports out of any group: ordinary ports of one network.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst", evidence: [.document]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .balanceXOR], answer: .yes, text: "A static group is what it needs.", switchSetup: "Put the ports into one static group, without LACP.", trial: "Count how often a frame arrives at a static group of the other side.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst", evidence: [.document, .observed]),
                Feature.Cell(driver: .teaming, modes: [.broadcast], answer: .partly, text: "A group drops no copies: every frame arrives as often as there are ports.", switchSetup: "Put the ports into one static group, without LACP.", risk: "Whoever is behind the switch receives every frame as often as there are ports.", trial: "Count how often a frame arrives at a static group of the other side.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst", evidence: [.document, .observed]),
                Feature.Cell(driver: .teaming, modes: [.lacp], answer: .no, text: "The switch speaks no LACP: without a partner no port is used.", source: "libteam teamd_runner_lacp.c", evidence: [.code, .observed]),
            ])
    }
    @inline(never) private static func row70() -> Feature {
        Feature(
            name: "switch-two", title: "Survives two switches that know nothing of each other", row: 70,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.activeBackup], answer: .yes, text: "Each port may lead to another switch; the switches need not know of each other.", switchSetup: "Leave the ports out of any group on both switches, and make them edge ports. Join the two switches at layer 2, with the same VLANs on both. Let a switch that loses its uplinks take the ports down (link-state tracking).", risk: "Only links are watched: of two switches, one that is cut off from the network is still used. Probes notice that, with one target behind each switch (arp-monitoring, ipv6-monitoring).", trial: "Count what two switches flood, and what comes back of what goes out for all.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst, 11.2.1", evidence: [.document, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceTLB], answer: .partly, text: "Each port may lead to another switch, but active-backup and broadcast alone are meant for availability there: flows go by both switches and the link between them.", switchSetup: "Leave the ports out of any group on both switches, and make them edge ports. Join the two switches at layer 2, with the same VLANs on both. Let a switch that loses its uplinks take the ports down (link-state tracking).", risk: "Only links are watched: of two switches, one that is cut off from the network is still used. Probes notice that, with one target behind each switch (arp-monitoring, ipv6-monitoring).", trial: "Count what two switches flood, and what comes back of what goes out for all.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst, 11.2.1", evidence: [.document, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceALB], answer: .partly, text: "Each port may lead to another switch, but active-backup and broadcast alone are meant for availability there: flows go by both switches and the link between them.", conditions: ["the ports\' drivers can change their address while they are up"], switchSetup: "Leave the ports out of any group on both switches, and make them edge ports. Join the two switches at layer 2, with the same VLANs on both. Let a switch that loses its uplinks take the ports down (link-state tracking).", risk: "Only links are watched: of two switches, one that is cut off from the network is still used. Probes notice that, with one target behind each switch (arp-monitoring, ipv6-monitoring).", trial: "Count what two switches flood, and what comes back of what goes out for all.", source: "kernel Documentation/networking/bonding.rst, 11.2.1; kernel bond_alb.c", evidence: [.document, .code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR], answer: .no, text: "A group across two switches needs MLAG.", trial: "Count what two switches flood, and what comes back of what goes out for all.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst", evidence: [.document, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceXOR], answer: .no, text: "A group across two switches needs MLAG. The hash vlan+srcmac keeps an address at one port, but what the network floods comes in by both switches, and what the host floods comes back.", trial: "Count what two switches flood, and what comes back of what goes out for all.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst", evidence: [.document, .observed]),
                Feature.Cell(driver: .bonding, modes: [.broadcast], answer: .partly, text: "Two separate networks are its real use.", conditions: ["the two switches are two separate networks"], switchSetup: "Leave the ports out of any group, and keep the two networks apart.", trial: "Count what two switches flood, and what comes back of what goes out for all.", source: "kernel Documentation/networking/bonding.rst", evidence: [.document, .observed]),
                Feature.Cell(driver: .bonding, modes: [.lacp], answer: .partly, text: "Each switch is another LACP partner, so the ports form two aggregators of which one is used; with ad_select bandwidth or count the other one takes over when ports fail.", conditions: ["both switches speak LACP"], switchSetup: "Make one LACP group on each switch, mode active, of the ports that lead there. Join the two switches at layer 2, with the same VLANs on both.", trial: "Give each port another partner and look which ports are used.", source: "kernel bond_3ad.c, ad_agg_selection_test; kernel Documentation/networking/bonding.rst, 2, ad_select", evidence: [.document, .code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.activeBackup], answer: .yes, text: "Each port may lead to another switch; the switches need not know of each other.", switchSetup: "Leave the ports out of any group on both switches, and make them edge ports. Join the two switches at layer 2, with the same VLANs on both. Let a switch that loses its uplinks take the ports down (link-state tracking).", risk: "Only links are watched: of two switches, one that is cut off from the network is still used. Probes notice that, with one target behind each switch (arp-monitoring, ipv6-monitoring).", trial: "Count what two switches flood, and what comes back of what goes out for all.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst", evidence: [.document, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .balanceXOR], answer: .no, text: "A group across two switches needs MLAG.", trial: "Count what two switches flood, and what comes back of what goes out for all.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst", evidence: [.document, .observed]),
                Feature.Cell(driver: .teaming, modes: [.broadcast], answer: .partly, text: "Two separate networks are its real use.", conditions: ["the two switches are two separate networks"], switchSetup: "Leave the ports out of any group, and keep the two networks apart.", trial: "Count what two switches flood, and what comes back of what goes out for all.", source: "kernel Documentation/networking/bonding.rst", evidence: [.document, .observed]),
                Feature.Cell(driver: .teaming, modes: [.lacp], answer: .no, text: "Each switch is another LACP partner; one aggregator needs MLAG.", trial: "Give each port another partner and look which ports are used.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst", evidence: [.document, .observed]),
            ])
    }
    @inline(never) private static func row67() -> Feature {
        Feature(
            name: "switch-unmanaged", title: "Works on a switch on which nothing can be set", row: 67,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.activeBackup, .balanceTLB], answer: .yes, text: "Nothing has to be set on the switch.", switchSetup: "Leave the ports out of any group: ordinary ports of one network.", trial: "Look at which ports of the other side an address is seen, and how often a frame arrives there.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst", evidence: [.document, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceALB], answer: .yes, text: "Nothing has to be set on the switch.", conditions: ["the ports\' drivers can change their address while they are up"], switchSetup: "Leave the ports out of any group: ordinary ports of one network.", risk: "Half of the host\'s ARP requests leave by another port than the active one, and the switch gives them back by that: what looks for duplicate addresses sees its own.", trial: "Look at which ports of the other side an address is seen, and how often a frame arrives there.", source: "kernel Documentation/networking/bonding.rst; kernel bond_alb.c, rlb_arp_xmit", evidence: [.document, .code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .broadcast], answer: .no, text: "Needs a static group on the switch, which is not there.", trial: "Look at which ports of the other side an address is seen, and how often a frame arrives there.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst", evidence: [.document, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceXOR], answer: .no, text: "Needs a static group. The hash vlan+srcmac keeps an address at one port, but what the switch floods comes in by every port, and what the host floods comes back.", trial: "Count what the other side floods, and what comes back of what goes out for all.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst", evidence: [.document, .observed]),
                Feature.Cell(driver: .bonding, modes: [.lacp], answer: .no, text: "The switch speaks no LACP: there is no partner, and only one port carries traffic.", source: "kernel bond_3ad.c, bond_3ad_set_carrier", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.activeBackup], answer: .yes, text: "Nothing has to be set on the switch.", switchSetup: "Leave the ports out of any group: ordinary ports of one network.", trial: "Look at which ports of the other side an address is seen, and how often a frame arrives there.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst", evidence: [.document, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .balanceXOR, .broadcast], answer: .no, text: "Needs a static group on the switch, which is not there.", trial: "Look at which ports of the other side an address is seen, and how often a frame arrives there.", source: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst", evidence: [.document, .observed]),
                Feature.Cell(driver: .teaming, modes: [.lacp], answer: .no, text: "The switch speaks no LACP: without a partner no port is used.", source: "libteam teamd_runner_lacp.c", evidence: [.code, .observed]),
            ])
    }
    @inline(never) private static func row35() -> Feature {
        Feature(
            name: "switchdev", title: "A switch chip under the kernel builds it in hardware", row: 35,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.balanceXOR, .lacp], answer: .yes, text: "Switch drivers want a hash.", conditions: ["the driver of the ports supports it"], source: "kernel spectrum.c; prestera_main.c; net/dsa/user.c", evidence: [.code]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .activeBackup, .broadcast, .balanceTLB, .balanceALB], answer: .unproven, text: "Some drivers may; those read want a hash.", source: "kernel spectrum.c; prestera_main.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.balanceXOR, .lacp], answer: .yes, text: "Switch drivers want a hash.", conditions: ["the driver of the ports supports it"], source: "kernel spectrum.c; prestera_main.c; net/dsa/user.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .activeBackup, .broadcast], answer: .unproven, text: "Some drivers may; those read want a hash.", source: "kernel spectrum.c; prestera_main.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row88() -> Feature {
        Feature(
            name: "symmetric-hash", title: "Both directions of a flow get one hash", row: 88,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.balanceXOR, .lacp, .balanceTLB], answer: .yes, text: "Source and destination are combined by exclusive or, so their order does not matter.", source: "kernel bond_main.c, bond_ip_hash", evidence: [.code]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .activeBackup, .broadcast, .balanceALB], answer: .no, text: "The mode has no such hash.", source: "kernel include/net/bonding.h, bond_mode_can_use_xmit_hash", evidence: [.code]),
                Feature.Cell(driver: .teaming, answer: .unproven, text: "Nobody has looked at what the program of teamd does with the order.", source: "libteam teamd_bpf_chef.c", evidence: [.belief]),
            ])
    }
    @inline(never) private static func row85() -> Feature {
        Feature(
            name: "telemetry", title: "Common collectors report it", row: 85,
            cells: [
                Feature.Cell(driver: .bonding, answer: .yes, text: "The bonding collector of node_exporter counts ports that are up.", source: "Prometheus node_exporter, collector/bonding_linux.go", evidence: [.code]),
                Feature.Cell(driver: .teaming, answer: .no, text: "node_exporter has no collector for teams, whose state only teamd knows.", source: "Prometheus node_exporter, collector", evidence: [.code]),
            ])
    }
    @inline(never) private static func row64() -> Feature {
        Feature(
            name: "throughput", title: "Several flows together use more than one port", row: 64,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.balanceRR], answer: .partly, text: "Frames take the ports in turn, even those of one flow.", risk: "TCP segments may arrive out of order, which slows connections down.", source: "kernel bond_main.c; kernel Documentation/networking/bonding.rst", evidence: [.code, .document]),
                Feature.Cell(driver: .bonding, modes: [.activeBackup], answer: .no, text: "One port carries everything; the others wait.", source: "kernel bond_main.c", evidence: [.code]),
                Feature.Cell(driver: .bonding, modes: [.balanceXOR], answer: .yes, text: "A hash puts each flow on a port.", trial: "Send many flows and count what each port sent.", source: "kernel include/net/bonding.h, bond_mode_can_use_xmit_hash", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.broadcast], answer: .no, text: "Every port sends the same frames.", source: "kernel bond_main.c, bond_xmit_broadcast", evidence: [.code]),
                Feature.Cell(driver: .bonding, modes: [.lacp], answer: .yes, text: "A hash puts each flow on a port of the active aggregator.", risk: "Ports of unequal speed end up in different aggregators, of which only one is used.", source: "kernel include/net/bonding.h, bond_mode_can_use_xmit_hash; bond_3ad.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceTLB], answer: .partly, text: "What is sent goes over the ports by their load; what is received comes in by one port.", source: "kernel bond_alb.c; kernel Documentation/networking/bonding.rst", evidence: [.code, .document]),
                Feature.Cell(driver: .bonding, modes: [.balanceALB], answer: .partly, text: "What is sent goes over the ports by their load; what is received does so for IPv4 only, steered by ARP.", risk: "Below a bridge only the host\'s own traffic is balanced, not that of guests.", source: "kernel bond_alb.c, rlb_arp_xmit", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR], answer: .partly, text: "Frames take the ports in turn, even those of one flow.", risk: "TCP segments may arrive out of order, which slows connections down.", source: "kernel team_mode_roundrobin.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.random], answer: .partly, text: "Every frame takes a port at random.", risk: "TCP segments may arrive out of order, which slows connections down.", source: "kernel team_mode_random.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.activeBackup], answer: .no, text: "One port carries everything; the others wait.", source: "kernel team_mode_activebackup.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.balanceXOR], answer: .yes, text: "A hash puts each flow on a port; tx_balancer can move flows from busy ports to idle ones.", trial: "Send many flows and count what each port sent.", source: "kernel team_mode_loadbalance.c; libteam teamd_balancer.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.broadcast], answer: .no, text: "Every port sends the same frames.", source: "kernel team_mode_broadcast.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.lacp], answer: .yes, text: "A hash puts each flow on a port; tx_balancer can move flows from busy ports to idle ones.", source: "kernel team_mode_loadbalance.c; libteam teamd_runner_lacp.c, teamd_balancer.c", evidence: [.code, .observed]),
            ])
    }
    @inline(never) private static func row38() -> Feature {
        Feature(
            name: "traffic-without-partner", title: "Traffic flows before the switch speaks LACP", row: 38,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .activeBackup, .balanceXOR, .broadcast, .balanceTLB, .balanceALB], answer: .yes, text: "It speaks no LACP and waits for nobody.", source: "kernel bond_3ad.c", evidence: [.code]),
                Feature.Cell(driver: .bonding, modes: [.lacp], answer: .yes, text: "The carrier stays up, and one port carries traffic.", switchSetup: "Let the group work before the host speaks LACP: LACP fallback (Arista EOS, Dell OS10, Extreme EXOS, SONiC), no lacp suspend-individual (Cisco NX-OS), force-up (Junos, FastIron) or lacp-bypass (Cumulus). Carry the boot VLAN untagged, and make the ports edge ports.", risk: "Without any LACP partner the carrier stays up all the same, and what goes out may be lost on a switch that waits.", trial: "Leave the other side without LACP and look at the carrier.", source: "kernel bond_3ad.c, bond_3ad_set_carrier; Arista EOS manual, port-channel lacp fallback; Cisco NX-OS interfaces guide, lacp suspend-individual", evidence: [.code, .observed, .document]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .activeBackup, .balanceXOR, .broadcast], answer: .yes, text: "It speaks no LACP and waits for nobody.", source: "libteam teamd_runner_lacp.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.lacp], answer: .no, text: "Without a partner no port is used and the carrier stays down; there is no fallback.", risk: "Nothing gets through on a switch that is not set up yet: no DHCP, no network boot.", trial: "Leave the other side without LACP and look at the carrier.", source: "libteam teamd_runner_lacp.c", evidence: [.code, .observed]),
            ])
    }
    @inline(never) private static func row7() -> Feature {
        Feature(
            name: "transmit-balancing", title: "What is sent is moved to ports with less to do", row: 7, claim: Feature.Claim(bonding: "Yes", teaming: "Yes", verdict: .right, reason: nil),
            cells: [
                Feature.Cell(driver: .bonding, modes: [.balanceTLB, .balanceALB], answer: .yes, text: "It follows the load of the ports unless tlb_dynamic_lb is off, and needs nothing of the switch.", trial: "Set tlb_dynamic_lb and read it back.", source: "kernel bond_alb.c, tlb_choose_channel", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .activeBackup, .balanceXOR, .broadcast, .lacp], answer: .no, text: "The mode does not look at the load.", trial: "Set tlb_dynamic_lb in the mode.", source: "kernel bond_options.c, bond_opt_tlb_dynamic_lb", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceXOR, .lacp], answer: .yes, text: "tx_balancer basic moves flows from busy to idle ports every five seconds; the switch needs a group.", trial: "Send by flows that share a port, and look whether one leaves it.", source: "libteam teamd_balancer.c", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .activeBackup, .broadcast], answer: .no, text: "The runner has no balancer.", source: "libteam teamd_balancer.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row87() -> Feature {
        Feature(
            name: "tunnel-hash", title: "Flows within tunnels are told apart", row: 87,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.balanceXOR, .lacp, .balanceTLB], answer: .yes, text: "The hashes encap2+3 and encap3+4 look into tunnels.", source: "kernel bond_main.c, bond_flow_dissect; kernel Documentation/networking/bonding.rst, 2, xmit_hash_policy", evidence: [.code, .document]),
                Feature.Cell(driver: .bonding, modes: [.balanceALB], answer: .partly, text: "Only with tlb_dynamic_lb off.", conditions: ["tlb_dynamic_lb is off"], source: "kernel bond_alb.c, bond_xmit_alb_slave_get", evidence: [.code]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .activeBackup, .broadcast], answer: .no, text: "The mode has no hash.", source: "kernel include/net/bonding.h, bond_mode_can_use_xmit_hash", evidence: [.code]),
                Feature.Cell(driver: .teaming, answer: .no, text: "teamd has no field for what is within a tunnel.", source: "libteam teamd_bpf_chef.c; teamd_hash_func.c", evidence: [.code]),
            ])
    }
    @inline(never) private static func row102() -> Feature {
        Feature(
            name: "ubuntu-24.04", title: "Ubuntu 24.04 LTS has it", row: 102,
            cells: [
                Feature.Cell(driver: .bonding, answer: .yes, text: "The kernel has it as a module; the month is that of standard support.", until: Month(text: "2029-05"), source: "Ubuntu release cycle; netplan YAML reference, bonds", evidence: [.document]),
                Feature.Cell(driver: .teaming, answer: .partly, text: "The kernel has it as a module, and libteam is 1.31, but in universe: security updates of its packages are part of Ubuntu Pro. netplan, which sets up networks there, has no such type.", source: "Ubuntu package libteam-utils 1.31-1build; Ubuntu security documentation, ESM; netplan YAML reference", evidence: [.document]),
            ])
    }
    @inline(never) private static func row81() -> Feature {
        Feature(
            name: "unknown-speed", title: "Ports need not report their speed (virtio)", row: 81,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.activeBackup, .balanceRR, .balanceXOR, .broadcast], answer: .yes, text: "The mode does not ask for the speed.", source: "kernel bond_main.c, bond_update_speed_duplex", evidence: [.code]),
                Feature.Cell(driver: .bonding, modes: [.lacp], answer: .no, text: "A port without speed and full duplex gets key 0 and an aggregator of its own, so that one port carries everything.", risk: "On virtual ports without a speed (virtio) set one: ethtool -s PORT speed 10000 duplex full.", source: "kernel bond_3ad.c, __get_link_speed, __get_duplex, ad_port_selection_logic", evidence: [.code]),
                Feature.Cell(driver: .bonding, modes: [.balanceTLB, .balanceALB], answer: .partly, text: "The load is weighed by the speed; ports without one are not told apart.", source: "kernel bond_alb.c, compute_gap; kernel Documentation/networking/bonding.rst, 2, mode", evidence: [.code, .document]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .activeBackup, .balanceXOR, .broadcast], answer: .yes, text: "The runner does not need the speed; activebackup compares it between ports of one priority.", source: "libteam teamd_runner_activebackup.c, ab_best_port_check_set", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.lacp], answer: .unproven, text: "The speed is no part of the key; what becomes of an unknown duplex has not been tried.", source: "libteam teamd_runner_lacp.c, lacp_port_link_update", evidence: [.code]),
            ])
    }
    @inline(never) private static func row91() -> Feature {
        Feature(
            name: "upgrade", title: "Its software can be replaced while it carries traffic", row: 91,
            cells: [
                Feature.Cell(driver: .bonding, answer: .yes, text: "There is none but the kernel.", source: "kernel bond_main.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, answer: .partly, text: "A new teamd takes the device over (-o, take over); until it does nobody watches the ports, and LACP falls silent.", risk: "An upgrade of libteam restarts nothing: the old teamd goes on until somebody replaces it.", source: "libteam teamd.c, -o", evidence: [.code]),
            ])
    }
    @inline(never) private static func row56() -> Feature {
        Feature(
            name: "upkeep", title: "Is maintained and part of current distributions", row: 56,
            cells: [
                Feature.Cell(driver: .bonding, answer: .yes, text: "Maintained in the kernel and part of every distribution looked at.", source: "kernel MAINTAINERS", evidence: [.code, .document]),
                Feature.Cell(driver: .teaming, answer: .partly, text: "The kernel part is supported; libteam\'s last release is 1.32 of September 2023, and RHEL 10 has no teaming.", risk: "libteam has had no release since September 2023, and RHEL 10 has no teaming.", source: "kernel MAINTAINERS; libteam history; RHEL 10 kernel configuration change", evidence: [.code, .document]),
            ])
    }
    @inline(never) private static func row82() -> Feature {
        Feature(
            name: "virtual-functions", title: "Virtual functions (SR-IOV) can be ports", row: 82,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.activeBackup], answer: .yes, text: "Each keeps its own address with mac-policy active; else the host has to trust them, since they are given one address.", conditions: ["the virtual functions are of different ports: two of one share a cable"], source: "kernel bond_main.c, bond_enslave; kernel Documentation/networking/bonding.rst, 2, fail_over_mac", evidence: [.code, .document]),
                Feature.Cell(driver: .bonding, modes: [.lacp], answer: .partly, text: "LACP is between the switch and the physical function; where functions get LACPDUs, only one user of each port can have them.", source: "OpenShift 4.20 documentation, configuring LACP for SR-IOV; bond-cni, issue 149", evidence: [.document]),
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .balanceXOR, .broadcast, .balanceTLB, .balanceALB], answer: .partly, text: "The host has to trust the functions, which are given addresses; and a group on the switch holds for all functions of its ports.", source: "OpenShift documentation, Bond CNI; kernel bond_main.c, bond_enslave", evidence: [.document, .code]),
                Feature.Cell(driver: .teaming, modes: [.activeBackup], answer: .yes, text: "Each keeps its own address with mac-policy active; else the host has to trust them.", conditions: ["the virtual functions are of different ports: two of one share a cable"], source: "libteam teamd_runner_activebackup.c", evidence: [.code]),
                Feature.Cell(driver: .teaming, modes: [.balanceRR, .random, .balanceXOR, .broadcast, .lacp], answer: .partly, text: "The host has to trust the functions, which are given one address.", source: "libteam teamd_runner_loadbalance.c, lb_event_watch_port_added", evidence: [.code]),
            ])
    }
    @inline(never) private static func row20() -> Feature {
        Feature(
            name: "vlan", title: "VLANs can be on top", row: 20, claim: Feature.Claim(bonding: "Yes", teaming: "Yes", verdict: .right, reason: nil),
            cells: [
                Feature.Cell(driver: .bonding, answer: .yes, text: "Ports that cannot carry VLANs are refused once there are VLANs.", trial: "Put a VLAN on it and send through it.", source: "kernel bond_main.c, bond_enslave", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, answer: .yes, text: "Ports that cannot carry VLANs are refused once there are VLANs.", trial: "Put a VLAN on it and send through it.", source: "kernel team_core.c, team_port_add", evidence: [.code, .observed]),
            ])
    }
    @inline(never) private static func row98() -> Feature {
        Feature(
            name: "wicked", title: "wicked sets it up (SUSE)", row: 98,
            cells: [
                Feature.Cell(driver: .bonding, answer: .yes, text: "By BONDING_MODULE_OPTS of ifcfg-bonding(5).", lacks: ["ns_ip6_target", "lacp_active", "prio", "peer_notif_delay", "arp_missed_max", "coupled_control", "broadcast_neighbor", "lacp_strict", "actor_port_prio"], source: "ifcfg-bonding(5)", evidence: [.document]),
                Feature.Cell(driver: .teaming, answer: .yes, text: "By TEAM_RUNNER and what belongs to it of ifcfg-team(5).", source: "ifcfg-team(5)", evidence: [.document]),
            ])
    }
    @inline(never) private static func row30() -> Feature {
        Feature(
            name: "xdp", title: "An XDP program runs natively on the aggregate", row: 30,
            cells: [
                Feature.Cell(driver: .bonding, modes: [.balanceRR, .activeBackup, .balanceXOR, .lacp], answer: .yes, text: "Every port needs native XDP and ndo_xdp_xmit and no program of its own; the hash vlan+srcmac excludes it, and AF_XDP gets no zero copy.", since: "5.15", conditions: ["every port has native XDP and ndo_xdp_xmit"], trial: "Attach a program in native mode to a bond of veth ports.", source: "kernel bond_main.c, bond_xdp_set", evidence: [.code, .observed]),
                Feature.Cell(driver: .bonding, modes: [.broadcast, .balanceTLB, .balanceALB], answer: .no, text: "The mode is refused.", trial: "Attach a program in native mode to a bond of veth ports.", source: "kernel bond_main.c, bond_xdp_check", evidence: [.code, .observed]),
                Feature.Cell(driver: .teaming, answer: .no, text: "A team has no ndo_bpf: a program runs generically, above it.", trial: "Attach a program in native mode to a team.", source: "kernel team_core.c", evidence: [.code, .observed]),
            ])
    }
    @inline(never) private static func row27() -> Feature {
        Feature(
            name: "zeromq", title: "It can be spoken to over ZeroMQ", row: 27, claim: Feature.Claim(bonding: "No", teaming: "Yes", verdict: .partly, reason: "It is there only where the package was built with it."),
            cells: [
                Feature.Cell(driver: .bonding, answer: .no, text: "It has no such interface.", source: "kernel drivers/net/bonding", evidence: [.code]),
                Feature.Cell(driver: .teaming, answer: .partly, text: "It is compiled in where whoever packaged it wanted that; Debian did not.", source: "libteam configure.ac", evidence: [.code, .observed]),
            ])
    }

    @inline(never) private static func modes() -> [ModeProfile] {
        [
            ModeProfile(mode: .activeBackup, place: 1, summary: "One port carries the traffic, the others wait for it to fail.", reason: "The simplest that survives a failed link, and the one that asks nothing of anybody.", drivers: [.bonding, .teaming], switchNeed: .nothing, switchSetup: "Leave the ports out of any group: ordinary ports of one network.", switchSource: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst", switchEvidence: [.document]),
            ModeProfile(mode: .lacp, place: 2, summary: "The ports are bundled with the switch by LACP, and a hash puts each flow on one of them.", reason: "The standard of IEEE 802.1AX, and both ends agree on it.", drivers: [.bonding, .teaming], switchNeed: .lacp, switchSetup: "Put the ports into one LACP group, mode active, with the rate that the host asks for.", switchSource: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst", switchEvidence: [.document]),
            ModeProfile(mode: .balanceXOR, place: 3, summary: "A hash puts each flow on a port, and the switch takes the ports for one.", reason: "As LACP, but a wrong cable or setting is not noticed.", drivers: [.bonding, .teaming], switchNeed: .static, switchSetup: "Put the ports into one static group, without LACP.", switchSource: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst", switchEvidence: [.document]),
            ModeProfile(mode: .balanceTLB, place: 4, summary: "What is sent goes over the ports by their load, without help from the switch.", reason: "It balances without a switch, but in one direction.", drivers: [.bonding], switchNeed: .nothing, switchSetup: "Leave the ports out of any group: ordinary ports of one network.", switchSource: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst", switchEvidence: [.document]),
            ModeProfile(mode: .balanceALB, place: 5, summary: "What is sent goes over the ports by their load, what is received over IPv4 too, without help from the switch.", reason: "It steers clients by ARP, which more can upset than balance-tlb.", drivers: [.bonding], switchNeed: .nothing, switchSetup: "Leave the ports out of any group: ordinary ports of one network.", switchSource: "kernel Documentation/networking/bonding.rst; kernel bond_alb.c", switchEvidence: [.document, .code]),
            ModeProfile(mode: .balanceRR, place: 6, summary: "Frames take the ports in turn.", reason: "Only for who needs more than one port\'s bandwidth in one flow: it reorders.", drivers: [.bonding, .teaming], switchNeed: .static, switchSetup: "Put the ports into one static group, without LACP.", switchSource: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst", switchEvidence: [.document]),
            ModeProfile(mode: .broadcast, place: 7, summary: "Every frame goes out of every port.", reason: "For two separate networks, seldom for anything else.", drivers: [.bonding, .teaming], switchNeed: .static, switchSetup: "Put the ports into one static group, without LACP.", switchSource: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst", switchEvidence: [.document]),
            ModeProfile(mode: .random, place: 8, summary: "Every frame takes a port at random.", reason: "As balance-rr, and less even.", drivers: [.teaming], switchNeed: .static, switchSetup: "Put the ports into one static group, without LACP.", switchSource: "Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst", switchEvidence: [.document]),
        ]
    }

    @inline(never) private static func workloads() -> [Workload] {
        [
            Workload(name: "database", title: "A database server", reason: "A failover has to be short and certain, and it should be known which port is used.", requirements: [Requirement(.redundancy, .none, .must), Requirement(.daemonFree, .none, .must), Requirement(.priorities, .none, .should)]),
            Workload(name: "edge-router", title: "An edge router", reason: "Packets of many flows pass at high rates, filtered by XDP, in many VLANs.", requirements: [Requirement(.redundancy, .none, .must), Requirement(.vlans, .none, .must), Requirement(.xdp, .none, .should), Requirement(.throughput, .none, .should)]),
            Workload(name: "firewall-pair", title: "One of two firewalls", reason: "Each firewall prefers its own switch, and takes the other when that fails.", requirements: [Requirement(.redundancy, .none, .must), Requirement(.switch, .choice("two"), .must), Requirement(.priorities, .none, .must), Requirement(.vlans, .none, .should)]),
            Workload(name: "hpc-node", title: "A compute node with RDMA", reason: "RDMA over the ports of one card goes on when a port fails, if the driver knows the aggregate.", requirements: [Requirement(.redundancy, .none, .must), Requirement(.rdma, .none, .must), Requirement(.throughput, .none, .should)]),
            Workload(name: "hypervisor", title: "A hypervisor with a bridge for its guests", reason: "Guests send with addresses of their own through a bridge and VLANs; their traffic should spread over the ports, and nothing but the kernel should have to run for it.", requirements: [Requirement(.redundancy, .none, .must), Requirement(.bridge, .none, .must), Requirement(.vlans, .none, .must), Requirement(.throughput, .none, .should), Requirement(.daemonFree, .none, .should)]),
            Workload(name: "ipv6-only", title: "A host without IPv4", reason: "ARP cannot tell whether the next hop is there; neighbour solicitation can. Its address stands in for your router.", requirements: [Requirement(.redundancy, .none, .must), Requirement(.ipv6Only, .none, .must), Requirement(.ipv6Monitoring, .targets([IPAddress(bytes: [32, 1, 13, 184, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])].compactMap { $0 }), .must), Requirement(.daemonFree, .none, .should)]),
            Workload(name: "kubernetes-node", title: "A Kubernetes node", reason: "Pods come and go in network namespaces, eBPF programs of the network plug-in want native XDP, and the node is set up by kubernetes-nmstate.", requirements: [Requirement(.redundancy, .none, .must), Requirement(.daemonFree, .none, .must), Requirement(.tool, .choice("nmstate"), .must), Requirement(.xdp, .none, .should), Requirement(.throughput, .none, .should)]),
            Workload(name: "ovs-host", title: "A host with Open vSwitch", reason: "Open vSwitch takes the aggregate as one of its ports, so what it sees must not move between ports by itself.", requirements: [Requirement(.redundancy, .none, .must), Requirement(.bridge, .none, .must), Requirement(.throughput, .none, .should), Requirement(.runtimeControl, .none, .should)]),
            Workload(name: "pxe-host", title: "A host that is installed over the network", reason: "The boot firmware speaks no LACP: traffic has to flow before the switch has a partner, and afterwards the ports are bundled.", requirements: [Requirement(.redundancy, .none, .must), Requirement(.lacp, .none, .must), Requirement(.trafficWithoutPartner, .none, .must)]),
            Workload(name: "rhel-10-migration", title: "A host that moves from team to RHEL 10", reason: "RHEL 10 has no teaming: what teamd did has to be done by a bond that NetworkManager sets up.", requirements: [Requirement(.redundancy, .none, .must), Requirement(.distribution, .choice("rhel-10"), .must), Requirement(.tool, .choice("networkmanager"), .must), Requirement(.priorities, .none, .should)]),
            Workload(name: "storage", title: "A storage server (iSCSI, NFS, Ceph)", reason: "Many clients read large amounts at once, and a lost port must not end a session.", requirements: [Requirement(.redundancy, .none, .must), Requirement(.throughput, .none, .must), Requirement(.lacp, .none, .should)]),
            Workload(name: "test-bed", title: "A test-bed with one 10G switch", reason: "Measurements want all ports of one switch used, evenly.", requirements: [Requirement(.throughput, .none, .must), Requirement(.redundancy, .none, .should), Requirement(.rebalancing, .none, .should)]),
            Workload(name: "time-server", title: "A host that keeps time by PTP", reason: "Timestamps are taken by the hardware of the port in use.", requirements: [Requirement(.redundancy, .none, .must), Requirement(.ptp, .none, .must), Requirement(.daemonFree, .none, .should)]),
            Workload(name: "web-server", title: "A web server on two switches", reason: "Two switches that know nothing of each other leave no room for a group; many short flows would use both ports, but a failing switch must not be noticed.", requirements: [Requirement(.redundancy, .none, .must), Requirement(.switch, .choice("two"), .must), Requirement(.daemonFree, .none, .must), Requirement(.throughput, .none, .should)]),
        ]
    }

    @inline(never) private static func switches() -> [SwitchProfile] {
        [
            SwitchProfile(name: "lacp-switch", title: "One switch that speaks LACP", offers: Requirement(.switch, .choice("lacp"), .must), setup: ["Make a LACP group of the ports, mode active, with the rate that the host asks for.", "Without LACP on the host, make a static group instead, or none."], source: "IEEE 802.1AX-2020, 6.4"),
            SwitchProfile(name: "linux-lab", title: "A Linux host as a switch, as the lab makes one", offers: Requirement(.switch, .choice("lacp"), .must), setup: ["ip link add po0 type bond mode 802.3ad miimon 100 lacp_rate fast", "ip link set sw0 down; ip link set sw0 master po0; and so on for each port", "ip link set po0 up"], source: "ip-link(8); kernel Documentation/networking/bonding.rst"),
            SwitchProfile(name: "mlag-pair", title: "Two switches that act as one (MLAG, vPC, MC-LAG)", offers: Requirement(.switch, .choice("mlag"), .must), setup: ["Make a LACP group with one number on both switches, one port of the host on each."], source: "IEEE 802.1AX-2020, 9"),
            SwitchProfile(name: "nextu-3424gl3-10g", title: "NEXTU 3424GL3-10G, 24 ports 1G and 4 ports 10G, layer 2 and 3", offers: Requirement(.switch, .choice("lacp"), .must), setup: ["Make a LACP group of ports of one speed in its web interface; ports of 1G and of 10G do not go together."], source: "the maker\'s description: LACP, VLAN, RIP, OSPF, IPv4 and IPv6, DHCP, web interface"),
            SwitchProfile(name: "sonic", title: "A switch that runs SONiC", offers: Requirement(.switch, .choice("lacp"), .must), setup: ["config portchannel add PortChannel1", "config portchannel member add PortChannel1 Ethernet0; and so on for each port", "With --fallback=true at the first line a port works before the host speaks LACP."], source: "SONiC command reference, portchannel"),
            SwitchProfile(name: "static-lag", title: "A switch with static groups, without LACP", offers: Requirement(.switch, .choice("static"), .must), setup: ["Make a static group (trunk, LAG mode on) of the ports; where it can be chosen, let its hash look at IP addresses and ports."], source: "IEEE 802.1AX-2020, 5.3"),
            SwitchProfile(name: "two-independent", title: "Two switches that know nothing of each other", offers: Requirement(.switch, .choice("two"), .must), setup: ["Leave the ports out of any group, and make them edge ports.", "Join the two switches at layer 2, with the same VLANs on both.", "Let a switch that loses its uplinks take the ports down (link-state tracking)."], source: "kernel Documentation/networking/bonding.rst, 11.2"),
            SwitchProfile(name: "unmanaged", title: "A switch on which nothing can be set", offers: Requirement(.switch, .choice("unmanaged"), .must), setup: [], source: "what such switches are"),
        ]
    }

    @inline(never) private static func alternatives() -> [Alternative] {
        [
            Alternative(name: "cloud-instance", title: "Nothing at all in a cloud", text: "In a cloud a second interface saves nothing: the provider keeps the path below the interface alive, and its network knows neither LACP nor addresses that move.", requirements: ["cloud"], drivers: ["ena", "gve", "mana", "hv_netvsc"], source: "Google Cloud VPC documentation, VPC networks; Amazon VPC user guide, elastic network interfaces", evidence: [.document]),
            Alternative(name: "dpdk-bonding", title: "Bonding within DPDK", text: "Ports that DPDK has to itself are bundled by DPDK (net_bonding), and the kernel sees none of it.", requirements: ["dpdk"], source: "DPDK programmer\'s guide, Link Bonding Poll Mode Driver Library", evidence: [.document]),
            Alternative(name: "multipath", title: "Paths instead of a group: multipath for storage", text: "iSCSI and NVMe over Fabrics use both ports by themselves: an address in a network of its own on each, and dm- multipath or the kernel\'s NVMe multipath above them.", profiles: ["storage"], source: "RHEL 9, Configuring device mapper multipath, 1; kernel Documentation/admin-guide/nvme-multipath.rst", evidence: [.document]),
            Alternative(name: "nfs-trunking", title: "Several connections of NFS", text: "NFS spreads by itself: nconnect opens several connections to a server, and max_connect with session trunking several of its addresses.", profiles: ["storage"], requirements: ["single-flow"], source: "nfs(5), nconnect and max_connect; RFC 8881, 2.10.5", evidence: [.document]),
            Alternative(name: "ovs-bond", title: "A bond of Open vSwitch", text: "Open vSwitch bundles ports itself: balance-slb spreads guests by their addresses without a group, balance-tcp with LACP.", profiles: ["ovs-host"], requirements: ["bridge"], source: "Open vSwitch documentation, Bonding; ovs-vswitchd.conf.db(5), bond_mode", evidence: [.document]),
            Alternative(name: "routed-host", title: "Routes instead of a group: BGP and ECMP to the host", text: "The host routes over both ports: an address on the loopback device, announced by BGP to each switch, and ECMP both ways. Nothing at layer 2 has to join the switches.", profiles: ["edge-router", "kubernetes-node", "web-server"], requirements: ["switch=two"], source: "RFC 7938, 4 and 6; FRRouting user guide, BGP, BGP unnumbered", evidence: [.document]),
            Alternative(name: "smb-multichannel", title: "Several connections of SMB", text: "SMB multichannel opens connections over every port that has an address, and keeps the session when one fails.", profiles: ["storage"], requirements: ["single-flow"], source: "smb.conf(5), server multi channel support", evidence: [.document]),
            Alternative(name: "source-load-balancing", title: "Guests spread by address, without a group", text: "NetworkManager and nmstate have balance-slb: balance-xor by VLAN and address, with rules that drop what comes back.", profiles: ["hypervisor"], requirements: ["bridge"], source: "NetworkManager nm-setting-bond.c, NM_SETTING_BOND_OPTION_BALANCE_SLB; nmstate BondOptions, balance-slb", evidence: [.code]),
            Alternative(name: "virtual-machine", title: "Nothing at all in a virtual machine", text: "A virtual machine needs no aggregate where its host has one: the bridge of the host fails over for it.", drivers: ["virtio_net", "vmxnet3"], source: "kernel Documentation/networking/net_failover.rst, overview", evidence: [.document]),
        ]
    }

}
