import Foundation

/// What may have changed on a device, or in a ledger.
enum Change: Hashable {
    case intent(String)
    case account(String)
    case handIn(String)
    case collection(String)
    /// Something waits to be sent.
    case wake
    /// Something was done to rollups: one is made of another's trades.
    case rollups
}

/// Tells those who wait that something may have changed; what it is now they ask themselves.
///
/// So whoever is slow misses states in between, but never the last one, and nothing is kept for them that grows.
final class Changes: @unchecked Sendable {
    private struct Listener {
        let to: Change
        let signal: AsyncStream<Void>.Continuation
    }

    // Guards what follows.
    private let lock = NSLock()
    private var listeners: [Int: Listener] = [:]
    private var last = 0

    /// A signal now and then, beginning at once. It ends when the task that waits for it is cancelled.
    func listen(to change: Change) -> (signals: AsyncStream<Void>, signal: AsyncStream<Void>.Continuation) {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = lock.withLock {
            last += 1
            listeners[last] = Listener(to: change, signal: continuation)
            return last
        }
        continuation.onTermination = { [weak self] _ in
            guard let self else { return }
            // What is removed is let go outside the lock: its end may come back here.
            _ = lock.withLock { self.listeners.removeValue(forKey: number) }
        }
        return (stream, continuation)
    }

    func tell(_ isMeant: (Change) -> Bool) {
        let signals = lock.withLock { listeners.values.filter { isMeant($0.to) }.map(\.signal) }
        signals.forEach { $0.yield() }
    }

    func tell(_ change: Change) { tell { $0 == change } }
}

/// Waits for changes, but not for ever.
struct Signals {
    private var signals: AsyncStream<Void>.Iterator
    private let signal: AsyncStream<Void>.Continuation

    init(_ changes: Changes, _ change: Change) {
        let (stream, signal) = changes.listen(to: change)
        (signals, self.signal) = (stream.makeAsyncIterator(), signal)
    }

    /// Returns when something may have changed since the last time, after so many milliseconds, or when the task is cancelled.
    mutating func wait(_ milliseconds: Int64) async {
        let alarm = Task { [signal] in
            try await Signals.sleep(milliseconds)
            signal.yield()
        }
        _ = await signals.next()
        alarm.cancel()
    }

    /// Waits so many milliseconds, a day at most.
    static func sleep(_ milliseconds: Int64) async throws {
        try await Task.sleep(nanoseconds: UInt64(Swift.min(Swift.max(milliseconds, 0), 86_400_000)) * 1_000_000)
    }
}
