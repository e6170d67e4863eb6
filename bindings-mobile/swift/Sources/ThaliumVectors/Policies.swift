import Thalium

/// One file of the bundles, run through the package.
struct Policies: Sendable {
    var json: Json

    struct Told: Sendable {
        var differences: [String] = []
        var steps = 0
        /// Steps that say something that cannot be typed.
        var asTheyStand = 0
    }

    /// How each operation is called in Swift: one that is missing here fails.
    static let calls: [String: Calling<Policy>] = [
        "decide": { policy, call in
            try await policy.decide(call.needed("path"), input: call.fields["input"], now: call.instant("now"), strict: call.flag("strict"))
        },
        "evaluate": { policy, call in
            let value = try await policy.evaluate(
                call.needed("path"), input: call.fields["input"], now: call.instant("now"), strict: call.flag("strict")
            )
            return Json.object(value.map { ["result": $0] } ?? [:])
        },
        "query_policy": { policy, call in
            let ways = try await policy.query(
                call.needed("query"), input: call.fields["input"], now: call.instant("now"), strict: call.flag("strict")
            )
            return Json.object(["ways": .list(ways.map(Json.object))])
        },
        "explain": { policy, call in
            try await policy.explain(
                call.needed("path"), input: call.fields["input"], now: call.instant("now"), strict: call.flag("strict"),
                steps: call.number("steps").map(Int.init), withoutValues: call.flag("without_values")
            )
        },
        "lint_policy": { policy, _ in try await policy.lint() },
        "filter_rows": { policy, call in
            try await policy.filter(
                call.needed("path"), columns: columns(call), input: call.fields["input"], now: call.instant("now"), row: call.text("row"),
                alias: call.text("alias"), firstParameter: call.number("first_parameter").map(Int.init)
            )
        },
        "diff_policy": { policy, call in
            guard let to = call.fields["to"].flatMap(bundle) else { throw Typed.CannotBeTyped() }
            return try await policy.diff(to)
        },
        "describe_policy": { policy, _ in try await policy.describe() },
        "test_policy": { policy, call in
            try await policy.test(only: call.text("only") ?? "", now: call.instant("now"), coverage: call.flag("coverage"))
        },
    ]

    /// The same with an input that is the text of JSON.
    private static let texts: [String: Calling<Policy>] = [
        "decide": { policy, call in
            try await policy.decide(call.needed("path"), input: written(call), now: call.instant("now"), strict: call.flag("strict"))
        },
        "evaluate": { policy, call in
            let value = try await policy.evaluate(
                call.needed("path"), input: written(call), now: call.instant("now"), strict: call.flag("strict")
            )
            return Json.object(value.map { ["result": $0] } ?? [:])
        },
        "query_policy": { policy, call in
            let ways = try await policy.query(
                call.needed("query"), input: written(call), now: call.instant("now"), strict: call.flag("strict")
            )
            return Json.object(["ways": .list(ways.map(Json.object))])
        },
        "explain": { policy, call in
            try await policy.explain(
                call.needed("path"), input: written(call), now: call.instant("now"), strict: call.flag("strict"),
                steps: call.number("steps").map(Int.init), withoutValues: call.flag("without_values")
            )
        },
        "filter_rows": { policy, call in
            try await policy.filter(
                call.needed("path"), columns: columns(call), input: written(call), now: call.instant("now"), row: call.text("row"),
                alias: call.text("alias"), firstParameter: call.number("first_parameter").map(Int.init)
            )
        },
    ]

    // What a step of each may say: one that says something else is sent as it stands.
    private static let asked: Set = ["path", "input", "now", "strict"]
    private static let fields: [String: Set<String>] = [
        "decide": asked, "evaluate": asked, "query_policy": ["query", "input", "now", "strict"], "describe_policy": [],
        "test_policy": ["only", "now", "coverage"], "explain": asked.union(["steps", "without_values"]), "lint_policy": [],
        "diff_policy": ["to"], "filter_rows": ["path", "input", "now", "row", "alias", "columns", "first_parameter"],
    ]
    private static let needed: [String: Set<String>] = [
        "decide": ["path"], "evaluate": ["path"], "query_policy": ["query"], "explain": ["path"], "filter_rows": ["path", "columns"],
        "diff_policy": ["to"],
    ]

    /// Whether the methods can say what a step says.
    private static func isTyped(_ call: Call, _ op: String) -> Bool {
        let said = Set(call.fields.keys).subtracting(["op"])
        guard said.isSubset(of: fields[op] ?? []), said.isSuperset(of: needed[op] ?? []) else { return false }
        let numbers = ["steps", "first_parameter"].allSatisfy { call.fields[$0] == nil || call.number($0) != nil }
        let flags = ["strict", "without_values", "coverage"].allSatisfy { [.bool(true), .bool(false)].contains(call.fields[$0] ?? .bool(false)) }
        let texts = ["path", "query", "only", "now", "row", "alias"].allSatisfy { call.fields[$0] == nil || call.text($0) != nil }
        let now = call.text("now") == nil || (try? call.instant("now")) != nil
        let to = call.fields["to"].map { bundle($0) != nil } ?? true
        return numbers && flags && texts && now && to && (try? columns(call)) != nil
    }

    @Sendable private static func columns(_ call: Call) throws -> [String: RowColumn] {
        try (call.fields["columns"]?.fields ?? [:]).mapValues { column in
            guard let type: ColumnKind = try Typed.name(column["type"]), let fields = column.fields,
                fields.keys.allSatisfy(["type", "sql", "nullable"].contains)
            else { throw Typed.CannotBeTyped() }
            return RowColumn(type, sql: column["sql"]?.text, nullable: column["nullable"] == .bool(true))
        }
    }

    /// A bundle as a ledger takes it; nothing where it cannot be typed.
    static func bundle(_ asked: Json) -> PolicyBundle? {
        guard isTyped(opening: asked) else { return nil }
        if let path = asked["path"]?.text { return .at(path, keys: keys(asked)) }
        return .of(asked["files"]?.fields?.compactMapValues(\.text) ?? [:], keys: keys(asked))
    }

    private static func keys(_ asked: Json) -> [PolicyKey]? {
        asked["keys"]?.list?.map { key in
            PolicyKey(algorithm: key["algorithm"]?.text ?? "", key: key["key"]?.text ?? "", id: key["id"]?.text ?? "")
        }
    }

    @Sendable private static func written(_ call: Call) -> String { call.fields["input"]?.written ?? "null" }

    func run() async throws -> Told {
        var told = Told()
        for (number, one) in (json["refused"]?.list ?? []).enumerated() {
            told.steps += 1
            told.asTheyStand += Policies.isTyped(opening: one["open"] ?? .null) ? 0 : 1
            let found = await Policies.found {
                _ = try await Policies.open(one["open"] ?? .null)
                return Json.object([:])
            }
            told.differences += Policies.compared("bundle \(number)", one, found)
        }
        guard let steps = json["steps"]?.list else { return told }
        let policy = try await Policies.open(json["open"] ?? .null)
        for (number, step) in steps.enumerated() {
            told.steps += 1
            for found in try await Policies.answers(policy, step, &told) {
                told.differences += Policies.compared("step \(number)", step, found)
            }
        }
        return told
    }

    /// What is answered, in each of the ways in which it can be asked.
    private static func answers(_ policy: Policy, _ step: Json, _ told: inout Told) async throws -> [Json] {
        let call = Call(fields: step["call"]?.fields ?? [:], commands: [], trades: nil)
        let op = call.needed("op")
        guard let typed = calls[op], isTyped(call, op) else {
            if step["answer"] != nil { return [.object(["answer": .text("Swift has no `\(op)`")])] }
            told.asTheyStand += 1
            return [await found { try Json(reading: await policy.askText(Json.object(call.fields).written)) }]
        }
        var answers = [await found { try await typed(policy, call) }]
        if call.fields["input"] != nil, let text = texts[op] { answers.append(await found { try await text(policy, call) }) }
        return answers
    }

    private static func isTyped(opening asked: Json) -> Bool {
        (asked["path"] == nil) != (asked["files"] == nil)
    }

    private static func open(_ asked: Json) async throws -> Policy {
        guard isTyped(opening: asked) else { return try await Policy.openText(asked.written) }
        if let path = asked["path"]?.text { return try await Policy.open(path, keys: keys(asked)) }
        return try await Policy.of(asked["files"]?.fields?.compactMapValues(\.text) ?? [:], keys: keys(asked))
    }

    private static func found(_ run: () async throws -> Any) async -> Json {
        do {
            return .object(["answer": Plain.of(told: try await run())])
        } catch let error as ThaliumError {
            var failure: [String: Json] = ["code": .text(error.code)]
            failure["field"] = error.field.map(Json.text)
            return .object(["failure": .object(failure)])
        } catch {
            return .object(["failure": .text("\(error)")])
        }
    }

    private static func compared(_ at: String, _ step: Json, _ found: Json) -> [String] {
        let expected = step.fields?.filter { $0.key == "answer" || $0.key == "failure" } ?? [:]
        return [difference(at, Plain.of(.object(expected)), Plain.of(found))].compactMap { $0 }
    }
}
