package io.thalium

import io.thalium.native.NativePolicy
import java.time.Instant
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject

/**
 * A key by which a bundle's signature is verified.
 *
 * @property algorithm The algorithm, such as `RS256`.
 * @property key A public key or certificate (PEM), a set of public keys (JWK), or the secret of an HMAC.
 * @property id Its id, which the signature names; empty if it serves for every signature.
 * @property scope What the signature must be for, if anything.
 */
public class PolicyKey(public val algorithm: String, public val key: String, public val id: String = "", public val scope: String = "") {
    internal fun json(): JsonObject = JsonObject(json(mapOf("algorithm" to algorithm, "key" to key, "id" to id, "scope" to scope)))
}

/**
 * A policy that is to be loaded: where its bundle is, or what it is. It prints neither.
 *
 * A [Policy] is opened by the same; this is for what a ledger loads, what a policy is compared with and what a chart asks: see
 * [Thalium.loadPolicy], [Policy.diff] and [Chart.open].
 */
public class PolicyBundle private constructor(internal val json: JsonObject) {
    public companion object {
        /**
         * The bundle at a path: a directory, an archive (`.tar.gz`), or one module. With [keys] it must be signed by one of them; without,
         * a signature is not looked at.
         */
        public fun at(path: String, keys: List<PolicyKey>? = null): PolicyBundle = made("path" to path, keys)

        /** A bundle of files: the text of each by its path in the bundle. */
        public fun of(files: Map<String, String>, keys: List<PolicyKey>? = null): PolicyBundle = made("files" to files, keys)

        private fun made(what: Pair<String, Any>, keys: List<PolicyKey>?): PolicyBundle =
            PolicyBundle(JsonObject(json(mapOf(what, "keys" to keys?.map { it.json() }))))
    }
}

/** What a column of a table holds; see [Policy.filter]. */
public enum class ColumnKind(
    /** Its name in requests. */
    public val wire: String,
) {
    /** `text` or `varchar`. */
    TEXT("text"),

    /** `numeric` or a whole number. */
    NUMBER("number"),

    /** `boolean`. */
    BOOLEAN("boolean"),

    /** `text[]`. */
    TEXTS("texts"),
    ;

    internal companion object {
        fun of(wire: String): ColumnKind = entries.first { it.wire == wire }
    }
}

/**
 * A column of a table whose rows a policy filters.
 *
 * @property type What it holds.
 * @property sql Its name in SQL, without quotes; the row's key, where nothing is said.
 * @property nullable Whether it may be NULL, which is the row's `null`. Say so unless it is `not null`.
 */
public data class RowColumn(public val type: ColumnKind, public val sql: String? = null, public val nullable: Boolean = false) {
    internal fun json(): JsonObject = JsonObject(json(mapOf("type" to type.wire, "sql" to sql, "nullable" to nullable.takeIf { it })))
}

/** Asks for a verdict. Who reads the error alone is told as well that there is none. */
internal inline fun <T> denying(decide: () -> T): T =
    try {
        decide()
    } catch (error: ThaliumException) {
        throw exception(error.code, "${error.message}; there is no verdict, and so no permission: deny", error.field)
    }

/**
 * A policy that answers: a bundle in Rego, which decides in this process what may be done.
 *
 * It is loaded once, and holds no file open: there is nothing to close. Any coroutine may ask it, many at once.
 *
 * ```
 * val policy = Policy.open("policies.tar.gz")
 * val verdict = policy.decide("access/verdict", mapOf("role" to "teller", "action" to "deposit", "amount" to BigDecimal("19.99")))
 * if (verdict.outcome != VerdictOutcome.ALLOW) verdict.reasons.forEach { println(it.message) }
 * ```
 *
 * An input is the text of JSON, a `JsonElement`, or what is JSON in Kotlin's own types: a `Map` whose keys are text, a `List`, text, a
 * `Boolean`, null, and of numbers those that are exact, such as `Long`, `BigInteger` and `BigDecimal`; an `Instant` is written as its text. A
 * `Double` is refused, since it has lost digits before anyone sees it. Without an input `input` is undefined; `JsonNull` is an input.
 */
public class Policy private constructor(private val native: NativePolicy) {
    internal suspend fun ask(request: JsonObject): String = withContext(Dispatchers.IO) { border { native.call(request.toString()) } }

    private suspend fun one(request: JsonObject): Told = requireNotNull(Told.one(ask(request)) { it })

    private fun asked(input: Any?, now: Instant?, strict: Boolean): Array<Pair<String, Any?>> =
        arrayOf("input" to Input.json(input), "now" to now, "strict" to strict.takeIf { it })

    /**
     * The verdict at a path, such as `aml/verdict`; where it is undefined, a denial that says so.
     *
     * An error is thrown, and is no permission: who asked must deny.
     *
     * @param path The path.
     * @param input What is decided about.
     * @param now The instant; by default the clock's.
     * @param strict Whether an error of a built-in function ends the evaluation, instead of making the expression undefined.
     */
    public suspend fun decide(path: String, input: Any? = null, now: Instant? = null, strict: Boolean = false): Verdict =
        denying { Verdict.read(one(request("decide", "path" to path, *asked(input, now, strict)))) }

    /**
     * What stands at a path; nothing where it is undefined, which JSON's null is not.
     *
     * Its numbers stand as they are written: `it.jsonPrimitive.content.toBigDecimal()` is exact, and `it.jsonPrimitive.double` is not.
     *
     * @param path The path.
     * @param input The input.
     * @param now The instant; by default the clock's.
     * @param strict Whether an error of a built-in function ends the evaluation, instead of making the expression undefined.
     */
    public suspend fun evaluate(path: String, input: Any? = null, now: Instant? = null, strict: Boolean = false): JsonElement? =
        Json.parseToJsonElement(ask(request("evaluate", "path" to path, *asked(input, now, strict)))).jsonObject["result"]

    /**
     * All ways in which a query in Rego holds, with the variables of each; none where it does not.
     *
     * @param query The query, such as `some level; data.kyc.limits[level].max_withdrawal > 100000`.
     * @param input The input.
     * @param now The instant; by default the clock's.
     * @param strict Whether an error of a built-in function ends the evaluation, instead of making the expression undefined.
     */
    public suspend fun query(query: String, input: Any? = null, now: Instant? = null, strict: Boolean = false): List<JsonObject> {
        val told = Json.parseToJsonElement(ask(request("query_policy", "query" to query, *asked(input, now, strict))))
        return told.jsonObject.getValue("ways").jsonArray.map { it.jsonObject }
    }

    /**
     * What [evaluate] answers, and why: rules and expressions in the order in which they were run, each with its file and row, whether it
     * held, and its values.
     *
     * ```
     * val why = policy.explain("access/verdict", mapOf("role" to "teller", "amount" to BigDecimal("5000.51")))
     * println(why.text)
     * ```
     *
     * That the evaluation came to no end is no exception here: [PolicyExplanation.error] tells it, and there is no answer. What is thrown is
     * `invalid` for a path that leads nowhere, and for an input that is none.
     *
     * @param path The path.
     * @param input The input.
     * @param now The instant; by default the clock's.
     * @param strict Whether an error of a built-in function ends the evaluation, instead of making the expression undefined.
     * @param steps For how many steps there is room: 1,000 by default, up to 10,000.
     * @param withoutValues Whether values are left out: then nothing of the input stands in it, and nothing that is printed.
     */
    public suspend fun explain(
        path: String,
        input: Any? = null,
        now: Instant? = null,
        strict: Boolean = false,
        steps: Int? = null,
        withoutValues: Boolean = false,
    ): PolicyExplanation = PolicyExplanation.read(
        one(
            request(
                "explain", "path" to path, *asked(input, now, strict), "steps" to steps, "without_values" to withoutValues.takeIf { it },
            ),
        ),
    )

    /** What is probably wrong in the modules, by file and row; nothing is here of which it is not certain. */
    public suspend fun lint(): List<PolicyFinding> = Told.several(ask(request("lint_policy")), PolicyFinding::read)

    /**
     * Which rows of a table a rule is true for, as a condition in PostgreSQL's SQL: true of exactly those, and false of the others, never NULL.
     *
     * ```
     * val columns = mapOf("owner" to RowColumn(ColumnKind.TEXT, sql = "owner_id"), "balance" to RowColumn(ColumnKind.NUMBER))
     * val filter = policy.filter("accounts/visible", columns, mapOf("user" to "ann"), alias = "a", firstParameter = 2)
     * val query = "select a.* from accounts a where a.tenant = $1 and ${filter.sql} order by a.id"
     * ```
     *
     * Each of [RowFilter.parameters] is bound as a text or an array of texts. It fails with `unsupported` and the place for a rule that has no
     * exact condition, with `invalid` for a table that is none, and with `undecided` where what does not depend on the row comes to no end.
     * An error shows nothing: whoever asked must show no row.
     *
     * @param path The path of a rule that is true of a row.
     * @param columns The columns, by the row's keys. One that is not here is undefined.
     * @param input The input without the row.
     * @param now The instant; by default the clock's.
     * @param row Where a row stands in the input; `input.row`, where nothing is said.
     * @param alias The table's name or alias in the query, if its columns are to be told by it.
     * @param firstParameter The number of the first parameter; 1, where nothing is said.
     */
    public suspend fun filter(
        path: String,
        columns: Map<String, RowColumn>,
        input: Any? = null,
        now: Instant? = null,
        row: String? = null,
        alias: String? = null,
        firstParameter: Int? = null,
    ): RowFilter = RowFilter.read(
        one(
            request(
                "filter_rows", "path" to path, "columns" to columns.mapValues { (_, column) -> column.json() },
                *asked(input, now, strict = false), "row" to row, "alias" to alias, "first_parameter" to firstParameter,
            ),
        ),
    )

    /**
     * What changes from this version to another: files, rules, documents and typed rules, with what only their text changes told apart.
     *
     * ```
     * val diff = policy.diff(PolicyBundle.at("policies-next.tar.gz"))
     * if (!diff.same) diff.rules.forEach { println("${it.change} ${it.path}") }
     * ```
     *
     * It fails as [open] does for a bundle that is refused.
     *
     * @param to The version after; this is the one before.
     */
    public suspend fun diff(to: PolicyBundle): PolicyDiff = PolicyDiff.read(one(request("diff_policy", "to" to to.json)))

    /** What was loaded. */
    public suspend fun describe(): PolicyView = PolicyView.read(one(request("describe_policy")))

    /**
     * Runs the tests of the bundle; only those with the text [only] in their names, where it is given. With [coverage] it is told which rows
     * of the modules they ran.
     */
    public suspend fun test(only: String = "", now: Instant? = null, coverage: Boolean = false): PolicyTests = PolicyTests.read(
        one(request("test_policy", "only" to only.ifEmpty { null }, "now" to now, "coverage" to coverage.takeIf { it })),
    )

    public companion object {
        /**
         * Opens the bundle at a path: a directory, an archive (`.tar.gz`), or one module. With [keys] it must be signed by one of them; without,
         * a signature is not looked at.
         */
        public suspend fun open(path: String, keys: List<PolicyKey>? = null): Policy = opened(PolicyBundle.at(path, keys))

        /** Opens a bundle of files: the text of each by its path in the bundle. */
        public suspend fun of(files: Map<String, String>, keys: List<PolicyKey>? = null): Policy = opened(PolicyBundle.of(files, keys))

        private suspend fun opened(bundle: PolicyBundle): Policy = openText(bundle.json.toString())

        internal suspend fun openText(request: String): Policy =
            withContext(Dispatchers.IO) { border { Policy(NativePolicy.open(request)) } }
    }
}
