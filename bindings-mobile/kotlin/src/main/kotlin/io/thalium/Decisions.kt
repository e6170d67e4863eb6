package io.thalium

import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

/**
 * Which decisions; all that is said must hold. See [Thalium.listDecisions].
 *
 * @property decisionId The decision of this id.
 * @property path Those of this path, such as `aml/verdict`.
 * @property policy Those by the policy that was loaded under this name.
 * @property outcome Those with this outcome.
 * @property subject Those about this party, by key or id.
 * @property concerns Those about this, by the caller's own key.
 * @property from From this RFC 3339 instant or date on.
 * @property until Before this instant, or up to this date.
 */
public data class DecisionQuery(
    public val decisionId: String? = null,
    public val path: String? = null,
    public val policy: String? = null,
    public val outcome: VerdictOutcome? = null,
    public val subject: String? = null,
    public val concerns: String? = null,
    public val from: String? = null,
    public val until: String? = null,
) {
    internal fun fields(): Array<Pair<String, Any?>> = arrayOf(
        "decision_id" to decisionId, "path" to path, "policy" to policy, "outcome" to outcome?.wire, "subject" to subject, "concerns" to concerns,
        "from" to from, "until" to until,
    )
}

/**
 * To open what is sealed. Before any of it is handed out, each party whose data it is gets a reading on record.
 *
 * @property why Why. It stands in the log in the clear: no personal data in it.
 * @property context Who reads, and when; by default who opened the ledger, now.
 */
public data class OpenSealed(public val why: String, public val context: Context = Context.NONE) {
    internal fun json(): JsonObject = JsonObject(json(mapOf("why" to why, *context.fields())))
}

/**
 * What of a decision is left out or replaced when it is told, by a pointer (RFC 6901) below `/input` or `/result`, such as `/input/name`.
 */
public class DecisionMask private constructor(private val op: String, private val path: String, private val value: JsonElement?) {
    internal fun json(): JsonObject = JsonObject(json(mapOf("op" to op, "path" to path, "value" to value)))

    public companion object {
        /** Leaves out what stands there. */
        public fun remove(path: String): DecisionMask = DecisionMask("remove", path, null)

        /**
         * Puts a value in its place: text, null and what else a [Policy] takes for an input. Text is text here, and is not read as JSON.
         */
        public fun upsert(path: String, value: Any?): DecisionMask = DecisionMask("upsert", path, Input.value(value, "masks"))
    }
}

/**
 * Decisions that are on record, the oldest first, and where the next page begins.
 *
 * @property decisions The decisions, each with the names that Open Policy Agent's decision logs have: `decision_id`, `timestamp`, `path`,
 * `bundles`, `input`, `result` or `error`, and so on, and beside those `number`, `outcome`, `concerns`, `subject`, `retention`, `sealed` and
 * `subject_forgotten`. Numbers stand as they are written: `it.jsonPrimitive.content.toBigDecimal()` is exact.
 * @property next What the next page comes after, where there are more.
 */
public data class DecisionPage(public val decisions: List<JsonObject>, public val next: Long?)
