import Testing

@testable import Operations

/// Loading of modules, which is of a whole kernel: each test has its own.
@Suite("Lab: loading of modules", .serialized)
struct LabRunModuleTests {
    private func run(_ script: String) throws -> String {
        let lab = try LabProcess()
        let prologue = """
            aggctl=\(lab.program); ip link add d0 type dummy; ip link add d1 type dummy
            modprobe=$(cat /proc/sys/kernel/modprobe)
            rmmod bonding 2>/dev/null; test -e /sys/module/bonding && echo "bonding stays"
            create() { $aggctl create bond0 --mode active-backup --ports d0,d1 --no-wait; echo "code $?"; }

            """
        try lab.start(["lab", "run", "--timeout", "110s", "--", "bash", "-c", prologue + script])
        let code = lab.wait(.seconds(120))
        #expect(code == 0, "\(lab.folder.text("err"))")
        return lab.folder.text("out") + lab.folder.text("err")
    }

    /// The control is that it can be loaded at all.
    @Test("what is switched off stays off") func loadingIsSwitchedOff() throws {
        let text = try run(
            """
            echo >/proc/sys/kernel/modprobe
            create; test -e /sys/module/bonding || echo "not loaded"
            echo $modprobe >/proc/sys/kernel/modprobe
            create; test -e /sys/module/bonding && echo "loaded"
            """)
        let said = ["code 69", "not loaded", "code 0", "loaded"]
        let lines = text.split(separator: "\n").map(String.init).filter(said.contains)
        #expect(lines == said, "\(text)")
    }

    @Test("modprobe gets nothing of ours") func aCleanChild() throws {
        let text = try run(
            """
            cat >/tmp/modprobe <<'END'
            #!/bin/bash
            case "$*" in *max_bonds*) ;; *) exit 1;; esac
            { echo "arguments $*"; for f in /proc/$$/fd/*; do echo "descriptor ${f##*/}"; done
              env | grep -vE '^(_|PWD|SHLVL|PATH)=' | sed 's/^/variable /'; } >>/tmp/seen
            END
            chmod 755 /tmp/modprobe; echo /tmp/modprobe >/proc/sys/kernel/modprobe
            exec 9</etc/passwd; export SECRET=1
            create >/dev/null 2>&1; cat /tmp/seen
            """)
        #expect(text.contains("arguments -q bonding max_bonds=0"), "\(text)")
        #expect(!text.contains("descriptor 9") && !text.contains("variable"), "\(text)")
        #expect(text.contains("descriptor 0") && text.contains("descriptor 2"), "\(text)")
    }
}
