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
        try await openText(PolicyBundle.at(path, keys: keys).json.written)
    }

    /// Opens a bundle of files: the text of each by its path in the bundle.
    ///
    /// - Throws: As ``open(_:keys:)``.
    public static func of(_ files: [String: String], keys: [PolicyKey]? = nil) async throws -> Policy {
        try await openText(PolicyBundle.of(files, keys: keys).json.written)
    }

    package static func openText(_ request: String) async throws -> Policy {
        try await blocking { Policy(try NativePolicy.open(request: request)) }
    }

    package func askText(_ request: String) async throws -> String {
        try await blocking { [native] in try native.call(request: request) }
    }

    func ask(_ op: String, _ fields: [String: Json?]) async throws -> Json {
        try Json(reading: await askText(Json.request(op, fields).written))
    }

    func one<Value>(_ op: String, _ fields: [String: Json?], _ read: (Told) throws -> Value) async throws -> Value {
        try await read(Told(ask(op, fields)))
    }

    func asked(_ what: [String: Json?], _ input: Json?, _ now: Timestamp?, _ strict: Bool) throws -> [String: Json?] {
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
    ///
    /// With `coverage` it is told which rows of the modules they ran.
    public func test(only: String = "", now: Timestamp? = nil, coverage: Bool = false) async throws -> PolicyTests {
        let fields: [String: Json?] = ["only": .unlessEmpty(only), "now": .of(now), "coverage": .ifTrue(coverage)]
        return try await one("test_policy", fields, PolicyTests.init)
    }

    private func verdict(_ path: String, _ input: Json?, _ now: Timestamp?, _ strict: Bool) async throws -> Verdict {
        try await one("decide", asked(["path": .text(path)], input, now, strict), Verdict.init)
    }
}

/// Asks for a verdict. Who reads the error alone is told as well that there is none.
func denying<Value>(_ decide: () async throws -> Value) async throws -> Value {
    do {
        return try await decide()
    } catch let error as ThaliumError {
        throw ThaliumError(code: error.code, message: "\(error.message); there is no verdict, and so no permission: deny", field: error.field)
    }
}
