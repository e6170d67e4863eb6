package io.thalium

import io.thalium.examples.deviceOfTheReadme
import io.thalium.examples.ledgerOfTheReadme
import java.io.File
import java.math.BigDecimal
import java.nio.file.Files.createTempDirectory
import java.time.Instant
import java.time.LocalDate
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlinx.coroutines.cancelChildren
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.jsonPrimitive

/** What the README shows is what is compiled and run. */
class ReadmeTest {
    private fun lines(text: String) = text.lines().map { it.trim() }.filter { it.isNotEmpty() }

    @Test
    fun `what it shows is what is compiled`() {
        val sources = listOf("../../examples/kotlin/Readme.kt", "src/test/kotlin/io/thalium/ReadmeTest.kt")
        val compiled = sources.joinToString("\n") { lines(File(it).readText()).joinToString("\n") }
        val blocks = Regex("```kotlin\n(.*?)```", RegexOption.DOT_MATCHES_ALL).findAll(File("README.md").readText()).toList()
        assertEquals(10, blocks.size)
        for (block in blocks) {
            val shown = lines(block.groupValues[1]).joinToString("\n")
            assertTrue(shown in compiled, shown)
        }
    }

    @Test
    fun `the ledger`() = runBlocking {
        val shown = mutableListOf<Any?>()
        ledgerOfTheReadme("memory:") { shown += it }
        assertEquals(listOf<Any?>(currency("ZAR")("190.00")), shown)
    }

    private suspend fun partiesOfTheReadme(directory: String, file: String, show: (Any?) -> Unit) {
        Thalium.open(directory, OpenOptions(actor = "ann", keys = KeySource(keyFile = file))).use { t ->
            t.parties.register("c42")                                         // in the clear: no personal data in it
            val name = PersonalField("Thandi Maseko", purpose = "due_diligence", basis = Basis.LAW, years = 5)
            val email = PersonalField("thandi@example.com", purpose = "contact", identifier = IdentifierKind.EMAIL)
            t.parties.seal("c42", mapOf("name" to name, "email" to email))
            show(t.parties.find(IdentifierKind.EMAIL, "Thandi@Example.com").map { it.key })
            show(t.parties.read("c42", listOf("email"), why = "a complaint").fields.single().value)
            t.parties.forget("c42", ForgetScope.CONSENT)                      // the address is gone for ever
            show(t.parties.read("c42", why = "a complaint").fields.map { it.name })
        }
    }

    @Test
    fun `the parties`() = runBlocking {
        val folder = createTempDirectory("thalium").toFile()
        val shown = mutableListOf<Any?>()
        partiesOfTheReadme(File(folder, "books").path, Files.newKey(File(folder, "key").path)) { shown += it }
        folder.deleteRecursively()
        assertEquals(listOf<Any?>(listOf("c42"), "thandi@example.com", listOf("name")), shown)
    }

    private suspend fun rollupsOfTheReadme(address: String, show: (Any?) -> Unit) {
        val ten = Instant.parse("2026-03-10T10:00:00Z")
        Thalium.open(address).use { t ->
            t.rollups.define(DefineRollup("klines", levels = listOf("1m", "1h", "1d"), keep = mapOf("1m" to "30d"), priceScale = 2))
            val first = TradeRow("BTC-ZAR", at = ten, price = "1800000.25", quantity = "0.5", id = "1", taker = "buyer")
            val second = TradeRow("BTC-ZAR", at = ten.plusSeconds(20), price = "1800100.75", quantity = "0.25", id = "2")
            show(t.rollups.ingest("klines", listOf(first, second)).taken)
            t.klines("BTC-ZAR", "1h", from = ten).klines.forEach { show("${it.open} to ${it.close}, ${it.trades} trades") }
            t.rollups.correct("klines", second.copy(price = "1800001.50"))
            show(t.rollups.symbols("klines").first().price)
            t.rollups.advance("klines")                                       // nothing earlier is on its way
            t.rollups.watch("klines").first().changes.forEach { show("${it.kind} ${it.width}") }
        }
    }

    @Test
    fun `the rollups`() = runBlocking {
        val shown = mutableListOf<Any?>()
        rollupsOfTheReadme("memory:") { shown += it }
        assertEquals(listOf("2", "1800000.25 to 1800100.75, 2 trades", "1800001.50"), shown.take(3).map { "$it" })
        assertEquals(setOf("closed 1m", "closed 1h", "closed 1d"), shown.drop(3).toSet())
    }

    private suspend fun policyOfTheReadme(show: (Any?) -> Unit) {
        val module = """
            package access

            default verdict := {"outcome": "deny"}

            verdict := {"outcome": "allow"} if input.amount <= data.access.limits[input.role]
        """.trimIndent()
        val policy = Policy.of(mapOf("access/access.rego" to module, "access/data.json" to """{"limits": {"teller": 5000.50}}"""))
        val input = mapOf("role" to "teller", "amount" to BigDecimal("5000.50"))
        show(policy.decide("access/verdict", input).outcome)                  // ALLOW
        show(policy.decide("access/verdict", """{"role": "teller", "amount": 5000.51}""").outcome)
        show(policy.evaluate("access/limits/teller")?.jsonPrimitive?.content?.toBigDecimal())
    }

    @Test
    fun `the policy`() = runBlocking {
        val shown = mutableListOf<Any?>()
        policyOfTheReadme { shown += it }
        assertEquals(listOf<Any?>(VerdictOutcome.ALLOW, VerdictOutcome.DENY, BigDecimal("5000.50")), shown)
    }

    private suspend fun chartOfTheReadme(show: (Any?) -> Unit) {
        val text = """
            chart: 1
            id: onboarding
            context: { deposit: 0 }
            states:
              open:
                on:
                  paid:
                    target: active
                    guard: { ">=": [{ var: event.data.amount }, 100.50] }
                    actions: [{ assign: { deposit: { expr: { var: event.data.amount } } } }, { effect: welcome }]
                after: { P30D: expired }
              active: { type: final, description: The customer is in. }
              expired: { type: final, description: Nothing came for thirty days. }
        """.trimIndent()
        val chart = Chart.of(text)
        val begun = chart.start("case-1", now = Instant.parse("2026-01-01T00:00:00Z"))
        show(begun.pending.single().due)                                      // 2026-01-31T00:00:00Z
        val (second, third) = listOf("2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z").map(Instant::parse)
        val less = chart.step(begun, "paid", mapOf("amount" to BigDecimal("100.49")), now = second)
        show(less.states)                                                     // [open]: the guard did not hold
        val paid = chart.step(less.held, "paid", """{"amount": 100.50}""", now = third)   // by the text that was stored
        show(paid.data["deposit"])                                            // 100.50
        paid.effects.forEach { show("${it.kind} ${it.name}") }                // done once paid.held is stored
        show(chart.advance(begun, Instant.parse("2026-01-31T00:00:00Z")).states)   // [expired]
    }

    @Test
    fun `the chart`() = runBlocking {
        val shown = mutableListOf<Any?>()
        chartOfTheReadme { shown += it }
        val expected = listOf("2026-01-31T00:00:00Z", "[open]", "100.50", "SEND welcome", "DONE null", "[expired]")
        assertEquals(expected, shown.map { "$it" })
    }

    private suspend fun decisionsOfTheReadme(directory: String, file: String, show: (Any?) -> Unit) {
        val module = """
            package aml

            default verdict := {"outcome": "allow"}

            verdict := {"outcome": "review"} if input.amount >= data.aml.large
        """.trimIndent()
        fun version(large: String) = PolicyBundle.of(mapOf("aml/aml.rego" to module, "aml/data.json" to """{"large": $large}"""))
        Thalium.open(directory, OpenOptions(actor = "ann", keys = KeySource(keyFile = file))).use { t ->
            t.loadPolicy(version("10000.00"))                                 // again wherever the process begins
            t.parties.register("c42")
            val input = mapOf("amount" to BigDecimal("5000.50"))
            val decided = t.decide("aml/verdict", input, subject = "c42", concerns = "wd-1")
            show(decided.verdict.outcome)                                     // ALLOW, and it is on record
            val query = DecisionQuery(subject = "c42")
            show(t.listDecisions(query).decisions.single()["sealed"])         // true: no input is told
            t.decisions(query, OpenSealed(why = "complaint 12")).collect { show(it["input"]) }
            show(t.replayDecisions(version("5000.50")).flipped)               // what another version would decide otherwise
        }
    }

    @Test
    fun `the decisions`() = runBlocking {
        val folder = createTempDirectory("thalium").toFile()
        val shown = mutableListOf<Any?>()
        decisionsOfTheReadme(File(folder, "books").path, Files.newKey(File(folder, "key").path)) { shown += it }
        folder.deleteRecursively()
        assertEquals(listOf("ALLOW", "true", """{"amount":5000.50}""", "1"), shown.map { "$it" })
    }

    private suspend fun casesOfTheReadme(address: String, show: (Any?) -> Unit) {
        val kind = """
            case: 1
            id: onboarding
            chart: onboarding
            evidence: [risk]
            queues: [{ id: reviews, states: [review], roles: [officer], within: P2D }]
            decisions:
              approve: { states: [review], roles: [officer], quorum: 2, event: approved }
        """.trimIndent()
        val chart = """
            chart: 1
            id: onboarding
            context: { risk: low, limit: 0 }
            states:
              review:
                on:
                  screened: { actions: [{ assign: { risk: { expr: { var: event.data.risk } } } }] }
                  approved: { target: settled, actions: [{ assign: { limit: { expr: { var: event.data.limit } } } }] }
              settled: { type: final }
        """.trimIndent()
        Thalium.open(address).use { t ->
            t.cases.define(kind, listOf(chart))
            for (person in listOf("ann", "bob")) t.cases.setStaff(person, listOf("officer"))
            val opened = t.cases.open("c-1", "onboarding", mapOf("risk" to "medium"), by = By("clerk"))
            show(opened.now?.place?.queue)                                    // reviews
            val seen = opened.now!!.evidenceDigest                            // who votes says on which evidence
            val limit = mapOf("limit" to BigDecimal("5000.10"))
            show(t.cases.decide("c-1", "approve", seen, data = limit, by = By("ann")).ok)
            show(t.cases.decide("c-1", "approve", seen, data = limit, by = By("ann")).code)   // same_person
            val settled = t.cases.decide("c-1", "approve", seen, data = limit, by = By("bob")).now
            show("${settled?.status} ${settled?.data?.get("limit")}")         // ENDED 5000.10
            t.cases.log("c-1").collect { show("${it.what} by ${it.actor}") }
            show(t.cases.replay().same)                                       // all of it, decided once more
        }
    }

    @Test
    fun `the cases`() = runBlocking {
        val shown = mutableListOf<Any?>()
        casesOfTheReadme("memory:") { shown += it }
        val log = listOf("open by clerk", "decide by ann", "decide by bob")
        assertEquals(listOf<Any?>("reviews", true, "same_person", "ENDED 5000.10") + log + true, shown)
    }

    private suspend fun zoneOfTheReadme(show: (Any?) -> Unit) {
        val lines = """
            P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<
            L898902C36UTO7408122F1204159ZE184226B<<<<<10
        """.trimIndent()
        val passport = Kyc.readMrz(lines, today = LocalDate.parse("2012-04-15"))
        show("${passport.valid} ${passport.wrong}")                           // true []
        show("${passport.number} of ${passport.issuer}, born ${passport.born}")   // L898902C3 of UTO, born 1974-08-12
        show(passport.status)                                                 // valid, on its last day
    }

    @Test
    fun `the zone`() = runBlocking {
        val shown = mutableListOf<Any?>()
        zoneOfTheReadme { shown += it }
        assertEquals(listOf<Any?>("true []", "L898902C3 of UTO, born 1974-08-12", "valid"), shown)
    }

    private suspend fun callbackOfTheReadme(t: Thalium, headers: Map<String, String>, body: ByteArray, secret: String) {
        val callback = Kyc.readCallback(CallbackProvider.ONFIDO, headers, body, listOf(CallbackKey("2026", secret)))
        val told = t.cases.callback("c-1", callback.data)                     // the chart hears check.approved, check.rejected, …
        check(told.ok)                                                        // a second delivery is `replayed`, an overtaken one `late`
    }

    @Test
    fun `the callback`() = runBlocking {
        Thalium.open("memory:").use { t ->
            t.cases.define(
                "{case: 1, id: k, chart: c}",
                listOf("chart: 1\nid: c\ncontext: {about: null}\nstates: {a: {on: {check.approved: {target: b, actions: [{assign: {about: {expr: {var: event.data.about}}}}]}}}, b: {}}\n"),
            )
            t.cases.open("c-1", "k")
            val run = """{"id":"run-1","status":"approved","completed_at_iso8601":"${java.time.Instant.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS)}"}"""
            val body = """{"payload":{"resource_type":"workflow_run","action":"workflow_run.completed","object":$run}}"""
            repeat(2) { callbackOfTheReadme(t, mapOf("X-SHA2-Signature" to KycTest.signed(body, "s")), body.toByteArray(), "s") }
            val case = t.cases.get("c-1")
            assertEquals(listOf<Any?>(listOf("b"), 2L, "run-1"), listOf(case.states, case.version, case.data?.get("about")?.jsonPrimitive?.content))
        }
    }

    @Test
    fun `the device`() = runBlocking {
        val zar = currency("ZAR")
        val shown = mutableListOf<Any?>()
        bank().use { t ->
            t.post("dep-1", "bank:ZAR", "c42:ZAR", zar("300.00"))
            coroutineScope {
                deviceOfTheReadme("memory:", { _, request -> t.sync("c42", listOf("c42:ZAR"), request, listOf("clients:ZAR")) }) { shown += it }
                coroutineContext.cancelChildren()
            }
        }
        assertTrue(IntentState.BOOKED in shown && shown.last().toString().startsWith("50.00 ZAR as of 20"), shown.toString())
    }
}
