import FuzzTargets
import Glibc

/// The reader that AGGCTL_FUZZ names.
private let target: FuzzTarget = {
    let name = getenv("AGGCTL_FUZZ").map { String(cString: $0) } ?? ""
    guard let target = FuzzTarget(rawValue: name) else {
        print("AGGCTL_FUZZ: one of \(FuzzTarget.allCases.map(\.rawValue).joined(separator: " "))")
        exit(64)
    }
    return target
}()

private typealias Input = @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt

/// Of libFuzzer (FuzzerInterface.h), which goes by the program's arguments.
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>, _ input: Input
) -> CInt

/// The name by which libFuzzer's own main function, which is linked as well, knows it.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    target.read(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}

/// The main function, by the name that SwiftPM has the linker take.
@_cdecl("Fuzzer_main")
public func main(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> CInt {
    var (count, arguments) = (count, arguments)
    return runFuzzer(&count, &arguments) { testOneInput($0, $1) }
}
