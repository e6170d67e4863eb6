import ThaliumNative

/// How JSON Logic takes values of other kinds.
public enum ChartDialect: String, Sendable {
    /// It refuses them.
    case strict
    /// As JavaScript does.
    case javascript
}

/// What a picture of a chart is made of.
public enum DrawFormat: String, Sendable {
    /// SVG.
    case svg
    /// Mermaid's text of a state diagram.
    case mermaid
}

/// In which form a chart is written.
public enum ChartFormat: String, Sendable {
    /// The format of this library, as JSON: the same chart is the same bytes, and reads back the same.
    case json
    /// SCXML.
    case scxml
}

/// A chart that cases run on: their states, what leads from one to the next, what is done on the way, and what waits for how long.
///
/// It is loaded once, and holds no file open: there is nothing to close. Any task may ask it, many at once. It keeps no session: what a step
/// answers is stored by the caller, by its text ``Held/held``, and given back with the next event.
///
/// ```swift
/// let chart = try await Chart.open("individual-l1.yaml")
/// let begun = try await chart.start("case-1", data: ["applicant": ["id": "c42"]])
/// store(begun.held)        // and then do what begun.effects ask for
/// let next = try await chart.step(begun, "document.received", data: ["kind": "passport"])
/// ```
///
/// Data is ``Json``, or the text of JSON. There is no way in for a `Double`.
///
/// An event that a session cannot take throws ``ThaliumError`` with the code `refused`: it has ended, a budget is used up, or its data would
/// not be as its schema has it. The session that was given stands as it was. One that nothing waits for is no error: nothing is done.
public final class Chart: Sendable {
    private let native: NativeChart

    private init(_ native: NativeChart) {
        self.native = native
    }

    /// Opens the chart in a file of JSON, YAML or SCXML.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - charts: The texts of charts that it invokes by their ids.
    ///   - policy: The policy that its guards ask (`{"rego": PATH}`).
    ///   - dialect: How JSON Logic takes values of other kinds.
    /// - Throws: ``ThaliumError`` with the code `chart` for a chart that is refused, with all that is wrong.
    public static func open(
        _ path: String, charts: [String] = [], policy: PolicyBundle? = nil, dialect: ChartDialect = .strict
    ) async throws -> Chart {
        try await opened("path", path, charts, policy, dialect)
    }

    /// Opens a chart from its text: JSON, YAML or SCXML.
    ///
    /// - Throws: As ``open(_:charts:policy:dialect:)``.
    public static func of(
        _ text: String, charts: [String] = [], policy: PolicyBundle? = nil, dialect: ChartDialect = .strict
    ) async throws -> Chart {
        try await opened("text", text, charts, policy, dialect)
    }

    private static func opened(
        _ what: String, _ value: String, _ charts: [String], _ policy: PolicyBundle?, _ dialect: ChartDialect
    ) async throws -> Chart {
        var fields: [String: Json] = [what: .text(value), "charts": .of(charts), "dialect": .text(dialect.rawValue)]
        fields["policy"] = policy?.json
        return try await openText(Json.object(fields).written)
    }

    package static func openText(_ request: String) async throws -> Chart {
        try await blocking { Chart(try NativeChart.open(request: request)) }
    }

    package func askText(_ request: String) async throws -> String {
        try await blocking { [native] in try native.call(request: request) }
    }

    private func one<Value>(_ op: String, _ fields: [String: Json?], _ read: (Told) throws -> Value) async throws -> Value {
        try await read(Told(Json(reading: askText(Json.request(op, fields).written))))
    }

    private func stepped(_ op: String, _ what: [String: Json?], _ now: Timestamp?, _ trace: Bool) async throws -> SessionStep {
        let when: [String: Json?] = ["now": .of(now), "trace": .ifTrue(trace)]
        return try await one(op, what.merging(when) { first, _ in first }, SessionStep.init)
    }
}

extension Chart {
    /// What was loaded.
    public func describe() async throws -> ChartView {
        try await one("describe_chart", [:], ChartView.init)
    }

    /// What is probably wrong in it, by row, column and path.
    ///
    /// - Parameter outside: The events that can come from outside, such as `submitted` or `document.*`. Left out, any can; given, a transition
    ///   for an event that nothing makes is a finding.
    public func lint(outside: [String]? = nil) async throws -> [ChartFinding] {
        let request = Json.request("lint_chart", ["outside": outside.map { Json.of($0) }])
        return try await Told.several(askText(request.written), ChartFinding.init)
    }

    /// A picture of it, as text.
    ///
    /// - Parameters:
    ///   - format: What it is made of.
    ///   - session: A session whose active states are brought out, if any.
    public func draw(_ format: DrawFormat = .svg, session: (any Held)? = nil) async throws -> String {
        try await one("draw_chart", ["format": .text(format.rawValue), "session": .of(session?.held)], ChartText.init).text
    }

    /// Its text in a form, whatever it was written in.
    public func write(_ format: ChartFormat = .json) async throws -> String {
        try await one("write_chart", ["format": .text(format.rawValue)], ChartText.init).text
    }

    /// What a stored session is.
    ///
    /// - Throws: `invalid` for a session of another version of the chart.
    public func session(_ session: some Held) async throws -> HeldSession {
        try await one("describe_session", ["session": .text(session.held)], HeldSession.init)
    }
}

extension Chart {
    /// Begins a session.
    ///
    /// - Parameters:
    ///   - id: Its id: the caller's own.
    ///   - data: What its variables begin with, by name; the others begin as the chart says.
    ///   - now: The instant; by default the clock's.
    ///   - trace: Whether it is told what happened.
    /// - Throws: `refused` with the field `data` for data that is not as the schema of the chart has it.
    public func start(_ id: String, data: Json? = nil, now: Timestamp? = nil, trace: Bool = false) async throws -> SessionStep {
        let what: [String: Json?] = ["id": .text(id), "data": try data?.checked(at: "data")]
        return try await stepped("start_session", what, now, trace)
    }

    /// Begins a session with data that is the text of JSON.
    ///
    /// - Throws: As the other, and `invalid` for what is no JSON.
    public func start(_ id: String, data text: String, now: Timestamp? = nil, trace: Bool = false) async throws -> SessionStep {
        try await start(id, data: Json(parsing: text, at: "data"), now: now, trace: trace)
    }

    /// Gives an event to a session. Timers that are due happen first.
    ///
    /// - Parameters:
    ///   - session: What was answered last, or its text.
    ///   - event: The event's name.
    ///   - data: What it carries.
    ///   - invokeId: The id under which what tells it was invoked, if it was.
    ///   - to: The session below that is told, by its id; by default the session itself.
    ///   - now: The instant; by default the clock's.
    ///   - trace: Whether it is told what happened.
    /// - Throws: `refused` for an event that the session cannot take: it stands as it was. `invalid` for a session of another version of the
    ///   chart.
    public func step(
        _ session: some Held,
        _ event: String,
        data: Json? = nil,
        invokeId: String? = nil,
        to: String? = nil,
        now: Timestamp? = nil,
        trace: Bool = false
    ) async throws -> SessionStep {
        let what: [String: Json?] = [
            "session": .text(session.held), "event": .text(event), "data": try data?.checked(at: "data"), "invoke_id": .of(invokeId),
            "to": .of(to),
        ]
        return try await stepped("step_session", what, now, trace)
    }

    /// Gives an event to a session, with data that is the text of JSON.
    ///
    /// - Throws: As the other, and `invalid` for what is no JSON.
    public func step(
        _ session: some Held,
        _ event: String,
        data text: String,
        invokeId: String? = nil,
        to: String? = nil,
        now: Timestamp? = nil,
        trace: Bool = false
    ) async throws -> SessionStep {
        let data = try Json(parsing: text, at: "data")
        return try await step(session, event, data: data, invokeId: invokeId, to: to, now: now, trace: trace)
    }

    /// Lets time pass for a session: its timers that are due happen.
    ///
    /// - Parameters:
    ///   - session: What was answered last, or its text.
    ///   - now: The instant; by default the clock's.
    ///   - trace: Whether it is told what happened.
    public func advance(_ session: some Held, now: Timestamp? = nil, trace: Bool = false) async throws -> SessionStep {
        try await stepped("advance_session", ["session": .text(session.held)], now, trace)
    }

    /// Goes on with a session that rested, its timers as their `restore` says.
    ///
    /// - Parameters:
    ///   - session: What was answered last, or its text.
    ///   - suspendedAt: Since when it rested.
    ///   - now: The instant; by default the clock's.
    ///   - trace: Whether it is told what happened.
    public func resume(
        _ session: some Held, suspendedAt: Timestamp, now: Timestamp? = nil, trace: Bool = false
    ) async throws -> SessionStep {
        let what: [String: Json?] = ["session": .text(session.held), "suspended_at": .of(suspendedAt)]
        return try await stepped("resume_session", what, now, trace)
    }

    /// Ends a session from outside: its states are left.
    ///
    /// - Parameters:
    ///   - session: What was answered last, or its text.
    ///   - now: The instant; by default the clock's.
    ///   - trace: Whether it is told what happened.
    public func cancel(_ session: some Held, now: Timestamp? = nil, trace: Bool = false) async throws -> SessionStep {
        try await stepped("cancel_session", ["session": .text(session.held)], now, trace)
    }
}
