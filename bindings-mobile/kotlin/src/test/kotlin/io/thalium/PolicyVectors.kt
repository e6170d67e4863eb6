package io.thalium

import java.math.BigDecimal
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.boolean
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

/** The bundles of core/vectors/policy through Kotlin's own surface. */
internal object PolicyVectors {
    /** A call, with its input in one of the ways in which it may be given. */
    class Call(val fields: JsonObject, val input: Any?) {
        fun text(name: String): String = fields.getValue(name).jsonPrimitive.content
        val now get() = fields["now"]?.let { Typed.instant(it.jsonPrimitive.content) }
        val strict get() = flag("strict")
        val steps get() = number("steps")
        val firstParameter get() = number("first_parameter")
        val columns get() = fields["columns"]?.jsonObject?.mapValues { (_, column) -> column(column.jsonObject) }

        fun flag(name: String): Boolean = fields[name] == JsonPrimitive(true)
        fun textOrNull(name: String): String? = fields[name]?.jsonPrimitive?.contentOrNull
        private fun number(name: String): Int? = fields[name]?.takeIf { it !is JsonNull }?.jsonPrimitive?.int

        private fun column(told: JsonObject): RowColumn {
            require(told.keys.all { it in setOf("type", "sql", "nullable") })
            val type = ColumnKind.of(told.getValue("type").jsonPrimitive.content)
            return RowColumn(type, told["sql"]?.jsonPrimitive?.contentOrNull, told["nullable"]?.jsonPrimitive?.boolean ?: false)
        }
    }

    /** How each operation is called in Kotlin: one that is missing here fails. */
    val surface: Map<String, suspend (Policy, Call) -> Any?> = mapOf(
        "decide" to { policy, call -> policy.decide(call.text("path"), call.input, call.now, call.strict) },
        "evaluate" to { policy, call ->
            val value = policy.evaluate(call.text("path"), call.input, call.now, call.strict)
            JsonObject(if (value == null) emptyMap() else mapOf("result" to value))
        },
        "query_policy" to { policy, call ->
            JsonObject(mapOf("ways" to JsonArray(policy.query(call.text("query"), call.input, call.now, call.strict))))
        },
        "explain" to { policy, call ->
            policy.explain(call.text("path"), call.input, call.now, call.strict, call.steps, call.flag("without_values"))
        },
        "lint_policy" to { policy, _ -> policy.lint() },
        "filter_rows" to { policy, call ->
            policy.filter(
                call.text("path"), call.columns!!, call.input, call.now, call.textOrNull("row"), call.textOrNull("alias"), call.firstParameter,
            )
        },
        "describe_policy" to { policy, _ -> policy.describe() },
        "diff_policy" to { policy, call -> policy.diff(bundle(call.fields.getValue("to").jsonObject)!!) },
        "test_policy" to { policy, call -> policy.test(call.textOrNull("only") ?: "", call.now, call.flag("coverage")) },
    )

    // What a step of each may say: one that says something else is sent as it stands.
    private val asked = setOf("path", "input", "now", "strict")
    private val fields = mapOf(
        "decide" to asked, "evaluate" to asked, "query_policy" to asked - "path" + "query", "describe_policy" to emptySet(),
        "test_policy" to setOf("only", "now", "coverage"), "explain" to asked + setOf("steps", "without_values"), "lint_policy" to emptySet(),
        "diff_policy" to setOf("to"), "filter_rows" to setOf("path", "input", "now", "row", "alias", "columns", "first_parameter"),
    )
    private val needed = mapOf("query_policy" to setOf("query"), "filter_rows" to setOf("path", "columns"), "diff_policy" to setOf("to")) +
        listOf("decide", "evaluate", "explain").associateWith { setOf("path") }

    /** Steps that say something that cannot be typed, and were sent as they stand. */
    var asTheyStand = 0
        private set

    /** How many steps a vector has. */
    fun steps(vector: JsonObject): Int = (parts(vector, "refused") + parts(vector, "steps")).size

    fun differences(vector: JsonObject): List<String> = runBlocking {
        asTheyStand = 0
        val refused = parts(vector, "refused").mapIndexedNotNull { number, one ->
            difference("bundle $number", one) { open(one.getValue("open").jsonObject).let { JsonObject(emptyMap()) } }
        }
        val asked = parts(vector, "steps")
        if (asked.isEmpty()) return@runBlocking refused
        val policy = open(vector.getValue("open").jsonObject)
        refused + asked.flatMapIndexed { number, step ->
            val call = step.getValue("call").jsonObject
            val typed = surface[call.text("op")].takeIf { isTyped(call) }
            if (typed == null && "answer" in step) return@flatMapIndexed listOf("step $number: Kotlin has no `${call.text("op")}`")
            if (typed == null) asTheyStand += 1
            ways(call["input"]).mapNotNull { input ->
                difference("step $number", step) {
                    if (typed == null) Json.parseToJsonElement(policy.ask(call)) else typed(policy, Call(call, input))
                }
            }
        }
    }

    private fun parts(vector: JsonObject, name: String): List<JsonObject> = vector[name]?.jsonArray?.map { it.jsonObject } ?: emptyList()

    private fun JsonObject.text(name: String): String = getValue(name).jsonPrimitive.content

    private fun isTyped(call: JsonObject): Boolean {
        val op = call.text("op")
        val reads = { Call(call, null).run { listOf(now, steps, firstParameter, columns, fields["to"]?.let { bundle(it.jsonObject)!! }) } }
        return (call.keys - "op").all { it in fields[op].orEmpty() } && needed[op].orEmpty().all { it in call } && runCatching(reads).isSuccess
    }

    private fun keys(asked: JsonObject): List<PolicyKey>? =
        asked["keys"]?.jsonArray?.map { it.jsonObject }?.map { PolicyKey(it.text("algorithm"), it.text("key"), it.text("id")) }

    private fun files(asked: JsonObject): Map<String, String> =
        asked.getValue("files").jsonObject.mapValues { (_, text) -> text.jsonPrimitive.content }

    private suspend fun open(asked: JsonObject): Policy = when (asked.keys - "keys") {
        setOf("path") -> Policy.open(asked.text("path"), keys(asked))
        setOf("files") -> Policy.of(files(asked), keys(asked))
        else -> Policy.openText(asked.toString())
    }

    /** A bundle as a ledger takes it; nothing where it cannot be typed. */
    fun bundle(asked: JsonObject): PolicyBundle? = when (asked.keys - "keys") {
        setOf("path") -> PolicyBundle.at(asked.text("path"), keys(asked))
        setOf("files") -> PolicyBundle.of(files(asked), keys(asked))
        else -> null
    }

    private suspend fun difference(at: String, step: JsonObject, run: suspend () -> Any?): String? {
        val found = try {
            mapOf("answer" to Plain.of(run()))
        } catch (error: ThaliumException) {
            val told = listOf("code" to error.code, "field" to error.field).filter { it.second != null }
            mapOf("failure" to JsonObject(told.associate { (name, text) -> name to JsonPrimitive(text) }))
        }
        val expected = step.filterKeys { it == "answer" || it == "failure" }.mapValues { (_, value) -> Plain.of(value) }
        return if (expected == found) null else "$at:\n  expected $expected\n  found    $found"
    }

    /** An input as JSON, as its text, and in Kotlin's own types. */
    fun ways(input: JsonElement?): List<Any?> = if (input == null) listOf(null) else listOf(input, input.toString(), own(input) ?: JsonNull)

    private fun own(value: JsonElement): Any? = when (value) {
        is JsonNull -> null
        is JsonObject -> value.mapValues { (_, item) -> own(item) }
        is JsonArray -> value.map { own(it) }
        is JsonPrimitive -> if (value.isString) value.content else value.content.toBooleanStrictOrNull() ?: BigDecimal(value.content)
    }
}
