package io.thalium

import java.io.File
import java.io.IOException
import java.math.BigDecimal
import java.nio.file.Files.createTempDirectory
import java.time.Instant
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import kotlinx.serialization.json.jsonPrimitive

/** FIPS 180-4: the SHA-256 of `abc`. */
private const val ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

/** The specimen of ICAO Doc 9303: it expired in 2012. */
private const val SPECIMEN = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"

class CollectionTest {
    private val kind = "{case: 1, id: onboarding, chart: onboarding, document_events: {submitted: document.in}, " +
        "documents: {passport: {attempts: 2, roles: [officer], reasons: [blurred]}, bill: {roles: [officer]}}}"
    private val chart = "{chart: 1, id: onboarding, context: {street: '', rooms: 0}, states: {collecting: {on: {document.in: {actions: [{effect: scan}]}, " +
        "address.given: {target: checking, actions: [{assign: {street: {expr: {var: event.data.street}}, rooms: {expr: {var: event.data.rooms}}}}]}}}, " +
        "checking: {on: {document.in: {actions: [{effect: scan}]}}}}}"

    /** A back end in this process, on a line that can be down. */
    private class Line(private val t: Thalium) : BackEnd {
        var isDown = false
        var losesReplies = false
        val sent = StringBuilder()
        private val known = CustomerCases(
            listOf("zodwa"), documents = listOf("bill"), forms = mapOf("address.given" to listOf("street", "rooms")),
            states = listOf("collecting", "checking"), reasons = listOf("blurred"),
        )

        override suspend fun sync(request: String): String {
            if (isDown) throw IOException("no network")
            sent.append(request)
            val reply = t.sync("zodwa", emptyList(), request, cases = known)
            if (losesReplies) throw IOException("the line broke")
            return reply
        }
    }

    private suspend fun office(): Thalium {
        val t = Thalium.open("memory:", OpenOptions(insecureSeed = "07".repeat(32)))
        for (party in listOf("zodwa", "sipho")) assertTrue(t.parties.register(party, PartyKind.PERSON).ok)
        t.cases.define(kind, listOf(chart))
        t.cases.setStaff("officer-1", listOf("officer"))
        t.cases.open("case-7", "onboarding", party = "zodwa")
        t.cases.open("case-8", "onboarding", party = "sipho")
        t.cases.requestDocument("case-7", "passport", by = By("officer-1"))
        return t
    }

    @Test
    fun `what was collected offline is handed in once when the line is back`() = runBlocking {
        val directory = createTempDirectory("collection").toFile()
        val scan = File(directory, "scan.jpg").also { it.writeText("abc") }
        val kept = File(directory, "device").path
        office().use { t ->
            val line = Line(t)
            Device.open(kept, line).use { device ->
                val collection = device.collection("case-7")
                assertTrue(collection.documents().isEmpty())
                assertNull(assertNotNull(device.sync().done).cases.singleOrNull { it != "case-7" })
                assertEquals(listOf("bill" to true, "passport" to true), collection.documents().map { it.document to it.wanted })
                assertEquals(listOf("street", "rooms"), collection.forms().single().variables)
                assertEquals(listOf("collecting"), assertNotNull(collection.now()?.told).states)
                // Offline: everything is kept, and what was sent counts as sent.
                line.isDown = true
                val warned = collection.check("passport", scan, zone = SPECIMEN)
                assertEquals(listOf("not_valid", "expired"), warned.warnings)
                assertEquals(ABC, warned.hash)
                assertTrue(collection.handIns().isEmpty())
                val given = collection.submit("passport", scan, file = "uploads/1", validUntil = Instant.parse("2099-01-01T00:00:00Z"), zone = SPECIMEN)
                assertEquals(scan.path, given.now()?.name)
                assertEquals(given.key, collection.submit("passport", scan, file = "uploads/1", validUntil = Instant.parse("2099-01-01T00:00:00Z"), zone = SPECIMEN).key)
                assertEquals("document", assertFailsWith<InvalidException> { collection.submit("passport", "other".toByteArray()) }.field)
                assertEquals("document", assertFailsWith<InvalidException> { collection.submit("selfie", "abc".toByteArray()) }.field)
                assertEquals("bytes", assertFailsWith<InvalidException> { collection.submit("bill", ByteArray(0)) }.field)
                assertEquals("path", assertFailsWith<InvalidException> { collection.submit("bill", File(directory, "none")) }.field)
                assertEquals("answers", assertFailsWith<InvalidException> { collection.answer("address.given", mapOf("hits" to 0)) }.field)
                collection.answer("address.given", mapOf("street" to "Long Street 1", "rooms" to BigDecimal("3.50")))
                // What is personal is printed nowhere.
                val printed = collection.handIns().toString()
                assertTrue("address.given" in printed && "passport" in printed, printed)
                for (personal in listOf("Long Street", SPECIMEN.take(20), scan.path)) assertFalse(personal in printed, printed)
                val bill = collection.submit("bill", "abc".toByteArray(), name = "bill.pdf")
                assertEquals(IntentState.CANCELLED, bill.cancel().state)
                assertNotNull(device.sync(now = true).failure)
                line.isDown = false
                line.losesReplies = true
                assertNotNull(device.sync(now = true).failure)
            }
            line.losesReplies = false
            Device.open(kept, line).use { device ->
                val collection = device.collection("case-7")
                val passport = assertNotNull(collection.pending(collection.handIns(open = true).first().key))
                val states = async { withTimeout(10_000) { passport.updates.map { it.state }.toList() } }
                val seen = async { withTimeout(10_000) { collection.updates.first { it.waiting.isEmpty() } } }
                yield()
                val done = assertNotNull(device.sync(now = true).done)
                assertEquals(listOf(IntentState.BOOKED, IntentState.BOOKED), done.handIns.map { it.state })
                assertTrue(done.handIns.all { it.outcome?.replayed == true })
                assertEquals(listOf(IntentState.SENT, IntentState.BOOKED), states.await().distinct())
                assertEquals(listOf("submitted"), seen.await().told!!.documents.filter { it.document == "passport" }.map { it.standing })
                assertNull(assertNotNull(passport.resolved()).zone)
                assertEquals(listOf("checking"), collection.now()?.told?.states)
                assertEquals(listOf("case-7"), device.cases().map { it.case })
                assertEquals(3, device.intents.prune(Instant.now().plusSeconds(60)).size)
                assertNull(passport.now())
                assertFailsWith<InvalidException> { passport.resolved() }
                device.uncollect("case-7")
                assertNull(collection.now())
            }
            // What names the document or its holder never left the device.
            for (word in listOf("L898902C3", "ERIKSSON", "740812", "scan.jpg")) assertTrue(word !in line.sent, word)
            val case = assertNotNull(t.cases.get("case-7", OpenSealed("a test")))
            assertEquals(listOf(1L to ABC), case.documents.map { it.attempts to it.hash })
            assertEquals(0, BigDecimal(assertNotNull(case.data).getValue("rooms").jsonPrimitive.content).compareTo(BigDecimal("3.5")))
        }
    }

    @Test
    fun `a case of somebody else is neither told nor changed`() = runBlocking {
        office().use { t ->
            Device.open("memory:", Line(t)).use { device ->
                val other = device.collection("case-8")
                assertEquals(listOf("case-8"), device.sync().done?.refusedCases)
                assertNull(other.now()?.told)
                assertEquals("case", assertFailsWith<InvalidException> { other.submit("passport", "abc".toByteArray()) }.field)
            }
            assertTrue(t.cases.get("case-8")!!.documents.isEmpty())
        }
    }
}
