/// Lets one in at a time, in the order in which they came, over calls that wait.
///
/// An actor would not do: where a call waits, an actor lets the next one in.
actor Turn {
    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    private func begin() async {
        if !isTaken {
            isTaken = true
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    // The turn is handed on: it stays taken unless no one waits.
    private func end() {
        if waiting.isEmpty {
            isTaken = false
        } else {
            waiting.removeFirst().resume()
        }
    }

    nonisolated func take<Value: Sendable>(_ run: @Sendable () async throws -> Value) async throws -> Value {
        await begin()
        do {
            try Task.checkCancellation()
            let value = try await run()
            await end()
            return value
        } catch {
            await end()
            throw error
        }
    }
}
