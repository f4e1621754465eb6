internal import Glibc

/// Which drivers the running kernel has.
package enum KernelModules {
    /// Whether a driver is there already.
    package static func isLoaded(_ name: String) -> Bool { access("/sys/module/\(name)", F_OK) == 0 }

    /// Whether a driver is loaded, built in or can be loaded; nil when the kernel's modules cannot be looked at.
    package static func has(_ name: String) -> Bool? {
        if isLoaded(name) { return true }
        return isListed(name) ?? (access("/sys/module", F_OK) == 0 ? false : nil)
    }

    /// Whether a driver is built in or among the modules of the running kernel; nil where there is no list of those, as
    /// in a container.
    package static func isListed(_ name: String) -> Bool? {
        let texts = ["modules.dep", "modules.builtin"].compactMap { list in
            LabDescriptor.contents("/lib/modules/\(LabKernel.release())/\(list)", limit: 16 << 20)
        }
        guard !texts.isEmpty else { return nil }
        return texts.contains { String(decoding: $0, as: UTF8.self).contains("/\(name).ko") }
    }
}
