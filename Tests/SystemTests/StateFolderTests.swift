import Glibc
import System
import SystemPackage
import Testing

/// Folders and files that are believed later on: whose they may be.
@Suite struct StateFolderTests {
    private static let nobody: uid_t = 65534

    private func mode(_ path: String) -> mode_t? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : nil
    }

    private func distrust(_ body: () throws -> Void) -> Distrust.Reason? {
        do { try body() } catch StateFailure.untrusted(let distrust) { return distrust.reason } catch { return nil }
        return nil
    }

    @Test func makesFoldersAndFiles() throws {
        let scratch = Scratch()
        try StateFile.write("text", to: "\(scratch.path)/a/b/file", permissions: .ofSecrets)
        #expect(StateFile.text("\(scratch.path)/a/b/file") == "text")
        #expect(mode("\(scratch.path)/a/b/file") == 0o600)
        #expect(mode("\(scratch.path)/a/b") == 0o755)
        try StateFile.write("other", to: "\(scratch.path)/a/b/file", permissions: .ofNotes)
        #expect(StateFile.text("\(scratch.path)/a/b/file") == "other")
        #expect(mode("\(scratch.path)/a/b/file") == 0o644)
        #expect(try StateFolder("\(scratch.path)/a/b").names() == ["file"])
    }

    /// What was chowned, as `User=` and `RuntimeDirectory=` of a unit do, is believed no more.
    @Test func aFolderOfSomebodyElse() throws {
        // Nobody else can give anything away.
        guard geteuid() == 0 else { return }
        let scratch = Scratch()
        try scratch.write("known", to: "file")
        chown(scratch.path, Self.nobody, Self.nobody)
        #expect(distrust { _ = try StateFile.read("\(scratch.path)/file") } == .owner(Self.nobody))
        #expect(distrust { try StateFile.write("new", to: "\(scratch.path)/file", permissions: .ofNotes) } != nil)
        // Who owns the folder above chooses what is in its place.
        mkdir("\(scratch.path)/below", 0o755)
        #expect(distrust { _ = try StateFolder("\(scratch.path)/below") } == .owner(Self.nobody))
        chown(scratch.path, 0, 0)
        #expect(StateFile.text("\(scratch.path)/file") == "known")
        chown("\(scratch.path)/file", Self.nobody, Self.nobody)
        #expect(distrust { _ = try StateFile.read("\(scratch.path)/file") } == .owner(Self.nobody))
    }

    @Test(arguments: [0o777, 0o775, 0o1777] as [mode_t]) func aFolderThatOthersWrite(_ permissions: mode_t) throws {
        let scratch = Scratch()
        try scratch.write("known", to: "file")
        chmod(scratch.path, permissions)
        let reason = Distrust.Reason.writable(mode: UInt32(permissions))
        #expect(distrust { _ = try StateFile.read("\(scratch.path)/file") } == reason)
        #expect(distrust { _ = try StateFolder(scratch.path, creating: true) } == reason)
    }

    @Test func aFolderInAFilesPlaceIsRemovedWhenItIsEmpty() throws {
        let scratch = Scratch()
        mkdir("\(scratch.path)/record", 0o755)
        try scratch.write("text", to: "record/file")
        let folder = try StateFolder(scratch.path)
        #expect(folder.remove("record") != nil)
        unlink("\(scratch.path)/record/file")
        #expect(folder.remove("record") == nil)
        #expect(folder.names() == [])
    }

    /// Earlier versions wrote files that everybody could write where the caller masked nothing out.
    @Test func aFileThatOthersWrite() throws {
        let scratch = Scratch()
        try scratch.write("known", to: "file")
        chmod("\(scratch.path)/file", 0o666)
        #expect(StateFile.text("\(scratch.path)/file") == nil)
        try StateFile.write("new", to: "\(scratch.path)/file", permissions: .ofNotes)
        #expect(StateFile.text("\(scratch.path)/file") == "new")
    }

    @Test func linksAreNotFollowed() throws {
        let (scratch, elsewhere) = (Scratch(), Scratch())
        try elsewhere.write("precious", to: "file")
        symlink(elsewhere.path, "\(scratch.path)/folder")
        #expect(distrust { _ = try StateFolder("\(scratch.path)/folder") } == .symbolicLink)
        symlink("\(elsewhere.path)/file", "\(scratch.path)/link")
        #expect(distrust { _ = try StateFile.read("\(scratch.path)/link") } == .symbolicLink)
        let folder = try StateFolder(scratch.path)
        #expect(throws: StateFailure.self) { try folder.openToAppend("link") }
        #expect(throws: StateFailure.self) { try folder.openLock("link") }
        try folder.write(Array("new".utf8), to: "link", permissions: .ofNotes)
        _ = try folder.openEmpty("link", permissions: .ofNotes)
        #expect(try String(decoding: StateFolder(elsewhere.path).read("file"), as: UTF8.self) == "precious")
    }

    /// What was looked at is what is used, whatever stands in its place a moment later.
    @Test func isOpenedOnce() throws {
        let scratch = Scratch()
        mkdir("\(scratch.path)/folder", 0o755)
        let folder = try StateFolder("\(scratch.path)/folder")
        rename("\(scratch.path)/folder", "\(scratch.path)/moved")
        mkdir("\(scratch.path)/folder", 0o755)
        try folder.write(Array("text".utf8), to: "file", permissions: .ofNotes)
        #expect(StateFile.text("\(scratch.path)/moved/file") == "text")
        #expect(StateFile.text("\(scratch.path)/folder/file") == nil)
    }

    @Test func whatIsNoFileIsRefusedAtOnce() throws {
        let scratch = Scratch()
        mkfifo("\(scratch.path)/fifo", 0o600)
        #expect(distrust { _ = try StateFile.read("\(scratch.path)/fifo") } == .noFile)
        // A sparse one costs nothing to make.
        try scratch.write("", to: "large")
        truncate("\(scratch.path)/large", off_t(StateFolder.sizeLimit + 1))
        #expect(throws: StateFailure.system(path: "\(scratch.path)/large", .fileTooLarge)) {
            try StateFile.read("\(scratch.path)/large")
        }
    }

    /// What a killed writer left goes, what a living one is at stays.
    @Test func draftsOfTheDeadAreSwept() throws {
        let scratch = Scratch()
        try scratch.write("half", to: ".aggctl-dead")
        let folder = try StateFolder(scratch.path)
        let place = try FileDescriptor.open(FilePath(scratch.path), .readOnly, options: .directory)
        defer { try? place.close() }
        let draft = try FileDraft(in: place, permissions: .ofNotes)
        folder.sweep()
        #expect(folder.names().count == 1 && !folder.names().contains(".aggctl-dead"))
        try draft.put("whole", replacing: true)
        #expect(folder.names() == ["whole"])
    }

    /// Nobody who can read a lock file can hold the lock, also where an earlier version let them.
    @Test func aLockIsItsOwners() throws {
        let scratch = Scratch()
        try scratch.write("", to: "lock")
        #expect(mode("\(scratch.path)/lock") == 0o644)
        try StateFolder(scratch.path).openLock("lock").close()
        #expect(mode("\(scratch.path)/lock") == 0o600)
    }

    @Test func programsThatOthersCanReplace() throws {
        // Nobody else can give anything away.
        guard geteuid() == 0 else { return }
        #expect(Distrust.ofProgram("/usr/bin/env") == nil)
        let scratch = Scratch()
        try scratch.write("", to: "program")
        let path = "\(scratch.path)/program"
        #expect(Distrust.ofProgram(path) == nil)
        chmod(path, 0o775)
        #expect(Distrust.ofProgram(path)?.reason == .writable(mode: 0o775))
        chmod(path, 0o755)
        chown(scratch.path, Self.nobody, Self.nobody)
        #expect(Distrust.ofProgram(path)?.reason == .owner(Self.nobody))
    }
}

/// A folder of one test.
final class Scratch {
    let path = "/tmp/aggctl-state-\(getpid())-\(UInt64.random(in: .min ... .max))"

    init() { mkdir(path, 0o755) }

    func write(_ text: String, to name: String) throws {
        let file = try FileDescriptor.open(
            FilePath("\(path)/\(name)"), .writeOnly, options: [.create], permissions: .ofNotes)
        try file.closeAfter { _ = try file.writeAll(text.utf8) }
    }

    deinit { Self.remove(path) }

    private static func remove(_ path: String) {
        if let stream = opendir(path) {
            defer { closedir(stream) }
            while let entry = readdir(stream) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != ".", name != "..", unlink("\(path)/\(name)") != 0 { remove("\(path)/\(name)") }
            }
        }
        rmdir(path)
    }
}
