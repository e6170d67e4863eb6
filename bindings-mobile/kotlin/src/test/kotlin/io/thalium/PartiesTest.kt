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
private const val FEES = "school fees of Lerato"

class PartiesTest {
    private val email = PersonalField(EMAIL, "contact", identifier = IdentifierKind.EMAIL)
    private val name = PersonalField(NAME, "due_diligence", Basis.LAW, 5)
    private val zar = currency("ZAR")
    private val words = Extra(FEES, mapOf("branch" to "7", "payee" to NAME), subject = "alpha-1", years = 7, public = listOf("branch"))

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
            assertEquals(listOf("name"), t.parties.read("c42", listOf("name"), why = "a review").fields.map { it.name })

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
            assertEquals(listOf("a complaint") + List(4) { "asked by the person" }, (first.entries + rest.entries).map { it.why })
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

    /** Two brokers with a client and an account each, and money that moved between the two. */
    private suspend fun ofTwoBrokers(): Thalium {
        val t = Thalium.open("memory:", OpenOptions(actor = "ann", insecureSeed = "07".repeat(32)))
        t.accounts.create("bank:ZAR", "ZAR", AccountKind.ASSET)
        t.accounts.create("holds:ZAR", "ZAR", AccountKind.LIABILITY)
        for (house in listOf("alpha", "beta")) {
            t.parties.register(house, PartyKind.BROKER)
            t.parties.register("$house-1", broker = house)
            t.parties.seal("$house-1", mapOf("email" to email))
            t.accounts.create("$house:ZAR", "ZAR", AccountKind.LIABILITY, name = NAME, subject = "$house-1")
            t.parties.assign("$house-1", "$house:ZAR")
            assertTrue(t.post("$house-fund", "bank:ZAR", "$house:ZAR", zar("9.00")).ok)
        }
        assertTrue(t.post("pay-1", "alpha:ZAR", "beta:ZAR", zar("1.00"), words).ok)
        assertTrue(t.hold("ord-1", "alpha:ZAR", zar("2.00"), extra = Extra("an order", subject = "alpha-1", basis = Basis.CONSENT)).ok)
        return t
    }

    @Test
    fun `a broker sees its own`() = runBlocking {
        ofTwoBrokers().use { t ->
            for ((house, other) in listOf("alpha" to "beta", "beta" to "alpha")) {
                val seen = t.seenBy(house)
                assertEquals(listOf("$house:ZAR"), seen.accounts.list().map { it.key }.toList())
                assertEquals(t.accounts.get("$house:ZAR")?.balance, seen.accounts.get("$house:ZAR")?.balance)
                assertNull(seen.accounts.get("$other:ZAR"))
                // What moved between the two is there, but not whose the other side is.
                val moved = seen.transfers.list().toList().filter { it.amount == zar("1") }.single()
                assertEquals(listOf("", ""), listOf(moved.key, if (house == "alpha") moved.to else moved.from))
                assertEquals("$house-fund", seen.transfers.get("$house-fund")?.key)
                assertNull(seen.transfers.get("$other-fund"))
                assertTrue(seen.transfers.ofTransaction("$other-fund").isEmpty())
                assertEquals(if (house == "alpha") listOf("ord-1") else emptyList(), seen.holds("$house:ZAR").map { it.key }.toList())
                assertEquals("account", assertFailsWith<InvalidException> { seen.holds("$other:ZAR").toList() }.field)
                val counterparties = seen.history("$house:ZAR").map { it.counterparty }.toList()
                assertEquals(listOf("bank:ZAR", ""), counterparties.take(2))
                assertEquals(counterparties, seen.statement("$house:ZAR")?.entries?.map { it.counterparty })
                assertNull(seen.statement("$other:ZAR"))
                assertEquals(t.accounts.get("$house:ZAR")?.balance, seen.balanceHistory("$house:ZAR").buckets.last().close)
                assertEquals(t.volumes(account = "$house:ZAR").volumes, seen.volumes(party = "$house-1").volumes)
                assertEquals(t.assets.list(all = true), seen.assets.list(all = true))

                assertEquals(setOf(house, "$house-1"), seen.parties.list().map { it.key }.toList().toSet())
                assertNull(seen.parties.get("$other-1"))
                assertEquals(listOf("$house-1"), seen.parties.holders("$house:ZAR").map { it.party })
                assertEquals(listOf("$house-1"), seen.parties.find(IdentifierKind.EMAIL, EMAIL).map { it.key })
                assertEquals(listOf<Any?>(EMAIL), seen.parties.read("$house-1", why = "a complaint").fields.map { it.value })
                assertEquals("$house-1", seen.parties.export("$house-1", why = "asked").party.key)
                assertTrue(EMAIL in seen.parties.exportPage("$house-1", why = "asked"))
                for (asked in listOf<suspend () -> Any>(
                    { seen.parties.read("$other-1", why = "a complaint") },
                    { seen.parties.export("$other-1", why = "a complaint") },
                    { seen.parties.exportPage("$other-1", why = "a complaint") },
                )) {
                    assertEquals("party", assertFailsWith<InvalidException> { asked() }.field)
                }
            }
            assertEquals("viewer", assertFailsWith<InvalidException> { t.seenBy("alpha-1").accounts.page() }.field)
        }
        // There is nothing that tells of the whole book, or changes it.
        for (seen in listOf(BrokerView::class, SeenAccounts::class, SeenAssets::class, Transfers::class, SeenParties::class)) {
            val names = seen.java.methods.map { it.name }.toSet()
            val others = setOf("submit", "post", "trialBalance", "root", "stats", "create", "register", "seal", "defineRetention", "tokens", "mask", "grants", "accessLog", "seenBy")
            assertEquals(emptySet(), names.intersect(others))
        }
    }

    @Test
    fun `words are sealed to a party`() = runBlocking {
        ofTwoBrokers().use { t ->
            val subject = assertNotNull(t.parties.get("alpha-1")).id
            val told = assertNotNull(t.transfers.get("pay-1"))
            assertEquals(listOf<Any?>("", mapOf("branch" to "7"), subject), listOf(told.description, told.metadata, told.subject))
            val account = assertNotNull(t.accounts.get("alpha:ZAR"))
            assertEquals(listOf<Any?>("", subject), listOf(account.name, account.subject))
            assertEquals(subject, t.history("alpha:ZAR").toList()[1].subject)

            val read = t.parties.read("alpha-1", transfers = listOf("pay-1", "ord-1"), accounts = listOf("alpha:ZAR"), why = "a complaint")
            assertTrue(read.fields.isEmpty())
            val opened = read.details.associateBy { it.transfer ?: it.account }
            assertEquals(setOf<String?>("pay-1", "ord-1", "alpha:ZAR"), opened.keys)
            assertEquals(listOf<Any?>(FEES, mapOf("payee" to NAME)), opened.getValue("pay-1").let { listOf(it.description, it.metadata) })
            assertEquals(listOf<Any?>(Basis.LAW, 7L), opened.getValue("pay-1").let { listOf(it.basis, it.years) })
            assertEquals(listOf<Any?>(Basis.CONSENT, null), opened.getValue("ord-1").let { listOf(it.basis, it.years) })
            assertEquals(NAME, opened.getValue("alpha:ZAR").description)

            val export = t.parties.export("alpha-1", why = "asked by the person")
            assertEquals(opened.values.toSet(), export.data.details.toSet())
            assertTrue(FEES in t.parties.exportPage("alpha-1", why = "asked by the person"))
            assertEquals("transfers", assertFailsWith<InvalidException> { t.parties.read("alpha-1", transfers = listOf("x"), why = "a review") }.field)
            t.parties.grantAccess("ann", until = "2200-01-01")
            val readings = t.parties.accessLog("alpha-1").entries
            assertEquals(setOf("pay-1", "ord-1"), readings.flatMap { it.transfers }.toSet())
            assertEquals(listOf("alpha:ZAR"), readings.flatMap { it.accounts })
            assertEquals(listOf("asked by the person", "asked by the person"), readings.filter { it.details }.map { it.why })
            assertEquals("subject_not_found", t.post("pay-2", "bank:ZAR", "beta:ZAR", zar("1.00"), Extra(FEES, subject = "nobody")).status)
        }
        // What is sealed is printed nowhere, what is public is.
        val account = Command.account("k", "ZAR", name = FEES, metadata = words.metadata, subject = "alpha-1", public = words.public)
        for (told in listOf(words, Command.post("k", "a", "b", zar("1.00"), words), account)) {
            assertFalse(FEES in told.toString() || NAME in told.toString(), told.toString())
            assertTrue("branch\":\"7\"" in told.toString(), told.toString())
        }
        assertTrue(FEES in Command.post("k", "a", "b", zar("1.00"), Extra(FEES)).toString())
    }

    @Test
    fun `a retention class says how long a law has data kept`() = runBlocking {
        ledger().use { t ->
            val passport = PersonalField("A01234567", "due_diligence", retention = "due_diligence")
            assertEquals("retention_not_found", t.parties.seal("c42", mapOf("passport" to passport)).status)
            assertTrue(t.parties.defineRetention("due_diligence", years = 100, law = "Directive (EU) 2015/849, Art. 40").ok)
            assertTrue(t.parties.defineRetention("tax", years = 7).ok)
            assertTrue(t.parties.seal("c42", mapOf("passport" to passport)).ok)
            t.accounts.create("c42:USD", "USD", AccountKind.LIABILITY, name = NAME, subject = "c42", retention = "due_diligence")
            t.accounts.create("bank:ZAR", "ZAR", AccountKind.ASSET)
            assertTrue(t.post("pay-1", "bank:ZAR", "c42:ZAR", zar("1.00"), Extra(FEES, subject = "c42", retention = "tax")).ok)
            val unknown = Extra(FEES, subject = "c42", retention = "none")
            assertEquals("retention_not_found", t.post("pay-2", "bank:ZAR", "c42:ZAR", zar("1.00"), unknown).status)

            suspend fun field() = assertNotNull(t.parties.get("c42")).fields.single { it.name == "passport" }
            assertEquals(FieldView("passport", "due_diligence", Basis.LAW, 100, "due_diligence"), field())
            val read = t.parties.read("c42", transfers = listOf("pay-1"), accounts = listOf("c42:USD"), why = "a complaint")
            val opened = read.details.associate { (it.transfer ?: it.account) to listOf<Any?>(it.basis, it.years, it.retention) }
            assertEquals(listOf<Any?>(Basis.LAW, 7L, "tax"), opened["pay-1"])
            assertEquals(listOf<Any?>(Basis.LAW, 100L, "due_diligence"), opened["c42:USD"])

            // Defined anew, a class moves what was sealed under it.
            assertTrue(t.parties.amend("c42", ended = LocalDate.of(2010, 1, 31)).ok)
            assertEquals("retention_has_not_passed", t.parties.forget("c42").status)
            assertTrue(t.parties.defineRetention("due_diligence", years = 5, law = "as the board decided").ok)
            assertEquals(5L, field().years)
            assertTrue(t.parties.forget("c42").ok)

            assertTrue(t.parties.register("alpha", PartyKind.BROKER).ok)
            val classes = t.parties.retentions()
            assertEquals(listOf("due_diligence" to 5L, "tax" to 7L), classes.map { it.name to it.years })
            assertEquals(listOf("as the board decided", ""), classes.map { it.law })
            assertTrue(classes[0].defined > classes[1].defined)
            assertEquals(classes, t.seenBy("alpha").parties.retentions())
        }
    }

    @Test
    fun `tokens and digits stand for what is known`() = runBlocking {
        ledger().use { t ->
            val events = t.root().events
            val (first, again, none) = t.parties.tokens(IdentifierKind.EMAIL, listOf(EMAIL, " Thandi@Example.com ", "no address"), "marketing")
            assertEquals(first, assertNotNull(again))
            assertNull(none)
            assertTrue(first !in t.parties.tokens(IdentifierKind.EMAIL, listOf(EMAIL), "fraud"))
            val (card, short) = t.parties.mask(listOf("4000-0012-3456-7899", "12"), purpose = "statement")
            assertTrue(Regex("[0-9]{4}(-[0-9]{4}){3}").matches(assertNotNull(card)) && card != "4000-0012-3456-7899", card)
            assertNull(short)
            assertEquals("purpose", assertFailsWith<InvalidException> { t.parties.mask(listOf("123456"), "") }.field)
            assertEquals(events, t.root().events)
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
