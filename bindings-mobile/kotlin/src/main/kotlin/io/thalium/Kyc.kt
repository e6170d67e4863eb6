package io.thalium

import java.math.BigDecimal
import java.nio.ByteBuffer
import java.nio.charset.CharacterCodingException
import java.time.Instant
import java.time.LocalDate
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject

/**
 * What is asked about people and needs nothing that is open: machine-readable zones, callbacks of providers, risk scores, charts of other systems,
 * what is probably wrong in a kind of cases.
 */
public object Kyc {
    /**
     * Reads the machine-readable zone of a travel document, as a camera or a scanner made text of it. Nothing is repaired or guessed: what
     * does not hold is told in [Mrz.wrong].
     *
     * ```
     * val passport = Kyc.readMrz(lines)
     * if (!passport.valid) println("take it again: ${passport.wrong}")
     * ```
     *
     * It proves that the zone was read as it was printed, and not that the document is real. It throws `invalid` with the field `text` for
     * what is no such zone.
     *
     * @param text Its lines, or one run of its characters.
     * @param today The day for which is told whether it has expired; by default that of the clock, in UTC.
     */
    public suspend fun readMrz(text: String, today: LocalDate? = null): Mrz = Mrz.read(Files.one(request("read_mrz", "text" to text, "today" to today)))

    /**
     * Proves who sent a callback (a webhook), and reads it. It throws [RefusedException] for one that nobody has proven, such as one with a wrong
     * signature.
     *
     * @param provider Who sent it.
     * @param headers Its headers, as they came: of each name a text, or a list of texts.
     * @param body The bytes of its body, as they came: not read and written again.
     * @param keys The keys of which one has signed it: several while they change.
     * @param toleranceSeconds How old what is signed with a time may be, in seconds; 300 by default.
     * @param from Of a provider that signs nothing: the address of the connection.
     * @param allowed The addresses that such a provider sends from.
     * @param now The instant; by default the clock's.
     */
    public suspend fun readCallback(
        provider: CallbackProvider,
        headers: Map<out String?, Any?>,
        body: ByteArray,
        keys: List<CallbackKey> = emptyList(),
        toleranceSeconds: Int? = null,
        from: String? = null,
        allowed: List<String> = emptyList(),
        now: Instant? = null,
    ): Callback {
        val text = try {
            Charsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString()
        } catch (_: CharacterCodingException) {
            throw exception("invalid", "body: is not UTF-8, which every provider sends", "body")
        }
        return readCallback(provider, headers, text, keys, toleranceSeconds, from, allowed, now)
    }

    /** Proves who sent a callback whose body is text, as it came, and reads it. */
    public suspend fun readCallback(
        provider: CallbackProvider,
        headers: Map<out String?, Any?>,
        body: String,
        keys: List<CallbackKey> = emptyList(),
        toleranceSeconds: Int? = null,
        from: String? = null,
        allowed: List<String> = emptyList(),
        now: Instant? = null,
    ): Callback = Callback.read(
        Files.one(
            request(
                "read_callback", "provider" to provider.wire, "headers" to headers.flatMap { (name, value) -> header(name, value) },
                "body" to body, "keys" to keys.map { it.json() }, "tolerance" to toleranceSeconds, "from" to from, "allowed" to allowed,
                "now" to now,
            ),
        ),
    )

    // The status line has no name, where Java tells headers.
    private fun header(name: String?, value: Any?): List<JsonObject> = when {
        name == null || value == null -> emptyList()
        value is Iterable<*> -> value.flatMap { header(name, it) }
        value is Array<*> -> header(name, value.asList())
        else -> listOf(JsonObject(json(mapOf("name" to name, "value" to value.toString()))))
    }

    /**
     * The risk of a customer, calculated exactly by a model.
     *
     * @param model The model: JSON or YAML. One that is refused throws [ChartException], with all that is wrong.
     * @param facts What is known of the customer, an object, as a [Chart] takes data: a `Double` is refused.
     * @param overrides What officers decided instead, each an object with `level` or `score`, `by`, `reason`, `expires` and, if wanted,
     * `since`.
     * @param now The instant; by default the clock's.
     */
    public suspend fun scoreRisk(model: String, facts: Any? = null, overrides: List<Any?> = emptyList(), now: Instant? = null): ScoredRisk {
        val others: JsonElement? = overrides.ifEmpty { null }?.let { all -> JsonArray(all.map { Input.json(it, "overrides") ?: nothing() }) }
        return ScoredRisk.read(Files.one(request("score_risk", "model" to model, "facts" to Input.json(facts, "facts"), "overrides" to others, "now" to now)))
    }

    /**
     * Reads workflow definitions of Ballerine as charts. One that cannot be carried over throws [ChartException].
     *
     * @param text A definition, or an array of them of which the first is the main one: JSON.
     * @param strict Whether what Ballerine tolerates is refused.
     */
    public suspend fun importBallerine(text: String, strict: Boolean = false): ImportedCharts =
        ImportedCharts.read(Files.one(request("import_ballerine", "text" to text, "strict" to strict.takeIf { it })))

    /**
     * Reads rules of Ballerine's rule engine as a guard. An operator that looks at more than a value, or asks others, throws [ChartException].
     *
     * @param text A set of rules, `{"operator": "and", "rules": [{"key", "operator", "value"}]}`: JSON.
     */
    public suspend fun importRules(text: String): ImportedRules = ImportedRules.read(Files.one(request("import_rules", "text" to text)))

    /**
     * What is probably wrong in a kind of cases beside its charts, by row, column and path: votes that no chart hears where they are given, queues
     * that no case comes to. What is wrong in a chart itself [Chart.lint] tells. A kind or a chart that is refused throws [ChartException] with
     * all that is wrong.
     *
     * @param kind The kind: JSON or YAML.
     * @param charts The texts of its chart and of those that it invokes: JSON, YAML or SCXML.
     * @param policy The policy that guards ask (`{"rego": PATH}`).
     * @param dialect How JSON Logic takes values of other kinds.
     */
    public suspend fun lintCases(
        kind: String,
        charts: List<String>,
        policy: PolicyBundle? = null,
        dialect: ChartDialect = ChartDialect.STRICT,
    ): List<ChartFinding> = Files.several(
        request("lint_cases", "kind" to kind, "charts" to charts, "policy" to policy?.json, "dialect" to dialect.wire), ChartFinding::read,
    )

    private fun nothing(): JsonElement = throw exception("invalid", "overrides: one of them is nothing", "overrides")
}

/**
 * A machine-readable zone that was read. It prints nothing personal.
 *
 * @property format `TD1`, `TD2`, `TD3`, `MRV-A` or `MRV-B`.
 * @property documentCode The document code, such as `P`.
 * @property issuer Who issued it: a code of ICAO 9303, as it stands.
 * @property number Its number.
 * @property primary The primary identifier: the last names as a rule.
 * @property secondary The secondary identifier: the given names as a rule.
 * @property namesTruncated Whether the names may have been cut off.
 * @property nationality The nationality: a code of ICAO 9303, as it stands.
 * @property born The day of birth; nothing, where part of it is not known.
 * @property sex `female`, `male` or `unspecified`.
 * @property expires The last day on which it is valid.
 * @property status `valid`, `expired` or `unknown`, on the day that was given.
 * @property valid Whether every check digit is right.
 * @property wrong The check digits that are not.
 * @property optional What else stands there.
 */
public data class Mrz(
    public val format: String,
    public val documentCode: String,
    public val issuer: String,
    public val number: String,
    public val primary: String,
    public val secondary: String,
    public val namesTruncated: Boolean,
    public val nationality: String,
    public val born: LocalDate?,
    public val sex: String,
    public val expires: LocalDate?,
    public val status: String,
    public val valid: Boolean,
    public val wrong: List<String>,
    public val optional: List<String>,
) {
    /** The zone without what is personal. */
    override fun toString(): String = "Mrz($format, status=$status, valid=$valid, wrong=$wrong, …)"

    internal companion object {
        fun read(told: Told): Mrz = Mrz(
            told.text("format"), told.text("document_code"), told.text("issuer"), told.text("number"), told.text("primary"),
            told.text("secondary"), told.flag("names_truncated"), told.text("nationality"), told.textOrNull("born")?.let(LocalDate::parse),
            told.text("sex"), told.textOrNull("expires")?.let(LocalDate::parse), told.text("status"), told.flag("valid"),
            told.texts("wrong"), told.texts("optional"),
        )
    }
}

/** Whose callbacks are read. */
public enum class CallbackProvider(
    /** Its name in requests and answers. */
    public val wire: String,
) {
    /** Onfido: the body is signed. */
    ONFIDO("onfido"),

    /** Persona: the instant and the body are signed. */
    PERSONA("persona"),

    /** Sumsub: the body is signed. */
    SUMSUB("sumsub"),

    /** Veriff: the body is signed. */
    VERIFF("veriff"),

    /** Jumio: nothing is signed, and the address of the connection is looked at. */
    JUMIO("jumio"),

    /** Ballerine: the body is signed. */
    BALLERINE("ballerine"),
    ;

    internal companion object {
        fun of(wire: String): CallbackProvider = entries.first { it.wire == wire }
    }
}

/**
 * A key that callbacks are signed with. It does not print the secret. **It is for a back end**: on a device it would be everyone's.
 *
 * @property id What it is called.
 * @property secret The secret, as the provider shows it.
 * @property client The name of the client that the provider sends along, where it does.
 * @property notBefore From when on it is valid.
 * @property notAfter Until when it is valid.
 */
public class CallbackKey(
    public val id: String,
    public val secret: String,
    public val client: String? = null,
    public val notBefore: Instant? = null,
    public val notAfter: Instant? = null,
) {
    /** What it is called, without the secret. */
    override fun toString(): String = "CallbackKey($id)"

    internal fun json(): JsonObject = JsonObject(
        json(mapOf("id" to id, "secret" to secret, "client" to client, "not_before" to notBefore, "not_after" to notAfter)),
    )
}

/**
 * A callback that was proven and read.
 *
 * @property provider Who sent it.
 * @property key The key that signed it.
 * @property signedAt When it was signed, where the provider says so.
 * @property eventId The id by which a second delivery is known: give it as the [By.requestId] of what is done with it.
 * @property kind What the provider calls it.
 * @property about The provider's own id of the check.
 * @property subject The caller's own reference, where the provider carries it.
 * @property occurredAt When it happened.
 * @property outcome What it comes to, in the same words for every provider: `approved`, `rejected`, `rejected_retry`, `review`, `expired`,
 * `cancelled`, `processing` or `other`.
 * @property reasons The provider's own reasons.
 * @property sandbox Whether it is of the provider's sandbox, where it says so.
 * @property evidence The SHA-256 of the body, to be kept with it as evidence.
 * @property event The event that a chart is told: give it to [Cases.send].
 * @property data What that carries.
 */
public data class Callback(
    public val provider: CallbackProvider,
    public val key: String?,
    public val signedAt: Instant?,
    public val eventId: String,
    public val kind: String,
    public val about: String,
    public val subject: String?,
    public val occurredAt: Instant?,
    public val outcome: String,
    public val reasons: List<String>,
    public val sandbox: Boolean?,
    public val evidence: String,
    public val event: String,
    public val data: JsonObject,
) {
    internal companion object {
        fun read(told: Told): Callback = Callback(
            CallbackProvider.of(told.text("provider")), told.textOrNull("key"), told.instantOrNull("signed_at"), told.text("event_id"),
            told.text("kind"), told.text("about"), told.textOrNull("subject"), told.instantOrNull("occurred_at"), told.text("outcome"),
            told.texts("reasons"), told.flagOrNull("sandbox"), told.text("evidence"), told.text("event"),
            told.jsonOrNull("data")?.let { it as? JsonObject } ?: JsonObject(emptyMap()),
        )
    }
}

/**
 * The risk of a customer.
 *
 * @property score The score.
 * @property level The level that it comes to.
 * @property refuse Whether there is to be no business with the customer.
 * @property refreshBy When the information about the customer is to be updated.
 * @property explained What it was made of, point by point, for people.
 * @property model The digest of the model.
 * @property details All of it. Numbers stand as they are written.
 */
public data class ScoredRisk(
    public val score: BigDecimal,
    public val level: String,
    public val refuse: Boolean,
    public val refreshBy: Instant?,
    public val explained: List<String>,
    public val model: String,
    public val details: JsonObject,
) {
    internal companion object {
        fun read(told: Told): ScoredRisk = ScoredRisk(
            told.exact("score"), told.text("level"), told.flag("refuse"), told.instantOrNull("refresh_by"), told.texts("explained"),
            told.text("model"), requireNotNull(told.jsonOrNull("text")).jsonObject,
        )
    }
}

/**
 * Rules of Ballerine's rule engine as a guard.
 *
 * @property guard The guard, a rule of JSON Logic: JSON.
 * @property dialect How JSON Logic takes values of other kinds in it.
 */
public data class ImportedRules(public val guard: String, public val dialect: ChartDialect) {
    internal companion object {
        fun read(told: Told): ImportedRules =
            ImportedRules(told.text("guard"), ChartDialect.entries.first { it.wire == told.text("dialect") })
    }
}

/**
 * Workflow definitions of Ballerine as charts: `Chart.of(it.chart, it.charts, dialect = it.dialect)` opens them.
 *
 * @property chart The chart of the first definition: JSON.
 * @property charts The charts of the others, to be loaded together with it: JSON.
 * @property dialect How JSON Logic takes values of other kinds in them.
 * @property leniencies What was tolerated.
 */
public data class ImportedCharts(
    public val chart: String,
    public val charts: List<String>,
    public val dialect: ChartDialect,
    public val leniencies: List<BallerineLeniency>,
) {
    internal companion object {
        fun read(told: Told): ImportedCharts = ImportedCharts(
            told.text("chart"), told.texts("charts"), ChartDialect.entries.first { it.wire == told.text("dialect") },
            told.list("leniencies", BallerineLeniency::read),
        )
    }
}
