/// /proc/net/bonding as a 6.1.176 kernel wrote it.
enum ProcTexts {
    static let lacp = """
        Ethernet Channel Bonding Driver: v6.1.176

        Bonding Mode: IEEE 802.3ad Dynamic link aggregation
        Transmit Hash Policy: layer2 (0)
        MII Status: up
        MII Polling Interval (ms): 100
        Up Delay (ms): 0
        Down Delay (ms): 0
        Peer Notification Delay (ms): 0

        802.3ad info
        LACP active: on
        LACP rate: fast
        Min links: 0
        Aggregator selection policy (ad_select): stable
        System priority: 65535
        System MAC address: 76:b3:47:41:09:c2
        Active Aggregator Info:
        	Aggregator ID: 1
        	Number of ports: 2
        	Actor Key: 15
        	Partner Key: 15
        	Partner Mac Address: e6:0d:6a:96:e2:17

        Slave Interface: a0
        MII Status: up
        Speed: 10000 Mbps
        Duplex: full
        Link Failure Count: 0
        Permanent HW addr: 76:b3:47:41:09:c2
        Slave queue ID: 0
        Aggregator ID: 1
        Actor Churn State: monitoring
        Partner Churn State: monitoring
        Actor Churned Count: 0
        Partner Churned Count: 0
        details actor lacp pdu:
            system priority: 65535
            system mac address: 76:b3:47:41:09:c2
            port key: 15
            port priority: 255
            port number: 1
            port state: 63
        details partner lacp pdu:
            system priority: 65535
            system mac address: e6:0d:6a:96:e2:17
            oper key: 15
            port priority: 255
            port number: 1
            port state: 63

        Slave Interface: a1
        MII Status: up
        Speed: 10000 Mbps
        Duplex: full
        Link Failure Count: 0
        Permanent HW addr: 4e:08:ce:ce:67:89
        Slave queue ID: 0
        Aggregator ID: 1
        Actor Churn State: monitoring
        Partner Churn State: monitoring
        Actor Churned Count: 0
        Partner Churned Count: 0
        details actor lacp pdu:
            system priority: 65535
            system mac address: 76:b3:47:41:09:c2
            port key: 15
            port priority: 255
            port number: 2
            port state: 63
        details partner lacp pdu:
            system priority: 65535
            system mac address: e6:0d:6a:96:e2:17
            oper key: 15
            port priority: 255
            port number: 2
            port state: 63

        """

    static let lacpUnprivileged = """
        Ethernet Channel Bonding Driver: v6.1.176

        Bonding Mode: IEEE 802.3ad Dynamic link aggregation
        Transmit Hash Policy: layer2 (0)
        MII Status: up
        MII Polling Interval (ms): 100
        Up Delay (ms): 0
        Down Delay (ms): 0
        Peer Notification Delay (ms): 0

        802.3ad info
        LACP active: on
        LACP rate: fast
        Min links: 0
        Aggregator selection policy (ad_select): stable

        Slave Interface: a0
        MII Status: up
        Speed: 10000 Mbps
        Duplex: full
        Link Failure Count: 0
        Permanent HW addr: 76:b3:47:41:09:c2
        Slave queue ID: 0
        Aggregator ID: 1
        Actor Churn State: monitoring
        Partner Churn State: monitoring
        Actor Churned Count: 0
        Partner Churned Count: 0

        Slave Interface: a1
        MII Status: up
        Speed: 10000 Mbps
        Duplex: full
        Link Failure Count: 0
        Permanent HW addr: 4e:08:ce:ce:67:89
        Slave queue ID: 0
        Aggregator ID: 1
        Actor Churn State: monitoring
        Partner Churn State: monitoring
        Actor Churned Count: 0
        Partner Churned Count: 0

        """

    static let activeBackup = """
        Ethernet Channel Bonding Driver: v6.1.176

        Bonding Mode: fault-tolerance (active-backup) (fail_over_mac active)
        Primary Slave: d1 (primary_reselect always)
        Currently Active Slave: d1
        MII Status: up
        MII Polling Interval (ms): 0
        Up Delay (ms): 0
        Down Delay (ms): 0
        Peer Notification Delay (ms): 0
        ARP Polling Interval (ms): 200
        ARP Missed Max: 2
        ARP IP target/s (n.n.n.n form): 192.0.2.1, 192.0.2.2
        NS IPv6 target/s (xx::xx form): 2001:db8::1

        Slave Interface: d0
        MII Status: up
        Speed: Unknown
        Duplex: Unknown
        Link Failure Count: 0
        Permanent HW addr: a2:67:5c:97:a7:76
        Slave queue ID: 0

        Slave Interface: d1
        MII Status: up
        Speed: Unknown
        Duplex: Unknown
        Link Failure Count: 0
        Permanent HW addr: d6:1b:b2:23:46:8c
        Slave queue ID: 0

        """

    static let balanceXOR = """
        Ethernet Channel Bonding Driver: v6.1.176

        Bonding Mode: load balancing (xor)
        Transmit Hash Policy: layer3+4 (1)
        MII Status: up
        MII Polling Interval (ms): 100
        Up Delay (ms): 200
        Down Delay (ms): 0
        Peer Notification Delay (ms): 0

        Slave Interface: d3
        MII Status: up
        Speed: Unknown
        Duplex: Unknown
        Link Failure Count: 0
        Permanent HW addr: 72:c7:ff:09:97:c0
        Slave queue ID: 0

        """

    static let withoutPorts = """
        Ethernet Channel Bonding Driver: v6.1.176

        Bonding Mode: load balancing (round-robin)
        MII Status: down
        MII Polling Interval (ms): 0
        Up Delay (ms): 0
        Down Delay (ms): 0
        Peer Notification Delay (ms): 0

        """
}
