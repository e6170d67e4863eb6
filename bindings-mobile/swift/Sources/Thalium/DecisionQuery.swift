/// Which decisions; all that is said must hold.
public struct DecisionQuery: Sendable, Hashable {
    /// The decision of this id.
    public var decisionId: String?
    /// Those of this path, such as `aml/verdict`.
    public var path: String?
    /// Those by the policy that was loaded under this name.
    public var policy: String?
    /// Those with this outcome.
    public var outcome: VerdictOutcome?
    /// Those about this party, by key or id.
    public var subject: String?
    /// Those about this, by the caller's own key.
    public var concerns: String?
    /// From this RFC 3339 instant or date on.
    public var from: String?
    /// Before this instant, or up to this date.
    public var until: String?

    /// Makes a question; nothing of it is needed.
    public init(
        decisionId: String? = nil,
        path: String? = nil,
        policy: String? = nil,
        outcome: VerdictOutcome? = nil,
        subject: String? = nil,
        concerns: String? = nil,
        from: String? = nil,
        until: String? = nil
    ) {
        self.decisionId = decisionId
        self.path = path
        self.policy = policy
        self.outcome = outcome
        self.subject = subject
        self.concerns = concerns
        self.from = from
        self.until = until
    }

    var fields: [String: Json?] {
        [
            "decision_id": .of(decisionId), "path": .of(path), "policy": .of(policy), "outcome": .of(outcome?.rawValue),
            "subject": .of(subject), "concerns": .of(concerns), "from": .of(from), "until": .of(until),
        ]
    }
}

/// To open what is sealed. Before any of it is handed out, each party whose data it is gets a reading on record.
public struct OpenSealed: Sendable, Hashable {
    /// Why. It stands in the log in the clear: no personal data in it.
    public var why: String
    /// Who reads, and when; by default who opened the ledger, now.
    public var context: Context

    /// Opens what is sealed, for a reason.
    public init(why: String, context: Context = Context()) {
        self.why = why
        self.context = context
    }

    var json: Json { .object(context.fields.merging(["why": .text(why)]) { $1 }.compactMapValues { $0 }) }
}

/// What of a decision is left out or replaced when it is told, by a pointer (RFC 6901) below `/input` or `/result`, such as `/input/name`.
public struct DecisionMask: Sendable, Hashable {
    private let fields: [String: Json]

    /// Leaves out what stands there.
    public static func remove(_ path: String) -> DecisionMask {
        DecisionMask(fields: ["op": "remove", "path": .text(path)])
    }

    /// Puts a value in its place.
    public static func upsert(_ path: String, _ value: Json) -> DecisionMask {
        DecisionMask(fields: ["op": "upsert", "path": .text(path), "value": value])
    }

    // A number that is none would make another request of it.
    func json() throws -> Json { try Json.object(fields).checked(at: "masks") }
}

/// Decisions that are on record, the oldest first, and where the next page begins.
public struct DecisionPage: Sendable, Hashable {
    /// The decisions, each with the names that Open Policy Agent's decision logs have: `decision_id`, `timestamp`, `path`, `bundles`, `input`,
    /// `result` or `error`, and so on, and beside those `number`, `outcome`, `concerns`, `subject`, `retention`, `sealed` and
    /// `subject_forgotten`.
    ///
    /// Numbers stand as they are written; ``Json/decimal()`` and ``Json/integer`` give what Swift holds to the last digit.
    public let decisions: [Json]
    /// What the next page comes after, where there are more.
    public let next: Int64?
}
