import CSystemShims

/// Help for a user-mode kernel that cannot carry all vector registers of the processor.
///
/// Before 6.13 such a kernel keeps 2696 bytes of them, which is what AVX-512 and protection keys take. On a processor with
/// AMX they are 11 kB, the running kernel takes all or nothing, and the guest's first process ends with "ptrace set fp
/// regs failed, errno = 14". A library loaded into the kernel program completes what is too short. The rest is then
/// zero, as it is for every process that was not given AMX, which nothing in a guest can be.
enum LabVectorState {
    private static let kept = 2696

    static var isNeeded: Bool { aggctl_vector_state_size() > kept }

    /// Writes the library into the folder that the kernel is started in.
    ///
    /// - Returns: what the kernel's environment is to hold besides, `NAME=value`; the loader splits at spaces and colons,
    ///   so the path is from that folder.
    static func prepare(in folder: String) throws(LabError) -> [String] {
        var size = 0
        guard let image = aggctl_vector_state_preload(&size) else { return [] }
        try LabDescriptor.writeFile("\(folder)/vector-state.so", Array(UnsafeBufferPointer(start: image, count: size)))
        return ["LD_PRELOAD=./vector-state.so"]
    }
}
