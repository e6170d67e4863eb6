/// Exchange after exchange with the back end: at once when an intent is given, and else after a pause.
///
/// It works for as long as it is iterated, and ends when the task is cancelled.
public struct Syncs: AsyncSequence, Sendable {
    /// What came of each exchange.
    public typealias Element = SyncResult

    let device: Device
    let pauseMilliseconds: Int64

    /// Begins with an exchange at once.
    public func makeAsyncIterator() -> Iterator { Iterator(device, pauseMilliseconds) }

    /// Exchanges and waits.
    public struct Iterator: AsyncIteratorProtocol {
        private let device: Device
        private let pause: Int64
        private var signals: AsyncStream<Void>.Iterator
        private let signal: AsyncStream<Void>.Continuation
        private var last: SyncResult?

        init(_ device: Device, _ pause: Int64) {
            let (stream, signal) = device.changes.listen(to: .wake)
            (self.device, self.pause, self.signal) = (device, pause, signal)
            signals = stream.makeAsyncIterator()
        }

        /// What came of the next exchange, after the pause before it.
        ///
        /// - Throws: What the device throws, such as `closed`. A back end that cannot be reached is told in the result.
        public mutating func next() async throws -> SyncResult? {
            if let last {
                let wait = last.waitMilliseconds > 0 ? last.waitMilliseconds : pause
                // After a failure a new intent does not help.
                if last.failure != nil { try? await Syncs.sleep(wait) } else { await waitForSignal(wait) }
            }
            if Task.isCancelled { return nil }
            let told = try await device.sync()
            last = told
            return told
        }

        private mutating func waitForSignal(_ milliseconds: Int64) async {
            let alarm = Task { [signal] in
                try await Syncs.sleep(milliseconds)
                signal.yield()
            }
            _ = await signals.next()
            alarm.cancel()
        }
    }

    private static func sleep(_ milliseconds: Int64) async throws {
        try await Task.sleep(nanoseconds: UInt64(Swift.min(Swift.max(milliseconds, 0), 86_400_000)) * 1_000_000)
    }
}
