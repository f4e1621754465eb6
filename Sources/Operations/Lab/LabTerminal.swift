import CSystemShims
import Glibc

/// A terminal in raw mode; `restore` gives it back as it was.
struct LabTerminal {
    private let descriptor: Int32
    private var before = termios()

    /// Makes a terminal pass every byte unchanged; nil when the descriptor is none.
    init?(raw descriptor: Int32) {
        self.descriptor = descriptor
        guard tcgetattr(descriptor, &before) == 0 else { return nil }
        var raw = before
        cfmakeraw(&raw)
        guard tcsetattr(descriptor, TCSANOW, &raw) == 0 else { return nil }
    }

    func restore() {
        var settings = before
        tcsetattr(descriptor, TCSADRAIN, &settings)
    }

    /// Rows and columns, nil when the descriptor is no terminal.
    static func window(_ descriptor: Int32) -> (rows: UInt16, columns: UInt16)? {
        var rows: UInt16 = 0
        var columns: UInt16 = 0
        return aggctl_lab_window(descriptor, &rows, &columns) == 0 ? (rows, columns) : nil
    }
}
