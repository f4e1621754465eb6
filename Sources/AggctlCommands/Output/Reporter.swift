internal import SystemPackage

/// Writes what a command has to say: results to standard output, everything else to standard error.
package final class Reporter: Sendable {
    /// Programs read along: results and errors are JSON.
    package let isJSON: Bool
    private let output: any OutputSink
    private let errors: any OutputSink
    private let outputStyle: Style
    private let errorStyle: Style
    private let state = WriteState()

    package init(json: Bool, color: ColourChoice, in surroundings: Surroundings) {
        isJSON = json
        output = surroundings.output
        errors = surroundings.errors
        let variables = surroundings.variables
        outputStyle = Style(choice: color, isTerminal: output.isTerminal, variables: variables)
        errorStyle = Style(choice: color, isTerminal: errors.isTerminal, variables: variables)
    }

    /// Writes a result as text or as one JSON document.
    package func write(_ result: some CommandResult) {
        let unfinished = state.unfinished
        guard !unfinished.isEmpty, let place = result as? any MentionsUnfinishedChanges else { return put(result) }
        if !unfinished.concerning(place.subjects).isEmpty { state.isBlocked = true }
        put(NotingUnfinishedChanges(result: result, unfinished: unfinished))
    }

    /// Takes note of changes to be mentioned beside results.
    func mention(_ unfinished: UnfinishedChanges) { state.unfinished = unfinished }

    private func put(_ result: some CommandResult) {
        guard isJSON else { return write(text: result.text(outputStyle)) }
        JSONWriter.write(result) { self.write($0) }
    }

    /// People look at the output on a terminal, where a result can take the place of the last one.
    package var showsInPlace: Bool { output.isTerminal && !isJSON }

    /// Nobody reads the output any more.
    package var isClosed: Bool { state.isClosed }

    /// Writes a result as text as it was at a time: in the place of the last one where that can be, else below it.
    package func write(_ result: some CommandResult, at time: String) {
        let head: PrintableText = showsInPlace ? "\u{1b}[H\u{1b}[J\(time), until Ctrl-C\n\n" : "\(time)\n"
        write(text: head + result.text(outputStyle) + (showsInPlace ? "" : "\n"))
    }

    /// Writes one object of a stream in one line.
    package func write(line value: JSONValue) { write(JSONWriter.write(value, pretty: false)) }

    /// Writes text to standard output.
    package func write(text: PrintableText) { write(Array(text.description.utf8)) }

    /// Tells people something beside the result (progress, a warning); programs that asked for JSON are spared.
    package func note(_ text: String) {
        guard !isJSON else { return }
        say("aggctl: \(PrintableText(lines: text, indent: 4))\n")
    }

    /// Shows what is being done now, in one line that the next one takes the place of: on a terminal only.
    package func progress(_ text: @autoclosure () -> String) {
        guard !isJSON, errors.isTerminal else { return }
        let line = PrintableText(text())
        let limit = max(20, (errors.columns ?? 80) - 1)
        state.hasProgress = true
        write(progress: "\r\u{1b}[K\(line.prefix(limit))")
    }

    private func clearProgress() {
        guard state.hasProgress else { return }
        state.hasProgress = false
        write(progress: "\r\u{1b}[K")
    }

    private func write(progress text: PrintableText) { try? errors.write(Array(text.description.utf8)) }

    /// Writes a failure to standard error: as text, or as JSON in one line and nothing else when programs read along.
    package func write(_ failure: CommandFailure) {
        guard !failure.isSilent else { return }
        if isJSON { say(JSONWriter.write(failure.json, pretty: false)) } else { say(failure.text(errorStyle)) }
    }

    /// The exit status at the very end: what the command says, unless its result could not be written.
    package func finish(_ status: ExitStatus) -> ExitStatus {
        // Apply would refuse what is blocked, so a file is not as wanted.
        guard let error = state.error else { return status == .done && state.isBlocked ? .differs : status }
        write(
            CommandFailure(
                .failed, message: "cannot write to standard output: \(error)",
                hint: status == .done ? "what was asked for has been done; only the output is lost" : nil))
        return status == .done ? .failed : status
    }

    private func write(_ bytes: [UInt8]) {
        clearProgress()
        guard !state.isClosed else { return }
        do { try output.write(bytes) } catch .brokenPipe { state.close(nil) } catch { state.close(error) }
    }

    /// Shows something beside the result: a question, a remark.
    func say(_ text: PrintableText) { say(Array(text.description.utf8)) }

    private func say(_ bytes: [UInt8]) {
        clearProgress()
        // Nobody is left to be told when this fails.
        try? errors.write(bytes)
    }
}
