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
        private var signals: Signals
        private var last: SyncResult?

        init(_ device: Device, _ pause: Int64) {
            (self.device, self.pause, signals) = (device, pause, Signals(device.changes, .wake))
        }

        /// What came of the next exchange, after the pause before it.
        ///
        /// - Throws: What the device throws, such as `closed`. A back end that cannot be reached is told in the result.
        public mutating func next() async throws -> SyncResult? {
            if let last {
                let wait = last.waitMilliseconds > 0 ? last.waitMilliseconds : pause
                // After a failure a new intent does not help.
                if last.failure != nil { try? await Signals.sleep(wait) } else { await signals.wait(wait) }
            }
            if Task.isCancelled { return nil }
            let told = try await device.sync()
            last = told
            return told
        }
    }
}
