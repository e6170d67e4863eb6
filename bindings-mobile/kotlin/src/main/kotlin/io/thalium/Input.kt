package io.thalium

import java.math.BigDecimal
import java.math.BigInteger
import java.time.Instant
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** What a policy or a chart is given, as JSON whose numbers are exact. */
internal object Input {
    // What nests deeper the library refuses; so deep no walk over it can exhaust the stack.
    private const val DEEPEST = 398

    // The library refuses a number with more digits: none is written out here.
    private const val DIGITS = 10_000

    // A reader of JSON that is lenient takes any word for a value.
    private val WORD = Regex("true|false|null|-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")

    /** What stands in a field of a request: text is JSON's own, and null is nothing. */
    fun json(input: Any?, field: String = "input"): JsonElement? = when (input) {
        null -> null
        is String -> of(parsed(input, field), field, 0)
        else -> of(input, field, 0)
    }

    /** A value that stands at a place of a request: text is text there, and null is JSON's. */
    fun value(value: Any?, at: String): JsonElement = of(value, at, 0)

    private fun parsed(text: String, field: String): JsonElement =
        try {
            Json.parseToJsonElement(text)
        } catch (error: SerializationException) {
            throw refused(field, "is no JSON: ${error.message?.lineSequence()?.first()}")
        }

    // JSON's own objects and lists are maps and lists.
    private fun of(value: Any?, at: String, depth: Int): JsonElement = when (value) {
        null -> JsonNull
        is JsonPrimitive -> value.also { if (!it.isString && !WORD.matches(it.content)) throw refused(at, "`${it.content.take(64)}` is no JSON") }
        is String -> JsonPrimitive(value)
        is Boolean -> JsonPrimitive(value)
        is Byte, is Short, is Int, is Long, is BigInteger -> JsonPrimitive(value as Number)
        is UByte, is UShort, is UInt, is ULong -> Json.parseToJsonElement(value.toString())
        is BigDecimal -> Json.parseToJsonElement(if (value.scale() in -DIGITS..DIGITS) value.toPlainString() else value.toString())
        is Instant -> JsonPrimitive(value.toString())
        is Map<*, *> -> JsonObject(value.entries.associate { (name, item) -> name(name, at) to of(item, "$at.$name", deeper(at, depth)) })
        is Collection<*> -> JsonArray(value.mapIndexed { index, item -> of(item, "$at[$index]", deeper(at, depth)) })
        is Double, is Float -> throw refused(at, "is a `${value.javaClass.simpleName}`, which is not exact: give a `BigDecimal` made of text, or text")
        else -> throw refused(at, "is a `${value.javaClass.simpleName}`: give a map, a list, text, an exact number, a `Boolean` or null")
    }

    private fun name(name: Any?, at: String): String = name as? String ?: throw refused(at, "the key `$name` is no text")

    private fun deeper(at: String, depth: Int): Int =
        if (depth < DEEPEST) depth + 1 else throw refused(field(at), "nests deeper than $DEEPEST levels")

    private fun refused(at: String, why: String): ThaliumException = exception("invalid", "$at: $why", field(at))

    /** The field of the request in which a place is. */
    private fun field(at: String): String = at.takeWhile { it != '.' && it != '[' }
}
