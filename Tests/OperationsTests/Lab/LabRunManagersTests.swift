import Testing

@testable import Operations

/// Programs that live on the same host, the real ones: another manager's device is refused, and so is a change that would
/// lose the SSH connection it came by. They are put over the guest's /usr by `scripts/fetch-lab-packages`.
@Suite("Lab: other managers and sshd", .serialized)
struct LabRunManagersTests {
    /// Puts the fetched packages over /usr.
    private func packages(_ lab: LabProcess) -> String {
        let checkout = lab.program.split(separator: "/").prefix { $0 != ".build" }.map { "/\($0)" }.joined()
        let root = "\(checkout)/.build/lab-packages/root"
        return """
            PATH=$PATH:/usr/sbin:/sbin
            mkdir -p /run/over && mount -t tmpfs none /run/over && mkdir /run/over/upper /run/over/work &&
              mount -t overlay none -o lowerdir=\(root)/usr:/usr,upperdir=/run/over/upper,workdir=/run/over/work /usr ||
              { echo "no packages: run scripts/fetch-lab-packages"; exit 9; }
            cp -a \(root)/etc/. /etc/

            """
    }

    private func run(_ script: String, _ lab: LabProcess) throws -> (code: Int32?, text: String) {
        try lab.start(["lab", "run", "--topology", "pair", "--timeout", "110s", "--", "bash", "-c", script])
        let code = lab.wait(.seconds(120))
        return (code, lab.folder.text("out") + lab.folder.text("err"))
    }

    /// create, and the same with the flag that allows it, which only plans here.
    private func attempts(_ lab: LabProcess) -> String {
        """
        \(lab.program) create bond0 --mode active-backup --ports eth0,eth1 --take-addresses --no-wait; echo "create $?"
        \(lab.program) create bond0 --mode active-backup --ports eth1 --no-wait --dry-run >/dev/null; echo "other $?"
        \(lab.program) create bond0 --mode active-backup --ports eth0,eth1 --take-addresses --ignore-manager --dry-run \
          >/dev/null; echo "ignored $?"

        """
    }

    @Test("a port of NetworkManager is refused") func networkManagerOwnsAPort() throws {
        let lab = try LabProcess()
        let script =
            packages(lab) + """
                kill -HUP $(pidof dbus-daemon)
                mkdir -p /run/udev && /usr/lib/systemd/systemd-udevd --daemon && udevadm trigger && udevadm settle -t 20
                mkdir -p /etc/NetworkManager/system-connections /var/lib/NetworkManager
                printf '[main]\\nplugins=keyfile\\nauth-polkit=false\\n[keyfile]\\nunmanaged-devices=interface-name:eth1\\n' \
                  >/etc/NetworkManager/NetworkManager.conf
                printf '[connection]\\nid=e0\\ntype=ethernet\\ninterface-name=eth0\\n[ipv4]\\nmethod=manual\\naddress1=198.51.100.2/24\\n[ipv6]\\nmethod=ignore\\n' \
                  >/etc/NetworkManager/system-connections/e0.nmconnection
                chmod 600 /etc/NetworkManager/system-connections/*
                NetworkManager --log-level=WARN
                for i in $(seq 100); do nmcli device set eth0 managed yes >/dev/null 2>&1 && break; sleep 0.3; done
                for i in $(seq 100); do ip -br address show eth0 | grep -q 198.51.100.2 && break; sleep 0.3; done
                for i in $(seq 100); do grep -q managed=true /run/NetworkManager/devices/$(cat /sys/class/net/eth0/ifindex) && break; sleep 0.1; done

                """ + attempts(lab)
        let (code, text) = try run(script, lab)
        #expect(code == 0, "\(text)")
        #expect(text.contains("eth0: NetworkManager manages it") && text.contains("create 5"), "\(text)")
        #expect(text.contains("--ignore-manager") && text.contains("ignored 0"), "\(text)")
        #expect(text.contains("other 0"), "\(text)")
    }

    /// With a /sys that cannot be written it waits for no udev.
    @Test("a port of systemd-networkd is refused") func networkdOwnsAPort() throws {
        let lab = try LabProcess()
        let script = """
            mkdir -p /run/systemd/netif/links /run/systemd/netif/leases /run/systemd/netif/lldp /run/systemd/network
            chown -R systemd-network:systemd-network /run/systemd/netif
            printf '[Match]\\nName=eth0\\n[Network]\\nAddress=198.51.100.2/24\\n' >/run/systemd/network/10-eth0.network
            unshare -m sh -c 'mount -o remount,ro /sys; exec /lib/systemd/systemd-networkd' >/tmp/networkd.log 2>&1 &
            for i in $(seq 300); do grep -qs NETWORK_FILE=/ /run/systemd/netif/links/* && break; sleep 0.1; done

            """ + attempts(lab) + "kill %1"
        let (code, text) = try run(script, lab)
        #expect(code == 0, "\(text)")
        #expect(text.contains("eth0: systemd-networkd manages it") && text.contains("create 5"), "\(text)")
        #expect(text.contains("ignored 0") && text.contains("other 0"), "\(text)")
    }

    @Test("a port of ifupdown is refused, by its files") func ifupdownOwnsAPort() throws {
        let lab = try LabProcess()
        let script = """
            mkdir -p /etc/network/interfaces.d
            echo 'source /etc/network/interfaces.d/*' >/etc/network/interfaces
            printf 'auto eth0\\niface eth0 inet manual\\n' >/etc/network/interfaces.d/uplink

            """ + attempts(lab)
        let (code, text) = try run(script, lab)
        #expect(code == 0, "\(text)")
        #expect(text.contains("eth0: ifupdown manages it") && text.contains("create 5"), "\(text)")
        #expect(text.contains("ignored 0") && text.contains("other 0"), "\(text)")
    }

    /// The one line that lost a host.
    @Test("a change over SSH that could never have carrier is refused") func sshIsNotLost() throws {
        let lab = try LabProcess()
        let script =
            packages(lab) + """
                set -e
                mkdir -p /run/sshd /root/.ssh
                grep -q ^sshd: /etc/passwd || echo 'sshd:x:990:65534::/run/sshd:/usr/sbin/nologin' >>/etc/passwd
                ssh-keygen -q -t ed25519 -N '' -f /tmp/host
                ssh-keygen -q -t ed25519 -N '' -f /tmp/key
                cp /tmp/key.pub /root/.ssh/authorized_keys
                touch /tmp/sshd.conf
                ip link set eth0 up
                ip address add 198.51.100.2/24 dev eth0
                /usr/sbin/sshd -f /tmp/sshd.conf -h /tmp/host -o UsePAM=no -o PermitRootLogin=yes -o StrictModes=no
                line='create bond0 --mode lacp --set lacp.min-ports=2 --ports eth0 --take-addresses'
                ip netns exec switch ssh -i /tmp/key -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
                  -o ConnectTimeout=30 root@198.51.100.2 "\(lab.program) $line; echo min-ports \\$?
                  \(lab.program) create bond0 --mode active-backup --ports eth0,eth1 --take-addresses; echo moved \\$?
                  ip -br address show bond0; \(lab.program) delete bond0; echo delete \\$?"
                """
        let (code, text) = try run(script, lab)
        #expect(code == 0, "\(text)")
        #expect(text.contains("min-ports 5") && text.contains("your own SSH connection to 198.51.100.2"), "\(text)")
        #expect(text.contains("moved 0") && text.contains("delete 5"), "\(text)")
    }
}
