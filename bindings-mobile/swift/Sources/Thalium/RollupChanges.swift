/// What becomes of a rollup: a page whenever there are changes, at once when something was done by this handle, and else after a pause.
///
/// It goes on for as long as it is iterated, and ends when the task is cancelled. When the rollup gets another version it tells the
/// changes of that from the first. It throws what asking the ledger throws: `invalid` when the rollup is not there any more.
public struct RollupChanges: AsyncSequence, Sendable {
    /// Changes, in order.
    public typealias Element = ChangePage

    let rollups: Rollups
    let rollup: String
    let after: Int64
    let version: Int64?
    let pauseMilliseconds: Int64

    /// Begins with what has become of it.
    public func makeAsyncIterator() -> Iterator { Iterator(of: self) }

    /// Asks and waits.
    public struct Iterator: AsyncIteratorProtocol {
        private let of: RollupChanges
        private var signals: Signals
        private var after: Int64
        private var version: Int64?

        init(of changes: RollupChanges) {
            (of, after, version) = (changes, changes.after, changes.version)
            signals = Signals(changes.rollups.of.changes, .rollups)
        }

        /// The next changes; nothing when the task was cancelled.
        ///
        /// - Throws: What asking the ledger throws, such as `closed`.
        public mutating func next() async throws -> ChangePage? {
            while !Task.isCancelled {
                let told = try await of.rollups.changes(of.rollup, after: after, limit: Pages<ChangeView>.limit)
                let isOther = version != nil && version != told.version
                (version, after) = (told.version, isOther ? 0 : told.next)
                if isOther { continue }
                if !told.changes.isEmpty { return told }
                await signals.wait(of.pauseMilliseconds)
            }
            return nil
        }
    }
}
