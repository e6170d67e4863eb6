package io.thalium

import java.io.IOException
import java.nio.file.Files.createTempDirectory
import java.time.Instant
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield

private val zar = currency("ZAR")

class DeviceTest {
    /** A back end in this process, on a line that can be down. */
    private class Line(private val t: Thalium) : BackEnd {
        var isDown = false
        var losesReplies = false
        var asked = 0

        override suspend fun sync(request: String): String {
            if (isDown) throw IOException("no network")
            asked += 1
            val reply = t.sync("c42", listOf("c42:ZAR"), request, payees = listOf("clients:ZAR"))
            if (losesReplies) throw IOException("the line broke")
            return reply
        }
    }

    @Test
    fun `what was given offline is booked when the line is back`() = runBlocking {
        val directory = createTempDirectory("device").toFile()
        bank().use { t ->
            t.post("dep-1", "bank:ZAR", "c42:ZAR", zar("100.00"))
            val line = Line(t)
            line.isDown = true
            Device.open(directory.path, line).use { device ->
                device.follow("c42:ZAR")
                assertNull(device.account("c42:ZAR")?.account)
                device.intents.post("lunch", "c42:ZAR", "c77:ZAR", zar("30.00"), "Lunch")
                device.intents.hold("ord-1", "c42:ZAR", zar("20.00"))
                device.intents.post("rent", "c42:ZAR", "c77:ZAR", zar("500.00"))
                device.intents.post("oops", "c42:ZAR", "c77:ZAR", zar("1.00")).cancel()
                val told = device.sync()
                assertTrue(told.failure is IOException && told.waitMillis > 0 && told.done == null)
                // While the pause lasts nothing is sent, unless it is asked for.
                line.isDown = false
                assertNull(device.sync().done)
                assertEquals(0, line.asked)
                line.losesReplies = true
                assertNotNull(device.sync(now = true).failure)
            }
            // The app was ended; what was sent is sent again and booked once.
            line.losesReplies = false
            Device.open(directory.path, line).use { device ->
                assertEquals(listOf(IntentState.SENT, IntentState.SENT, IntentState.SENT), device.intents.list(open = true).map { it.state })
                val rent = PendingIntent(device, "rent")
                val states = async { withTimeout(10_000) { rent.updates.map { it.state }.toList() } }
                yield()
                val done = assertNotNull(device.sync().done)
                assertEquals(listOf("lunch", "ord-1", "rent"), done.intents.map { it.key })
                assertEquals(listOf(IntentState.SENT, IntentState.REJECTED), states.await().distinct())
                val refused = assertNotNull(rent.resolved().outcome)
                assertEquals("exceeds_credits", refused.status)
                assertNotNull(refused.reason)
                assertEquals(IntentState.BOOKED, device.intents.get("lunch")?.state)
                val known = assertNotNull(device.account("c42:ZAR"))
                assertEquals(zar("50.00"), known.account?.available)
                assertNotNull(known.asOf)
                assertEquals(listOf("device/c42/ord-1"), device.holds("c42:ZAR")?.holds?.map { it.key })
                val statement = assertNotNull(device.statement("c42:ZAR"))
                assertTrue(statement.complete)
                assertEquals(t.statement("c42:ZAR"), statement.statement)
                assertTrue(device.intents.release("ord-off", "ord-1").also { device.sync() }.resolved().outcome!!.ok)
                assertEquals(5, device.intents.prune(Instant.now().plusSeconds(60)).size)
                assertEquals(listOf("c42:ZAR"), device.accounts().map { it.name })
                device.unfollow("c42:ZAR")
                assertNull(device.account("c42:ZAR"))
            }
            assertEquals(zar("70.00"), t.accounts.get("c42:ZAR")?.balance)
        }
        directory.deleteRecursively()
        Unit
    }

    @Test
    fun `it keeps in sync while it is collected`() = runBlocking {
        bank().use { t ->
            t.post("dep-1", "bank:ZAR", "c42:ZAR", zar("10.00"))
            Device.open("memory:", Line(t)).use { device ->
                device.follow("c42:ZAR")
                val balance = async { withTimeout(10_000) { device.accountUpdates("c42:ZAR").first { it.account?.balance == zar("6") } } }
                val syncs = launch { device.syncs(pauseMillis = 60_000).collect { assertNull(it.failure) } }
                yield()
                val paid = device.intents.post("p", "c42:ZAR", "c77:ZAR", zar("4.00"))
                assertTrue(withTimeout(10_000) { paid.resolved() }.outcome!!.ok)
                assertEquals(IntentState.BOOKED, paid.updates.first().state)
                assertNotNull(balance.await().asOf)
                syncs.cancel()
            }
        }
    }

    @Test
    fun `what is none of a customer's is refused`() = runBlocking {
        bank().use { t ->
            t.post("dep-1", "bank:ZAR", "c77:ZAR", zar("10.00"))
            Device.open("memory:", Line(t)).use { device ->
                val theirs = device.intents.post("p", "c77:ZAR", "c42:ZAR", zar("1.00"))
                val bank = device.intents.post("q", "c42:ZAR", "bank:ZAR", zar("1.00"))
                device.follow("c77:ZAR")
                assertEquals(listOf("c77:ZAR"), device.sync().done?.refused)
                assertEquals(listOf("not_permitted", "not_permitted"), listOf(theirs, bank).map { it.resolved().outcome?.status })
                assertNull(device.account("c77:ZAR")?.account)
                assertEquals("key", assertFailsWith<InvalidException> { device.intents.cancel("p") }.field)
                assertEquals("key", assertFailsWith<InvalidException> { device.intents.post("p", "c77:ZAR", "c42:ZAR", zar("2")) }.field)
                // What was forgotten resolves no more.
                device.intents.prune(Instant.now().plusSeconds(60))
                assertEquals("key", assertFailsWith<InvalidException> { withTimeout(10_000) { theirs.resolved() } }.field)
            }
            // A timeout of the line's is a failure like another, and ends nothing.
            Device.open("memory:") { _ -> withTimeout(1) { delay(10_000); "" } }.use { device ->
                val paid = device.intents.post("p", "c42:ZAR", "c77:ZAR", zar("1.00"))
                assertNotNull(device.sync().failure)
                assertEquals(IntentState.SENT, paid.updates.first().state)
            }
            // An answer that makes no sense is as none.
            Device.open("memory:") { "<html>" }.use { device ->
                device.intents.post("p", "c42:ZAR", "c77:ZAR", zar("1.00"))
                val told = device.sync()
                assertTrue(told.failure is InvalidException && told.waitMillis > 0)
                device.close()
                assertEquals("closed", assertFailsWith<ClosedException> { device.accounts() }.code)
            }
        }
    }
}
