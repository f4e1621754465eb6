import Testing

@testable import Netlink

@Suite struct IfupdownFilesTests {
    @Test func stanzasNameTheirDevices() {
        let stanzas = IfupdownFiles.Stanzas(
            """
            # iface eth9 inet dhcp
            auto lo eth0
            iface lo inet loopback
            iface eth0 inet static
                address 192.0.2.2/24
            allow-hotplug eth1
            iface bond0 inet manual
                bond-slaves eth2 \\
                    eth3
            source /etc/network/interfaces.d/*
            source-directory more
            iface
            """)
        #expect(stanzas.interfaces == ["eth0", "eth1", "bond0"])
        #expect(
            stanzas.sources == [
                .init(pattern: "/etc/network/interfaces.d/*", isDirectory: false),
                .init(pattern: "more", isDirectory: true),
            ])
        #expect(IfupdownFiles.Stanzas("").interfaces == [])
        #expect(IfupdownFiles.Stanzas("auto \\").interfaces == ["\\"])
    }
}
