// swift-format-ignore-file
// Written by `make generate` from profiles/: change the files there, not here.

/// The files of `profiles/`, carried inside the program so that it works without any file beside it.
package enum EmbeddedProfiles {
    /// Path below `profiles/` and text of each file, in order of path.
    package static let files: [(path: StaticString, text: StaticString)] = [
        (
            "features/arp-monitoring.yaml",
#"""
feature: arp-monitoring
title: A next hop is watched by ARP
cells:
  - driver: bonding
    modes: [balance-rr, active-backup, balance-xor, broadcast]
    answer: yes
    text: Up to 16 targets are asked every arp_interval; it replaces the link monitor.
    source: kernel bond_options.c, bond_option_arp_ip_targets_set
    evidence: [code]
  - driver: bonding
    modes: [lacp, balance-tlb, balance-alb]
    answer: no
    text: The kernel refuses arp_interval in this mode.
    source: kernel bond_options.c, unsuppmodes
    evidence: [code, observed]
  - driver: teaming
    modes: [active-backup, balance-xor]
    answer: yes
    text: arp_ping asks one target.
    conditions:
      - teamd runs as long as the aggregate does
    risk: Without validate_active any ARP frame counts as an answer.
    source: libteam teamd_lw_arp_ping.c
    evidence: [code]
  - driver: teaming
    modes: [balance-rr, random, broadcast]
    answer: partly
    text: The kernel sees what arp_ping found, but the runner has no logic of its own.
    conditions:
      - teamd runs as long as the aggregate does
    source: libteam teamd_lw_arp_ping.c; kernel team_core.c
    evidence: [code]
  - driver: teaming
    modes: [lacp]
    answer: no
    text: The runner lacp does not react to what the probe says.
    source: libteam teamd_runner_lacp.c, lacp_event_watch_ops
    evidence: [code]

"""#
        ),
        (
            "features/daemon-free.yaml",
#"""
feature: daemon-free
title: Works without a program that has to keep running
cells:
  - driver: bonding
    answer: yes
    text: All logic is in the kernel.
    source: kernel bond_main.c
    evidence: [code, observed]
  - driver: teaming
    answer: no
    text: Each aggregate needs its own teamd; when that ends by SIGTERM the device goes too, with its addresses.
    risk: Ending teamd by SIGTERM deletes the aggregate with its addresses.
    source: libteam teamd.c
    evidence: [code, observed]

"""#
        ),
        (
            "features/hash-addresses-and-ports.yaml",
#"""
feature: hash-addresses-and-ports
title: Flows are told apart by IP addresses and ports
cells:
  - driver: bonding
    modes: [balance-xor, lacp]
    answer: yes
    text: The hash layer3+4 does that.
    source: kernel bond_options.c, bond_option_xmit_hash_policy_set
    evidence: [code]
  - driver: bonding
    modes: [balance-tlb, balance-alb]
    answer: partly
    text: The hash layer3+4 is used only with tlb_dynamic_lb off.
    conditions:
      - tlb_dynamic_lb is off
    source: kernel include/net/bonding.h, bond_mode_can_use_xmit_hash
    evidence: [code]
  - driver: bonding
    modes: [balance-rr, active-backup, broadcast]
    answer: no
    text: The mode has no hash.
    source: kernel include/net/bonding.h, bond_mode_can_use_xmit_hash
    evidence: [code]
  - driver: teaming
    modes: [balance-xor, lacp]
    answer: yes
    text: tx_hash with l3 and l4 does that.
    source: libteam teamd_hash_func.c
    evidence: [code]
  - driver: teaming
    modes: [balance-rr, random, active-backup, broadcast]
    answer: no
    text: The runner has no hash.
    source: libteam teamd_hash_func.c
    evidence: [code]

"""#
        ),
        (
            "features/ipv6-monitoring.yaml",
#"""
feature: ipv6-monitoring
title: A next hop is watched by IPv6 neighbour solicitation
cells:
  - driver: bonding
    modes: [active-backup, broadcast]
    answer: yes
    text: Up to 16 targets are asked every arp_interval; it replaces the link monitor.
    since: "5.18"
    source: kernel bond_options.c, bond_option_ns_ip6_targets_set
    evidence: [code, observed]
  - driver: bonding
    modes: [balance-rr, balance-xor]
    answer: partly
    text:
      Up to 16 targets are asked every arp_interval, but the switch hands each answer to one port only, so any frame
      has to count as one.
    since: "5.18"
    risk: A port over which nothing arrives for a while counts as failed.
    source:
      kernel bond_options.c, bond_option_ns_ip6_targets_set; kernel Documentation/networking/bonding.rst, arp_interval
    evidence: [code, document]
  - driver: bonding
    modes: [lacp, balance-tlb, balance-alb]
    answer: no
    text: The kernel refuses arp_interval in this mode, and without it the targets are never asked.
    source: kernel bond_options.c, unsuppmodes
    evidence: [code, observed]
  - driver: teaming
    modes: [active-backup, balance-xor]
    answer: yes
    text: nsna_ping asks one target; only an answer of exactly 72 bytes with the target's link-layer address counts.
    conditions:
      - teamd runs as long as the aggregate does
    source: libteam teamd_lw_nsna_ping.c
    evidence: [code]
  - driver: teaming
    modes: [balance-rr, random, broadcast]
    answer: partly
    text: The kernel sees what nsna_ping found, but the runner has no logic of its own.
    conditions:
      - teamd runs as long as the aggregate does
    source: libteam teamd_lw_nsna_ping.c; kernel team_core.c
    evidence: [code]
  - driver: teaming
    modes: [lacp]
    answer: no
    text: The runner lacp does not react to what the probe says.
    source: libteam teamd_runner_lacp.c, lacp_event_watch_ops
    evidence: [code]

"""#
        ),
        (
            "features/lacp.yaml",
#"""
feature: lacp
title: Ports are bundled by LACP
cells:
  - driver: bonding
    modes: [lacp]
    answer: yes
    text: Mode 802.3ad speaks LACP, actively unless lacp_active is off.
    source: kernel bond_3ad.c
    evidence: [code, observed]
  - driver: bonding
    modes: [balance-rr, active-backup, balance-xor, broadcast, balance-tlb, balance-alb]
    answer: no
    text: Only mode 802.3ad speaks LACP.
    source: kernel bond_3ad.c
    evidence: [code]
  - driver: teaming
    modes: [lacp]
    answer: yes
    text: The runner lacp speaks LACP version 1.
    source: libteam teamd_runner_lacp.c
    evidence: [code, observed]
  - driver: teaming
    modes: [balance-rr, random, active-backup, balance-xor, broadcast]
    answer: no
    text: Only the runner lacp speaks LACP.
    source: libteam teamd_runner_lacp.c
    evidence: [code]

"""#
        ),
        (
            "features/link-monitoring.yaml",
#"""
feature: link-monitoring
title: The carrier of every port can be watched
cells:
  - driver: bonding
    modes: [balance-rr, active-backup, balance-xor, broadcast]
    answer: yes
    text: miimon can look at the carrier at an interval; the kernel's own default is off.
    source: kernel bond_options.c, bond_option_miimon_set
    evidence: [code, observed]
  - driver: bonding
    modes: [lacp, balance-tlb, balance-alb]
    answer: yes
    text: miimon can look at the carrier at an interval, 100 ms by default.
    source: kernel bond_options.c, bond_option_miimon_set
    evidence: [code, observed]
  - driver: teaming
    answer: yes
    text: The ethtool watch follows the kernel's events, without an interval.
    source: libteam teamd_lw_ethtool.c
    evidence: [code]

"""#
        ),
        (
            "features/min-ports.yaml",
#"""
feature: min-ports
title: The carrier depends on how many ports can be used
cells:
  - driver: bonding
    modes: [lacp]
    answer: yes
    text: min_links does that.
    source: kernel bond_3ad.c, bond_3ad_set_carrier
    evidence: [code, observed]
  - driver: bonding
    modes: [balance-rr, active-backup, balance-xor, broadcast, balance-tlb, balance-alb]
    answer: no
    text: min_links has no effect in this mode.
    source: kernel bond_3ad.c, bond_3ad_set_carrier
    evidence: [code, observed]
  - driver: teaming
    modes: [lacp]
    answer: yes
    text: runner.min_ports does that.
    source: libteam teamd_runner_lacp.c
    evidence: [code]
  - driver: teaming
    modes: [balance-rr, random, active-backup, balance-xor, broadcast]
    answer: no
    text: Only the runner lacp has min_ports.
    source: libteam teamd_runner_lacp.c
    evidence: [code]

"""#
        ),
        (
            "features/per-port-monitoring.yaml",
#"""
feature: per-port-monitoring
title: Each port can be watched in its own way
cells:
  - driver: bonding
    answer: no
    text: Monitoring belongs to the whole bond; a port has only queue_id, prio and actor_port_prio.
    source: kernel bond_netlink.c, bond_slave_policy
    evidence: [code]
  - driver: teaming
    modes: [active-backup, balance-xor]
    answer: yes
    text: ports.X.link_watch gives a port watches of its own, in addition to the global ones.
    conditions:
      - teamd runs as long as the aggregate does
    risk: A failing probe of one port is masked by its ethtool watch, unless link_watch_policy is all (libteam 1.32).
    source: libteam teamd_link_watch.c, link_watch_event_watch_port_added
    evidence: [code, observed]
  - driver: teaming
    modes: [balance-rr, random, broadcast]
    answer: partly
    text: The kernel sees what a probe found, but the runner has no logic of its own.
    conditions:
      - teamd runs as long as the aggregate does
    source: libteam teamd_link_watch.c; kernel team_core.c
    evidence: [code]
  - driver: teaming
    modes: [lacp]
    answer: no
    text: The runner lacp follows only the kernel's link changes, whatever a watch says.
    source: libteam teamd_runner_lacp.c, lacp_event_watch_ops
    evidence: [code]

"""#
        ),
        (
            "features/receive-balancing.yaml",
#"""
feature: receive-balancing
title: What is received comes in by several ports
cells:
  - driver: bonding
    modes: [balance-rr, balance-xor, lacp]
    answer: yes
    text: The switch spreads what is received, by a hash of its own.
    risk: "The switch chooses the port for what is received: set its hash to IP addresses and ports too."
    source: Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst
    evidence: [document]
  - driver: bonding
    modes: [active-backup]
    answer: no
    text: What is received comes in by the active port.
    source: kernel Documentation/networking/bonding.rst
    evidence: [document]
  - driver: bonding
    modes: [broadcast]
    answer: no
    text: Every port receives the same or nothing.
    source: kernel Documentation/networking/bonding.rst
    evidence: [document]
  - driver: bonding
    modes: [balance-tlb]
    answer: no
    text: What is received comes in by one port.
    risk: What is received never gets more than the bandwidth of one port.
    source: kernel Documentation/networking/bonding.rst
    evidence: [document]
  - driver: bonding
    modes: [balance-alb]
    answer: partly
    text: "IPv4 only: the answers to ARP tell clients different addresses."
    conditions:
      - the ports' drivers can change their address while they are up
    risk: What is received over IPv6 never gets more than the bandwidth of one port.
    source: kernel bond_alb.c, rlb_arp_xmit
    evidence: [code]
  - driver: teaming
    modes: [balance-rr, random, balance-xor, lacp]
    answer: yes
    text: The switch spreads what is received, by a hash of its own.
    risk: "The switch chooses the port for what is received: set its hash to IP addresses and ports too."
    source: Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst
    evidence: [document]
  - driver: teaming
    modes: [active-backup]
    answer: no
    text: What is received comes in by the active port.
    source: libteam teamd_runner_activebackup.c
    evidence: [code]
  - driver: teaming
    modes: [broadcast]
    answer: no
    text: Every port receives the same or nothing.
    source: kernel Documentation/networking/bonding.rst
    evidence: [document]

"""#
        ),
        (
            "features/redundancy.yaml",
#"""
feature: redundancy
title: Traffic goes on when the link of a port fails
cells:
  - driver: bonding
    modes: [active-backup]
    answer: yes
    text: One port carries everything; when its link fails the kernel moves to another one.
    source: kernel bond_main.c
    evidence: [code, observed]
  - driver: bonding
    modes: [balance-rr, balance-xor, balance-tlb]
    answer: yes
    text: The ports that are left carry everything.
    source: kernel Documentation/networking/bonding.rst, mode descriptions
    evidence: [document]
  - driver: bonding
    modes: [broadcast]
    answer: yes
    text: Every frame goes out of every port, so one that fails is not missed.
    source: kernel bond_main.c, bond_xmit_broadcast
    evidence: [code]
  - driver: bonding
    modes: [lacp]
    answer: yes
    text: The ports that are left in the aggregator carry everything.
    source: kernel bond_3ad.c
    evidence: [code, observed]
  - driver: bonding
    modes: [balance-alb]
    answer: yes
    text: The ports that are left carry everything, and one of them takes over the address that is missing.
    conditions:
      - the ports' drivers can change their address while they are up
    risk: A client may lose its connection when a port comes back before the switch forwards on it.
    source: kernel bond_alb.c; kernel Documentation/networking/bonding.rst
    evidence: [code, document]
  - driver: teaming
    modes: [active-backup]
    answer: yes
    text: teamd moves to another port; the kernel part only follows it.
    conditions:
      - teamd runs as long as the aggregate does
    risk:
      When teamd is dead and the active port loses its link, the dead port stays in use while the aggregate keeps its
      carrier.
    source: libteam teamd_runner_activebackup.c; kernel team_mode_activebackup.c
    evidence: [code, observed]
  - driver: teaming
    modes: [balance-xor]
    answer: yes
    text: teamd disables a port whose link is down.
    conditions:
      - teamd runs as long as the aggregate does
    risk:
      "When teamd is dead and a link fails, the flows of that port are lost: the kernel's hash does not look at
      links."
    source: libteam teamd_runner_loadbalance.c; kernel team_mode_loadbalance.c, lb_hash_select_tx_port
    evidence: [code, observed]
  - driver: teaming
    modes: [lacp]
    answer: yes
    text: teamd takes a port out of the aggregator when its link or its partner is gone.
    conditions:
      - teamd runs as long as the aggregate does
    risk:
      When teamd is dead no LACPDU is sent, so the partner stops using the ports, while this side keeps its carrier.
    source: libteam teamd_runner_lacp.c
    evidence: [code, observed]
  - driver: teaming
    modes: [balance-rr]
    answer: yes
    text: The kernel skips ports without link, with or without teamd.
    source: kernel team_mode_roundrobin.c
    evidence: [code, observed]
  - driver: teaming
    modes: [random]
    answer: yes
    text: The kernel skips ports without link, with or without teamd.
    source: kernel team_mode_random.c
    evidence: [code]
  - driver: teaming
    modes: [broadcast]
    answer: yes
    text: Every frame goes out of every port that can send.
    source: kernel team_mode_broadcast.c
    evidence: [code]

"""#
        ),
        (
            "features/single-flow.yaml",
#"""
feature: single-flow
title: One flow gets more bandwidth than one port has
cells:
  - driver: bonding
    modes: [balance-rr]
    answer: partly
    text: Frames of one flow take the ports in turn, and TCP segments may arrive out of order.
    source: kernel bond_main.c; kernel Documentation/networking/bonding.rst
    evidence: [code, document]
  - driver: bonding
    modes: [active-backup]
    answer: no
    text: One port carries everything.
    source: kernel bond_main.c
    evidence: [code]
  - driver: bonding
    modes: [balance-xor, lacp]
    answer: no
    text: A flow stays on one port.
    source: kernel include/net/bonding.h, bond_mode_can_use_xmit_hash
    evidence: [code]
  - driver: bonding
    modes: [broadcast]
    answer: no
    text: Every port sends the same frames.
    source: kernel bond_main.c, bond_xmit_broadcast
    evidence: [code]
  - driver: bonding
    modes: [balance-tlb, balance-alb]
    answer: no
    text: A flow stays on one port until it is moved.
    source: kernel bond_alb.c
    evidence: [code]
  - driver: teaming
    modes: [balance-rr, random]
    answer: partly
    text: Frames of one flow take several ports, and nothing keeps their order.
    source: kernel team_mode_roundrobin.c, team_mode_random.c
    evidence: [code]
  - driver: teaming
    modes: [active-backup]
    answer: no
    text: One port carries everything.
    source: kernel team_mode_activebackup.c
    evidence: [code]
  - driver: teaming
    modes: [balance-xor, lacp]
    answer: no
    text: A flow stays on one port until it is moved.
    source: kernel team_mode_loadbalance.c
    evidence: [code]
  - driver: teaming
    modes: [broadcast]
    answer: no
    text: Every port sends the same frames.
    source: kernel team_mode_broadcast.c
    evidence: [code]

"""#
        ),
        (
            "features/switch-lacp.yaml",
#"""
feature: switch-lacp
title: Works on one switch that offers LACP
cells:
  - driver: bonding
    modes: [active-backup, balance-tlb]
    answer: yes
    text: Nothing has to be set on the switch.
    switch: "Leave the ports out of any group: ordinary ports of one network."
    source: Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst
    evidence: [document]
  - driver: bonding
    modes: [balance-alb]
    answer: yes
    text: Nothing has to be set on the switch.
    conditions:
      - the ports' drivers can change their address while they are up
    switch: "Leave the ports out of any group: ordinary ports of one network."
    source: kernel Documentation/networking/bonding.rst; kernel bond_alb.c
    evidence: [document, code]
  - driver: bonding
    modes: [balance-rr, balance-xor, broadcast]
    answer: unproven
    text: Needs a static group; that the switch offers one beside LACP has not been said.
    source: Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst
    evidence: [document]
  - driver: bonding
    modes: [lacp]
    answer: yes
    text: The switch is the LACP partner.
    switch: Put the ports into one LACP group, active or passive.
    source: kernel bond_3ad.c
    evidence: [code, observed]
  - driver: teaming
    modes: [active-backup]
    answer: yes
    text: Nothing has to be set on the switch.
    switch: "Leave the ports out of any group: ordinary ports of one network."
    source: Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst
    evidence: [document]
  - driver: teaming
    modes: [balance-rr, random, balance-xor, broadcast]
    answer: unproven
    text: Needs a static group; that the switch offers one beside LACP has not been said.
    source: Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst
    evidence: [document]
  - driver: teaming
    modes: [lacp]
    answer: yes
    text: The switch is the LACP partner.
    switch: Put the ports into one LACP group, active or passive.
    source: libteam teamd_runner_lacp.c
    evidence: [code, observed]

"""#
        ),
        (
            "features/switch-mlag.yaml",
#"""
feature: switch-mlag
title: Works on two switches that act as one (MLAG, vPC)
cells:
  - driver: bonding
    modes: [active-backup, balance-tlb]
    answer: yes
    text: Nothing has to be set on the switch.
    switch: "Leave the ports out of any group: ordinary ports of one network."
    source: Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst
    evidence: [document]
  - driver: bonding
    modes: [balance-alb]
    answer: yes
    text: Nothing has to be set on the switch.
    conditions:
      - the ports' drivers can change their address while they are up
    switch: "Leave the ports out of any group: ordinary ports of one network."
    source: kernel Documentation/networking/bonding.rst; kernel bond_alb.c
    evidence: [document, code]
  - driver: bonding
    modes: [balance-rr, balance-xor]
    answer: yes
    text: The two switches offer a static group together.
    switch: Make one static MLAG group of the ports' two ends, one on each switch.
    source: NVIDIA Onyx documentation, MLAG
    evidence: [document]
  - driver: bonding
    modes: [broadcast]
    answer: unproven
    text: Nothing is known of broadcast over such a pair.
    source: NVIDIA Onyx documentation, MLAG
    evidence: [document]
  - driver: bonding
    modes: [lacp]
    answer: yes
    text: The two switches have one LACP system id and look like one partner.
    switch: Make one MLAG group (vPC) with LACP of the ports' two ends, one on each switch.
    source: NVIDIA Onyx documentation, MLAG; kernel bond_3ad.c
    evidence: [code, observed, document]
  - driver: teaming
    modes: [active-backup]
    answer: yes
    text: Nothing has to be set on the switch.
    switch: "Leave the ports out of any group: ordinary ports of one network."
    source: Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst
    evidence: [document]
  - driver: teaming
    modes: [balance-rr, random, balance-xor]
    answer: yes
    text: The two switches offer a static group together.
    switch: Make one static MLAG group of the ports' two ends, one on each switch.
    source: Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst
    evidence: [document]
  - driver: teaming
    modes: [broadcast]
    answer: unproven
    text: Nothing is known of broadcast over such a pair.
    source: NVIDIA Onyx documentation, MLAG
    evidence: [document]
  - driver: teaming
    modes: [lacp]
    answer: yes
    text: The two switches look like one partner; there is nothing like broadcast_neighbor.
    switch: Make one MLAG group (vPC) with LACP of the ports' two ends, one on each switch.
    source: libteam teamd_runner_lacp.c
    evidence: [code]

"""#
        ),
        (
            "features/switch-static.yaml",
#"""
feature: switch-static
title: Works on one switch that offers static groups, but no LACP
cells:
  - driver: bonding
    modes: [active-backup, balance-tlb]
    answer: yes
    text: Nothing has to be set on the switch.
    switch: "Leave the ports out of any group: ordinary ports of one network."
    source: Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst
    evidence: [document]
  - driver: bonding
    modes: [balance-alb]
    answer: yes
    text: Nothing has to be set on the switch.
    conditions:
      - the ports' drivers can change their address while they are up
    switch: "Leave the ports out of any group: ordinary ports of one network."
    source: kernel Documentation/networking/bonding.rst; kernel bond_alb.c
    evidence: [document, code]
  - driver: bonding
    modes: [balance-rr, balance-xor, broadcast]
    answer: yes
    text: A static group is what it needs.
    switch: Put the ports into one static group, without LACP.
    source: Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst
    evidence: [document]
  - driver: bonding
    modes: [lacp]
    answer: no
    text: "The switch speaks no LACP: there is no partner, and only one port carries traffic."
    source: kernel bond_3ad.c, bond_3ad_set_carrier
    evidence: [code, observed]
  - driver: teaming
    modes: [active-backup]
    answer: yes
    text: Nothing has to be set on the switch.
    switch: "Leave the ports out of any group: ordinary ports of one network."
    source: Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst
    evidence: [document]
  - driver: teaming
    modes: [balance-rr, random, balance-xor, broadcast]
    answer: yes
    text: A static group is what it needs.
    switch: Put the ports into one static group, without LACP.
    source: Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst
    evidence: [document]
  - driver: teaming
    modes: [lacp]
    answer: no
    text: "The switch speaks no LACP: without a partner no port is used."
    source: libteam teamd_runner_lacp.c
    evidence: [code, observed]

"""#
        ),
        (
            "features/switch-two.yaml",
#"""
feature: switch-two
title: Survives two switches that know nothing of each other
cells:
  - driver: bonding
    modes: [active-backup, balance-tlb]
    answer: yes
    text: Each port may lead to another switch; the switches need not know of each other.
    switch: "Leave the ports out of any group on both switches: ordinary ports of one network."
    source: Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst
    evidence: [document]
  - driver: bonding
    modes: [balance-alb]
    answer: yes
    text: Each port may lead to another switch; the switches need not know of each other.
    conditions:
      - the ports' drivers can change their address while they are up
    switch: "Leave the ports out of any group on both switches: ordinary ports of one network."
    source: kernel Documentation/networking/bonding.rst; kernel bond_alb.c
    evidence: [document, code]
  - driver: bonding
    modes: [balance-rr]
    answer: no
    text: A group across two switches needs MLAG.
    source: Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst
    evidence: [document]
  - driver: bonding
    modes: [balance-xor]
    answer: unproven
    text:
      A group across two switches needs MLAG; with the hash vlan+srcmac alone it is meant to work without a group,
      which nobody has shown here.
    source: Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst
    evidence: [document]
  - driver: bonding
    modes: [broadcast]
    answer: partly
    text: Two separate networks are its real use.
    conditions:
      - the two switches are two separate networks
    switch: Leave the ports out of any group, and keep the two networks apart.
    source: kernel Documentation/networking/bonding.rst
    evidence: [document]
  - driver: bonding
    modes: [lacp]
    answer: no
    text:
      Each switch is another LACP partner, so the ports form two aggregators of which one is used; one aggregator
      needs MLAG.
    source: Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst; kernel bond_3ad.c
    evidence: [document, code]
  - driver: teaming
    modes: [active-backup]
    answer: yes
    text: Each port may lead to another switch; the switches need not know of each other.
    switch: "Leave the ports out of any group on both switches: ordinary ports of one network."
    source: Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst
    evidence: [document]
  - driver: teaming
    modes: [balance-rr, random, balance-xor]
    answer: no
    text: A group across two switches needs MLAG.
    source: Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst
    evidence: [document]
  - driver: teaming
    modes: [broadcast]
    answer: partly
    text: Two separate networks are its real use.
    conditions:
      - the two switches are two separate networks
    switch: Leave the ports out of any group, and keep the two networks apart.
    source: kernel Documentation/networking/bonding.rst
    evidence: [document]
  - driver: teaming
    modes: [lacp]
    answer: no
    text: Each switch is another LACP partner; one aggregator needs MLAG.
    source: Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst
    evidence: [document]

"""#
        ),
        (
            "features/switch-unmanaged.yaml",
#"""
feature: switch-unmanaged
title: Works on a switch on which nothing can be set
cells:
  - driver: bonding
    modes: [active-backup, balance-tlb]
    answer: yes
    text: Nothing has to be set on the switch.
    switch: "Leave the ports out of any group: ordinary ports of one network."
    source: Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst
    evidence: [document]
  - driver: bonding
    modes: [balance-alb]
    answer: yes
    text: Nothing has to be set on the switch.
    conditions:
      - the ports' drivers can change their address while they are up
    switch: "Leave the ports out of any group: ordinary ports of one network."
    source: kernel Documentation/networking/bonding.rst; kernel bond_alb.c
    evidence: [document, code]
  - driver: bonding
    modes: [balance-rr, broadcast]
    answer: no
    text: Needs a static group on the switch, which is not there.
    source: Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst
    evidence: [document]
  - driver: bonding
    modes: [balance-xor]
    answer: unproven
    text:
      Needs a static group; with the hash vlan+srcmac alone it is meant to work without one, which nobody has shown
      here.
    source: Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst
    evidence: [document]
  - driver: bonding
    modes: [lacp]
    answer: no
    text: "The switch speaks no LACP: there is no partner, and only one port carries traffic."
    source: kernel bond_3ad.c, bond_3ad_set_carrier
    evidence: [code, observed]
  - driver: teaming
    modes: [active-backup]
    answer: yes
    text: Nothing has to be set on the switch.
    switch: "Leave the ports out of any group: ordinary ports of one network."
    source: Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst
    evidence: [document]
  - driver: teaming
    modes: [balance-rr, random, balance-xor, broadcast]
    answer: no
    text: Needs a static group on the switch, which is not there.
    source: Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst
    evidence: [document]
  - driver: teaming
    modes: [lacp]
    answer: no
    text: "The switch speaks no LACP: without a partner no port is used."
    source: libteam teamd_runner_lacp.c
    evidence: [code, observed]

"""#
        ),
        (
            "features/throughput.yaml",
#"""
feature: throughput
title: Several flows together use more than one port
cells:
  - driver: bonding
    modes: [balance-rr]
    answer: partly
    text: Frames take the ports in turn, even those of one flow.
    risk: TCP segments may arrive out of order, which slows connections down.
    source: kernel bond_main.c; kernel Documentation/networking/bonding.rst
    evidence: [code, document]
  - driver: bonding
    modes: [active-backup]
    answer: no
    text: One port carries everything; the others wait.
    source: kernel bond_main.c
    evidence: [code]
  - driver: bonding
    modes: [balance-xor]
    answer: yes
    text: A hash puts each flow on a port.
    risk: One flow never gets more than the bandwidth of one port.
    source: kernel include/net/bonding.h, bond_mode_can_use_xmit_hash
    evidence: [code]
  - driver: bonding
    modes: [broadcast]
    answer: no
    text: Every port sends the same frames.
    source: kernel bond_main.c, bond_xmit_broadcast
    evidence: [code]
  - driver: bonding
    modes: [lacp]
    answer: yes
    text: A hash puts each flow on a port of the active aggregator.
    risk: Ports of unequal speed end up in different aggregators, of which only one is used.
    source: kernel include/net/bonding.h, bond_mode_can_use_xmit_hash; bond_3ad.c
    evidence: [code, observed]
  - driver: bonding
    modes: [balance-tlb]
    answer: partly
    text: What is sent goes over the ports by their load; what is received comes in by one port.
    source: kernel bond_alb.c; kernel Documentation/networking/bonding.rst
    evidence: [code, document]
  - driver: bonding
    modes: [balance-alb]
    answer: partly
    text: What is sent goes over the ports by their load; what is received does so for IPv4 only, steered by ARP.
    risk: Below a bridge only the host's own traffic is balanced, not that of guests.
    source: kernel bond_alb.c, rlb_arp_xmit
    evidence: [code]
  - driver: teaming
    modes: [balance-rr]
    answer: partly
    text: Frames take the ports in turn, even those of one flow.
    risk: TCP segments may arrive out of order, which slows connections down.
    source: kernel team_mode_roundrobin.c
    evidence: [code]
  - driver: teaming
    modes: [random]
    answer: partly
    text: Every frame takes a port at random.
    risk: TCP segments may arrive out of order, which slows connections down.
    source: kernel team_mode_random.c
    evidence: [code]
  - driver: teaming
    modes: [active-backup]
    answer: no
    text: One port carries everything; the others wait.
    source: kernel team_mode_activebackup.c
    evidence: [code]
  - driver: teaming
    modes: [balance-xor]
    answer: yes
    text: A hash puts each flow on a port; tx_balancer can move flows from busy ports to idle ones.
    risk: One flow never gets more than the bandwidth of one port.
    source: kernel team_mode_loadbalance.c; libteam teamd_balancer.c
    evidence: [code]
  - driver: teaming
    modes: [broadcast]
    answer: no
    text: Every port sends the same frames.
    source: kernel team_mode_broadcast.c
    evidence: [code]
  - driver: teaming
    modes: [lacp]
    answer: yes
    text: A hash puts each flow on a port; tx_balancer can move flows from busy ports to idle ones.
    risk: One flow never gets more than the bandwidth of one port.
    source: kernel team_mode_loadbalance.c; libteam teamd_runner_lacp.c, teamd_balancer.c
    evidence: [code, observed]

"""#
        ),
        (
            "features/traffic-without-partner.yaml",
#"""
feature: traffic-without-partner
title: Traffic flows before the switch speaks LACP
cells:
  - driver: bonding
    modes: [balance-rr, active-backup, balance-xor, broadcast, balance-tlb, balance-alb]
    answer: yes
    text: It speaks no LACP and waits for nobody.
    source: kernel bond_3ad.c
    evidence: [code]
  - driver: bonding
    modes: [lacp]
    answer: yes
    text: The carrier stays up, and one port carries traffic.
    risk:
      Without any LACP partner the carrier stays up all the same, which can swallow traffic; lacp_strict (Linux 7.2)
      with min_links 1 takes it down instead.
    source: kernel bond_3ad.c, bond_3ad_set_carrier
    evidence: [code, observed]
  - driver: teaming
    modes: [balance-rr, random, active-backup, balance-xor, broadcast]
    answer: yes
    text: It speaks no LACP and waits for nobody.
    source: libteam teamd_runner_lacp.c
    evidence: [code]
  - driver: teaming
    modes: [lacp]
    answer: no
    text: Without a partner no port is used and the carrier stays down; there is no fallback.
    risk: "Nothing gets through on a switch that is not set up yet: no DHCP, no network boot."
    source: libteam teamd_runner_lacp.c
    evidence: [code, observed]

"""#
        ),
        (
            "features/upkeep.yaml",
#"""
feature: upkeep
title: Is maintained and part of current distributions
cells:
  - driver: bonding
    answer: yes
    text: Maintained in the kernel and part of every distribution looked at.
    source: kernel MAINTAINERS
    evidence: [code, document]
  - driver: teaming
    answer: partly
    text: The kernel part is supported; libteam's last release is 1.32 of September 2023, and RHEL 10 has no teaming.
    risk: libteam has had no release since September 2023, and RHEL 10 has no teaming.
    source: kernel MAINTAINERS; libteam history; RHEL 10 kernel configuration change
    evidence: [code, document]

"""#
        ),
        (
            "modes/active-backup.yaml",
#"""
mode: active-backup
place: 1
summary: One port carries the traffic, the others wait for it to fail.
reason: The simplest that survives a failed link, and the one that asks nothing of anybody.
drivers: [bonding, teaming]
switch:
  needs: nothing
  text: "Leave the ports out of any group: ordinary ports of one network."
  source: Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst
  evidence: [document]

"""#
        ),
        (
            "modes/balance-alb.yaml",
#"""
mode: balance-alb
place: 5
summary: What is sent goes over the ports by their load, what is received over IPv4 too, without help from the switch.
reason: It steers clients by ARP, which more can upset than balance-tlb.
drivers: [bonding]
switch:
  needs: nothing
  text: "Leave the ports out of any group: ordinary ports of one network."
  source: kernel Documentation/networking/bonding.rst; kernel bond_alb.c
  evidence: [document, code]

"""#
        ),
        (
            "modes/balance-rr.yaml",
#"""
mode: balance-rr
place: 6
summary: Frames take the ports in turn.
reason: "Only for who needs more than one port's bandwidth in one flow: it reorders."
drivers: [bonding, teaming]
switch:
  needs: static
  text: Put the ports into one static group, without LACP.
  source: Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst
  evidence: [document]

"""#
        ),
        (
            "modes/balance-tlb.yaml",
#"""
mode: balance-tlb
place: 4
summary: What is sent goes over the ports by their load, without help from the switch.
reason: It balances without a switch, but in one direction.
drivers: [bonding]
switch:
  needs: nothing
  text: "Leave the ports out of any group: ordinary ports of one network."
  source: Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst
  evidence: [document]

"""#
        ),
        (
            "modes/balance-xor.yaml",
#"""
mode: balance-xor
place: 3
summary: A hash puts each flow on a port, and the switch takes the ports for one.
reason: As LACP, but a wrong cable or setting is not noticed.
drivers: [bonding, teaming]
switch:
  needs: static
  text: Put the ports into one static group, without LACP.
  source: Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst
  evidence: [document]

"""#
        ),
        (
            "modes/broadcast.yaml",
#"""
mode: broadcast
place: 7
summary: Every frame goes out of every port.
reason: For two separate networks, seldom for anything else.
drivers: [bonding, teaming]
switch:
  needs: static
  text: Put the ports into one static group, without LACP.
  source: Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst
  evidence: [document]

"""#
        ),
        (
            "modes/lacp.yaml",
#"""
mode: lacp
place: 2
summary: The ports are bundled with the switch by LACP, and a hash puts each flow on one of them.
reason: The standard of IEEE 802.1AX, and both ends agree on it.
drivers: [bonding, teaming]
switch:
  needs: lacp
  text: Put the ports into one LACP group, active or passive.
  source: Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst
  evidence: [document]

"""#
        ),
        (
            "modes/random.yaml",
#"""
mode: random
place: 8
summary: Every frame takes a port at random.
reason: As balance-rr, and less even.
drivers: [teaming]
switch:
  needs: static
  text: Put the ports into one static group, without LACP.
  source: Red Hat RHEL 7 Networking Guide, table 7.1; kernel Documentation/networking/bonding.rst
  evidence: [document]

"""#
        ),
    ]
}
