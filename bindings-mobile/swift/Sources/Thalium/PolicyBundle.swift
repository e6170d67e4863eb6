/// A policy that is to be loaded: where its bundle is, or what it is.
///
/// A ``Policy`` is opened by the same; this is for what a ledger loads, ``Thalium/loadPolicy(_:name:shadow:now:)``, what a policy is compared
/// with, ``Policy/diff(_:)``, and what a chart asks, ``Chart/open(_:charts:policy:dialect:)``.
public struct PolicyBundle: Sendable, Hashable {
    private let what: [String: Json]
    private let keys: [PolicyKey]?

    /// The bundle at a path: a directory, an archive (`.tar.gz`), or one module.
    ///
    /// With `keys` it must be signed by one of them; without, a signature is not looked at.
    public static func at(_ path: String, keys: [PolicyKey]? = nil) -> PolicyBundle {
        PolicyBundle(what: ["path": .text(path)], keys: keys)
    }

    /// A bundle of files: the text of each by its path in the bundle.
    public static func of(_ files: [String: String], keys: [PolicyKey]? = nil) -> PolicyBundle {
        PolicyBundle(what: ["files": .object(files.mapValues(Json.text))], keys: keys)
    }

    var json: Json {
        var fields = what
        fields["keys"] = keys.map { .list($0.map(\.json)) }
        return .object(fields)
    }
}

/// A key by which a bundle's signature is verified.
///
/// It does not print what it holds.
public struct PolicyKey: Sendable, Hashable {
    /// The algorithm, such as `RS256`.
    public var algorithm: String
    /// A public key or certificate (PEM), a set of public keys (JWK), or the secret of an HMAC.
    public var key: String
    /// Its id, which the signature names; empty if it serves for every signature.
    public var id: String
    /// What the signature must be for, if anything.
    public var scope: String

    /// Makes a key.
    public init(algorithm: String, key: String, id: String = "", scope: String = "") {
        self.algorithm = algorithm
        self.key = key
        self.id = id
        self.scope = scope
    }

    var json: Json { .object(["algorithm": .text(algorithm), "key": .text(key), "id": .text(id), "scope": .text(scope)]) }
}

extension PolicyKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Its id and algorithm, without the key.
    public var description: String { "PolicyKey(\(id), \(algorithm))" }

    /// As ``description``.
    public var debugDescription: String { description }

    /// Nothing of the key.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
