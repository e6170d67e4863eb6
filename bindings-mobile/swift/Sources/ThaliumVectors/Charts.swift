import Thalium

/// One file of the charts, run through the package.
struct Charts: Sendable {
    var json: Json

    struct Told: Sendable {
        var differences: [String] = []
        var steps = 0
        /// Steps that say something that cannot be typed.
        var asTheyStand = 0
    }

    /// A call, with its session as it was answered, or as text.
    struct Asked: Sendable {
        let call: Call
        let session: any Held

        var data: Json? { call.fields["data"] }
        var now: Timestamp? { get throws { try call.instant("now") } }
        var trace: Bool { call.flag("trace") }
        var outside: [String]? { call.fields["outside"] == nil ? nil : call.texts("outside") }

        func format<Format: RawRepresentable>(or usual: Format) throws -> Format where Format.RawValue == String {
            try call.name("format") ?? usual
        }
    }

    /// How each operation is called in Swift: one that is missing here fails.
    static let calls: [String: @Sendable (_ chart: Chart, _ asked: Asked) async throws -> Any] = [
        "describe_chart": { chart, _ in try await chart.describe() },
        "lint_chart": { chart, asked in try await chart.lint(outside: asked.outside) },
        "draw_chart": { chart, asked in
            let session = asked.call.fields["session"] == nil ? nil : asked.session
            return Json.object(["text": .text(try await chart.draw(asked.format(or: .svg), session: session))])
        },
        "write_chart": { chart, asked in Json.object(["text": .text(try await chart.write(asked.format(or: .json)))]) },
        "start_session": { chart, asked in
            try await chart.start(asked.call.needed("id"), data: asked.data, now: asked.now, trace: asked.trace)
        },
        "step_session": { chart, asked in
            try await chart.step(
                asked.session, asked.call.needed("event"), data: asked.data, invokeId: asked.call.text("invoke_id"),
                to: asked.call.text("to"), now: asked.now, trace: asked.trace
            )
        },
        "advance_session": { chart, asked in try await chart.advance(asked.session, now: asked.now, trace: asked.trace) },
        "resume_session": { chart, asked in
            let since = try asked.call.neededInstant("suspended_at")
            return try await chart.resume(asked.session, suspendedAt: since, now: asked.now, trace: asked.trace)
        },
        "cancel_session": { chart, asked in try await chart.cancel(asked.session, now: asked.now, trace: asked.trace) },
        "describe_session": { chart, asked in try await chart.session(asked.session) },
    ]

    /// The same with data that is the text of JSON.
    private static let texts: [String: @Sendable (_ chart: Chart, _ asked: Asked) async throws -> Any] = [
        "start_session": { chart, asked in
            try await chart.start(asked.call.needed("id"), data: asked.data?.written ?? "", now: asked.now, trace: asked.trace)
        },
        "step_session": { chart, asked in
            try await chart.step(
                asked.session, asked.call.needed("event"), data: asked.data?.written ?? "", invokeId: asked.call.text("invoke_id"),
                to: asked.call.text("to"), now: asked.now, trace: asked.trace
            )
        },
    ]

    // What a step of each may say, and what it has to: one that says something else is sent as it stands.
    private static let timed: Set = ["session", "now", "trace"]
    private static let fields: [String: Set<String>] = [
        "describe_chart": [], "lint_chart": ["outside"], "draw_chart": ["format", "session"], "write_chart": ["format"],
        "start_session": ["id", "data", "now", "trace"], "step_session": timed.union(["event", "data", "invoke_id", "to"]),
        "advance_session": timed, "resume_session": timed.union(["suspended_at"]), "cancel_session": timed, "describe_session": ["session"],
    ]
    private static let needed: [String: Set<String>] = [
        "start_session": ["id"], "step_session": ["session", "event"], "advance_session": ["session"],
        "resume_session": ["session", "suspended_at"], "cancel_session": ["session"], "describe_session": ["session"],
    ]

    /// Whether the methods can say what a step says.
    private static func isTyped(_ call: Call, _ op: String) -> Bool {
        let said = Set(call.fields.keys).subtracting(["op"])
        guard said.isSubset(of: fields[op] ?? []), said.isSuperset(of: needed[op] ?? []) else { return false }
        let names = ["id", "session", "event", "invoke_id", "to", "now", "suspended_at", "format"]
        let texts = names.allSatisfy { call.fields[$0] == nil || call.text($0) != nil }
        let flags = [.bool(true), .bool(false)].contains(call.fields["trace"] ?? .bool(false))
        let instants = ["now", "suspended_at"].allSatisfy { (try? call.instant($0)) != nil || call.fields[$0] == nil }
        let outside = call.fields["outside"].map { $0.list != nil && $0.list?.count == call.texts("outside").count } ?? true
        let asked = Asked(call: call, session: "")
        let drawn = op != "draw_chart" || (try? asked.format(or: DrawFormat.svg)) != nil
        let written = op != "write_chart" || (try? asked.format(or: ChartFormat.json)) != nil
        return texts && flags && instants && outside && drawn && written
    }

    func run() async throws -> Told {
        var told = Told()
        for (number, one) in (json["refused"]?.list ?? []).enumerated() {
            told.steps += 1
            let found = await Charts.found {
                _ = try await Charts.open(one["open"] ?? .null)
                return Json.object([:])
            }
            told.differences += Charts.compared("chart \(number)", one, found)
        }
        guard let steps = json["steps"]?.list else { return told }
        let chart = try await Charts.open(json["open"] ?? .null)
        var last: (any Held)?
        for (number, step) in steps.enumerated() {
            told.steps += 1
            for found in await Charts.answers(chart, step, &last, &told) {
                told.differences += Charts.compared("step \(number)", step, found)
            }
        }
        return told
    }

    /// What is answered, in each of the ways in which it can be asked.
    private static func answers(_ chart: Chart, _ step: Json, _ last: inout (any Held)?, _ told: inout Told) async -> [Json] {
        var fields = step["call"]?.fields ?? [:]
        let answered = fields["session"] == session ? last : nil
        if let answered { fields["session"] = .text(answered.held) }
        let call = Call(fields: fields, commands: [], trades: nil)
        let op = call.needed("op")
        guard let typed = calls[op], isTyped(call, op) else {
            if step["answer"] != nil { return [.object(["answer": .text("Swift has no `\(op)`")])] }
            told.asTheyStand += 1
            return [await found { try Json(reading: await chart.askText(Json.object(call.fields).written)) }]
        }
        let stored = Asked(call: call, session: call.needed("session"))
        var held: (any Held)?
        var answers = [
            await found {
                let told = try await typed(chart, stored)
                held = told as? any Held
                return told
            },
        ]
        if call.fields["data"] != nil, let text = texts[op] { answers.append(await found { try await text(chart, stored) }) }
        if let answered { answers.append(await found { try await typed(chart, Asked(call: call, session: answered)) }) }
        last = held ?? last
        return answers
    }

    private static func open(_ asked: Json) async throws -> Chart {
        let charts = asked["charts"]?.list?.compactMap(\.text) ?? []
        let policy = asked["policy"].flatMap(Policies.bundle)
        let known: Set = ["path", "text", "charts", "policy", "dialect"]
        guard (asked["path"] == nil) != (asked["text"] == nil), (policy == nil) == (asked["policy"] == nil),
            let dialect = ChartDialect(rawValue: asked["dialect"]?.text ?? "strict"),
            Set(asked.fields?.keys.map { $0 } ?? []).isSubset(of: known)
        else { return try await Chart.openText(asked.written) }
        if let path = asked["path"]?.text { return try await Chart.open(path, charts: charts, policy: policy, dialect: dialect) }
        return try await Chart.of(asked["text"]?.text ?? "", charts: charts, policy: policy, dialect: dialect)
    }

    private static func found(_ run: () async throws -> Any) async -> Json {
        do {
            return .object(["answer": plain(try await run())])
        } catch let error as ThaliumError {
            var failure: [String: Json] = ["code": .text(error.code)]
            failure["field"] = error.field.map(Json.text)
            return .object(["failure": .object(failure)])
        } catch {
            return .object(["failure": .text("\(error)")])
        }
    }

    /// An answer as the vectors have it, where data is the text of JSON.
    private static func plain(_ told: Any) -> Json {
        switch told {
        case let step as SessionStep:
            return .object([
                "at": plain(step.at), "heard": Plain.of(told: step.heard), "effects": .list(step.effects.map { plain($0) }),
                "faults": Plain.of(told: step.faults), "trace": Plain.of(told: step.trace),
            ])
        case let session as HeldSession:
            var fields = Plain.of(told: session).fields ?? [:]
            fields["session"] = fields.removeValue(forKey: "held")
            fields["data"] = .text(session.data.written)
            return .object(fields)
        case let effect as SessionEffect:
            var fields = Plain.of(told: effect).fields ?? [:]
            fields["data"] = effect.data.map { .text($0.written) }
            return .object(fields)
        default: return Plain.of(told: told)
        }
    }

    private static func compared(_ at: String, _ step: Json, _ found: Json) -> [String] {
        let expected = step.fields?.filter { $0.key == "answer" || $0.key == "failure" } ?? [:]
        return [difference(at, Plain.of(.object(expected)), Plain.of(found))].compactMap { $0 }
    }

    /// Stands for the session that was answered last.
    private static let session = Json.text("$session")
}
