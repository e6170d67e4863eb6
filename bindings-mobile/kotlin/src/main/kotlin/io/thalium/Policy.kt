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

    private fun asked(op: String, what: Pair<String, String>, input: Any?, now: Instant?, strict: Boolean): JsonObject =
        request(op, what, "input" to Input.json(input), "now" to now, "strict" to strict.takeIf { it })

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
        try {
            Verdict.read(one(asked("decide", "path" to path, input, now, strict)))
        } catch (error: ThaliumException) {
            throw exception(error.code, "${error.message}; there is no verdict, and so no permission: deny", error.field)
        }

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
        Json.parseToJsonElement(ask(asked("evaluate", "path" to path, input, now, strict))).jsonObject["result"]

    /**
     * All ways in which a query in Rego holds, with the variables of each; none where it does not.
     *
     * @param query The query, such as `some level; data.kyc.limits[level].max_withdrawal > 100000`.
     * @param input The input.
     * @param now The instant; by default the clock's.
     * @param strict Whether an error of a built-in function ends the evaluation, instead of making the expression undefined.
     */
    public suspend fun query(query: String, input: Any? = null, now: Instant? = null, strict: Boolean = false): List<JsonObject> {
        val told = Json.parseToJsonElement(ask(asked("query_policy", "query" to query, input, now, strict)))
        return told.jsonObject.getValue("ways").jsonArray.map { it.jsonObject }
    }

    /** What was loaded. */
    public suspend fun describe(): PolicyView = PolicyView.read(one(request("describe_policy")))

    /** Runs the tests of the bundle; only those with the text [only] in their names, where it is given. */
    public suspend fun test(only: String = "", now: Instant? = null): PolicyTests =
        PolicyTests.read(one(request("test_policy", "only" to only.ifEmpty { null }, "now" to now)))

    public companion object {
        /**
         * Opens the bundle at a path: a directory, an archive (`.tar.gz`), or one module. With [keys] it must be signed by one of them; without,
         * a signature is not looked at.
         */
        public suspend fun open(path: String, keys: List<PolicyKey>? = null): Policy = opened("path" to path, keys)

        /** Opens a bundle of files: the text of each by its path in the bundle. */
        public suspend fun of(files: Map<String, String>, keys: List<PolicyKey>? = null): Policy = opened("files" to files, keys)

        private suspend fun opened(what: Pair<String, Any>, keys: List<PolicyKey>?): Policy =
            openText(JsonObject(json(mapOf(what, "keys" to keys?.map { it.json() }))).toString())

        internal suspend fun openText(request: String): Policy =
            withContext(Dispatchers.IO) { border { Policy(NativePolicy.open(request)) } }
    }
}
