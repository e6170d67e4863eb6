import Foundation
import Thalium

/// How an operation is called in Swift.
typealias Calling<Books> = @Sendable (_ t: Books, _ call: Call) async throws -> Any

/// The fields of a call.
struct Call: Sendable {
    let fields: [String: Json]
    let commands: [Command]
    /// Its trades; nothing where one of them says something that cannot be typed.
    let trades: [TradeRow]?

    func text(_ name: String) -> String? { fields[name]?.text }
    func needed(_ name: String) -> String { text(name) ?? "" }
    func number(_ name: String) -> Int64? { fields[name]?.integer }
    func flag(_ name: String) -> Bool { fields[name] == .bool(true) }
    func texts(_ name: String) -> [String] { fields[name]?.list?.compactMap(\.text) ?? [] }

    /// What of cases is a customer's.
    var customerCases: CustomerCases? {
        guard let told = fields["cases"]?.fields else { return nil }
        func texts(_ json: Json?) -> [String] { json?.list?.compactMap(\.text) ?? [] }
        return CustomerCases(
            parties: texts(told["parties"]), documents: texts(told["documents"]),
            forms: (told["forms"]?.fields ?? [:]).mapValues(texts), states: texts(told["states"]), reasons: texts(told["reasons"])
        )
    }

    func name<Name: RawRepresentable>(_ name: String) throws -> Name? where Name.RawValue == String { try Typed.name(fields[name]) }

    func instant(_ name: String) throws -> Timestamp? { try text(name).map(Typed.instant) }
    func neededInstant(_ name: String) throws -> Timestamp { try Typed.instant(needed(name)) }

    var limit: Int? { number("limit").map(Int.init) }

    /// The policy that is to be loaded.
    func bundle() throws -> PolicyBundle {
        guard let bundle = fields["bundle"].flatMap(Policies.bundle) else { throw Typed.CannotBeTyped() }
        return bundle
    }

    /// Who opens decisions, and why.
    func opening() throws -> OpenSealed? {
        guard let open = fields["open"]?.fields else { return nil }
        return OpenSealed(why: open["why"]?.text ?? "", context: try Call(fields: open, commands: [], trades: nil).context())
    }

    /// What of decisions is left out or replaced; a pointer alone is left out.
    var masks: [DecisionMask] {
        (fields["masks"]?.list ?? []).map { mask in
            if let path = mask.text { return .remove(path) }
            let path = mask["path"]?.text ?? ""
            return mask["op"] == "upsert" ? .upsert(path, mask["value"] ?? .null) : .remove(path)
        }
    }

    func context() throws -> Context {
        Context(
            now: try instant("now"), actor: text("actor"), role: text("role"), requestId: text("request_id"),
            origin: text("origin")
        )
    }
}

enum Surface {
    /// What is asked of a ledger and of what a broker sees of it.
    static func questions<Books: SeenBooks>(of _: Books.Type) -> [String: Calling<Books>] {
        [
            "list_assets": { t, call in try await t.assets.list(all: call.flag("all")) },
            "get_account": { t, call in try await t.accounts.get(call.needed("name"), at: call.text("at")) as Any },
            "list_accounts": { t, call in
                try await t.accounts.page(
                    under: call.text("under"), asset: call.text("asset"), after: call.number("after"), limit: call.limit
                )
            },
            "get_transfer": { t, call in try await t.transfers.get(call.needed("name")) as Any },
            "get_transaction": { t, call in try await t.transfers.ofTransaction(call.needed("name")) },
            "list_transfers": { t, call in
                let query = TransferQuery(
                    account: call.text("account"), side: call.text("side").flatMap(Side.init), asset: call.text("asset"),
                    code: call.number("code").map(UInt16.init), from: call.text("from"), to: call.text("to"),
                    fromDate: call.text("from_date"), toDate: call.text("to_date"), newestFirst: call.flag("newest_first")
                )
                return try await t.transfers.page(query, after: call.number("after"), limit: call.limit)
            },
            "list_holds": { t, call in try await t.holdsPage(call.needed("account"), after: call.number("after"), limit: call.limit) },
            "history": { t, call in
                try await t.historyPage(
                    call.needed("account"), from: call.text("from"), to: call.text("to"), after: call.number("after"), limit: call.limit,
                    newestFirst: call.flag("newest_first")
                )
            },
            "statement": { t, call in try await t.statement(call.needed("account"), from: call.text("from"), to: call.text("to")) as Any },
            "balance_history": { t, call in
                try await t.balanceHistory(
                    call.needed("account"), width: call.text("width"), from: call.text("from"), to: call.text("to"), zone: call.text("zone"),
                    limit: call.limit
                )
            },
            "volumes": { t, call in
                try await t.volumes(
                    account: call.text("account"), party: call.text("party"), asset: call.text("asset"), code: call.number("code").map(UInt16.init),
                    width: call.text("width"), from: call.text("from"), to: call.text("to"), zone: call.text("zone"), limit: call.limit
                )
            },
            "get_party": { t, call in try await t.parties.get(call.needed("name")) as Any },
            "list_parties": { t, call in
                try await t.parties.page(
                    broker: call.text("broker"), kind: call.name("kind"), flag: call.text("flag"), due: call.text("due"),
                    after: call.text("after").flatMap(UUID.init(uuidString:)), limit: call.limit
                )
            },
            "list_holders": { t, call in try await t.parties.holders(call.needed("account")) },
            "list_retentions": { t, _ in try await t.parties.retentions() },
            "find_parties": { t, call in
                guard let identifier: IdentifierKind = try call.name("identifier") else { throw Typed.CannotBeTyped() }
                return try await t.parties.find(identifier, call.needed("value"))
            },
            "read_data": { t, call in
                let context = try call.context()
                return try await t.parties.read(
                    call.needed("party"), fields: call.texts("fields"), transfers: call.texts("transfers"), accounts: call.texts("accounts"),
                    why: call.needed("why"), context: context
                )
            },
            "export_party": { t, call in
                try await t.parties.export(call.needed("party"), why: call.needed("why"), context: call.context())
            },
        ]
    }

    /// What a ledger alone does.
    private static let own: [String: Calling<Thalium>] = [
        "submit": { t, call in try await t.submit(call.commands, context: call.context()) },
        "sync": { t, call in
            let reply = try await t.sync(
                customer: call.needed("customer"), accounts: call.texts("accounts"), request: call.fields["request"]?.written ?? "",
                payees: call.texts("payees"), cases: call.customerCases, context: call.context()
            )
            return try Json(reading: reply)
        },
        "trial_balance": { t, call in try await t.trialBalance(at: call.text("at")) },
        "list_grants": { t, _ in try await t.parties.grants() },
        "make_tokens": { t, call in
            guard let identifier: IdentifierKind = try call.name("identifier") else { throw Typed.CannotBeTyped() }
            return try await t.parties.tokens(identifier, call.texts("values"), purpose: call.needed("purpose"))
        },
        "mask_digits": { t, call in try await t.parties.mask(call.texts("values"), purpose: call.needed("purpose")) },
        "access_log": { t, call in
            try await t.parties.accessLog(
                party: call.text("party"), after: call.number("after"), limit: call.limit, actor: call.text("actor")
            )
        },
        "define_rollup": { t, call in
            let definition = DefineRollup(
                name: call.needed("name"), of: call.text("of"), levels: call.fields["levels"]?.list.map { $0.compactMap(\.text) },
                zone: call.text("zone"), origin: call.text("origin"), offset: call.text("offset"), delay: call.text("delay"), late: try call.name("late"), horizon: call.text("horizon"),
                keep: call.fields["keep"]?.fields?.compactMapValues(\.text) ?? [:],
                priceScale: call.number("price_scale").map(UInt8.init), quantityScale: call.number("quantity_scale").map(UInt8.init)
            )
            return try await t.rollups.define(definition)
        },
        "drop_rollup": { t, call in
            try await t.rollups.drop(call.needed("name"))
            return Json.null
        },
        "list_rollups": { t, _ in try await t.rollups.list() },
        "ingest_trades": { t, call in
            guard let trades = call.trades else { return try await asItStands(t, call) }
            let bad: BadRows = try call.name("bad_rows") ?? .refuse
            return try await t.rollups.ingest(call.needed("rollup"), trades, badRows: bad, now: call.instant("now"))
        },
        "correct_trade": { t, call in
            guard let trade = call.trades?.first else { throw Typed.CannotBeTyped() }
            return try await t.rollups.correct(call.needed("rollup"), trade, now: call.instant("now"))
        },
        "remove_trade": { t, call in
            let at = try call.neededInstant("at")
            return try await t.rollups.remove(call.needed("rollup"), symbol: call.needed("symbol"), at: at, id: call.needed("id"))
        },
        "advance_rollup": { t, call in
            try await t.rollups.advance(call.needed("rollup"), now: call.instant("now"))
            return Json.null
        },
        "klines": { t, call in
            try await t.klines(
                call.needed("symbol"), call.needed("width"), from: call.instant("from"), to: call.instant("to"), rollup: call.needed("rollup"),
                limit: call.limit, fill: call.flag("fill")
            )
        },
        "list_symbols": { t, call in
            try await t.rollups.symbolsPage(call.needed("rollup"), after: call.text("after"), limit: call.limit)
        },
        "rollup_changes": { t, call in
            // A number that no Int64 holds is sent as it stands.
            if case .number = call.fields["after"], call.number("after") == nil { return try await asItStands(t, call) }
            return try await t.rollups.changes(call.needed("rollup"), after: call.number("after"), limit: call.limit)
        },
        "load_policy": { t, call in
            try await t.loadPolicy(
                call.bundle(), name: call.text("name") ?? "policy", shadow: call.flag("shadow"), now: call.instant("now")
            )
        },
        "roll_back_policy": { t, call in try await t.rollBackPolicy(call.text("name") ?? "policy") },
        "drop_policy": { t, call in
            try await t.dropPolicy(call.text("name") ?? "policy", shadow: call.flag("shadow"))
            return Json.null
        },
        "list_policies": { t, _ in try await t.listPolicies() },
        "decide_on_record": { t, call in
            try await t.decide(
                call.needed("path"), input: call.fields["input"], policy: call.text("policy") ?? "policy", subject: call.text("subject"),
                retention: call.text("retention"), concerns: call.text("concerns"), actor: call.text("actor"),
                requestId: call.text("request_id"), decisionId: call.text("decision_id"), now: call.instant("now"), strict: call.flag("strict")
            )
        },
        "list_decisions": { t, call in
            let query = DecisionQuery(
                decisionId: call.text("decision_id"), path: call.text("path"), policy: call.text("policy"), outcome: try call.name("outcome"), subject: call.text("subject"),
                concerns: call.text("concerns"), from: call.text("from"), until: call.text("until")
            )
            return try await t.listDecisions(
                query, after: call.number("after"), limit: call.limit, open: call.opening(), masks: call.masks
            )
        },
        "replay_decisions": { t, call in
            try await t.replayDecisions(
                call.bundle(), path: call.text("path"), policy: call.text("policy"), from: call.text("from"), until: call.text("until"), limit: call.limit
            )
        },
        "define_cases": { t, call in
            let dialect: ChartDialect = try call.name("dialect") ?? .strict
            return try await t.cases.define(
                call.needed("kind"), charts: call.texts("charts"), dialect: dialect, actor: call.text("actor"), now: call.instant("now")
            )
        },
        "list_kinds": { t, _ in try await t.cases.kinds() },
        "set_staff": { t, call in
            try await t.cases.setStaff(
                call.needed("person"), roles: call.texts("roles"), away: call.flag("away"), actor: call.text("actor"), now: call.instant("now")
            )
        },
        "list_staff": { t, _ in try await t.cases.staff() },
        "change_case": { t, call in
            let change = Call(fields: call.fields["change"]?.fields ?? [:], commands: [], trades: nil)
            guard let make = changes[change.needed("do")] else { throw Typed.CannotBeTyped() }
            let by = By(call.text("actor"), requestId: call.text("request_id"), now: try call.instant("now"))
            return try await make(t.cases, call.needed("case"), change, call.fields["data"], by)
        },
        "advance_cases": { t, call in
            try await t.cases.advanceAll(limit: call.limit, actor: call.text("actor"), now: call.instant("now"))
        },
        "get_case": { t, call in try await t.cases.get(call.needed("case"), open: call.opening()) },
        "list_cases": { t, call in
            let query = CaseQuery(
                queue: call.text("queue"), assignee: call.text("assignee"), unassigned: call.flag("unassigned"), kind: call.text("kind"),
                party: call.text("party"), parent: call.text("parent"), status: try call.name("status"), overdue: call.flag("overdue"),
                snoozed: call.flag("snoozed")
            )
            return try await t.cases.page(query, after: call.text("after"), limit: call.limit, now: call.instant("now"))
        },
        "list_queues": { t, call in try await t.cases.queues(now: call.instant("now")) },
        "case_log": { t, call in
            try await t.cases.logPage(call.text("case"), after: call.number("after"), limit: call.limit, open: call.opening())
        },
        "case_report": { t, call in try await t.cases.report(now: call.instant("now")) },
        "replay_cases": { t, _ in try await t.cases.replay() },
        "draw_case": { t, call in
            let format: DrawFormat = try call.name("format") ?? .svg
            return Json.object(["text": .text(try await t.cases.draw(call.needed("case"), format))])
        },
        "rehearse_migration": { t, call in
            try await t.cases.rehearseMigration(
                call.needed("kind"), map: call.needed("map"), actor: call.text("actor"), now: call.instant("now")
            )
        },
        "read_mrz": { _, call in try await Kyc.readMrz(call.needed("text"), today: call.text("today")) },
        "read_callback": { _, call in
            guard let provider: CallbackProvider = try call.name("provider") else { throw Typed.CannotBeTyped() }
            let headers = (call.fields["headers"]?.list ?? []).map { ($0["name"]?.text ?? "", [$0["value"]?.text ?? ""]) }
            let keys = try (call.fields["keys"]?.list ?? []).map { json in
                let key = Call(fields: json.fields ?? [:], commands: [], trades: nil)
                return CallbackKey(
                    id: key.needed("id"), secret: key.needed("secret"), client: key.text("client"), notBefore: try key.instant("not_before"),
                    notAfter: try key.instant("not_after")
                )
            }
            return try await Kyc.readCallback(
                provider, headers: Dictionary(headers) { $0 + $1 }, body: Data(call.needed("body").utf8), keys: keys,
                toleranceSeconds: call.number("tolerance").map(UInt32.init), from: call.text("from"), allowed: call.texts("allowed"),
                now: call.instant("now")
            )
        },
        "score_risk": { _, call in
            try await Kyc.scoreRisk(
                call.needed("model"), facts: call.fields["facts"], overrides: call.fields["overrides"]?.list ?? [], now: call.instant("now")
            )
        },
        "import_ballerine": { _, call in try await Kyc.importBallerine(call.needed("text"), strict: call.flag("strict")) },
        "import_rules": { _, call in try await Kyc.importRules(call.needed("text")) },
        "lint_cases": { _, call in
            let dialect: ChartDialect = try call.name("dialect") ?? .strict
            return try await Kyc.lintCases(call.needed("kind"), charts: call.texts("charts"), dialect: dialect)
        },
        "root": { t, _ in try await t.root() },
        "check": { t, _ in try await t.check() },
        "stats": { t, _ in try await t.stats() },
    ]

    /// How a change of a case is made in Swift.
    private typealias Changing = @Sendable (_ t: Cases, _ key: String, _ it: Call, _ data: Json?, _ by: By) async throws -> Case.Outcome

    /// One that is missing here fails.
    private static let changes: [String: Changing] = [
        "open": { t, key, it, data, by in
            try await t.open(
                key, kind: it.needed("kind"), data: data, party: it.text("party"), retention: it.text("retention"), parent: it.text("parent"),
                by: by
            )
        },
        "send": { t, key, it, data, by in
            try await t.send(key, it.needed("event"), data: data, session: it.text("session"), invokeId: it.text("invoke_id"), by: by)
        },
        "advance": { t, key, _, _, by in try await t.advance(key, by: by) },
        "assign": { t, key, it, _, by in try await t.assign(key, to: it.needed("to"), by: by) },
        "claim": { t, key, _, _, by in try await t.claim(key, by: by) },
        "release": { t, key, _, _, by in try await t.release(key, by: by) },
        "note": { t, key, it, _, by in try await t.note(key, it.needed("text"), by: by) },
        "snooze": { t, key, it, _, by in
            try await t.snooze(key, until: it.neededInstant("until"), why: it.needed("why"), pause: it.flag("pause"), by: by)
        },
        "wake": { t, key, _, _, by in try await t.wake(key, by: by) },
        "request_document": { t, key, it, _, by in
            try await t.requestDocument(key, it.needed("document"), why: it.text("why"), by: by)
        },
        "submit_document": { t, key, it, data, by in
            try await t.submitDocument(
                key, it.needed("document"), hash: it.needed("hash"), file: it.text("file"), validUntil: it.instant("valid_until"), data: data,
                by: by
            )
        },
        "decide_document": { t, key, it, data, by in
            guard let finding: DocumentFinding = try it.name("finding") else { throw Typed.CannotBeTyped() }
            return try await t.decideDocument(
                key, it.needed("document"), finding, seen: it.needed("seen"), reasons: it.texts("reasons"),
                validUntil: it.instant("valid_until"), data: data, by: by
            )
        },
        "attach": { t, key, it, _, by in
            try await t.attach(key, name: it.needed("name"), hash: it.needed("hash"), file: it.text("file"), by: by)
        },
        "decide": { t, key, it, data, by in
            try await t.decide(
                key, it.needed("decision"), seen: it.needed("seen"), reasons: it.texts("reasons"), comment: it.text("comment"), data: data,
                by: by
            )
        },
        "return": { t, key, it, _, by in try await t.returnDecision(key, why: it.needed("why"), by: by) },
        "override": { t, key, it, data, by in
            try await t.override(key, why: it.needed("why"), until: it.neededInstant("until"), data: data, by: by)
        },
        "escalate": { t, key, it, _, by in try await t.escalate(key, to: it.needed("queue"), why: it.needed("why"), by: by) },
        "reopen": { t, key, it, _, by in try await t.reopen(key, why: it.needed("why"), by: by) },
        "cancel": { t, key, it, _, by in try await t.cancel(key, why: it.needed("why"), by: by) },
        "migrate": { t, key, it, _, by in try await t.migrate(key, map: it.needed("map"), by: by) },
        "callback": { t, key, it, data, by in try await t.callback(key, data ?? .null, body: it.text("body"), by: by) },
    ]

    /// The changes of a case that the library knows and that are not here, or the other way round: it names them where one is unknown.
    static func missingChanges() async throws -> [String] {
        let t = try await Thalium.open("memory:")
        var found: [String] = []
        do {
            _ = try await t.askText(#"{"op":"change_case","case":"c","change":{"do":"?"}}"#)
            found.append("?")
        } catch let error as ThaliumError {
            let told = error.message.components(separatedBy: "expected").last ?? ""
            let names = told.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }
            found += Set(names.map { String($0.element) }).symmetricDifference(changes.keys).sorted()
        }
        try await t.close()
        return found
    }

    @Sendable private static func asItStands(_ t: Thalium, _ call: Call) async throws -> Json {
        try Json(reading: await t.askText(Json.object(call.fields).written))
    }

    /// How each operation of an open ledger is called: one that is missing here fails.
    static let calls = questions(of: Thalium.self).merging(own) { first, _ in first }

    private static let views = questions(of: BrokerView.self)

    /// How an operation is called, as the broker `viewer` where one is named.
    static func calling(_ op: String, as viewer: String?) -> Calling<Thalium>? {
        guard let viewer else { return calls[op] }
        guard let ask = views[op] else { return nil }
        return { t, call in try await ask(t.seenBy(viewer), call) }
    }

    /// Their answers are of this machine and this run; the tests of the package have them.
    static let ofTheMachine: Set = ["health", "metrics", "drain", "rotate_keys", "rewrap_keys", "check_keys", "party_page", "rotate_subject_keys", "check_subject_keys"]
    static let ofFiles: Set = ["backup", "restore", "rehearse", "verify", "inspect", "upgrade", "new_key"]
    /// The methods of a device take the device's clock; here the clock is that of the vectors, and the tests have the methods.
    static let ofDevice: Set = [
        "intend", "cancel_intent", "get_intent", "list_intents", "prune_intents", "follow", "unfollow", "followed_accounts",
        "followed_account", "followed_holds", "followed_statement", "begin_sync", "end_sync", "fail_sync", "hurry_sync",
        "follow_case", "unfollow_case", "followed_cases", "followed_case", "hand_in_document", "check_document", "answer_form",
        "cancel_hand_in", "get_hand_in", "list_hand_ins",
    ]

    /// What leaves as a table and comes again is for back ends: the library of phones is built without.
    static let notInThisBuild = [
        #"{"op":"export_table","table":"accounts","file":"a.csv"}"#, #"{"op":"import_tables","accounts":"a.csv"}"#,
        #"{"op":"import_blnk","from":"."}"#,
    ]

    /// Those of them that the library does all the same.
    static func unexpected() async throws -> [String] {
        let t = try await Thalium.open("memory:")
        var found: [String] = []
        for call in notInThisBuild {
            do {
                _ = try await t.askText(call)
                found.append(call)
            } catch let error as ThaliumError where error.code == "unsupported" {}
        }
        try await t.close()
        return found
    }

    /// What the library has and is not here, or the other way round.
    static func missing() throws -> [String] {
        let elsewhere: Set = ["export_table", "import_tables", "import_blnk"]
        let here = Set(calls.keys).union(ofTheMachine).union(ofFiles).union(ofDevice).union(elsewhere)
        let handles: [String: Set<String>] = ["policy": Set(Policies.calls.keys), "chart": Set(Charts.calls.keys)]
        let operations = try Thalium.operations()
        let ofHandles = handles.flatMap { surface, names in
            names.symmetricDifference(operations.filter { $0.value == surface }.keys)
        }
        return handles.values.reduce(here) { $0.union($1) }.symmetricDifference(operations.keys).union(ofHandles).sorted()
    }
}
