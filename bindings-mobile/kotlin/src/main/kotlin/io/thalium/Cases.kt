package io.thalium

import java.time.Instant
import kotlinx.coroutines.flow.Flow
import kotlinx.serialization.json.JsonObject

/**
 * By whom something is done to a case, and when.
 *
 * @property actor Who asks; by default who opened the ledger. Their roles are those of the register of staff.
 * @property requestId The caller's id of the request: the same request is not done twice.
 * @property now The instant; by default the clock's.
 */
public data class By(public val actor: String? = null, public val requestId: String? = null, public val now: Instant? = null) {
    internal fun fields(): Array<Pair<String, Any?>> = arrayOf("actor" to actor, "request_id" to requestId, "now" to now)

    internal companion object {
        val DEFAULT = By()
    }
}

/**
 * Which cases; all that is said must hold. See [Cases.list].
 *
 * @property queue Those that wait in this queue.
 * @property assignee Those that this person works on.
 * @property unassigned Those on which nobody works.
 * @property kind Those of this kind.
 * @property party Those about this party, as it was named when they were opened.
 * @property parent Those that were opened for this case.
 * @property status Those that stand so.
 * @property overdue Those that have waited too long.
 * @property snoozed Those that rest, too: where a [queue] is asked for, they are left out otherwise.
 */
public data class CaseQuery(
    public val queue: String? = null,
    public val assignee: String? = null,
    public val unassigned: Boolean = false,
    public val kind: String? = null,
    public val party: String? = null,
    public val parent: String? = null,
    public val status: CaseStatus? = null,
    public val overdue: Boolean = false,
    public val snoozed: Boolean = false,
) {
    internal fun fields(): Array<Pair<String, Any?>> = arrayOf(
        "queue" to queue, "assignee" to assignee, "unassigned" to unassigned.takeIf { it }, "kind" to kind, "party" to party,
        "parent" to parent, "status" to status?.wire, "overdue" to overdue.takeIf { it }, "snoozed" to snoozed.takeIf { it },
    )
}

/**
 * What people do with cases that run on charts: they wait in queues, ask for documents, and are decided by several people on the same evidence.
 *
 * A refusal is a value, [Case.Outcome], with a code; exceptions are calls that mean nothing, a ledger that was opened to read, and the disk.
 *
 * ```
 * val seen = t.cases.get("c-1").evidenceDigest
 * val voted = t.cases.decide("c-1", "approve", seen, listOf("fine"), by = By("ann"))
 * if (!voted.ok) println("${voted.code}: ${voted.reason}")
 * ```
 *
 * Data is the text of a JSON object, a `JsonElement`, or a `Map` of what is JSON in Kotlin's own types, as a [Chart] takes it: a `Double` is
 * refused.
 */
public class Cases internal constructor(private val of: Thalium) {
    private suspend fun changed(
        case: String,
        what: String,
        by: By,
        vararg fields: Pair<String, Any?>,
        data: Any? = null,
    ): Case.Outcome = Case.Outcome.read(
        of.one(
            request(
                "change_case", "case" to case, "change" to JsonObject(json(mapOf("do" to what, *fields))), "data" to Input.json(data, "data"),
                *by.fields(),
            ),
        ),
    )

    /**
     * Defines a kind of case, or defines it anew: cases that are there stay with the version that they were opened in. It throws
     * [ChartException] with all that is wrong, by row, column and path.
     *
     * @param kind The kind: JSON or YAML.
     * @param charts The texts of its chart and of those that it invokes: JSON, YAML or SCXML.
     * @param policy The policy that guards ask (`{"rego": PATH}`): its files are kept with the kind.
     * @param dialect How JSON Logic takes values of other kinds.
     * @param actor Who defines it; by default who opened the ledger.
     * @param now The instant; by default the clock's.
     */
    public suspend fun define(
        kind: String,
        charts: List<String>,
        policy: PolicyBundle? = null,
        dialect: ChartDialect = ChartDialect.STRICT,
        actor: String? = null,
        now: Instant? = null,
    ): KindView = KindView.read(
        of.one(
            request(
                "define_cases",
                "kind" to kind,
                "charts" to charts,
                "policy" to policy?.json,
                "dialect" to dialect.wire,
                "actor" to actor,
                "now" to now,
            ),
        ),
    )

    /** The kinds of cases, each in its newest version. */
    public suspend fun kinds(): List<KindView> = Told.several(of.ask(request("list_kinds")), KindView::read)

    /**
     * Puts somebody on the register of staff, with other roles, or off it.
     *
     * @param person Who.
     * @param roles What they may do. Without any they are taken off the register.
     * @param away Whether they are away and are given no work.
     * @param actor Who says so; by default who opened the ledger.
     * @param now The instant; by default the clock's.
     */
    public suspend fun setStaff(
        person: String,
        roles: List<String>,
        away: Boolean = false,
        actor: String? = null,
        now: Instant? = null,
    ): StaffView = StaffView.read(
        of.one(request("set_staff", "person" to person, "roles" to roles, "away" to away, "actor" to actor, "now" to now)),
    )

    /** The register of staff, by name. */
    public suspend fun staff(): List<StaffView> = Told.several(of.ask(request("list_staff")), StaffView::read)

    /**
     * Opens a case.
     *
     * @param case Its key: the caller's own. In the clear.
     * @param kind The kind that it is of.
     * @param data The variables that it begins with, by name.
     * @param party Whom it is about, by the party's key or id: the case is sealed with the party's own key.
     * @param retention The retention class that says how long a law has it kept; left out, it is held by consent.
     * @param parent The case that it is opened for, by its key.
     * @param by By whom, and when.
     */
    public suspend fun open(
        case: String,
        kind: String,
        data: Any? = null,
        party: String? = null,
        retention: String? = null,
        parent: String? = null,
        by: By = By.DEFAULT,
    ): Case.Outcome = changed(case, "open", by, "kind" to kind, "party" to party, "retention" to retention, "parent" to parent, data = data)

    /**
     * Gives an event to the chart of a case.
     *
     * @param case The case.
     * @param event The event's name.
     * @param data What it carries.
     * @param session The session below the case that it is for.
     * @param invokeId The service that tells it, by the id that it was invoked under.
     * @param by By whom, and when.
     */
    public suspend fun send(
        case: String,
        event: String,
        data: Any? = null,
        session: String? = null,
        invokeId: String? = null,
        by: By = By.DEFAULT,
    ): Case.Outcome = changed(case, "send", by, "event" to event, "session" to session, "invoke_id" to invokeId, data = data)

    /**
     * Delivers the callback of a provider. The case knows which came before ([Case.Outcome.replayed]: nothing is done) and which was overtaken by a
     * newer one ([Case.Outcome.late]: it is in the log, and the chart does not hear it), so every delivery can be handed on as it comes.
     *
     * @param case The case; also one that has ended.
     * @param data What was read of it: [Callback.data].
     * @param body Its body, as it came, to be kept in the log, sealed to whom the case is about.
     * @param by By whom, and when.
     */
    public suspend fun callback(case: String, data: Any?, body: String? = null, by: By = By.DEFAULT): Case.Outcome =
        changed(case, "callback", by, "body" to body, data = data)

    /** Lets time pass for a case: what is due happens. */
    public suspend fun advance(case: String, by: By = By.DEFAULT): Case.Outcome = changed(case, "advance", by)

    /** Has somebody work on a case. */
    public suspend fun assign(case: String, to: String, by: By = By.DEFAULT): Case.Outcome = changed(case, "assign", by, "to" to to)

    /** Has who asks work on a case. */
    public suspend fun claim(case: String, by: By = By.DEFAULT): Case.Outcome = changed(case, "claim", by)

    /** Has nobody work on a case any more. */
    public suspend fun release(case: String, by: By = By.DEFAULT): Case.Outcome = changed(case, "release", by)

    /** Writes something down. */
    public suspend fun note(case: String, text: String, by: By = By.DEFAULT): Case.Outcome = changed(case, "note", by, "text" to text)

    /**
     * Has a case rest until an instant, for a reason.
     *
     * @param pause Whether its time rests, too: its timers are due as their `restore` says when it goes on, which it does when anything but a
     * note is done to it.
     */
    public suspend fun snooze(case: String, until: Instant, why: String, by: By = By.DEFAULT, pause: Boolean = false): Case.Outcome =
        changed(case, "snooze", by, "until" to until, "why" to why, "pause" to pause.takeIf { it })

    /** Has a case rest no more. */
    public suspend fun wake(case: String, by: By = By.DEFAULT): Case.Outcome = changed(case, "wake", by)

    /** Asks for a document. */
    public suspend fun requestDocument(case: String, document: String, why: String? = null, by: By = By.DEFAULT): Case.Outcome =
        changed(case, "request_document", by, "document" to document, "why" to why)

    /**
     * Hands in a document.
     *
     * @param case The case.
     * @param document Which.
     * @param hash The SHA-256 of its bytes, in hexadecimal.
     * @param file Where the host keeps it.
     * @param validUntil When it is not valid any more.
     * @param data What the chart is told with it.
     * @param by By whom, and when.
     */
    public suspend fun submitDocument(
        case: String,
        document: String,
        hash: String,
        file: String? = null,
        validUntil: Instant? = null,
        data: Any? = null,
        by: By = By.DEFAULT,
    ): Case.Outcome = changed(
        case, "submit_document", by, "document" to document, "hash" to hash, "file" to file, "valid_until" to validUntil, data = data,
    )

    /**
     * Says what somebody found who looked at a document.
     *
     * @param case The case.
     * @param document Which.
     * @param finding What they found.
     * @param seen The SHA-256 of the document that they saw, in hexadecimal.
     * @param reasons The reason codes.
     * @param validUntil When it is not valid any more, if that is known only now.
     * @param data What the chart is told with it.
     * @param by By whom, and when.
     */
    public suspend fun decideDocument(
        case: String,
        document: String,
        finding: DocumentFinding,
        seen: String,
        reasons: List<String> = emptyList(),
        validUntil: Instant? = null,
        data: Any? = null,
        by: By = By.DEFAULT,
    ): Case.Outcome = changed(
        case, "decide_document", by, "document" to document, "finding" to finding.wire, "seen" to seen, "reasons" to reasons,
        "valid_until" to validUntil, data = data,
    )

    /**
     * Puts evidence to a case, such as a report.
     *
     * @param case The case.
     * @param name Its name in the case; what has that name is replaced.
     * @param hash The SHA-256 of its bytes, in hexadecimal.
     * @param file Where the host keeps it.
     * @param by By whom, and when.
     */
    public suspend fun attach(case: String, name: String, hash: String, file: String? = null, by: By = By.DEFAULT): Case.Outcome =
        changed(case, "attach", by, "name" to name, "hash" to hash, "file" to file)

    /**
     * Votes for a decision.
     *
     * @param case The case.
     * @param decision Which.
     * @param seen The digest of the evidence that was seen: [Case.evidenceDigest].
     * @param reasons The reason codes.
     * @param comment What is said about it.
     * @param data What the chart is told with it.
     * @param by By whom, and when.
     */
    public suspend fun decide(
        case: String,
        decision: String,
        seen: String,
        reasons: List<String> = emptyList(),
        comment: String? = null,
        data: Any? = null,
        by: By = By.DEFAULT,
    ): Case.Outcome =
        changed(case, "decide", by, "decision" to decision, "seen" to seen, "reasons" to reasons, "comment" to comment, data = data)

    /** Takes the votes back that were given for a decision that is pending. */
    public suspend fun returnDecision(case: String, why: String, by: By = By.DEFAULT): Case.Outcome = changed(case, "return", by, "why" to why)

    /**
     * Decides something beside the rules, for a time.
     *
     * @param case The case.
     * @param why Why.
     * @param until Until when.
     * @param data What the chart is told with it.
     * @param by By whom, and when.
     */
    public suspend fun override(case: String, why: String, until: Instant, data: Any? = null, by: By = By.DEFAULT): Case.Outcome =
        changed(case, "override", by, "why" to why, "until" to until, data = data)

    /** Moves a case to another queue. */
    public suspend fun escalate(case: String, queue: String, why: String, by: By = By.DEFAULT): Case.Outcome =
        changed(case, "escalate", by, "queue" to queue, "why" to why)

    /** Begins a case again that has ended. */
    public suspend fun reopen(case: String, why: String, by: By = By.DEFAULT): Case.Outcome = changed(case, "reopen", by, "why" to why)

    /** Ends a case from outside. */
    public suspend fun cancel(case: String, why: String, by: By = By.DEFAULT): Case.Outcome = changed(case, "cancel", by, "why" to why)

    /**
     * Has a case go on in the newest version of its kind. [rehearseMigration] tells before what would become of all of them.
     *
     * @param case The case.
     * @param map The map from the old version to the new: JSON or YAML.
     * @param by By whom, and when.
     */
    public suspend fun migrate(case: String, map: String, by: By = By.DEFAULT): Case.Outcome = changed(case, "migrate", by, "map" to map)

    /**
     * Lets time pass for all cases: what is due happens, in the order in which it is due.
     *
     * @param limit How many cases change at most: 1,000 by default, up to 100,000.
     * @param actor Who asks; by default who opened the ledger.
     * @param now The instant; by default the clock's.
     */
    public suspend fun advanceAll(limit: Int? = null, actor: String? = null, now: Instant? = null): Advanced =
        Advanced.read(of.one(request("advance_cases", "limit" to limit, "actor" to actor, "now" to now)))

    /**
     * A case. It throws `invalid` where there is none, or whom it is about was forgotten.
     *
     * @param case Its key.
     * @param open Opens what is sealed, for a reason; without it that is left out.
     */
    public suspend fun get(case: String, open: OpenSealed? = null): Case =
        Case.read(of.one(request("get_case", "case" to case, "open" to open?.json())))

    /**
     * A page of the cases that match, by key, or those of a queue, the oldest first; its `next` is what the next page comes [after]. What is
     * sealed is not told.
     *
     * @param query Which.
     * @param after The `next` of the page before.
     * @param limit How many at most.
     * @param now The instant by which something is overdue; by default the clock's.
     */
    public suspend fun page(query: CaseQuery = CaseQuery(), after: String? = null, limit: Int? = null, now: Instant? = null): Found =
        Found.read(of.one(request("list_cases", *query.fields(), "after" to after, "limit" to limit, "now" to now)))

    /** The cases that match, by key, or those of a queue, the oldest first; see [page]. */
    public fun list(query: CaseQuery = CaseQuery(), now: Instant? = null): Flow<Case> =
        pagesAfter<Case, String> { after -> page(query, after, PAGE, now).let { Page(it.cases, it.next) } }

    /** The queues in which cases wait, with what waits too long at an instant; by default the clock's. */
    public suspend fun queues(now: Instant? = null): List<Queue> = Told.several(of.ask(request("list_queues", "now" to now)), Queue::read)

    /**
     * A page of what happened to cases, the oldest first: an outbox as well, since what the host is to do stands in it. Its `next` is what the
     * next page comes [after].
     *
     * @param case Only what happened to this case.
     * @param after The `next` of the page before.
     * @param limit How many entries at most.
     * @param open Opens what is sealed, for a reason; without it that is left out.
     */
    public suspend fun logPage(case: String? = null, after: Long? = null, limit: Int? = null, open: OpenSealed? = null): Log =
        Log.read(of.one(request("case_log", "case" to case, "after" to after, "limit" to limit, "open" to open?.json())))

    /** What happened to cases, the oldest first; see [logPage]. What is sealed is opened, and read on record, page by page. */
    public fun log(case: String? = null, open: OpenSealed? = null): Flow<Case.Entry> =
        pages { after -> logPage(case, after, PAGE, open).let { Page(it.entries, it.next) } }

    /** What a back office is asked at the end of a day, for an instant; by default the clock's. */
    public suspend fun report(now: Instant? = null): Report = Report.read(of.one(request("case_report", "now" to now)))

    /** Decides all cases once more from their log: everything has to come to the same, to the byte. */
    public suspend fun replay(): CasesReplayed = CasesReplayed.read(of.one(request("replay_cases")))

    /** A picture of a case as text: its chart, with the active states brought out. */
    public suspend fun draw(case: String, format: DrawFormat = DrawFormat.SVG): String =
        ChartText.read(of.one(request("draw_case", "case" to case, "format" to format.wire))).text

    /**
     * What would become of the cases of a kind that are not in its newest version yet, if they were moved by a map: each is tried, and nothing
     * is changed.
     *
     * @param kind The kind of case.
     * @param map The map from the old version to the new: JSON or YAML.
     * @param actor Who asks; by default who opened the ledger.
     * @param now The instant; by default the clock's.
     */
    public suspend fun rehearseMigration(kind: String, map: String, actor: String? = null, now: Instant? = null): MigrationRehearsed =
        MigrationRehearsed.read(of.one(request("rehearse_migration", "kind" to kind, "map" to map, "actor" to actor, "now" to now)))

    /**
     * What came of letting time pass.
     *
     * @property changed How many cases changed.
     * @property effects What the host is to do, in order.
     * @property refused The cases that refused: each stands as it was, and is due still.
     * @property more Whether more is due.
     */
    public data class Advanced(
        public val changed: Long,
        public val effects: List<Case.Effect>,
        public val refused: List<Case.Outcome>,
        public val more: Boolean,
    ) {
        internal companion object {
            fun read(told: Told): Advanced = Advanced(
                told.number("changed"), told.list("effects", Case.Effect::read), told.list("refused", Case.Outcome::read), told.flag("more"),
            )
        }
    }

    /**
     * Some cases.
     *
     * @property cases The cases.
     * @property next What the next page comes after, where there are more.
     */
    public data class Found(public val cases: List<Case>, public val next: String?) {
        internal companion object {
            fun read(told: Told): Found = Found(told.list("cases", Case::read), told.textOrNull("next"))
        }
    }

    /**
     * Some of the log of cases.
     *
     * @property entries What happened, the oldest first.
     * @property next What the next page comes after, where there is more.
     */
    public data class Log(public val entries: List<Case.Entry>, public val next: Long?) {
        internal companion object {
            fun read(told: Told): Log = Log(told.list("entries", Case.Entry::read), told.numberOrNull("next"))
        }
    }

    /**
     * A queue in which cases wait.
     *
     * @property queue Its name.
     * @property waiting How many cases wait in it, without those that rest.
     * @property unassigned How many of them nobody works on.
     * @property overdue How many of them have waited too long.
     * @property oldest Since when the oldest waits, also of those that rest.
     * @property snoozed How many rest.
     */
    public data class Queue(
        public val queue: String,
        public val waiting: Long,
        public val unassigned: Long,
        public val overdue: Long,
        public val oldest: Instant?,
        public val snoozed: Long,
    ) {
        internal companion object {
            fun read(told: Told): Queue = Queue(
                told.text("queue"), told.number("waiting"), told.number("unassigned"), told.number("overdue"),
                told.textOrNull("oldest")?.ifEmpty { null }?.let(Instant::parse), told.number("snoozed"),
            )
        }
    }

    /**
     * How cases stand at an instant.
     *
     * @property at The instant.
     * @property queues The cases that wait for people, by kind and queue.
     * @property kinds What became of the cases of each kind.
     * @property people Who works on what and voted for what.
     * @property decisions What was decided, by kind and decision.
     * @property documents How documents stand, by kind and name.
     */
    public data class Report(
        public val at: Instant,
        public val queues: List<Waiting>,
        public val kinds: List<KindReport>,
        public val people: List<PersonReport>,
        public val decisions: List<DecisionReport>,
        public val documents: List<DocumentReport>,
    ) {
        internal companion object {
            fun read(told: Told): Report = Report(
                told.instant("at"), told.list("queues", Waiting::read), told.list("kinds", KindReport::read),
                told.list("people", PersonReport::read), told.list("decisions", DecisionReport::read),
                told.list("documents", DocumentReport::read),
            )
        }
    }

    /**
     * What waits in a queue, and for how long.
     *
     * @property kind The kind of case.
     * @property queue The queue.
     * @property cases How many cases wait in it.
     * @property underADay How many of them less than a day.
     * @property oneToThreeDays How many one to three days.
     * @property threeToSevenDays How many three to seven days.
     * @property sevenToThirtyDays How many seven to thirty days.
     * @property thirtyDaysOrMore How many thirty days or more.
     * @property oldest Since when the oldest does.
     * @property overdue How many have waited too long.
     * @property unassigned On how many nobody works.
     * @property snoozed How many rest.
     */
    public data class Waiting(
        public val kind: String,
        public val queue: String,
        public val cases: Long,
        public val underADay: Long,
        public val oneToThreeDays: Long,
        public val threeToSevenDays: Long,
        public val sevenToThirtyDays: Long,
        public val thirtyDaysOrMore: Long,
        public val oldest: Instant?,
        public val overdue: Long,
        public val unassigned: Long,
        public val snoozed: Long,
    ) {
        internal companion object {
            fun read(told: Told): Waiting = Waiting(
                told.text("kind"), told.text("queue"), told.number("cases"), told.number("under_a_day"), told.number("one_to_three_days"),
                told.number("three_to_seven_days"), told.number("seven_to_thirty_days"), told.number("thirty_days_or_more"),
                told.instantOrNull("oldest"), told.number("overdue"), told.number("unassigned"), told.number("snoozed"),
            )
        }
    }
}
