import Foundation

/// What is asked about people and needs nothing that is open: machine-readable zones, callbacks of providers, risk scores, charts of
/// other systems, what is probably wrong in a kind of cases.
public enum Kyc {
    /// Reads the machine-readable zone of a travel document, as a camera or a scanner made text of it.
    ///
    /// Nothing is repaired or guessed: what does not hold is told in ``MrzView/wrong``. It proves that the zone was read as it was printed, and
    /// not that the document is real.
    ///
    /// ```swift
    /// let passport = try await Kyc.readMrz(lines)
    /// if !passport.valid { print("take it again:", passport.wrong) }
    /// ```
    ///
    /// - Parameters:
    ///   - text: Its lines, or one run of its characters.
    ///   - today: The day for which is told whether it has expired, as `2026-11-30`; by default that of the clock, in UTC.
    /// - Throws: `invalid` with the field `text` for what is no such zone.
    public static func readMrz(_ text: String, today: String? = nil) async throws -> MrzView {
        try await Files.one("read_mrz", ["text": .text(text), "today": .of(today)], MrzView.init)
    }

    /// Proves who sent a callback (a webhook), and reads it.
    ///
    /// - Parameters:
    ///   - provider: Who sent it.
    ///   - headers: Its headers, as they came.
    ///   - body: The bytes of its body, as they came: not read and written again.
    ///   - keys: The keys of which one has signed it: several while they change.
    ///   - toleranceSeconds: How old what is signed with a time may be, in seconds; 300 by default.
    ///   - from: Of a provider that signs nothing: the address of the connection.
    ///   - allowed: The addresses that such a provider sends from.
    ///   - now: The instant; by default the clock's.
    /// - Throws: `refused` for one that nobody has proven, such as one with a wrong signature.
    public static func readCallback(
        _ provider: CallbackProvider,
        headers: [String: [String]],
        body: some Sequence<UInt8> & Sendable,
        keys: [CallbackKey] = [],
        toleranceSeconds: UInt32? = nil,
        from: String? = nil,
        allowed: [String] = [],
        now: Timestamp? = nil
    ) async throws -> Callback {
        let bytes = Array(body)
        let text = String(decoding: bytes, as: UTF8.self)
        // What is no text is repaired there, and would be another body.
        guard text.utf8.elementsEqual(bytes) else { throw ThaliumError.invalid("body", "is not UTF-8, which every provider sends") }
        let lines = headers.sorted { $0.key < $1.key }.flatMap { name, values in
            values.map { Json.object(["name": .text(name), "value": .text($0)]) }
        }
        return try await Files.one("read_callback", [
            "provider": .text(provider.rawValue), "headers": .list(lines), "body": .text(text), "keys": .list(keys.map(\.json)),
            "tolerance": .of(toleranceSeconds), "from": .of(from), "allowed": .of(allowed), "now": .of(now),
        ], Callback.init)
    }

    /// Proves who sent a callback of which each header has one value, and reads it.
    ///
    /// - Throws: As the other.
    public static func readCallback(
        _ provider: CallbackProvider,
        headers: [String: String] = [:],
        body: some Sequence<UInt8> & Sendable,
        keys: [CallbackKey] = [],
        toleranceSeconds: UInt32? = nil,
        from: String? = nil,
        allowed: [String] = [],
        now: Timestamp? = nil
    ) async throws -> Callback {
        try await readCallback(
            provider, headers: headers.mapValues { [$0] }, body: body, keys: keys, toleranceSeconds: toleranceSeconds, from: from,
            allowed: allowed, now: now
        )
    }

    /// The risk of a customer, calculated exactly by a model.
    ///
    /// - Parameters:
    ///   - model: The model: JSON or YAML.
    ///   - facts: What is known of the customer, an object.
    ///   - overrides: What officers decided instead, each an object with `level` or `score`, `by`, `reason`, `expires` and, if wanted, `since`.
    ///   - now: The instant; by default the clock's.
    /// - Throws: `chart` for a model that is refused, with all that is wrong; `refused` for facts that it cannot score.
    public static func scoreRisk(
        _ model: String, facts: Json? = nil, overrides: [Json] = [], now: Timestamp? = nil
    ) async throws -> ScoredRisk {
        let given = try overrides.enumerated().map { try $0.element.checked(at: "overrides[\($0.offset)]") }
        return try await Files.one("score_risk", [
            "model": .text(model), "facts": try facts?.checked(at: "facts"), "overrides": given.isEmpty ? nil : .list(given), "now": .of(now),
        ], ScoredRisk.init)
    }

    /// Reads workflow definitions of Ballerine as charts.
    ///
    /// - Parameters:
    ///   - text: A definition, or an array of them of which the first is the main one: JSON.
    ///   - strict: Whether what Ballerine tolerates is refused.
    /// - Throws: `chart` for one that cannot be carried over.
    public static func importBallerine(_ text: String, strict: Bool = false) async throws -> ImportedCharts {
        try await Files.one("import_ballerine", ["text": .text(text), "strict": .ifTrue(strict)], ImportedCharts.init)
    }

    /// Reads rules of Ballerine's rule engine as a guard.
    ///
    /// - Parameter text: A set of rules, `{"operator": "and", "rules": [{"key", "operator", "value"}]}`: JSON.
    /// - Throws: `chart` for an operator that looks at more than a value, or asks others.
    public static func importRules(_ text: String) async throws -> ImportedRules {
        try await Files.one("import_rules", ["text": .text(text)], ImportedRules.init)
    }

    /// What is probably wrong in a kind of cases beside its charts, by row, column and path: votes that no chart hears where they are given,
    /// queues that no case comes to.
    ///
    /// What is wrong in a chart itself ``Chart/lint(outside:)`` tells.
    ///
    /// - Parameters:
    ///   - kind: The kind: JSON or YAML.
    ///   - charts: The texts of its chart and of those that it invokes: JSON, YAML or SCXML.
    ///   - policy: The policy that guards ask (`{"rego": PATH}`).
    ///   - dialect: How JSON Logic takes values of other kinds.
    /// - Throws: `chart` for a kind or a chart that is refused, with all that is wrong, by row, column and path.
    public static func lintCases(
        _ kind: String, charts: [String], policy: PolicyBundle? = nil, dialect: ChartDialect = .strict
    ) async throws -> [ChartFinding] {
        try await Files.several("lint_cases", [
            "kind": .text(kind), "charts": .of(charts), "policy": policy?.json, "dialect": .text(dialect.rawValue),
        ], ChartFinding.init)
    }
}

/// Whose callbacks are read.
public enum CallbackProvider: String, Sendable {
    /// Onfido: the body is signed.
    case onfido
    /// Persona: the instant and the body are signed.
    case persona
    /// Sumsub: the body is signed.
    case sumsub
    /// Veriff: the body is signed.
    case veriff
    /// Jumio: nothing is signed, and the address of the connection is looked at.
    case jumio
    /// Ballerine: the body is signed.
    case ballerine
}

/// A key that callbacks are signed with.
///
/// It does not print what it holds. **It is for a back end**: on a device it would be everyone's.
public struct CallbackKey: Sendable, Hashable {
    /// What it is called.
    public var id: String
    /// The secret, as the provider shows it.
    public var secret: String
    /// The name of the client that the provider sends along, where it does.
    public var client: String?
    /// From when on it is valid.
    public var notBefore: Timestamp?
    /// Until when it is valid.
    public var notAfter: Timestamp?

    /// Makes a key.
    public init(id: String, secret: String, client: String? = nil, notBefore: Timestamp? = nil, notAfter: Timestamp? = nil) {
        self.id = id
        self.secret = secret
        self.client = client
        self.notBefore = notBefore
        self.notAfter = notAfter
    }

    var json: Json {
        let fields: [String: Json?] = [
            "id": .text(id), "secret": .text(secret), "client": .of(client), "not_before": .of(notBefore), "not_after": .of(notAfter),
        ]
        return .object(fields.compactMapValues { $0 })
    }
}

extension CallbackKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// What it is called, without the secret.
    public var description: String { "CallbackKey(\(id))" }

    /// As ``description``.
    public var debugDescription: String { description }

    /// Nothing of the secret.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension MrzView: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The zone without what is personal.
    public var description: String { "MrzView(\(format), status: \(status), valid: \(valid), wrong: \(wrong), …)" }

    /// As ``description``.
    public var debugDescription: String { description }

    /// Nothing of what stands there.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// A callback that was proven and read.
public struct Callback: Sendable, Hashable {
    /// Who sent it.
    public let provider: CallbackProvider
    /// The key that signed it.
    public let key: String?
    /// When it was signed, where the provider says so.
    public let signedAt: Timestamp?
    /// The id by which a second delivery is known: give it as the ``By/requestId`` of what is done with it.
    public let eventId: String
    /// What the provider calls it.
    public let kind: String
    /// The provider's own id of the check.
    public let about: String
    /// The caller's own reference, where the provider carries it.
    public let subject: String?
    /// When it happened.
    public let occurredAt: Timestamp?
    /// What it comes to, in the same words for every provider: `approved`, `rejected`, `rejected_retry`, `review`, `expired`, `cancelled`,
    /// `processing` or `other`.
    public let outcome: String
    /// The provider's own reasons.
    public let reasons: [String]
    /// Whether it is of the provider's sandbox, where it says so.
    public let sandbox: Bool?
    /// The SHA-256 of the body, to be kept with it as evidence.
    public let evidence: String
    /// The event that a chart is told: give it to ``Cases/send(_:_:data:session:invokeId:by:)``.
    public let event: String
    /// What that carries, an object.
    public let data: Json

    init(_ told: Told) throws {
        provider = try told.name("provider")
        key = try told.textOrNil("key")
        signedAt = try told.instantOrNil("signed_at")
        eventId = try told.text("event_id")
        kind = try told.text("kind")
        about = try told.text("about")
        subject = try told.textOrNil("subject")
        occurredAt = try told.instantOrNil("occurred_at")
        outcome = try told.text("outcome")
        reasons = try told.texts("reasons")
        sandbox = try told.flagOrNil("sandbox")
        evidence = try told.text("evidence")
        event = try told.text("event")
        data = try told.jsonOrNil("data") ?? [:]
    }
}

/// The risk of a customer.
public struct ScoredRisk: Sendable, Hashable {
    /// The score.
    public let score: Decimal
    /// The level that it comes to.
    public let level: String
    /// Whether there is to be no business with the customer.
    public let refuse: Bool
    /// When the information about the customer is to be updated.
    public let refreshBy: Timestamp?
    /// What it was made of, point by point, for people.
    public let explained: [String]
    /// The digest of the model.
    public let model: String
    /// All of it, an object. Numbers stand as they are written.
    public let details: Json

    init(_ told: Told) throws {
        score = try told.exact("score")
        level = try told.text("level")
        refuse = try told.flag("refuse")
        refreshBy = try told.instantOrNil("refresh_by")
        explained = try told.texts("explained")
        model = try told.text("model")
        details = try told.jsonOrNil("text") ?? .null
    }
}

/// Rules of Ballerine's rule engine as a guard.
public struct ImportedRules: Sendable, Hashable {
    /// The guard, a rule of JSON Logic: JSON.
    public let `guard`: String
    /// How JSON Logic takes values of other kinds in it.
    public let dialect: ChartDialect

    init(_ told: Told) throws {
        `guard` = try told.text("guard")
        dialect = try told.name("dialect")
    }
}

/// Workflow definitions of Ballerine as charts, to be opened by ``Chart/of(_:charts:policy:dialect:)``.
public struct ImportedCharts: Sendable, Hashable {
    /// The chart of the first definition: JSON.
    public let chart: String
    /// The charts of the others, to be loaded together with it: JSON.
    public let charts: [String]
    /// How JSON Logic takes values of other kinds in them.
    public let dialect: ChartDialect
    /// What was tolerated.
    public let leniencies: [BallerineLeniency]

    init(_ told: Told) throws {
        chart = try told.text("chart")
        charts = try told.texts("charts")
        dialect = try told.name("dialect")
        leniencies = try told.list("leniencies", BallerineLeniency.init)
    }
}
