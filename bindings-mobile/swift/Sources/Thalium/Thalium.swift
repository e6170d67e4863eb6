import Foundation
import ThaliumNative

/// An open ledger in this process: for back ends, for tests and tools. On a customer's device nothing is booked: there is
/// ``Device``.
///
/// ```swift
/// let t = try await Thalium.open("memory:")
/// let zar = try currency("ZAR")
/// try await t.accounts.create(key: "bank:ZAR", asset: "ZAR", kind: .asset)
/// try await t.accounts.create(key: "c42:ZAR", asset: "ZAR", kind: .liability)
/// let deposit = try await t.post(key: "dep-9", from: "bank:ZAR", to: "c42:ZAR", amount: zar("250.00"))
/// ```
///
/// Calls wait on threads of their own, never on Swift's. Any task may use it, many at once.
public final class Thalium: SeenBooks {
    private let native: NativeLedger
    let changes = Changes()

    private init(_ native: NativeLedger) {
        self.native = native
    }

    /// Opens the ledger at an address: `memory:`, `file:DIRECTORY`, or a directory. It is made if it is not there.
    ///
    /// - Throws: ``ThaliumError`` with the code `locked` if another writes it, and others as there described.
    public static func open(_ address: String, _ options: OpenOptions = OpenOptions()) async throws -> Thalium {
        let text = options.json.written
        return try await blocking { Thalium(try NativeLedger.open(address: address, options: text)) }
    }

    /// Closes the ledger when the calls that are under way have ended. Closing again does nothing.
    ///
    /// Who watches a rollup is told `closed`. One that is not closed closes when no one refers to it any more; whether that went well is
    /// then not told.
    public func close() async throws {
        try await blocking { [native] in try native.shut() }
        changes.tell { _ in true }
    }

    package func askText(_ request: String) async throws -> String {
        try await blocking { [native] in try native.call(request: request) }
    }

    /// What carries questions about all of the books.
    public var questions: Questions { Questions(native: native, viewer: nil) }

    /// The books as a broker sees them, by its key or id: itself and its clients, their accounts, and their side of what moves between
    /// those and others. What is asked there is asked as that broker.
    public func seenBy(_ broker: String) -> BrokerView {
        BrokerView(questions: Questions(native: native, viewer: broker))
    }
}

extension Thalium {
    /// Every code that an error may have, with what it means.
    public static func codes() throws -> [String: String] { try pairs(border(nativeCodes)) }

    /// Every operation, with what it works on: `books`, `ledger`, `rollups`, `decisions`, `cases`, `files`, `kyc`, `device`, `policy` or
    /// `chart`.
    public static func operations() throws -> [String: String] { try pairs(border(nativeOperations)) }

    /// A new time-ordered id (UUIDv7).
    public static func newId() throws -> UUID {
        let text = try border(nativeNewId)
        guard let id = UUID(uuidString: text) else { throw ThaliumError.fault("the library's id is none: \(text)") }
        return id
    }

    private static func pairs(_ text: String) throws -> [String: String] {
        let pairs = try Json(reading: text).list?.compactMap { pair -> (String, String)? in
            guard let texts = pair.list, texts.count == 2, let name = texts[0].text, let meaning = texts[1].text else { return nil }
            return (name, meaning)
        }
        return Dictionary(uniqueKeysWithValues: pairs ?? [])
    }
}
