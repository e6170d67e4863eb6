package io.thalium

import java.time.Instant
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

/** The charts of core/vectors/charts through Kotlin's own surface. */
internal object ChartVectors {
    /** A call, with its data in one of the ways in which it may be given, and its session as it was answered, where it is to be given so. */
    class Call(val fields: JsonObject, val data: Any?, val answered: Held?) {
        fun text(name: String): String = fields.getValue(name).jsonPrimitive.also { require(it.isString) }.content
        fun textOrNull(name: String): String? = fields[name]?.takeIf { it !is JsonNull }?.let { text(name) }
        fun instant(name: String): Instant? = textOrNull(name)?.let(Typed::instant)
        val outside get() = fields["outside"]?.takeIf { it !is JsonNull }?.jsonArray?.map { one ->
            one.jsonPrimitive.also { require(it.isString) }.content
        }
        val now get() = instant("now")
        val trace get() = fields["trace"] == JsonPrimitive(true)
        val drawn get() = textOrNull("format")?.let { text -> DrawFormat.entries.first { it.wire == text } } ?: DrawFormat.SVG
        val written get() = textOrNull("format")?.let { text -> ChartFormat.entries.first { it.wire == text } } ?: ChartFormat.JSON
    }

    private fun text(text: String) = JsonObject(mapOf("text" to JsonPrimitive(text)))

    /** How each operation is called in Kotlin: one that is missing here fails. */
    val surface: Map<String, suspend (Chart, Call) -> Any?> = mapOf(
        "describe_chart" to { chart, _ -> chart.describe() },
        "lint_chart" to { chart, call -> chart.lint(call.outside) },
        "draw_chart" to { chart, call ->
            val session = call.textOrNull("session")
            text(if (session == null || call.answered != null) chart.draw(call.drawn, call.answered) else chart.draw(call.drawn, session))
        },
        "write_chart" to { chart, call -> text(chart.write(call.written)) },
        "start_session" to { chart, call -> chart.start(call.text("id"), call.data, call.now, call.trace) },
        "step_session" to { chart, call ->
            val (event, invokeId, to) = listOf(call.text("event"), call.textOrNull("invoke_id"), call.textOrNull("to"))
            call.answered?.let { chart.step(it, event!!, call.data, invokeId, to, call.now, call.trace) }
                ?: chart.step(call.text("session"), event!!, call.data, invokeId, to, call.now, call.trace)
        },
        "advance_session" to { chart, call ->
            call.answered?.let { chart.advance(it, call.now, call.trace) } ?: chart.advance(call.text("session"), call.now, call.trace)
        },
        "resume_session" to { chart, call ->
            val since = call.instant("suspended_at")!!
            call.answered?.let { chart.resume(it, since, call.now, call.trace) }
                ?: chart.resume(call.text("session"), since, call.now, call.trace)
        },
        "cancel_session" to { chart, call ->
            call.answered?.let { chart.cancel(it, call.now, call.trace) } ?: chart.cancel(call.text("session"), call.now, call.trace)
        },
        "describe_session" to { chart, call -> chart.session(call.text("session")) },
    )

    // What a step of each may say, and what it has to: one that says something else is sent as it stands.
    private val timed = setOf("session", "now", "trace")
    private val fields = mapOf(
        "describe_chart" to emptySet(), "lint_chart" to setOf("outside"), "draw_chart" to setOf("format", "session"), "write_chart" to setOf("format"),
        "start_session" to timed - "session" + setOf("id", "data"), "step_session" to timed + setOf("event", "data", "invoke_id", "to"),
        "advance_session" to timed, "resume_session" to timed + "suspended_at", "cancel_session" to timed, "describe_session" to setOf("session"),
    )
    private val needed = mapOf(
        "start_session" to setOf("id"), "step_session" to setOf("session", "event"), "resume_session" to setOf("session", "suspended_at"),
    ) + listOf("advance_session", "cancel_session", "describe_session").associateWith { setOf("session") }

    /** Steps that say something that cannot be typed, and were sent as they stand. */
    var asTheyStand = 0
        private set

    /** How many steps a vector has. */
    fun steps(vector: JsonObject): Int = (parts(vector, "refused") + parts(vector, "steps")).size

    fun differences(vector: JsonObject): List<String> = runBlocking {
        asTheyStand = 0
        val refused = parts(vector, "refused").mapIndexedNotNull { number, one ->
            difference("chart $number", one) { open(one.getValue("open").jsonObject).let { JsonObject(emptyMap()) } }
        }
        val asked = parts(vector, "steps")
        if (asked.isEmpty()) return@runBlocking refused
        val chart = open(vector.getValue("open").jsonObject)
        var last: Held? = null
        refused + asked.flatMapIndexed { number, step ->
            val told = step.getValue("call").jsonObject
            val answered = last.takeIf { told["session"] == SESSION }
            val call = JsonObject(if (answered == null) told else told + ("session" to JsonPrimitive(answered.held)))
            val op = call.getValue("op").jsonPrimitive.content
            val typed = surface[op].takeIf { isTyped(op, call) }
            if (typed == null && "answer" in step) return@flatMapIndexed listOf("step $number: Kotlin has no `$op`")
            if (typed == null) {
                asTheyStand += 1
                return@flatMapIndexed listOfNotNull(difference("step $number", step) { Json.parseToJsonElement(chart.ask(call)) })
            }
            // In each of the ways in which data and a session can be given.
            val data = PolicyVectors.ways(call["data"])
            val calls = data.map { Call(call, it, null) } + listOfNotNull(answered?.let { Call(call, data.first(), it) })
            calls.mapNotNull { one ->
                difference("step $number", step) { typed(chart, one).also { if (it is Held) last = it } }
            }
        }
    }

    private fun parts(vector: JsonObject, name: String): List<JsonObject> =
        (vector[name] as? JsonArray)?.map { it.jsonObject } ?: emptyList()

    private fun isTyped(op: String, call: JsonObject): Boolean {
        val reads = {
            Call(call, null, null).run {
                listOf("id", "session", "event", "invoke_id", "to").forEach(::textOrNull)
                require(call["trace"] in listOf(null, JsonPrimitive(true), JsonPrimitive(false)))
                if (op == "draw_chart") drawn else if (op == "write_chart") written else listOf(now, instant("suspended_at"), outside)
            }
        }
        return (call.keys - "op").all { it in fields[op].orEmpty() } && needed[op].orEmpty().all { it in call } && runCatching(reads).isSuccess
    }

    private suspend fun open(asked: JsonObject): Chart {
        fun text(name: String) = asked[name]?.jsonPrimitive?.contentOrNull
        val charts = asked["charts"]?.jsonArray.orEmpty().map { it.jsonPrimitive.content }
        val policy = asked["policy"]?.let { PolicyVectors.bundle(it.jsonObject) }
        val dialect = ChartDialect.entries.firstOrNull { it.wire == (text("dialect") ?: "strict") }
        val isTyped = dialect != null && (policy != null || "policy" !in asked)
        return when ((asked.keys - setOf("charts", "policy", "dialect")).takeIf { isTyped }) {
            setOf("path") -> Chart.open(text("path")!!, charts, policy, dialect!!)
            setOf("text") -> Chart.of(text("text")!!, charts, policy, dialect!!)
            else -> Chart.openText(asked.toString())
        }
    }

    private suspend fun difference(at: String, step: JsonObject, run: suspend () -> Any?): String? {
        val found = try {
            mapOf("answer" to plain(run()))
        } catch (error: ThaliumException) {
            val told = listOf("code" to error.code, "field" to error.field).filter { it.second != null }
            mapOf("failure" to JsonObject(told.associate { (name, text) -> name to JsonPrimitive(text) }))
        }
        val expected = step.filterKeys { it == "answer" || it == "failure" }.mapValues { (_, value) -> Plain.of(value) }
        return if (expected == found) null else "$at:\n  expected $expected\n  found    $found"
    }

    /** An answer as the vectors have it, where data is the text of JSON. */
    private fun plain(told: Any?): JsonElement = when (told) {
        is SessionStep -> JsonObject(
            mapOf(
                "at" to plain(told.at),
                "heard" to JsonPrimitive(told.heard),
                "effects" to JsonArray(told.effects.map(::plain)),
                "faults" to Plain.of(told.faults),
                "trace" to Plain.of(told.trace),
            ),
        )
        is HeldSession -> {
            val own = mapOf("session" to JsonPrimitive(told.held), "data" to JsonPrimitive(told.data.toString()))
            JsonObject(Plain.of(told).jsonObject - "held" + own)
        }
        is SessionEffect -> {
            val data = told.data?.let { "data" to JsonPrimitive(it.toString()) }
            JsonObject(Plain.of(told).jsonObject - "data" + listOfNotNull(data))
        }
        else -> Plain.of(told)
    }

    /** Stands for the session that was answered last. */
    private val SESSION = JsonPrimitive("\$session")
}
