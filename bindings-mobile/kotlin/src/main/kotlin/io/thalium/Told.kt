package io.thalium

import java.math.BigDecimal
import java.time.Instant
import java.util.UUID
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.boolean
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.longOrNull

/** What the ledger answered, as its types read it. Money whose text has no asset is of the asset around it. */
internal class Told(private val fields: JsonObject, around: String = "") {
    private val asset: String = fields["asset"]?.jsonPrimitive?.content ?: around

    private fun there(name: String): JsonElement? = fields[name]?.takeIf { it !is JsonNull }

    private fun needed(name: String): JsonElement =
        there(name) ?: throw exception("panicked", "the library answered without `$name`: it and this package are of different versions", name)

    fun textOrNull(name: String): String? = there(name)?.jsonPrimitive?.content

    fun text(name: String): String = needed(name).jsonPrimitive.content

    fun textOrEmpty(name: String): String = textOrNull(name) ?: ""

    fun numberOrNull(name: String): Long? = there(name)?.let { number(name) }

    fun number(name: String): Long = needed(name).jsonPrimitive.run {
        longOrNull ?: throw exception("unsupported", "the library's answer has in `$name` $content, which no `Long` holds", name)
    }

    fun flag(name: String): Boolean = needed(name).jsonPrimitive.boolean

    fun flagOrNull(name: String): Boolean? = there(name)?.jsonPrimitive?.boolean

    fun moneyOrNull(name: String): Money? = textOrNull(name)?.let(Money::parse)

    fun money(name: String): Money = Money.parse(text(name))

    fun decimal(name: String): Money = Money.of(text(name), asset)

    // A side of a trial balance without a balance is empty.
    fun decimalOrNull(name: String): Money? = textOrNull(name)?.takeIf { NUMBER.containsMatchIn(it) }?.let { Money.of(it, asset) }

    /** A number of no asset, such as a price. */
    fun exact(name: String): BigDecimal = BigDecimal(text(name))

    fun exactOrNull(name: String): BigDecimal? = textOrNull(name)?.let(::BigDecimal)

    fun instantOrNull(name: String): Instant? = textOrNull(name)?.let(Instant::parse)

    fun instant(name: String): Instant = Instant.parse(text(name))

    fun uuidOrNull(name: String): UUID? = textOrNull(name)?.let(UUID::fromString)

    fun uuid(name: String): UUID = UUID.fromString(text(name))

    fun map(name: String): Map<String, String> =
        there(name)?.jsonObject?.mapValues { (_, value) -> value.jsonPrimitive.content } ?: emptyMap()

    fun texts(name: String): List<String> = needed(name).jsonArray.map { it.jsonPrimitive.content }

    fun textsOrNull(name: String): List<String>? = there(name)?.jsonArray?.map { it.jsonPrimitive.content }

    fun <T> of(name: String, read: (Told) -> T): T = read(Told(needed(name).jsonObject, asset))

    fun <T> ofOrNull(name: String, read: (Told) -> T): T? = there(name)?.let { read(Told(it.jsonObject, asset)) }

    fun <T> list(name: String, read: (Told) -> T): List<T> = needed(name).jsonArray.map { read(Told(it.jsonObject, asset)) }

    fun <T> listOrNull(name: String, read: (Told) -> T): List<T>? = there(name)?.let { list(name, read) }

    fun command(name: String): Command = Command(needed(name).jsonObject)

    companion object {
        private val NUMBER = Regex("^-?[0-9]")

        fun <T> one(text: String, read: (Told) -> T): T? =
            when (val told = Json.parseToJsonElement(text)) {
                is JsonNull -> null
                else -> read(Told(told.jsonObject))
            }

        fun <T> several(text: String, read: (Told) -> T): List<T> =
            (Json.parseToJsonElement(text) as JsonArray).map { read(Told(it.jsonObject)) }
    }
}

/** A request as the library takes it; what is null is left out. */
internal fun request(op: String, vararg fields: Pair<String, Any?>): JsonObject =
    JsonObject(linkedMapOf<String, JsonElement>("op" to JsonPrimitive(op)) + json(fields.toMap()))

internal fun json(fields: Map<String, Any?>): Map<String, JsonElement> =
    fields.filterValues { it != null }.mapValues { (_, value) -> json(value) }

private fun json(value: Any?): JsonElement = when (value) {
    is JsonElement -> value
    is String -> JsonPrimitive(value)
    is Boolean -> JsonPrimitive(value)
    is Long -> JsonPrimitive(value)
    is Int -> JsonPrimitive(value)
    is ULong -> Json.parseToJsonElement(value.toString())
    is UInt -> JsonPrimitive(value.toLong())
    is Money -> JsonPrimitive(value.toString())
    is Instant -> JsonPrimitive(value.toString())
    is Map<*, *> -> JsonObject(value.entries.associate { (name, item) -> name.toString() to json(item) })
    is List<*> -> JsonArray(value.map { json(it) })
    else -> JsonPrimitive(value.toString())
}
