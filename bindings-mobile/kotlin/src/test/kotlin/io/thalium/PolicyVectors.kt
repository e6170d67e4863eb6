package io.thalium

import java.math.BigDecimal
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

/** The bundles of core/vectors/policy through Kotlin's own surface. */
internal object PolicyVectors {
    /** A call, with its input in one of the ways in which it may be given. */
    class Call(val fields: JsonObject, val input: Any?) {
        fun text(name: String): String = fields.getValue(name).jsonPrimitive.content
        val now get() = fields["now"]?.let { Typed.instant(it.jsonPrimitive.content) }
        val strict get() = fields["strict"] == JsonPrimitive(true)
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
        "describe_policy" to { policy, _ -> policy.describe() },
        "test_policy" to { policy, call -> policy.test(call.fields["only"]?.jsonPrimitive?.content ?: "", call.now) },
    )

    private val fields = setOf("op", "path", "query", "only", "input", "now", "strict")

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

    private fun isTyped(call: JsonObject) = call.keys.all { it in fields } && runCatching { Call(call, null).now }.isSuccess

    private suspend fun open(asked: JsonObject): Policy {
        val keys = asked["keys"]?.jsonArray?.map { it.jsonObject }?.map { PolicyKey(it.text("algorithm"), it.text("key"), it.text("id")) }
        return when (asked.keys - "keys") {
            setOf("path") -> Policy.open(asked.text("path"), keys)
            setOf("files") -> Policy.of(asked.getValue("files").jsonObject.mapValues { (_, text) -> text.jsonPrimitive.content }, keys)
            else -> Policy.openText(asked.toString())
        }
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
    private fun ways(input: JsonElement?): List<Any?> = if (input == null) listOf(null) else listOf(input, input.toString(), own(input) ?: JsonNull)

    private fun own(value: JsonElement): Any? = when (value) {
        is JsonNull -> null
        is JsonObject -> value.mapValues { (_, item) -> own(item) }
        is JsonArray -> value.map { own(it) }
        is JsonPrimitive -> if (value.isString) value.content else value.content.toBooleanStrictOrNull() ?: BigDecimal(value.content)
    }
}
