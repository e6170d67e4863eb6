/// By whom something is done to a case, and when.
public struct By: Sendable, Hashable {
    /// Who asks; by default who opened the ledger. Their roles are those of the register of staff.
    public var actor: String?
    /// The caller's id of the request: the same request is not done twice.
    public var requestId: String?
    /// The instant; by default the clock's.
    public var now: Timestamp?

    /// Says by whom; nothing of it is needed.
    public init(_ actor: String? = nil, requestId: String? = nil, now: Timestamp? = nil) {
        self.actor = actor
        self.requestId = requestId
        self.now = now
    }

    var fields: [String: Json?] { ["actor": .of(actor), "request_id": .of(requestId), "now": .of(now)] }
}

/// Which cases; all that is said must hold. See ``Cases/list(_:now:)``.
public struct CaseQuery: Sendable, Hashable {
    /// Those that wait in this queue.
    public var queue: String?
    /// Those that this person works on.
    public var assignee: String?
    /// Those on which nobody works.
    public var unassigned: Bool
    /// Those of this kind.
    public var kind: String?
    /// Those about this party, as it was named when they were opened.
    public var party: String?
    /// Those that were opened for this case.
    public var parent: String?
    /// Those that stand so.
    public var status: CaseStatus?
    /// Those that have waited too long.
    public var overdue: Bool
    /// Those that rest, too: where a queue is asked for, they are left out otherwise.
    public var snoozed: Bool

    /// Makes a question; nothing of it is needed.
    public init(
        queue: String? = nil,
        assignee: String? = nil,
        unassigned: Bool = false,
        kind: String? = nil,
        party: String? = nil,
        parent: String? = nil,
        status: CaseStatus? = nil,
        overdue: Bool = false,
        snoozed: Bool = false
    ) {
        self.queue = queue
        self.assignee = assignee
        self.unassigned = unassigned
        self.kind = kind
        self.party = party
        self.parent = parent
        self.status = status
        self.overdue = overdue
        self.snoozed = snoozed
    }

    var fields: [String: Json?] {
        [
            "queue": .of(queue), "assignee": .of(assignee), "unassigned": .ifTrue(unassigned), "kind": .of(kind), "party": .of(party),
            "parent": .of(parent), "status": .of(status?.rawValue), "overdue": .ifTrue(overdue), "snoozed": .ifTrue(snoozed),
        ]
    }
}

extension Thalium {
    /// Cases that run on charts, and what people do with them.
    public var cases: Cases { Cases(of: self) }
}

/// What people do with cases that run on charts: they wait in queues, ask for documents, and are decided by several people on the same
/// evidence.
///
/// A refusal is a value, ``Case/Outcome``, with a code; errors are calls that mean nothing, a ledger that was opened to read, and the disk.
///
/// ```swift
/// let seen = try await t.cases.get("c-1").evidenceDigest
/// let voted = try await t.cases.decide("c-1", "approve", seen: seen, reasons: ["fine"], by: By("ann"))
/// if !voted.ok { print(voted.code!, voted.reason!) }
/// ```
///
/// Data is ``Json``, an object. There is no way in for a `Double`; what is there as text is read by ``Json/init(parsing:)``.
public struct Cases: Sendable {
    let of: Thalium

    func changed(
        _ key: String, _ what: String, _ by: By, _ fields: [String: Json?] = [:], data: Json? = nil
    ) async throws -> Case.Outcome {
        var change = fields.compactMapValues { $0 }
        change["do"] = .text(what)
        let call: [String: Json?] = ["case": .text(key), "change": .object(change), "data": try data?.checked(at: "data")]
        return try await of.one("change_case", call.merging(by.fields) { first, _ in first }, Case.Outcome.init)
    }

    /// Defines a kind of case, or defines it anew: cases that are there stay with the version that they were opened in.
    ///
    /// - Parameters:
    ///   - kind: The kind: JSON or YAML.
    ///   - charts: The texts of its chart and of those that it invokes: JSON, YAML or SCXML.
    ///   - policy: The policy that guards ask (`{"rego": PATH}`): its files are kept with the kind.
    ///   - dialect: How JSON Logic takes values of other kinds.
    ///   - actor: Who defines it; by default who opened the ledger.
    ///   - now: The instant; by default the clock's.
    /// - Throws: `chart` with all that is wrong, by row, column and path.
    @discardableResult
    public func define(
        _ kind: String, charts: [String], policy: PolicyBundle? = nil, dialect: ChartDialect = .strict, actor: String? = nil,
        now: Timestamp? = nil
    ) async throws -> KindView {
        try await of.one("define_cases", [
            "kind": .text(kind), "charts": .of(charts), "policy": policy?.json, "dialect": .text(dialect.rawValue),
            "actor": .of(actor), "now": .of(now),
        ], KindView.init)
    }

    /// The kinds of cases, each in its newest version.
    public func kinds() async throws -> [KindView] { try await Told.several(of.ask("list_kinds"), KindView.init) }

    /// Puts somebody on the register of staff, with other roles, or off it.
    ///
    /// - Parameters:
    ///   - person: Who.
    ///   - roles: What they may do. Without any they are taken off the register.
    ///   - away: Whether they are away and are given no work.
    ///   - actor: Who says so; by default who opened the ledger.
    ///   - now: The instant; by default the clock's.
    @discardableResult
    public func setStaff(
        _ person: String, roles: [String], away: Bool = false, actor: String? = nil, now: Timestamp? = nil
    ) async throws -> StaffView {
        try await of.one("set_staff", [
            "person": .text(person), "roles": .of(roles), "away": .of(away), "actor": .of(actor), "now": .of(now),
        ], StaffView.init)
    }

    /// The register of staff, by name.
    public func staff() async throws -> [StaffView] { try await Told.several(of.ask("list_staff"), StaffView.init) }
}

extension Cases {
    /// Lets time pass for all cases: what is due happens, in the order in which it is due.
    ///
    /// - Parameters:
    ///   - limit: How many cases change at most: 1,000 by default, up to 100,000.
    ///   - actor: Who asks; by default who opened the ledger.
    ///   - now: The instant; by default the clock's.
    @discardableResult
    public func advanceAll(limit: Int? = nil, actor: String? = nil, now: Timestamp? = nil) async throws -> Advanced {
        try await of.one("advance_cases", ["limit": .of(limit), "actor": .of(actor), "now": .of(now)], Advanced.init)
    }

    /// A case.
    ///
    /// - Parameters:
    ///   - key: Its key.
    ///   - open: Opens what is sealed, for a reason; without it that is left out.
    /// - Throws: `invalid` where there is none, or whom it is about was forgotten.
    public func get(_ key: String, open: OpenSealed? = nil) async throws -> Case {
        try await of.one("get_case", ["case": .text(key), "open": open?.json], Case.init)
    }

    /// A page of the cases that match, by key, or those of a queue, the oldest first; its `next` is what the next page comes `after`.
    ///
    /// What is sealed is not told. ``list(_:now:)`` goes through all pages.
    ///
    /// - Parameters:
    ///   - query: Which.
    ///   - after: The `next` of the page before.
    ///   - limit: How many at most.
    ///   - now: The instant by which something is overdue; by default the clock's.
    public func page(
        _ query: CaseQuery = CaseQuery(), after: String? = nil, limit: Int? = nil, now: Timestamp? = nil
    ) async throws -> Found {
        let how: [String: Json?] = ["after": .of(after), "limit": .of(limit), "now": .of(now)]
        return try await of.one("list_cases", query.fields.merging(how) { first, _ in first }, Found.init)
    }

    /// The cases that match, by key, or those of a queue, the oldest first; see ``page(_:after:limit:now:)``.
    public func list(_ query: CaseQuery = CaseQuery(), now: Timestamp? = nil) -> Pages<Case> {
        Pages(after: String.self) { after in
            let page = try await self.page(query, after: after, limit: Pages<Case>.limit, now: now)
            return (page.cases, page.next)
        }
    }

    /// The queues in which cases wait, with what waits too long at an instant; by default the clock's.
    public func queues(now: Timestamp? = nil) async throws -> [Queue] {
        try await Told.several(of.ask("list_queues", ["now": .of(now)]), Queue.init)
    }

    /// A page of what happened to cases, the oldest first: an outbox as well, since what the host is to do stands in it.
    ///
    /// Its `next` is what the next page comes `after`. ``log(_:open:)`` goes through all pages.
    ///
    /// - Parameters:
    ///   - key: Only what happened to this case.
    ///   - after: The `next` of the page before.
    ///   - limit: How many entries at most.
    ///   - open: Opens what is sealed, for a reason; without it that is left out.
    public func logPage(_ key: String? = nil, after: Int64? = nil, limit: Int? = nil, open: OpenSealed? = nil) async throws -> Log {
        try await of.one("case_log", ["case": .of(key), "after": .of(after), "limit": .of(limit), "open": open?.json], Log.init)
    }

    /// What happened to cases, the oldest first; see ``logPage(_:after:limit:open:)``.
    ///
    /// What is sealed is opened, and read on record, page by page.
    public func log(_ key: String? = nil, open: OpenSealed? = nil) -> Pages<Case.Entry> {
        Pages { after in
            let page = try await self.logPage(key, after: after, limit: Pages<Case.Entry>.limit, open: open)
            return (page.entries, page.next)
        }
    }

    /// What a back office is asked at the end of a day, for an instant; by default the clock's.
    public func report(now: Timestamp? = nil) async throws -> Report {
        try await of.one("case_report", ["now": .of(now)], Report.init)
    }

    /// Decides all cases once more from their log: everything has to come to the same, to the byte.
    public func replay() async throws -> CasesReplayed { try await of.one("replay_cases", [:], CasesReplayed.init) }

    /// A picture of a case as text: its chart, with the active states brought out.
    public func draw(_ key: String, _ format: DrawFormat = .svg) async throws -> String {
        try await of.one("draw_case", ["case": .text(key), "format": .text(format.rawValue)], ChartText.init).text
    }

    /// What would become of the cases of a kind that are not in its newest version yet, if they were moved by a map.
    ///
    /// Each is tried, and nothing is changed.
    ///
    /// - Parameters:
    ///   - kind: The kind of case.
    ///   - map: The map from the old version to the new: JSON or YAML.
    ///   - actor: Who asks; by default who opened the ledger.
    ///   - now: The instant; by default the clock's.
    public func rehearseMigration(
        _ kind: String, map: String, actor: String? = nil, now: Timestamp? = nil
    ) async throws -> MigrationRehearsed {
        try await of.one("rehearse_migration", [
            "kind": .text(kind), "map": .text(map), "actor": .of(actor), "now": .of(now),
        ], MigrationRehearsed.init)
    }
}
