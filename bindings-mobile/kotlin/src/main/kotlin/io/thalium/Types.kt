// What the ledger answers. Made of the facade's types by `cargo xtask generate`.
package io.thalium

import java.math.BigDecimal
import java.time.Instant
import java.time.LocalDate
import java.util.UUID

/** The kind of an account in the chart of accounts, and with it its normal side. */
public enum class AccountKind(
    /** Its name in requests and answers. */
    public val wire: String,
) {
    ASSET("asset"),
    LIABILITY("liability"),
    EQUITY("equity"),
    INCOME("income"),
    EXPENSE("expense"),
    ;

    internal companion object {
        fun of(wire: String): AccountKind = entries.first { it.wire == wire }
    }
}

/** What a party may do with an account. */
public enum class AccountRole(
    /** Its name in requests and answers. */
    public val wire: String,
) {
    OWNER("owner"),
    OPERATOR("operator"),
    VIEWER("viewer"),
    ;

    internal companion object {
        fun of(wire: String): AccountRole = entries.first { it.wire == wire }
    }
}

/** Who may be told a reason. */
public enum class Audience(
    /** Its name in requests and answers. */
    public val wire: String,
) {
    CUSTOMER("customer"),
    OPERATOR("operator"),
    OFFICER("officer"),
    ;

    internal companion object {
        fun of(wire: String): Audience = entries.first { it.wire == wire }
    }
}

/** The ground on which a field is held, and so the key with which it is sealed (GDPR Art. 6(1)(a) and (c)). */
public enum class Basis(
    /** Its name in requests and answers. */
    public val wire: String,
) {
    CONSENT("consent"),
    LAW("law"),
    ;

    internal companion object {
        fun of(wire: String): Basis = entries.first { it.wire == wire }
    }
}

/** What an open ledger can do. */
public enum class Condition(
    /** Its name in requests and answers. */
    public val wire: String,
) {
    READY("ready"),
    DRAINING("draining"),
    READING("reading"),
    STOPPED("stopped"),
    ;

    internal companion object {
        fun of(wire: String): Condition = entries.first { it.wire == wire }
    }
}

/** How something changes. */
public enum class DiffChange(
    /** Its name in requests and answers. */
    public val wire: String,
) {
    ADDED("added"),
    REMOVED("removed"),
    CHANGED("changed"),
    NOTES("notes"),
    TEXT("text"),
    ;

    internal companion object {
        fun of(wire: String): DiffChange = entries.first { it.wire == wire }
    }
}

/** Which rows there are. */
public enum class FilteredRows(
    /** Its name in requests and answers. */
    public val wire: String,
) {
    ALL("all"),
    NONE("none"),
    SOME("some"),
    ;

    internal companion object {
        fun of(wire: String): FilteredRows = entries.first { it.wire == wire }
    }
}

/** A flag of an account. */
public enum class Flag(
    /** Its name in requests and answers. */
    public val wire: String,
) {
    LINKED("linked"),
    DEBITS_MUST_NOT_EXCEED_CREDITS("debits_must_not_exceed_credits"),
    CREDITS_MUST_NOT_EXCEED_DEBITS("credits_must_not_exceed_debits"),
    HISTORY("history"),
    IMPORTED("imported"),
    CLOSED("closed"),
    ;

    internal companion object {
        fun of(wire: String): Flag = entries.first { it.wire == wire }
    }
}

/** How much of a party is forgotten. */
public enum class ForgetScope(
    /** Its name in requests and answers. */
    public val wire: String,
) {
    CONSENT("consent"),
    ALL("all"),
    ;

    internal companion object {
        fun of(wire: String): ForgetScope = entries.first { it.wire == wire }
    }
}

/** What an identifier is, and so what its one form is. */
public enum class IdentifierKind(
    /** Its name in requests and answers. */
    public val wire: String,
) {
    NAME("name"),
    EMAIL("email"),
    PHONE("phone"),
    IBAN("iban"),
    TAX_NUMBER("tax_number"),
    PASSPORT("passport"),
    NATIONAL_ID("national_id"),
    COMPANY_NUMBER("company_number"),
    LEI("lei"),
    WALLET("wallet"),
    OTHER("other"),
    ;

    internal companion object {
        fun of(wire: String): IdentifierKind = entries.first { it.wire == wire }
    }
}

/** How far an intent has come. */
public enum class IntentState(
    /** Its name in requests and answers. */
    public val wire: String,
) {
    QUEUED("queued"),
    SENT("sent"),
    BOOKED("booked"),
    REJECTED("rejected"),
    CANCELLED("cancelled"),
    ;

    internal companion object {
        fun of(wire: String): IntentState = entries.first { it.wire == wire }
    }
}

/** What becomes of trades whose bucket is closed. */
public enum class LateView(
    /** Its name in requests and answers. */
    public val wire: String,
) {
    REFUSE("refuse"),
    MERGE("merge"),
    CORRECT("correct"),
    ;

    internal companion object {
        fun of(wire: String): LateView = entries.first { it.wire == wire }
    }
}

/** What has to be done. */
public enum class ObligationType(
    /** Its name in requests and answers. */
    public val wire: String,
) {
    HOLD("hold"),
    FREEZE("freeze"),
    APPROVALS("approvals"),
    OPEN_CASE("open_case"),
    DRAFT_REPORT("draft_report"),
    STEP_UP("step_up"),
    NOTIFY("notify"),
    ;

    internal companion object {
        fun of(wire: String): ObligationType = entries.first { it.wire == wire }
    }
}

/** What a party is. */
public enum class PartyKind(
    /** Its name in requests and answers. */
    public val wire: String,
) {
    PERSON("person"),
    COMPANY("company"),
    BROKER("broker"),
    ;

    internal companion object {
        fun of(wire: String): PartyKind = entries.first { it.wire == wire }
    }
}

/** Whether a request without a fact is denied. */
public enum class PolicyNeed(
    /** Its name in requests and answers. */
    public val wire: String,
) {
    ALWAYS("always"),
    SOMETIMES("sometimes"),
    NEVER("never"),
    ;

    internal companion object {
        fun of(wire: String): PolicyNeed = entries.first { it.wire == wire }
    }
}

/** What the rules of one name make together. */
public enum class PolicyRuleKind(
    /** Its name in requests and answers. */
    public val wire: String,
) {
    VALUE("value"),
    SET("set"),
    OBJECT("object"),
    FUNCTION("function"),
    ;

    internal companion object {
        fun of(wire: String): PolicyRuleKind = entries.first { it.wire == wire }
    }
}

/** What became of a rule or an expression. */
public enum class PolicyStepOutcome(
    /** Its name in requests and answers. */
    public val wire: String,
) {
    HELD("held"),
    FAILED("failed"),
    UNDEFINED("undefined"),
    ENDED("ended"),
    ;

    internal companion object {
        fun of(wire: String): PolicyStepOutcome = entries.first { it.wire == wire }
    }
}

/** What became of a test. */
public enum class PolicyTestOutcome(
    /** Its name in requests and answers. */
    public val wire: String,
) {
    PASSED("passed"),
    FAILED("failed"),
    ERROR("error"),
    SKIPPED("skipped"),
    ;

    internal companion object {
        fun of(wire: String): PolicyTestOutcome = entries.first { it.wire == wire }
    }
}

/** What one party is to another. */
public enum class RelationRole(
    /** Its name in requests and answers. */
    public val wire: String,
) {
    OWNER("owner"),
    BENEFICIAL_OWNER("beneficial_owner"),
    DIRECTOR("director"),
    SIGNATORY("signatory"),
    REPRESENTATIVE("representative"),
    EMPLOYEE("employee"),
    ;

    internal companion object {
        fun of(wire: String): RelationRole = entries.first { it.wire == wire }
    }
}

/** How much risk a party is (FATF Recommendation 1). */
public enum class RiskLevel(
    /** Its name in requests and answers. */
    public val wire: String,
) {
    LOW("low"),
    MEDIUM("medium"),
    HIGH("high"),
    PROHIBITED("prohibited"),
    ;

    internal companion object {
        fun of(wire: String): RiskLevel = entries.first { it.wire == wire }
    }
}

/** How grave a reason is. */
public enum class Severity(
    /** Its name in requests and answers. */
    public val wire: String,
) {
    INFO("info"),
    LOW("low"),
    MEDIUM("medium"),
    HIGH("high"),
    CRITICAL("critical"),
    ;

    internal companion object {
        fun of(wire: String): Severity = entries.first { it.wire == wire }
    }
}

/** The side of an account that a leg adds to. */
public enum class Side(
    /** Its name in requests and answers. */
    public val wire: String,
) {
    DEBIT("debit"),
    CREDIT("credit"),
    ;

    internal companion object {
        fun of(wire: String): Side = entries.first { it.wire == wire }
    }
}

/** A flag of a transfer. */
public enum class TransferFlag(
    /** Its name in requests and answers. */
    public val wire: String,
) {
    LINKED("linked"),
    PENDING("pending"),
    POST_PENDING("post_pending"),
    VOID_PENDING("void_pending"),
    BALANCING_DEBIT("balancing_debit"),
    BALANCING_CREDIT("balancing_credit"),
    CLOSING_DEBIT("closing_debit"),
    CLOSING_CREDIT("closing_credit"),
    IMPORTED("imported"),
    ;

    internal companion object {
        fun of(wire: String): TransferFlag = entries.first { it.wire == wire }
    }
}

/** What is decided. The later one is the stricter one, and wins where verdicts are joined. */
public enum class VerdictOutcome(
    /** Its name in requests and answers. */
    public val wire: String,
) {
    ALLOW("allow"),
    REVIEW("review"),
    DENY("deny"),
    ;

    internal companion object {
        fun of(wire: String): VerdictOutcome = entries.first { it.wire == wire }
    }
}

/** Entries of the access log, oldest first, and where the next page begins. */
public data class AccessPage(
    /** The entries. */
    public val entries: List<AccessView>,
    /** What the next page comes after; nothing at the end. */
    public val next: Long?,
) {
    internal companion object {
        fun read(told: Told): AccessPage = AccessPage(
            entries = told.list("entries", AccessView::read),
            next = told.numberOrNull("next"),
        )
    }
}

/** Who read personal data, what and why. */
public data class AccessView(
    /** Its place in the log. */
    public val sequence: Long,
    /** When. */
    public val timestamp: Instant,
    /** Who read. */
    public val actor: String,
    /** In which role. */
    public val role: String,
    /** From where. */
    public val origin: String,
    /** Whose data: the party's key or id. */
    public val party: String,
    /** Which fields. */
    public val fields: List<String>,
    /** The transfers whose details were opened: their keys or ids. */
    public val transfers: List<String>,
    /** The accounts whose details were opened: their keys or ids. */
    public val accounts: List<String>,
    /** Whether all details were opened that are sealed to the party, as for an export. */
    public val details: Boolean,
    /** Why. */
    public val why: String,
) {
    internal companion object {
        fun read(told: Told): AccessView = AccessView(
            sequence = told.number("sequence"),
            timestamp = told.instant("timestamp"),
            actor = told.text("actor"),
            role = told.text("role"),
            origin = told.text("origin"),
            party = told.text("party"),
            fields = told.texts("fields"),
            transfers = told.texts("transfers"),
            accounts = told.texts("accounts"),
            details = told.flag("details"),
            why = told.text("why"),
        )
    }
}

/** What is new on an account. */
public data class AccountNews(
    /** The name by which it was asked for. */
    public val name: String,
    /** The account with its balances. */
    public val account: AccountView,
    /** Its open holds, oldest first; at most the newest `HOLDS_TOLD`. Of those that others placed neither key nor metadata. */
    public val holds: List<TransferView>,
    /** The booked balance before the first of the entries. */
    public val opening: Money,
    /** The entry that these follow; nothing where the device begins anew with the newest. */
    public val after: Long?,
    /** Whether nothing stands before the first of the entries. */
    public val fromTheBeginning: Boolean,
    /** The entries behind the last one that the device has, oldest first; the newest where it has none, or is far behind. */
    public val entries: List<EntryView>,
    /** Whether there are more: ask again after the last. */
    public val more: Boolean,
) {
    internal companion object {
        fun read(told: Told): AccountNews = AccountNews(
            name = told.text("name"),
            account = told.of("account", AccountView::read),
            holds = told.list("holds", TransferView::read),
            opening = told.decimal("opening"),
            after = told.numberOrNull("after"),
            fromTheBeginning = told.flag("from_the_beginning"),
            entries = told.list("entries", EntryView::read),
            more = told.flag("more"),
        )
    }
}

/** An account of a party. */
public data class AccountOfView(
    /** The account's key, or its id. */
    public val account: String,
    /** What the party may do. */
    public val role: AccountRole,
    /** Since which date. */
    public val since: LocalDate?,
    /** Until which date, that day included. */
    public val until: LocalDate?,
) {
    internal companion object {
        fun read(told: Told): AccountOfView = AccountOfView(
            account = told.text("account"),
            role = told.text("role").let(AccountRole::of),
            since = told.textOrNull("since")?.let(LocalDate::parse),
            until = told.textOrNull("until")?.let(LocalDate::parse),
        )
    }
}

/** Accounts in the order in which they were opened, and where the next page begins. */
public data class AccountPage(
    /** The accounts. */
    public val accounts: List<AccountView>,
    /** What the next page comes after; nothing at the end. There may be a next page behind one that holds fewer than asked for. */
    public val next: Long?,
) {
    internal companion object {
        fun read(told: Told): AccountPage = AccountPage(
            accounts = told.list("accounts", AccountView::read),
            next = told.numberOrNull("next"),
        )
    }
}

/** An account. */
public data class AccountView(
    /** Its id. */
    public val id: UUID,
    /** The caller's key. */
    public val key: String,
    /** Its name, where that is public. */
    public val name: String,
    /** The code of its asset. */
    public val asset: String,
    /** What its asset is. */
    public val assetKind: String,
    /** Its kind in the chart. */
    public val kind: AccountKind?,
    /** The account above it. */
    public val parent: String?,
    /** The caller's code. */
    public val code: Long,
    /** Names of its flags. */
    public val flags: List<String>,
    /** When it was opened. */
    public val openedAt: Instant,
    /** Held debits. */
    public val debitsPending: Money,
    /** Booked debits. */
    public val debitsPosted: Money,
    /** Held credits. */
    public val creditsPending: Money,
    /** Booked credits. */
    public val creditsPosted: Money,
    /** What is booked, on the account's normal side. */
    public val balance: Money,
    /** The balance less what is held against it. */
    public val available: Money,
    /** Public metadata. */
    public val metadata: Map<String, String>,
    /** The party to which the rest of the name and the metadata is sealed: `read_data` opens it. */
    public val subject: UUID?,
) {
    internal companion object {
        fun read(told: Told): AccountView = AccountView(
            id = told.uuid("id"),
            key = told.text("key"),
            name = told.text("name"),
            asset = told.text("asset"),
            assetKind = told.text("asset_kind"),
            kind = told.textOrNull("kind")?.let(AccountKind::of),
            parent = told.textOrNull("parent"),
            code = told.number("code"),
            flags = told.texts("flags"),
            openedAt = told.instant("opened_at"),
            debitsPending = told.decimal("debits_pending"),
            debitsPosted = told.decimal("debits_posted"),
            creditsPending = told.decimal("credits_pending"),
            creditsPosted = told.decimal("credits_posted"),
            balance = told.decimal("balance"),
            available = told.decimal("available"),
            metadata = told.map("metadata"),
            subject = told.uuidOrNull("subject"),
        )
    }
}

/** A document of a case, as the customer is told. */
public data class AskedDocument(
    /** Which. */
    public val document: String,
    /** How it stands: `requested`, `submitted`, `approved`, `rejected` or `expired`. */
    public val standing: String,
    /** Whether it can be handed in now. */
    public val wanted: Boolean,
    /** How often it can still be handed in. */
    public val attemptsLeft: Long,
    /** Why it is asked for again or was not taken: the reason codes that the customer may be told. */
    public val reasons: List<String>,
    /** Until when it is to be handed in. */
    public val due: Instant?,
    /** When it is not valid any more. */
    public val validUntil: Instant?,
) {
    internal companion object {
        fun read(told: Told): AskedDocument = AskedDocument(
            document = told.text("document"),
            standing = told.text("standing"),
            wanted = told.flag("wanted"),
            attemptsLeft = told.number("attempts_left"),
            reasons = told.texts("reasons"),
            due = told.instantOrNull("due"),
            validUntil = told.instantOrNull("valid_until"),
        )
    }
}

/** A form that a case waits for. */
public data class AskedForm(
    /** Which. */
    public val form: String,
    /** The variables that it has. */
    public val variables: List<String>,
) {
    internal companion object {
        fun read(told: Told): AskedForm = AskedForm(
            form = told.text("form"),
            variables = told.texts("variables"),
        )
    }
}

/** An asset. */
public data class AssetView(
    /** Its code. */
    public val code: String,
    /** Digits after the point. */
    public val scale: Long,
    /** What it is: `crypto`, `security`, `points`, or `fiat:` and its ISO 4217 number. */
    public val kind: String,
    /** Its ledger number. */
    public val ledger: Long,
) {
    internal companion object {
        fun read(told: Told): AssetView = AssetView(
            code = told.text("code"),
            scale = told.number("scale"),
            kind = told.text("kind"),
            ledger = told.number("ledger"),
        )
    }
}

/** What a backup holds. */
public data class BackupReport(
    /** Always true. */
    public val ok: Boolean,
    /** Where it is. */
    public val backup: String,
    /** Events in it. */
    public val events: Long,
    /** Events that were copied this time. */
    public val copied: Long,
    /** The root over all of them, in hexadecimal. */
    public val root: String,
    /** The generation of the journal: each restoring begins a new one. */
    public val generation: Long,
) {
    internal companion object {
        fun read(told: Told): BackupReport = BackupReport(
            ok = told.flag("ok"),
            backup = told.text("backup"),
            events = told.number("events"),
            copied = told.number("copied"),
            root = told.text("root"),
            generation = told.number("generation"),
        )
    }
}

/** What an account held in a bucket of time. Balances are posted ones, on the account's normal side. */
public data class BalanceBucketView(
    /** When the bucket begins. */
    public val start: Instant,
    /** When the next begins. */
    public val end: Instant,
    /** The balance at its beginning. */
    public val open: Money,
    /** The highest balance, that at the beginning among them. */
    public val high: Money,
    /** The lowest balance, that at the beginning among them. */
    public val low: Money,
    /** The balance at its end, or now. */
    public val close: Money,
    /** What was available at its end: the balance less what is held. */
    public val available: Money,
    /** What was debited. */
    public val debits: Money,
    /** What was credited. */
    public val credits: Money,
    /** How many entries the account has of that time: posts, holds, captures, releases and expiries. */
    public val entries: Long,
    /** The average, weighted by how long each balance stood while the account was open and until now; rounded half to even, once. Nothing where no time has passed. */
    public val average: Money?,
) {
    internal companion object {
        fun read(told: Told): BalanceBucketView = BalanceBucketView(
            start = told.instant("start"),
            end = told.instant("end"),
            open = told.decimal("open"),
            high = told.decimal("high"),
            low = told.decimal("low"),
            close = told.decimal("close"),
            available = told.decimal("available"),
            debits = told.decimal("debits"),
            credits = told.decimal("credits"),
            entries = told.number("entries"),
            average = told.decimalOrNull("average"),
        )
    }
}

/** What an account held, oldest first: every bucket from its opening on, also those in which nothing happened, up to now, which is the newest instant of the log. A broker is told up to the account's newest entry. */
public data class BalanceHistoryPage(
    /** The account's key, or its id. */
    public val account: String,
    /** The code of its asset. */
    public val asset: String,
    /** The buckets. */
    public val buckets: List<BalanceBucketView>,
    /** The from of the next page, if there is one. */
    public val next: Instant?,
) {
    internal companion object {
        fun read(told: Told): BalanceHistoryPage = BalanceHistoryPage(
            account = told.text("account"),
            asset = told.text("asset"),
            buckets = told.list("buckets", BalanceBucketView::read),
            next = told.instantOrNull("next"),
        )
    }
}

/** Workflow definitions of Ballerine as charts. */
public data class BallerineImport(
    /** The chart of the first definition: JSON. */
    public val chart: String,
    /** The charts of the others, to be loaded together with it: JSON. */
    public val charts: List<String>,
    /** How JSON Logic takes values of other kinds in them: `strict` or `javascript`. */
    public val dialect: String,
    /** What was tolerated. */
    public val leniencies: List<BallerineLeniency>,
) {
    internal companion object {
        fun read(told: Told): BallerineImport = BallerineImport(
            chart = told.text("chart"),
            charts = told.texts("charts"),
            dialect = told.text("dialect"),
            leniencies = told.list("leniencies", BallerineLeniency::read),
        )
    }
}

/** Something that Ballerine tolerates. */
public data class BallerineLeniency(
    /** The rule that it broke. */
    public val rule: String,
    /** The path to it. */
    public val path: String,
    /** The row, from one. */
    public val row: Long,
    /** The column, from one. */
    public val column: Long,
    /** What is wrong with it, and what became of it. */
    public val message: String,
) {
    internal companion object {
        fun read(told: Told): BallerineLeniency = BallerineLeniency(
            rule = told.text("rule"),
            path = told.text("path"),
            row = told.number("row"),
            column = told.number("column"),
            message = told.text("message"),
        )
    }
}

/** What differs from what Blnk holds. */
public data class BlnkDifference(
    /** What kind it is, by its stable name. */
    public val kind: String,
    /** Whether money is missing or counted otherwise. */
    public val isSerious: Boolean,
    /** The record of Blnk's. */
    public val record: String,
    /** What differs. */
    public val detail: String,
) {
    internal companion object {
        fun read(told: Told): BlnkDifference = BlnkDifference(
            kind = told.text("kind"),
            isSerious = told.flag("is_serious"),
            record = told.text("record"),
            detail = told.text("detail"),
        )
    }
}

/** What came of what Blnk holds. */
public data class BlnkReport(
    /** Whether it was imported. */
    public val imported: Boolean,
    /** Its balances. */
    public val balances: Long,
    /** Its transactions. */
    public val transactions: Long,
    /** Of them, those that moved or held nothing. */
    public val notBooked: Long,
    /** Accounts here. */
    public val accounts: Long,
    /** Transfers here. */
    public val transfers: Long,
    /** What differs. */
    public val differences: List<BlnkDifference>,
) {
    internal companion object {
        fun read(told: Told): BlnkReport = BlnkReport(
            imported = told.flag("imported"),
            balances = told.number("balances"),
            transactions = told.number("transactions"),
            notBooked = told.number("not_booked"),
            accounts = told.number("accounts"),
            transfers = told.number("transfers"),
            differences = told.list("differences", BlnkDifference::read),
        )
    }
}

/** A callback that was proven and read. */
public data class CallbackView(
    /** Who sent it. */
    public val provider: String,
    /** The id by which a second delivery is known: a case that it is delivered to knows it by that. */
    public val eventId: String,
    /** What the provider calls it. */
    public val kind: String,
    /** The provider's own id of the check. */
    public val about: String,
    /** What it comes to, in the same words for every provider. */
    public val outcome: String,
    /** The provider's own reasons. */
    public val reasons: List<String>,
    /** The SHA-256 of the body, to be kept with it as evidence. */
    public val evidence: String,
    /** The event that a chart is told. */
    public val event: String,
    /** What that carries: the text of a JSON object. */
    public val data: String,
    /** The key that signed it. */
    public val key: String?,
    /** When it happened: RFC 3339. */
    public val occurredAt: String?,
    /** Whether it is of the provider's sandbox, where it says so. */
    public val sandbox: Boolean?,
    /** When it was signed, where the provider says so: RFC 3339. */
    public val signedAt: String?,
    /** The caller's own reference, where the provider carries it. */
    public val subject: String?,
) {
    internal companion object {
        fun read(told: Told): CallbackView = CallbackView(
            provider = told.text("provider"),
            eventId = told.text("event_id"),
            kind = told.text("kind"),
            about = told.text("about"),
            outcome = told.text("outcome"),
            reasons = told.texts("reasons"),
            evidence = told.text("evidence"),
            event = told.text("event"),
            data = told.text("data"),
            key = told.textOrNull("key"),
            occurredAt = told.textOrNull("occurred_at"),
            sandbox = told.flagOrNull("sandbox"),
            signedAt = told.textOrNull("signed_at"),
            subject = told.textOrNull("subject"),
        )
    }
}

/** A decision, with its votes. */
public data class CaseDecision(
    /** Which. */
    public val decision: String,
    /** The digest of the evidence that it rests on. */
    public val seen: String,
    /** The votes, the first first. */
    public val votes: List<CaseVote>,
    /** When it was taken; none while it is pending: RFC 3339. */
    public val at: String?,
) {
    internal companion object {
        fun read(told: Told): CaseDecision = CaseDecision(
            decision = told.text("decision"),
            seen = told.text("seen"),
            votes = told.list("votes", CaseVote::read),
            at = told.textOrNull("at"),
        )
    }
}

/** A change that came to something else when it was decided once more. */
public data class CaseDifference(
    /** The number of the fact, from zero. */
    public val fact: Long,
    /** The case. */
    public val case: String,
    /** Which of its changes. */
    public val version: Long,
    /** What is different. */
    public val what: String,
) {
    internal companion object {
        fun read(told: Told): CaseDifference = CaseDifference(
            fact = told.number("fact"),
            case = told.text("case"),
            version = told.number("version"),
            what = told.text("what"),
        )
    }
}

/** A document of a case. */
public data class CaseDocument(
    /** Which. */
    public val document: String,
    /** How it stands: `requested`, `submitted`, `approved`, `rejected` or `expired`. */
    public val standing: String,
    /** Since when: RFC 3339. */
    public val since: String,
    /** How often it was handed in. */
    public val attempts: Long,
    /** Why it is asked for, or is not good. */
    public val reasons: List<String>,
    /** Who handed it in. */
    public val by: String?,
    /** Until when it is to be handed in: RFC 3339. */
    public val due: String?,
    /** Where the host keeps that. Left out where the case is sealed and was not opened. */
    public val file: String?,
    /** The SHA-256 of what was handed in last. */
    public val hash: String?,
    /** When it is not valid any more: RFC 3339. */
    public val validUntil: String?,
) {
    internal companion object {
        fun read(told: Told): CaseDocument = CaseDocument(
            document = told.text("document"),
            standing = told.text("standing"),
            since = told.text("since"),
            attempts = told.number("attempts"),
            reasons = told.texts("reasons"),
            by = told.textOrNull("by"),
            due = told.textOrNull("due"),
            file = told.textOrNull("file"),
            hash = told.textOrNull("hash"),
            validUntil = told.textOrNull("valid_until"),
        )
    }
}

/** Something that a case asks for. */
public data class CaseEffect(
    /** The case, by its key. */
    public val case: String,
    /** What its chart asks for. */
    public val effect: ChartEffect,
) {
    internal companion object {
        fun read(told: Told): CaseEffect = CaseEffect(
            case = told.text("case"),
            effect = told.of("effect", ChartEffect::read),
        )
    }
}

/** Something that happened to cases. */
public data class CaseEntry(
    /** Its number in the log. */
    public val number: Long,
    /** When: RFC 3339. */
    public val at: String,
    /** Who asked. */
    public val actor: String,
    /** What: the name of what was done to a case, or `define` or `staff`. */
    public val `do`: String,
    /** Whether it is sealed. */
    public val sealed: Boolean,
    /** What was asked: the text of a JSON object. Left out where it is sealed and was not opened. */
    public val asked: String?,
    /** The case, by its key. */
    public val case: String?,
    /** The SHA-256 of the version of the kind, with its charts, that the case was in. */
    public val definition: String?,
    /** The SHA-256 of the evidence that the case had then. */
    public val evidence: String?,
    /** The caller's id of the request. */
    public val requestId: String?,
    /** The SHA-256 of the session that it led to. */
    public val session: String?,
    /** What happened in the chart, step by step: the text of a JSON array. Left out where it is sealed and was not opened. */
    public val steps: String?,
    /** Which of its changes. */
    public val version: Long?,
    /** Why what is sealed is not told, though it was asked for. */
    public val withheld: String?,
) {
    internal companion object {
        fun read(told: Told): CaseEntry = CaseEntry(
            number = told.number("number"),
            at = told.text("at"),
            actor = told.text("actor"),
            `do` = told.text("do"),
            sealed = told.flag("sealed"),
            asked = told.textOrNull("asked"),
            case = told.textOrNull("case"),
            definition = told.textOrNull("definition"),
            evidence = told.textOrNull("evidence"),
            requestId = told.textOrNull("request_id"),
            session = told.textOrNull("session"),
            steps = told.textOrNull("steps"),
            version = told.numberOrNull("version"),
            withheld = told.textOrNull("withheld"),
        )
    }
}

/** Something that a decision rests on. */
public data class CaseEvidence(
    /** Its name. */
    public val name: String,
    /** The SHA-256 of its bytes. */
    public val hash: String,
    /** Since when it is there: RFC 3339. */
    public val since: String,
    /** Who brought it. */
    public val by: String,
    /** Where the host keeps it. Left out where the case is sealed and was not opened. */
    public val file: String?,
) {
    internal companion object {
        fun read(told: Told): CaseEvidence = CaseEvidence(
            name = told.text("name"),
            hash = told.text("hash"),
            since = told.text("since"),
            by = told.text("by"),
            file = told.textOrNull("file"),
        )
    }
}

/** Some of the log of cases. */
public data class CaseLogPage(
    /** What happened, the oldest first. */
    public val entries: List<CaseEntry>,
    /** The number to go on behind, if there is more. */
    public val next: Long?,
) {
    internal companion object {
        fun read(told: Told): CaseLogPage = CaseLogPage(
            entries = told.list("entries", CaseEntry::read),
            next = told.numberOrNull("next"),
        )
    }
}

/** How a case stands, as the customer is told. */
public data class CaseNews(
    /** Its key. */
    public val case: String,
    /** Whether it goes on. */
    public val open: Boolean,
    /** The states in which it is, of those that the customer may be told of. */
    public val states: List<String>,
    /** Its documents, by name. */
    public val documents: List<AskedDocument>,
    /** The forms that it waits for, by name. */
    public val forms: List<AskedForm>,
    /** Facts in the log of cases when this was read: how new it is. */
    public val facts: Long,
) {
    internal companion object {
        fun read(told: Told): CaseNews = CaseNews(
            case = told.text("case"),
            open = told.flag("open"),
            states = told.texts("states"),
            documents = told.list("documents", AskedDocument::read),
            forms = told.list("forms", AskedForm::read),
            facts = told.number("facts"),
        )
    }
}

/** What came of something that was done to a case. A refusal is not `ok`, and has changed nothing. */
public data class CaseOutcome(
    /** Whether it was done. */
    public val ok: Boolean,
    /** The case, by its key. */
    public val case: String,
    /** Whether the chart heard what it was told; true where it was told nothing. */
    public val heard: Boolean,
    /** Whether the same request was done before, or the same callback came before: nothing was done now. */
    public val replayed: Boolean,
    /** Whether a callback was overtaken by a newer one about the same check: it is in the log, and the chart did not hear it. */
    public val late: Boolean,
    /** What the host is to do, in order. It stands in the log of the case, too. */
    public val effects: List<CaseEffect>,
    /** Why it was not done: a code, a promise. With `ok` it is `register`: the register of parties could not be told what follows from it yet. */
    public val code: String?,
    /** What the case is now. */
    public val now: CaseView?,
    /** The same in words, with what to do. */
    public val reason: String?,
) {
    internal companion object {
        fun read(told: Told): CaseOutcome = CaseOutcome(
            ok = told.flag("ok"),
            case = told.text("case"),
            heard = told.flag("heard"),
            replayed = told.flag("replayed"),
            late = told.flag("late"),
            effects = told.list("effects", CaseEffect::read),
            code = told.textOrNull("code"),
            now = told.ofOrNull("now", CaseView::read),
            reason = told.textOrNull("reason"),
        )
    }
}

/** What was decided beside the rules. */
public data class CaseOverride(
    /** By whom. */
    public val by: String,
    /** Since when: RFC 3339. */
    public val since: String,
    /** Until when: RFC 3339. */
    public val until: String,
    /** Why. Left out where the case is sealed and was not opened. */
    public val why: String?,
) {
    internal companion object {
        fun read(told: Told): CaseOverride = CaseOverride(
            by = told.text("by"),
            since = told.text("since"),
            until = told.text("until"),
            why = told.textOrNull("why"),
        )
    }
}

/** Some cases. */
public data class CasePage(
    /** The cases. */
    public val cases: List<CaseView>,
    /** The key to go on behind, if there are more. */
    public val next: String?,
) {
    internal companion object {
        fun read(told: Told): CasePage = CasePage(
            cases = told.list("cases", CaseView::read),
            next = told.textOrNull("next"),
        )
    }
}

/** Where a case waits. */
public data class CasePlace(
    /** The queue. */
    public val queue: String,
    /** Since when: RFC 3339. */
    public val since: String,
    /** Since when it waits for what is to be done, in whichever queue: RFC 3339. */
    public val waitsSince: String,
    /** Until when it may: RFC 3339. */
    public val due: String?,
    /** The queue that it belongs to by its kind, if it went on from there. */
    public val from: String?,
) {
    internal companion object {
        fun read(told: Told): CasePlace = CasePlace(
            queue = told.text("queue"),
            since = told.text("since"),
            waitsSince = told.text("waits_since"),
            due = told.textOrNull("due"),
            from = told.textOrNull("from"),
        )
    }
}

/** How cases stand at an instant. */
public data class CaseReport(
    /** The instant: RFC 3339. */
    public val at: String,
    /** The cases that wait for people, by kind and queue. */
    public val queues: List<QueueReport>,
    /** What became of the cases of each kind. */
    public val kinds: List<KindReport>,
    /** Who works on what and voted for what. */
    public val people: List<PersonReport>,
    /** What was decided, by kind and decision. */
    public val decisions: List<DecisionReport>,
    /** How documents stand, by kind and name. */
    public val documents: List<DocumentReport>,
) {
    internal companion object {
        fun read(told: Told): CaseReport = CaseReport(
            at = told.text("at"),
            queues = told.list("queues", QueueReport::read),
            kinds = told.list("kinds", KindReport::read),
            people = told.list("people", PersonReport::read),
            decisions = told.list("decisions", DecisionReport::read),
            documents = told.list("documents", DocumentReport::read),
        )
    }
}

/** What a case tells the register of parties of whom it is about. */
public data class CaseStanding(
    /** The flags that they have. */
    public val flags: List<String>,
    /** Whether the register says so already. */
    public val told: Boolean,
    /** How far they were identified; zero: not at all. */
    public val kycLevel: Long?,
    /** How much risk they are: `low`, `medium`, `high` or `prohibited`. */
    public val risk: String?,
) {
    internal companion object {
        fun read(told: Told): CaseStanding = CaseStanding(
            flags = told.texts("flags"),
            told = told.flag("told"),
            kycLevel = told.numberOrNull("kyc_level"),
            risk = told.textOrNull("risk"),
        )
    }
}

/** A case. */
public data class CaseView(
    /** Its key. */
    public val case: String,
    /** The kind that it is of. */
    public val kind: String,
    /** The digest of the version of the kind that it is pinned to. */
    public val definition: String,
    /** How often it changed. */
    public val version: Long,
    /** `open`, `ended` or `cancelled`. */
    public val status: String,
    /** The active states of its chart without children, in document order. */
    public val states: List<String>,
    /** When it was opened: RFC 3339. */
    public val openedAt: String,
    /** By whom. */
    public val openedBy: String,
    /** When it changed last: RFC 3339. */
    public val changedAt: String,
    /** How often it was opened again. */
    public val reopened: Long,
    /** The digest of all that a decision rests on: who votes says which they saw. */
    public val evidenceDigest: String,
    /** Its documents, by name. */
    public val documents: List<CaseDocument>,
    /** Other evidence, by name. */
    public val evidence: List<CaseEvidence>,
    /** What was decided, the oldest first. */
    public val decided: List<CaseDecision>,
    /** What was decided beside the rules and holds. */
    public val overrides: List<CaseOverride>,
    /** Whether it is sealed to whom it is about. */
    public val sealed: Boolean,
    /** Who works on it. */
    public val assignee: String?,
    /** Its variables: the text of a JSON object, whose numbers are exact. Left out where the case is sealed and was not opened. */
    public val data: String?,
    /** When it ended: RFC 3339. */
    public val endedAt: String?,
    /** When the next of what waits in it is due: RFC 3339. */
    public val nextDue: String?,
    /** The case that it was opened for. */
    public val parent: String?,
    /** Whom it is about. */
    public val party: String?,
    /** Since when its time rests, too: RFC 3339. */
    public val pausedAt: String?,
    /** The decision that is pending. */
    public val pending: CaseDecision?,
    /** Where it waits, if it waits for people. */
    public val place: CasePlace?,
    /** Until when it rests: RFC 3339. */
    public val snoozedUntil: String?,
    /** What its kind tells the register of parties of whom it is about. */
    public val standing: CaseStanding?,
    /** Why what is sealed is not told, though it was asked for. */
    public val withheld: String?,
) {
    internal companion object {
        fun read(told: Told): CaseView = CaseView(
            case = told.text("case"),
            kind = told.text("kind"),
            definition = told.text("definition"),
            version = told.number("version"),
            status = told.text("status"),
            states = told.texts("states"),
            openedAt = told.text("opened_at"),
            openedBy = told.text("opened_by"),
            changedAt = told.text("changed_at"),
            reopened = told.number("reopened"),
            evidenceDigest = told.text("evidence_digest"),
            documents = told.list("documents", CaseDocument::read),
            evidence = told.list("evidence", CaseEvidence::read),
            decided = told.list("decided", CaseDecision::read),
            overrides = told.list("overrides", CaseOverride::read),
            sealed = told.flag("sealed"),
            assignee = told.textOrNull("assignee"),
            data = told.textOrNull("data"),
            endedAt = told.textOrNull("ended_at"),
            nextDue = told.textOrNull("next_due"),
            parent = told.textOrNull("parent"),
            party = told.textOrNull("party"),
            pausedAt = told.textOrNull("paused_at"),
            pending = told.ofOrNull("pending", CaseDecision::read),
            place = told.ofOrNull("place", CasePlace::read),
            snoozedUntil = told.textOrNull("snoozed_until"),
            standing = told.ofOrNull("standing", CaseStanding::read),
            withheld = told.textOrNull("withheld"),
        )
    }
}

/** A vote. */
public data class CaseVote(
    /** Whose. */
    public val by: String,
    /** As what. */
    public val role: String,
    /** When: RFC 3339. */
    public val at: String,
    /** With which reason codes. */
    public val reasons: List<String>,
) {
    internal companion object {
        fun read(told: Told): CaseVote = CaseVote(
            by = told.text("by"),
            role = told.text("role"),
            at = told.text("at"),
            reasons = told.texts("reasons"),
        )
    }
}

/** What came of letting time pass. */
public data class CasesAdvanced(
    /** How many cases changed. */
    public val changed: Long,
    /** What the host is to do, in order. */
    public val effects: List<CaseEffect>,
    /** The cases that refused: each stands as it was, and is due still. Of those with the code `register`, the register of parties could not be told what follows from them yet. */
    public val refused: List<CaseOutcome>,
    /** Whether more is due. */
    public val more: Boolean,
) {
    internal companion object {
        fun read(told: Told): CasesAdvanced = CasesAdvanced(
            changed = told.number("changed"),
            effects = told.list("effects", CaseEffect::read),
            refused = told.list("refused", CaseOutcome::read),
            more = told.flag("more"),
        )
    }
}

/** What deciding all cases once more came to. */
public data class CasesReplayed(
    /** How many facts there are: kinds, the register of staff, and changes. */
    public val facts: Long,
    /** How many changes were decided once more. */
    public val changes: Long,
    /** How many cases they are of. */
    public val cases: Long,
    /** Whether everything came to the same, to the byte. */
    public val same: Boolean,
    /** What did not, the first first; at most 100 are told. */
    public val differences: List<CaseDifference>,
    /** How many changes could not be decided, because they were sealed to someone who was forgotten. */
    public val subjectForgotten: Long,
    /** The digest of all cases as they came to be. */
    public val digest: String,
) {
    internal companion object {
        fun read(told: Told): CasesReplayed = CasesReplayed(
            facts = told.number("facts"),
            changes = told.number("changes"),
            cases = told.number("cases"),
            same = told.flag("same"),
            differences = told.list("differences", CaseDifference::read),
            subjectForgotten = told.number("subject_forgotten"),
            digest = told.text("digest"),
        )
    }
}

/** What verifying found of cases. */
public data class CasesReport(
    /** How many facts there are: kinds, the register of staff, and changes. */
    public val facts: Long,
    /** Records that they take. */
    public val records: Long,
    /** The root of the Merkle tree over those, in hexadecimal. */
    public val root: String,
) {
    internal companion object {
        fun read(told: Told): CasesReport = CasesReport(
            facts = told.number("facts"),
            records = told.number("records"),
            root = told.text("root"),
        )
    }
}

/** Changes, in order. */
public data class ChangePage(
    /** How often the rollup was defined: numbers begin again with it. */
    public val version: Long,
    /** The changes. */
    public val changes: List<ChangeView>,
    /** The `after` of the next question. */
    public val next: Long,
    /** How many of those asked for are not there any more. */
    public val lost: Long,
) {
    internal companion object {
        fun read(told: Told): ChangePage = ChangePage(
            version = told.number("version"),
            changes = told.list("changes", ChangeView::read),
            next = told.number("next"),
            lost = told.number("lost"),
        )
    }
}

/** A change. */
public data class ChangeView(
    /** Its number, from one. */
    public val number: Long,
    /** `closed`, `revised` or `refused`. */
    public val kind: String,
    /** Of which symbol. */
    public val symbol: String,
    /** Of a trade that was refused: when it was. */
    public val at: Instant?,
    /** Why: of a bucket `late`, `corrected` or `removed`; of a trade `late`, `expired`, `differs`, `not_found`, `not_kept`, `out_of_range` or `overflow`. */
    public val cause: String?,
    /** Of a trade that was refused: the number that the market gave it. */
    public val id: String?,
    /** Of a bucket that was changed: for the how manieth time. */
    public val revision: Long?,
    /** Of a bucket: when it begins. */
    public val start: Instant?,
    /** Of a bucket: how wide it is. */
    public val width: String?,
) {
    internal companion object {
        fun read(told: Told): ChangeView = ChangeView(
            number = told.number("number"),
            kind = told.text("kind"),
            symbol = told.text("symbol"),
            at = told.instantOrNull("at"),
            cause = told.textOrNull("cause"),
            id = told.textOrNull("id"),
            revision = told.numberOrNull("revision"),
            start = told.instantOrNull("start"),
            width = told.textOrNull("width"),
        )
    }
}

/** Something that a chart asks for. */
public data class ChartEffect(
    /** What: `send` a message, `invoke` a service, `cancel_invoke` one, `forward` an event to one, `log` something, or the session is `done`. */
    public val kind: String,
    /** The session that asks for it. */
    public val session: String,
    /** What is carried: the text of JSON, whose numbers are exact. */
    public val data: String?,
    /** The id of the message or service. */
    public val id: String?,
    /** The event's name, or what a line of the log is about. */
    public val name: String?,
    /** Where the service is to be found. */
    public val src: String?,
    /** Where the message goes. */
    public val target: String?,
    /** What kind of processor or service it is for. */
    public val type: String?,
) {
    internal companion object {
        fun read(told: Told): ChartEffect = ChartEffect(
            kind = told.text("kind"),
            session = told.text("session"),
            data = told.textOrNull("data"),
            id = told.textOrNull("id"),
            name = told.textOrNull("name"),
            src = told.textOrNull("src"),
            target = told.textOrNull("target"),
            type = told.textOrNull("type"),
        )
    }
}

/** What is probably wrong in a chart. */
public data class ChartFinding(
    /** The rule that found it. */
    public val rule: String,
    /** How grave it is: `error`, `warning` or `hint`. */
    public val severity: String,
    /** Where, as a path. */
    public val path: String,
    /** The row; zero where the chart was not read from a text. */
    public val row: Long,
    /** The column. */
    public val column: Long,
    /** What is wrong. */
    public val message: String,
    /** How to mend it. */
    public val hint: String,
) {
    internal companion object {
        fun read(told: Told): ChartFinding = ChartFinding(
            rule = told.text("rule"),
            severity = told.text("severity"),
            path = told.text("path"),
            row = told.number("row"),
            column = told.number("column"),
            message = told.text("message"),
            hint = told.text("hint"),
        )
    }
}

/** A guard that was asked. */
public data class ChartGuard(
    /** The path of its transition. */
    public val path: String,
    /** What it read: the name and the text of JSON. */
    public val read: List<ChartRead>,
    /** Whether it held; none if that could not be told, which is a no. */
    public val held: Boolean?,
) {
    internal companion object {
        fun read(told: Told): ChartGuard = ChartGuard(
            path = told.text("path"),
            read = told.list("read", ChartRead::read),
            held = told.flagOrNull("held"),
        )
    }
}

/** Expressions that were evaluated in one place. */
public data class ChartMapping(
    /** The path of the action, timer, invocation, variable or final state that has them. */
    public val path: String,
    /** What they read: the name and the text of JSON. */
    public val read: List<ChartRead>,
    /** Whether it held, of a condition (`if`) that could be told. */
    public val held: Boolean?,
) {
    internal companion object {
        fun read(told: Told): ChartMapping = ChartMapping(
            path = told.text("path"),
            read = told.list("read", ChartRead::read),
            held = told.flagOrNull("held"),
        )
    }
}

/** A microstep. */
public data class ChartMicrostep(
    /** The session whose it is. */
    public val session: String,
    /** The guards that were asked, in order. */
    public val guards: List<ChartGuard>,
    /** The paths of the transitions that were taken. */
    public val taken: List<String>,
    /** The states that were left, in order. */
    public val exited: List<String>,
    /** The states that were entered, in order. */
    public val entered: List<String>,
    /** What else was evaluated and read something, in order: of actions, delays, and what services, messages and ends are told. */
    public val mappings: List<ChartMapping>,
    /** What went wrong, with the path where: each was an event `error.…` of the chart, too. */
    public val faults: List<String>,
    /** The event that it answers; none if none was needed. */
    public val event: String?,
) {
    internal companion object {
        fun read(told: Told): ChartMicrostep = ChartMicrostep(
            session = told.text("session"),
            guards = told.list("guards", ChartGuard::read),
            taken = told.texts("taken"),
            exited = told.texts("exited"),
            entered = told.texts("entered"),
            mappings = told.list("mappings", ChartMapping::read),
            faults = told.texts("faults"),
            event = told.textOrNull("event"),
        )
    }
}

/** A timer or a delayed event that waits. */
public data class ChartPending(
    /** The session that it belongs to. */
    public val session: String,
    /** When it is due: RFC 3339. */
    public val due: String,
    /** The event. */
    public val event: String,
    /** What becomes of it when its session rests: `deadline`, `remaining` or `restart`. */
    public val restore: String,
) {
    internal companion object {
        fun read(told: Told): ChartPending = ChartPending(
            session = told.text("session"),
            due = told.text("due"),
            event = told.text("event"),
            restore = told.text("restore"),
        )
    }
}

/** A value that a guard read. */
public data class ChartRead(
    /** What was asked for. */
    public val name: String,
    /** What it was: the text of JSON. */
    public val value: String,
) {
    internal companion object {
        fun read(told: Told): ChartRead = ChartRead(
            name = told.text("name"),
            value = told.text("value"),
        )
    }
}

/** What a session is. */
public data class ChartSession(
    /** The session, to be kept and given back with the next event. It names the version of its chart. */
    public val session: String,
    /** Its id. */
    public val id: String,
    /** Whether it has come to an end. */
    public val done: Boolean,
    /** The active states without children, in document order. */
    public val states: List<String>,
    /** All active states, in document order. */
    public val configuration: List<String>,
    /** Its variables: the text of a JSON object, whose numbers are exact. */
    public val data: String,
    /** What waits for its time, in the order in which it is due. */
    public val pending: List<ChartPending>,
) {
    internal companion object {
        fun read(told: Told): ChartSession = ChartSession(
            session = told.text("session"),
            id = told.text("id"),
            done = told.flag("done"),
            states = told.texts("states"),
            configuration = told.texts("configuration"),
            data = told.text("data"),
            pending = told.list("pending", ChartPending::read),
        )
    }
}

/** What came of a step. */
public data class ChartStep(
    /** What the session is now. */
    public val at: ChartSession,
    /** Whether the event was heard: a transition was taken for it, or something that was invoked was told. */
    public val heard: Boolean,
    /** What is to be done, in order, once the session is kept. */
    public val effects: List<ChartEffect>,
    /** What went wrong in expressions, with the path where: a guard that fails does not hold, an action that fails ends its block. */
    public val faults: List<String>,
    /** What happened, where that was asked for. */
    public val trace: List<ChartMicrostep>,
) {
    internal companion object {
        fun read(told: Told): ChartStep = ChartStep(
            at = told.of("at", ChartSession::read),
            heard = told.flag("heard"),
            effects = told.list("effects", ChartEffect::read),
            faults = told.texts("faults"),
            trace = told.list("trace", ChartMicrostep::read),
        )
    }
}

/** A chart in some form. */
public data class ChartText(
    /** The text. */
    public val text: String,
) {
    internal companion object {
        fun read(told: Told): ChartText = ChartText(
            text = told.text("text"),
        )
    }
}

/** A chart that was loaded. */
public data class ChartView(
    /** Its name; empty where it has none. */
    public val id: String,
    /** What it says of itself; empty where it says nothing. */
    public val description: String,
    /** What names this content and no other, in hexadecimal: a session belongs to it. */
    public val digest: String,
    /** Its states in document order. */
    public val states: List<String>,
    /** Its variables. */
    public val variables: List<String>,
    /** The events that it waits for, by name; without those of its own timers, and `done.…` and `error.…`. */
    public val events: List<String>,
) {
    internal companion object {
        fun read(told: Told): ChartView = ChartView(
            id = told.text("id"),
            description = told.text("description"),
            digest = told.text("digest"),
            states = told.texts("states"),
            variables = told.texts("variables"),
            events = told.texts("events"),
        )
    }
}

/** The digest of the state. */
public data class Checked(
    /** The digest of the state, in hexadecimal: the same on every machine and in every language. */
    public val stateHash: String,
) {
    internal companion object {
        fun read(told: Told): Checked = Checked(
            stateHash = told.text("state_hash"),
        )
    }
}

/** A verdict on record. */
public data class Decided(
    /** The decision's id. */
    public val decisionId: String,
    /** The verdict. */
    public val verdict: Verdict,
) {
    internal companion object {
        fun read(told: Told): Decided = Decided(
            decisionId = told.text("decision_id"),
            verdict = told.of("verdict", Verdict::read),
        )
    }
}

/** How often something was decided, why, and how long it took. */
public data class DecisionReport(
    /** The kind of case. */
    public val kind: String,
    /** The decision. */
    public val decision: String,
    /** How often it was taken. */
    public val taken: Long,
    /** How often with each reason code. */
    public val reasons: List<ReasonCount>,
    /** The shortest time in which it was taken, in whole seconds from when the case came to its queue. */
    public val leastSeconds: Long,
    /** The time in which half of them were. */
    public val medianSeconds: Long,
    /** The time in which nine of ten were. */
    public val ninetiethSeconds: Long,
    /** The longest. */
    public val mostSeconds: Long,
    /** How often it was taken after the time that its queue gives. */
    public val late: Long,
) {
    internal companion object {
        fun read(told: Told): DecisionReport = DecisionReport(
            kind = told.text("kind"),
            decision = told.text("decision"),
            taken = told.number("taken"),
            reasons = told.list("reasons", ReasonCount::read),
            leastSeconds = told.number("least_seconds"),
            medianSeconds = told.number("median_seconds"),
            ninetiethSeconds = told.number("ninetieth_seconds"),
            mostSeconds = told.number("most_seconds"),
            late = told.number("late"),
        )
    }
}

/** What verifying found of decisions on record. */
public data class DecisionsReport(
    /** How many decisions there are. */
    public val decisions: Long,
    /** Records that they take. */
    public val records: Long,
    /** The root of the Merkle tree over those, in hexadecimal. */
    public val root: String,
) {
    internal companion object {
        fun read(told: Told): DecisionsReport = DecisionsReport(
            decisions = told.number("decisions"),
            records = told.number("records"),
            root = told.text("root"),
        )
    }
}

/** A description and metadata that were opened, or why they were not. */
public data class DetailView(
    /** On what ground they are held. */
    public val basis: Basis,
    /** The account whose they are: its key or id. */
    public val account: String?,
    /** The description; of an account, the name. */
    public val description: String?,
    /** Why there is nothing: their key is lost. */
    public val lost: String?,
    /** The metadata. */
    public val metadata: Map<String, String>,
    /** The retention class that says so, if one does. */
    public val retention: String?,
    /** The transfer whose they are: its key or id. */
    public val transfer: String?,
    /** The years for which a law has them kept after the relationship ended. */
    public val years: Long?,
) {
    internal companion object {
        fun read(told: Told): DetailView = DetailView(
            basis = told.text("basis").let(Basis::of),
            account = told.textOrNull("account"),
            description = told.textOrNull("description"),
            lost = told.textOrNull("lost"),
            metadata = told.map("metadata"),
            retention = told.textOrNull("retention"),
            transfer = told.textOrNull("transfer"),
            years = told.numberOrNull("years"),
        )
    }
}

/** An account as the device knows it. */
public data class DeviceAccount(
    /** The name under which it is followed. */
    public val name: String,
    /** Events in the back end's log at that moment. */
    public val events: Long,
    /** The account with its balances; nothing before the back end has told it. */
    public val account: AccountView?,
    /** Of when it is, by the back end's clock; nothing before the back end has told it. */
    public val asOf: Instant?,
) {
    internal companion object {
        fun read(told: Told): DeviceAccount = DeviceAccount(
            name = told.text("name"),
            events = told.number("events"),
            account = told.ofOrNull("account", AccountView::read),
            asOf = told.instantOrNull("as_of"),
        )
    }
}

/** A case as the device knows it. */
public data class DeviceCase(
    /** Its key. */
    public val case: String,
    /** What is handed in to it and not answered yet, in the order in which it was given. */
    public val waiting: List<HandInView>,
    /** Of when it is, by the back end's clock; nothing before the back end has told it. */
    public val asOf: Instant?,
    /** How it stands; nothing before the back end has told it. */
    public val told: CaseNews?,
) {
    internal companion object {
        fun read(told: Told): DeviceCase = DeviceCase(
            case = told.text("case"),
            waiting = told.list("waiting", HandInView::read),
            asOf = told.instantOrNull("as_of"),
            told = told.ofOrNull("told", CaseNews::read),
        )
    }
}

/** The open holds of an account as the device knows them. */
public data class DeviceHolds(
    /** The holds, oldest first. */
    public val holds: List<TransferView>,
    /** Of when they are, by the back end's clock. */
    public val asOf: Instant?,
) {
    internal companion object {
        fun read(told: Told): DeviceHolds = DeviceHolds(
            holds = told.list("holds", TransferView::read),
            asOf = told.instantOrNull("as_of"),
        )
    }
}

/** A statement as far as the device knows it. */
public data class DeviceStatement(
    /** The statement. */
    public val statement: StatementView,
    /** Whether it has every entry from its beginning: a device keeps the newest. */
    public val complete: Boolean,
    /** Of when it is, by the back end's clock. */
    public val asOf: Instant,
) {
    internal companion object {
        fun read(told: Told): DeviceStatement = DeviceStatement(
            statement = told.of("statement", StatementView::read),
            complete = told.flag("complete"),
            asOf = told.instant("as_of"),
        )
    }
}

/** How much of a list is left out. */
public data class DiffMore(
    /** The list, such as `documents`. */
    public val list: String,
    /** How many entries are left out. */
    public val entries: Long,
) {
    internal companion object {
        fun read(told: Told): DiffMore = DiffMore(
            list = told.text("list"),
            entries = told.number("entries"),
        )
    }
}

/** A file or a name that comes, goes or changes. */
public data class DiffName(
    /** The name. */
    public val name: String,
    /** How it changes. */
    public val change: DiffChange,
) {
    internal companion object {
        fun read(told: Told): DiffName = DiffName(
            name = told.text("name"),
            change = told.text("change").let(DiffChange::of),
        )
    }
}

/** A package. */
public data class DiffPackage(
    /** Its path, such as `data.aml`. */
    public val `package`: String,
    /** How it changes. */
    public val change: DiffChange,
    /** How its own annotations change, at most 32 rows. */
    public val notes: List<DiffRow>,
    /** How many rows of them are left out. */
    public val notesMore: Long,
) {
    internal companion object {
        fun read(told: Told): DiffPackage = DiffPackage(
            `package` = told.text("package"),
            change = told.text("change").let(DiffChange::of),
            notes = told.list("notes", DiffRow::read),
            notesMore = told.number("notes_more"),
        )
    }
}

/** A part of a document. */
public data class DiffRow(
    /** Its JSON pointer. */
    public val pointer: String,
    /** How it changes. */
    public val change: DiffChange,
    /** Its JSON text after. */
    public val after: String?,
    /** Its JSON text before, of a long one the beginning and `…`. */
    public val before: String?,
) {
    internal companion object {
        fun read(told: Told): DiffRow = DiffRow(
            pointer = told.text("pointer"),
            change = told.text("change").let(DiffChange::of),
            after = told.textOrNull("after"),
            before = told.textOrNull("before"),
        )
    }
}

/** The rules of one name. */
public data class DiffRule(
    /** Their path, such as `data.aml.verdict`. */
    public val path: String,
    /** Their package. */
    public val `package`: String,
    /** How they change. */
    public val change: DiffChange,
    /** Where those stand before that have no equal after, at most 32. */
    public val before: List<DiffSite>,
    /** Where those stand after that have no equal before, at most 32. */
    public val after: List<DiffSite>,
    /** How their annotations change, at most 32 rows. */
    public val notes: List<DiffRow>,
    /** How many rows of them are left out. */
    public val notesMore: Long,
) {
    internal companion object {
        fun read(told: Told): DiffRule = DiffRule(
            path = told.text("path"),
            `package` = told.text("package"),
            change = told.text("change").let(DiffChange::of),
            before = told.list("before", DiffSite::read),
            after = told.list("after", DiffSite::read),
            notes = told.list("notes", DiffRow::read),
            notesMore = told.number("notes_more"),
        )
    }
}

/** Where a rule stands. */
public data class DiffSite(
    /** The module. */
    public val file: String,
    /** The row. */
    public val row: Long,
) {
    internal companion object {
        fun read(told: Told): DiffSite = DiffSite(
            file = told.text("file"),
            row = told.number("row"),
        )
    }
}

/** A field of typed rules. Whole numbers are told as texts. */
public data class DiffTyped(
    /** The program's path, such as `limits/verdict`. */
    public val path: String,
    /** The part, such as `rules`; empty where the whole program comes or goes. */
    public val part: String,
    /** Which of them, such as `limits/day`; of `rules`, empty where their order changes. */
    public val name: String,
    /** The field's JSON pointer in it; empty where all of it comes or goes. */
    public val field: String,
    /** How it changes. */
    public val change: DiffChange,
    /** Its JSON text after. */
    public val after: String?,
    /** Its JSON text before. */
    public val before: String?,
) {
    internal companion object {
        fun read(told: Told): DiffTyped = DiffTyped(
            path = told.text("path"),
            part = told.text("part"),
            name = told.text("name"),
            field = told.text("field"),
            change = told.text("change").let(DiffChange::of),
            after = told.textOrNull("after"),
            before = told.textOrNull("before"),
        )
    }
}

/** A version of a policy. */
public data class DiffVersion(
    /** The bundle's name for it; empty where it has none. */
    public val revision: String,
    /** What names this content and no other, in hexadecimal. */
    public val digest: String,
) {
    internal companion object {
        fun read(told: Told): DiffVersion = DiffVersion(
            revision = told.text("revision"),
            digest = told.text("digest"),
        )
    }
}

/** What is noticed of a document before it is handed in. */
public data class DocumentCheck(
    /** The SHA-256 of its bytes, in hexadecimal. */
    public val hash: String,
    /** What is noticed of it: `not_valid`, `too_late`, `wrong_digits`, `expired`. */
    public val warnings: List<String>,
    /** The check digits of its zone that do not hold. */
    public val wrong: List<String>,
    /** When it is not valid any more, as it would be sent. */
    public val validUntil: Instant?,
) {
    internal companion object {
        fun read(told: Told): DocumentCheck = DocumentCheck(
            hash = told.text("hash"),
            warnings = told.texts("warnings"),
            wrong = told.texts("wrong"),
            validUntil = told.instantOrNull("valid_until"),
        )
    }
}

/** How documents of a name stand. */
public data class DocumentReport(
    /** The kind of case. */
    public val kind: String,
    /** The document. */
    public val document: String,
    /** How many are asked for. */
    public val requested: Long,
    /** How many were handed in. */
    public val submitted: Long,
    /** How many are good. */
    public val approved: Long,
    /** How many are not. */
    public val rejected: Long,
    /** How many did not come in time, or are not valid any more. */
    public val expired: Long,
    /** How often somebody has looked at one, since the log began. */
    public val lookedAt: Long,
    /** The shortest time for which one had waited for that, in whole seconds from when it was handed in. */
    public val leastSeconds: Long,
    /** The time for which half of them had. */
    public val medianSeconds: Long,
    /** The time for which nine of ten had. */
    public val ninetiethSeconds: Long,
    /** The longest. */
    public val mostSeconds: Long,
) {
    internal companion object {
        fun read(told: Told): DocumentReport = DocumentReport(
            kind = told.text("kind"),
            document = told.text("document"),
            requested = told.number("requested"),
            submitted = told.number("submitted"),
            approved = told.number("approved"),
            rejected = told.number("rejected"),
            expired = told.number("expired"),
            lookedAt = told.number("looked_at"),
            leastSeconds = told.number("least_seconds"),
            medianSeconds = told.number("median_seconds"),
            ninetiethSeconds = told.number("ninetieth_seconds"),
            mostSeconds = told.number("most_seconds"),
        )
    }
}

/** One line of a statement, or of a history. */
public data class EntryView(
    /** Its place in the log. */
    public val sequence: Long,
    /** When. */
    public val timestamp: Instant,
    /** What: `post`, `hold`, `capture`, `release`, `expiry`. */
    public val what: String,
    /** The transfer's key, or its id; of a transfer that is part of a transaction, the transaction's. */
    public val transfer: String,
    /** The other account. */
    public val counterparty: String,
    /** The account's side of it: `debit` or `credit`. */
    public val side: String,
    /** How much was posted, held, captured or released, with its asset. */
    public val amount: Money,
    /** How much the booked balance changed, on the account's normal side. */
    public val change: Money,
    /** The booked balance after it. */
    public val balance: Money,
    /** The balance less what is held against it. */
    public val available: Money,
    /** The date that the books give it. */
    public val effectiveDate: LocalDate,
    /** The description, where that is public. */
    public val description: String,
    /** Which part of its transaction it is, such as `2/5`; nothing for a transfer of its own. */
    public val part: String?,
    /** The party to which the rest of the description and the metadata is sealed: `read_data` opens it. */
    public val subject: UUID?,
) {
    internal companion object {
        fun read(told: Told): EntryView = EntryView(
            sequence = told.number("sequence"),
            timestamp = told.instant("timestamp"),
            what = told.text("what"),
            transfer = told.text("transfer"),
            counterparty = told.text("counterparty"),
            side = told.text("side"),
            amount = told.money("amount"),
            change = told.decimal("change"),
            balance = told.decimal("balance"),
            available = told.decimal("available"),
            effectiveDate = told.text("effective_date").let(LocalDate::parse),
            description = told.text("description"),
            part = told.textOrNull("part"),
            subject = told.uuidOrNull("subject"),
        )
    }
}

/** A field that was taken down, without its value. */
public data class FieldView(
    /** Its name. */
    public val name: String,
    /** What it is held for. */
    public val purpose: String,
    /** On what ground. */
    public val basis: Basis,
    /** The years for which a law has it kept after the relationship ended. */
    public val years: Long?,
    /** The retention class that says so, if one does. */
    public val retention: String?,
) {
    internal companion object {
        fun read(told: Told): FieldView = FieldView(
            name = told.text("name"),
            purpose = told.text("purpose"),
            basis = told.text("basis").let(Basis::of),
            years = told.numberOrNull("years"),
            retention = told.textOrNull("retention"),
        )
    }
}

/** The answers to a form. */
public data class FilledForm(
    /** Which form: the event by which the case's chart hears of it. */
    public val form: String,
    /** The text of a JSON object, whose numbers are exact: variables with their values. */
    public val answers: String,
) {
    /** Without what is personal. */
    override fun toString(): String = "FilledForm(form=$form, …)"

    internal companion object {
        fun read(told: Told): FilledForm = FilledForm(
            form = told.text("form"),
            answers = told.text("answers"),
        )
    }
}

/** A decision that another version of a policy decides otherwise. */
public data class Flip(
    /** The decision. */
    public val decisionId: String,
    /** The path that was asked for. */
    public val path: String,
    /** The outcome on record: `allow`, `review`, `deny`, or `undecided`. */
    public val was: String,
    /** The outcome of the other version. */
    public val now: String,
    /** Its reasons; of a shadow, none where the decision is sealed. */
    public val reasons: List<FlipReason>,
) {
    internal companion object {
        fun read(told: Told): Flip = Flip(
            decisionId = told.text("decision_id"),
            path = told.text("path"),
            was = told.text("was"),
            now = told.text("now"),
            reasons = told.list("reasons", FlipReason::read),
        )
    }
}

/** A reason of a version that decides otherwise. */
public data class FlipReason(
    /** Its number. */
    public val code: Long,
    /** The rule, such as `aml/structuring`. */
    public val rule: String,
) {
    internal companion object {
        fun read(told: Told): FlipReason = FlipReason(
            code = told.number("code"),
            rule = told.text("rule"),
        )
    }
}

/** What was forgotten, and when. */
public data class ForgottenView(
    /** How much. */
    public val scope: ForgetScope,
    /** When. */
    public val timestamp: Instant,
) {
    internal companion object {
        fun read(told: Told): ForgottenView = ForgottenView(
            scope = told.text("scope").let(ForgetScope::of),
            timestamp = told.instant("timestamp"),
        )
    }
}

/** Who may read the access log. */
public data class GrantView(
    /** Who: the actor of their requests. */
    public val actor: String,
    /** Whose access log; of all parties, where there is none: a key or an id. */
    public val party: String?,
    /** Until when. */
    public val until: Instant,
    /** When it was granted. */
    public val granted: Instant,
) {
    internal companion object {
        fun read(told: Told): GrantView = GrantView(
            actor = told.text("actor"),
            party = told.textOrNull("party"),
            until = told.instant("until"),
            granted = told.instant("granted"),
        )
    }
}

/** What became of something that was handed in, as the customer is told. */
public data class HandInOutcome(
    /** The device's key of it. */
    public val key: String,
    /** Whether the case has it. */
    public val ok: Boolean,
    /** Whether the case had it before: the answer to a retry. */
    public val replayed: Boolean,
    /** Why not, a stable name: `not_permitted`, `invalid`, `ended`, `document`, `attempts`, `unheard`, `instant`, `text`, `other_request`, `stale`, `unkept` or `refused`. */
    public val code: String?,
    /** The field at fault. */
    public val field: String?,
    /** Why not, for people. */
    public val reason: String?,
) {
    internal companion object {
        fun read(told: Told): HandInOutcome = HandInOutcome(
            key = told.text("key"),
            ok = told.flag("ok"),
            replayed = told.flag("replayed"),
            code = told.textOrNull("code"),
            field = told.textOrNull("field"),
            reason = told.textOrNull("reason"),
        )
    }
}

/** Something that is handed in, as it is kept. */
public data class HandInView(
    /** Its key: given again with the same key it is the same. */
    public val key: String,
    /** Its number on this device: what is handed in is sent in this order. */
    public val number: Long,
    /** How far it has come; `booked` is what the case has. */
    public val state: IntentState,
    /** When it was made, by the device's clock. */
    public val madeAt: Instant,
    /** When its state last changed, by the device's clock. */
    public val changedAt: Instant,
    /** How often it was sent. */
    public val attempts: Long,
    /** The case, by its key. */
    public val case: String,
    /** What was noticed of it: `not_valid`, `too_late`, `wrong_digits`, `expired`. */
    public val warnings: List<String>,
    /** The document, as it is sent. */
    public val document: HandedDocument?,
    /** The answers, as they are sent. */
    public val form: FilledForm?,
    /** What the document is called on the device. */
    public val name: String?,
    /** What became of it, once the back end has answered. */
    public val outcome: HandInOutcome?,
    /** Its machine-readable zone, as it was read. It is never sent, and forgotten once the back end has answered. */
    public val zone: String?,
) {
    /** Without what is personal. */
    override fun toString(): String = "HandInView(key=$key, number=$number, state=$state, madeAt=$madeAt, changedAt=$changedAt, attempts=$attempts, case=$case, warnings=$warnings, document=$document, form=$form, outcome=$outcome, …)"

    internal companion object {
        fun read(told: Told): HandInView = HandInView(
            key = told.text("key"),
            number = told.number("number"),
            state = told.text("state").let(IntentState::of),
            madeAt = told.instant("made_at"),
            changedAt = told.instant("changed_at"),
            attempts = told.number("attempts"),
            case = told.text("case"),
            warnings = told.texts("warnings"),
            document = told.ofOrNull("document", HandedDocument::read),
            form = told.ofOrNull("form", FilledForm::read),
            name = told.textOrNull("name"),
            outcome = told.ofOrNull("outcome", HandInOutcome::read),
            zone = told.textOrNull("zone"),
        )
    }
}

/** A document that is handed in. Its bytes go to where the back end takes them, and not through here. */
public data class HandedDocument(
    /** Which, by its name in the case. */
    public val document: String,
    /** The SHA-256 of its bytes, in hexadecimal. */
    public val hash: String,
    /** Where the back end keeps it, as it told when the bytes were sent there. */
    public val file: String?,
    /** When it is not valid any more: RFC 3339 or nanoseconds since 1970. */
    public val validUntil: String?,
    /** What its machine-readable zone says of the document. */
    public val zone: ZoneNote?,
) {
    internal companion object {
        fun read(told: Told): HandedDocument = HandedDocument(
            document = told.text("document"),
            hash = told.text("hash"),
            file = told.textOrNull("file"),
            validUntil = told.textOrNull("valid_until"),
            zone = told.ofOrNull("zone", ZoneNote::read),
        )
    }
}

/** How an open ledger is. */
public data class Health(
    /** What it can do. */
    public val condition: Condition,
    /** Events that were decided. */
    public val events: Long,
    /** Those of them that are not durable yet. */
    public val notDurable: Long,
    /** Bytes of history in memory. They go into parts when there are enough of them. */
    public val historyBytes: Long,
    /** Whether history waits in memory because parts are written later than it is cut: what writes is faster than the disk can follow. */
    public val isLagging: Boolean,
    /** Whether less is left than `disk_reserve`: time to make room. */
    public val diskIsLow: Boolean,
    /** Why the history could not be put into a part last time: it stays in memory until it can. */
    public val archiveFailed: String?,
    /** Bytes left on the disk, where the system tells. */
    public val diskLeft: Long?,
    /** Why it has stopped. */
    public val why: String?,
) {
    internal companion object {
        fun read(told: Told): Health = Health(
            condition = told.text("condition").let(Condition::of),
            events = told.number("events"),
            notDurable = told.number("not_durable"),
            historyBytes = told.number("history_bytes"),
            isLagging = told.flag("is_lagging"),
            diskIsLow = told.flag("disk_is_low"),
            archiveFailed = told.textOrNull("archive_failed"),
            diskLeft = told.numberOrNull("disk_left"),
            why = told.textOrNull("why"),
        )
    }
}

/** Entries in the order asked for, and where the next page begins. */
public data class HistoryPage(
    /** The account's key, or its id. */
    public val account: String,
    /** The code of its asset. */
    public val asset: String,
    /** The entries. */
    public val entries: List<EntryView>,
    /** What the next page comes after; nothing at the end. */
    public val next: Long?,
) {
    internal companion object {
        fun read(told: Told): HistoryPage = HistoryPage(
            account = told.text("account"),
            asset = told.text("asset"),
            entries = told.list("entries", EntryView::read),
            next = told.numberOrNull("next"),
        )
    }
}

/** A party that has an account. */
public data class HolderView(
    /** The party's key, or its id. */
    public val party: String,
    /** What it may do. */
    public val role: AccountRole,
    /** Since which date. */
    public val since: LocalDate?,
    /** Until which date, that day included. */
    public val until: LocalDate?,
) {
    internal companion object {
        fun read(told: Told): HolderView = HolderView(
            party = told.text("party"),
            role = told.text("role").let(AccountRole::of),
            since = told.textOrNull("since")?.let(LocalDate::parse),
            until = told.textOrNull("until")?.let(LocalDate::parse),
        )
    }
}

/** What has become of trades. */
public data class IngestReport(
    /** How many are new. */
    public val taken: Long,
    /** How many had been taken before: these count once. */
    public val again: Long,
    /** How many were not taken. */
    public val refused: Long,
    /** The first thousand of those. */
    public val faults: List<RowFaultView>,
) {
    internal companion object {
        fun read(told: Told): IngestReport = IngestReport(
            taken = told.number("taken"),
            again = told.number("again"),
            refused = told.number("refused"),
            faults = told.list("faults", RowFaultView::read),
        )
    }
}

/** What became of an intent. */
public data class IntentOutcome(
    /** The device's key of it. */
    public val key: String,
    /** The customer's view of the outcome. */
    public val outcome: Outcome,
) {
    internal companion object {
        fun read(told: Told): IntentOutcome = IntentOutcome(
            key = told.text("key"),
            outcome = told.of("outcome", Outcome::read),
        )
    }
}

/** An intent, as it is kept. */
public data class IntentView(
    /** The command's key: a retry on the device with the same key is the same intent. */
    public val key: String,
    /** Its number on this device: intents are sent in this order. */
    public val number: Long,
    /** How far it has come. */
    public val state: IntentState,
    /** When it was made, by the device's clock. */
    public val madeAt: Instant,
    /** When its state last changed, by the device's clock. */
    public val changedAt: Instant,
    /** How often it was sent. */
    public val attempts: Long,
    /** What the customer asked for. */
    public val command: Command,
    /** What became of it, once the back end has answered. */
    public val outcome: Outcome?,
) {
    internal companion object {
        fun read(told: Told): IntentView = IntentView(
            key = told.text("key"),
            number = told.number("number"),
            state = told.text("state").let(IntentState::of),
            madeAt = told.instant("made_at"),
            changedAt = told.instant("changed_at"),
            attempts = told.number("attempts"),
            command = told.command("command"),
            outcome = told.ofOrNull("outcome", Outcome::read),
        )
    }
}

/** What became of the cases of a kind. */
public data class KindReport(
    /** The kind. */
    public val kind: String,
    /** How many were opened. */
    public val opened: Long,
    /** How many of them go on. */
    public val open: Long,
    /** How many of these wait in no queue. */
    public val elsewhere: Long,
    /** How many came to an end. */
    public val ended: Long,
    /** How many were ended from outside. */
    public val cancelled: Long,
    /** How often one was opened again. */
    public val reopened: Long,
) {
    internal companion object {
        fun read(told: Told): KindReport = KindReport(
            kind = told.text("kind"),
            opened = told.number("opened"),
            open = told.number("open"),
            elsewhere = told.number("elsewhere"),
            ended = told.number("ended"),
            cancelled = told.number("cancelled"),
            reopened = told.number("reopened"),
        )
    }
}

/** A kind of case. */
public data class KindView(
    /** Its name. */
    public val kind: String,
    /** What it is for. */
    public val description: String,
    /** The digest of this version: of the kind, and of its charts. */
    public val digest: String,
    /** The chart that its cases run on. */
    public val chart: String,
    /** Its queues, in their order. */
    public val queues: List<String>,
    /** What can be decided. */
    public val decisions: List<String>,
    /** The documents that it knows. */
    public val documents: List<String>,
    /** The kind as JSON. */
    public val text: String,
) {
    internal companion object {
        fun read(told: Told): KindView = KindView(
            kind = told.text("kind"),
            description = told.text("description"),
            digest = told.text("digest"),
            chart = told.text("chart"),
            queues = told.texts("queues"),
            decisions = told.texts("decisions"),
            documents = told.texts("documents"),
            text = told.text("text"),
        )
    }
}

/** Candles, oldest first. */
public data class KlinePage(
    /** The candles. */
    public val klines: List<KlineView>,
    /** Where to go on, if there are more. */
    public val next: Instant?,
) {
    internal companion object {
        fun read(told: Told): KlinePage = KlinePage(
            klines = told.list("klines", KlineView::read),
            next = told.instantOrNull("next"),
        )
    }
}

/** A candle. */
public data class KlineView(
    /** When the bucket begins. */
    public val start: Instant,
    /** When the next begins. */
    public val end: Instant,
    /** The first price. */
    public val open: BigDecimal,
    /** The highest price. */
    public val high: BigDecimal,
    /** The lowest price. */
    public val low: BigDecimal,
    /** The last price. */
    public val close: BigDecimal,
    /** How much was traded. */
    public val volume: BigDecimal,
    /** What was paid for it. */
    public val turnover: BigDecimal,
    /** How many trades. */
    public val trades: Long,
    /** How much buyers are known to have taken. */
    public val buyVolume: BigDecimal,
    /** What was paid for that. */
    public val buyTurnover: BigDecimal,
    /** How much sellers are known to have taken. */
    public val sellVolume: BigDecimal,
    /** What was paid for that. */
    public val sellTurnover: BigDecimal,
    /** Whether the watermark has passed its end. */
    public val closed: Boolean,
    /** How often it was changed since. */
    public val revision: Long,
    /** The average price, weighted by quantities (VWAP). */
    public val average: BigDecimal?,
) {
    internal companion object {
        fun read(told: Told): KlineView = KlineView(
            start = told.instant("start"),
            end = told.instant("end"),
            open = told.exact("open"),
            high = told.exact("high"),
            low = told.exact("low"),
            close = told.exact("close"),
            volume = told.exact("volume"),
            turnover = told.exact("turnover"),
            trades = told.number("trades"),
            buyVolume = told.exact("buy_volume"),
            buyTurnover = told.exact("buy_turnover"),
            sellVolume = told.exact("sell_volume"),
            sellTurnover = told.exact("sell_turnover"),
            closed = told.flag("closed"),
            revision = told.number("revision"),
            average = told.exactOrNull("average"),
        )
    }
}

/** A legal hold. */
public data class LegalHoldView(
    /** Its name. */
    public val name: String,
    /** Until which date, that day included; until it is lifted, where there is none. */
    public val until: LocalDate?,
    /** Why. */
    public val reason: String,
    /** When it was placed. */
    public val placed: Instant,
) {
    internal companion object {
        fun read(told: Told): LegalHoldView = LegalHoldView(
            name = told.text("name"),
            until = told.textOrNull("until")?.let(LocalDate::parse),
            reason = told.text("reason"),
            placed = told.instant("placed"),
        )
    }
}

/** A policy that a ledger decides by. */
public data class LoadedPolicy(
    /** Its name. */
    public val name: String,
    /** The version in force. */
    public val current: PolicyVersion,
    /** Those that were in force before, the newest first: what can be gone back to. */
    public val former: List<PolicyVersion>,
    /** What is tried out beside it. */
    public val shadow: ShadowView?,
) {
    internal companion object {
        fun read(told: Told): LoadedPolicy = LoadedPolicy(
            name = told.text("name"),
            current = told.of("current", PolicyVersion::read),
            former = told.list("former", PolicyVersion::read),
            shadow = told.ofOrNull("shadow", ShadowView::read),
        )
    }
}

/** A key that cannot be had. */
public data class LostKey(
    /** Whose it is; of a key of the tenant's own, its number. */
    public val subject: UUID,
    /** Which of theirs; none of a key of the tenant's own. */
    public val basis: Basis?,
    /** Why not, and what to do. */
    public val why: String,
) {
    internal companion object {
        fun read(told: Told): LostKey = LostKey(
            subject = told.uuid("subject"),
            basis = told.textOrNull("basis")?.let(Basis::of),
            why = told.text("why"),
        )
    }
}

/** Why cases cannot be moved. */
public data class MigrationRefused(
    /** Why: a code, a promise. */
    public val code: String,
    /** The same in words, of the first of them. */
    public val why: String,
    /** How many. */
    public val cases: Long,
    /** The first of them, by its key. */
    public val example: String,
) {
    internal companion object {
        fun read(told: Told): MigrationRefused = MigrationRefused(
            code = told.text("code"),
            why = told.text("why"),
            cases = told.number("cases"),
            example = told.text("example"),
        )
    }
}

/** What would become of cases that were moved to the newest version of their kind. */
public data class MigrationRehearsed(
    /** How many open cases are not in the newest version. */
    public val cases: Long,
    /** How many of them can be moved. */
    public val movable: Long,
    /** Why the others cannot, at most 100 reasons. */
    public val refused: List<MigrationRefused>,
) {
    internal companion object {
        fun read(told: Told): MigrationRehearsed = MigrationRehearsed(
            cases = told.number("cases"),
            movable = told.number("movable"),
            refused = told.list("refused", MigrationRefused::read),
        )
    }
}

/** A machine-readable zone that was read. */
public data class MrzView(
    /** `TD1`, `TD2`, `TD3`, `MRV-A` or `MRV-B`. */
    public val format: String,
    /** The document code, such as `P`. */
    public val documentCode: String,
    /** Who issued it: a code of ICAO 9303, as it stands. */
    public val issuer: String,
    /** Its number. */
    public val number: String,
    /** The primary identifier: the last names as a rule. */
    public val primary: String,
    /** The secondary identifier: the given names as a rule. */
    public val secondary: String,
    /** Whether the names may have been cut off. */
    public val namesTruncated: Boolean,
    /** The nationality: a code of ICAO 9303, as it stands. */
    public val nationality: String,
    /** `female`, `male` or `unspecified`. */
    public val sex: String,
    /** `valid`, `expired` or `unknown`, on the day that was given. */
    public val status: String,
    /** Whether every check digit is right. */
    public val valid: Boolean,
    /** The check digits that are not. */
    public val wrong: List<String>,
    /** What else stands there. */
    public val optional: List<String>,
    /** The day of birth, `YYYY-MM-DD`; none, where part of it is not known. */
    public val born: String?,
    /** The last day on which it is valid, `YYYY-MM-DD`. */
    public val expires: String?,
) {
    internal companion object {
        fun read(told: Told): MrzView = MrzView(
            format = told.text("format"),
            documentCode = told.text("document_code"),
            issuer = told.text("issuer"),
            number = told.text("number"),
            primary = told.text("primary"),
            secondary = told.text("secondary"),
            namesTruncated = told.flag("names_truncated"),
            nationality = told.text("nationality"),
            sex = told.text("sex"),
            status = told.text("status"),
            valid = told.flag("valid"),
            wrong = told.texts("wrong"),
            optional = told.texts("optional"),
            born = told.textOrNull("born"),
            expires = told.textOrNull("expires"),
        )
    }
}

/** What has to be done; `type` says what, and which of the other fields there are. */
public data class Obligation(
    /** What. */
    public val type: ObligationType,
    /** `approvals`: how many. */
    public val count: Long?,
    /** `step_up`: which factor. */
    public val factor: String?,
    /** `open_case`: of which kind. */
    public val kind: String?,
    /** `open_case`: in which queue. */
    public val queue: String?,
    /** `draft_report`: which report. */
    public val report: String?,
    /** `approvals`: in which role they are. */
    public val role: String?,
    /** `hold`: for how many seconds. */
    public val seconds: Long?,
    /** `notify`: which topic. */
    public val topic: String?,
    /** `freeze`: until when. */
    public val until: Instant?,
) {
    internal companion object {
        fun read(told: Told): Obligation = Obligation(
            type = told.text("type").let(ObligationType::of),
            count = told.numberOrNull("count"),
            factor = told.textOrNull("factor"),
            kind = told.textOrNull("kind"),
            queue = told.textOrNull("queue"),
            report = told.textOrNull("report"),
            role = told.textOrNull("role"),
            seconds = told.numberOrNull("seconds"),
            topic = told.textOrNull("topic"),
            until = told.instantOrNull("until"),
        )
    }
}

/** What became of a command. */
public data class Outcome(
    /** Whether what was asked for stands in the books. */
    public val ok: Boolean,
    /** The status's stable name; `invalid` for a command that could not be read, `not_permitted` for one that its sender may not ask for. */
    public val status: String,
    /** The status's stable number. */
    public val number: Long,
    /** Whether it stood there before: the answer to a retry. */
    public val replayed: Boolean,
    /** The account at fault. */
    public val account: String?,
    /** How much moved, with its asset. */
    public val amount: Money?,
    /** The field at fault, for a command that could not be read or was not permitted. */
    public val field: String?,
    /** What it had to spend. */
    public val have: Money?,
    /** The record's id. */
    public val id: UUID?,
    /** The record's key. */
    public val key: String,
    /** What was asked for. */
    public val need: Money?,
    /** Why not, for people. */
    public val reason: String?,
    /** Its place in the log. */
    public val sequence: Long?,
    /** When it was booked. */
    public val timestamp: Instant?,
) {
    internal companion object {
        fun read(told: Told): Outcome = Outcome(
            ok = told.flag("ok"),
            status = told.text("status"),
            number = told.number("number"),
            replayed = told.flag("replayed"),
            account = told.textOrNull("account"),
            amount = told.moneyOrNull("amount"),
            field = told.textOrNull("field"),
            have = told.moneyOrNull("have"),
            id = told.uuidOrNull("id"),
            key = told.textOrEmpty("key"),
            need = told.moneyOrNull("need"),
            reason = told.textOrNull("reason"),
            sequence = told.numberOrNull("sequence"),
            timestamp = told.instantOrNull("timestamp"),
        )
    }
}

/** Personal data of a party, as it is given to the person: Art. 15 of the GDPR. */
public data class PartyExport(
    /** What is known of the party. */
    public val party: PartyView,
    /** The personal data. */
    public val data: PersonalData,
    /** Who read it before, oldest first; the newest 10,000 readings. */
    public val accesses: List<AccessView>,
) {
    internal companion object {
        fun read(told: Told): PartyExport = PartyExport(
            party = told.of("party", PartyView::read),
            data = told.of("data", PersonalData::read),
            accesses = told.list("accesses", AccessView::read),
        )
    }
}

/** Parties by their ids, and where the next page begins. */
public data class PartyPage(
    /** The parties. */
    public val parties: List<PartyView>,
    /** What the next page comes after; nothing at the end. */
    public val next: UUID?,
) {
    internal companion object {
        fun read(told: Told): PartyPage = PartyPage(
            parties = told.list("parties", PartyView::read),
            next = told.uuidOrNull("next"),
        )
    }
}

/** A party. */
public data class PartyView(
    /** Its id. */
    public val id: UUID,
    /** The caller's name for it; empty: none. */
    public val key: String,
    /** What it is. */
    public val kind: PartyKind,
    /** The broker whose client it is: its key, or its id. */
    public val broker: String?,
    /** How far it was identified; zero: not at all. */
    public val kycLevel: Long,
    /** How much risk it is, once that is known. */
    public val risk: RiskLevel?,
    /** Its flags. */
    public val flags: List<String>,
    /** When it was registered. */
    public val registered: Instant,
    /** The date on which the business relationship ended. */
    public val ended: LocalDate?,
    /** The last day on which a law has it kept, once the relationship has ended; none where no law keeps anything. */
    public val keptUntil: LocalDate?,
    /** The records that were merged into it: their keys, or their ids. */
    public val merged: List<String>,
    /** What was forgotten of it. */
    public val forgotten: ForgottenView?,
    /** Its legal holds. */
    public val holds: List<LegalHoldView>,
    /** What was taken down of it, without the values. */
    public val fields: List<FieldView>,
    /** Its accounts. */
    public val accounts: List<AccountOfView>,
    /** What it is to other parties. */
    public val relations: List<RelationView>,
    /** What other parties are to it. */
    public val related: List<RelationView>,
) {
    internal companion object {
        fun read(told: Told): PartyView = PartyView(
            id = told.uuid("id"),
            key = told.text("key"),
            kind = told.text("kind").let(PartyKind::of),
            broker = told.textOrNull("broker"),
            kycLevel = told.number("kyc_level"),
            risk = told.textOrNull("risk")?.let(RiskLevel::of),
            flags = told.texts("flags"),
            registered = told.instant("registered"),
            ended = told.textOrNull("ended")?.let(LocalDate::parse),
            keptUntil = told.textOrNull("kept_until")?.let(LocalDate::parse),
            merged = told.texts("merged"),
            forgotten = told.ofOrNull("forgotten", ForgottenView::read),
            holds = told.list("holds", LegalHoldView::read),
            fields = told.list("fields", FieldView::read),
            accounts = told.list("accounts", AccountOfView::read),
            relations = told.list("relations", RelationView::read),
            related = told.list("related", RelationView::read),
        )
    }
}

/** How often somebody voted for a decision that was taken, and why. */
public data class PersonDecision(
    /** The kind of case. */
    public val kind: String,
    /** The decision. */
    public val decision: String,
    /** How often they voted for it. */
    public val voted: Long,
    /** How often with each reason code. */
    public val reasons: List<ReasonCount>,
) {
    internal companion object {
        fun read(told: Told): PersonDecision = PersonDecision(
            kind = told.text("kind"),
            decision = told.text("decision"),
            voted = told.number("voted"),
            reasons = told.list("reasons", ReasonCount::read),
        )
    }
}

/** How often somebody found the same of a document, and why. */
public data class PersonDocument(
    /** The kind of case. */
    public val kind: String,
    /** The document. */
    public val document: String,
    /** What they found: `approve`, `reject` or `revise`. */
    public val finding: String,
    /** How often. */
    public val found: Long,
    /** How often with each reason code. */
    public val reasons: List<ReasonCount>,
) {
    internal companion object {
        fun read(told: Told): PersonDocument = PersonDocument(
            kind = told.text("kind"),
            document = told.text("document"),
            finding = told.text("finding"),
            found = told.number("found"),
            reasons = told.list("reasons", ReasonCount::read),
        )
    }
}

/** What somebody does. */
public data class PersonReport(
    /** Who. */
    public val person: String,
    /** Whether they are on the register of staff. */
    public val registered: Boolean,
    /** How many cases they work on. */
    public val assigned: Long,
    /** In how many decisions that were taken they voted. */
    public val voted: Long,
    /** In how many that are pending. */
    public val pending: Long,
    /** What they voted for of what was taken. */
    public val decisions: List<PersonDecision>,
    /** What they found of documents that they looked at. */
    public val documents: List<PersonDocument>,
) {
    internal companion object {
        fun read(told: Told): PersonReport = PersonReport(
            person = told.text("person"),
            registered = told.flag("registered"),
            assigned = told.number("assigned"),
            voted = told.number("voted"),
            pending = told.number("pending"),
            decisions = told.list("decisions", PersonDecision::read),
            documents = told.list("documents", PersonDocument::read),
        )
    }
}

/** Personal data of a party. */
public data class PersonalData(
    /** The party's key, or its id. */
    public val party: String,
    /** The fields, by their names. */
    public val fields: List<PersonalView>,
    /** What transfers and accounts say in words. */
    public val details: List<DetailView>,
) {
    internal companion object {
        fun read(told: Told): PersonalData = PersonalData(
            party = told.text("party"),
            fields = told.list("fields", PersonalView::read),
            details = told.list("details", DetailView::read),
        )
    }
}

/** A field that was opened, or why it was not. */
public data class PersonalView(
    /** Its name. */
    public val name: String,
    /** The value. */
    public val value: String?,
    /** What it is held for. */
    public val purpose: String,
    /** On what ground. */
    public val basis: Basis,
    /** Why there is no value: its key is lost. */
    public val lost: String?,
) {
    internal companion object {
        fun read(told: Told): PersonalView = PersonalView(
            name = told.text("name"),
            value = told.textOrNull("value"),
            purpose = told.text("purpose"),
            basis = told.text("basis").let(Basis::of),
            lost = told.textOrNull("lost"),
        )
    }
}

/** Which rows of the modules the tests ran. */
public data class PolicyCoverage(
    /** The modules, by name. */
    public val files: List<PolicyFileCoverage>,
    /** Of all rows, those that were run, in hundredths of a percent and rounded down: 10,000 is all. */
    public val basisPoints: Long?,
) {
    internal companion object {
        fun read(told: Told): PolicyCoverage = PolicyCoverage(
            files = told.list("files", PolicyFileCoverage::read),
            basisPoints = told.numberOrNull("basis_points"),
        )
    }
}

/** What changes from one version of a policy to another. Of each list the first 1,000 entries are told. */
public data class PolicyDiff(
    /** The version before. */
    public val before: DiffVersion,
    /** The version after. */
    public val after: DiffVersion,
    /** Whether nothing changes at all. */
    public val empty: Boolean,
    /** Whether nothing changes but how it is written, and the revision. */
    public val same: Boolean,
    /** The roots that come or go. */
    public val roots: List<DiffName>,
    /** The manifest's metadata, by JSON pointer. */
    public val metadata: List<DiffRow>,
    /** The files. */
    public val files: List<DiffName>,
    /** The packages. */
    public val packages: List<DiffPackage>,
    /** The rules, by path. */
    public val rules: List<DiffRule>,
    /** What is annotated as an entry point. */
    public val entryPoints: List<DiffName>,
    /** The documents under `data`, by JSON pointer. */
    public val documents: List<DiffRow>,
    /** The typed rules, field by field. */
    public val typed: List<DiffTyped>,
    /** What is left out of lists that are longer. */
    public val more: List<DiffMore>,
) {
    internal companion object {
        fun read(told: Told): PolicyDiff = PolicyDiff(
            before = told.of("before", DiffVersion::read),
            after = told.of("after", DiffVersion::read),
            empty = told.flag("empty"),
            same = told.flag("same"),
            roots = told.list("roots", DiffName::read),
            metadata = told.list("metadata", DiffRow::read),
            files = told.list("files", DiffName::read),
            packages = told.list("packages", DiffPackage::read),
            rules = told.list("rules", DiffRule::read),
            entryPoints = told.list("entry_points", DiffName::read),
            documents = told.list("documents", DiffRow::read),
            typed = told.list("typed", DiffTyped::read),
            more = told.list("more", DiffMore::read),
        )
    }
}

/** Why an answer is what it is. */
public data class PolicyExplanation(
    /** Whether there is an answer. */
    public val defined: Boolean,
    /** The rules and expressions in the order in which they were run. */
    public val steps: List<PolicyStep>,
    /** The same as text, a line each, set in by their depth. */
    public val text: String,
    /** What `print` and `trace` said, a line each. */
    public val said: String,
    /** Whether there were more steps than there was room for. */
    public val cut: Boolean,
    /** Why the evaluation came to no end. */
    public val error: String?,
    /** The answer as JSON text, numbers to the digit. */
    public val result: String?,
) {
    internal companion object {
        fun read(told: Told): PolicyExplanation = PolicyExplanation(
            defined = told.flag("defined"),
            steps = told.list("steps", PolicyStep::read),
            text = told.text("text"),
            said = told.text("said"),
            cut = told.flag("cut"),
            error = told.textOrNull("error"),
            result = told.textOrNull("result"),
        )
    }
}

/** A fact that a program of typed rules knows. */
public data class PolicyFact(
    /** Its name, such as `amount`. */
    public val name: String,
    /** Its type: `text`, `texts`, `bool`, `units` (whole numbers) or `instant`. */
    public val type: String,
    /** Whether a request without it is denied. */
    public val needed: PolicyNeed,
) {
    internal companion object {
        fun read(told: Told): PolicyFact = PolicyFact(
            name = told.text("name"),
            type = told.text("type"),
            needed = told.text("needed").let(PolicyNeed::of),
        )
    }
}

/** Which rows of a module the tests ran. */
public data class PolicyFileCoverage(
    /** The module. */
    public val file: String,
    /** The rows that were run. */
    public val covered: List<PolicyRows>,
    /** The rows that never were. */
    public val notCovered: List<PolicyRows>,
    /** Of its rows, those that were run, in hundredths of a percent and rounded down. */
    public val basisPoints: Long?,
) {
    internal companion object {
        fun read(told: Told): PolicyFileCoverage = PolicyFileCoverage(
            file = told.text("file"),
            covered = told.list("covered", PolicyRows::read),
            notCovered = told.list("not_covered", PolicyRows::read),
            basisPoints = told.numberOrNull("basis_points"),
        )
    }
}

/** What is probably wrong in a policy that loads. */
public data class PolicyFinding(
    /** The linter's rule, such as `unused-import`. */
    public val id: String,
    /** The module. */
    public val file: String,
    /** The row. */
    public val row: Long,
    /** What is wrong. */
    public val message: String,
    /** How to mend it. */
    public val hint: String,
) {
    internal companion object {
        fun read(told: Told): PolicyFinding = PolicyFinding(
            id = told.text("id"),
            file = told.text("file"),
            row = told.number("row"),
            message = told.text("message"),
            hint = told.text("hint"),
        )
    }
}

/** A program of typed rules. */
public data class PolicyProgram(
    /** The path of its verdict, such as `limits/verdict`. */
    public val path: String,
    /** The file. */
    public val file: String,
    /** The facts that it knows. */
    public val facts: List<PolicyFact>,
) {
    internal companion object {
        fun read(told: Told): PolicyProgram = PolicyProgram(
            path = told.text("path"),
            file = told.text("file"),
            facts = told.list("facts", PolicyFact::read),
        )
    }
}

/** Rows next to each other. */
public data class PolicyRows(
    /** The first. */
    public val first: Long,
    /** The last. */
    public val last: Long,
) {
    internal companion object {
        fun read(told: Told): PolicyRows = PolicyRows(
            first = told.number("first"),
            last = told.number("last"),
        )
    }
}

/** The rules of one name. */
public data class PolicyRule(
    /** The name, such as `data.aml.verdict`. */
    public val name: String,
    /** What they make together. */
    public val makes: PolicyRuleKind,
    /** How many there are, without the default. */
    public val count: Long,
    /** The module of the first. */
    public val file: String,
    /** The row of the first. */
    public val row: Long,
) {
    internal companion object {
        fun read(told: Told): PolicyRule = PolicyRule(
            name = told.text("name"),
            makes = told.text("makes").let(PolicyRuleKind::of),
            count = told.number("count"),
            file = told.text("file"),
            row = told.number("row"),
        )
    }
}

/** A rule or an expression that was run. */
public data class PolicyStep(
    /** How deep it stands in the tree. */
    public val depth: Long,
    /** The module. */
    public val file: String,
    /** The row. */
    public val row: Long,
    /** What it is, with its values. */
    public val text: String,
    /** What became of it; none of what was not run. */
    public val became: PolicyStepOutcome?,
) {
    internal companion object {
        fun read(told: Told): PolicyStep = PolicyStep(
            depth = told.number("depth"),
            file = told.text("file"),
            row = told.number("row"),
            text = told.text("text"),
            became = told.textOrNull("became")?.let(PolicyStepOutcome::of),
        )
    }
}

/** A test. */
public data class PolicyTest(
    /** Its name. */
    public val name: String,
    /** What became of it. */
    public val outcome: PolicyTestOutcome,
    /** The module. */
    public val file: String,
    /** The row. */
    public val row: Long,
    /** Why it did not pass, where there is more to say: the cases that are not true, or the error. */
    public val why: String?,
) {
    internal companion object {
        fun read(told: Told): PolicyTest = PolicyTest(
            name = told.text("name"),
            outcome = told.text("outcome").let(PolicyTestOutcome::of),
            file = told.text("file"),
            row = told.number("row"),
            why = told.textOrNull("why"),
        )
    }
}

/** What the tests of a bundle came to. */
public data class PolicyTests(
    /** How many passed. */
    public val passed: Long,
    /** How many failed, or came to no end. */
    public val failed: Long,
    /** How many are yet to be done. */
    public val skipped: Long,
    /** The tests, by file and row. */
    public val tests: List<PolicyTest>,
    /** Which rows of the modules they ran, where that was asked for. */
    public val coverage: PolicyCoverage?,
) {
    internal companion object {
        fun read(told: Told): PolicyTests = PolicyTests(
            passed = told.number("passed"),
            failed = told.number("failed"),
            skipped = told.number("skipped"),
            tests = told.list("tests", PolicyTest::read),
            coverage = told.ofOrNull("coverage", PolicyCoverage::read),
        )
    }
}

/** A version of a policy. */
public data class PolicyVersion(
    /** The bundle's name for this version; empty where it has none. */
    public val revision: String,
    /** What names this content and no other, in hexadecimal. */
    public val digest: String,
    /** When it was loaded. */
    public val loaded: Instant,
) {
    internal companion object {
        fun read(told: Told): PolicyVersion = PolicyVersion(
            revision = told.text("revision"),
            digest = told.text("digest"),
            loaded = told.instant("loaded"),
        )
    }
}

/** A policy that was loaded. */
public data class PolicyView(
    /** The bundle's name for this version; empty where it has none. */
    public val revision: String,
    /** What names this content and no other, in hexadecimal. */
    public val digest: String,
    /** The paths under `data` that the bundle owns; an empty one is all of it. */
    public val roots: List<String>,
    /** The rules, by file and row. */
    public val rules: List<PolicyRule>,
    /** The programs of typed rules, by path. */
    public val typed: List<PolicyProgram>,
) {
    internal companion object {
        fun read(told: Told): PolicyView = PolicyView(
            revision = told.text("revision"),
            digest = told.text("digest"),
            roots = told.texts("roots"),
            rules = told.list("rules", PolicyRule::read),
            typed = told.list("typed", PolicyProgram::read),
        )
    }
}

/** What waits in a queue. */
public data class QueueReport(
    /** The kind of case. */
    public val kind: String,
    /** The queue. */
    public val queue: String,
    /** How many cases wait in it. */
    public val cases: Long,
    /** How many of them less than a day. */
    public val underADay: Long,
    /** How many one to three days. */
    public val oneToThreeDays: Long,
    /** How many three to seven days. */
    public val threeToSevenDays: Long,
    /** How many seven to thirty days. */
    public val sevenToThirtyDays: Long,
    /** How many thirty days or more. */
    public val thirtyDaysOrMore: Long,
    /** How many have waited too long. */
    public val overdue: Long,
    /** On how many nobody works. */
    public val unassigned: Long,
    /** How many rest. */
    public val snoozed: Long,
    /** Since when the oldest does: RFC 3339. */
    public val oldest: String?,
) {
    internal companion object {
        fun read(told: Told): QueueReport = QueueReport(
            kind = told.text("kind"),
            queue = told.text("queue"),
            cases = told.number("cases"),
            underADay = told.number("under_a_day"),
            oneToThreeDays = told.number("one_to_three_days"),
            threeToSevenDays = told.number("three_to_seven_days"),
            sevenToThirtyDays = told.number("seven_to_thirty_days"),
            thirtyDaysOrMore = told.number("thirty_days_or_more"),
            overdue = told.number("overdue"),
            unassigned = told.number("unassigned"),
            snoozed = told.number("snoozed"),
            oldest = told.textOrNull("oldest"),
        )
    }
}

/** A queue in which cases wait. */
public data class QueueView(
    /** Its name. */
    public val queue: String,
    /** How many cases wait in it, without those that rest. */
    public val waiting: Long,
    /** How many rest. */
    public val snoozed: Long,
    /** How many of those that wait nobody works on. */
    public val unassigned: Long,
    /** How many of them have waited too long. */
    public val overdue: Long,
    /** Since when the oldest waits, also of those that rest: RFC 3339. */
    public val oldest: String,
) {
    internal companion object {
        fun read(told: Told): QueueView = QueueView(
            queue = told.text("queue"),
            waiting = told.number("waiting"),
            snoozed = told.number("snoozed"),
            unassigned = told.number("unassigned"),
            overdue = told.number("overdue"),
            oldest = told.text("oldest"),
        )
    }
}

/** Why it is decided so. */
public data class Reason(
    /** The number of the reason: `Code` has those of typed rules, and documents have their own from 10,000 on. */
    public val code: Long,
    /** The rule, such as `aml/structuring`. */
    public val rule: String,
    /** Who may be told. */
    public val audience: Audience,
    /** How grave it is. */
    public val severity: Severity,
    /** One sentence. */
    public val message: String,
    /** What it rests on, in order. */
    public val facts: List<ReasonFact>?,
) {
    internal companion object {
        fun read(told: Told): Reason = Reason(
            code = told.number("code"),
            rule = told.text("rule"),
            audience = told.text("audience").let(Audience::of),
            severity = told.text("severity").let(Severity::of),
            message = told.text("message"),
            facts = told.listOrNull("facts", ReasonFact::read),
        )
    }
}

/** How often a reason was given. */
public data class ReasonCount(
    /** Its code. */
    public val reason: String,
    /** How often. */
    public val count: Long,
) {
    internal companion object {
        fun read(told: Told): ReasonCount = ReasonCount(
            reason = told.text("reason"),
            count = told.number("count"),
        )
    }
}

/** A name and a value that a reason rests on. */
public data class ReasonFact(
    /** The name, such as `remaining`. */
    public val name: String,
    /** The value as text, such as `18500`. */
    public val value: String,
) {
    internal companion object {
        fun read(told: Told): ReasonFact = ReasonFact(
            name = told.text("name"),
            value = told.text("value"),
        )
    }
}

/** What a party is to another. */
public data class RelationView(
    /** The other party's key, or its id. */
    public val party: String,
    /** The role. */
    public val role: RelationRole,
    /** Since which date. */
    public val since: LocalDate?,
    /** Until which date, that day included. */
    public val until: LocalDate?,
    /** The share in percent. */
    public val share: String?,
) {
    internal companion object {
        fun read(told: Told): RelationView = RelationView(
            party = told.text("party"),
            role = told.text("role").let(RelationRole::of),
            since = told.textOrNull("since")?.let(LocalDate::parse),
            until = told.textOrNull("until")?.let(LocalDate::parse),
            share = told.textOrNull("share"),
        )
    }
}

/** What another policy would have decided. */
public data class ReplayReport(
    /** How many decisions were decided once more. */
    public val decisions: Long,
    /** How many of these came to the same, for the same reasons. */
    public val same: Long,
    /** How many have the same outcome for other reasons, or with other obligations. */
    public val changed: Long,
    /** How many have another outcome. */
    public val flipped: Long,
    /** How many could not be decided, because they were sealed to someone who was forgotten. */
    public val subjectForgotten: Long,
    /** How many could not be decided for another reason: a key that is lost, an answer that this build cannot read, or a party of whom no reading can be recorded. */
    public val unreadable: Long,
    /** Those with another outcome, the oldest first, as many as were asked for. */
    public val flips: List<Flip>,
) {
    internal companion object {
        fun read(told: Told): ReplayReport = ReplayReport(
            decisions = told.number("decisions"),
            same = told.number("same"),
            changed = told.number("changed"),
            flipped = told.number("flipped"),
            subjectForgotten = told.number("subject_forgotten"),
            unreadable = told.number("unreadable"),
            flips = told.list("flips", Flip::read),
        )
    }
}

/** What was restored, and verified. */
public data class RestoreReport(
    /** Always true. */
    public val ok: Boolean,
    /** Events in the new journal. */
    public val events: Long,
    /** Events in the backup. */
    public val of: Long,
    /** Accounts in the books. */
    public val accounts: Long,
    /** Transfers in them. */
    public val transfers: Long,
    /** The root of the log's Merkle tree, in hexadecimal. */
    public val root: String,
    /** The digest of the state, in hexadecimal. */
    public val stateHash: String,
    /** The generation of the new journal. */
    public val generation: Long,
) {
    internal companion object {
        fun read(told: Told): RestoreReport = RestoreReport(
            ok = told.flag("ok"),
            events = told.number("events"),
            of = told.number("of"),
            accounts = told.number("accounts"),
            transfers = told.number("transfers"),
            root = told.text("root"),
            stateHash = told.text("state_hash"),
            generation = told.number("generation"),
        )
    }
}

/** A retention class. */
public data class RetentionView(
    /** Its name. */
    public val name: String,
    /** The years for which the law has data kept after the business relationship ended. */
    public val years: Long,
    /** The law that says so; empty: not said. */
    public val law: String,
    /** When it was defined, or changed last. */
    public val defined: Instant,
) {
    internal companion object {
        fun read(told: Told): RetentionView = RetentionView(
            name = told.text("name"),
            years = told.number("years"),
            law = told.text("law"),
            defined = told.instant("defined"),
        )
    }
}

/** The risk of a customer. */
public data class RiskScore(
    /** The score: a decimal number. */
    public val score: String,
    /** The level that it comes to. */
    public val level: String,
    /** Whether there is to be no business with the customer. */
    public val refuse: Boolean,
    /** What it was made of, point by point, for people. */
    public val explained: List<String>,
    /** The digest of the model. */
    public val model: String,
    /** All of it: the text of a JSON object, whose numbers are exact. */
    public val text: String,
    /** When the information about the customer is to be updated: RFC 3339. */
    public val refreshBy: String?,
) {
    internal companion object {
        fun read(told: Told): RiskScore = RiskScore(
            score = told.text("score"),
            level = told.text("level"),
            refuse = told.flag("refuse"),
            explained = told.texts("explained"),
            model = told.text("model"),
            text = told.text("text"),
            refreshBy = told.textOrNull("refresh_by"),
        )
    }
}

/** A rollup. */
public data class RollupView(
    /** Its name. */
    public val name: String,
    /** How often it was defined. */
    public val version: Long,
    /** Widths of buckets, the finest first. */
    public val levels: List<String>,
    /** How far the watermark is behind the newest trade of a symbol. */
    public val delay: String,
    /** What becomes of trades whose bucket is closed. */
    public val late: LateView,
    /** Digits of prices behind the point. */
    public val priceScale: Long,
    /** Digits of quantities behind the point. */
    public val quantityScale: Long,
    /** How many symbols it has. */
    public val symbols: Long,
    /** How many trades it took, also those that were taken back. */
    public val trades: Long,
    /** For how long after the end of their bucket they are taken in. */
    public val horizon: String?,
    /** Of levels, by their width, how long their buckets are kept. */
    public val keep: Map<String, String>,
    /** The rollup whose trades it is made of. */
    public val of: String?,
    /** By how much buckets begin later, or earlier. */
    public val offset: String?,
    /** What those clocks show where buckets are counted from, if it is not 2000-01-03, or January 2000. */
    public val origin: String?,
    /** The time zone by whose clocks buckets begin, if it is not UTC. */
    public val zone: String?,
) {
    internal companion object {
        fun read(told: Told): RollupView = RollupView(
            name = told.text("name"),
            version = told.number("version"),
            levels = told.texts("levels"),
            delay = told.text("delay"),
            late = told.text("late").let(LateView::of),
            priceScale = told.number("price_scale"),
            quantityScale = told.number("quantity_scale"),
            symbols = told.number("symbols"),
            trades = told.number("trades"),
            horizon = told.textOrNull("horizon"),
            keep = told.map("keep"),
            of = told.textOrNull("of"),
            offset = told.textOrNull("offset"),
            origin = told.textOrNull("origin"),
            zone = told.textOrNull("zone"),
        )
    }
}

/** What verifying found of rollups. */
public data class RollupsReport(
    /** How many rollups there are. */
    public val rollups: Long,
    /** Records of what happened to them. */
    public val records: Long,
    /** The root of the Merkle tree over those, in hexadecimal. */
    public val root: String,
) {
    internal companion object {
        fun read(told: Told): RollupsReport = RollupsReport(
            rollups = told.number("rollups"),
            records = told.number("records"),
            root = told.text("root"),
        )
    }
}

/** The log's size and root. */
public data class Root(
    /** Events in the log. */
    public val events: Long,
    /** The root of their Merkle tree, in hexadecimal. */
    public val root: String,
) {
    internal companion object {
        fun read(told: Told): Root = Root(
            events = told.number("events"),
            root = told.text("root"),
        )
    }
}

/** A row that was not taken. */
public data class RowFaultView(
    /** Which, from zero. */
    public val row: Long,
    /** The field at fault. */
    public val field: String,
    /** What is wrong, and what to do. */
    public val message: String,
) {
    internal companion object {
        fun read(told: Told): RowFaultView = RowFaultView(
            row = told.number("row"),
            field = told.text("field"),
            message = told.text("message"),
        )
    }
}

/** Which rows there are for a principal. */
public data class RowFilter(
    /** Whether all rows, none, or those of which the condition is true. */
    public val rows: FilteredRows,
    /** The condition in PostgreSQL's SQL, with parameters: true or false of every row. It is there for all and for none, too. */
    public val sql: String,
    /** The values of the parameters in their order, each a text or a list of texts: the condition says what they are. */
    public val parameters: List<RowParameter>,
) {
    internal companion object {
        fun read(told: Told): RowFilter = RowFilter(
            rows = told.text("rows").let(FilteredRows::of),
            sql = told.text("sql"),
            parameters = told.list("parameters", RowParameter::read),
        )
    }
}

/** The value of a parameter: one of the two. */
public data class RowParameter(
    /** A text, or an exact decimal as its text. */
    public val text: String?,
    /** A list of them. */
    public val texts: List<String>?,
) {
    internal companion object {
        fun read(told: Told): RowParameter = RowParameter(
            text = told.textOrNull("text"),
            texts = told.textsOrNull("texts"),
        )
    }
}

/** Rules of Ballerine's rule engine as a guard. */
public data class RulesImport(
    /** The guard, a rule of JSON Logic: JSON. */
    public val guard: String,
    /** How JSON Logic takes values of other kinds in it: `javascript`. */
    public val dialect: String,
) {
    internal companion object {
        fun read(told: Told): RulesImport = RulesImport(
            guard = told.text("guard"),
            dialect = told.text("dialect"),
        )
    }
}

/** What a policy that is tried out would have decided. */
public data class ShadowView(
    /** The version that is tried out. */
    public val version: PolicyVersion,
    /** How many decisions it was asked for as well. */
    public val decisions: Long,
    /** How many of these it decides the same way, for the same reasons. */
    public val same: Long,
    /** How many have the same outcome for other reasons, or with other obligations. */
    public val changed: Long,
    /** How many have another outcome. */
    public val flipped: Long,
    /** The newest of those, the newest last. */
    public val flips: List<Flip>,
) {
    internal companion object {
        fun read(told: Told): ShadowView = ShadowView(
            version = told.of("version", PolicyVersion::read),
            decisions = told.number("decisions"),
            same = told.number("same"),
            changed = told.number("changed"),
            flipped = told.number("flipped"),
            flips = told.list("flips", Flip::read),
        )
    }
}

/** Somebody on the register of staff. */
public data class StaffView(
    /** Who. */
    public val person: String,
    /** What they may do; nothing, if they are not on it. */
    public val roles: List<String>,
    /** Whether they are away and are given no work. */
    public val away: Boolean,
    /** How many cases they work on. */
    public val cases: Long,
) {
    internal companion object {
        fun read(told: Told): StaffView = StaffView(
            person = told.text("person"),
            roles = told.texts("roles"),
            away = told.flag("away"),
            cases = told.number("cases"),
        )
    }
}

/** An account's history over a span of time. */
public data class StatementView(
    /** The account's key, or its id. */
    public val account: String,
    /** The code of its asset. */
    public val asset: String,
    /** The balance before the first line. */
    public val opening: Money,
    /** The lines, oldest first. */
    public val entries: List<EntryView>,
    /** The balance after the last line. */
    public val closing: Money,
) {
    internal companion object {
        fun read(told: Told): StatementView = StatementView(
            account = told.text("account"),
            asset = told.text("asset"),
            opening = told.decimal("opening"),
            entries = told.list("entries", EntryView::read),
            closing = told.decimal("closing"),
        )
    }
}

/** How large a ledger is. */
public data class Stats(
    /** Events in the log. */
    public val events: Long,
    /** Accounts. */
    public val accounts: Long,
    /** Transfers. */
    public val transfers: Long,
    /** Holds that are open. */
    public val openHolds: Long,
    /** The newest instant in the log. */
    public val clock: Instant,
    /** The number of the data key with which is encrypted what is written; zero where nothing is. */
    public val dataKey: Long,
) {
    internal companion object {
        fun read(told: Told): Stats = Stats(
            events = told.number("events"),
            accounts = told.number("accounts"),
            transfers = told.number("transfers"),
            openHolds = told.number("open_holds"),
            clock = told.instant("clock"),
            dataKey = told.number("data_key"),
        )
    }
}

/** What looking at every key of a person's found. */
public data class SubjectKeysReport(
    /** People that have a key. */
    public val subjects: Long,
    /** Keys that can be had, the tenant's own among them. */
    public val keys: Long,
    /** Keys that were destroyed. */
    public val destroyed: Long,
    /** Places in the file that were written and are not what was written. */
    public val damaged: Long,
    /** The number of the tenant's key. */
    public val generation: Long,
    /** Keys that are there and cannot be had; the first 1,000. */
    public val lost: List<LostKey>,
    /** How many there are. */
    public val lostCount: Long,
) {
    internal companion object {
        fun read(told: Told): SubjectKeysReport = SubjectKeysReport(
            subjects = told.number("subjects"),
            keys = told.number("keys"),
            destroyed = told.number("destroyed"),
            damaged = told.number("damaged"),
            generation = told.number("generation"),
            lost = told.list("lost", LostKey::read),
            lostCount = told.number("lost_count"),
        )
    }
}

/** Symbols, by name. */
public data class SymbolPage(
    /** The symbols. */
    public val symbols: List<SymbolView>,
    /** The `after` of the next page, if there is one. */
    public val next: String?,
) {
    internal companion object {
        fun read(told: Told): SymbolPage = SymbolPage(
            symbols = told.list("symbols", SymbolView::read),
            next = told.textOrNull("next"),
        )
    }
}

/** A symbol. */
public data class SymbolView(
    /** Its name. */
    public val symbol: String,
    /** What ended by then is closed. */
    public val watermark: Instant,
    /** When that was traded. */
    public val at: Instant?,
    /** Its newest price. */
    public val price: BigDecimal?,
) {
    internal companion object {
        fun read(told: Told): SymbolView = SymbolView(
            symbol = told.text("symbol"),
            watermark = told.instant("watermark"),
            at = told.instantOrNull("at"),
            price = told.exactOrNull("price"),
        )
    }
}

/** What a reply changed. */
public data class SyncDone(
    /** The intents that were resolved. */
    public val intents: List<IntentView>,
    /** The accounts that were told anew, by the names under which they are followed. */
    public val accounts: List<String>,
    /** The accounts that the back end does not show to this customer. */
    public val refused: List<String>,
    /** What was handed in and is resolved. */
    public val handIns: List<HandInView>,
    /** The cases that were told anew, by their keys. */
    public val cases: List<String>,
    /** The cases that the back end does not show to this customer. */
    public val refusedCases: List<String>,
    /** Whether there is more to send or to ask at once. */
    public val more: Boolean,
) {
    internal companion object {
        fun read(told: Told): SyncDone = SyncDone(
            intents = told.list("intents", IntentView::read),
            accounts = told.texts("accounts"),
            refused = told.texts("refused"),
            handIns = told.list("hand_ins", HandInView::read),
            cases = told.texts("cases"),
            refusedCases = told.texts("refused_cases"),
            more = told.flag("more"),
        )
    }
}

/** What a device is told. */
public data class SyncReply(
    /** What became of each intent, in order. */
    public val outcomes: List<IntentOutcome>,
    /** What is new on each account that was asked about and is the customer's. */
    public val accounts: List<AccountNews>,
    /** The accounts that were asked about and are not the customer's, or not there. */
    public val refused: List<String>,
    /** Events in the log when this was read: how new it is. */
    public val events: Long,
    /** The root of the log's Merkle tree, in hexadecimal: of these events, and perhaps of some behind them. */
    public val root: String,
    /** Events that the root is of. */
    public val rootEvents: Long,
    /** The back end's time. */
    public val time: Instant,
    /** How each case stands that was asked about and is the customer's. */
    public val cases: List<CaseNews>?,
    /** What became of each hand-in, in order. */
    public val handedIn: List<HandInOutcome>?,
    /** The cases that were asked about and are not the customer's, or not there. */
    public val refusedCases: List<String>?,
) {
    internal companion object {
        fun read(told: Told): SyncReply = SyncReply(
            outcomes = told.list("outcomes", IntentOutcome::read),
            accounts = told.list("accounts", AccountNews::read),
            refused = told.texts("refused"),
            events = told.number("events"),
            root = told.text("root"),
            rootEvents = told.number("root_events"),
            time = told.instant("time"),
            cases = told.listOrNull("cases", CaseNews::read),
            handedIn = told.listOrNull("handed_in", HandInOutcome::read),
            refusedCases = told.textsOrNull("refused_cases"),
        )
    }
}

/** What became of the rows of a table. */
public data class TableCounts(
    /** Rows. */
    public val rows: Long,
    /** Of them, those that were booked. */
    public val booked: Long,
    /** Those that were booked before. */
    public val replayed: Long,
    /** Those that were left out. */
    public val leftOut: Long,
) {
    internal companion object {
        fun read(told: Told): TableCounts = TableCounts(
            rows = told.number("rows"),
            booked = told.number("booked"),
            replayed = told.number("replayed"),
            leftOut = told.number("left_out"),
        )
    }
}

/** What came out otherwise than in a table. */
public data class TableDifference(
    /** Which table: `accounts`, `transfers`, or `balances` where the accounts were compared in the end. */
    public val table: String,
    /** The row, from one. */
    public val row: Long,
    /** What. */
    public val detail: String,
) {
    internal companion object {
        fun read(told: Told): TableDifference = TableDifference(
            table = told.text("table"),
            row = told.number("row"),
            detail = told.text("detail"),
        )
    }
}

/** What came of tables that were taken in. */
public data class TablesReport(
    /** Whether everything stands in the books as in the tables. */
    public val ok: Boolean,
    /** The rows of the accounts. */
    public val accounts: TableCounts,
    /** The rows of the transfers. */
    public val transfers: TableCounts,
    /** What came out otherwise. */
    public val differences: List<TableDifference>,
    /** Why a table was not read to its end; the rows before it were taken in. */
    public val ended: String?,
) {
    internal companion object {
        fun read(told: Told): TablesReport = TablesReport(
            ok = told.flag("ok"),
            accounts = told.of("accounts", TableCounts::read),
            transfers = told.of("transfers", TableCounts::read),
            differences = told.list("differences", TableDifference::read),
            ended = told.textOrNull("ended"),
        )
    }
}

/** A block that was being written when the power failed. */
public data class TornReport(
    /** The file. */
    public val file: String,
    /** Where in it the block begins. */
    public val byte: Long,
    /** The block's number. */
    public val block: Long,
) {
    internal companion object {
        fun read(told: Told): TornReport = TornReport(
            file = told.text("file"),
            byte = told.number("byte"),
            block = told.number("block"),
        )
    }
}

/** A trade as it was. */
public data class TradeView(
    /** Its symbol. */
    public val symbol: String,
    /** When it was. */
    public val at: Instant,
    /** The number that the market gave it. */
    public val id: String,
    /** The price. */
    public val price: BigDecimal,
    /** How much was traded. */
    public val quantity: BigDecimal,
    /** Who took it, where that is known. */
    public val taker: String?,
) {
    internal companion object {
        fun read(told: Told): TradeView = TradeView(
            symbol = told.text("symbol"),
            at = told.instant("at"),
            id = told.text("id"),
            price = told.exact("price"),
            quantity = told.exact("quantity"),
            taker = told.textOrNull("taker"),
        )
    }
}

/** Transfers in the order asked for, and where the next page begins. */
public data class TransferPage(
    /** The transfers. */
    public val transfers: List<TransferView>,
    /** What the next page comes after; nothing at the end. It stays good whatever is booked. */
    public val next: Long?,
) {
    internal companion object {
        fun read(told: Told): TransferPage = TransferPage(
            transfers = told.list("transfers", TransferView::read),
            next = told.numberOrNull("next"),
        )
    }
}

/** A transfer. */
public data class TransferView(
    /** Its id. */
    public val id: UUID,
    /** The caller's key. */
    public val key: String,
    /** The account that was debited. */
    public val from: String,
    /** The account that was credited. */
    public val to: String,
    /** How much moved, with its asset. */
    public val amount: Money,
    /** What has become of it: `none` for a transfer in one step. */
    public val state: String,
    /** Seconds until a hold runs out. */
    public val timeout: Long,
    /** The caller's code. */
    public val code: Long,
    /** Names of its flags. */
    public val flags: List<String>,
    /** When it was booked. */
    public val timestamp: Instant,
    /** The date that the books give it. */
    public val effectiveDate: LocalDate,
    /** Its place in the log. */
    public val sequence: Long,
    /** The description, where that is public. */
    public val description: String,
    /** The key of the hold that it resolves, or its id. */
    public val hold: String?,
    /** Public metadata. */
    public val metadata: Map<String, String>,
    /** The hold that it resolves. */
    public val pending: UUID?,
    /** The party to which the rest of the description and the metadata is sealed: `read_data` opens it. */
    public val subject: UUID?,
    /** The transaction that it is part of. */
    public val transaction: Long?,
) {
    internal companion object {
        fun read(told: Told): TransferView = TransferView(
            id = told.uuid("id"),
            key = told.text("key"),
            from = told.text("from"),
            to = told.text("to"),
            amount = told.money("amount"),
            state = told.text("state"),
            timeout = told.number("timeout"),
            code = told.number("code"),
            flags = told.texts("flags"),
            timestamp = told.instant("timestamp"),
            effectiveDate = told.text("effective_date").let(LocalDate::parse),
            sequence = told.number("sequence"),
            description = told.textOrEmpty("description"),
            hold = told.textOrNull("hold"),
            metadata = told.map("metadata"),
            pending = told.uuidOrNull("pending"),
            subject = told.uuidOrNull("subject"),
            transaction = told.numberOrNull("transaction"),
        )
    }
}

/** The trial balance of one asset. */
public data class TrialBalanceView(
    /** The code of the asset. */
    public val asset: String,
    /** The accounts. */
    public val lines: List<TrialLineView>,
    /** The sum of the left side. */
    public val debit: Money?,
    /** The sum of the right side. */
    public val credit: Money?,
    /** Whether the sides are equal. */
    public val balanced: Boolean,
) {
    internal companion object {
        fun read(told: Told): TrialBalanceView = TrialBalanceView(
            asset = told.text("asset"),
            lines = told.list("lines", TrialLineView::read),
            debit = told.decimalOrNull("debit"),
            credit = told.decimalOrNull("credit"),
            balanced = told.flag("balanced"),
        )
    }
}

/** One line of a trial balance. */
public data class TrialLineView(
    /** The account's key, or its id. */
    public val account: String,
    /** Its kind. */
    public val kind: AccountKind?,
    /** A balance on the left side. */
    public val debit: Money?,
    /** A balance on the right side. */
    public val credit: Money?,
) {
    internal companion object {
        fun read(told: Told): TrialLineView = TrialLineView(
            account = told.text("account"),
            kind = told.textOrNull("kind")?.let(AccountKind::of),
            debit = told.decimalOrNull("debit"),
            credit = told.decimalOrNull("credit"),
        )
    }
}

/** A decision.  ``` use thalium::policy::{Outcome, Verdict, rego};  let document = rego::Value::from_json(     r#"{"outcome": "review",         "reasons": [{"code": 10001, "rule": "aml/pattern", "audience": "officer", "severity": "high", "message": "looks odd"}],         "obligations": [{"type": "approvals", "role": "compliance_officer", "count": 2}]}"#, )?; let verdict = Verdict::from_rego(&document)?; assert_eq!(verdict.outcome, Outcome::Review); // A document that is not there denies. let joined = verdict.join(Verdict::missing("aml/decision")); assert_eq!((joined.outcome, joined.reasons.len()), (Outcome::Deny, 2)); # Ok::<(), Box<dyn std::error::Error>>(()) ``` */
public data class Verdict(
    /** What is decided. */
    public val outcome: VerdictOutcome,
    /** Why, in the order of the rules. */
    public val reasons: List<Reason>,
    /** What has to be done, in the order of the rules. */
    public val obligations: List<Obligation>,
) {
    internal companion object {
        fun read(told: Told): Verdict = Verdict(
            outcome = told.text("outcome").let(VerdictOutcome::of),
            reasons = told.list("reasons", Reason::read),
            obligations = told.list("obligations", Obligation::read),
        )
    }
}

/** What verifying found. */
public data class VerifyReport(
    /** Always true: what does not fit is a failure. */
    public val ok: Boolean,
    /** Segments of the journal. */
    public val segments: Long,
    /** Blocks in them. */
    public val blocks: Long,
    /** Events in the log. */
    public val events: Long,
    /** Accounts in the books that it leads to. */
    public val accounts: Long,
    /** Transfers in them. */
    public val transfers: Long,
    /** A block at the end that never came whole: it was never acknowledged. */
    public val torn: TornReport?,
    /** The root of the log's Merkle tree, in hexadecimal. */
    public val root: String,
    /** The digest of the state, in hexadecimal. */
    public val stateHash: String,
    /** What was found of its cases, if it has any. */
    public val cases: CasesReport?,
    /** What was found of the decisions on record, if there are any. */
    public val decisions: DecisionsReport?,
    /** What was found of its rollups, if it has any. */
    public val rollups: RollupsReport?,
) {
    internal companion object {
        fun read(told: Told): VerifyReport = VerifyReport(
            ok = told.flag("ok"),
            segments = told.number("segments"),
            blocks = told.number("blocks"),
            events = told.number("events"),
            accounts = told.number("accounts"),
            transfers = told.number("transfers"),
            torn = told.ofOrNull("torn", TornReport::read),
            root = told.text("root"),
            stateHash = told.text("state_hash"),
            cases = told.ofOrNull("cases", CasesReport::read),
            decisions = told.ofOrNull("decisions", DecisionsReport::read),
            rollups = told.ofOrNull("rollups", RollupsReport::read),
        )
    }
}

/** Volumes, oldest first: of each bucket, asset and code of which there are transfers. */
public data class VolumePage(
    /** The volumes. */
    public val volumes: List<VolumeView>,
    /** The from of the next page, if there is one. */
    public val next: Instant?,
) {
    internal companion object {
        fun read(told: Told): VolumePage = VolumePage(
            volumes = told.list("volumes", VolumeView::read),
            next = told.instantOrNull("next"),
        )
    }
}

/** How much was moved in a bucket of time. What is held counts when it is captured. */
public data class VolumeView(
    /** When the bucket begins. */
    public val start: Instant,
    /** When the next begins. */
    public val end: Instant,
    /** The code of the asset. */
    public val asset: String,
    /** The code of the transfers. */
    public val code: Long,
    /** How many. */
    public val transfers: Long,
    /** What was debited. */
    public val debits: Money,
    /** What was credited. */
    public val credits: Money,
) {
    internal companion object {
        fun read(told: Told): VolumeView = VolumeView(
            start = told.instant("start"),
            end = told.instant("end"),
            asset = told.text("asset"),
            code = told.number("code"),
            transfers = told.number("transfers"),
            debits = told.decimal("debits"),
            credits = told.decimal("credits"),
        )
    }
}

/** What a machine-readable zone says of a document, and nothing of whom it was issued to: neither its number nor names nor days of birth. */
public data class ZoneNote(
    /** `TD1`, `TD2`, `TD3`, `MRV-A` or `MRV-B`. */
    public val format: String,
    /** The document code, such as `P`. */
    public val documentCode: String,
    /** Who issued it: a code of ICAO 9303, as it stands. */
    public val issuer: String,
    /** The check digits that do not hold; none of one that was read as it was printed. */
    public val wrong: List<String>,
    /** The last day on which it is valid, `YYYY-MM-DD`. */
    public val expires: String?,
) {
    internal companion object {
        fun read(told: Told): ZoneNote = ZoneNote(
            format = told.text("format"),
            documentCode = told.text("document_code"),
            issuer = told.text("issuer"),
            wrong = told.texts("wrong"),
            expires = told.textOrNull("expires"),
        )
    }
}
