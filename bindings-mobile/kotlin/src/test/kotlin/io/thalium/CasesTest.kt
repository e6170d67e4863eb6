package io.thalium

import java.math.BigDecimal
import java.time.Duration
import java.time.Instant
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

private val KIND = """
    case: 1
    id: onboarding
    description: A person is let in by two officers.
    chart: onboarding
    evidence: [risk]
    queues:
      - {id: senior, states: [review], when: "risk == 'high'", roles: [senior]}
      - {id: reviews, states: [review], roles: [officer], within: P2D, missed: sla.missed, escalate: late, assign: least_loaded}
      - {id: late, when: false, roles: [senior]}
    decisions:
      approve: {states: [review], roles: [officer, senior], quorum: 2, reasons: [fine, checked], not_by: [opener], event: approved, returned: returned}
      reject: {states: [review], roles: [officer, senior], reasons: [forged], event: rejected}
    documents:
      passport: {attempts: 2, within: P7D, roles: [officer], reasons: [blurred]}
    document_events: {requested: passport.wanted, submitted: passport.in, approved: passport.good, revised: passport.again}
    overrides: {roles: [senior], most: P30D, event: raised, expired: lowered}
    reopening: {roles: [senior], keep: [limit]}
""".trimIndent()

private val CHART = """
    chart: 1
    id: onboarding
    context: {risk: low, limit: 0, name: ""}
    states:
      collecting:
        on:
          passport.wanted: {actions: [{effect: ask}]}
          passport.in: {actions: [{effect: scan, with: {told: {expr: {var: event.data.told}}}}]}
          passport.again: {actions: [{effect: ask}]}
          passport.good: review
          screened: {actions: [{assign: {risk: {expr: {var: event.data.risk}}}}]}
          raised: {actions: [{assign: {limit: {expr: {var: event.data.limit}}}}]}
          lowered: {actions: [{assign: {limit: 0}}]}
      review:
        on:
          screened: {actions: [{assign: {risk: {expr: {var: event.data.risk}}}}]}
          sla.missed: {actions: [{effect: notify}]}
          returned: {actions: [{effect: notify}]}
          approved: {target: settled, actions: [{assign: {limit: {expr: {var: event.data.limit}}}}]}
          rejected: closed
      settled: {type: final}
      closed: {type: final}
""".trimIndent()

private val LEVEL = """
    case: 1
    id: level
    chart: level
    queues:
      - {id: high, states: [active], when: {rego: kyc/high}, roles: [senior]}
      - {id: usual, states: [active], roles: [officer]}
    party:
      kyc_level: {of: "contains(states, 'active') && granted || 'none'", levels: {none: 0, L2: 2}}
      flags: {suspended: "contains(states, 'suspended')"}
""".trimIndent()

private val LEVELS = """
    chart: 1
    id: level
    context: {granted: none, score: 0}
    states:
      active: {on: {granted: {actions: [{assign: {granted: L2}}]}, suspended: suspended}}
      suspended: {}
""".trimIndent()

private const val MAP = "{migration: 1, same: true, context: {keep: true}, timers: keep, history: keep}"

class CasesTest {
    private val newYear = Instant.parse("2026-01-01T00:00:00Z")
    private val passport = "11".repeat(32)
    private val long = "12345678901234567890.000000000000000001"

    private fun at(hours: Long) = newYear + Duration.ofHours(hours)

    private fun by(actor: String, hours: Long = 0, requestId: String? = null) = By(actor, requestId, at(hours))

    private suspend fun office(): Thalium {
        val t = Thalium.open("memory:", OpenOptions(actor = "host", insecureSeed = "07".repeat(32)))
        val kind = t.cases.define(KIND, listOf(CHART), actor = "admin", now = newYear)
        assertEquals(listOf(listOf("senior", "reviews", "late"), listOf("approve", "reject"), listOf("passport")), listOf(kind.queues, kind.decisions, kind.documents))
        for ((person, role) in mapOf("ann" to "officer", "bob" to "officer", "sam" to "senior")) {
            assertEquals(listOf(role), t.cases.setStaff(person, listOf(role), actor = "admin", now = newYear).roles)
        }
        return t
    }

    private fun Case.Outcome.done(): Case {
        assertTrue(ok, "$code: $reason")
        return now!!
    }

    private fun assertRefused(code: String, outcome: Case.Outcome) {
        assertEquals(listOf<Any?>(false, code, null), listOf(outcome.ok, outcome.code, outcome.now), outcome.reason)
        assertTrue(outcome.reason!!.isNotEmpty())
    }

    private fun JsonElement?.number(name: String) = this?.jsonObject?.get(name)?.jsonPrimitive?.content

    @Test
    fun `a case goes from its opening to a decision by two`() = runBlocking {
        office().use { t ->
            val cases = t.cases
            val opened = cases.open("c-1", "onboarding", mapOf("name" to "Zodwa"), by = by("clerk", requestId = "r-1"))
            assertEquals(listOf("collecting"), opened.done().states)
            assertEquals(listOf<Any?>(CaseStatus.OPEN, "clerk", newYear), opened.done().run { listOf(status, openedBy, openedAt) })
            assertTrue(cases.open("c-1", "onboarding", mapOf("name" to "Zodwa"), by = by("clerk", requestId = "r-1")).replayed)
            assertRefused("case_exists", cases.open("c-1", "onboarding", by = by("clerk")))
            assertRefused("no_kind", cases.open("c-2", "onboardin", by = by("clerk")))

            val asked = cases.requestDocument("c-1", "passport", "the first", by("ann", 1))
            assertEquals(listOf("ask"), asked.effects.map { it.effect.name })
            val document = asked.done().documents.single()
            assertEquals(listOf<Any?>(DocumentStanding.REQUESTED, at(1 + 7 * 24)), listOf(document.standing, document.due))
            val submitted = cases.submitDocument("c-1", "passport", passport, "vault/1", at(24 * 365), mapOf("told" to BigDecimal("0.10")), by("zodwa", 2))
            assertEquals("0.10", submitted.effects.single().effect.data.number("told"))
            assertEquals(listOf<Any?>("vault/1", passport, at(24 * 365), "zodwa"), submitted.done().documents.single().run { listOf(file, hash, validUntil, by) })
            assertRefused("stale", cases.decideDocument("c-1", "passport", DocumentFinding.APPROVE, "22".repeat(32), by = by("ann", 3)))
            val review = cases.decideDocument("c-1", "passport", DocumentFinding.APPROVE, passport, by = by("ann", 3)).done()
            assertEquals(listOf("reviews", at(3), at(51), at(3)), review.place!!.run { listOf(queue, since, due, waitsSince) })
            assertEquals(listOf("review"), review.states)
            assertEquals(listOf<Any?>("reviews", 1L, at(3)), cases.queues(at(4)).single().run { listOf(queue, waiting, oldest) })

            val first = review.assignee!!
            val second = listOf("ann", "bob").single { it != first }
            assertRefused("assigned", cases.claim("c-1", by(second, 4)))
            assertTrue(cases.note("c-1", "looks fine", by(first, 4)).ok && cases.release("c-1", by(first, 4)).ok)
            assertTrue(cases.assign("c-1", second, by(first, 4)).ok)
            assertRefused("assigned", cases.decide("c-1", "approve", review.evidenceDigest, listOf("fine"), by = by(first, 4)))
            assertNull(cases.release("c-1", by(second, 4)).done().assignee)
            val attached = cases.attach("c-1", "report", "33".repeat(32), "vault/2", by("host", 4)).done()
            assertEquals(listOf("report", "host"), attached.evidence.single().run { listOf(name, by) })
            val seen = attached.evidenceDigest
            val data = mapOf("limit" to BigDecimal(long))

            // Who has voted, on what is known now, votes once.
            assertRefused("stale", cases.decide("c-1", "approve", review.evidenceDigest, listOf("fine"), by = by(first, 5)))
            assertRefused("reasons", cases.decide("c-1", "approve", seen, listOf("bad"), by = by(first, 5)))
            assertRefused("unknown_name", cases.decide("c-1", "aprove", seen, listOf("fine"), by = by(first, 5)))
            val voted = cases.decide("c-1", "approve", seen, listOf("fine"), "all there", data, by(first, 5)).done()
            assertEquals(listOf(first, "officer", listOf("fine")), voted.pending!!.votes.single().run { listOf(by, role, reasons) })
            assertRefused("same_person", cases.decide("c-1", "approve", seen, listOf("fine"), data = data, by = by(first, 6)))
            // The evidence has changed: the vote does not count any more.
            val screened = cases.send("c-1", "screened", """{"risk": "medium"}""", by = by("host", 7))
            assertEquals(listOf<Any?>(listOf("notify"), null), listOf(screened.effects.map { it.effect.name }, screened.done().pending))
            assertRefused("stale", cases.decide("c-1", "approve", seen, listOf("fine"), data = data, by = by(second, 8)))
            assertRefused("nothing_pending", cases.returnDecision("c-1", "once more", by(first, 8)))
            val again = cases.get("c-1").evidenceDigest
            cases.decide("c-1", "approve", again, listOf("fine"), data = data, by = by(first, 9)).done()
            assertNull(cases.returnDecision("c-1", "once more", by(second, 10)).done().pending)
            cases.decide("c-1", "approve", again, listOf("fine"), data = data, by = by(first, 11)).done()
            val settled = cases.decide("c-1", "approve", again, listOf("checked"), data = data, by = by(second, 12)).done()
            assertEquals(listOf<Any?>(CaseStatus.ENDED, listOf("settled"), at(12)), listOf(settled.status, settled.states, settled.endedAt))
            val decided = settled.decided.single()
            assertEquals(listOf<Any?>("approve", at(12), again, setOf("ann", "bob")), decided.let { listOf(it.decision, it.at, it.seen, it.votes.map { vote -> vote.by }.toSet()) })
            // What was approved is what was given, to the last digit.
            assertEquals(long, settled.data.number("limit"))
            assertEquals(settled, cases.get("c-1"))
            assertRefused("ended", cases.send("c-1", "screened", by = by("host", 13)))

            assertRefused("role", cases.reopen("c-1", "new facts", by("ann", 14)))
            val reopened = cases.reopen("c-1", "new facts", by("sam", 14)).done()
            assertEquals(listOf<Any?>(1L, long), listOf(reopened.reopened, reopened.data.number("limit")))
            assertEquals(CaseStatus.CANCELLED, cases.cancel("c-1", "a mistake", by("sam", 15)).done().status)

            val told = cases.log().toList()
            assertEquals(listOf("define", "staff", "staff", "staff", "open", "request_document"), told.take(6).map { it.what })
            assertEquals(listOf<Any?>("clerk", "r-1", "c-1", newYear), told[4].run { listOf(actor, requestId, case, at) })
            val vote = told.last { it.what == "decide" }
            assertEquals(long, vote.asked!!["data"].number("limit"))
            assertTrue(long in vote.steps.toString(), "${vote.steps}")
            val page = cases.logPage("c-1", limit = 2)
            assertEquals(listOf<Any?>(told.filter { it.case == "c-1" }.take(2), told[5].number), listOf(page.entries, page.next))
            assertEquals(told.filter { it.case == "c-1" }, cases.log("c-1").toList())
            val replayed = cases.replay()
            assertTrue(replayed.same && replayed.differences.isEmpty(), "$replayed")
            assertEquals(told.size.toLong() to 1L, replayed.facts to replayed.cases)
            val report = cases.report(at(16))
            assertEquals(listOf<Any?>(at(16), 1L, 1L), report.run { listOf(at, kinds.single().opened, kinds.single().cancelled) })
            assertEquals(listOf<Any?>("approve", 1L, 0L), report.decisions.single().run { listOf(decision, taken, late) })
        }
    }

    @Test
    fun `cases wait, rest, are found and moved`() = runBlocking {
        office().use { t ->
            val cases = t.cases
            for (key in listOf("c-1", "c-2", "c-3")) {
                cases.open(key, "onboarding", by = by("clerk")).done()
                if (key == "c-3") continue
                cases.submitDocument(key, "passport", passport, by = by("zodwa", 1)).done()
                cases.decideDocument(key, "passport", DocumentFinding.APPROVE, passport, by = by("ann", 2)).done()
            }
            cases.open("c-4", "onboarding", parent = "c-3", by = by("clerk")).done()
            suspend fun keys(query: CaseQuery, hours: Long = 3) = cases.list(query, at(hours)).toList().map { it.case }
            assertEquals(listOf("c-1", "c-2"), keys(CaseQuery(queue = "reviews")))
            assertEquals(listOf("c-4"), keys(CaseQuery(parent = "c-3", status = CaseStatus.OPEN)))
            assertEquals(listOf("c-1"), keys(CaseQuery(assignee = cases.get("c-1").assignee)))
            assertEquals(listOf("c-3", "c-4"), keys(CaseQuery(unassigned = true, kind = "onboarding")))
            val page = cases.page(limit = 3, now = at(3))
            assertEquals(listOf("c-1", "c-2", "c-3") to "c-3", page.cases.map { it.case } to page.next)
            assertEquals(listOf("c-4"), cases.page(after = page.next, now = at(3)).cases.map { it.case })
            assertEquals(1L, cases.staff().first { it.person == "ann" }.cases)

            val owner = cases.get("c-1").assignee!!
            assertEquals(at(20), cases.snooze("c-1", at(20), "waits for a call", by(owner, 4)).done().snoozedUntil)
            assertEquals(listOf("c-2"), keys(CaseQuery(queue = "reviews"), 5))
            assertEquals(listOf("c-1", "c-2"), keys(CaseQuery(queue = "reviews", snoozed = true), 5))
            assertNull(cases.wake("c-1", by(owner, 6)).done().snoozedUntil)
            assertEquals(listOf("c-1", "c-2"), keys(CaseQuery(queue = "reviews", overdue = true), 50))

            // Two days have passed: they are told that, and are late.
            val some = cases.advanceAll(1, now = at(50))
            assertEquals(listOf<Any?>(1L, true, listOf("notify")), listOf(some.changed, some.more, some.effects.map { it.effect.name }))
            val rest = cases.advanceAll(now = at(50))
            assertEquals(listOf<Any?>(1L, false, emptyList<Any>()), listOf(rest.changed, rest.more, rest.refused))
            assertEquals(listOf("late", "reviews", at(50), at(2)), cases.get("c-2").place!!.run { listOf(queue, from, since, waitsSince) })
            assertTrue(cases.claim("c-2", by("sam", 51)).ok)
            assertEquals("senior", cases.escalate("c-2", "senior", "by hand", by("sam", 51)).done().place!!.queue)
            assertEquals(listOf("late", "senior"), cases.queues(at(51)).map { it.queue })
            assertEquals(setOf("late", "senior"), cases.report(at(52)).queues.map { it.queue }.toSet())

            val raised = cases.override("c-3", "a bank vouches", at(80), mapOf("limit" to BigDecimal("0.10")), by("sam", 52)).done()
            assertEquals("0.10" to at(80), raised.data.number("limit") to raised.overrides.single().until)
            assertRefused("instant", cases.override("c-4", "a bank vouches", at(24 * 60), by = by("sam", 52)))
            val lowered = cases.advance("c-3", by("host", 80)).done()
            assertEquals("0" to emptyList(), lowered.data.number("limit") to lowered.overrides)

            // A new version of the kind: those that are there stay until they are moved.
            val newer = cases.define(KIND.replace("P7D", "P9D"), listOf(CHART), now = at(81))
            assertEquals(newer, cases.kinds().single())
            val bad = cases.rehearseMigration("onboarding", "{migration: 1, states: {collecting: nowhere}}", "sam", at(82))
            assertEquals(listOf(4L, 0L), listOf(bad.cases, bad.movable))
            assertTrue(bad.refused.isNotEmpty() && bad.refused.all { it.code == "migration" }, "$bad")
            assertEquals(listOf(4L, 4L), cases.rehearseMigration("onboarding", MAP, "sam", at(82)).let { listOf(it.cases, it.movable) })
            assertEquals(newer.digest, cases.migrate("c-4", MAP, by("sam", 83)).done().definition)
            assertTrue("<svg" in cases.draw("c-4") && "stateDiagram" in cases.draw("c-4", DrawFormat.MERMAID))
            assertTrue(cases.replay().same)
        }
    }

    @Test
    fun `a case about someone is sealed`() = runBlocking {
        office().use { t ->
            t.parties.register("zodwa")
            t.cases.open("c-1", "onboarding", mapOf("name" to "Zodwa"), "zodwa", by = by("clerk")).done()
            val closed = t.cases.get("c-1")
            assertEquals(listOf<Any?>(true, null, "zodwa"), listOf(closed.sealed, closed.data, closed.party))
            val opened = t.cases.get("c-1", OpenSealed("complaint 12", Context(actor = "sam")))
            assertEquals(JsonPrimitive("Zodwa"), opened.data!!["name"])
            assertNull(t.cases.logPage("c-1").entries.single().asked)
            val told = t.cases.log("c-1", OpenSealed("complaint 12", Context(actor = "sam"))).toList().single()
            assertEquals(JsonPrimitive("Zodwa"), told.asked!!["data"]?.jsonObject?.get("name"))
            t.parties.grantAccess("host", until = "2200-01-01")
            assertEquals("sam", t.parties.accessLog("zodwa").entries.first().actor)
            t.parties.forget("zodwa")
            val gone = t.cases.log("c-1", OpenSealed("complaint 12")).toList().single()
            assertTrue("subject_forgotten" in gone.withheld!! && gone.asked == null, "$gone")
            assertEquals(1L, t.cases.replay().subjectForgotten)
        }
    }

    @Test
    fun `a level is told to the register of parties, and guards ask a policy`() = runBlocking {
        office().use { t ->
            t.parties.register("thandi")
            assertFailsWith<ChartException> { t.cases.define(LEVEL, listOf(LEVELS)) }
            val policy = PolicyBundle.of(mapOf("kyc.rego" to "package kyc\n\nhigh if input.score >= 5\n"))
            t.cases.define(LEVEL, listOf(LEVELS), policy)
            val opened = t.cases.open("c-1", "level", mapOf("score" to 5), "thandi", by = by("clerk")).done()
            assertEquals("high", opened.place?.queue)
            t.cases.send("c-1", "granted", by = by("clerk")).done()
            assertEquals(2L, t.parties.get("thandi")!!.kycLevel.toLong())
            val standing = t.cases.send("c-1", "suspended", by = by("clerk")).done().standing!!
            assertEquals(listOf<Any?>(0L, listOf("suspended"), true), listOf(standing.kycLevel?.toLong(), standing.flags, standing.told))
            assertEquals(listOf("suspended"), t.parties.get("thandi")!!.flags)
            assertTrue(t.cases.replay().same)
        }
    }

    @Test
    fun `a call that means nothing is an error`() = runBlocking {
        val t = office()
        val cases = t.cases
        cases.open("c-1", "onboarding", by = by("clerk")).done()
        val wrong = mapOf<String, suspend () -> Any?>(
            "data" to { cases.send("c-1", "screened", mapOf("risk" to 0.1)) }, "case" to { cases.get("none") },
            "seen" to { cases.decide("c-1", "approve", "soon") }, "limit" to { cases.page(limit = 0) },
            "retention" to { cases.open("c-2", "onboarding", retention = "aml") }, "party" to { cases.open("c-2", "onboarding", party = "nobody") },
            "why" to { cases.get("c-1", OpenSealed("")) }, "person" to { cases.setStaff("", listOf("officer")) },
        )
        for ((field, ask) in wrong) assertEquals(field, assertFailsWith<InvalidException>(field) { ask() }.field, field)
        assertRefused("no_case", cases.claim("none", by("ann")))
        val none = assertFailsWith<ChartException> { cases.define("{case: 1, id: odd, colour: red}", listOf(CHART)) }
        assertTrue("colour" in none.message!!, none.message)
        t.closeAndWait()
        assertFailsWith<ClosedException> { cases.kinds() }
        Unit
    }
}
