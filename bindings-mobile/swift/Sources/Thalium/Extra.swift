/// What any movement may carry.
public struct Extra: Sendable, Hashable {
    /// A description: public, unless there is a subject.
    public var description: String
    /// Metadata, at most 4 KiB: public, unless there is a subject.
    public var metadata: [String: String]
    /// The party to which the description and the metadata are sealed: its key or id.
    public var subject: String?
    /// On what ground they are held; by law, where nothing is said.
    public var basis: Basis?
    /// For how many years after the relationship ended a law has them kept; 5 where nothing is said.
    public var years: UInt8?
    /// The name of the retention class that says how long a law has them kept, in place of basis and years.
    public var retention: String?
    /// The names of the entries of the metadata that stay public all the same.
    public var `public`: [String]
    /// The civil date that the books give it, as `2026-01-31`.
    public var effectiveDate: String?
    /// Why the money moves, by the caller's own list; 1 by default.
    public var code: UInt16?
    /// For the caller's use: a decimal number below 2^128, or a UUID.
    public var userData128: String?
    /// For the caller's use.
    public var userData64: UInt64
    /// For the caller's use.
    public var userData32: UInt32
    /// Whether this command and the next succeed or fail together.
    public var linked: Bool

    /// Makes what a movement carries; nothing of it is needed.
    public init(
        description: String = "",
        metadata: [String: String] = [:],
        subject: String? = nil,
        basis: Basis? = nil,
        years: UInt8? = nil,
        retention: String? = nil,
        public: [String] = [],
        effectiveDate: String? = nil,
        code: UInt16? = nil,
        userData128: String? = nil,
        userData64: UInt64 = 0,
        userData32: UInt32 = 0,
        linked: Bool = false
    ) {
        self.description = description
        self.metadata = metadata
        self.subject = subject
        self.basis = basis
        self.years = years
        self.retention = retention
        self.public = `public`
        self.effectiveDate = effectiveDate
        self.code = code
        self.userData128 = userData128
        self.userData64 = userData64
        self.userData32 = userData32
        self.linked = linked
    }

    var fields: [String: Json?] {
        [
            "description": .unlessEmpty(description), "metadata": .unlessEmpty(metadata), "effective_date": .of(effectiveDate),
            "code": .of(code), "user_data_128": .of(userData128), "user_data_64": .unlessZero(userData64),
            "user_data_32": .unlessZero(userData32), "linked": .ifTrue(linked), "subject": .of(subject), "basis": .of(basis?.rawValue),
            "years": .of(years), "retention": .of(retention), "public": .unlessEmpty(`public`),
        ]
    }
}

extension Extra: CustomDebugStringConvertible, CustomReflectable {
    private var shown: Json { Json.object(fields.compactMapValues { $0 }).shown }

    /// What is said as JSON, without what is sealed to a subject.
    public var debugDescription: String { "Extra(\(shown.written))" }

    /// As ``debugDescription``.
    public var customMirror: Mirror { Mirror(self, children: ["json": shown]) }
}

/// A leg of a transaction.
public struct Leg: Sendable, Hashable {
    /// The account.
    public var account: String
    /// On which side it stands.
    public var side: Side
    /// How much.
    public var amount: Money

    /// Makes a leg.
    public init(account: String, side: Side, amount: Money) {
        self.account = account
        self.side = side
        self.amount = amount
    }

    var json: Json {
        .object(["account": .text(account), "side": .text(side.rawValue), "amount": .text(amount.description)])
    }
}

/// What an asset is.
public enum AssetKind: Sendable, Hashable {
    /// A coin or a token.
    case crypto
    /// A share or a bond.
    case security
    /// Points of a loyalty scheme.
    case points
    /// A currency, with its number of ISO 4217.
    case fiat(UInt16)

    var json: Json {
        switch self {
        case .crypto: .text("crypto")
        case .security: .text("security")
        case .points: .text("points")
        case .fiat(let number): .object(["fiat": .object(["number": .number(String(number))])])
        }
    }
}
