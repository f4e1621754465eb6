import FuzzTargets
import Glibc

/// The reader that AGGCTL_FUZZ names.
private let target: FuzzTarget = {
    let name = getenv("AGGCTL_FUZZ").map { String(cString: $0) } ?? ""
    guard let target = FuzzTarget(rawValue: name) else {
        fputs("AGGCTL_FUZZ: one of \(FuzzTarget.allCases.map(\.rawValue).joined(separator: " "))\n", stderr)
        exit(64)
    }
    return target
}()

/// What libFuzzer calls with one input after the other.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    target.read(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}
