/// What a column of a table holds; see ``RowColumn``.
public enum ColumnKind: String, Sendable, Hashable {
    /// `text` or `varchar`.
    case text
    /// `numeric` or a whole number.
    case number
    /// `boolean`.
    case boolean
    /// `text[]`.
    case texts
}

/// A column of a table whose rows a policy filters.
public struct RowColumn: Sendable, Hashable {
    /// What it holds.
    public var type: ColumnKind
    /// Its name in SQL, without quotes; the row's key, where nothing is said.
    public var sql: String?
    /// Whether it may be NULL, which is the row's `null`. Say so unless it is `not null`.
    public var nullable: Bool

    /// Makes a column.
    public init(_ type: ColumnKind, sql: String? = nil, nullable: Bool = false) {
        self.type = type
        self.sql = sql
        self.nullable = nullable
    }

    var json: Json {
        let fields: [String: Json?] = ["type": .text(type.rawValue), "sql": .of(sql), "nullable": .ifTrue(nullable)]
        return .object(fields.compactMapValues { $0 })
    }
}

extension Policy {
    /// What `evaluate` answers, and why: rules and expressions in the order in which they were run, each with its file and row, whether it
    /// held, and its values.
    ///
    /// ```swift
    /// let why = try await policy.explain("access/verdict", input: ["role": "teller", "amount": .number("5000.51")])
    /// print(why.text)
    /// ```
    ///
    /// That the evaluation came to no end is not thrown: ``PolicyExplanation/error`` tells it, and there is no answer.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - input: The input.
    ///   - now: The instant; by default the clock's.
    ///   - strict: Whether an error of a built-in function ends the evaluation, instead of making the expression undefined.
    ///   - steps: For how many steps there is room: 1,000 by default, up to 10,000.
    ///   - withoutValues: Whether values are left out: then nothing of the input stands in it, and nothing that is printed.
    /// - Throws: `invalid` for a path that leads nowhere, and for an input that is none.
    public func explain(
        _ path: String, input: Json? = nil, now: Timestamp? = nil, strict: Bool = false, steps: Int? = nil, withoutValues: Bool = false
    ) async throws -> PolicyExplanation {
        let what: [String: Json?] = ["path": .text(path), "steps": .of(steps), "without_values": .ifTrue(withoutValues)]
        return try await one("explain", asked(what, input, now, strict), PolicyExplanation.init)
    }

    /// What stands at a path, and why, for an input that is the text of JSON.
    ///
    /// - Throws: As the other, and `invalid` for what is no JSON.
    public func explain(
        _ path: String, input text: String, now: Timestamp? = nil, strict: Bool = false, steps: Int? = nil, withoutValues: Bool = false
    ) async throws -> PolicyExplanation {
        try await explain(path, input: Json(parsing: text), now: now, strict: strict, steps: steps, withoutValues: withoutValues)
    }

    /// What is probably wrong in the modules, by file and row; nothing is here of which it is not certain.
    public func lint() async throws -> [PolicyFinding] {
        try await Told.several(askText(Json.request("lint_policy").written), PolicyFinding.init)
    }

    /// What changes from this version to another: files, rules, documents and typed rules, with what only their text changes told apart.
    ///
    /// ```swift
    /// let diff = try await policy.diff(.at("policies-next.tar.gz"))
    /// if !diff.same { diff.rules.forEach { print($0.change, $0.path) } }
    /// ```
    ///
    /// - Parameter to: The version after; this is the one before.
    /// - Throws: `policy` for a bundle that is refused.
    public func diff(_ to: PolicyBundle) async throws -> PolicyDiff {
        try await one("diff_policy", ["to": to.json], PolicyDiff.init)
    }

    /// Which rows of a table a rule is true for, as a condition in PostgreSQL's SQL: true of exactly those, and false of the others, never
    /// NULL.
    ///
    /// ```swift
    /// let columns = ["owner": RowColumn(.text, sql: "owner_id"), "balance": RowColumn(.number)]
    /// let filter = try await policy.filter("accounts/visible", columns: columns, input: ["user": "ann"], alias: "a", firstParameter: 2)
    /// let query = "select a.* from accounts a where a.tenant = $1 and \(filter.sql) order by a.id"
    /// ```
    ///
    /// Each of ``RowFilter/parameters`` is bound as a text or an array of texts.
    ///
    /// - Parameters:
    ///   - path: The path of a rule that is true of a row.
    ///   - columns: The columns, by the row's keys. One that is not here is undefined.
    ///   - input: The input without the row.
    ///   - now: The instant; by default the clock's.
    ///   - row: Where a row stands in the input; `input.row`, where nothing is said.
    ///   - alias: The table's name or alias in the query, if its columns are to be told by it.
    ///   - firstParameter: The number of the first parameter; 1, where nothing is said.
    /// - Throws: `unsupported` with the place for a rule that has no exact condition, `invalid` for a table that is none, and `undecided` where
    ///   what does not depend on the row comes to no end. An error shows nothing: whoever asked must show no row.
    public func filter(
        _ path: String,
        columns: [String: RowColumn],
        input: Json? = nil,
        now: Timestamp? = nil,
        row: String? = nil,
        alias: String? = nil,
        firstParameter: Int? = nil
    ) async throws -> RowFilter {
        let what: [String: Json?] = [
            "path": .text(path), "columns": .object(columns.mapValues(\.json)), "row": .of(row), "alias": .of(alias),
            "first_parameter": .of(firstParameter),
        ]
        return try await one("filter_rows", asked(what, input, now, false), RowFilter.init)
    }

    /// Which rows of a table a rule is true for, for an input that is the text of JSON.
    ///
    /// - Throws: As the other, and `invalid` for what is no JSON.
    public func filter(
        _ path: String,
        columns: [String: RowColumn],
        input text: String,
        now: Timestamp? = nil,
        row: String? = nil,
        alias: String? = nil,
        firstParameter: Int? = nil
    ) async throws -> RowFilter {
        let input = try Json(parsing: text)
        return try await filter(path, columns: columns, input: input, now: now, row: row, alias: alias, firstParameter: firstParameter)
    }
}
