import Testing

/// Where systemd is the first process it looks after teamd: a daemon that dies is started again.
@Suite(.serialized) struct TeamSystemdSharedTests {
    private static let cables =
        "ip link add v0 type veth peer name p0\nip link add v1 type veth peer name p1\nip link set p0 up\nip link set p1 up\n"
        + "A=\(SystemdScene.program)\nU=aggctl-teamd-team0\n"

    private static let waitForRestart = """
        again() { for n in $(seq 400); do
          P=$(systemctl show $U -p MainPID --value); [ "$P" != 0 ] && [ "$P" != "$1" ] && return; sleep 0.1; done
          systemctl show $U; }
        settled() { for n in $(seq 400); do $A status team0 --check >/dev/null && return; sleep 0.1; done
          $A status team0; }

        """

    @Test func aDaemonThatDiesIsStartedAgain() async throws {
        let said = try await SystemdScene.run(
            Self.cables + Self.waitForRestart + """
                say create; $A create team0 --driver teaming --mode active-backup --ports v0,v1 --set notify_peers.count=3 --wait 60s
                say status; $A status team0 --check; echo code $?
                say address; cat /sys/class/net/team0/address
                first=$(systemctl show $U -p MainPID --value)
                kill -KILL $first; again $first; settled
                say died; $A status team0 --check; echo code $?
                say restarts; systemctl show $U -p NRestarts --value
                say option; teamnl team0 getoption notify_peers_count
                say set; $A set team0 notify_peers.count=5 --wait 60s; systemctl show $U -p NRestarts --value
                say changed; teamnl team0 getoption notify_peers_count
                kill -STOP $(systemctl show $U -p MainPID --value)
                say repair; $A repair team0 --wait 60s; $A status team0 --check; echo code $?
                systemctl restart $U; settled
                say restarted; $A status team0 --check; echo code $?
                say same; cat /sys/class/net/team0/address
                say delete; $A delete team0; ls /sys/class/net
                say units; systemctl list-units --all --no-legend 'aggctl-*'
                say end
                """)
        #expect(said["create"] == "team0: created\n")
        #expect(said["status"]?.contains("code 0") == true && said["status"]?.contains("unsupervised") == false)
        #expect(said["died"]?.contains("code 0") == true, "\(said)")
        #expect(said["restarts"] == "1\n")
        #expect(said["option"] == "3\n")
        // Whom the plan tells of the moment without the port in use.
        #expect(
            said["set"]?.hasPrefix("team0: changed\n") == true && said["set"]?.hasSuffix("\n0\n") == true, "\(said)")
        #expect(said["changed"] == "5\n")
        #expect(said["repair"]?.contains("code 0") == true, "\(said)")
        #expect(said["restarted"]?.contains("code 0") == true, "\(said)")
        #expect(said["same"] == said["address"])
        #expect(said["delete"]?.contains("team0\n") == false || said["delete"]?.hasPrefix("team0: deleted") == true)
        #expect(said["units"] == "")
    }

    /// What is found by a teamd that is started again sends no LACPDUs: the unit lets the ports join anew.
    @Test func lacpComesBackAfterADaemonDied() async throws {
        let said = try await SystemdScene.run(
            Self.cables + Self.waitForRestart + """
                ip link add far type bond mode 802.3ad lacp_rate fast miimon 50
                for p in p0 p1; do ip link set $p down; ip link set $p master far; done; ip link set far up
                say create; $A create team0 --driver teaming --mode lacp --ports v0,v1 --set runner.fast_rate=on --wait 60s
                settled
                say status; $A status team0 --check; echo code $?
                first=$(systemctl show $U -p MainPID --value)
                say address; cat /sys/class/net/team0/address
                kill -KILL $first; again $first; sleep 5; settled
                say died; $A status team0 --check; echo code $?
                say same; cat /sys/class/net/team0/address
                for n in $(seq 400); do [ $(cat /sys/class/net/far/bonding/ad_num_ports) = 2 ] && break; sleep 0.1; done
                say far; cat /sys/class/net/far/bonding/ad_num_ports
                say delete; $A delete team0
                say end
                """)
        #expect(said["status"]?.contains("code 0") == true, "\(said)")
        #expect(said["died"]?.contains("code 0") == true, "\(said)")
        #expect(said["same"] == said["address"])
        #expect(said["far"] == "2\n")
    }

    /// The unit has what teamd needs and no more, a name is no variable, and its words have a rate.
    @Test func theUnitIsConfined() async throws {
        let said = try await SystemdScene.run(
            Self.cables + Self.waitForRestart + """
                T='a${HOME}$b'; U='aggctl-teamd-a\\x24\\x7bHOME\\x7d\\x24b'
                say create; $A create "$T" --driver teaming --mode lacp --ports v0,v1 --no-wait; echo code $?
                say process; P=$(systemctl show $U -p MainPID --value); tr '\\0' ' ' </proc/$P/cmdline; echo
                grep -E '^(CapBnd|NoNewPrivs|Seccomp):' /proc/$P/status
                say properties; systemctl show $U -p LogRateLimitBurst -p StandardOutput -p ProtectSystem -p NRestarts
                say score; systemd-analyze security $U --no-pager | tail -1
                kill -KILL $P; again $P
                say again; for n in $(seq 100); do $A status "$T" --json | grep -q '"running"' && break; sleep 0.1; done
                $A status "$T" | head -1; ls /run/aggctl/teamd
                say delete; $A delete "$T"; echo code $?
                say end
                """)
        #expect(said["create"]?.hasSuffix("code 0\n") == true, "\(said)")
        #expect(said["process"]?.contains("-t a${HOME}$b ") == true, "\(said)")
        #expect(
            said["process"]?.contains("CapBnd:\t0000000000003000\nNoNewPrivs:\t1\nSeccomp:\t2\n") == true, "\(said)")
        let properties = said["properties"]?.split(separator: "\n").sorted()
        #expect(
            properties == ["LogRateLimitBurst=200", "NRestarts=0", "ProtectSystem=strict", "StandardOutput=journal"],
            "\(said)")
        let score = said["score"].flatMap { text in text.split(separator: " ").compactMap { Double($0) }.first }
        #expect(try #require(score) < 3.5, "\(said)")
        #expect(said["again"]?.contains("/2 ports up") == true && said["again"]?.contains(".log") == false, "\(said)")
        #expect(said["delete"]?.hasSuffix("code 0\n") == true, "\(said)")
    }

    /// systemd would run the program as root at every start of a daemon: not one that somebody else can replace.
    @Test func aProgramOfSomebodyElseIsNotGivenToSystemd() async throws {
        let said = try await SystemdScene.run(
            Self.cables + """
                chown 65534 /run/bin
                say create; $A create team0 --driver teaming --mode active-backup --ports v0,v1 --no-wait; echo code $?
                say units; systemctl list-units --all --no-legend 'aggctl-*'
                say status; $A status team0
                chown 0 /run/bin; chmod 777 /run/bin
                say writable; $A set team0 notify_peers.count=3 --allow-interruption --no-wait; echo code $?
                chmod 755 /run/bin
                say mended; $A set team0 notify_peers.count=4 --allow-interruption --no-wait; echo code $?
                systemctl list-units --all --no-legend 'aggctl-*' | wc -l
                say delete; $A delete team0
                say end
                """)
        #expect(
            said["create"]?.contains("/run/bin belongs to user 65534") == true
                && said["create"]?.hasSuffix("code 0\n") == true, "\(said)")
        #expect(said["units"] == "" && said["status"]?.contains("unsupervised") == true, "\(said)")
        #expect(said["writable"]?.contains("/run/bin can be written by others") == true, "\(said)")
        #expect(said["mended"]?.hasSuffix("code 0\n1\n") == true, "\(said)")
    }

    /// What another unit runs is not ours to replace.
    @Test func aDaemonOfAnotherUnitIsLeftToIt() async throws {
        let said = try await SystemdScene.run(
            Self.cables + """
                systemd-run --quiet --unit=teamd@team0 teamd -o -t team0 -c '{"runner": {"name": "broadcast"}}'
                for n in $(seq 400); do $A status team0 --json 2>/dev/null | grep -q running && break; sleep 0.1; done
                say status; $A status team0
                say set; $A set team0 notify_peers.count=5 2>&1; echo code $?
                say state; teamdctl team0 state item get setup.runner_name
                say end
                """)
        #expect(said["status"]?.contains("unsupervised") == false, "\(said)")
        #expect(
            said["set"]?.contains("teamd@team0.service") == true && said["set"]?.contains("code 1") == true, "\(said)")
        #expect(said["state"] == "broadcast\n")
    }

    /// Below their own slices users name control groups as they like: no unit is known by such a path, and none of such a
    /// name is recommended to root.
    @Test func aControlGroupThatAUserNamedIsNoUnit() async throws {
        let said = try await SystemdScene.run(
            Self.cables + """
                G=/sys/fs/cgroup/user.slice/user-65534.slice/ssh-teamd.service
                mkdir -p $G
                echo '{"runner": {"name": "broadcast"}}' > /run/own.conf
                sh -c 'echo $$ > $0/cgroup.procs && exec teamd -d -o -t team0 -f /run/own.conf' $G
                say group; cat /proc/$(cat /run/teamd/team0.pid)/cgroup
                say status; $A status team0
                say set; $A set team0 notify_peers.count=5 --wait 60s 2>&1; echo code $?
                say option; teamnl team0 getoption notify_peers_count
                say end
                """)
        #expect(said["group"]?.contains("ssh-teamd.service") == true, "\(said)")
        #expect(said["status"]?.contains("unsupervised") == true, "\(said)")
        #expect(said["set"]?.contains("code 0") == true && said["set"]?.contains("ssh-teamd") == false, "\(said)")
        #expect(said["option"] == "5\n")
    }
}
