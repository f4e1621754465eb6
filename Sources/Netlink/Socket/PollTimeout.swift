extension Duration {
    /// As poll(2) and libdbus take it: milliseconds, rounded up so that nobody wakes before the time and waits again, and
    /// none for a time that is over.
    package var pollTimeout: Int32 {
        guard self > .zero else { return 0 }
        guard components.seconds < Int64(Int32.max) / 1000 else { return .max }
        return Int32(clamping: components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 + 1)
    }
}
