/// A field of personal data. Its value is printed nowhere.
public struct PersonalField: Sendable, Hashable {
    /// The value; it is sealed before it is kept.
    public var value: String
    /// What it is held for, such as `contact` or `due_diligence`; in the clear.
    public var purpose: String
    /// On what ground, and so with which of the party's keys it is sealed: what is held by consent goes when the party asks.
    ///
    /// Where nothing is said it is law with a retention class, else consent.
    public var basis: Basis?
    /// For how many years after the relationship ended a law has it kept; 5 where the law is the ground and nothing is said.
    public var years: UInt8?
    /// The name of the retention class that says how long a law has it kept, in place of basis and years.
    public var retention: String?
    /// What kind of identifier it is, for one by which the party can be found.
    public var identifier: IdentifierKind?

    /// Makes a field, by default one that is held by consent and by which no one is found.
    public init(
        value: String,
        purpose: String,
        basis: Basis? = nil,
        years: UInt8? = nil,
        retention: String? = nil,
        identifier: IdentifierKind? = nil
    ) {
        self.value = value
        self.purpose = purpose
        self.basis = basis
        self.years = years
        self.retention = retention
        self.identifier = identifier
    }

    var json: Json {
        let fields: [String: Json?] = [
            "value": .text(value), "purpose": .text(purpose), "basis": .of(basis?.rawValue), "years": .of(years),
            "retention": .of(retention), "identifier": .of(identifier?.rawValue),
        ]
        return .object(fields.compactMapValues { $0 })
    }
}

extension PersonalField: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The field without its value.
    public var description: String {
        let ground = [("basis", basis?.rawValue), ("retention", retention)].map { name, said in said.map { ", \(name): \($0)" } ?? "" }
        return "PersonalField(…, purpose: \(purpose)\(ground.joined()))"
    }

    /// As ``description``.
    public var debugDescription: String { description }

    /// Nothing of the value.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension PersonalView: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The field without its value.
    public var description: String { "PersonalView(\(name): …, purpose: \(purpose), basis: \(basis.rawValue))" }

    /// As ``description``.
    public var debugDescription: String { description }

    /// Nothing of the value.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension DetailView: CustomDebugStringConvertible, CustomReflectable {
    /// Whose words they are, without the words.
    public var debugDescription: String { "DetailView(\(transfer ?? account ?? ""): …, basis: \(basis.rawValue))" }

    /// Nothing of the words.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
