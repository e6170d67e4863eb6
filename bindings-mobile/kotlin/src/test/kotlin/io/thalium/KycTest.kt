package io.thalium

import java.math.BigDecimal
import java.time.Instant
import java.time.LocalDate
import javax.crypto.Mac
import javax.crypto.spec.SecretKeySpec
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.jsonPrimitive

class KycTest {
    private val zone = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
    private val now = Instant.parse("2026-01-31T09:30:05Z")
    private val body = """{"payload":{"resource_type":"workflow_run","action":"workflow_run.completed",
        "object":{"id":"run-1","status":"approved","completed_at_iso8601":"2026-01-31T09:30:00Z"}}}"""
    private val key = CallbackKey("2026", "webhook-token")

    @Test
    fun `a machine-readable zone is read`() = runBlocking {
        val read = Kyc.readMrz(zone, LocalDate.parse("2012-04-15"))
        assertEquals(listOf("TD3", "P", "UTO", "L898902C3", "ERIKSSON", "ANNA MARIA"), read.run { listOf(format, documentCode, issuer, number, primary, secondary) })
        assertEquals(listOf<Any?>(LocalDate.parse("1974-08-12"), LocalDate.parse("2012-04-15"), "valid", true), read.run { listOf(born, expires, status, valid) })
        assertEquals("expired", Kyc.readMrz(zone).status)
        assertFalse("ERIKSSON" in "$read" || "L898902C3" in "$read", "$read")
        val wrong = Kyc.readMrz(zone.replace("7408122", "7408123"), LocalDate.parse("2010-01-01"))
        assertTrue(!wrong.valid && "born" in wrong.wrong, "${wrong.wrong}")
        assertEquals("text", assertFailsWith<InvalidException> { Kyc.readMrz("P<UTO") }.field)
    }

    @Test
    fun `a callback is proven and read`() = runBlocking {
        val signature = signed(body, key.secret)
        val ways = listOf<Map<String?, Any?>>(
            mapOf("X-SHA2-Signature" to signature), mapOf("x-sha2-signature" to listOf(signature), "Accept" to listOf("a", "b"), null to "200"),
        )
        for (headers in ways) {
            val read = Kyc.readCallback(CallbackProvider.ONFIDO, headers, body.toByteArray(), listOf(key), now = now)
            assertEquals(read, Kyc.readCallback(CallbackProvider.ONFIDO, headers, body, listOf(key), now = now))
            assertEquals(listOf<Any?>("2026", "run-1", "approved", "check.approved"), read.run { listOf(this.key, about, outcome, event) })
            assertEquals(Instant.parse("2026-01-31T09:30:00Z"), read.occurredAt)
            assertEquals("run-1", read.data["about"]?.jsonPrimitive?.content)
        }
        suspend fun refused(headers: Map<String, Any?>, body: ByteArray = this@KycTest.body.toByteArray(), key: CallbackKey = this@KycTest.key) =
            assertFailsWith<ThaliumException> { Kyc.readCallback(CallbackProvider.ONFIDO, headers, body, listOf(key), now = now) }
        val wrong = listOf(
            refused(mapOf("X-SHA2-Signature" to signed(body, "another"))), refused(emptyMap()), refused(ways[0].mapKeys { it.key!! }, "$body ".toByteArray()),
            refused(mapOf("X-SHA2-Signature" to listOf(signature, signature))),
            refused(ways[0].mapKeys { it.key!! }, key = CallbackKey("2025", key.secret, notAfter = now.minusSeconds(1))),
        )
        for (error in wrong) {
            assertTrue(error is RefusedException && error.field == "body", "$error")
            assertFalse(key.secret in error.message!! || signature in error.message!!, error.message)
        }
        assertEquals("body", refused(ways[0].mapKeys { it.key!! }, byteArrayOf(0x7b, -1)).field)
        assertFalse(key.secret in "$key")
        // Who signs nothing is known by the address.
        val jumio = assertFailsWith<InvalidException> { Kyc.readCallback(CallbackProvider.JUMIO, emptyMap<String, String>(), "{}") }
        assertEquals("from", jumio.field)
    }

    @Test
    fun `a risk is scored exactly`() = runBlocking {
        val model = """
            risk: 1
            id: small
            description: Two factors.
            factors:
              - {id: country, description: Where they live., weight: 1, value: {var: country}, points: {ZA: 10, XX: 60}}
              - {id: volume, description: What they move in a month., weight: 0.5, value: {var: volume}, bands: [{to: 100000.50, points: 0}, {from: 100000.50, points: 40}]}
            floors:
              - {when: {var: pep}, at_least: 70, reason: pep, hard: true}
            levels:
              - {level: low, from: 0, refresh: P5Y}
              - {level: high, from: 60, refresh: P1Y}
        """.trimIndent()
        // What a `Double` would round up to the border.
        for ((volume, score) in mapOf("100000.49999999999999999999" to "10", "100000.50" to "30")) {
            val facts = mapOf("country" to "ZA", "volume" to BigDecimal(volume), "pep" to false)
            val scored = Kyc.scoreRisk(model, facts, now = now)
            assertEquals(0, BigDecimal(score).compareTo(scored.score), volume)
            assertEquals(listOf<Any?>("low", false, Instant.parse("2031-01-31T09:30:05Z")), scored.run { listOf(level, refuse, refreshBy) })
            assertTrue(scored.explained.isNotEmpty() && scored.details.isNotEmpty())
        }
        val raised = mapOf("level" to "high", "by" to "sam", "reason" to "a hunch", "expires" to Instant.parse("2026-12-01T00:00:00Z"))
        assertEquals("high", Kyc.scoreRisk(model, """{"country": "ZA", "volume": 1, "pep": false}""", listOf(raised), now).level)
        assertEquals("facts", assertFailsWith<InvalidException> { Kyc.scoreRisk(model, mapOf("volume" to 0.1)) }.field)
        assertEquals("chart", assertFailsWith<ChartException> { Kyc.scoreRisk("risk: 1\nid: small\nfactor: []\n") }.code)
    }

    @Test
    fun `a definition of Ballerine becomes a chart`() = runBlocking {
        val states = """{"waiting": {"on": {"REJECT": "rejected"}}, "rejected": {}}"""
        val text = """{"id": "review", "definitionType": "statechart-json", "definition": {"id": "review", "initial": "waiting", "states": $states}}"""
        val read = Kyc.importBallerine(text)
        assertTrue(read.charts.isEmpty() && read.leniencies.isNotEmpty(), "$read")
        val chart = Chart.of(read.chart, read.charts, dialect = read.dialect)
        assertEquals(listOf("rejected"), chart.step(chart.start("c-1"), "REJECT").states)
        assertEquals("chart", assertFailsWith<ChartException> { Kyc.importBallerine(text, strict = true) }.code)
    }

    @Test
    fun `rules of Ballerine become a guard`() = runBlocking {
        val read = Kyc.importRules("""{"operator": "and", "rules": [{"key": "score", "operator": "GT", "value": 40}]}""")
        val states = """{"waiting": {"on": {"CHECKED": [{"target": "high", "guard": ${read.guard}}, "low"]}}, "high": {}, "low": {}}"""
        val chart = Chart.of("""{"chart": 1, "id": "risk", "context": {"score": 0}, "states": $states}""", dialect = read.dialect)
        for ((score, state) in listOf(41 to "high", 40 to "low")) {
            assertEquals(listOf(state), chart.step(chart.start("c-1", mapOf("score" to score)), "CHECKED").states)
        }
        val asking = """{"operator": "and", "rules": [{"key": "score", "operator": "AML_CHECK", "value": {}}]}"""
        assertEquals("chart", assertFailsWith<ChartException> { Kyc.importRules(asking) }.code)
    }

    @Test
    fun `what is probably wrong in a kind of cases is told`() = runBlocking {
        val chart = """
            chart: 1
            id: papers
            states:
              review: {on: {decided: settled}}
              resting: {on: {woken: review}}
              settled: {type: final}
        """.trimIndent()
        val kind = """
            case: 1
            id: papers
            chart: papers
            queues:
              - {id: all, roles: [officer]}
              - {id: some, states: [review], roles: [officer]}
            decisions:
              approve: {states: [review, resting], roles: [officer], event: decided}
        """.trimIndent()
        val told = Kyc.lintCases(kind, listOf(chart))
        assertEquals(listOf("hidden-queue" to "warning", "unheard-decision" to "warning"), told.map { it.rule to it.severity })
        assertEquals(told, Kyc.lintCases(kind, listOf(chart), dialect = ChartDialect.JAVASCRIPT))
        // Guards of a kind ask a policy.
        val asking = kind.replace("{id: all, ", "{id: all, when: {rego: kyc/high}, ")
        val policy = PolicyBundle.of(mapOf("kyc.rego" to "package kyc\n\nhigh if input.score >= 5\n"))
        assertEquals(listOf("unheard-decision"), Kyc.lintCases(asking, listOf(chart), policy).map { it.rule })
        for (refused in listOf(asking, kind.replace("[review]", "[nowhere]"))) {
            assertEquals("chart", assertFailsWith<ChartException> { Kyc.lintCases(refused, listOf(chart)) }.code)
        }
    }

    companion object {
        fun signed(text: String, secret: String): String {
            val mac = Mac.getInstance("HmacSHA256").apply { init(SecretKeySpec(secret.toByteArray(), "HmacSHA256")) }
            return mac.doFinal(text.toByteArray()).joinToString("") { "%02x".format(it) }
        }
    }
}
