#if arch(x86_64)
    import CSystemShims
    import Glibc
    import Testing

    @testable import Operations

    @Suite("Lab vector state")
    struct LabVectorStateTests {
        typealias Call = @convention(c) (CInt, pid_t, UInt, UnsafeMutableRawPointer?) -> CLong

        /// `ptrace` of the library in a file, with a handle to be closed.
        private func load(_ folder: Scratch) throws -> (library: UnsafeMutableRawPointer, call: Call) {
            let library = try #require(dlopen("\(folder.path)/vector-state.so", RTLD_NOW | RTLD_LOCAL))
            return (library, unsafeBitCast(try #require(dlsym(library, "ptrace")), to: Call.self))
        }

        /// What the loader thinks of the library: on every processor, also where a lab needs none.
        @Test("the dynamic loader takes the library and finds ptrace in it")
        func loads() throws {
            let folder = try Scratch()
            let entries = try LabVectorState.prepare(in: folder.path)
            #expect(entries == ["LD_PRELOAD=./vector-state.so"])
            let (library, call) = try load(folder)
            defer { dlclose(library) }
            // No such process: the answer has to come back as the C library gives it.
            errno = 0
            #expect(call(16, pid_t.max, 0, nil) == -1)
            #expect(errno == ESRCH)
        }

        /// A traced child whose state is handed over short: refused as it is, taken when completed.
        @Test("a short vector state is completed")
        func completes() throws {
            let folder = try Scratch()
            _ = try LabVectorState.prepare(in: folder.path)
            let (library, call) = try load(folder)
            defer { dlclose(library) }

            var pid: pid_t = 0
            let arguments: [String] = ["sleep", "60"]
            let error = withCStrings(arguments) { posix_spawn(&pid, "/bin/sleep", nil, nil, $0, environ) }
            try #require(error == 0)
            defer {
                kill(pid, SIGKILL)
                waitpid(pid, nil, 0)
            }
            let (seize, interrupt, get, set) = (CInt(0x4206), CInt(0x4207), CInt(0x4204), CInt(0x4205))
            try #require(call(seize, pid, 0, nil) == 0)
            try #require(call(interrupt, pid, 0, nil) == 0)
            try #require(waitpid(pid, nil, 0) == pid)
            var state = [UInt8](repeating: 0, count: 16384)
            let kind: UInt = 0x202  // NT_X86_XSTATE
            func pass(_ request: CInt, _ size: Int) -> CLong {
                state.withUnsafeMutableBytes { bytes in
                    var vector = iovec(iov_base: bytes.baseAddress, iov_len: size)
                    return call(request, pid, kind, &vector)
                }
            }
            // The classic registers and the header: less than any processor with AVX has.
            try #require(pass(get, 576) == 0)
            for index in 512..<520 { state[index] &= index == 512 ? 3 : 0 }
            #expect(pass(set, 576) == 0, "errno \(errno)")

            // With the upper halves of the AVX registers, and then without: those are zero, not what was there before.
            guard pass(get, 832) == 0, state[512] & 4 != 0 || aggctl_vector_state_size() >= 832 else { return }
            for index in 576..<832 { state[index] = 0xa5 }
            state[512] = 7
            #expect(pass(set, 832) == 0, "errno \(errno)")
            try #require(pass(get, 832) == 0)
            #expect(state[576..<832].contains(0xa5))
            #expect(pass(set, 576) == 0, "errno \(errno)")
            try #require(pass(get, 832) == 0)
            #expect(!state[576..<832].contains(0xa5))
        }
    }
#endif
