internal import Aggregation

/// A flag that can do nothing where it stands promises what nobody keeps.
extension SafetyOptions {
    /// - Parameters:
    ///   - useful: what the command may have to be allowed.
    ///   - command: its words, for the message.
    /// - Throws: ``Problems`` with every flag that was given and is none of these.
    func requireUse(of useful: Allowances, by command: String) throws(Problems) {
        let flags: [(allowance: Allowances, name: String, reason: String)] = [
            (.takeAddresses, "--take-addresses", "no port joins, so no addresses move to an aggregate"),
            (.interruption, "--allow-interruption", "nothing goes down for a moment"),
            (.cutoff, "--allow-cutoff", "nothing is cut off"),
        ]
        let idle = flags.filter { allowances.contains($0.allowance) && !useful.contains($0.allowance) }
        guard !idle.isEmpty else { return }
        throw Problems(
            idle.map {
                Problem(
                    .usage, subject: command, option: $0.name, rule: "it does nothing here: \($0.reason)",
                    remedy: "leave it out")
            })
    }
}
