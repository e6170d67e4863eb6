import ThaliumNative

/// A policy that answers: a bundle in Rego, which decides in this process what may be done.
///
/// It is loaded once, and holds no file open: there is nothing to close. Any task may ask it, many at once.
///
/// ```swift
/// let policy = try await Policy.open("policies.tar.gz")
/// let verdict = try await policy.decide("access/verdict", input: ["role": "teller", "amount": .number("19.99")])
/// if verdict.outcome != .allow { verdict.reasons.forEach { print($0.message) } }
/// ```
///
/// An input is ``Json``, or the text of JSON. There is no way in for a `Double`. Without an input `input` is undefined; ``Json/null`` is one.
public final class Policy: Sendable {
    private let native: NativePolicy

    private init(_ native: NativePolicy) {
        self.native = native
    }

    /// Opens the bundle at a path: a directory, an archive (`.tar.gz`), or one module.
    ///
    /// With `keys` it must be signed by one of them; without, a signature is not looked at.
    ///
    /// - Throws: ``ThaliumError`` with the code `policy` for a bundle that is refused.
    public static func open(_ path: String, keys: [PolicyKey]? = nil) async throws -> Policy {
        try await opened(["path": .text(path)], keys)
    }

    /// Opens a bundle of files: the text of each by its path in the bundle.
    ///
    /// - Throws: As ``open(_:keys:)``.
    public static func of(_ files: [String: String], keys: [PolicyKey]? = nil) async throws -> Policy {
        try await opened(["files": .object(files.mapValues(Json.text))], keys)
    }

    private static func opened(_ what: [String: Json], _ keys: [PolicyKey]?) async throws -> Policy {
        var request = what
        request["keys"] = keys.map { .list($0.map(\.json)) }
        return try await openText(Json.object(request).written)
    }

    package static func openText(_ request: String) async throws -> Policy {
        try await blocking { Policy(try NativePolicy.open(request: request)) }
    }

    package func askText(_ request: String) async throws -> String {
        try await blocking { [native] in try native.call(request: request) }
    }

    private func ask(_ op: String, _ fields: [String: Json?]) async throws -> Json {
        try Json(reading: await askText(Json.request(op, fields).written))
    }

    private func one<Value>(_ op: String, _ fields: [String: Json?], _ read: (Told) throws -> Value) async throws -> Value {
        try await read(Told(ask(op, fields)))
    }

    private func asked(_ what: [String: Json?], _ input: Json?, _ now: Timestamp?, _ strict: Bool) throws -> [String: Json?] {
        let how: [String: Json?] = ["input": try input?.checked(), "now": .of(now), "strict": .ifTrue(strict)]
        return what.merging(how) { first, _ in first }
    }
}

extension Policy {
    /// The verdict at a path, such as `aml/verdict`; where it is undefined, a denial that says so.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - input: What is decided about.
    ///   - now: The instant; by default the clock's.
    ///   - strict: Whether an error of a built-in function ends the evaluation, instead of making the expression undefined.
    /// - Throws: `undecided` where the policy comes to no verdict, and `invalid` for a path that leads nowhere. An error is no permission:
    ///   who asked must deny.
    public func decide(_ path: String, input: Json? = nil, now: Timestamp? = nil, strict: Bool = false) async throws -> Verdict {
        try await denying { try await verdict(path, input, now, strict) }
    }

    /// The verdict at a path for an input that is the text of JSON.
    ///
    /// - Throws: As the other, and `invalid` for what is no JSON.
    public func decide(_ path: String, input text: String, now: Timestamp? = nil, strict: Bool = false) async throws -> Verdict {
        try await denying { try await verdict(path, Json(parsing: text), now, strict) }
    }

    /// What stands at a path; nothing where it is undefined, which ``Json/null`` is not.
    ///
    /// Its numbers stand as they are written; ``Json/decimal()`` and ``Json/integer`` give what Swift holds to the last digit.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - input: The input.
    ///   - now: The instant; by default the clock's.
    ///   - strict: Whether an error of a built-in function ends the evaluation, instead of making the expression undefined.
    public func evaluate(_ path: String, input: Json? = nil, now: Timestamp? = nil, strict: Bool = false) async throws -> Json? {
        try await ask("evaluate", asked(["path": .text(path)], input, now, strict))["result"]
    }

    /// What stands at a path for an input that is the text of JSON.
    public func evaluate(_ path: String, input text: String, now: Timestamp? = nil, strict: Bool = false) async throws -> Json? {
        try await evaluate(path, input: Json(parsing: text), now: now, strict: strict)
    }

    /// All ways in which a query in Rego holds, with the variables of each; none where it does not.
    ///
    /// - Parameters:
    ///   - query: The query, such as `some level; data.kyc.limits[level].max_withdrawal > 100000`.
    ///   - input: The input.
    ///   - now: The instant; by default the clock's.
    ///   - strict: Whether an error of a built-in function ends the evaluation, instead of making the expression undefined.
    public func query(_ query: String, input: Json? = nil, now: Timestamp? = nil, strict: Bool = false) async throws -> [[String: Json]] {
        let told = try await ask("query_policy", asked(["query": .text(query)], input, now, strict))
        guard let ways = told["ways"]?.list else { throw ThaliumError.fault("the library answered `query_policy` with no list") }
        return ways.compactMap(\.fields)
    }

    /// All ways in which a query holds for an input that is the text of JSON.
    public func query(_ query: String, input text: String, now: Timestamp? = nil, strict: Bool = false) async throws -> [[String: Json]] {
        try await self.query(query, input: Json(parsing: text), now: now, strict: strict)
    }

    /// What was loaded.
    public func describe() async throws -> PolicyView {
        try await one("describe_policy", [:], PolicyView.init)
    }

    /// Runs the tests of the bundle; only those with the text `only` in their names, where it is given.
    public func test(only: String = "", now: Timestamp? = nil) async throws -> PolicyTests {
        try await one("test_policy", ["only": .unlessEmpty(only), "now": .of(now)], PolicyTests.init)
    }

    private func verdict(_ path: String, _ input: Json?, _ now: Timestamp?, _ strict: Bool) async throws -> Verdict {
        try await one("decide", asked(["path": .text(path)], input, now, strict), Verdict.init)
    }

    // Who reads the error alone is told as well.
    private func denying(_ decide: () async throws -> Verdict) async throws -> Verdict {
        do {
            return try await decide()
        } catch let error as ThaliumError {
            throw ThaliumError(code: error.code, message: "\(error.message); there is no verdict, and so no permission: deny", field: error.field)
        }
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
