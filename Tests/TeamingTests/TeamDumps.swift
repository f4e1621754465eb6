/// What teamd 1.31 printed for StateDump in the lab kernel.
enum TeamDumps {
    static let lacp = #"""
        {"ports":{"eth0":{"ifinfo":{"dev_addr":"32:f3:fc:c9:92:4a","dev_addr_len":6,"ifindex":2,"ifname":"eth0"},"link":{"duplex":"full","speed":10000,"up":true},
        "link_watches":{"list":{"link_watch_0":{"delay_down":0,"delay_up":0,"down_count":2,"name":"ethtool","up":true},
        "link_watch_1":{"down_count":1,"init_wait":0,"interval":1000,"missed":6,"missed_max":3,"name":"arp_ping","send_always":false,"source_host":"0.0.0.0","target_host":"198.51.100.1","up":false,"validate_active":false,"validate_inactive":false}},"up":true},
        "runner":{"actor_lacpdu_info":{"key":0,"port":2,"port_priority":255,"state":63,"system":"32:f3:fc:c9:92:4a","system_priority":65535},"aggregator":{"id":2,"selected":true},"key":0,
        "partner_lacpdu_info":{"key":15,"port":1,"port_priority":255,"state":63,"system":"9e:97:6a:e5:d3:d1","system_priority":65535},"prio":255,"selected":true,"state":"current"}}},
        "runner":{"active":true,"fast_rate":true,"select_policy":"lacp_prio","sys_prio":65535},
        "setup":{"daemonized":true,"dbus_enabled":true,"debug_level":0,"kernel_team_mode_name":"loadbalance","pid":744,"pid_file":"/var/run/teamd/tm7.pid","runner_name":"lacp","zmq_enabled":false},
        "team_device":{"ifinfo":{"dev_addr":"32:f3:fc:c9:92:4a","dev_addr_len":6,"ifindex":4,"ifname":"tm7"}}}
        """#

    static let activeBackup = #"""
        {"ports":{"d0":{"ifinfo":{"dev_addr":"d2:b4:fd:40:37:58","dev_addr_len":6,"ifindex":3,"ifname":"d0"},"link":{"duplex":"full","speed":10000,"up":true},
        "link_watches":{"list":{"link_watch_0":{"delay_down":0,"delay_up":0,"down_count":0,"name":"ethtool","up":true}},"up":true}},
        "d1":{"ifinfo":{"dev_addr":"d2:b4:fd:40:37:58","dev_addr_len":6,"ifindex":5,"ifname":"d1"},"link":{"duplex":"full","speed":10000,"up":true},
        "link_watches":{"list":{"link_watch_0":{"delay_down":0,"delay_up":0,"down_count":0,"name":"ethtool","up":true}},"up":true}}},
        "runner":{"active_port":"d0"},
        "setup":{"daemonized":true,"dbus_enabled":true,"debug_level":0,"kernel_team_mode_name":"activebackup","pid":731,"pid_file":"/var/run/teamd/tx.pid","runner_name":"activebackup","zmq_enabled":false},
        "team_device":{"ifinfo":{"dev_addr":"d2:b4:fd:40:37:58","dev_addr_len":6,"ifindex":6,"ifname":"tx"}}}
        """#
}
