package io.thalium

import java.time.Instant
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject

/** How a case stands. */
public enum class CaseStatus(
    /** Its name in requests and answers. */
    public val wire: String,
) {
    /** It goes on. */
    OPEN("open"),

    /** It came to its end. */
    ENDED("ended"),

    /** It was ended from outside. */
    CANCELLED("cancelled"),
    ;

    internal companion object {
        fun of(wire: String): CaseStatus = entries.first { it.wire == wire }
    }
}

/** How a document of a case stands. */
public enum class DocumentStanding(
    /** Its name in answers. */
    public val wire: String,
) {
    /** It is asked for. */
    REQUESTED("requested"),

    /** It was handed in. */
    SUBMITTED("submitted"),

    /** It is good. */
    APPROVED("approved"),

    /** It is not. */
    REJECTED("rejected"),

    /** It did not come in time, or is not valid any more. */
    EXPIRED("expired"),
    ;

    internal companion object {
        fun of(wire: String): DocumentStanding = entries.first { it.wire == wire }
    }
}

/** What somebody found who looked at a document. */
public enum class DocumentFinding(
    /** Its name in requests. */
    public val wire: String,
) {
    /** It is good. */
    APPROVE("approve"),

    /** It is not. */
    REJECT("reject"),

    /** It is to be handed in again. */
    REVISE("revise"),
}

/**
 * A case.
 *
 * @property case Its key.
 * @property kind The kind that it is of.
 * @property definition The digest of the version of the kind that it is pinned to.
 * @property version How often it changed.
 * @property status How it stands.
 * @property states The active states of its chart without children, in document order.
 * @property party Whom it is about.
 * @property parent The case that it was opened for.
 * @property openedAt When it was opened.
 * @property openedBy By whom.
 * @property changedAt When it changed last.
 * @property endedAt When it ended.
 * @property reopened How often it was opened again.
 * @property place Where it waits, if it waits for people.
 * @property assignee Who works on it.
 * @property snoozedUntil Until when it rests.
 * @property pausedAt Since when its time rests, too.
 * @property nextDue When the next of what waits in it is due: [Cases.advance] and [Cases.advanceAll] from then on have it happen.
 * @property evidenceDigest The digest of all that a decision rests on: who votes says which they saw.
 * @property documents Its documents, by name.
 * @property evidence Other evidence, by name.
 * @property pending The decision that is pending.
 * @property decided What was decided, the oldest first.
 * @property overrides What was decided beside the rules and holds.
 * @property standing What its kind tells the register of parties of whom it is about.
 * @property data Its variables; nothing where it is sealed and was not opened. Numbers stand as they are written:
 * `it.jsonPrimitive.content.toBigDecimal()` is exact, and `it.jsonPrimitive.double` is not.
 * @property sealed Whether it is sealed to whom it is about.
 * @property withheld Why what is sealed is not told, though it was asked for.
 */
public data class Case(
    public val case: String,
    public val kind: String,
    public val definition: String,
    public val version: Long,
    public val status: CaseStatus,
    public val states: List<String>,
    public val party: String?,
    public val parent: String?,
    public val openedAt: Instant,
    public val openedBy: String,
    public val changedAt: Instant,
    public val endedAt: Instant?,
    public val reopened: Long,
    public val place: Place?,
    public val assignee: String?,
    public val snoozedUntil: Instant?,
    public val pausedAt: Instant?,
    public val nextDue: Instant?,
    public val evidenceDigest: String,
    public val documents: List<Document>,
    public val evidence: List<Evidence>,
    public val pending: Decision?,
    public val decided: List<Decision>,
    public val overrides: List<Override>,
    public val standing: CaseStanding?,
    public val data: JsonObject?,
    public val sealed: Boolean,
    public val withheld: String?,
) {
    /**
     * Where a case waits.
     *
     * @property queue The queue.
     * @property since Since when.
     * @property due Until when it may.
     * @property from The queue that it belongs to by its kind, if it went on from there.
     * @property waitsSince Since when it waits for what is to be done, in whichever queue.
     */
    public data class Place(
        public val queue: String,
        public val since: Instant,
        public val due: Instant?,
        public val from: String?,
        public val waitsSince: Instant,
    ) {
        internal companion object {
            fun read(told: Told): Place = Place(
                told.text("queue"), told.instant("since"), told.instantOrNull("due"), told.textOrNull("from"), told.instant("waits_since"),
            )
        }
    }

    /**
     * A document of a case.
     *
     * @property document Which.
     * @property standing How it stands.
     * @property since Since when.
     * @property due Until when it is to be handed in.
     * @property attempts How often it was handed in.
     * @property hash The SHA-256 of what was handed in last.
     * @property file Where the host keeps that; nothing where the case is sealed and was not opened.
     * @property validUntil When it is not valid any more.
     * @property reasons Why it is asked for, or is not good.
     * @property by Who handed it in.
     */
    public data class Document(
        public val document: String,
        public val standing: DocumentStanding,
        public val since: Instant,
        public val due: Instant?,
        public val attempts: Long,
        public val hash: String?,
        public val file: String?,
        public val validUntil: Instant?,
        public val reasons: List<String>,
        public val by: String?,
    ) {
        internal companion object {
            fun read(told: Told): Document = Document(
                told.text("document"), DocumentStanding.of(told.text("standing")), told.instant("since"), told.instantOrNull("due"),
                told.number("attempts"), told.textOrNull("hash"), told.textOrNull("file"), told.instantOrNull("valid_until"),
                told.texts("reasons"), told.textOrNull("by"),
            )
        }
    }

    /**
     * Something that a decision rests on.
     *
     * @property name Its name.
     * @property hash The SHA-256 of its bytes.
     * @property file Where the host keeps it; nothing where the case is sealed and was not opened.
     * @property since Since when it is there.
     * @property by Who brought it.
     */
    public data class Evidence(
        public val name: String,
        public val hash: String,
        public val file: String?,
        public val since: Instant,
        public val by: String,
    ) {
        internal companion object {
            fun read(told: Told): Evidence =
                Evidence(told.text("name"), told.text("hash"), told.textOrNull("file"), told.instant("since"), told.text("by"))
        }
    }

    /**
     * A decision, with its votes.
     *
     * @property decision Which.
     * @property at When it was taken; nothing while it is pending.
     * @property seen The digest of the evidence that it rests on.
     * @property votes The votes, the first first.
     */
    public data class Decision(
        public val decision: String,
        public val at: Instant?,
        public val seen: String,
        public val votes: List<Vote>,
    ) {
        internal companion object {
            fun read(told: Told): Decision =
                Decision(told.text("decision"), told.instantOrNull("at"), told.text("seen"), told.list("votes", Vote::read))
        }
    }

    /**
     * A vote.
     *
     * @property by Whose.
     * @property role As what.
     * @property at When.
     * @property reasons With which reason codes.
     */
    public data class Vote(public val by: String, public val role: String, public val at: Instant, public val reasons: List<String>) {
        internal companion object {
            fun read(told: Told): Vote = Vote(told.text("by"), told.text("role"), told.instant("at"), told.texts("reasons"))
        }
    }

    /**
     * What was decided beside the rules.
     *
     * @property by By whom.
     * @property why Why; nothing where the case is sealed and was not opened.
     * @property since Since when.
     * @property until Until when.
     */
    public data class Override(public val by: String, public val why: String?, public val since: Instant, public val until: Instant) {
        internal companion object {
            fun read(told: Told): Override =
                Override(told.text("by"), told.textOrNull("why"), told.instant("since"), told.instant("until"))
        }
    }

    /**
     * What came of something that was done to a case. A refusal is a value: it is not [ok], and has changed nothing.
     *
     * @property ok Whether it was done.
     * @property case The case, by its key.
     * @property code Why it was not done: a code, a promise.
     * @property reason The same in words, with what to do.
     * @property heard Whether the chart heard what it was told; true where it was told nothing.
     * @property replayed Whether the same request was done before, or the same callback came before: nothing was done now.
     * @property late Whether a callback was overtaken by a newer one about the same check: it is in the log, and the chart did not hear it.
     * @property effects What the host is to do, in order. It stands in the log of the case, too.
     * @property now What the case is now; nothing where it was refused.
     */
    public data class Outcome(
        public val ok: Boolean,
        public val case: String,
        public val code: String?,
        public val reason: String?,
        public val heard: Boolean,
        public val replayed: Boolean,
        public val late: Boolean,
        public val effects: List<Effect>,
        public val now: Case?,
    ) {
        internal companion object {
            fun read(told: Told): Outcome = Outcome(
                told.flag("ok"), told.text("case"), told.textOrNull("code"), told.textOrNull("reason"), told.flag("heard"),
                told.flag("replayed"), told.flag("late"), told.list("effects", Effect::read), told.ofOrNull("now", Case::read),
            )
        }
    }

    /**
     * Something that a case asks for.
     *
     * @property case The case, by its key.
     * @property effect What its chart asks for.
     */
    public data class Effect(public val case: String, public val effect: SessionEffect) {
        internal companion object {
            fun read(told: Told): Effect = Effect(told.text("case"), SessionEffect.of(told.of("effect", ChartEffect::read)))
        }
    }

    /**
     * Something that happened to cases.
     *
     * @property number Its number in the log.
     * @property at When.
     * @property actor Who asked.
     * @property requestId The caller's id of the request.
     * @property what What: the name of what was done to a case, or `define` or `staff`.
     * @property case The case, by its key.
     * @property version Which of its changes.
     * @property asked What was asked; nothing where it is sealed and was not opened. Numbers stand as they are written.
     * @property steps What happened in the chart, step by step; nothing where it is sealed and was not opened. Numbers stand as they are written.
     * @property session The SHA-256 of the session that it led to.
     * @property definition The SHA-256 of the version of the kind, with its charts, that the case was in.
     * @property evidence The SHA-256 of the evidence that the case had then.
     * @property sealed Whether it is sealed.
     * @property withheld Why what is sealed is not told, though it was asked for.
     */
    public data class Entry(
        public val number: Long,
        public val at: Instant,
        public val actor: String,
        public val requestId: String?,
        public val what: String,
        public val case: String?,
        public val version: Long?,
        public val asked: JsonObject?,
        public val steps: JsonArray?,
        public val session: String?,
        public val definition: String?,
        public val evidence: String?,
        public val sealed: Boolean,
        public val withheld: String?,
    ) {
        internal companion object {
            fun read(told: Told): Entry = Entry(
                told.number("number"), told.instant("at"), told.text("actor"), told.textOrNull("request_id"), told.text("do"),
                told.textOrNull("case"), told.numberOrNull("version"), told.jsonOrNull("asked")?.jsonObject, told.jsonOrNull("steps")?.jsonArray,
                told.textOrNull("session"), told.textOrNull("definition"), told.textOrNull("evidence"), told.flag("sealed"),
                told.textOrNull("withheld"),
            )
        }
    }

    internal companion object {
        fun read(told: Told): Case = Case(
            case = told.text("case"),
            kind = told.text("kind"),
            definition = told.text("definition"),
            version = told.number("version"),
            status = CaseStatus.of(told.text("status")),
            states = told.texts("states"),
            party = told.textOrNull("party"),
            parent = told.textOrNull("parent"),
            openedAt = told.instant("opened_at"),
            openedBy = told.text("opened_by"),
            changedAt = told.instant("changed_at"),
            endedAt = told.instantOrNull("ended_at"),
            reopened = told.number("reopened"),
            place = told.ofOrNull("place", Place::read),
            assignee = told.textOrNull("assignee"),
            snoozedUntil = told.instantOrNull("snoozed_until"),
            pausedAt = told.instantOrNull("paused_at"),
            nextDue = told.instantOrNull("next_due"),
            evidenceDigest = told.text("evidence_digest"),
            documents = told.list("documents", Document::read),
            evidence = told.list("evidence", Evidence::read),
            pending = told.ofOrNull("pending", Decision::read),
            decided = told.list("decided", Decision::read),
            overrides = told.list("overrides", Override::read),
            standing = told.ofOrNull("standing", CaseStanding::read),
            data = told.jsonOrNull("data")?.jsonObject,
            sealed = told.flag("sealed"),
            withheld = told.textOrNull("withheld"),
        )
    }
}

/** What stands in a field as the text of JSON. */
internal fun Told.jsonOrNull(name: String): JsonElement? = textOrNull(name)?.let(Json::parseToJsonElement)
