internal import Aggregation

/// Speeds as people write them.
enum SpeedText {
    /// `20 Gbit/s`, from Mbit/s.
    static func long(_ speed: UInt64) -> String {
        speed >= 1000 ? "\(gigabits(speed)) Gbit/s" : "\(speed) Mbit/s"
    }

    /// `10G/full`, from Mbit/s; nil when neither is known.
    static func short(_ speed: UInt32?, _ duplex: Link.Duplex?) -> String? {
        guard speed != nil || duplex != nil else { return nil }
        let number = speed.map { $0 >= 1000 ? "\(gigabits(UInt64($0)))G" : "\($0)M" }
        return "\(number ?? "-")/\(duplex?.rawValue ?? "-")"
    }

    private static func gigabits(_ speed: UInt64) -> String {
        let tenths = speed % 1000 / 100
        return tenths == 0 ? "\(speed / 1000)" : "\(speed / 1000).\(tenths)"
    }
}
