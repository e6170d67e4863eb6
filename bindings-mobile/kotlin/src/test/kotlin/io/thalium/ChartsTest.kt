package io.thalium

import java.io.File
import java.math.BigDecimal
import java.math.BigInteger
import java.nio.file.Files.createTempDirectory
import java.time.Duration
import java.time.Instant
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

private val ECHO = """
    chart: 1
    id: echo
    context: { given: null, amount: 0 }
    schema: { type: object, properties: { amount: { type: number, maximum: 99.99 } } }
    states:
      open:
        on:
          given:
            actions:
              - assign: { given: { expr: { var: event.data } } }
              - { effect: told, id: m-1, with: { given: { expr: { var: event.data } } } }
          bare: { actions: [{ effect: told }, { log: heard, value: { var: amount } }] }
          raised: { actions: [{ assign: { amount: { expr: { var: event.data.amount } } } }] }
          ended: closed
        after: { P2D: { target: late, restore: remaining } }
      closed: { type: final, output: { expr: { var: given } } }
      late: { description: It took too long., on: { ended: closed } }
""".trimIndent()

class ChartsTest {
    private val newYear = Instant.parse("2026-01-01T00:00:00Z")

    private fun day(days: Long) = newYear + Duration.ofDays(days)

    private suspend fun chart() = Chart.of(ECHO)

    @Test
    fun `numbers are exact both ways`() = runBlocking {
        val chart = chart()
        val given = mapOf(
            "0.1" to BigDecimal("0.1"), "12.50" to BigDecimal("12.50"), "-7" to -7, "18446744073709551615" to ULong.MAX_VALUE,
            "12345678901234567890.123456789012345678" to BigDecimal("12345678901234567890.123456789012345678"),
            "100000000000000000000000000000000000000001" to BigInteger("100000000000000000000000000000000000000001"),
        )
        for ((text, number) in given) {
            val begun = chart.start("case-1", mapOf("given" to number), newYear)
            assertEquals(text, begun.data["given"]?.jsonPrimitive?.content)
            for (data in listOf(number, text)) {
                val told = chart.step(begun, "given", data, now = newYear)
                assertEquals(text, told.data["given"]?.jsonPrimitive?.content)
                assertEquals(text, told.effects.single().data?.jsonObject?.get("given")?.jsonPrimitive?.content)
                // What was stored has them as well, and so has the end.
                assertEquals(told.at, chart.session(told.held))
                val done = chart.step(told.held, "ended", now = newYear).effects.single()
                assertEquals(listOf<Any?>(EffectKind.DONE, text), listOf(done.kind, done.data?.jsonPrimitive?.content))
            }
        }
        for (data in listOf(0.1, listOf(mapOf("amount" to 0.1f)))) {
            assertEquals("data", assertFailsWith<InvalidException> { chart.start("case-1", data) }.field)
        }
        val begun = chart.start("case-1", now = newYear)
        for (data in listOf("{", "", "01", "1,\"now\":\"x\"", mapOf("a" to 0.1))) {
            val refused = assertFailsWith<InvalidException>("$data") { chart.step(begun, "given", data) }
            assertTrue(refused.field == "data" && refused.message!!.startsWith("data"), refused.message)
        }
        val deep = assertFailsWith<InvalidException> { chart.step(begun, "given", mapOf("a" to listOf(1.0))) }
        assertTrue(deep.message!!.startsWith("data.a[0]"), deep.message)
    }

    @Test
    fun `a refused event leaves the session usable`() = runBlocking {
        val chart = chart()
        val begun = chart.start("case-1", mapOf("amount" to BigDecimal("1.50")), newYear)
        val refused = assertFailsWith<RefusedException> { chart.step(begun, "raised", mapOf("amount" to BigDecimal("100")), now = newYear) }
        assertEquals(listOf<Any?>("refused", "data"), listOf(refused.code, refused.field))
        val raised = chart.step(begun, "raised", mapOf("amount" to BigDecimal("99.99")), now = newYear)
        assertEquals("99.99", raised.data["amount"]?.jsonPrimitive?.content)
        assertEquals("1.50", begun.data["amount"]?.jsonPrimitive?.content)
        // What nothing waits for is no error.
        val unheard = chart.step(raised, "unheard", now = newYear)
        assertEquals(raised.at.copy(held = ""), unheard.at.copy(held = ""))
        // One that has ended takes none, and one that could not begin is none.
        val done = chart.step(unheard, "ended", now = newYear)
        assertTrue(done.done && done.states == listOf("closed"), "$done")
        assertEquals("refused", assertFailsWith<RefusedException> { chart.step(done, "given", 1, now = newYear) }.code)
        assertEquals("data", assertFailsWith<RefusedException> { chart.start("case-2", """{"amount": 100}""", newYear) }.field)
    }

    @Test
    fun `effects are told in order`() = runBlocking {
        val chart = chart()
        val told = chart.step(chart.start("case-1", now = newYear), "given", "[null]", now = newYear, trace = true)
        val sent = told.effects.single()
        assertEquals(listOf<Any?>(EffectKind.SEND, "case-1", "m-1", "host", "told"), listOf(sent.kind, sent.session, sent.id, sent.target, sent.name))
        assertEquals("""{"given":[null]}""", sent.data.toString())
        assertEquals(listOf("given"), told.trace.map { it.event })
        assertEquals("states/open/on/given", told.trace.single().taken.single())
        val (bare, log) = chart.step(told, "bare", now = newYear).effects
        assertEquals(listOf<Any?>(EffectKind.SEND, null, EffectKind.LOG, "heard", "0"), listOf(bare.kind, bare.data, log.kind, log.name, "${log.data}"))
        // An event that carries nothing, and one that carries null.
        assertEquals(JsonNull, chart.step(told, "given", JsonNull, now = newYear).data["given"])
        assertTrue(chart.cancel(told, newYear).done && chart.cancel(told.held, newYear).done)
    }

    @Test
    fun `a timer happens when it is due`() = runBlocking {
        val chart = chart()
        val begun = chart.start("case-1", now = newYear)
        assertEquals(listOf(SessionTimer("case-1", day(2), "after.0.open", TimerRestore.REMAINING)), begun.pending)
        assertEquals(listOf("open"), chart.advance(begun, day(2).minusNanos(1)).states)
        val late = chart.advance(begun.held, day(2), trace = true)
        assertEquals(listOf<Any?>(listOf("late"), emptyList<SessionTimer>()), listOf(late.states, late.pending))
        assertEquals(listOf("late"), late.trace.first().entered)
        // What is due happens before an event is heard.
        val told = chart.step(begun, "given", 1, now = day(3))
        assertEquals(listOf<Any?>(listOf("late"), false), listOf(told.states, told.heard))
        // A session that rested has what was left.
        for (resumed in listOf(chart.resume(begun, day(1), day(10)), chart.resume(begun.held, day(1), day(10)))) {
            assertEquals(day(11), resumed.pending.single().due)
        }
    }

    @Test
    fun `a chart is opened, described, drawn and written`() = runBlocking {
        val folder = createTempDirectory("charts").toFile()
        val chart = chart()
        val texts = mapOf("echo.yaml" to ECHO, "echo.json" to chart.write())
        val opened = texts.map { (name, text) -> Chart.open(File(folder, name).apply { writeText(text) }.path) }
        for (one in opened) assertEquals(chart.describe(), one.describe())
        assertEquals(chart.write(), opened.last().write())
        assertEquals("io", assertFailsWith<ThaliumException> { Chart.open(File(folder, "none").path) }.code)
        folder.deleteRecursively()
        val view = chart.describe()
        assertEquals(listOf("open", "closed", "late"), view.states)
        assertEquals(listOf("echo", listOf("given", "amount")), listOf(view.id, view.variables))
        assertTrue("<scxml" in chart.write(ChartFormat.SCXML))
        assertTrue(chart.lint().none { it.severity == "error" }, "${chart.lint()}")
        val waiting = Chart.of("chart: 1\nid: x\nstates:\n  a: {on: {document.late: b}}\n  b: {on: {go: a}}\n")
        val unknown = listOf(null, listOf("document.*", "go"), listOf("go"), emptyList()).map { outside ->
            waiting.lint(outside).count { it.rule == "unknown-event" }
        }
        assertEquals(listOf(0, 0, 1, 2), unknown)
        val begun = chart.start("case-1", now = newYear)
        assertTrue("<svg" in chart.draw() && "stateDiagram" in chart.draw(DrawFormat.MERMAID))
        val drawn = chart.draw(DrawFormat.MERMAID, begun)
        assertTrue(drawn != chart.draw(DrawFormat.MERMAID) && drawn == chart.draw(DrawFormat.MERMAID, begun.held))
        // A session belongs to its version.
        val other = Chart.of(ECHO.replace("P2D", "P3D"))
        assertEquals("session", assertFailsWith<InvalidException> { other.step(begun, "given", 1) }.field)
        assertEquals("session", assertFailsWith<InvalidException> { chart.session("") }.field)
    }

    @Test
    fun `a chart that is none is refused`() = runBlocking {
        val refused = assertFailsWith<ChartException> { Chart.of("chart: 1\nstates: {a: {on: {go: b}, colour: red}}\n") }
        assertEquals(listOf<Any?>("chart", null), listOf(refused.code, refused.field))
        assertTrue("colour" in refused.message!!, refused.message)
        assertEquals("chart", assertFailsWith<ChartException> { Chart.of(ECHO, charts = listOf("chart: 1")) }.code)
        val policy = PolicyBundle.of(mapOf("a.rego" to "package a\n\nx := \n"))
        assertEquals("policy", assertFailsWith<PolicyException> { Chart.of(ECHO, policy = policy) }.code)
    }

    @Test
    fun `guards ask a policy, and take values as their dialect says`() = runBlocking {
        val asks = "chart: 1\nstates: {a: {on: {go: {target: b, guard: {rego: p/ok}}}}, b: {}}\n"
        val policy = PolicyBundle.of(mapOf("p.rego" to "package p\n\nok if input.event.data.amount < 0.30\n"))
        val chart = Chart.of(asks, policy = policy)
        val begun = chart.start("case-1", now = newYear)
        val held = listOf("0.29", "0.30").map { chart.step(begun, "go", mapOf("amount" to BigDecimal(it)), now = newYear, trace = true) }
        assertEquals(listOf(listOf("b"), listOf("a")), held.map { it.states })
        assertEquals(listOf<Boolean?>(true), held.first().trace.first().guards.map { it.held })
        val loose = "chart: 1\nstates: {a: {on: {go: {target: b, guard: {\"==\": [{var: event.data}, 1]}}}}, b: {}}\n"
        for ((dialect, state) in mapOf(ChartDialect.STRICT to "a", ChartDialect.JAVASCRIPT to "b")) {
            val one = Chart.of(loose, dialect = dialect)
            assertEquals(listOf(state), one.step(one.start("case-1", now = newYear), "go", "\"1\"", now = newYear).states, "$dialect")
        }
    }

    @Test
    fun `many step at once`() = runBlocking {
        val chart = chart()
        val begun = chart.start("case-1", now = newYear)
        assertNull(begun.data["given"]?.jsonPrimitive?.content?.takeIf { it != "null" })
        val told = (1..200).map { n -> async(Dispatchers.Default) { chart.step(begun, "given", n, now = newYear).data["given"].toString() } }
        assertEquals((1..200).map { "$it" }, told.awaitAll())
    }
}
