import Foundation

#if canImport(CryptoKit)
    import CryptoKit
#endif

extension Device {
    /// What a case of the customer's asks for: its copy is kept from the next sync on.
    public func collection(_ key: String) async throws -> CaseCollection {
        _ = try await ask("follow_case", ["case": .text(key)])
        changes.tell(.collection(key))
        changes.tell(.wake)
        return CaseCollection(of: self, key: key)
    }

    /// Forgets the copy of a case. What was handed in to it is sent all the same.
    public func uncollect(_ key: String) async throws {
        _ = try await ask("unfollow_case", ["case": .text(key)])
        changes.tell(.collection(key))
    }

    /// The cases whose copies are kept, as the device knows them.
    public func cases() async throws -> [DeviceCase] {
        try await Told.several(ask("followed_cases"), DeviceCase.init)
    }
}

/// What a case of the customer's asks for, and what is handed in to it: documents, and answers to forms.
///
/// Each is kept on the device, checked by what the back end told of the case last, sent, sent again, and resolved. The bytes of a document go to
/// where the back end takes them, by the app: here their SHA-256 is taken, and nothing else of them.
///
/// ```swift
/// let collection = try await device.collection("case-7")
/// try await device.sync()
/// for asked in try await collection.documents() where asked.wanted { print(asked.document, asked.attemptsLeft) }
/// let passport = try await collection.submit("passport", path: "passport.jpg", file: uploaded, zone: lines)
/// for try await told in passport.updates { print(told.state) }
/// ```
public struct CaseCollection: Sendable {
    let of: Device
    /// The key of the case.
    public let key: String

    /// The case as the device knows it; nothing if its copy is not kept any more.
    public func now() async throws -> DeviceCase? {
        try await Told.one(of.ask("followed_case", ["case": .text(key)]), DeviceCase.init)
    }

    /// The case as the device knows it, now and whenever something changed; it ends when its copy is not kept any more.
    public var updates: Updates<DeviceCase> {
        Updates(changes: of.changes, change: .collection(key), isLast: { _ in false }, ask: { try await self.now() })
    }

    /// The documents of the case and how each stands; none before the back end has told.
    public func documents() async throws -> [AskedDocument] { try await now()?.told?.documents ?? [] }

    /// The forms that the case waits for; none before the back end has told.
    public func forms() async throws -> [AskedForm] { try await now()?.told?.forms ?? [] }

    /// Keeps a document until the back end has answered. A document that waits already is not handed in twice.
    ///
    /// - Parameters:
    ///   - document: Which, by its name in the case.
    ///   - path: The file: its SHA-256 is taken.
    ///   - file: Where the back end keeps it.
    ///   - validUntil: When it is not valid any more; by default the end of the last day that its zone tells.
    ///   - zone: Its machine-readable zone, as a camera read it. What of it names the document or its holder is not sent.
    ///   - key: Its key: given again with the same key it is the same. By default one is made.
    /// - Throws: `invalid` with the field at fault for what the case does not ask for.
    @discardableResult
    public func submit(
        _ document: String, path: String, file: String? = nil, validUntil: Timestamp? = nil, zone: String? = nil, key: String? = nil
    ) async throws -> PendingHandIn {
        let paper = Paper(document: document, path: path, file: file, validUntil: validUntil, zone: zone)
        return try await hand("hand_in_document", paper.fields(self.key, key))
    }

    /// Keeps a document whose bytes are in memory, as the other does. `name` is what it is called on the device; it is not sent.
    @discardableResult
    public func submit(
        _ document: String, bytes: Data, name: String? = nil, file: String? = nil, validUntil: Timestamp? = nil, zone: String? = nil,
        key: String? = nil
    ) async throws -> PendingHandIn {
        // A path that is taken for the SHA-256 alone is no name.
        let paper = Paper(document: document, name: name ?? "", file: file, validUntil: validUntil, zone: zone)
        return try await digested(bytes, paper) { try await hand("hand_in_document", $0.fields(self.key, key)) }
    }

    /// What would be noticed of a document, such as a zone that was misread. Nothing is kept.
    public func check(_ document: String, path: String, validUntil: Timestamp? = nil, zone: String? = nil) async throws -> DocumentCheck {
        let paper = Paper(document: document, path: path, validUntil: validUntil, zone: zone)
        return try await of.one("check_document", paper.fields(key, nil), DocumentCheck.init)
    }

    /// What would be noticed of a document whose bytes are in memory. Nothing is kept.
    public func check(_ document: String, bytes: Data, validUntil: Timestamp? = nil, zone: String? = nil) async throws -> DocumentCheck {
        let paper = Paper(document: document, validUntil: validUntil, zone: zone)
        return try await digested(bytes, paper) { try await of.one("check_document", $0.fields(key, nil), DocumentCheck.init) }
    }

    /// Keeps the answers to a form until the back end has answered.
    ///
    /// - Parameters:
    ///   - form: Which, by its name in the case.
    ///   - answers: Variables with their values, an object.
    ///   - key: Its key: given again with the same key it is the same. By default one is made.
    @discardableResult
    public func answer(_ form: String, _ answers: Json, key: String? = nil) async throws -> PendingHandIn {
        try await hand("answer_form", [
            "key": .text(key ?? newKey()), "case": .text(self.key), "form": .text(form), "answers": try answers.checked(at: "answers"),
        ])
    }

    /// What was handed in to the case, in the order in which it was given; only what is not resolved, if `open`.
    public func handIns(open: Bool = false) async throws -> [HandInView] {
        try await Told.several(of.ask("list_hand_ins", ["case": .text(key), "open": .ifTrue(open)]), HandInView.init)
    }

    /// Something that was handed in before, to wait for: nothing if there is none.
    public func pending(_ key: String) async throws -> PendingHandIn? {
        let pending = PendingHandIn(of: of, key: key)
        return try await pending.now() == nil ? nil : pending
    }

    private func hand(_ op: String, _ fields: [String: Json?]) async throws -> PendingHandIn {
        let told = try await of.one(op, fields, HandInView.init)
        of.changes.tell(.handIn(told.key))
        of.changes.tell(.collection(key))
        of.changes.tell(.wake)
        return PendingHandIn(of: of, key: told.key)
    }

    private func check(_ bytes: Data) throws {
        if bytes.isEmpty { throw ThaliumError.invalid("bytes", "is empty") }
        // As much as of a file.
        if bytes.count > 256 << 20 { throw ThaliumError.invalid("bytes", "has more than 256 MiB") }
    }

    /// Does something with the SHA-256 of bytes.
    private func digested<Value>(_ bytes: Data, _ paper: Paper, _ run: (Paper) async throws -> Value) async throws -> Value {
        try check(bytes)
        var paper = paper
        #if canImport(CryptoKit)
            paper.hash = SHA256.hash(data: bytes).map { byte in
                let text = String(byte, radix: 16)
                return text.count < 2 ? "0" + text : text
            }.joined()
            return try await run(paper)
        #else
            // Where the system has no SHA-256 the library takes that of a file, which is gone again at once.
            let path = FileManager.default.temporaryDirectory.appendingPathComponent(newKey())
            defer { try? FileManager.default.removeItem(at: path) }
            try bytes.write(to: path)
            paper.path = path.path
            return try await run(paper)
        #endif
    }
}

/// A document, as it is asked about.
private struct Paper {
    var document: String
    var hash: String?
    var path: String?
    var name: String?
    var file: String?
    var validUntil: Timestamp?
    var zone: String?

    func fields(_ caseKey: String, _ key: String?) -> [String: Json?] {
        [
            "key": .text(key ?? newKey()), "case": .text(caseKey), "document": .text(document), "hash": .of(hash), "path": .of(path),
            "name": .of(name), "file": .of(file), "valid_until": .of(validUntil), "zone": .of(zone),
        ]
    }
}

private func newKey() -> String { UUID().uuidString.lowercased() }

extension HandInView {
    /// Whether it still has to be sent or answered.
    public var isOpen: Bool { state == .queued || state == .sent }
}

extension HandInView: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// How far it has come, without what is personal.
    public var description: String { "HandInView(\(key), case: \(`case`), state: \(state), warnings: \(warnings), …)" }

    /// As ``description``.
    public var debugDescription: String { description }

    /// Nothing of what was handed in.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Something that was handed in.
public struct PendingHandIn: Sendable {
    let of: Device
    /// Its key.
    public let key: String

    /// How far it has come, now and at each change, until it is resolved.
    public var updates: Updates<HandInView> {
        Updates(changes: of.changes, change: .handIn(key), isLast: { !$0.isOpen }, ask: { try await self.now() })
    }

    /// Waits until it is resolved.
    ///
    /// - Throws: What the device throws, such as `closed`; `invalid` if it was forgotten; `CancellationError` if the task was
    ///   cancelled.
    public func resolved() async throws -> HandInView {
        for try await told in updates where !told.isOpen { return told }
        try Task.checkCancellation()
        throw ThaliumError.invalid("key", "nothing was handed in as `\(key)`: it was forgotten")
    }

    /// How far it has come; nothing if it was forgotten.
    public func now() async throws -> HandInView? {
        try await Told.one(of.ask("get_hand_in", ["key": .text(key)]), HandInView.init)
    }

    /// Takes it back, if it was never sent.
    @discardableResult
    public func cancel() async throws -> HandInView {
        let told = try await of.one("cancel_hand_in", ["key": .text(key)], HandInView.init)
        of.changes.tell(.handIn(key))
        of.changes.tell(.collection(told.case))
        return told
    }
}

/// What of cases is a customer's, and what they may be told of it, as their back end says. What is not named is not told.
public struct CustomerCases: Sendable, Hashable {
    /// The parties that the customer is, by key or id: cases about them are theirs.
    public var parties: [String]
    /// Documents that the customer may hand in though nobody has asked for them in the case yet.
    public var documents: [String]
    /// The forms that the customer may fill in: by the event that the chart hears, the variables that it carries.
    public var forms: [String: [String]]
    /// The states of charts that the customer may be told of.
    public var states: [String]
    /// The reason codes of documents that the customer may be told.
    public var reasons: [String]

    /// Names what the customer may do and know.
    public init(
        parties: [String], documents: [String] = [], forms: [String: [String]] = [:], states: [String] = [], reasons: [String] = []
    ) {
        (self.parties, self.documents, self.forms) = (parties, documents, forms)
        (self.states, self.reasons) = (states, reasons)
    }

    var json: Json {
        .object([
            "parties": .of(parties), "documents": .of(documents), "forms": .object(forms.mapValues { Json.of($0) }),
            "states": .of(states), "reasons": .of(reasons),
        ])
    }
}
