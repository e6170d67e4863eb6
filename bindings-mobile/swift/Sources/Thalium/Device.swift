import ThaliumNative

/// A customer's device: intents that wait for the back end, what is handed in to cases, and copies of the customer's accounts and cases.
///
/// Nothing is booked here. A command becomes an intent that is kept on the device, sent, sent again, and resolved with the
/// customer's reason. Between two calls no file is open and no lock is held, so that the system may suspend the app at any moment;
/// one process at a time works with a directory.
///
/// ```swift
/// let device = try await Device.open(directory) { request in try await post("https://example.com/sync", request) }
/// try await device.follow("c42:ZAR")
/// let rent = try await device.intents.post(key: "rent-1", from: "c42:ZAR", to: "c77:ZAR", amount: zar("250.00"))
/// try await device.sync()
/// print(try await rent.resolved().outcome?.reason ?? "booked")
/// ```
public final class Device: Sendable {
    private let native: NativeDevice
    private let backEnd: any BackEnd
    private let exchange = Turn()
    let changes = Changes()

    private init(_ native: NativeDevice, _ backEnd: any BackEnd) {
        (self.native, self.backEnd) = (native, backEnd)
    }

    /// Opens what a device keeps in a directory, which is made if it is not there; `memory:` keeps nothing.
    public static func open(_ directory: String, backEnd: any BackEnd) async throws -> Device {
        try await blocking { Device(try NativeDevice.open(address: directory), backEnd) }
    }

    /// Opens what a device keeps, with a back end that is one function: it sends the text, and gives what was answered.
    public static func open(_ directory: String, backEnd: @escaping @Sendable (String) async throws -> String) async throws -> Device {
        try await open(directory, backEnd: Calling(send: backEnd))
    }

    /// Closes the handle when the calls that are under way have ended. Closing again does nothing.
    ///
    /// Who waits for an update is told `closed`.
    public func close() async throws {
        try await blocking { [native] in try native.shut() }
        changes.tell { _ in true }
    }

    package func askText(_ request: String) async throws -> String {
        try await blocking { [native] in try native.call(request: request) }
    }

    func ask(_ op: String, _ fields: [String: Json?] = [:]) async throws -> String {
        try await askText(Json.request(op, fields).written)
    }

    func one<Value>(_ op: String, _ fields: [String: Json?], _ read: (Told) throws -> Value) async throws -> Value {
        let text = try await ask(op, fields)
        guard let value = try Told.one(text, read) else { throw ThaliumError.fault("the library answered `\(op)` with nothing") }
        return value
    }

    /// What the customer asks for.
    public var intents: Intents { Intents(of: self) }
}

extension Device {
    /// Sends what waits and takes what is new, until there is no more.
    ///
    /// It throws nothing where the back end cannot be reached: that is told, and what waits stays. While a pause after a failure
    /// lasts nothing is sent, unless `now` says so.
    ///
    /// - Throws: What the device itself throws, such as `closed`; `CancellationError` if the task was cancelled. What was sent by
    ///   then is sent again with the next exchange, and booked once.
    @discardableResult
    public func sync(now: Bool = false) async throws -> SyncResult {
        try await exchange.take {
            if now { _ = try await self.ask("hurry_sync") }
            return try await self.exchanged()
        }
    }

    /// Keeps in sync for as long as it is iterated: at once when an intent is given, and else every so many milliseconds; after a
    /// failure with growing pauses.
    public func syncs(pauseMilliseconds: Int64 = 30_000) -> Syncs {
        Syncs(device: self, pauseMilliseconds: pauseMilliseconds)
    }

    private func exchanged() async throws -> SyncResult {
        var all: SyncDone?
        while true {
            let start = try await Json(reading: ask("begin_sync"))
            guard let request = start["request"], request != .null else {
                return SyncResult(done: all, waitMilliseconds: start["wait_ms"]?.integer ?? 0, failure: nil)
            }
            // What was queued is sent now.
            changes.tell {
                switch $0 {
                case .intent, .handIn, .collection: true
                default: false
                }
            }
            do {
                let reply = try await backEnd.sync(request.written)
                let done = try await one("end_sync", ["reply": .text(reply)], SyncDone.init)
                all = all.map { SyncDone($0, done) } ?? done
                done.intents.forEach { changes.tell(.intent($0.key)) }
                done.accounts.forEach { changes.tell(.account($0)) }
                done.handIns.forEach { changes.tell(.handIn($0.key)) }
                Set(done.cases + done.handIns.map { $0.case }).forEach { changes.tell(.collection($0)) }
                if !done.more { return SyncResult(done: all, waitMilliseconds: 0, failure: nil) }
            } catch {
                try Task.checkCancellation()
                // Any number, so that not all devices come again at once.
                let wait = try await Json(reading: ask("fail_sync", ["random": .of(UInt64.random(in: .min ... .max))]))
                return SyncResult(done: all, waitMilliseconds: wait["wait_ms"]?.integer ?? 0, failure: error)
            }
        }
    }
}
