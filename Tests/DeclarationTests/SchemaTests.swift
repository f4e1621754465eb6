import Aggregation
import Glibc
import Testing

@testable import Declaration

@Suite("The schema of the file")
struct SchemaTests {
    private static let path =
        String(#filePath.split(separator: "/").dropLast(3).reduce(into: "") { $0 += "/" + $1 })
        + "/docs/schemas/file.schema.json"

    @Test("The committed schema is the one that the tables make")
    func committed() throws {
        let text = try FileSchema.text()
        if getenv("AGGCTL_REWRITE") != nil {
            try Self.write(text)
            Issue.record("docs/schemas/file.schema.json was written anew: run again without AGGCTL_REWRITE")
        }
        #expect(Self.read() == text, "run the tests once with AGGCTL_REWRITE=1")
    }

    @Test("Every key and every option is in it")
    func complete() throws {
        let text = try FileSchema.text()
        let names =
            AggregateKeys.table.keys.map(\.name) + PortKeys.settings.map(\.name) + PortKeys.selectors.map(\.name)
            + DriverKind.allCases.flatMap { driver in
                (OptionTables.shared.aggregate(driver).rows + OptionTables.shared.port(driver).rows).map(\.name)
            } + LinkWatch.Kind.allCases.flatMap { LinkWatchOptions.table($0).rows.map(\.name) }
        let modes = DriverKind.allCases.map(\.modeOption)
        for name in names where !modes.contains(name) {
            #expect(text.contains("\"\(name)\" : {"), "\(name)")
        }
    }

    private static func read() -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func write(_ text: String) throws {
        let file = try #require(fopen(path, "w"), "docs/schemas has to exist")
        defer { fclose(file) }
        #expect(fputs(text, file) >= 0)
    }
}
