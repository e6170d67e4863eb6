package io.thalium

import java.time.LocalDate
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking

private const val EMAIL = "thandi@example.com"
private const val NAME = "Thandi <Maseko>"

class PartiesTest {
    private val email = PersonalField(EMAIL, "contact", identifier = IdentifierKind.EMAIL)
    private val name = PersonalField(NAME, "due_diligence", Basis.LAW, 5)

    private suspend fun ledger(): Thalium {
        val t = Thalium.open("memory:", OpenOptions(actor = "ann", insecureSeed = "07".repeat(32)))
        t.accounts.create("c42:ZAR", "ZAR", AccountKind.LIABILITY)
        assertTrue(t.parties.register("c42").ok)
        assertTrue(t.parties.assign("c42", "c42:ZAR").ok)
        assertTrue(t.parties.seal("c42", mapOf("email" to email, "name" to name)).ok)
        return t
    }

    @Test
    fun `a person is known, found, read and forgotten`() = runBlocking {
        ledger().use { t ->
            assertEquals(listOf("c42" to AccountRole.OWNER), t.parties.holders("c42:ZAR").map { it.party to it.role })
            assertEquals(listOf("c42"), t.parties.find(IdentifierKind.EMAIL, "Thandi@Example.com").map { it.key })
            val known = assertNotNull(t.parties.get("c42"))
            assertEquals(listOf("email" to Basis.CONSENT, "name" to Basis.LAW), known.fields.map { it.name to it.basis })
            assertEquals(listOf("c42:ZAR"), known.accounts.map { it.account })
            assertEquals("why", assertFailsWith<InvalidException> { t.parties.read("c42", why = "") }.field)
            val read = t.parties.read("c42", why = "a complaint", context = Context(actor = "bob"))
            assertEquals(listOf<Pair<String, Any?>>("email" to EMAIL, "name" to NAME), read.fields.map { it.name to it.value })
            assertEquals(listOf("name"), t.parties.read("c42", listOf("name"), "a review").fields.map { it.name })

            assertTrue(t.parties.placeHold("c42", "case-1", reason = "a court").ok)
            assertEquals("legal_hold_in_force", t.parties.forget("c42", ForgetScope.CONSENT).status)
            assertTrue(t.parties.liftHold("c42", "case-1").ok)
            assertTrue(t.parties.forget("c42", ForgetScope.CONSENT).ok)
            assertTrue(t.parties.find(IdentifierKind.EMAIL, EMAIL).isEmpty())
            assertEquals(listOf<Any?>(NAME), t.parties.read("c42", why = "a review").fields.map { it.value })
            assertEquals("relationship_has_not_ended", t.parties.forget("c42").status)
            assertTrue(t.parties.amend("c42", ended = LocalDate.of(2020, 1, 31)).ok)
            assertTrue(t.parties.forget("c42").ok)
            assertTrue(t.parties.read("c42", why = "a review").fields.isEmpty())
            assertEquals(ForgetScope.ALL, t.parties.get("c42")?.forgotten?.scope)
        }
    }

    @Test
    fun `what is known is given to the person, and who read it to those who may know`() = runBlocking {
        ledger().use { t ->
            t.parties.read("c42", listOf("email"), why = "a complaint", context = Context(actor = "bob", role = "support"))
            val told = t.parties.export("c42", why = "asked by the person")
            assertEquals(listOf("email", "name"), told.data.fields.map { it.name })
            assertEquals(listOf("bob" to listOf("email")), told.accesses.map { it.actor to it.fields })
            assertEquals("c42", told.party.key)
            val page = t.parties.exportPage("c42", why = "asked by the person")
            assertTrue(page.startsWith("<!doctype html>") && EMAIL in page && NAME !in page && "Thandi &lt;" in page, page)

            assertEquals("actor", assertFailsWith<InvalidException> { t.parties.accessLog() }.field)
            assertTrue(t.parties.grantAccess("ann", until = "2200-01-01").ok)
            assertEquals(listOf("ann" to null), t.parties.grants().map { it.actor to it.party })
            val first = t.parties.accessLog(limit = 2)
            val rest = t.parties.accessLog("c42", after = first.next, actor = "ann")
            assertEquals(listOf("a complaint") + List(2) { "asked by the person" }, (first.entries + rest.entries).map { it.why })
            assertNull(rest.next)
            assertTrue(t.parties.revokeAccess("ann").ok)
            assertTrue(t.parties.grants().isEmpty())
        }
    }

    @Test
    fun `parties are related, merged, amended and listed`() = runBlocking {
        ledger().use { t ->
            assertTrue(t.parties.register("b1", PartyKind.BROKER).ok)
            assertTrue(t.parties.register("acme", PartyKind.COMPANY, broker = "b1").ok)
            assertTrue(t.parties.relate("c42", "acme", RelationRole.BENEFICIAL_OWNER, since = LocalDate.of(2026, 1, 31), share = "25.5").ok)
            val related = t.parties.get("acme")?.related?.single()
            assertEquals(listOf<Any?>("c42", RelationRole.BENEFICIAL_OWNER, "25.50"), listOf(related?.party, related?.role, related?.share))
            assertEquals(LocalDate.of(2026, 1, 31), related?.since)

            assertTrue(t.parties.amend("c42", kycLevel = 2, risk = RiskLevel.HIGH, set = setOf("pep")).ok)
            val amended = t.parties.page(flag = "pep").parties.single()
            assertEquals(listOf<Any?>("c42", 2L, RiskLevel.HIGH), listOf(amended.key, amended.kycLevel, amended.risk))
            assertTrue(t.parties.register("c43").ok)
            assertTrue(t.parties.merge("c43", into = "c42").ok)
            assertEquals(listOf("c43"), t.parties.get("c43")?.merged)
            assertTrue(t.parties.split("c43").ok)
            assertEquals(emptyList(), t.parties.get("c42")?.merged)

            assertTrue(t.submit((0 until 1_200).map { Command.registerParty("p$it", broker = "b1") }).all { it.ok })
            assertEquals(1_201, t.parties.list(broker = "b1").map { it.key }.toList().toSet().size)
            assertEquals(1_204, t.parties.list().toList().size)
            val first = t.parties.page(kind = PartyKind.PERSON, limit = 2)
            val second = t.parties.page(kind = PartyKind.PERSON, after = first.next, limit = 2)
            assertEquals(4, (first.parties + second.parties).map { it.id }.toSet().size)
        }
    }

    @Test
    fun `a value is printed nowhere`() = runBlocking {
        val command = Command.sealData("c42", mapOf("email" to email))
        for (told in listOf(email, command, listOf(command), mapOf("email" to email), email.copy(purpose = "other"))) {
            assertFalse(EMAIL in told.toString(), told.toString())
        }
        assertTrue("contact" in email.toString() && "contact" in command.toString())
        assertEquals(command, Command.sealData("c42", mapOf("email" to email)))
        // Without a key there is nothing to seal with, and what was to be sealed is not told.
        Thalium.open("memory:").use { t ->
            assertTrue(t.parties.register("c42").ok)
            val outcome = t.submit(command)
            assertEquals("invalid", outcome.status)
            assertFalse(EMAIL in outcome.toString(), outcome.toString())
            assertFailsWith<KeysException> { t.parties.read("c42", why = "a complaint") }
            assertFailsWith<InvalidException> { Thalium.open("memory:", OpenOptions(insecureSeed = EMAIL)) }
            assertNull(t.parties.get("nobody"))
        }
    }
}
