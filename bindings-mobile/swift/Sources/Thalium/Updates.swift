/// Something on a device as it is now, and again whenever it has changed: `for try await view in pending.updates { … }`.
///
/// States that pass quickly may be left out, the last one never. It ends after that, when there is nothing more to tell, and when
/// the task is cancelled; it throws what asking the device throws, such as `closed`.
public struct Updates<Element: Sendable & Equatable>: AsyncSequence, Sendable {
    let changes: Changes
    let change: Change
    let isLast: @Sendable (Element) -> Bool
    let ask: @Sendable () async throws -> Element?

    /// Begins with what is now.
    public func makeAsyncIterator() -> Iterator { Iterator(of: self) }

    /// Waits for the changes.
    public struct Iterator: AsyncIteratorProtocol {
        private let of: Updates
        private var signals: AsyncStream<Void>.Iterator
        private var told: Element?
        private var isAtEnd = false

        init(of updates: Updates) {
            of = updates
            let (stream, signal) = updates.changes.listen(to: updates.change)
            signals = stream.makeAsyncIterator()
            // The first is told without a change.
            signal.yield()
        }

        /// What is now; at the end nothing.
        ///
        /// - Throws: What asking the device throws.
        public mutating func next() async throws -> Element? {
            while !isAtEnd, await signals.next() != nil {
                guard let now = try await of.ask() else { break }
                if now == told { continue }
                (told, isAtEnd) = (now, of.isLast(now))
                return now
            }
            isAtEnd = true
            return nil
        }
    }
}
