package io.thalium

import java.io.File
import java.math.BigDecimal
import java.nio.file.Files.createTempDirectory
import java.time.Instant
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.async
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout

private val TEN = Instant.parse("2026-03-10T10:00:00Z")
private val NOON = Instant.parse("2026-03-10T12:00:00Z")

private fun trade(seconds: Long, id: Int, price: String, quantity: String = "1", symbol: String = "BTC-ZAR", taker: String? = null) =
    TradeRow(symbol, TEN.plusSeconds(seconds), price, quantity, "$id", taker)

/** When candles begin. */
private fun seconds(page: KlinePage) = page.klines.map { it.start.epochSecond - TEN.epochSecond }

/** What a change says, in short. */
private fun said(change: ChangeView) = listOfNotNull(change.kind, change.cause, change.width).joinToString(" ")

class RollupsTest {
    private val bars = DefineRollup("bars", levels = listOf("1m", "5m"), delay = "0s", horizon = "30m", priceScale = 2, quantityScale = 4)

    private suspend fun ledger(address: String = "memory:"): Thalium = Thalium.open(address).also { it.rollups.define(bars) }

    private suspend fun Thalium.minutes(symbol: String = "BTC-ZAR") = klines(symbol, "1m", rollup = "bars").klines

    @Test
    fun `trades go in and candles come out`() = runBlocking {
        ledger().use { t ->
            val trades = listOf(
                trade(1, 1, "1800000.25", "0.5", taker = "buyer"), trade(20, 2, "1800100.75", "0.25", taker = "seller"),
                trade(59, 3, "1799999.99", "0.0001"), trade(65, 4, "1800050.01"),
            )
            val report = t.rollups.ingest("bars", trades, now = NOON)
            assertEquals(listOf(4L, 0L, 0L), listOf(report.taken, report.again, report.refused))
            // What comes twice counts once.
            assertEquals(4, t.rollups.ingest("bars", trades, now = NOON).again)

            val (first, second) = t.minutes()
            val prices = listOf(first.open, first.high, first.low, first.close)
            assertEquals(listOf("1800000.25", "1800100.75", "1799999.99", "1799999.99"), prices.map { "$it" })
            assertEquals(listOf("0.7501", "0.5000", "0.2500"), listOf(first.volume, first.buyVolume, first.sellVolume).map { "$it" })
            assertEquals(listOf(TEN, TEN.plusSeconds(60)), listOf(first.start, first.end))
            assertEquals(listOf(3L, 1L), listOf(first.trades, second.trades))
            assertEquals(listOf(true, false), listOf(first.closed, second.closed))
            assertEquals(listOf(4L), t.klines("BTC-ZAR", "5m", rollup = "bars").klines.map { it.trades })
            assertTrue(t.minutes("ETH-ZAR").isEmpty())
            assertEquals("width", assertFailsWith<InvalidException> { t.klines("BTC-ZAR", "1h", rollup = "bars") }.field)
        }
    }

    @Test
    fun `candles are paged and filled`() = runBlocking {
        ledger().use { t ->
            t.rollups.ingest("bars", listOf(0L, 60, 120, 300).map { trade(it, 1, "${it + 1}") }, now = NOON)
            val first = t.klines("BTC-ZAR", "1m", from = TEN.plusSeconds(60), rollup = "bars", limit = 2)
            assertEquals(listOf(60L, 120L), seconds(first))
            val rest = t.klines("BTC-ZAR", "1m", from = first.next, rollup = "bars", limit = 2)
            assertEquals(listOf(300L), seconds(rest))
            assertNull(rest.next)
            val earlier = (-1_200L until 0).map { trade(it * 60, 1, "5", symbol = "ETH-ZAR") }
            t.rollups.ingest("bars", earlier, now = NOON)
            val all = t.rollups.klines("bars", "ETH-ZAR", "1m", earlier.first().at).map { it.start }.toList()
            assertEquals(earlier.map { it.at }, all)
            assertEquals(all.take(7), t.rollups.klines("bars", "ETH-ZAR", "1m", all.first(), all[7]).map { it.start }.toList())
            // Without a beginning it is the last that are told.
            assertEquals(listOf(120L, 300L), seconds(t.klines("BTC-ZAR", "1m", rollup = "bars", limit = 2)))
            val filled = t.klines("BTC-ZAR", "1m", from = TEN, to = TEN.plusSeconds(240), rollup = "bars", fill = true).klines
            assertEquals(listOf(1L, 1L, 1L, 0L), filled.map { it.trades })
            assertEquals(listOf(filled[2].close, null), listOf(filled[3].open, filled[3].average))
        }
    }

    @Test
    fun `rollups are defined, made of each other, listed and dropped`() = runBlocking {
        ledger().use { t ->
            val later = DefineRollup(
                "days", of = "bars", levels = listOf("1d"), zone = "Africa/Johannesburg", late = LateView.MERGE, keep = mapOf("1d" to "520w"),
            )
            val defined = t.rollups.define(later)
            assertEquals(listOf("days", "bars", "Africa/Johannesburg"), listOf(defined.name, defined.of, defined.zone))
            assertEquals(listOf(LateView.MERGE, listOf("1d"), 2L), listOf(defined.late, defined.levels, defined.priceScale))
            assertEquals(setOf("1d"), defined.keep.keys)
            assertEquals(defined, t.rollups.define(later))
            t.rollups.ingest("bars", listOf(trade(0, 1, "5")), now = NOON)
            assertEquals(1, t.klines("BTC-ZAR", "1d", rollup = "days").klines.single().trades)
            assertEquals(2, t.rollups.define(bars.copy(levels = listOf("1m", "1h"))).version)
            assertEquals(listOf("bars" to 2L, "days" to 1L), t.rollups.list().map { it.name to it.version })

            assertEquals("name", assertFailsWith<InvalidException> { t.rollups.drop("bars") }.field)
            t.rollups.drop("days")
            assertEquals(listOf("bars"), t.rollups.list().map { it.name })
            assertEquals("levels", assertFailsWith<InvalidException> { t.rollups.define(DefineRollup("x", levels = emptyList())) }.field)
            // What is said of it is its name alone.
            assertEquals(listOf("1m", "5m", "15m", "1h", "4h", "1d", "1w", "1M"), t.rollups.define(DefineRollup("klines")).levels)
            assertEquals(KlinePage(emptyList(), null), t.klines("BTC-ZAR", "1h"))
        }
    }

    @Test
    fun `a row that is not taken fails the call, or is told`() = runBlocking {
        ledger().use { t ->
            val trades = listOf(trade(0, 1, "5"), trade(1, 2, "5.001"), trade(2, 3, "6", taker = "nobody"), trade(3, 4, "7"))
            val refused = assertFailsWith<InvalidException> { t.rollups.ingest("bars", trades, now = NOON) }
            assertEquals("trades[1].price", refused.field)
            assertTrue(t.minutes().isEmpty())
            val report = t.rollups.ingest("bars", trades, BadRows.KEEP, now = NOON)
            assertEquals(listOf(2L, 2L), listOf(report.taken, report.refused))
            assertEquals(listOf(1L to "price", 2L to "taker"), report.faults.map { it.row to it.field })
            assertTrue(report.faults.all { it.message.isNotEmpty() })
        }
    }

    @Test
    fun `a trade is corrected and taken back`() = runBlocking {
        ledger().use { t ->
            t.rollups.ingest("bars", listOf(trade(0, 1, "5.05", taker = "buyer"), trade(1, 2, "9.99"), trade(60, 3, "6.66")), now = NOON)
            val was = t.rollups.correct("bars", trade(1, 2, "7.77"), now = NOON)
            assertEquals(listOf("BTC-ZAR", TEN.plusSeconds(1), "2", "9.99", null), listOf(was.symbol, was.at, was.id, "${was.price}", was.taker))
            assertEquals("7.77", "${t.minutes().first().high}")
            // A number is written with all its digits.
            t.rollups.correct("bars", TradeRow("BTC-ZAR", TEN.plusSeconds(60), BigDecimal("7E+2"), BigDecimal("5E-4"), "3"), now = NOON)
            assertEquals(listOf("700.00", "0.0005"), t.minutes().last().let { listOf("${it.close}", "${it.volume}") })
            val gone = t.rollups.remove("bars", "BTC-ZAR", TEN, "1")
            assertEquals(listOf("5.05", "buyer"), listOf("${gone.price}", gone.taker))
            assertEquals(listOf("7.77", 1L, 2L), t.minutes().first().let { listOf("${it.open}", it.trades, it.revision) })
            assertFailsWith<InvalidException> { t.rollups.remove("bars", "BTC-ZAR", TEN, "1") }
            t.rollups.advance("bars", TEN.plusSeconds(600))
            assertTrue(t.minutes().all { it.closed })

            val changes = t.rollups.changes("bars", limit = 3)
            assertEquals(listOf("closed 1m", "revised corrected 1m", "revised removed 1m"), changes.changes.map(::said))
            assertEquals(listOf(1L, 3L, 0L), listOf(changes.version, changes.next, changes.lost))
            val rest = t.rollups.changes("bars", after = changes.next)
            assertEquals(setOf("closed 1m", "closed 5m"), rest.changes.map(::said).toSet())
            assertTrue(t.rollups.changes("bars", after = rest.next).changes.isEmpty())
        }
    }

    @Test
    fun `symbols are paged`() = runBlocking {
        ledger().use { t ->
            val names = (0 until 1_200).map { "S%04d".format(it) }
            t.rollups.ingest("bars", names.map { trade(30, 1, "5.25", symbol = it) }, now = NOON)
            assertEquals(names, t.rollups.symbols("bars").map { it.symbol }.toList())
            val first = t.rollups.symbolsPage("bars", limit = 2)
            val second = t.rollups.symbolsPage("bars", after = first.next, limit = 1)
            assertEquals(names.take(3), (first.symbols + second.symbols).map { it.symbol })
            val symbol = first.symbols.first()
            assertEquals(listOf("5.25", TEN.plusSeconds(30), TEN.plusSeconds(30)), listOf("${symbol.price}", symbol.at, symbol.watermark))
        }
    }

    @Test
    fun `what becomes of a rollup is watched`() = runBlocking {
        ledger().use { t ->
            t.rollups.ingest("bars", listOf(trade(0, 1, "5"), trade(60, 2, "5")), now = NOON)
            val pages = Channel<ChangePage>(Channel.UNLIMITED)
            val watching = launch { t.rollups.watch("bars", pauseMillis = 600_000).collect { pages.send(it) } }
            suspend fun next() = withTimeout(10_000) { pages.receive() }
            assertEquals(listOf("closed 1m"), next().changes.map(::said))
            // At once, however long it would wait for others.
            t.rollups.ingest("bars", listOf(trade(1, 3, "6")), now = NOON)
            val late = next()
            assertEquals(listOf("revised late 1m"), late.changes.map(::said))
            // Another version tells its own changes, from its first.
            t.rollups.define(bars.copy(levels = listOf("1m")))
            val anew = next()
            assertEquals(listOf(2L, 1L), listOf(anew.version, anew.changes.first().number))
            watching.cancel()

            // Who comes again says how far it was.
            suspend fun first(after: Long, version: Long) = withTimeout(10_000) { t.rollups.watch("bars", after, version).first() }
            assertEquals(anew, first(late.next, late.version))
            assertEquals(anew.changes.drop(1), first(1, anew.version).changes)
            val ended = async { runCatching { t.rollups.watch("bars").collect {} } }
            t.rollups.drop("bars")
            assertEquals("rollup", (withTimeout(10_000) { ended.await() }.exceptionOrNull() as? InvalidException)?.field)
        }
    }

    @Test
    fun `a reader beside the writer sees what is durable`() = runBlocking {
        val folder = createTempDirectory("rollups").toFile()
        val books = File(folder, "books").path
        ledger(books).use { t ->
            Thalium.open(books, OpenOptions(readOnly = true)).use { reader ->
                val pages = Channel<ChangePage>(Channel.UNLIMITED)
                val watching = launch { reader.rollups.watch("bars", pauseMillis = 10).collect { pages.send(it) } }
                t.rollups.ingest("bars", listOf(trade(0, 1, "5"), trade(60, 2, "5")), now = NOON)
                assertEquals(listOf("closed 1m"), withTimeout(10_000) { pages.receive() }.changes.map(::said))
                watching.cancel()
                assertEquals(t.minutes(), reader.minutes())
                assertFailsWith<ReadOnlyException> { reader.rollups.ingest("bars", listOf(trade(61, 3, "5"))) }
            }
        }
        ledger(books).use { t -> assertEquals(listOf(2L), t.rollups.list().map { it.trades }) }
        folder.deleteRecursively()
        Unit
    }
}
