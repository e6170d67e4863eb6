import Dispatch

// Native calls block until the disk has what was written. Swift's own pool has one thread for each core, and a call that waits
// there would keep others from running: so they wait on threads of their own.
private let calls = DispatchQueue(label: "thalium.calls", attributes: .concurrent)

/// Runs a native call off the caller's executor. It is not ended when the task is cancelled: what was asked for is done.
func blocking<Value: Sendable>(_ call: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { waiting in
        calls.async {
            waiting.resume(with: Result { try border(call) })
        }
    }
}
