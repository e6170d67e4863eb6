package io.thalium

import java.math.BigDecimal
import java.math.BigInteger
import java.time.Instant
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

private fun bundle(limit: String, revision: String) = PolicyBundle.of(
    mapOf(
        ".manifest" to """{"revision": "$revision"}""",
        "aml/aml.rego" to """
            package aml

            default verdict := {"outcome": "allow"}

            verdict := {"outcome": "review", "reasons": [{
                "code": 12001, "rule": "aml/large", "audience": "officer", "severity": "high", "message": "A large amount.",
            }]} if input.amount >= data.aml.large

            clash := 1 if input.amount
            clash := 2 if input.amount
        """.trimIndent(),
        "aml/data.json" to """{"large": $limit}""",
    ),
)

class DecisionsTest {
    private val first = bundle("10000.00", "1")
    private val stricter = bundle("0.30", "2")
    private val newYear = Instant.parse("2026-01-01T00:00:00Z")

    private suspend fun ledger(): Thalium {
        val t = Thalium.open("memory:", OpenOptions(actor = "ann", insecureSeed = "07".repeat(32)))
        t.loadPolicy(first)
        return t
    }

    private fun amount(text: String) = mapOf("amount" to BigDecimal(text))

    private fun JsonObject.input() = getValue("input").jsonObject["amount"]?.jsonPrimitive?.content

    @Test
    fun `what is decided is on record`() = runBlocking {
        ledger().use { t ->
            val id = Thalium.newId().toString()
            val decided = t.decide("aml/verdict", amount("7.50"), concerns = "w-1", actor = "bob", requestId = "r-1", decisionId = id, now = newYear)
            assertEquals(listOf<Any?>(id, VerdictOutcome.ALLOW), listOf(decided.decisionId, decided.verdict.outcome))
            val large = t.decide("aml/verdict", """{"amount": 10000.00}""")
            assertEquals(listOf(12_001L), large.verdict.reasons.map { it.code })
            val told = t.listDecisions().decisions
            assertEquals(listOf(id, large.decisionId), told.map { it.getValue("decision_id").jsonPrimitive.content })
            val texts = listOf("path", "timestamp", "outcome", "concerns", "requested_by", "req_id").map { told[0][it]?.jsonPrimitive?.content }
            assertEquals(listOf<Any?>("aml/verdict", "2026-01-01T00:00:00.000000000Z", "allow", "w-1", "bob", "r-1"), texts)
            assertEquals("ann", told[1].getValue("requested_by").jsonPrimitive.content)
            assertEquals(listOf(told[1]), t.listDecisions(DecisionQuery(outcome = VerdictOutcome.REVIEW)).decisions)
            assertEquals(listOf(told[0]), t.listDecisions(DecisionQuery(concerns = "w-1", until = "2026-01-01")).decisions)
            // Page by page, and all of them.
            val page = t.listDecisions(limit = 1)
            assertEquals(listOf<Any?>(told.take(1), 0L), listOf(page.decisions, page.next))
            val last = t.listDecisions(after = page.next, limit = 1)
            assertEquals(listOf<Any?>(told.drop(1), null), listOf(last.decisions, last.next))
            assertEquals(told, t.decisions().toList())
        }
    }

    @Test
    fun `numbers are exact`() = runBlocking {
        ledger().use { t ->
            val given = mapOf<String, Any>(
                "0.1" to BigDecimal("0.1"), "12.50" to BigDecimal("12.50"), "18446744073709551615" to ULong.MAX_VALUE,
                "12345678901234567890.123456789012345678" to BigDecimal("12345678901234567890.123456789012345678"),
                "100000000000000000000000000000000000000001" to BigInteger("100000000000000000000000000000000000000001"),
            )
            for ((text, number) in given) {
                t.decide("aml/verdict", mapOf("amount" to number))
                t.decide("aml/verdict", """{"amount": $text}""")
                val told = t.decisions().toList().takeLast(2)
                assertEquals(listOf<String?>(text, text), told.map { it.input() })
                assertEquals(0, BigDecimal(text).compareTo(told[0].input()?.toBigDecimal()))
            }
            // A limit that a `Double` would round away.
            assertEquals(VerdictOutcome.ALLOW, t.decide("aml/verdict", amount("9999.9999999999999999")).verdict.outcome)
            val query = DecisionQuery(outcome = VerdictOutcome.ALLOW, concerns = "masked")
            t.decide("aml/verdict", mapOf("amount" to 1, "name" to "Thandi", "iban" to "1"), concerns = "masked")
            val masks = listOf(
                DecisionMask.remove("/input/name"), DecisionMask.upsert("/input/amount", BigDecimal("0.10")), DecisionMask.upsert("/input/iban", "1"),
                DecisionMask.upsert("/result/reasons", mapOf("none" to null)), DecisionMask.upsert("/input/not-there", null),
            )
            val told = t.listDecisions(query, masks = masks).decisions.single()
            val input = told.getValue("input").jsonObject
            assertEquals(listOf<Any?>(null, "0.10", JsonPrimitive("1")), listOf(input["name"], told.input(), input["iban"]))
            assertEquals(JsonObject(mapOf("none" to JsonNull)), told.getValue("result").jsonObject["reasons"])
            assertTrue("/input/name" in told.getValue("erased").toString() && "/input/amount" in told.getValue("masked").toString(), "$told")
        }
    }

    @Test
    fun `a decision is sealed and opened`() = runBlocking {
        ledger().use { t ->
            t.parties.register("c42")
            t.parties.defineRetention("aml", 5)
            t.parties.grantAccess("ann", until = "2200-01-01")
            t.decide("aml/verdict", amount("5000.50"), subject = "c42")
            t.decide("aml/verdict", amount("6000.50"), subject = "c42", retention = "aml")
            val query = DecisionQuery(subject = "c42")
            for (told in t.listDecisions(query).decisions) {
                assertEquals(JsonPrimitive(true), told["sealed"])
                assertTrue("input" !in told && "result" !in told, "$told")
            }
            assertTrue(t.parties.accessLog("c42").entries.isEmpty())
            assertEquals("why", assertFailsWith<InvalidException> { t.listDecisions(query, open = OpenSealed("")) }.field)
            val opened = t.listDecisions(query, open = OpenSealed("complaint 12", Context(actor = "bob", role = "officer")))
            assertEquals(listOf<String?>("5000.50", "6000.50"), opened.decisions.map { it.input() })
            val reading = t.parties.accessLog("c42").entries.single()
            assertEquals(listOf<Any?>("bob", "complaint 12"), listOf(reading.actor, reading.why))
            // What was held by consent goes with it.
            assertTrue(t.parties.forget("c42", ForgetScope.CONSENT).ok)
            val rest = t.decisions(query, OpenSealed("audit")).toList()
            assertEquals(listOf<String?>(null, "6000.50"), rest.map { it["input"]?.jsonObject?.get("amount")?.jsonPrimitive?.content })
            assertEquals(JsonPrimitive(true), rest[0]["subject_forgotten"])
        }
    }

    @Test
    fun `an error is no permission`() = runBlocking {
        val t = ledger()
        val undecided = assertFailsWith<UndecidedException> { t.decide("aml/clash", amount("1.10")) }
        assertTrue(undecided.message!!.endsWith("no permission: deny"), undecided.message)
        // It is on record as well.
        val told = t.listDecisions().decisions.single()
        assertEquals(listOf<Any?>("1.10", null), listOf(told.input(), told["result"]))
        assertEquals(JsonPrimitive("undecided"), told.getValue("error").jsonObject["code"])
        val wrong = mapOf<String, suspend () -> Any?>(
            "path" to { t.decide("aml/verdikt", 1) }, "policy" to { t.decide("aml/verdict", 1, policy = "other") },
            "subject" to { t.decide("aml/verdict", 1, subject = "nobody") }, "decision_id" to { t.decide("aml/verdict", 1, decisionId = "x") },
            "input" to { t.decide("aml/verdict", mapOf("amount" to 0.1)) }, "retention" to { t.decide("aml/verdict", 1, retention = "aml") },
            "now" to { t.decide("aml/verdict", 1, now = Instant.EPOCH) },
        )
        for ((field, ask) in wrong) {
            val refused = assertFailsWith<InvalidException>(field) { ask() }
            assertEquals(field, refused.field)
            assertTrue(refused.message!!.endsWith("no permission: deny"), refused.message)
        }
        assertEquals("input", assertFailsWith<InvalidException> { t.decide("aml/verdict", "{") }.field)
        assertEquals(1, t.listDecisions().decisions.size)
        assertEquals("masks", assertFailsWith<InvalidException> { DecisionMask.upsert("/input/a", listOf(0.1)) }.field)
        assertEquals("masks", assertFailsWith<InvalidException> { t.listDecisions(masks = listOf(DecisionMask.remove("input"))) }.field)
        assertEquals("from", assertFailsWith<InvalidException> { t.listDecisions(DecisionQuery(from = "yesterday")) }.field)
        t.closeAndWait()
        assertTrue(assertFailsWith<ClosedException> { t.decide("aml/verdict", 1) }.message!!.endsWith("no permission: deny"))
    }

    @Test
    fun `versions of a policy come and go`() = runBlocking {
        ledger().use { t ->
            val shadowed = t.loadPolicy(stricter, shadow = true)
            assertEquals(listOf("policy", "1", "2"), listOf(shadowed.name, shadowed.current.revision, shadowed.shadow?.version?.revision))
            for (text in listOf("0.20", "0.30")) assertEquals(VerdictOutcome.ALLOW, t.decide("aml/verdict", amount(text)).verdict.outcome)
            val shadow = t.listPolicies().single().shadow!!
            assertEquals(listOf(2L, 1L, 1L), listOf(shadow.decisions, shadow.same, shadow.flipped))
            val flip = shadow.flips.single()
            assertEquals(listOf("allow", "review", "12001"), listOf(flip.was, flip.now) + flip.reasons.map { "${it.code}" })
            t.dropPolicy(shadow = true)
            assertNull(t.listPolicies().single().shadow)

            val replayed = t.replayDecisions(stricter)
            assertEquals(listOf(2L, 1L, 1L), listOf(replayed.decisions, replayed.same, replayed.flipped))
            assertEquals(listOf(flip.decisionId), replayed.flips.map { it.decisionId })
            val counted = t.replayDecisions(stricter, "aml/verdict", limit = 0)
            assertEquals(1L to 0, counted.flipped to counted.flips.size)
            assertEquals(0, t.replayDecisions(stricter, path = "aml/other").decisions)

            assertEquals("policy", assertFailsWith<PolicyException> { t.loadPolicy(PolicyBundle.of(mapOf("a.rego" to "pakage a"))) }.code)
            assertEquals("io", assertFailsWith<ThaliumException> { t.loadPolicy(PolicyBundle.at("/none/here")) }.code)
            assertEquals(listOf("1"), t.loadPolicy(stricter, now = newYear).former.map { it.revision })
            assertEquals(VerdictOutcome.REVIEW, t.decide("aml/verdict", amount("0.30")).verdict.outcome)
            val back = t.rollBackPolicy()
            assertEquals("1" to emptyList(), back.current.revision to back.former)
            assertEquals("name", assertFailsWith<InvalidException> { t.rollBackPolicy() }.field)
            t.loadPolicy(stricter, "limits")
            assertEquals(VerdictOutcome.REVIEW, t.decide("aml/verdict", amount("0.30"), policy = "limits").verdict.outcome)
            assertEquals(listOf("limits", "policy"), t.listPolicies().map { it.name })
            t.dropPolicy()
            assertEquals("policy", assertFailsWith<InvalidException> { t.decide("aml/verdict", 1) }.field)
        }
    }
}
