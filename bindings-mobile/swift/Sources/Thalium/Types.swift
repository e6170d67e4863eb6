// What the ledger answers. Made of the facade's types by `cargo xtask generate`.
import Foundation

/// The kind of an account in the chart of accounts, and with it its normal side.
public enum AccountKind: String, Sendable {
    case asset = "asset"
    case liability = "liability"
    case equity = "equity"
    case income = "income"
    case expense = "expense"
}

/// What a party may do with an account.
public enum AccountRole: String, Sendable {
    case owner = "owner"
    case `operator` = "operator"
    case viewer = "viewer"
}

/// Who may be told a reason.
public enum Audience: String, Sendable {
    case customer = "customer"
    case `operator` = "operator"
    case officer = "officer"
}

/// The ground on which a field is held, and so the key with which it is sealed (GDPR Art. 6(1)(a) and (c)).
public enum Basis: String, Sendable {
    case consent = "consent"
    case law = "law"
}

/// What an open ledger can do.
public enum Condition: String, Sendable {
    case ready = "ready"
    case draining = "draining"
    case reading = "reading"
    case stopped = "stopped"
}

/// How something changes.
public enum DiffChange: String, Sendable {
    case added = "added"
    case removed = "removed"
    case changed = "changed"
    case notes = "notes"
    case text = "text"
}

/// Which rows there are.
public enum FilteredRows: String, Sendable {
    case all = "all"
    case none = "none"
    case some = "some"
}

/// A flag of an account.
public enum Flag: String, Sendable {
    case linked = "linked"
    case debitsMustNotExceedCredits = "debits_must_not_exceed_credits"
    case creditsMustNotExceedDebits = "credits_must_not_exceed_debits"
    case history = "history"
    case imported = "imported"
    case closed = "closed"
}

/// How much of a party is forgotten.
public enum ForgetScope: String, Sendable {
    case consent = "consent"
    case all = "all"
}

/// What an identifier is, and so what its one form is.
public enum IdentifierKind: String, Sendable {
    case name = "name"
    case email = "email"
    case phone = "phone"
    case iban = "iban"
    case taxNumber = "tax_number"
    case passport = "passport"
    case nationalId = "national_id"
    case companyNumber = "company_number"
    case lei = "lei"
    case wallet = "wallet"
    case other = "other"
}

/// How far an intent has come.
public enum IntentState: String, Sendable {
    case queued = "queued"
    case sent = "sent"
    case booked = "booked"
    case rejected = "rejected"
    case cancelled = "cancelled"
}

/// What becomes of trades whose bucket is closed.
public enum LateView: String, Sendable {
    case refuse = "refuse"
    case merge = "merge"
    case correct = "correct"
}

/// What has to be done.
public enum ObligationType: String, Sendable {
    case hold = "hold"
    case freeze = "freeze"
    case approvals = "approvals"
    case openCase = "open_case"
    case draftReport = "draft_report"
    case stepUp = "step_up"
    case notify = "notify"
}

/// What a party is.
public enum PartyKind: String, Sendable {
    case person = "person"
    case company = "company"
    case broker = "broker"
}

/// Whether a request without a fact is denied.
public enum PolicyNeed: String, Sendable {
    case always = "always"
    case sometimes = "sometimes"
    case never = "never"
}

/// What the rules of one name make together.
public enum PolicyRuleKind: String, Sendable {
    case value = "value"
    case set = "set"
    case object = "object"
    case function = "function"
}

/// What became of a rule or an expression.
public enum PolicyStepOutcome: String, Sendable {
    case held = "held"
    case failed = "failed"
    case undefined = "undefined"
    case ended = "ended"
}

/// What became of a test.
public enum PolicyTestOutcome: String, Sendable {
    case passed = "passed"
    case failed = "failed"
    case error = "error"
    case skipped = "skipped"
}

/// What one party is to another.
public enum RelationRole: String, Sendable {
    case owner = "owner"
    case beneficialOwner = "beneficial_owner"
    case director = "director"
    case signatory = "signatory"
    case representative = "representative"
    case employee = "employee"
}

/// How much risk a party is (FATF Recommendation 1).
public enum RiskLevel: String, Sendable {
    case low = "low"
    case medium = "medium"
    case high = "high"
    case prohibited = "prohibited"
}

/// How grave a reason is.
public enum Severity: String, Sendable {
    case info = "info"
    case low = "low"
    case medium = "medium"
    case high = "high"
    case critical = "critical"
}

/// The side of an account that a leg adds to.
public enum Side: String, Sendable {
    case debit = "debit"
    case credit = "credit"
}

/// A flag of a transfer.
public enum TransferFlag: String, Sendable {
    case linked = "linked"
    case pending = "pending"
    case postPending = "post_pending"
    case voidPending = "void_pending"
    case balancingDebit = "balancing_debit"
    case balancingCredit = "balancing_credit"
    case closingDebit = "closing_debit"
    case closingCredit = "closing_credit"
    case imported = "imported"
}

/// What is decided. The later one is the stricter one, and wins where verdicts are joined.
public enum VerdictOutcome: String, Sendable {
    case allow = "allow"
    case review = "review"
    case deny = "deny"
}

/// Entries of the access log, oldest first, and where the next page begins.
public struct AccessPage: Sendable, Hashable {
    /// The entries.
    public let entries: [AccessView]
    /// What the next page comes after; nothing at the end.
    public let next: Int64?

    init(_ told: Told) throws {
        self.entries = try told.list("entries", AccessView.init)
        self.next = try told.numberOrNil("next")
    }
}

/// Who read personal data, what and why.
public struct AccessView: Sendable, Hashable {
    /// Its place in the log.
    public let sequence: Int64
    /// When.
    public let timestamp: Timestamp
    /// Who read.
    public let actor: String
    /// In which role.
    public let role: String
    /// From where.
    public let origin: String
    /// Whose data: the party's key or id.
    public let party: String
    /// Which fields.
    public let fields: [String]
    /// The transfers whose details were opened: their keys or ids.
    public let transfers: [String]
    /// The accounts whose details were opened: their keys or ids.
    public let accounts: [String]
    /// Whether all details were opened that are sealed to the party, as for an export.
    public let details: Bool
    /// Why.
    public let why: String

    init(_ told: Told) throws {
        self.sequence = try told.number("sequence")
        self.timestamp = try told.instant("timestamp")
        self.actor = try told.text("actor")
        self.role = try told.text("role")
        self.origin = try told.text("origin")
        self.party = try told.text("party")
        self.fields = try told.texts("fields")
        self.transfers = try told.texts("transfers")
        self.accounts = try told.texts("accounts")
        self.details = try told.flag("details")
        self.why = try told.text("why")
    }
}

/// What is new on an account.
public struct AccountNews: Sendable, Hashable {
    /// The name by which it was asked for.
    public let name: String
    /// The account with its balances.
    public let account: AccountView
    /// Its open holds, oldest first; at most the newest `HOLDS_TOLD`. Of those that others placed neither key nor metadata.
    public let holds: [TransferView]
    /// The booked balance before the first of the entries.
    public let opening: Money
    /// The entry that these follow; nothing where the device begins anew with the newest.
    public let after: Int64?
    /// Whether nothing stands before the first of the entries.
    public let fromTheBeginning: Bool
    /// The entries behind the last one that the device has, oldest first; the newest where it has none, or is far behind.
    public let entries: [EntryView]
    /// Whether there are more: ask again after the last.
    public let more: Bool

    init(_ told: Told) throws {
        self.name = try told.text("name")
        self.account = try told.of("account", AccountView.init)
        self.holds = try told.list("holds", TransferView.init)
        self.opening = try told.decimal("opening")
        self.after = try told.numberOrNil("after")
        self.fromTheBeginning = try told.flag("from_the_beginning")
        self.entries = try told.list("entries", EntryView.init)
        self.more = try told.flag("more")
    }
}

/// An account of a party.
public struct AccountOfView: Sendable, Hashable {
    /// The account's key, or its id.
    public let account: String
    /// What the party may do.
    public let role: AccountRole
    /// Since which date.
    public let since: String?
    /// Until which date, that day included.
    public let until: String?

    init(_ told: Told) throws {
        self.account = try told.text("account")
        self.role = try told.name("role")
        self.since = try told.textOrNil("since")
        self.until = try told.textOrNil("until")
    }
}

/// Accounts in the order in which they were opened, and where the next page begins.
public struct AccountPage: Sendable, Hashable {
    /// The accounts.
    public let accounts: [AccountView]
    /// What the next page comes after; nothing at the end. There may be a next page behind one that holds fewer than asked for.
    public let next: Int64?

    init(_ told: Told) throws {
        self.accounts = try told.list("accounts", AccountView.init)
        self.next = try told.numberOrNil("next")
    }
}

/// An account.
public struct AccountView: Sendable, Hashable {
    /// Its id.
    public let id: UUID
    /// The caller's key.
    public let key: String
    /// Its name, where that is public.
    public let name: String
    /// The code of its asset.
    public let asset: String
    /// What its asset is.
    public let assetKind: String
    /// Its kind in the chart.
    public let kind: AccountKind?
    /// The account above it.
    public let parent: String?
    /// The caller's code.
    public let code: Int64
    /// Names of its flags.
    public let flags: [String]
    /// When it was opened.
    public let openedAt: Timestamp
    /// Held debits.
    public let debitsPending: Money
    /// Booked debits.
    public let debitsPosted: Money
    /// Held credits.
    public let creditsPending: Money
    /// Booked credits.
    public let creditsPosted: Money
    /// What is booked, on the account's normal side.
    public let balance: Money
    /// The balance less what is held against it.
    public let available: Money
    /// Public metadata.
    public let metadata: [String: String]
    /// The party to which the rest of the name and the metadata is sealed: `read_data` opens it.
    public let subject: UUID?

    init(_ told: Told) throws {
        self.id = try told.uuid("id")
        self.key = try told.text("key")
        self.name = try told.text("name")
        self.asset = try told.text("asset")
        self.assetKind = try told.text("asset_kind")
        self.kind = try told.nameOrNil("kind")
        self.parent = try told.textOrNil("parent")
        self.code = try told.number("code")
        self.flags = try told.texts("flags")
        self.openedAt = try told.instant("opened_at")
        self.debitsPending = try told.decimal("debits_pending")
        self.debitsPosted = try told.decimal("debits_posted")
        self.creditsPending = try told.decimal("credits_pending")
        self.creditsPosted = try told.decimal("credits_posted")
        self.balance = try told.decimal("balance")
        self.available = try told.decimal("available")
        self.metadata = try told.map("metadata")
        self.subject = try told.uuidOrNil("subject")
    }
}

/// A document of a case, as the customer is told.
public struct AskedDocument: Sendable, Hashable {
    /// Which.
    public let document: String
    /// How it stands: `requested`, `submitted`, `approved`, `rejected` or `expired`.
    public let standing: String
    /// Whether it can be handed in now.
    public let wanted: Bool
    /// How often it can still be handed in.
    public let attemptsLeft: Int64
    /// Why it is asked for again or was not taken: the reason codes that the customer may be told.
    public let reasons: [String]
    /// Until when it is to be handed in.
    public let due: Timestamp?
    /// When it is not valid any more.
    public let validUntil: Timestamp?

    init(_ told: Told) throws {
        self.document = try told.text("document")
        self.standing = try told.text("standing")
        self.wanted = try told.flag("wanted")
        self.attemptsLeft = try told.number("attempts_left")
        self.reasons = try told.texts("reasons")
        self.due = try told.instantOrNil("due")
        self.validUntil = try told.instantOrNil("valid_until")
    }
}

/// A form that a case waits for.
public struct AskedForm: Sendable, Hashable {
    /// Which.
    public let form: String
    /// The variables that it has.
    public let variables: [String]

    init(_ told: Told) throws {
        self.form = try told.text("form")
        self.variables = try told.texts("variables")
    }
}

/// An asset.
public struct AssetView: Sendable, Hashable {
    /// Its code.
    public let code: String
    /// Digits after the point.
    public let scale: Int64
    /// What it is: `crypto`, `security`, `points`, or `fiat:` and its ISO 4217 number.
    public let kind: String
    /// Its ledger number.
    public let ledger: Int64

    init(_ told: Told) throws {
        self.code = try told.text("code")
        self.scale = try told.number("scale")
        self.kind = try told.text("kind")
        self.ledger = try told.number("ledger")
    }
}

/// What a backup holds.
public struct BackupReport: Sendable, Hashable {
    /// Always true.
    public let ok: Bool
    /// Where it is.
    public let backup: String
    /// Events in it.
    public let events: Int64
    /// Events that were copied this time.
    public let copied: Int64
    /// The root over all of them, in hexadecimal.
    public let root: String
    /// The generation of the journal: each restoring begins a new one.
    public let generation: Int64

    init(_ told: Told) throws {
        self.ok = try told.flag("ok")
        self.backup = try told.text("backup")
        self.events = try told.number("events")
        self.copied = try told.number("copied")
        self.root = try told.text("root")
        self.generation = try told.number("generation")
    }
}

/// What an account held in a bucket of time. Balances are posted ones, on the account's normal side.
public struct BalanceBucketView: Sendable, Hashable {
    /// When the bucket begins.
    public let start: Timestamp
    /// When the next begins.
    public let end: Timestamp
    /// The balance at its beginning.
    public let open: Money
    /// The highest balance, that at the beginning among them.
    public let high: Money
    /// The lowest balance, that at the beginning among them.
    public let low: Money
    /// The balance at its end, or now.
    public let close: Money
    /// What was available at its end: the balance less what is held.
    public let available: Money
    /// What was debited.
    public let debits: Money
    /// What was credited.
    public let credits: Money
    /// How many entries the account has of that time: posts, holds, captures, releases and expiries.
    public let entries: Int64
    /// The average, weighted by how long each balance stood while the account was open and until now; rounded half to even, once. Nothing where no time has passed.
    public let average: Money?

    init(_ told: Told) throws {
        self.start = try told.instant("start")
        self.end = try told.instant("end")
        self.open = try told.decimal("open")
        self.high = try told.decimal("high")
        self.low = try told.decimal("low")
        self.close = try told.decimal("close")
        self.available = try told.decimal("available")
        self.debits = try told.decimal("debits")
        self.credits = try told.decimal("credits")
        self.entries = try told.number("entries")
        self.average = try told.decimalOrNil("average")
    }
}

/// What an account held, oldest first: every bucket from its opening on, also those in which nothing happened, up to now, which is the newest instant of the log. A broker is told up to the account's newest entry.
public struct BalanceHistoryPage: Sendable, Hashable {
    /// The account's key, or its id.
    public let account: String
    /// The code of its asset.
    public let asset: String
    /// The buckets.
    public let buckets: [BalanceBucketView]
    /// The from of the next page, if there is one.
    public let next: Timestamp?

    init(_ told: Told) throws {
        self.account = try told.text("account")
        self.asset = try told.text("asset")
        self.buckets = try told.list("buckets", BalanceBucketView.init)
        self.next = try told.instantOrNil("next")
    }
}

/// Workflow definitions of Ballerine as charts.
public struct BallerineImport: Sendable, Hashable {
    /// The chart of the first definition: JSON.
    public let chart: String
    /// The charts of the others, to be loaded together with it: JSON.
    public let charts: [String]
    /// How JSON Logic takes values of other kinds in them: `strict` or `javascript`.
    public let dialect: String
    /// What was tolerated.
    public let leniencies: [BallerineLeniency]

    init(_ told: Told) throws {
        self.chart = try told.text("chart")
        self.charts = try told.texts("charts")
        self.dialect = try told.text("dialect")
        self.leniencies = try told.list("leniencies", BallerineLeniency.init)
    }
}

/// Something that Ballerine tolerates.
public struct BallerineLeniency: Sendable, Hashable {
    /// The rule that it broke.
    public let rule: String
    /// The path to it.
    public let path: String
    /// The row, from one.
    public let row: Int64
    /// The column, from one.
    public let column: Int64
    /// What is wrong with it, and what became of it.
    public let message: String

    init(_ told: Told) throws {
        self.rule = try told.text("rule")
        self.path = try told.text("path")
        self.row = try told.number("row")
        self.column = try told.number("column")
        self.message = try told.text("message")
    }
}

/// What differs from what Blnk holds.
public struct BlnkDifference: Sendable, Hashable {
    /// What kind it is, by its stable name.
    public let kind: String
    /// Whether money is missing or counted otherwise.
    public let isSerious: Bool
    /// The record of Blnk's.
    public let record: String
    /// What differs.
    public let detail: String

    init(_ told: Told) throws {
        self.kind = try told.text("kind")
        self.isSerious = try told.flag("is_serious")
        self.record = try told.text("record")
        self.detail = try told.text("detail")
    }
}

/// What came of what Blnk holds.
public struct BlnkReport: Sendable, Hashable {
    /// Whether it was imported.
    public let imported: Bool
    /// Its balances.
    public let balances: Int64
    /// Its transactions.
    public let transactions: Int64
    /// Of them, those that moved or held nothing.
    public let notBooked: Int64
    /// Accounts here.
    public let accounts: Int64
    /// Transfers here.
    public let transfers: Int64
    /// What differs.
    public let differences: [BlnkDifference]

    init(_ told: Told) throws {
        self.imported = try told.flag("imported")
        self.balances = try told.number("balances")
        self.transactions = try told.number("transactions")
        self.notBooked = try told.number("not_booked")
        self.accounts = try told.number("accounts")
        self.transfers = try told.number("transfers")
        self.differences = try told.list("differences", BlnkDifference.init)
    }
}

/// A callback that was proven and read.
public struct CallbackView: Sendable, Hashable {
    /// Who sent it.
    public let provider: String
    /// The id by which a second delivery is known: a case that it is delivered to knows it by that.
    public let eventId: String
    /// What the provider calls it.
    public let kind: String
    /// The provider's own id of the check.
    public let about: String
    /// What it comes to, in the same words for every provider.
    public let outcome: String
    /// The provider's own reasons.
    public let reasons: [String]
    /// The SHA-256 of the body, to be kept with it as evidence.
    public let evidence: String
    /// The event that a chart is told.
    public let event: String
    /// What that carries: the text of a JSON object.
    public let data: String
    /// The key that signed it.
    public let key: String?
    /// When it happened: RFC 3339.
    public let occurredAt: String?
    /// Whether it is of the provider's sandbox, where it says so.
    public let sandbox: Bool?
    /// When it was signed, where the provider says so: RFC 3339.
    public let signedAt: String?
    /// The caller's own reference, where the provider carries it.
    public let subject: String?

    init(_ told: Told) throws {
        self.provider = try told.text("provider")
        self.eventId = try told.text("event_id")
        self.kind = try told.text("kind")
        self.about = try told.text("about")
        self.outcome = try told.text("outcome")
        self.reasons = try told.texts("reasons")
        self.evidence = try told.text("evidence")
        self.event = try told.text("event")
        self.data = try told.text("data")
        self.key = try told.textOrNil("key")
        self.occurredAt = try told.textOrNil("occurred_at")
        self.sandbox = try told.flagOrNil("sandbox")
        self.signedAt = try told.textOrNil("signed_at")
        self.subject = try told.textOrNil("subject")
    }
}

/// A decision, with its votes.
public struct CaseDecision: Sendable, Hashable {
    /// Which.
    public let decision: String
    /// The digest of the evidence that it rests on.
    public let seen: String
    /// The votes, the first first.
    public let votes: [CaseVote]
    /// When it was taken; none while it is pending: RFC 3339.
    public let at: String?

    init(_ told: Told) throws {
        self.decision = try told.text("decision")
        self.seen = try told.text("seen")
        self.votes = try told.list("votes", CaseVote.init)
        self.at = try told.textOrNil("at")
    }
}

/// A change that came to something else when it was decided once more.
public struct CaseDifference: Sendable, Hashable {
    /// The number of the fact, from zero.
    public let fact: Int64
    /// The case.
    public let `case`: String
    /// Which of its changes.
    public let version: Int64
    /// What is different.
    public let what: String

    init(_ told: Told) throws {
        self.fact = try told.number("fact")
        self.`case` = try told.text("case")
        self.version = try told.number("version")
        self.what = try told.text("what")
    }
}

/// A document of a case.
public struct CaseDocument: Sendable, Hashable {
    /// Which.
    public let document: String
    /// How it stands: `requested`, `submitted`, `approved`, `rejected` or `expired`.
    public let standing: String
    /// Since when: RFC 3339.
    public let since: String
    /// How often it was handed in.
    public let attempts: Int64
    /// Why it is asked for, or is not good.
    public let reasons: [String]
    /// Who handed it in.
    public let by: String?
    /// Until when it is to be handed in: RFC 3339.
    public let due: String?
    /// Where the host keeps that. Left out where the case is sealed and was not opened.
    public let file: String?
    /// The SHA-256 of what was handed in last.
    public let hash: String?
    /// When it is not valid any more: RFC 3339.
    public let validUntil: String?

    init(_ told: Told) throws {
        self.document = try told.text("document")
        self.standing = try told.text("standing")
        self.since = try told.text("since")
        self.attempts = try told.number("attempts")
        self.reasons = try told.texts("reasons")
        self.by = try told.textOrNil("by")
        self.due = try told.textOrNil("due")
        self.file = try told.textOrNil("file")
        self.hash = try told.textOrNil("hash")
        self.validUntil = try told.textOrNil("valid_until")
    }
}

/// Something that a case asks for.
public struct CaseEffect: Sendable, Hashable {
    /// The case, by its key.
    public let `case`: String
    /// What its chart asks for.
    public let effect: ChartEffect

    init(_ told: Told) throws {
        self.`case` = try told.text("case")
        self.effect = try told.of("effect", ChartEffect.init)
    }
}

/// Something that happened to cases.
public struct CaseEntry: Sendable, Hashable {
    /// Its number in the log.
    public let number: Int64
    /// When: RFC 3339.
    public let at: String
    /// Who asked.
    public let actor: String
    /// What: the name of what was done to a case, or `define` or `staff`.
    public let `do`: String
    /// Whether it is sealed.
    public let sealed: Bool
    /// What was asked: the text of a JSON object. Left out where it is sealed and was not opened.
    public let asked: String?
    /// The case, by its key.
    public let `case`: String?
    /// The SHA-256 of the version of the kind, with its charts, that the case was in.
    public let definition: String?
    /// The SHA-256 of the evidence that the case had then.
    public let evidence: String?
    /// The caller's id of the request.
    public let requestId: String?
    /// The SHA-256 of the session that it led to.
    public let session: String?
    /// What happened in the chart, step by step: the text of a JSON array. Left out where it is sealed and was not opened.
    public let steps: String?
    /// Which of its changes.
    public let version: Int64?
    /// Why what is sealed is not told, though it was asked for.
    public let withheld: String?

    init(_ told: Told) throws {
        self.number = try told.number("number")
        self.at = try told.text("at")
        self.actor = try told.text("actor")
        self.`do` = try told.text("do")
        self.sealed = try told.flag("sealed")
        self.asked = try told.textOrNil("asked")
        self.`case` = try told.textOrNil("case")
        self.definition = try told.textOrNil("definition")
        self.evidence = try told.textOrNil("evidence")
        self.requestId = try told.textOrNil("request_id")
        self.session = try told.textOrNil("session")
        self.steps = try told.textOrNil("steps")
        self.version = try told.numberOrNil("version")
        self.withheld = try told.textOrNil("withheld")
    }
}

/// Something that a decision rests on.
public struct CaseEvidence: Sendable, Hashable {
    /// Its name.
    public let name: String
    /// The SHA-256 of its bytes.
    public let hash: String
    /// Since when it is there: RFC 3339.
    public let since: String
    /// Who brought it.
    public let by: String
    /// Where the host keeps it. Left out where the case is sealed and was not opened.
    public let file: String?

    init(_ told: Told) throws {
        self.name = try told.text("name")
        self.hash = try told.text("hash")
        self.since = try told.text("since")
        self.by = try told.text("by")
        self.file = try told.textOrNil("file")
    }
}

/// Some of the log of cases.
public struct CaseLogPage: Sendable, Hashable {
    /// What happened, the oldest first.
    public let entries: [CaseEntry]
    /// The number to go on behind, if there is more.
    public let next: Int64?

    init(_ told: Told) throws {
        self.entries = try told.list("entries", CaseEntry.init)
        self.next = try told.numberOrNil("next")
    }
}

/// How a case stands, as the customer is told.
public struct CaseNews: Sendable, Hashable {
    /// Its key.
    public let `case`: String
    /// Whether it goes on.
    public let open: Bool
    /// The states in which it is, of those that the customer may be told of.
    public let states: [String]
    /// Its documents, by name.
    public let documents: [AskedDocument]
    /// The forms that it waits for, by name.
    public let forms: [AskedForm]
    /// Facts in the log of cases when this was read: how new it is.
    public let facts: Int64

    init(_ told: Told) throws {
        self.`case` = try told.text("case")
        self.open = try told.flag("open")
        self.states = try told.texts("states")
        self.documents = try told.list("documents", AskedDocument.init)
        self.forms = try told.list("forms", AskedForm.init)
        self.facts = try told.number("facts")
    }
}

/// What came of something that was done to a case. A refusal is not `ok`, and has changed nothing.
public struct CaseOutcome: Sendable, Hashable {
    /// Whether it was done.
    public let ok: Bool
    /// The case, by its key.
    public let `case`: String
    /// Whether the chart heard what it was told; true where it was told nothing.
    public let heard: Bool
    /// Whether the same request was done before, or the same callback came before: nothing was done now.
    public let replayed: Bool
    /// Whether a callback was overtaken by a newer one about the same check: it is in the log, and the chart did not hear it.
    public let late: Bool
    /// What the host is to do, in order. It stands in the log of the case, too.
    public let effects: [CaseEffect]
    /// Why it was not done: a code, a promise. With `ok` it is `register`: the register of parties could not be told what follows from it yet.
    public let code: String?
    /// What the case is now.
    public let now: CaseView?
    /// The same in words, with what to do.
    public let reason: String?

    init(_ told: Told) throws {
        self.ok = try told.flag("ok")
        self.`case` = try told.text("case")
        self.heard = try told.flag("heard")
        self.replayed = try told.flag("replayed")
        self.late = try told.flag("late")
        self.effects = try told.list("effects", CaseEffect.init)
        self.code = try told.textOrNil("code")
        self.now = try told.ofOrNil("now", CaseView.init)
        self.reason = try told.textOrNil("reason")
    }
}

/// What was decided beside the rules.
public struct CaseOverride: Sendable, Hashable {
    /// By whom.
    public let by: String
    /// Since when: RFC 3339.
    public let since: String
    /// Until when: RFC 3339.
    public let until: String
    /// Why. Left out where the case is sealed and was not opened.
    public let why: String?

    init(_ told: Told) throws {
        self.by = try told.text("by")
        self.since = try told.text("since")
        self.until = try told.text("until")
        self.why = try told.textOrNil("why")
    }
}

/// Some cases.
public struct CasePage: Sendable, Hashable {
    /// The cases.
    public let cases: [CaseView]
    /// The key to go on behind, if there are more.
    public let next: String?

    init(_ told: Told) throws {
        self.cases = try told.list("cases", CaseView.init)
        self.next = try told.textOrNil("next")
    }
}

/// Where a case waits.
public struct CasePlace: Sendable, Hashable {
    /// The queue.
    public let queue: String
    /// Since when: RFC 3339.
    public let since: String
    /// Since when it waits for what is to be done, in whichever queue: RFC 3339.
    public let waitsSince: String
    /// Until when it may: RFC 3339.
    public let due: String?
    /// The queue that it belongs to by its kind, if it went on from there.
    public let from: String?

    init(_ told: Told) throws {
        self.queue = try told.text("queue")
        self.since = try told.text("since")
        self.waitsSince = try told.text("waits_since")
        self.due = try told.textOrNil("due")
        self.from = try told.textOrNil("from")
    }
}

/// How cases stand at an instant.
public struct CaseReport: Sendable, Hashable {
    /// The instant: RFC 3339.
    public let at: String
    /// The cases that wait for people, by kind and queue.
    public let queues: [QueueReport]
    /// What became of the cases of each kind.
    public let kinds: [KindReport]
    /// Who works on what and voted for what.
    public let people: [PersonReport]
    /// What was decided, by kind and decision.
    public let decisions: [DecisionReport]
    /// How documents stand, by kind and name.
    public let documents: [DocumentReport]

    init(_ told: Told) throws {
        self.at = try told.text("at")
        self.queues = try told.list("queues", QueueReport.init)
        self.kinds = try told.list("kinds", KindReport.init)
        self.people = try told.list("people", PersonReport.init)
        self.decisions = try told.list("decisions", DecisionReport.init)
        self.documents = try told.list("documents", DocumentReport.init)
    }
}

/// What a case tells the register of parties of whom it is about.
public struct CaseStanding: Sendable, Hashable {
    /// The flags that they have.
    public let flags: [String]
    /// Whether the register says so already.
    public let told: Bool
    /// How far they were identified; zero: not at all.
    public let kycLevel: Int64?
    /// How much risk they are: `low`, `medium`, `high` or `prohibited`.
    public let risk: String?

    init(_ told: Told) throws {
        self.flags = try told.texts("flags")
        self.told = try told.flag("told")
        self.kycLevel = try told.numberOrNil("kyc_level")
        self.risk = try told.textOrNil("risk")
    }
}

/// A case.
public struct CaseView: Sendable, Hashable {
    /// Its key.
    public let `case`: String
    /// The kind that it is of.
    public let kind: String
    /// The digest of the version of the kind that it is pinned to.
    public let definition: String
    /// How often it changed.
    public let version: Int64
    /// `open`, `ended` or `cancelled`.
    public let status: String
    /// The active states of its chart without children, in document order.
    public let states: [String]
    /// When it was opened: RFC 3339.
    public let openedAt: String
    /// By whom.
    public let openedBy: String
    /// When it changed last: RFC 3339.
    public let changedAt: String
    /// How often it was opened again.
    public let reopened: Int64
    /// The digest of all that a decision rests on: who votes says which they saw.
    public let evidenceDigest: String
    /// Its documents, by name.
    public let documents: [CaseDocument]
    /// Other evidence, by name.
    public let evidence: [CaseEvidence]
    /// What was decided, the oldest first.
    public let decided: [CaseDecision]
    /// What was decided beside the rules and holds.
    public let overrides: [CaseOverride]
    /// Whether it is sealed to whom it is about.
    public let sealed: Bool
    /// Who works on it.
    public let assignee: String?
    /// Its variables: the text of a JSON object, whose numbers are exact. Left out where the case is sealed and was not opened.
    public let data: String?
    /// When it ended: RFC 3339.
    public let endedAt: String?
    /// When the next of what waits in it is due: RFC 3339.
    public let nextDue: String?
    /// The case that it was opened for.
    public let parent: String?
    /// Whom it is about.
    public let party: String?
    /// Since when its time rests, too: RFC 3339.
    public let pausedAt: String?
    /// The decision that is pending.
    public let pending: CaseDecision?
    /// Where it waits, if it waits for people.
    public let place: CasePlace?
    /// Until when it rests: RFC 3339.
    public let snoozedUntil: String?
    /// What its kind tells the register of parties of whom it is about.
    public let standing: CaseStanding?
    /// Why what is sealed is not told, though it was asked for.
    public let withheld: String?

    init(_ told: Told) throws {
        self.`case` = try told.text("case")
        self.kind = try told.text("kind")
        self.definition = try told.text("definition")
        self.version = try told.number("version")
        self.status = try told.text("status")
        self.states = try told.texts("states")
        self.openedAt = try told.text("opened_at")
        self.openedBy = try told.text("opened_by")
        self.changedAt = try told.text("changed_at")
        self.reopened = try told.number("reopened")
        self.evidenceDigest = try told.text("evidence_digest")
        self.documents = try told.list("documents", CaseDocument.init)
        self.evidence = try told.list("evidence", CaseEvidence.init)
        self.decided = try told.list("decided", CaseDecision.init)
        self.overrides = try told.list("overrides", CaseOverride.init)
        self.sealed = try told.flag("sealed")
        self.assignee = try told.textOrNil("assignee")
        self.data = try told.textOrNil("data")
        self.endedAt = try told.textOrNil("ended_at")
        self.nextDue = try told.textOrNil("next_due")
        self.parent = try told.textOrNil("parent")
        self.party = try told.textOrNil("party")
        self.pausedAt = try told.textOrNil("paused_at")
        self.pending = try told.ofOrNil("pending", CaseDecision.init)
        self.place = try told.ofOrNil("place", CasePlace.init)
        self.snoozedUntil = try told.textOrNil("snoozed_until")
        self.standing = try told.ofOrNil("standing", CaseStanding.init)
        self.withheld = try told.textOrNil("withheld")
    }
}

/// A vote.
public struct CaseVote: Sendable, Hashable {
    /// Whose.
    public let by: String
    /// As what.
    public let role: String
    /// When: RFC 3339.
    public let at: String
    /// With which reason codes.
    public let reasons: [String]

    init(_ told: Told) throws {
        self.by = try told.text("by")
        self.role = try told.text("role")
        self.at = try told.text("at")
        self.reasons = try told.texts("reasons")
    }
}

/// What came of letting time pass.
public struct CasesAdvanced: Sendable, Hashable {
    /// How many cases changed.
    public let changed: Int64
    /// What the host is to do, in order.
    public let effects: [CaseEffect]
    /// The cases that refused: each stands as it was, and is due still. Of those with the code `register`, the register of parties could not be told what follows from them yet.
    public let refused: [CaseOutcome]
    /// Whether more is due.
    public let more: Bool

    init(_ told: Told) throws {
        self.changed = try told.number("changed")
        self.effects = try told.list("effects", CaseEffect.init)
        self.refused = try told.list("refused", CaseOutcome.init)
        self.more = try told.flag("more")
    }
}

/// What deciding all cases once more came to.
public struct CasesReplayed: Sendable, Hashable {
    /// How many facts there are: kinds, the register of staff, and changes.
    public let facts: Int64
    /// How many changes were decided once more.
    public let changes: Int64
    /// How many cases they are of.
    public let cases: Int64
    /// Whether everything came to the same, to the byte.
    public let same: Bool
    /// What did not, the first first; at most 100 are told.
    public let differences: [CaseDifference]
    /// How many changes could not be decided, because they were sealed to someone who was forgotten.
    public let subjectForgotten: Int64
    /// The digest of all cases as they came to be.
    public let digest: String

    init(_ told: Told) throws {
        self.facts = try told.number("facts")
        self.changes = try told.number("changes")
        self.cases = try told.number("cases")
        self.same = try told.flag("same")
        self.differences = try told.list("differences", CaseDifference.init)
        self.subjectForgotten = try told.number("subject_forgotten")
        self.digest = try told.text("digest")
    }
}

/// What verifying found of cases.
public struct CasesReport: Sendable, Hashable {
    /// How many facts there are: kinds, the register of staff, and changes.
    public let facts: Int64
    /// Records that they take.
    public let records: Int64
    /// The root of the Merkle tree over those, in hexadecimal.
    public let root: String

    init(_ told: Told) throws {
        self.facts = try told.number("facts")
        self.records = try told.number("records")
        self.root = try told.text("root")
    }
}

/// Changes, in order.
public struct ChangePage: Sendable, Hashable {
    /// How often the rollup was defined: numbers begin again with it.
    public let version: Int64
    /// The changes.
    public let changes: [ChangeView]
    /// The `after` of the next question.
    public let next: Int64
    /// How many of those asked for are not there any more.
    public let lost: Int64

    init(_ told: Told) throws {
        self.version = try told.number("version")
        self.changes = try told.list("changes", ChangeView.init)
        self.next = try told.number("next")
        self.lost = try told.number("lost")
    }
}

/// A change.
public struct ChangeView: Sendable, Hashable {
    /// Its number, from one.
    public let number: Int64
    /// `closed`, `revised` or `refused`.
    public let kind: String
    /// Of which symbol.
    public let symbol: String
    /// Of a trade that was refused: when it was.
    public let at: Timestamp?
    /// Why: of a bucket `late`, `corrected` or `removed`; of a trade `late`, `expired`, `differs`, `not_found`, `not_kept`, `out_of_range` or `overflow`.
    public let cause: String?
    /// Of a trade that was refused: the number that the market gave it.
    public let id: String?
    /// Of a bucket that was changed: for the how manieth time.
    public let revision: Int64?
    /// Of a bucket: when it begins.
    public let start: Timestamp?
    /// Of a bucket: how wide it is.
    public let width: String?

    init(_ told: Told) throws {
        self.number = try told.number("number")
        self.kind = try told.text("kind")
        self.symbol = try told.text("symbol")
        self.at = try told.instantOrNil("at")
        self.cause = try told.textOrNil("cause")
        self.id = try told.textOrNil("id")
        self.revision = try told.numberOrNil("revision")
        self.start = try told.instantOrNil("start")
        self.width = try told.textOrNil("width")
    }
}

/// Something that a chart asks for.
public struct ChartEffect: Sendable, Hashable {
    /// What: `send` a message, `invoke` a service, `cancel_invoke` one, `forward` an event to one, `log` something, or the session is `done`.
    public let kind: String
    /// The session that asks for it.
    public let session: String
    /// What is carried: the text of JSON, whose numbers are exact.
    public let data: String?
    /// The id of the message or service.
    public let id: String?
    /// The event's name, or what a line of the log is about.
    public let name: String?
    /// Where the service is to be found.
    public let src: String?
    /// Where the message goes.
    public let target: String?
    /// What kind of processor or service it is for.
    public let type: String?

    init(_ told: Told) throws {
        self.kind = try told.text("kind")
        self.session = try told.text("session")
        self.data = try told.textOrNil("data")
        self.id = try told.textOrNil("id")
        self.name = try told.textOrNil("name")
        self.src = try told.textOrNil("src")
        self.target = try told.textOrNil("target")
        self.type = try told.textOrNil("type")
    }
}

/// What is probably wrong in a chart.
public struct ChartFinding: Sendable, Hashable {
    /// The rule that found it.
    public let rule: String
    /// How grave it is: `error`, `warning` or `hint`.
    public let severity: String
    /// Where, as a path.
    public let path: String
    /// The row; zero where the chart was not read from a text.
    public let row: Int64
    /// The column.
    public let column: Int64
    /// What is wrong.
    public let message: String
    /// How to mend it.
    public let hint: String

    init(_ told: Told) throws {
        self.rule = try told.text("rule")
        self.severity = try told.text("severity")
        self.path = try told.text("path")
        self.row = try told.number("row")
        self.column = try told.number("column")
        self.message = try told.text("message")
        self.hint = try told.text("hint")
    }
}

/// A guard that was asked.
public struct ChartGuard: Sendable, Hashable {
    /// The path of its transition.
    public let path: String
    /// What it read: the name and the text of JSON.
    public let read: [ChartRead]
    /// Whether it held; none if that could not be told, which is a no.
    public let held: Bool?

    init(_ told: Told) throws {
        self.path = try told.text("path")
        self.read = try told.list("read", ChartRead.init)
        self.held = try told.flagOrNil("held")
    }
}

/// Expressions that were evaluated in one place.
public struct ChartMapping: Sendable, Hashable {
    /// The path of the action, timer, invocation, variable or final state that has them.
    public let path: String
    /// What they read: the name and the text of JSON.
    public let read: [ChartRead]
    /// Whether it held, of a condition (`if`) that could be told.
    public let held: Bool?

    init(_ told: Told) throws {
        self.path = try told.text("path")
        self.read = try told.list("read", ChartRead.init)
        self.held = try told.flagOrNil("held")
    }
}

/// A microstep.
public struct ChartMicrostep: Sendable, Hashable {
    /// The session whose it is.
    public let session: String
    /// The guards that were asked, in order.
    public let guards: [ChartGuard]
    /// The paths of the transitions that were taken.
    public let taken: [String]
    /// The states that were left, in order.
    public let exited: [String]
    /// The states that were entered, in order.
    public let entered: [String]
    /// What else was evaluated and read something, in order: of actions, delays, and what services, messages and ends are told.
    public let mappings: [ChartMapping]
    /// What went wrong, with the path where: each was an event `error.…` of the chart, too.
    public let faults: [String]
    /// The event that it answers; none if none was needed.
    public let event: String?

    init(_ told: Told) throws {
        self.session = try told.text("session")
        self.guards = try told.list("guards", ChartGuard.init)
        self.taken = try told.texts("taken")
        self.exited = try told.texts("exited")
        self.entered = try told.texts("entered")
        self.mappings = try told.list("mappings", ChartMapping.init)
        self.faults = try told.texts("faults")
        self.event = try told.textOrNil("event")
    }
}

/// A timer or a delayed event that waits.
public struct ChartPending: Sendable, Hashable {
    /// The session that it belongs to.
    public let session: String
    /// When it is due: RFC 3339.
    public let due: String
    /// The event.
    public let event: String
    /// What becomes of it when its session rests: `deadline`, `remaining` or `restart`.
    public let restore: String

    init(_ told: Told) throws {
        self.session = try told.text("session")
        self.due = try told.text("due")
        self.event = try told.text("event")
        self.restore = try told.text("restore")
    }
}

/// A value that a guard read.
public struct ChartRead: Sendable, Hashable {
    /// What was asked for.
    public let name: String
    /// What it was: the text of JSON.
    public let value: String

    init(_ told: Told) throws {
        self.name = try told.text("name")
        self.value = try told.text("value")
    }
}

/// What a session is.
public struct ChartSession: Sendable, Hashable {
    /// The session, to be kept and given back with the next event. It names the version of its chart.
    public let session: String
    /// Its id.
    public let id: String
    /// Whether it has come to an end.
    public let done: Bool
    /// The active states without children, in document order.
    public let states: [String]
    /// All active states, in document order.
    public let configuration: [String]
    /// Its variables: the text of a JSON object, whose numbers are exact.
    public let data: String
    /// What waits for its time, in the order in which it is due.
    public let pending: [ChartPending]

    init(_ told: Told) throws {
        self.session = try told.text("session")
        self.id = try told.text("id")
        self.done = try told.flag("done")
        self.states = try told.texts("states")
        self.configuration = try told.texts("configuration")
        self.data = try told.text("data")
        self.pending = try told.list("pending", ChartPending.init)
    }
}

/// What came of a step.
public struct ChartStep: Sendable, Hashable {
    /// What the session is now.
    public let at: ChartSession
    /// Whether the event was heard: a transition was taken for it, or something that was invoked was told.
    public let heard: Bool
    /// What is to be done, in order, once the session is kept.
    public let effects: [ChartEffect]
    /// What went wrong in expressions, with the path where: a guard that fails does not hold, an action that fails ends its block.
    public let faults: [String]
    /// What happened, where that was asked for.
    public let trace: [ChartMicrostep]

    init(_ told: Told) throws {
        self.at = try told.of("at", ChartSession.init)
        self.heard = try told.flag("heard")
        self.effects = try told.list("effects", ChartEffect.init)
        self.faults = try told.texts("faults")
        self.trace = try told.list("trace", ChartMicrostep.init)
    }
}

/// A chart in some form.
public struct ChartText: Sendable, Hashable {
    /// The text.
    public let text: String

    init(_ told: Told) throws {
        self.text = try told.text("text")
    }
}

/// A chart that was loaded.
public struct ChartView: Sendable, Hashable {
    /// Its name; empty where it has none.
    public let id: String
    /// What it says of itself; empty where it says nothing.
    public let description: String
    /// What names this content and no other, in hexadecimal: a session belongs to it.
    public let digest: String
    /// Its states in document order.
    public let states: [String]
    /// Its variables.
    public let variables: [String]
    /// The events that it waits for, by name; without those of its own timers, and `done.…` and `error.…`.
    public let events: [String]

    init(_ told: Told) throws {
        self.id = try told.text("id")
        self.description = try told.text("description")
        self.digest = try told.text("digest")
        self.states = try told.texts("states")
        self.variables = try told.texts("variables")
        self.events = try told.texts("events")
    }
}

/// The digest of the state.
public struct Checked: Sendable, Hashable {
    /// The digest of the state, in hexadecimal: the same on every machine and in every language.
    public let stateHash: String

    init(_ told: Told) throws {
        self.stateHash = try told.text("state_hash")
    }
}

/// A verdict on record.
public struct Decided: Sendable, Hashable {
    /// The decision's id.
    public let decisionId: String
    /// The verdict.
    public let verdict: Verdict

    init(_ told: Told) throws {
        self.decisionId = try told.text("decision_id")
        self.verdict = try told.of("verdict", Verdict.init)
    }
}

/// How often something was decided, why, and how long it took.
public struct DecisionReport: Sendable, Hashable {
    /// The kind of case.
    public let kind: String
    /// The decision.
    public let decision: String
    /// How often it was taken.
    public let taken: Int64
    /// How often with each reason code.
    public let reasons: [ReasonCount]
    /// The shortest time in which it was taken, in whole seconds from when the case came to its queue.
    public let leastSeconds: Int64
    /// The time in which half of them were.
    public let medianSeconds: Int64
    /// The time in which nine of ten were.
    public let ninetiethSeconds: Int64
    /// The longest.
    public let mostSeconds: Int64
    /// How often it was taken after the time that its queue gives.
    public let late: Int64

    init(_ told: Told) throws {
        self.kind = try told.text("kind")
        self.decision = try told.text("decision")
        self.taken = try told.number("taken")
        self.reasons = try told.list("reasons", ReasonCount.init)
        self.leastSeconds = try told.number("least_seconds")
        self.medianSeconds = try told.number("median_seconds")
        self.ninetiethSeconds = try told.number("ninetieth_seconds")
        self.mostSeconds = try told.number("most_seconds")
        self.late = try told.number("late")
    }
}

/// What verifying found of decisions on record.
public struct DecisionsReport: Sendable, Hashable {
    /// How many decisions there are.
    public let decisions: Int64
    /// Records that they take.
    public let records: Int64
    /// The root of the Merkle tree over those, in hexadecimal.
    public let root: String

    init(_ told: Told) throws {
        self.decisions = try told.number("decisions")
        self.records = try told.number("records")
        self.root = try told.text("root")
    }
}

/// A description and metadata that were opened, or why they were not.
public struct DetailView: Sendable, Hashable {
    /// On what ground they are held.
    public let basis: Basis
    /// The account whose they are: its key or id.
    public let account: String?
    /// The description; of an account, the name.
    public let description: String?
    /// Why there is nothing: their key is lost.
    public let lost: String?
    /// The metadata.
    public let metadata: [String: String]
    /// The retention class that says so, if one does.
    public let retention: String?
    /// The transfer whose they are: its key or id.
    public let transfer: String?
    /// The years for which a law has them kept after the relationship ended.
    public let years: Int64?

    init(_ told: Told) throws {
        self.basis = try told.name("basis")
        self.account = try told.textOrNil("account")
        self.description = try told.textOrNil("description")
        self.lost = try told.textOrNil("lost")
        self.metadata = try told.map("metadata")
        self.retention = try told.textOrNil("retention")
        self.transfer = try told.textOrNil("transfer")
        self.years = try told.numberOrNil("years")
    }
}

/// An account as the device knows it.
public struct DeviceAccount: Sendable, Hashable {
    /// The name under which it is followed.
    public let name: String
    /// Events in the back end's log at that moment.
    public let events: Int64
    /// The account with its balances; nothing before the back end has told it.
    public let account: AccountView?
    /// Of when it is, by the back end's clock; nothing before the back end has told it.
    public let asOf: Timestamp?

    init(_ told: Told) throws {
        self.name = try told.text("name")
        self.events = try told.number("events")
        self.account = try told.ofOrNil("account", AccountView.init)
        self.asOf = try told.instantOrNil("as_of")
    }
}

/// A case as the device knows it.
public struct DeviceCase: Sendable, Hashable {
    /// Its key.
    public let `case`: String
    /// What is handed in to it and not answered yet, in the order in which it was given.
    public let waiting: [HandInView]
    /// Of when it is, by the back end's clock; nothing before the back end has told it.
    public let asOf: Timestamp?
    /// How it stands; nothing before the back end has told it.
    public let told: CaseNews?

    init(_ told: Told) throws {
        self.`case` = try told.text("case")
        self.waiting = try told.list("waiting", HandInView.init)
        self.asOf = try told.instantOrNil("as_of")
        self.told = try told.ofOrNil("told", CaseNews.init)
    }
}

/// The open holds of an account as the device knows them.
public struct DeviceHolds: Sendable, Hashable {
    /// The holds, oldest first.
    public let holds: [TransferView]
    /// Of when they are, by the back end's clock.
    public let asOf: Timestamp?

    init(_ told: Told) throws {
        self.holds = try told.list("holds", TransferView.init)
        self.asOf = try told.instantOrNil("as_of")
    }
}

/// A statement as far as the device knows it.
public struct DeviceStatement: Sendable, Hashable {
    /// The statement.
    public let statement: StatementView
    /// Whether it has every entry from its beginning: a device keeps the newest.
    public let complete: Bool
    /// Of when it is, by the back end's clock.
    public let asOf: Timestamp

    init(_ told: Told) throws {
        self.statement = try told.of("statement", StatementView.init)
        self.complete = try told.flag("complete")
        self.asOf = try told.instant("as_of")
    }
}

/// How much of a list is left out.
public struct DiffMore: Sendable, Hashable {
    /// The list, such as `documents`.
    public let list: String
    /// How many entries are left out.
    public let entries: Int64

    init(_ told: Told) throws {
        self.list = try told.text("list")
        self.entries = try told.number("entries")
    }
}

/// A file or a name that comes, goes or changes.
public struct DiffName: Sendable, Hashable {
    /// The name.
    public let name: String
    /// How it changes.
    public let change: DiffChange

    init(_ told: Told) throws {
        self.name = try told.text("name")
        self.change = try told.name("change")
    }
}

/// A package.
public struct DiffPackage: Sendable, Hashable {
    /// Its path, such as `data.aml`.
    public let package: String
    /// How it changes.
    public let change: DiffChange
    /// How its own annotations change, at most 32 rows.
    public let notes: [DiffRow]
    /// How many rows of them are left out.
    public let notesMore: Int64

    init(_ told: Told) throws {
        self.package = try told.text("package")
        self.change = try told.name("change")
        self.notes = try told.list("notes", DiffRow.init)
        self.notesMore = try told.number("notes_more")
    }
}

/// A part of a document.
public struct DiffRow: Sendable, Hashable {
    /// Its JSON pointer.
    public let pointer: String
    /// How it changes.
    public let change: DiffChange
    /// Its JSON text after.
    public let after: String?
    /// Its JSON text before, of a long one the beginning and `…`.
    public let before: String?

    init(_ told: Told) throws {
        self.pointer = try told.text("pointer")
        self.change = try told.name("change")
        self.after = try told.textOrNil("after")
        self.before = try told.textOrNil("before")
    }
}

/// The rules of one name.
public struct DiffRule: Sendable, Hashable {
    /// Their path, such as `data.aml.verdict`.
    public let path: String
    /// Their package.
    public let package: String
    /// How they change.
    public let change: DiffChange
    /// Where those stand before that have no equal after, at most 32.
    public let before: [DiffSite]
    /// Where those stand after that have no equal before, at most 32.
    public let after: [DiffSite]
    /// How their annotations change, at most 32 rows.
    public let notes: [DiffRow]
    /// How many rows of them are left out.
    public let notesMore: Int64

    init(_ told: Told) throws {
        self.path = try told.text("path")
        self.package = try told.text("package")
        self.change = try told.name("change")
        self.before = try told.list("before", DiffSite.init)
        self.after = try told.list("after", DiffSite.init)
        self.notes = try told.list("notes", DiffRow.init)
        self.notesMore = try told.number("notes_more")
    }
}

/// Where a rule stands.
public struct DiffSite: Sendable, Hashable {
    /// The module.
    public let file: String
    /// The row.
    public let row: Int64

    init(_ told: Told) throws {
        self.file = try told.text("file")
        self.row = try told.number("row")
    }
}

/// A field of typed rules. Whole numbers are told as texts.
public struct DiffTyped: Sendable, Hashable {
    /// The program's path, such as `limits/verdict`.
    public let path: String
    /// The part, such as `rules`; empty where the whole program comes or goes.
    public let part: String
    /// Which of them, such as `limits/day`; of `rules`, empty where their order changes.
    public let name: String
    /// The field's JSON pointer in it; empty where all of it comes or goes.
    public let field: String
    /// How it changes.
    public let change: DiffChange
    /// Its JSON text after.
    public let after: String?
    /// Its JSON text before.
    public let before: String?

    init(_ told: Told) throws {
        self.path = try told.text("path")
        self.part = try told.text("part")
        self.name = try told.text("name")
        self.field = try told.text("field")
        self.change = try told.name("change")
        self.after = try told.textOrNil("after")
        self.before = try told.textOrNil("before")
    }
}

/// A version of a policy.
public struct DiffVersion: Sendable, Hashable {
    /// The bundle's name for it; empty where it has none.
    public let revision: String
    /// What names this content and no other, in hexadecimal.
    public let digest: String

    init(_ told: Told) throws {
        self.revision = try told.text("revision")
        self.digest = try told.text("digest")
    }
}

/// What is noticed of a document before it is handed in.
public struct DocumentCheck: Sendable, Hashable {
    /// The SHA-256 of its bytes, in hexadecimal.
    public let hash: String
    /// What is noticed of it: `not_valid`, `too_late`, `wrong_digits`, `expired`.
    public let warnings: [String]
    /// The check digits of its zone that do not hold.
    public let wrong: [String]
    /// When it is not valid any more, as it would be sent.
    public let validUntil: Timestamp?

    init(_ told: Told) throws {
        self.hash = try told.text("hash")
        self.warnings = try told.texts("warnings")
        self.wrong = try told.texts("wrong")
        self.validUntil = try told.instantOrNil("valid_until")
    }
}

/// How documents of a name stand.
public struct DocumentReport: Sendable, Hashable {
    /// The kind of case.
    public let kind: String
    /// The document.
    public let document: String
    /// How many are asked for.
    public let requested: Int64
    /// How many were handed in.
    public let submitted: Int64
    /// How many are good.
    public let approved: Int64
    /// How many are not.
    public let rejected: Int64
    /// How many did not come in time, or are not valid any more.
    public let expired: Int64
    /// How often somebody has looked at one, since the log began.
    public let lookedAt: Int64
    /// The shortest time for which one had waited for that, in whole seconds from when it was handed in.
    public let leastSeconds: Int64
    /// The time for which half of them had.
    public let medianSeconds: Int64
    /// The time for which nine of ten had.
    public let ninetiethSeconds: Int64
    /// The longest.
    public let mostSeconds: Int64

    init(_ told: Told) throws {
        self.kind = try told.text("kind")
        self.document = try told.text("document")
        self.requested = try told.number("requested")
        self.submitted = try told.number("submitted")
        self.approved = try told.number("approved")
        self.rejected = try told.number("rejected")
        self.expired = try told.number("expired")
        self.lookedAt = try told.number("looked_at")
        self.leastSeconds = try told.number("least_seconds")
        self.medianSeconds = try told.number("median_seconds")
        self.ninetiethSeconds = try told.number("ninetieth_seconds")
        self.mostSeconds = try told.number("most_seconds")
    }
}

/// One line of a statement, or of a history.
public struct EntryView: Sendable, Hashable {
    /// Its place in the log.
    public let sequence: Int64
    /// When.
    public let timestamp: Timestamp
    /// What: `post`, `hold`, `capture`, `release`, `expiry`.
    public let what: String
    /// The transfer's key, or its id; of a transfer that is part of a transaction, the transaction's.
    public let transfer: String
    /// The other account.
    public let counterparty: String
    /// The account's side of it: `debit` or `credit`.
    public let side: String
    /// How much was posted, held, captured or released, with its asset.
    public let amount: Money
    /// How much the booked balance changed, on the account's normal side.
    public let change: Money
    /// The booked balance after it.
    public let balance: Money
    /// The balance less what is held against it.
    public let available: Money
    /// The date that the books give it.
    public let effectiveDate: String
    /// The description, where that is public.
    public let description: String
    /// Which part of its transaction it is, such as `2/5`; nothing for a transfer of its own.
    public let part: String?
    /// The party to which the rest of the description and the metadata is sealed: `read_data` opens it.
    public let subject: UUID?

    init(_ told: Told) throws {
        self.sequence = try told.number("sequence")
        self.timestamp = try told.instant("timestamp")
        self.what = try told.text("what")
        self.transfer = try told.text("transfer")
        self.counterparty = try told.text("counterparty")
        self.side = try told.text("side")
        self.amount = try told.money("amount")
        self.change = try told.decimal("change")
        self.balance = try told.decimal("balance")
        self.available = try told.decimal("available")
        self.effectiveDate = try told.text("effective_date")
        self.description = try told.text("description")
        self.part = try told.textOrNil("part")
        self.subject = try told.uuidOrNil("subject")
    }
}

/// A field that was taken down, without its value.
public struct FieldView: Sendable, Hashable {
    /// Its name.
    public let name: String
    /// What it is held for.
    public let purpose: String
    /// On what ground.
    public let basis: Basis
    /// The years for which a law has it kept after the relationship ended.
    public let years: Int64?
    /// The retention class that says so, if one does.
    public let retention: String?

    init(_ told: Told) throws {
        self.name = try told.text("name")
        self.purpose = try told.text("purpose")
        self.basis = try told.name("basis")
        self.years = try told.numberOrNil("years")
        self.retention = try told.textOrNil("retention")
    }
}

/// The answers to a form.
public struct FilledForm: Sendable, Hashable {
    /// Which form: the event by which the case's chart hears of it.
    public let form: String
    /// The text of a JSON object, whose numbers are exact: variables with their values.
    public let answers: String

    init(_ told: Told) throws {
        self.form = try told.text("form")
        self.answers = try told.text("answers")
    }
}

/// A decision that another version of a policy decides otherwise.
public struct Flip: Sendable, Hashable {
    /// The decision.
    public let decisionId: String
    /// The path that was asked for.
    public let path: String
    /// The outcome on record: `allow`, `review`, `deny`, or `undecided`.
    public let was: String
    /// The outcome of the other version.
    public let now: String
    /// Its reasons; of a shadow, none where the decision is sealed.
    public let reasons: [FlipReason]

    init(_ told: Told) throws {
        self.decisionId = try told.text("decision_id")
        self.path = try told.text("path")
        self.was = try told.text("was")
        self.now = try told.text("now")
        self.reasons = try told.list("reasons", FlipReason.init)
    }
}

/// A reason of a version that decides otherwise.
public struct FlipReason: Sendable, Hashable {
    /// Its number.
    public let code: Int64
    /// The rule, such as `aml/structuring`.
    public let rule: String

    init(_ told: Told) throws {
        self.code = try told.number("code")
        self.rule = try told.text("rule")
    }
}

/// What was forgotten, and when.
public struct ForgottenView: Sendable, Hashable {
    /// How much.
    public let scope: ForgetScope
    /// When.
    public let timestamp: Timestamp

    init(_ told: Told) throws {
        self.scope = try told.name("scope")
        self.timestamp = try told.instant("timestamp")
    }
}

/// Who may read the access log.
public struct GrantView: Sendable, Hashable {
    /// Who: the actor of their requests.
    public let actor: String
    /// Whose access log; of all parties, where there is none: a key or an id.
    public let party: String?
    /// Until when.
    public let until: Timestamp
    /// When it was granted.
    public let granted: Timestamp

    init(_ told: Told) throws {
        self.actor = try told.text("actor")
        self.party = try told.textOrNil("party")
        self.until = try told.instant("until")
        self.granted = try told.instant("granted")
    }
}

/// What became of something that was handed in, as the customer is told.
public struct HandInOutcome: Sendable, Hashable {
    /// The device's key of it.
    public let key: String
    /// Whether the case has it.
    public let ok: Bool
    /// Whether the case had it before: the answer to a retry.
    public let replayed: Bool
    /// Why not, a stable name: `not_permitted`, `invalid`, `ended`, `document`, `attempts`, `unheard`, `instant`, `text`, `other_request`, `stale`, `unkept` or `refused`.
    public let code: String?
    /// The field at fault.
    public let field: String?
    /// Why not, for people.
    public let reason: String?

    init(_ told: Told) throws {
        self.key = try told.text("key")
        self.ok = try told.flag("ok")
        self.replayed = try told.flag("replayed")
        self.code = try told.textOrNil("code")
        self.field = try told.textOrNil("field")
        self.reason = try told.textOrNil("reason")
    }
}

/// Something that is handed in, as it is kept.
public struct HandInView: Sendable, Hashable {
    /// Its key: given again with the same key it is the same.
    public let key: String
    /// Its number on this device: what is handed in is sent in this order.
    public let number: Int64
    /// How far it has come; `booked` is what the case has.
    public let state: IntentState
    /// When it was made, by the device's clock.
    public let madeAt: Timestamp
    /// When its state last changed, by the device's clock.
    public let changedAt: Timestamp
    /// How often it was sent.
    public let attempts: Int64
    /// The case, by its key.
    public let `case`: String
    /// What was noticed of it: `not_valid`, `too_late`, `wrong_digits`, `expired`.
    public let warnings: [String]
    /// The document, as it is sent.
    public let document: HandedDocument?
    /// The answers, as they are sent.
    public let form: FilledForm?
    /// What the document is called on the device.
    public let name: String?
    /// What became of it, once the back end has answered.
    public let outcome: HandInOutcome?
    /// Its machine-readable zone, as it was read. It is never sent, and forgotten once the back end has answered.
    public let zone: String?

    init(_ told: Told) throws {
        self.key = try told.text("key")
        self.number = try told.number("number")
        self.state = try told.name("state")
        self.madeAt = try told.instant("made_at")
        self.changedAt = try told.instant("changed_at")
        self.attempts = try told.number("attempts")
        self.`case` = try told.text("case")
        self.warnings = try told.texts("warnings")
        self.document = try told.ofOrNil("document", HandedDocument.init)
        self.form = try told.ofOrNil("form", FilledForm.init)
        self.name = try told.textOrNil("name")
        self.outcome = try told.ofOrNil("outcome", HandInOutcome.init)
        self.zone = try told.textOrNil("zone")
    }
}

/// A document that is handed in. Its bytes go to where the back end takes them, and not through here.
public struct HandedDocument: Sendable, Hashable {
    /// Which, by its name in the case.
    public let document: String
    /// The SHA-256 of its bytes, in hexadecimal.
    public let hash: String
    /// Where the back end keeps it, as it told when the bytes were sent there.
    public let file: String?
    /// When it is not valid any more: RFC 3339 or nanoseconds since 1970.
    public let validUntil: String?
    /// What its machine-readable zone says of the document.
    public let zone: ZoneNote?

    init(_ told: Told) throws {
        self.document = try told.text("document")
        self.hash = try told.text("hash")
        self.file = try told.textOrNil("file")
        self.validUntil = try told.textOrNil("valid_until")
        self.zone = try told.ofOrNil("zone", ZoneNote.init)
    }
}

/// How an open ledger is.
public struct Health: Sendable, Hashable {
    /// What it can do.
    public let condition: Condition
    /// Events that were decided.
    public let events: Int64
    /// Those of them that are not durable yet.
    public let notDurable: Int64
    /// Bytes of history in memory. They go into parts when there are enough of them.
    public let historyBytes: Int64
    /// Whether history waits in memory because parts are written later than it is cut: what writes is faster than the disk can follow.
    public let isLagging: Bool
    /// Whether less is left than `disk_reserve`: time to make room.
    public let diskIsLow: Bool
    /// Why the history could not be put into a part last time: it stays in memory until it can.
    public let archiveFailed: String?
    /// Bytes left on the disk, where the system tells.
    public let diskLeft: Int64?
    /// Why it has stopped.
    public let why: String?

    init(_ told: Told) throws {
        self.condition = try told.name("condition")
        self.events = try told.number("events")
        self.notDurable = try told.number("not_durable")
        self.historyBytes = try told.number("history_bytes")
        self.isLagging = try told.flag("is_lagging")
        self.diskIsLow = try told.flag("disk_is_low")
        self.archiveFailed = try told.textOrNil("archive_failed")
        self.diskLeft = try told.numberOrNil("disk_left")
        self.why = try told.textOrNil("why")
    }
}

/// Entries in the order asked for, and where the next page begins.
public struct HistoryPage: Sendable, Hashable {
    /// The account's key, or its id.
    public let account: String
    /// The code of its asset.
    public let asset: String
    /// The entries.
    public let entries: [EntryView]
    /// What the next page comes after; nothing at the end.
    public let next: Int64?

    init(_ told: Told) throws {
        self.account = try told.text("account")
        self.asset = try told.text("asset")
        self.entries = try told.list("entries", EntryView.init)
        self.next = try told.numberOrNil("next")
    }
}

/// A party that has an account.
public struct HolderView: Sendable, Hashable {
    /// The party's key, or its id.
    public let party: String
    /// What it may do.
    public let role: AccountRole
    /// Since which date.
    public let since: String?
    /// Until which date, that day included.
    public let until: String?

    init(_ told: Told) throws {
        self.party = try told.text("party")
        self.role = try told.name("role")
        self.since = try told.textOrNil("since")
        self.until = try told.textOrNil("until")
    }
}

/// What has become of trades.
public struct IngestReport: Sendable, Hashable {
    /// How many are new.
    public let taken: Int64
    /// How many had been taken before: these count once.
    public let again: Int64
    /// How many were not taken.
    public let refused: Int64
    /// The first thousand of those.
    public let faults: [RowFaultView]

    init(_ told: Told) throws {
        self.taken = try told.number("taken")
        self.again = try told.number("again")
        self.refused = try told.number("refused")
        self.faults = try told.list("faults", RowFaultView.init)
    }
}

/// What became of an intent.
public struct IntentOutcome: Sendable, Hashable {
    /// The device's key of it.
    public let key: String
    /// The customer's view of the outcome.
    public let outcome: Outcome

    init(_ told: Told) throws {
        self.key = try told.text("key")
        self.outcome = try told.of("outcome", Outcome.init)
    }
}

/// An intent, as it is kept.
public struct IntentView: Sendable, Hashable {
    /// The command's key: a retry on the device with the same key is the same intent.
    public let key: String
    /// Its number on this device: intents are sent in this order.
    public let number: Int64
    /// How far it has come.
    public let state: IntentState
    /// When it was made, by the device's clock.
    public let madeAt: Timestamp
    /// When its state last changed, by the device's clock.
    public let changedAt: Timestamp
    /// How often it was sent.
    public let attempts: Int64
    /// What the customer asked for.
    public let command: Command
    /// What became of it, once the back end has answered.
    public let outcome: Outcome?

    init(_ told: Told) throws {
        self.key = try told.text("key")
        self.number = try told.number("number")
        self.state = try told.name("state")
        self.madeAt = try told.instant("made_at")
        self.changedAt = try told.instant("changed_at")
        self.attempts = try told.number("attempts")
        self.command = try told.command("command")
        self.outcome = try told.ofOrNil("outcome", Outcome.init)
    }
}

/// What became of the cases of a kind.
public struct KindReport: Sendable, Hashable {
    /// The kind.
    public let kind: String
    /// How many were opened.
    public let opened: Int64
    /// How many of them go on.
    public let open: Int64
    /// How many of these wait in no queue.
    public let elsewhere: Int64
    /// How many came to an end.
    public let ended: Int64
    /// How many were ended from outside.
    public let cancelled: Int64
    /// How often one was opened again.
    public let reopened: Int64

    init(_ told: Told) throws {
        self.kind = try told.text("kind")
        self.opened = try told.number("opened")
        self.open = try told.number("open")
        self.elsewhere = try told.number("elsewhere")
        self.ended = try told.number("ended")
        self.cancelled = try told.number("cancelled")
        self.reopened = try told.number("reopened")
    }
}

/// A kind of case.
public struct KindView: Sendable, Hashable {
    /// Its name.
    public let kind: String
    /// What it is for.
    public let description: String
    /// The digest of this version: of the kind, and of its charts.
    public let digest: String
    /// The chart that its cases run on.
    public let chart: String
    /// Its queues, in their order.
    public let queues: [String]
    /// What can be decided.
    public let decisions: [String]
    /// The documents that it knows.
    public let documents: [String]
    /// The kind as JSON.
    public let text: String

    init(_ told: Told) throws {
        self.kind = try told.text("kind")
        self.description = try told.text("description")
        self.digest = try told.text("digest")
        self.chart = try told.text("chart")
        self.queues = try told.texts("queues")
        self.decisions = try told.texts("decisions")
        self.documents = try told.texts("documents")
        self.text = try told.text("text")
    }
}

/// Candles, oldest first.
public struct KlinePage: Sendable, Hashable {
    /// The candles.
    public let klines: [KlineView]
    /// Where to go on, if there are more.
    public let next: Timestamp?

    init(_ told: Told) throws {
        self.klines = try told.list("klines", KlineView.init)
        self.next = try told.instantOrNil("next")
    }
}

/// A candle.
public struct KlineView: Sendable, Hashable {
    /// When the bucket begins.
    public let start: Timestamp
    /// When the next begins.
    public let end: Timestamp
    /// The first price.
    public let open: Decimal
    /// The highest price.
    public let high: Decimal
    /// The lowest price.
    public let low: Decimal
    /// The last price.
    public let close: Decimal
    /// How much was traded.
    public let volume: Decimal
    /// What was paid for it.
    public let turnover: Decimal
    /// How many trades.
    public let trades: Int64
    /// How much buyers are known to have taken.
    public let buyVolume: Decimal
    /// What was paid for that.
    public let buyTurnover: Decimal
    /// How much sellers are known to have taken.
    public let sellVolume: Decimal
    /// What was paid for that.
    public let sellTurnover: Decimal
    /// Whether the watermark has passed its end.
    public let closed: Bool
    /// How often it was changed since.
    public let revision: Int64
    /// The average price, weighted by quantities (VWAP).
    public let average: Decimal?

    init(_ told: Told) throws {
        self.start = try told.instant("start")
        self.end = try told.instant("end")
        self.open = try told.exact("open")
        self.high = try told.exact("high")
        self.low = try told.exact("low")
        self.close = try told.exact("close")
        self.volume = try told.exact("volume")
        self.turnover = try told.exact("turnover")
        self.trades = try told.number("trades")
        self.buyVolume = try told.exact("buy_volume")
        self.buyTurnover = try told.exact("buy_turnover")
        self.sellVolume = try told.exact("sell_volume")
        self.sellTurnover = try told.exact("sell_turnover")
        self.closed = try told.flag("closed")
        self.revision = try told.number("revision")
        self.average = try told.exactOrNil("average")
    }
}

/// A legal hold.
public struct LegalHoldView: Sendable, Hashable {
    /// Its name.
    public let name: String
    /// Until which date, that day included; until it is lifted, where there is none.
    public let until: String?
    /// Why.
    public let reason: String
    /// When it was placed.
    public let placed: Timestamp

    init(_ told: Told) throws {
        self.name = try told.text("name")
        self.until = try told.textOrNil("until")
        self.reason = try told.text("reason")
        self.placed = try told.instant("placed")
    }
}

/// A policy that a ledger decides by.
public struct LoadedPolicy: Sendable, Hashable {
    /// Its name.
    public let name: String
    /// The version in force.
    public let current: PolicyVersion
    /// Those that were in force before, the newest first: what can be gone back to.
    public let former: [PolicyVersion]
    /// What is tried out beside it.
    public let shadow: ShadowView?

    init(_ told: Told) throws {
        self.name = try told.text("name")
        self.current = try told.of("current", PolicyVersion.init)
        self.former = try told.list("former", PolicyVersion.init)
        self.shadow = try told.ofOrNil("shadow", ShadowView.init)
    }
}

/// A key that cannot be had.
public struct LostKey: Sendable, Hashable {
    /// Whose it is; of a key of the tenant's own, its number.
    public let subject: UUID
    /// Which of theirs; none of a key of the tenant's own.
    public let basis: Basis?
    /// Why not, and what to do.
    public let why: String

    init(_ told: Told) throws {
        self.subject = try told.uuid("subject")
        self.basis = try told.nameOrNil("basis")
        self.why = try told.text("why")
    }
}

/// Why cases cannot be moved.
public struct MigrationRefused: Sendable, Hashable {
    /// Why: a code, a promise.
    public let code: String
    /// The same in words, of the first of them.
    public let why: String
    /// How many.
    public let cases: Int64
    /// The first of them, by its key.
    public let example: String

    init(_ told: Told) throws {
        self.code = try told.text("code")
        self.why = try told.text("why")
        self.cases = try told.number("cases")
        self.example = try told.text("example")
    }
}

/// What would become of cases that were moved to the newest version of their kind.
public struct MigrationRehearsed: Sendable, Hashable {
    /// How many open cases are not in the newest version.
    public let cases: Int64
    /// How many of them can be moved.
    public let movable: Int64
    /// Why the others cannot, at most 100 reasons.
    public let refused: [MigrationRefused]

    init(_ told: Told) throws {
        self.cases = try told.number("cases")
        self.movable = try told.number("movable")
        self.refused = try told.list("refused", MigrationRefused.init)
    }
}

/// A machine-readable zone that was read.
public struct MrzView: Sendable, Hashable {
    /// `TD1`, `TD2`, `TD3`, `MRV-A` or `MRV-B`.
    public let format: String
    /// The document code, such as `P`.
    public let documentCode: String
    /// Who issued it: a code of ICAO 9303, as it stands.
    public let issuer: String
    /// Its number.
    public let number: String
    /// The primary identifier: the last names as a rule.
    public let primary: String
    /// The secondary identifier: the given names as a rule.
    public let secondary: String
    /// Whether the names may have been cut off.
    public let namesTruncated: Bool
    /// The nationality: a code of ICAO 9303, as it stands.
    public let nationality: String
    /// `female`, `male` or `unspecified`.
    public let sex: String
    /// `valid`, `expired` or `unknown`, on the day that was given.
    public let status: String
    /// Whether every check digit is right.
    public let valid: Bool
    /// The check digits that are not.
    public let wrong: [String]
    /// What else stands there.
    public let optional: [String]
    /// The day of birth, `YYYY-MM-DD`; none, where part of it is not known.
    public let born: String?
    /// The last day on which it is valid, `YYYY-MM-DD`.
    public let expires: String?

    init(_ told: Told) throws {
        self.format = try told.text("format")
        self.documentCode = try told.text("document_code")
        self.issuer = try told.text("issuer")
        self.number = try told.text("number")
        self.primary = try told.text("primary")
        self.secondary = try told.text("secondary")
        self.namesTruncated = try told.flag("names_truncated")
        self.nationality = try told.text("nationality")
        self.sex = try told.text("sex")
        self.status = try told.text("status")
        self.valid = try told.flag("valid")
        self.wrong = try told.texts("wrong")
        self.optional = try told.texts("optional")
        self.born = try told.textOrNil("born")
        self.expires = try told.textOrNil("expires")
    }
}

/// What has to be done; `type` says what, and which of the other fields there are.
public struct Obligation: Sendable, Hashable {
    /// What.
    public let type: ObligationType
    /// `approvals`: how many.
    public let count: Int64?
    /// `step_up`: which factor.
    public let factor: String?
    /// `open_case`: of which kind.
    public let kind: String?
    /// `open_case`: in which queue.
    public let queue: String?
    /// `draft_report`: which report.
    public let report: String?
    /// `approvals`: in which role they are.
    public let role: String?
    /// `hold`: for how many seconds.
    public let seconds: Int64?
    /// `notify`: which topic.
    public let topic: String?
    /// `freeze`: until when.
    public let until: Timestamp?

    init(_ told: Told) throws {
        self.type = try told.name("type")
        self.count = try told.numberOrNil("count")
        self.factor = try told.textOrNil("factor")
        self.kind = try told.textOrNil("kind")
        self.queue = try told.textOrNil("queue")
        self.report = try told.textOrNil("report")
        self.role = try told.textOrNil("role")
        self.seconds = try told.numberOrNil("seconds")
        self.topic = try told.textOrNil("topic")
        self.until = try told.instantOrNil("until")
    }
}

/// What became of a command.
public struct Outcome: Sendable, Hashable {
    /// Whether what was asked for stands in the books.
    public let ok: Bool
    /// The status's stable name; `invalid` for a command that could not be read, `not_permitted` for one that its sender may not ask for.
    public let status: String
    /// The status's stable number.
    public let number: Int64
    /// Whether it stood there before: the answer to a retry.
    public let replayed: Bool
    /// The account at fault.
    public let account: String?
    /// How much moved, with its asset.
    public let amount: Money?
    /// The field at fault, for a command that could not be read or was not permitted.
    public let field: String?
    /// What it had to spend.
    public let have: Money?
    /// The record's id.
    public let id: UUID?
    /// The record's key.
    public let key: String
    /// What was asked for.
    public let need: Money?
    /// Why not, for people.
    public let reason: String?
    /// Its place in the log.
    public let sequence: Int64?
    /// When it was booked.
    public let timestamp: Timestamp?

    init(_ told: Told) throws {
        self.ok = try told.flag("ok")
        self.status = try told.text("status")
        self.number = try told.number("number")
        self.replayed = try told.flag("replayed")
        self.account = try told.textOrNil("account")
        self.amount = try told.moneyOrNil("amount")
        self.field = try told.textOrNil("field")
        self.have = try told.moneyOrNil("have")
        self.id = try told.uuidOrNil("id")
        self.key = try told.textOrEmpty("key")
        self.need = try told.moneyOrNil("need")
        self.reason = try told.textOrNil("reason")
        self.sequence = try told.numberOrNil("sequence")
        self.timestamp = try told.instantOrNil("timestamp")
    }
}

/// Personal data of a party, as it is given to the person: Art. 15 of the GDPR.
public struct PartyExport: Sendable, Hashable {
    /// What is known of the party.
    public let party: PartyView
    /// The personal data.
    public let data: PersonalData
    /// Who read it before, oldest first; the newest 10,000 readings.
    public let accesses: [AccessView]

    init(_ told: Told) throws {
        self.party = try told.of("party", PartyView.init)
        self.data = try told.of("data", PersonalData.init)
        self.accesses = try told.list("accesses", AccessView.init)
    }
}

/// Parties by their ids, and where the next page begins.
public struct PartyPage: Sendable, Hashable {
    /// The parties.
    public let parties: [PartyView]
    /// What the next page comes after; nothing at the end.
    public let next: UUID?

    init(_ told: Told) throws {
        self.parties = try told.list("parties", PartyView.init)
        self.next = try told.uuidOrNil("next")
    }
}

/// A party.
public struct PartyView: Sendable, Hashable {
    /// Its id.
    public let id: UUID
    /// The caller's name for it; empty: none.
    public let key: String
    /// What it is.
    public let kind: PartyKind
    /// The broker whose client it is: its key, or its id.
    public let broker: String?
    /// How far it was identified; zero: not at all.
    public let kycLevel: Int64
    /// How much risk it is, once that is known.
    public let risk: RiskLevel?
    /// Its flags.
    public let flags: [String]
    /// When it was registered.
    public let registered: Timestamp
    /// The date on which the business relationship ended.
    public let ended: String?
    /// The last day on which a law has it kept, once the relationship has ended; none where no law keeps anything.
    public let keptUntil: String?
    /// The records that were merged into it: their keys, or their ids.
    public let merged: [String]
    /// What was forgotten of it.
    public let forgotten: ForgottenView?
    /// Its legal holds.
    public let holds: [LegalHoldView]
    /// What was taken down of it, without the values.
    public let fields: [FieldView]
    /// Its accounts.
    public let accounts: [AccountOfView]
    /// What it is to other parties.
    public let relations: [RelationView]
    /// What other parties are to it.
    public let related: [RelationView]

    init(_ told: Told) throws {
        self.id = try told.uuid("id")
        self.key = try told.text("key")
        self.kind = try told.name("kind")
        self.broker = try told.textOrNil("broker")
        self.kycLevel = try told.number("kyc_level")
        self.risk = try told.nameOrNil("risk")
        self.flags = try told.texts("flags")
        self.registered = try told.instant("registered")
        self.ended = try told.textOrNil("ended")
        self.keptUntil = try told.textOrNil("kept_until")
        self.merged = try told.texts("merged")
        self.forgotten = try told.ofOrNil("forgotten", ForgottenView.init)
        self.holds = try told.list("holds", LegalHoldView.init)
        self.fields = try told.list("fields", FieldView.init)
        self.accounts = try told.list("accounts", AccountOfView.init)
        self.relations = try told.list("relations", RelationView.init)
        self.related = try told.list("related", RelationView.init)
    }
}

/// How often somebody voted for a decision that was taken, and why.
public struct PersonDecision: Sendable, Hashable {
    /// The kind of case.
    public let kind: String
    /// The decision.
    public let decision: String
    /// How often they voted for it.
    public let voted: Int64
    /// How often with each reason code.
    public let reasons: [ReasonCount]

    init(_ told: Told) throws {
        self.kind = try told.text("kind")
        self.decision = try told.text("decision")
        self.voted = try told.number("voted")
        self.reasons = try told.list("reasons", ReasonCount.init)
    }
}

/// How often somebody found the same of a document, and why.
public struct PersonDocument: Sendable, Hashable {
    /// The kind of case.
    public let kind: String
    /// The document.
    public let document: String
    /// What they found: `approve`, `reject` or `revise`.
    public let finding: String
    /// How often.
    public let found: Int64
    /// How often with each reason code.
    public let reasons: [ReasonCount]

    init(_ told: Told) throws {
        self.kind = try told.text("kind")
        self.document = try told.text("document")
        self.finding = try told.text("finding")
        self.found = try told.number("found")
        self.reasons = try told.list("reasons", ReasonCount.init)
    }
}

/// What somebody does.
public struct PersonReport: Sendable, Hashable {
    /// Who.
    public let person: String
    /// Whether they are on the register of staff.
    public let registered: Bool
    /// How many cases they work on.
    public let assigned: Int64
    /// In how many decisions that were taken they voted.
    public let voted: Int64
    /// In how many that are pending.
    public let pending: Int64
    /// What they voted for of what was taken.
    public let decisions: [PersonDecision]
    /// What they found of documents that they looked at.
    public let documents: [PersonDocument]

    init(_ told: Told) throws {
        self.person = try told.text("person")
        self.registered = try told.flag("registered")
        self.assigned = try told.number("assigned")
        self.voted = try told.number("voted")
        self.pending = try told.number("pending")
        self.decisions = try told.list("decisions", PersonDecision.init)
        self.documents = try told.list("documents", PersonDocument.init)
    }
}

/// Personal data of a party.
public struct PersonalData: Sendable, Hashable {
    /// The party's key, or its id.
    public let party: String
    /// The fields, by their names.
    public let fields: [PersonalView]
    /// What transfers and accounts say in words.
    public let details: [DetailView]

    init(_ told: Told) throws {
        self.party = try told.text("party")
        self.fields = try told.list("fields", PersonalView.init)
        self.details = try told.list("details", DetailView.init)
    }
}

/// A field that was opened, or why it was not.
public struct PersonalView: Sendable, Hashable {
    /// Its name.
    public let name: String
    /// The value.
    public let value: String?
    /// What it is held for.
    public let purpose: String
    /// On what ground.
    public let basis: Basis
    /// Why there is no value: its key is lost.
    public let lost: String?

    init(_ told: Told) throws {
        self.name = try told.text("name")
        self.value = try told.textOrNil("value")
        self.purpose = try told.text("purpose")
        self.basis = try told.name("basis")
        self.lost = try told.textOrNil("lost")
    }
}

/// Which rows of the modules the tests ran.
public struct PolicyCoverage: Sendable, Hashable {
    /// The modules, by name.
    public let files: [PolicyFileCoverage]
    /// Of all rows, those that were run, in hundredths of a percent and rounded down: 10,000 is all.
    public let basisPoints: Int64?

    init(_ told: Told) throws {
        self.files = try told.list("files", PolicyFileCoverage.init)
        self.basisPoints = try told.numberOrNil("basis_points")
    }
}

/// What changes from one version of a policy to another. Of each list the first 1,000 entries are told.
public struct PolicyDiff: Sendable, Hashable {
    /// The version before.
    public let before: DiffVersion
    /// The version after.
    public let after: DiffVersion
    /// Whether nothing changes at all.
    public let empty: Bool
    /// Whether nothing changes but how it is written, and the revision.
    public let same: Bool
    /// The roots that come or go.
    public let roots: [DiffName]
    /// The manifest's metadata, by JSON pointer.
    public let metadata: [DiffRow]
    /// The files.
    public let files: [DiffName]
    /// The packages.
    public let packages: [DiffPackage]
    /// The rules, by path.
    public let rules: [DiffRule]
    /// What is annotated as an entry point.
    public let entryPoints: [DiffName]
    /// The documents under `data`, by JSON pointer.
    public let documents: [DiffRow]
    /// The typed rules, field by field.
    public let typed: [DiffTyped]
    /// What is left out of lists that are longer.
    public let more: [DiffMore]

    init(_ told: Told) throws {
        self.before = try told.of("before", DiffVersion.init)
        self.after = try told.of("after", DiffVersion.init)
        self.empty = try told.flag("empty")
        self.same = try told.flag("same")
        self.roots = try told.list("roots", DiffName.init)
        self.metadata = try told.list("metadata", DiffRow.init)
        self.files = try told.list("files", DiffName.init)
        self.packages = try told.list("packages", DiffPackage.init)
        self.rules = try told.list("rules", DiffRule.init)
        self.entryPoints = try told.list("entry_points", DiffName.init)
        self.documents = try told.list("documents", DiffRow.init)
        self.typed = try told.list("typed", DiffTyped.init)
        self.more = try told.list("more", DiffMore.init)
    }
}

/// Why an answer is what it is.
public struct PolicyExplanation: Sendable, Hashable {
    /// Whether there is an answer.
    public let defined: Bool
    /// The rules and expressions in the order in which they were run.
    public let steps: [PolicyStep]
    /// The same as text, a line each, set in by their depth.
    public let text: String
    /// What `print` and `trace` said, a line each.
    public let said: String
    /// Whether there were more steps than there was room for.
    public let cut: Bool
    /// Why the evaluation came to no end.
    public let error: String?
    /// The answer as JSON text, numbers to the digit.
    public let result: String?

    init(_ told: Told) throws {
        self.defined = try told.flag("defined")
        self.steps = try told.list("steps", PolicyStep.init)
        self.text = try told.text("text")
        self.said = try told.text("said")
        self.cut = try told.flag("cut")
        self.error = try told.textOrNil("error")
        self.result = try told.textOrNil("result")
    }
}

/// A fact that a program of typed rules knows.
public struct PolicyFact: Sendable, Hashable {
    /// Its name, such as `amount`.
    public let name: String
    /// Its type: `text`, `texts`, `bool`, `units` (whole numbers) or `instant`.
    public let type: String
    /// Whether a request without it is denied.
    public let needed: PolicyNeed

    init(_ told: Told) throws {
        self.name = try told.text("name")
        self.type = try told.text("type")
        self.needed = try told.name("needed")
    }
}

/// Which rows of a module the tests ran.
public struct PolicyFileCoverage: Sendable, Hashable {
    /// The module.
    public let file: String
    /// The rows that were run.
    public let covered: [PolicyRows]
    /// The rows that never were.
    public let notCovered: [PolicyRows]
    /// Of its rows, those that were run, in hundredths of a percent and rounded down.
    public let basisPoints: Int64?

    init(_ told: Told) throws {
        self.file = try told.text("file")
        self.covered = try told.list("covered", PolicyRows.init)
        self.notCovered = try told.list("not_covered", PolicyRows.init)
        self.basisPoints = try told.numberOrNil("basis_points")
    }
}

/// What is probably wrong in a policy that loads.
public struct PolicyFinding: Sendable, Hashable {
    /// The linter's rule, such as `unused-import`.
    public let id: String
    /// The module.
    public let file: String
    /// The row.
    public let row: Int64
    /// What is wrong.
    public let message: String
    /// How to mend it.
    public let hint: String

    init(_ told: Told) throws {
        self.id = try told.text("id")
        self.file = try told.text("file")
        self.row = try told.number("row")
        self.message = try told.text("message")
        self.hint = try told.text("hint")
    }
}

/// A program of typed rules.
public struct PolicyProgram: Sendable, Hashable {
    /// The path of its verdict, such as `limits/verdict`.
    public let path: String
    /// The file.
    public let file: String
    /// The facts that it knows.
    public let facts: [PolicyFact]

    init(_ told: Told) throws {
        self.path = try told.text("path")
        self.file = try told.text("file")
        self.facts = try told.list("facts", PolicyFact.init)
    }
}

/// Rows next to each other.
public struct PolicyRows: Sendable, Hashable {
    /// The first.
    public let first: Int64
    /// The last.
    public let last: Int64

    init(_ told: Told) throws {
        self.first = try told.number("first")
        self.last = try told.number("last")
    }
}

/// The rules of one name.
public struct PolicyRule: Sendable, Hashable {
    /// The name, such as `data.aml.verdict`.
    public let name: String
    /// What they make together.
    public let makes: PolicyRuleKind
    /// How many there are, without the default.
    public let count: Int64
    /// The module of the first.
    public let file: String
    /// The row of the first.
    public let row: Int64

    init(_ told: Told) throws {
        self.name = try told.text("name")
        self.makes = try told.name("makes")
        self.count = try told.number("count")
        self.file = try told.text("file")
        self.row = try told.number("row")
    }
}

/// A rule or an expression that was run.
public struct PolicyStep: Sendable, Hashable {
    /// How deep it stands in the tree.
    public let depth: Int64
    /// The module.
    public let file: String
    /// The row.
    public let row: Int64
    /// What it is, with its values.
    public let text: String
    /// What became of it; none of what was not run.
    public let became: PolicyStepOutcome?

    init(_ told: Told) throws {
        self.depth = try told.number("depth")
        self.file = try told.text("file")
        self.row = try told.number("row")
        self.text = try told.text("text")
        self.became = try told.nameOrNil("became")
    }
}

/// A test.
public struct PolicyTest: Sendable, Hashable {
    /// Its name.
    public let name: String
    /// What became of it.
    public let outcome: PolicyTestOutcome
    /// The module.
    public let file: String
    /// The row.
    public let row: Int64
    /// Why it did not pass, where there is more to say: the cases that are not true, or the error.
    public let why: String?

    init(_ told: Told) throws {
        self.name = try told.text("name")
        self.outcome = try told.name("outcome")
        self.file = try told.text("file")
        self.row = try told.number("row")
        self.why = try told.textOrNil("why")
    }
}

/// What the tests of a bundle came to.
public struct PolicyTests: Sendable, Hashable {
    /// How many passed.
    public let passed: Int64
    /// How many failed, or came to no end.
    public let failed: Int64
    /// How many are yet to be done.
    public let skipped: Int64
    /// The tests, by file and row.
    public let tests: [PolicyTest]
    /// Which rows of the modules they ran, where that was asked for.
    public let coverage: PolicyCoverage?

    init(_ told: Told) throws {
        self.passed = try told.number("passed")
        self.failed = try told.number("failed")
        self.skipped = try told.number("skipped")
        self.tests = try told.list("tests", PolicyTest.init)
        self.coverage = try told.ofOrNil("coverage", PolicyCoverage.init)
    }
}

/// A version of a policy.
public struct PolicyVersion: Sendable, Hashable {
    /// The bundle's name for this version; empty where it has none.
    public let revision: String
    /// What names this content and no other, in hexadecimal.
    public let digest: String
    /// When it was loaded.
    public let loaded: Timestamp

    init(_ told: Told) throws {
        self.revision = try told.text("revision")
        self.digest = try told.text("digest")
        self.loaded = try told.instant("loaded")
    }
}

/// A policy that was loaded.
public struct PolicyView: Sendable, Hashable {
    /// The bundle's name for this version; empty where it has none.
    public let revision: String
    /// What names this content and no other, in hexadecimal.
    public let digest: String
    /// The paths under `data` that the bundle owns; an empty one is all of it.
    public let roots: [String]
    /// The rules, by file and row.
    public let rules: [PolicyRule]
    /// The programs of typed rules, by path.
    public let typed: [PolicyProgram]

    init(_ told: Told) throws {
        self.revision = try told.text("revision")
        self.digest = try told.text("digest")
        self.roots = try told.texts("roots")
        self.rules = try told.list("rules", PolicyRule.init)
        self.typed = try told.list("typed", PolicyProgram.init)
    }
}

/// What waits in a queue.
public struct QueueReport: Sendable, Hashable {
    /// The kind of case.
    public let kind: String
    /// The queue.
    public let queue: String
    /// How many cases wait in it.
    public let cases: Int64
    /// How many of them less than a day.
    public let underADay: Int64
    /// How many one to three days.
    public let oneToThreeDays: Int64
    /// How many three to seven days.
    public let threeToSevenDays: Int64
    /// How many seven to thirty days.
    public let sevenToThirtyDays: Int64
    /// How many thirty days or more.
    public let thirtyDaysOrMore: Int64
    /// How many have waited too long.
    public let overdue: Int64
    /// On how many nobody works.
    public let unassigned: Int64
    /// How many rest.
    public let snoozed: Int64
    /// Since when the oldest does: RFC 3339.
    public let oldest: String?

    init(_ told: Told) throws {
        self.kind = try told.text("kind")
        self.queue = try told.text("queue")
        self.cases = try told.number("cases")
        self.underADay = try told.number("under_a_day")
        self.oneToThreeDays = try told.number("one_to_three_days")
        self.threeToSevenDays = try told.number("three_to_seven_days")
        self.sevenToThirtyDays = try told.number("seven_to_thirty_days")
        self.thirtyDaysOrMore = try told.number("thirty_days_or_more")
        self.overdue = try told.number("overdue")
        self.unassigned = try told.number("unassigned")
        self.snoozed = try told.number("snoozed")
        self.oldest = try told.textOrNil("oldest")
    }
}

/// A queue in which cases wait.
public struct QueueView: Sendable, Hashable {
    /// Its name.
    public let queue: String
    /// How many cases wait in it, without those that rest.
    public let waiting: Int64
    /// How many rest.
    public let snoozed: Int64
    /// How many of those that wait nobody works on.
    public let unassigned: Int64
    /// How many of them have waited too long.
    public let overdue: Int64
    /// Since when the oldest waits, also of those that rest: RFC 3339.
    public let oldest: String

    init(_ told: Told) throws {
        self.queue = try told.text("queue")
        self.waiting = try told.number("waiting")
        self.snoozed = try told.number("snoozed")
        self.unassigned = try told.number("unassigned")
        self.overdue = try told.number("overdue")
        self.oldest = try told.text("oldest")
    }
}

/// Why it is decided so.
public struct Reason: Sendable, Hashable {
    /// The number of the reason: `Code` has those of typed rules, and documents have their own from 10,000 on.
    public let code: Int64
    /// The rule, such as `aml/structuring`.
    public let rule: String
    /// Who may be told.
    public let audience: Audience
    /// How grave it is.
    public let severity: Severity
    /// One sentence.
    public let message: String
    /// What it rests on, in order.
    public let facts: [ReasonFact]?

    init(_ told: Told) throws {
        self.code = try told.number("code")
        self.rule = try told.text("rule")
        self.audience = try told.name("audience")
        self.severity = try told.name("severity")
        self.message = try told.text("message")
        self.facts = try told.listOrNil("facts", ReasonFact.init)
    }
}

/// How often a reason was given.
public struct ReasonCount: Sendable, Hashable {
    /// Its code.
    public let reason: String
    /// How often.
    public let count: Int64

    init(_ told: Told) throws {
        self.reason = try told.text("reason")
        self.count = try told.number("count")
    }
}

/// A name and a value that a reason rests on.
public struct ReasonFact: Sendable, Hashable {
    /// The name, such as `remaining`.
    public let name: String
    /// The value as text, such as `18500`.
    public let value: String

    init(_ told: Told) throws {
        self.name = try told.text("name")
        self.value = try told.text("value")
    }
}

/// What a party is to another.
public struct RelationView: Sendable, Hashable {
    /// The other party's key, or its id.
    public let party: String
    /// The role.
    public let role: RelationRole
    /// Since which date.
    public let since: String?
    /// Until which date, that day included.
    public let until: String?
    /// The share in percent.
    public let share: String?

    init(_ told: Told) throws {
        self.party = try told.text("party")
        self.role = try told.name("role")
        self.since = try told.textOrNil("since")
        self.until = try told.textOrNil("until")
        self.share = try told.textOrNil("share")
    }
}

/// What another policy would have decided.
public struct ReplayReport: Sendable, Hashable {
    /// How many decisions were decided once more.
    public let decisions: Int64
    /// How many of these came to the same, for the same reasons.
    public let same: Int64
    /// How many have the same outcome for other reasons, or with other obligations.
    public let changed: Int64
    /// How many have another outcome.
    public let flipped: Int64
    /// How many could not be decided, because they were sealed to someone who was forgotten.
    public let subjectForgotten: Int64
    /// How many could not be decided for another reason: a key that is lost, an answer that this build cannot read, or a party of whom no reading can be recorded.
    public let unreadable: Int64
    /// Those with another outcome, the oldest first, as many as were asked for.
    public let flips: [Flip]

    init(_ told: Told) throws {
        self.decisions = try told.number("decisions")
        self.same = try told.number("same")
        self.changed = try told.number("changed")
        self.flipped = try told.number("flipped")
        self.subjectForgotten = try told.number("subject_forgotten")
        self.unreadable = try told.number("unreadable")
        self.flips = try told.list("flips", Flip.init)
    }
}

/// What was restored, and verified.
public struct RestoreReport: Sendable, Hashable {
    /// Always true.
    public let ok: Bool
    /// Events in the new journal.
    public let events: Int64
    /// Events in the backup.
    public let of: Int64
    /// Accounts in the books.
    public let accounts: Int64
    /// Transfers in them.
    public let transfers: Int64
    /// The root of the log's Merkle tree, in hexadecimal.
    public let root: String
    /// The digest of the state, in hexadecimal.
    public let stateHash: String
    /// The generation of the new journal.
    public let generation: Int64

    init(_ told: Told) throws {
        self.ok = try told.flag("ok")
        self.events = try told.number("events")
        self.of = try told.number("of")
        self.accounts = try told.number("accounts")
        self.transfers = try told.number("transfers")
        self.root = try told.text("root")
        self.stateHash = try told.text("state_hash")
        self.generation = try told.number("generation")
    }
}

/// A retention class.
public struct RetentionView: Sendable, Hashable {
    /// Its name.
    public let name: String
    /// The years for which the law has data kept after the business relationship ended.
    public let years: Int64
    /// The law that says so; empty: not said.
    public let law: String
    /// When it was defined, or changed last.
    public let defined: Timestamp

    init(_ told: Told) throws {
        self.name = try told.text("name")
        self.years = try told.number("years")
        self.law = try told.text("law")
        self.defined = try told.instant("defined")
    }
}

/// The risk of a customer.
public struct RiskScore: Sendable, Hashable {
    /// The score: a decimal number.
    public let score: String
    /// The level that it comes to.
    public let level: String
    /// Whether there is to be no business with the customer.
    public let refuse: Bool
    /// What it was made of, point by point, for people.
    public let explained: [String]
    /// The digest of the model.
    public let model: String
    /// All of it: the text of a JSON object, whose numbers are exact.
    public let text: String
    /// When the information about the customer is to be updated: RFC 3339.
    public let refreshBy: String?

    init(_ told: Told) throws {
        self.score = try told.text("score")
        self.level = try told.text("level")
        self.refuse = try told.flag("refuse")
        self.explained = try told.texts("explained")
        self.model = try told.text("model")
        self.text = try told.text("text")
        self.refreshBy = try told.textOrNil("refresh_by")
    }
}

/// A rollup.
public struct RollupView: Sendable, Hashable {
    /// Its name.
    public let name: String
    /// How often it was defined.
    public let version: Int64
    /// Widths of buckets, the finest first.
    public let levels: [String]
    /// How far the watermark is behind the newest trade of a symbol.
    public let delay: String
    /// What becomes of trades whose bucket is closed.
    public let late: LateView
    /// Digits of prices behind the point.
    public let priceScale: Int64
    /// Digits of quantities behind the point.
    public let quantityScale: Int64
    /// How many symbols it has.
    public let symbols: Int64
    /// How many trades it took, also those that were taken back.
    public let trades: Int64
    /// For how long after the end of their bucket they are taken in.
    public let horizon: String?
    /// Of levels, by their width, how long their buckets are kept.
    public let keep: [String: String]
    /// The rollup whose trades it is made of.
    public let of: String?
    /// By how much buckets begin later, or earlier.
    public let offset: String?
    /// What those clocks show where buckets are counted from, if it is not 2000-01-03, or January 2000.
    public let origin: String?
    /// The time zone by whose clocks buckets begin, if it is not UTC.
    public let zone: String?

    init(_ told: Told) throws {
        self.name = try told.text("name")
        self.version = try told.number("version")
        self.levels = try told.texts("levels")
        self.delay = try told.text("delay")
        self.late = try told.name("late")
        self.priceScale = try told.number("price_scale")
        self.quantityScale = try told.number("quantity_scale")
        self.symbols = try told.number("symbols")
        self.trades = try told.number("trades")
        self.horizon = try told.textOrNil("horizon")
        self.keep = try told.map("keep")
        self.of = try told.textOrNil("of")
        self.offset = try told.textOrNil("offset")
        self.origin = try told.textOrNil("origin")
        self.zone = try told.textOrNil("zone")
    }
}

/// What verifying found of rollups.
public struct RollupsReport: Sendable, Hashable {
    /// How many rollups there are.
    public let rollups: Int64
    /// Records of what happened to them.
    public let records: Int64
    /// The root of the Merkle tree over those, in hexadecimal.
    public let root: String

    init(_ told: Told) throws {
        self.rollups = try told.number("rollups")
        self.records = try told.number("records")
        self.root = try told.text("root")
    }
}

/// The log's size and root.
public struct Root: Sendable, Hashable {
    /// Events in the log.
    public let events: Int64
    /// The root of their Merkle tree, in hexadecimal.
    public let root: String

    init(_ told: Told) throws {
        self.events = try told.number("events")
        self.root = try told.text("root")
    }
}

/// A row that was not taken.
public struct RowFaultView: Sendable, Hashable {
    /// Which, from zero.
    public let row: Int64
    /// The field at fault.
    public let field: String
    /// What is wrong, and what to do.
    public let message: String

    init(_ told: Told) throws {
        self.row = try told.number("row")
        self.field = try told.text("field")
        self.message = try told.text("message")
    }
}

/// Which rows there are for a principal.
public struct RowFilter: Sendable, Hashable {
    /// Whether all rows, none, or those of which the condition is true.
    public let rows: FilteredRows
    /// The condition in PostgreSQL's SQL, with parameters: true or false of every row. It is there for all and for none, too.
    public let sql: String
    /// The values of the parameters in their order, each a text or a list of texts: the condition says what they are.
    public let parameters: [RowParameter]

    init(_ told: Told) throws {
        self.rows = try told.name("rows")
        self.sql = try told.text("sql")
        self.parameters = try told.list("parameters", RowParameter.init)
    }
}

/// The value of a parameter: one of the two.
public struct RowParameter: Sendable, Hashable {
    /// A text, or an exact decimal as its text.
    public let text: String?
    /// A list of them.
    public let texts: [String]?

    init(_ told: Told) throws {
        self.text = try told.textOrNil("text")
        self.texts = try told.textsOrNil("texts")
    }
}

/// Rules of Ballerine's rule engine as a guard.
public struct RulesImport: Sendable, Hashable {
    /// The guard, a rule of JSON Logic: JSON.
    public let `guard`: String
    /// How JSON Logic takes values of other kinds in it: `javascript`.
    public let dialect: String

    init(_ told: Told) throws {
        self.`guard` = try told.text("guard")
        self.dialect = try told.text("dialect")
    }
}

/// What a policy that is tried out would have decided.
public struct ShadowView: Sendable, Hashable {
    /// The version that is tried out.
    public let version: PolicyVersion
    /// How many decisions it was asked for as well.
    public let decisions: Int64
    /// How many of these it decides the same way, for the same reasons.
    public let same: Int64
    /// How many have the same outcome for other reasons, or with other obligations.
    public let changed: Int64
    /// How many have another outcome.
    public let flipped: Int64
    /// The newest of those, the newest last.
    public let flips: [Flip]

    init(_ told: Told) throws {
        self.version = try told.of("version", PolicyVersion.init)
        self.decisions = try told.number("decisions")
        self.same = try told.number("same")
        self.changed = try told.number("changed")
        self.flipped = try told.number("flipped")
        self.flips = try told.list("flips", Flip.init)
    }
}

/// Somebody on the register of staff.
public struct StaffView: Sendable, Hashable {
    /// Who.
    public let person: String
    /// What they may do; nothing, if they are not on it.
    public let roles: [String]
    /// Whether they are away and are given no work.
    public let away: Bool
    /// How many cases they work on.
    public let cases: Int64

    init(_ told: Told) throws {
        self.person = try told.text("person")
        self.roles = try told.texts("roles")
        self.away = try told.flag("away")
        self.cases = try told.number("cases")
    }
}

/// An account's history over a span of time.
public struct StatementView: Sendable, Hashable {
    /// The account's key, or its id.
    public let account: String
    /// The code of its asset.
    public let asset: String
    /// The balance before the first line.
    public let opening: Money
    /// The lines, oldest first.
    public let entries: [EntryView]
    /// The balance after the last line.
    public let closing: Money

    init(_ told: Told) throws {
        self.account = try told.text("account")
        self.asset = try told.text("asset")
        self.opening = try told.decimal("opening")
        self.entries = try told.list("entries", EntryView.init)
        self.closing = try told.decimal("closing")
    }
}

/// How large a ledger is.
public struct Stats: Sendable, Hashable {
    /// Events in the log.
    public let events: Int64
    /// Accounts.
    public let accounts: Int64
    /// Transfers.
    public let transfers: Int64
    /// Holds that are open.
    public let openHolds: Int64
    /// The newest instant in the log.
    public let clock: Timestamp
    /// The number of the data key with which is encrypted what is written; zero where nothing is.
    public let dataKey: Int64

    init(_ told: Told) throws {
        self.events = try told.number("events")
        self.accounts = try told.number("accounts")
        self.transfers = try told.number("transfers")
        self.openHolds = try told.number("open_holds")
        self.clock = try told.instant("clock")
        self.dataKey = try told.number("data_key")
    }
}

/// What looking at every key of a person's found.
public struct SubjectKeysReport: Sendable, Hashable {
    /// People that have a key.
    public let subjects: Int64
    /// Keys that can be had, the tenant's own among them.
    public let keys: Int64
    /// Keys that were destroyed.
    public let destroyed: Int64
    /// Places in the file that were written and are not what was written.
    public let damaged: Int64
    /// The number of the tenant's key.
    public let generation: Int64
    /// Keys that are there and cannot be had; the first 1,000.
    public let lost: [LostKey]
    /// How many there are.
    public let lostCount: Int64

    init(_ told: Told) throws {
        self.subjects = try told.number("subjects")
        self.keys = try told.number("keys")
        self.destroyed = try told.number("destroyed")
        self.damaged = try told.number("damaged")
        self.generation = try told.number("generation")
        self.lost = try told.list("lost", LostKey.init)
        self.lostCount = try told.number("lost_count")
    }
}

/// Symbols, by name.
public struct SymbolPage: Sendable, Hashable {
    /// The symbols.
    public let symbols: [SymbolView]
    /// The `after` of the next page, if there is one.
    public let next: String?

    init(_ told: Told) throws {
        self.symbols = try told.list("symbols", SymbolView.init)
        self.next = try told.textOrNil("next")
    }
}

/// A symbol.
public struct SymbolView: Sendable, Hashable {
    /// Its name.
    public let symbol: String
    /// What ended by then is closed.
    public let watermark: Timestamp
    /// When that was traded.
    public let at: Timestamp?
    /// Its newest price.
    public let price: Decimal?

    init(_ told: Told) throws {
        self.symbol = try told.text("symbol")
        self.watermark = try told.instant("watermark")
        self.at = try told.instantOrNil("at")
        self.price = try told.exactOrNil("price")
    }
}

/// What a reply changed.
public struct SyncDone: Sendable, Hashable {
    /// The intents that were resolved.
    public let intents: [IntentView]
    /// The accounts that were told anew, by the names under which they are followed.
    public let accounts: [String]
    /// The accounts that the back end does not show to this customer.
    public let refused: [String]
    /// What was handed in and is resolved.
    public let handIns: [HandInView]
    /// The cases that were told anew, by their keys.
    public let cases: [String]
    /// The cases that the back end does not show to this customer.
    public let refusedCases: [String]
    /// Whether there is more to send or to ask at once.
    public let more: Bool

    init(_ told: Told) throws {
        self.intents = try told.list("intents", IntentView.init)
        self.accounts = try told.texts("accounts")
        self.refused = try told.texts("refused")
        self.handIns = try told.list("hand_ins", HandInView.init)
        self.cases = try told.texts("cases")
        self.refusedCases = try told.texts("refused_cases")
        self.more = try told.flag("more")
    }
}

/// What a device is told.
public struct SyncReply: Sendable, Hashable {
    /// What became of each intent, in order.
    public let outcomes: [IntentOutcome]
    /// What is new on each account that was asked about and is the customer's.
    public let accounts: [AccountNews]
    /// The accounts that were asked about and are not the customer's, or not there.
    public let refused: [String]
    /// Events in the log when this was read: how new it is.
    public let events: Int64
    /// The root of the log's Merkle tree, in hexadecimal: of these events, and perhaps of some behind them.
    public let root: String
    /// Events that the root is of.
    public let rootEvents: Int64
    /// The back end's time.
    public let time: Timestamp
    /// How each case stands that was asked about and is the customer's.
    public let cases: [CaseNews]?
    /// What became of each hand-in, in order.
    public let handedIn: [HandInOutcome]?
    /// The cases that were asked about and are not the customer's, or not there.
    public let refusedCases: [String]?

    init(_ told: Told) throws {
        self.outcomes = try told.list("outcomes", IntentOutcome.init)
        self.accounts = try told.list("accounts", AccountNews.init)
        self.refused = try told.texts("refused")
        self.events = try told.number("events")
        self.root = try told.text("root")
        self.rootEvents = try told.number("root_events")
        self.time = try told.instant("time")
        self.cases = try told.listOrNil("cases", CaseNews.init)
        self.handedIn = try told.listOrNil("handed_in", HandInOutcome.init)
        self.refusedCases = try told.textsOrNil("refused_cases")
    }
}

/// What became of the rows of a table.
public struct TableCounts: Sendable, Hashable {
    /// Rows.
    public let rows: Int64
    /// Of them, those that were booked.
    public let booked: Int64
    /// Those that were booked before.
    public let replayed: Int64
    /// Those that were left out.
    public let leftOut: Int64

    init(_ told: Told) throws {
        self.rows = try told.number("rows")
        self.booked = try told.number("booked")
        self.replayed = try told.number("replayed")
        self.leftOut = try told.number("left_out")
    }
}

/// What came out otherwise than in a table.
public struct TableDifference: Sendable, Hashable {
    /// Which table: `accounts`, `transfers`, or `balances` where the accounts were compared in the end.
    public let table: String
    /// The row, from one.
    public let row: Int64
    /// What.
    public let detail: String

    init(_ told: Told) throws {
        self.table = try told.text("table")
        self.row = try told.number("row")
        self.detail = try told.text("detail")
    }
}

/// What came of tables that were taken in.
public struct TablesReport: Sendable, Hashable {
    /// Whether everything stands in the books as in the tables.
    public let ok: Bool
    /// The rows of the accounts.
    public let accounts: TableCounts
    /// The rows of the transfers.
    public let transfers: TableCounts
    /// What came out otherwise.
    public let differences: [TableDifference]
    /// Why a table was not read to its end; the rows before it were taken in.
    public let ended: String?

    init(_ told: Told) throws {
        self.ok = try told.flag("ok")
        self.accounts = try told.of("accounts", TableCounts.init)
        self.transfers = try told.of("transfers", TableCounts.init)
        self.differences = try told.list("differences", TableDifference.init)
        self.ended = try told.textOrNil("ended")
    }
}

/// A block that was being written when the power failed.
public struct TornReport: Sendable, Hashable {
    /// The file.
    public let file: String
    /// Where in it the block begins.
    public let byte: Int64
    /// The block's number.
    public let block: Int64

    init(_ told: Told) throws {
        self.file = try told.text("file")
        self.byte = try told.number("byte")
        self.block = try told.number("block")
    }
}

/// A trade as it was.
public struct TradeView: Sendable, Hashable {
    /// Its symbol.
    public let symbol: String
    /// When it was.
    public let at: Timestamp
    /// The number that the market gave it.
    public let id: String
    /// The price.
    public let price: Decimal
    /// How much was traded.
    public let quantity: Decimal
    /// Who took it, where that is known.
    public let taker: String?

    init(_ told: Told) throws {
        self.symbol = try told.text("symbol")
        self.at = try told.instant("at")
        self.id = try told.text("id")
        self.price = try told.exact("price")
        self.quantity = try told.exact("quantity")
        self.taker = try told.textOrNil("taker")
    }
}

/// Transfers in the order asked for, and where the next page begins.
public struct TransferPage: Sendable, Hashable {
    /// The transfers.
    public let transfers: [TransferView]
    /// What the next page comes after; nothing at the end. It stays good whatever is booked.
    public let next: Int64?

    init(_ told: Told) throws {
        self.transfers = try told.list("transfers", TransferView.init)
        self.next = try told.numberOrNil("next")
    }
}

/// A transfer.
public struct TransferView: Sendable, Hashable {
    /// Its id.
    public let id: UUID
    /// The caller's key.
    public let key: String
    /// The account that was debited.
    public let from: String
    /// The account that was credited.
    public let to: String
    /// How much moved, with its asset.
    public let amount: Money
    /// What has become of it: `none` for a transfer in one step.
    public let state: String
    /// Seconds until a hold runs out.
    public let timeout: Int64
    /// The caller's code.
    public let code: Int64
    /// Names of its flags.
    public let flags: [String]
    /// When it was booked.
    public let timestamp: Timestamp
    /// The date that the books give it.
    public let effectiveDate: String
    /// Its place in the log.
    public let sequence: Int64
    /// The description, where that is public.
    public let description: String
    /// The key of the hold that it resolves, or its id.
    public let hold: String?
    /// Public metadata.
    public let metadata: [String: String]
    /// The hold that it resolves.
    public let pending: UUID?
    /// The party to which the rest of the description and the metadata is sealed: `read_data` opens it.
    public let subject: UUID?
    /// The transaction that it is part of.
    public let transaction: Int64?

    init(_ told: Told) throws {
        self.id = try told.uuid("id")
        self.key = try told.text("key")
        self.from = try told.text("from")
        self.to = try told.text("to")
        self.amount = try told.money("amount")
        self.state = try told.text("state")
        self.timeout = try told.number("timeout")
        self.code = try told.number("code")
        self.flags = try told.texts("flags")
        self.timestamp = try told.instant("timestamp")
        self.effectiveDate = try told.text("effective_date")
        self.sequence = try told.number("sequence")
        self.description = try told.textOrEmpty("description")
        self.hold = try told.textOrNil("hold")
        self.metadata = try told.map("metadata")
        self.pending = try told.uuidOrNil("pending")
        self.subject = try told.uuidOrNil("subject")
        self.transaction = try told.numberOrNil("transaction")
    }
}

/// The trial balance of one asset.
public struct TrialBalanceView: Sendable, Hashable {
    /// The code of the asset.
    public let asset: String
    /// The accounts.
    public let lines: [TrialLineView]
    /// The sum of the left side.
    public let debit: Money?
    /// The sum of the right side.
    public let credit: Money?
    /// Whether the sides are equal.
    public let balanced: Bool

    init(_ told: Told) throws {
        self.asset = try told.text("asset")
        self.lines = try told.list("lines", TrialLineView.init)
        self.debit = try told.decimalOrNil("debit")
        self.credit = try told.decimalOrNil("credit")
        self.balanced = try told.flag("balanced")
    }
}

/// One line of a trial balance.
public struct TrialLineView: Sendable, Hashable {
    /// The account's key, or its id.
    public let account: String
    /// Its kind.
    public let kind: AccountKind?
    /// A balance on the left side.
    public let debit: Money?
    /// A balance on the right side.
    public let credit: Money?

    init(_ told: Told) throws {
        self.account = try told.text("account")
        self.kind = try told.nameOrNil("kind")
        self.debit = try told.decimalOrNil("debit")
        self.credit = try told.decimalOrNil("credit")
    }
}

/// A decision.  ``` use thalium::policy::{Outcome, Verdict, rego};  let document = rego::Value::from_json(     r#"{"outcome": "review",         "reasons": [{"code": 10001, "rule": "aml/pattern", "audience": "officer", "severity": "high", "message": "looks odd"}],         "obligations": [{"type": "approvals", "role": "compliance_officer", "count": 2}]}"#, )?; let verdict = Verdict::from_rego(&document)?; assert_eq!(verdict.outcome, Outcome::Review); // A document that is not there denies. let joined = verdict.join(Verdict::missing("aml/decision")); assert_eq!((joined.outcome, joined.reasons.len()), (Outcome::Deny, 2)); # Ok::<(), Box<dyn std::error::Error>>(()) ```
public struct Verdict: Sendable, Hashable {
    /// What is decided.
    public let outcome: VerdictOutcome
    /// Why, in the order of the rules.
    public let reasons: [Reason]
    /// What has to be done, in the order of the rules.
    public let obligations: [Obligation]

    init(_ told: Told) throws {
        self.outcome = try told.name("outcome")
        self.reasons = try told.list("reasons", Reason.init)
        self.obligations = try told.list("obligations", Obligation.init)
    }
}

/// What verifying found.
public struct VerifyReport: Sendable, Hashable {
    /// Always true: what does not fit is a failure.
    public let ok: Bool
    /// Segments of the journal.
    public let segments: Int64
    /// Blocks in them.
    public let blocks: Int64
    /// Events in the log.
    public let events: Int64
    /// Accounts in the books that it leads to.
    public let accounts: Int64
    /// Transfers in them.
    public let transfers: Int64
    /// A block at the end that never came whole: it was never acknowledged.
    public let torn: TornReport?
    /// The root of the log's Merkle tree, in hexadecimal.
    public let root: String
    /// The digest of the state, in hexadecimal.
    public let stateHash: String
    /// What was found of its cases, if it has any.
    public let cases: CasesReport?
    /// What was found of the decisions on record, if there are any.
    public let decisions: DecisionsReport?
    /// What was found of its rollups, if it has any.
    public let rollups: RollupsReport?

    init(_ told: Told) throws {
        self.ok = try told.flag("ok")
        self.segments = try told.number("segments")
        self.blocks = try told.number("blocks")
        self.events = try told.number("events")
        self.accounts = try told.number("accounts")
        self.transfers = try told.number("transfers")
        self.torn = try told.ofOrNil("torn", TornReport.init)
        self.root = try told.text("root")
        self.stateHash = try told.text("state_hash")
        self.cases = try told.ofOrNil("cases", CasesReport.init)
        self.decisions = try told.ofOrNil("decisions", DecisionsReport.init)
        self.rollups = try told.ofOrNil("rollups", RollupsReport.init)
    }
}

/// Volumes, oldest first: of each bucket, asset and code of which there are transfers.
public struct VolumePage: Sendable, Hashable {
    /// The volumes.
    public let volumes: [VolumeView]
    /// The from of the next page, if there is one.
    public let next: Timestamp?

    init(_ told: Told) throws {
        self.volumes = try told.list("volumes", VolumeView.init)
        self.next = try told.instantOrNil("next")
    }
}

/// How much was moved in a bucket of time. What is held counts when it is captured.
public struct VolumeView: Sendable, Hashable {
    /// When the bucket begins.
    public let start: Timestamp
    /// When the next begins.
    public let end: Timestamp
    /// The code of the asset.
    public let asset: String
    /// The code of the transfers.
    public let code: Int64
    /// How many.
    public let transfers: Int64
    /// What was debited.
    public let debits: Money
    /// What was credited.
    public let credits: Money

    init(_ told: Told) throws {
        self.start = try told.instant("start")
        self.end = try told.instant("end")
        self.asset = try told.text("asset")
        self.code = try told.number("code")
        self.transfers = try told.number("transfers")
        self.debits = try told.decimal("debits")
        self.credits = try told.decimal("credits")
    }
}

/// What a machine-readable zone says of a document, and nothing of whom it was issued to: neither its number nor names nor days of birth.
public struct ZoneNote: Sendable, Hashable {
    /// `TD1`, `TD2`, `TD3`, `MRV-A` or `MRV-B`.
    public let format: String
    /// The document code, such as `P`.
    public let documentCode: String
    /// Who issued it: a code of ICAO 9303, as it stands.
    public let issuer: String
    /// The check digits that do not hold; none of one that was read as it was printed.
    public let wrong: [String]
    /// The last day on which it is valid, `YYYY-MM-DD`.
    public let expires: String?

    init(_ told: Told) throws {
        self.format = try told.text("format")
        self.documentCode = try told.text("document_code")
        self.issuer = try told.text("issuer")
        self.wrong = try told.texts("wrong")
        self.expires = try told.textOrNil("expires")
    }
}
