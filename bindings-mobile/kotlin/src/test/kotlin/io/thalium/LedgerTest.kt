package io.thalium

import java.io.File
import java.nio.file.Files.createTempDirectory
import java.time.Instant
import kotlin.concurrent.thread
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking

private val zar = currency("ZAR")

internal suspend fun bank(address: String = "memory:"): Thalium {
    val t = Thalium.open(address, OpenOptions(actor = "test"))
    for (key in listOf("clients:ZAR", "holds:ZAR")) t.accounts.create(key, "ZAR", AccountKind.LIABILITY)
    t.accounts.create("bank:ZAR", "ZAR", AccountKind.ASSET)
    for (key in listOf("c42:ZAR", "c77:ZAR")) t.accounts.create(key, "ZAR", AccountKind.LIABILITY, parent = "clients:ZAR")
    return t
}

class LedgerTest {
    @Test
    fun `money moves and is reported`() = runBlocking {
        bank().use { t ->
            val deposit = t.post("dep-9", "bank:ZAR", "c42:ZAR", zar("250.00"), Extra("Salary", mapOf("channel" to "eft")))
            assertTrue(deposit.ok && !deposit.replayed)
            assertEquals(zar("250"), deposit.amount)
            val again = t.post("dep-9", "bank:ZAR", "c42:ZAR", zar("250.0"), Extra("Salary", mapOf("channel" to "eft")))
            assertTrue(again.ok && again.replayed)
            // A rejection is a value, with what there is and what it takes.
            val refused = t.post("wd-1", "c42:ZAR", "bank:ZAR", zar("250.01"))
            assertFalse(refused.ok)
            assertEquals(listOf("exceeds_credits", "c42:ZAR"), listOf(refused.status, refused.account))
            assertEquals(listOf(zar("250.00"), zar("250.01")), listOf(refused.have, refused.need))

            val hold = t.hold("ord-7", "c42:ZAR", zar("100"))
            assertEquals(listOf("ord-7"), t.holds("c42:ZAR").map { it.key }.toList())
            assertTrue(t.capture("fill-1", hold.id.toString(), zar("60"), to = "c77:ZAR").ok)
            assertTrue(t.holds("c42:ZAR").toList().isEmpty())
            val legs = listOf(Leg("c42:ZAR", Side.DEBIT, zar("10")), Leg("c77:ZAR", Side.CREDIT, zar("10")))
            assertTrue(t.transaction("trade-1", legs).ok)
            val linked = t.submit(
                listOf(
                    Command.post("a", "c42:ZAR", "c77:ZAR", zar("1"), Extra(linked = true)),
                    Command.post("b", "c42:ZAR", "c77:ZAR", zar("9999")),
                ),
            )
            assertEquals(listOf("linked_event_failed", "exceeds_credits"), linked.map { it.status })

            assertEquals(zar("180.00"), t.accounts.get("c42:ZAR")?.available)
            assertNull(t.accounts.get("nobody"))
            val statement = assertNotNull(t.statement("c42:ZAR"))
            assertEquals(listOf(zar("0"), zar("180")), listOf(statement.opening, statement.closing))
            assertEquals(listOf("post", "hold", "capture", "post"), statement.entries.map { it.what }.filter { it != "release" })
            assertEquals(statement.entries, t.history("c42:ZAR").toList())
            assertEquals(2, t.history("c42:ZAR", newestFirst = true).take(2).toList().size)
            assertTrue(t.trialBalance().single().balanced)
            assertEquals(5, t.accounts.list().toList().size)
            assertEquals(2, t.accounts.list(under = "clients:ZAR", asset = "ZAR").toList().count { it.parent == "clients:ZAR" })
            assertEquals("dep-9", t.transfers.list(TransferQuery(account = "c42:ZAR")).toList().first().key)
            assertTrue(t.assets.create("BTC", 8).ok)
        }
    }

    @Test
    fun `balances and volumes are told bucket by bucket`() = runBlocking {
        fun at(hour: Int, minute: Int = 0) = Instant.parse("2026-01-30T%02d:%02d:00Z".format(hour, minute))
        Thalium.open("memory:").use { t ->
            val accounts = listOf("bank:ZAR" to AccountKind.ASSET, "c42:ZAR" to AccountKind.LIABILITY, "c77:ZAR" to AccountKind.LIABILITY)
            val steps = listOf(
                at(10) to accounts.map { (key, kind) -> Command.account(key, "ZAR", kind) },
                at(10) to listOf(
                    Command.registerParty("c42"), Command.assignAccount("c42", "c42:ZAR"),
                    Command.post("d1", "bank:ZAR", "c42:ZAR", zar("100.00")),
                ),
                at(11) to listOf(
                    Command.post("d2", "bank:ZAR", "c42:ZAR", zar("40.00")), Command.hold("h1", "c42:ZAR", zar("30.00"), "c77:ZAR"),
                ),
                at(13, 30) to listOf(Command.capture("f1", "h1", zar("20.00"))),
                at(14) to listOf(Command.post("d3", "bank:ZAR", "c77:ZAR", zar("1.00"), Extra(code = 7))),
            )
            for ((now, commands) in steps) assertTrue(t.submit(commands, Context(now = now)).all { it.ok })

            val page = t.balanceHistory("c42:ZAR", "1h", from = "${at(10)}", limit = 4)
            assertEquals(listOf<Any?>("c42:ZAR", "ZAR", at(14)), listOf(page.account, page.asset, page.next))
            assertEquals(listOf(at(10), at(11), at(12), at(13)), page.buckets.map { it.start })
            assertEquals(listOf("100.00", "140.00", "140.00", "120.00"), page.buckets.map { it.close.amount.toPlainString() })
            assertEquals(listOf("100", "140", "140", "130").map { zar(it) }, page.buckets.map { it.average })
            assertEquals(listOf(1L, 2L, 0L, 1L), page.buckets.map { it.entries })
            val last = page.buckets.last()
            val amounts = listOf(last.open, last.high, last.low, last.available, last.debits, last.credits)
            assertEquals(listOf("140", "140", "120", "120", "20", "0").map { zar(it) }, amounts)
            assertEquals(page.next, t.balanceHistory("c42:ZAR", "1h", from = page.next.toString()).buckets.first().start)
            val day = t.balanceHistory("c42:ZAR", to = "2026-01-30", zone = "Africa/Johannesburg").buckets.single()
            assertEquals(listOf<Any?>(Instant.parse("2026-01-29T22:00:00Z"), zar("120")), listOf(day.start, day.close))

            val volumes = t.volumes(account = "c42:ZAR", width = "1h").volumes
            assertEquals(listOf(at(10), at(11), at(13)), volumes.map { it.start })
            assertEquals(listOf("0", "0", "20").map { zar(it) }, volumes.map { it.debits })
            assertEquals(listOf("100", "40", "0").map { zar(it) }, volumes.map { it.credits })
            assertEquals(volumes, t.volumes(party = "c42", width = "1h").volumes)
            val coded = t.volumes(asset = "ZAR", code = 7).volumes.single()
            val told = listOf(coded.asset, coded.code, coded.transfers, coded.debits, coded.credits)
            assertEquals(listOf<Any?>("ZAR", 7L, 1L, zar("1"), zar("1")), told)
            for ((field, wrong) in listOf<Pair<String, suspend () -> Any>>(
                "account" to { t.balanceHistory("nobody") }, "width" to { t.balanceHistory("c42:ZAR", "1 fortnight") },
                "from" to { t.balanceHistory("c42:ZAR", from = "${at(12)}", to = "${at(11)}") }, "account" to { t.volumes() },
                "account" to { t.volumes(account = "c42:ZAR", asset = "ZAR") }, "party" to { t.volumes(party = "nobody") },
            )) {
                assertEquals(field, assertFailsWith<InvalidException> { wrong() }.field)
            }
        }
    }

    @Test
    fun `thousands are paged through`() = runBlocking {
        bank().use { t ->
            val posts = (0 until 2_500).map { Command.post("p$it", "bank:ZAR", "c42:ZAR", zar("0.01")) }
            assertTrue(t.submit(posts).all { it.ok })
            assertEquals(2_500, t.history("c42:ZAR").toList().size)
            assertEquals(2_500, t.transfers.list().toList().map { it.key }.toSet().size)
        }
    }

    @Test
    fun `a ledger on the disk is closed, read, verified and restored`() = runBlocking {
        val folder = createTempDirectory("thalium").toFile()
        val (books, copy) = File(folder, "books").path to File(folder, "copy").path
        val key = KeySource(keyFile = Files.newKey(File(folder, "key").path))
        Thalium.open(books, OpenOptions(keys = key)).use { t ->
            t.accounts.create("bank:ZAR", "ZAR", AccountKind.ASSET)
            t.accounts.create("c42:ZAR", "ZAR", AccountKind.LIABILITY)
            t.post("dep-1", "bank:ZAR", "c42:ZAR", zar("1.00"))
            assertFailsWith<LockedException> { Thalium.open(books, OpenOptions(keys = key)) }
            Thalium.open(books, OpenOptions(readOnly = true, keys = key)).use { reader ->
                assertEquals(zar("1"), reader.accounts.get("c42:ZAR")?.balance)
                assertFailsWith<ReadOnlyException> { reader.post("x", "bank:ZAR", "c42:ZAR", zar("1")) }
            }
            assertTrue(Files.backup(books, copy, key).events > 0)
            assertTrue("thalium" in t.metrics() && t.health().condition == Condition.READY)
            assertEquals(t.rotateKeys(), t.checkKeys())
            t.drain()
            assertFailsWith<ReadOnlyException> { t.post("y", "bank:ZAR", "c42:ZAR", zar("1")) }
        }
        assertFailsWith<KeysException> { Thalium.open(books) }
        val verified = Files.verify(books, key)
        assertTrue(verified.events > 0)
        assertTrue(Files.rehearse(copy, key).events > 0)
        Files.restore(copy, File(folder, "again").path, keys = key, decrypt = true)
        assertTrue(Files.upgrade(File(folder, "again").path, check = true).isEmpty())
        assertTrue(Files.inspect(books, key).startsWith("{"))
        Thalium.open(File(folder, "again").path).use { assertEquals(zar("1"), it.accounts.get("c42:ZAR")?.balance) }
        folder.deleteRecursively()
        Unit
    }

    @Test
    fun `errors have codes`() = runBlocking {
        assertEquals("address", assertFailsWith<InvalidException> { Thalium.open("postgres://localhost/x") }.code)
        assertEquals("missing", assertFailsWith<MissingException> { Thalium.open("/nowhere/at/all", OpenOptions(create = false)) }.code)
        val t = bank()
        val invalid = assertFailsWith<InvalidException> { t.accounts.page(limit = 0) }
        assertEquals("limit", invalid.field)
        assertEquals("at", assertFailsWith<InvalidException> { t.accounts.get("c42:ZAR", at = "yesterday") }.field)
        t.close()
        t.close()
        assertEquals("closed", assertFailsWith<ClosedException> { t.root() }.code)
        assertTrue(Thalium.codes().keys.containsAll(listOf("invalid", "closed", "panicked")))
        assertEquals(7, Thalium.newId().version())
    }

    @Test
    fun `many use it at once, and one closes it`() = runBlocking {
        val t = bank()
        val told = (0 until 64).map { n ->
            async(Dispatchers.Default) { t.post("p$n", "bank:ZAR", "c42:ZAR", zar("1.00")) }
        }.awaitAll()
        assertTrue(told.all { it.ok })
        assertEquals(zar("64"), t.accounts.get("c42:ZAR")?.balance)
        val outcomes = java.util.concurrent.ConcurrentLinkedQueue<Throwable>()
        val users = (0 until 4).map { n ->
            thread {
                runBlocking {
                    repeat(200) { m -> runCatching { t.post("q$n-$m", "bank:ZAR", "c42:ZAR", zar("1")) }.onFailure(outcomes::add) }
                }
            }
        }
        Thread.sleep(20)
        t.close()
        users.forEach { it.join() }
        assertTrue(outcomes.all { it is ClosedException }, outcomes.firstOrNull().toString())
    }
}
