package io.thalium

import java.math.BigDecimal
import java.time.Instant
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.serialization.json.JsonObject

/**
 * A rollup to define. How wide a bucket is, and how long something lasts, is text: `1m`, `4h`, `30d`.
 *
 * @property name Its name: 1 to 64 of `a-z`, `0-9`, `-`, `_` and `.`.
 * @property of The rollup whose trades it is made of; it has its own, where nothing is said.
 * @property levels Widths of buckets, the finest first; `1m 5m 15m 1h 4h 1d 1w 1M` by default.
 * @property zone The time zone by whose clocks buckets begin, such as `Africa/Johannesburg`; UTC by default.
 * @property origin What those clocks show where buckets are counted from: a day, such as `2000-01-02` for weeks from Sunday, or a time without a zone; Monday,
 * 2000-01-03, by default. Of months only the month counts.
 * @property offset By how much buckets begin later, or earlier: days from 17:00 to 17:00 are moved by `-7h`.
 * @property delay How far the watermark is behind the newest trade of a symbol; `5s` by default, `0s` for not at all.
 * @property late What becomes of trades whose bucket is closed; by default they correct it.
 * @property horizon For how long after the end of their bucket they are taken in; `1h` by default.
 * @property keep Of levels, by their width, how long their buckets are kept, as `mapOf("1m" to "30d")`; the others for ever.
 * @property priceScale Digits of prices behind the point, up to 18; 8 by default, or those of the rollup it is [of].
 * @property quantityScale Digits of quantities behind the point; as [priceScale].
 */
public data class DefineRollup(
    public val name: String,
    public val of: String? = null,
    public val levels: List<String>? = null,
    public val zone: String? = null,
    public val delay: String? = null,
    public val late: LateView? = null,
    public val horizon: String? = null,
    public val keep: Map<String, String> = emptyMap(),
    public val priceScale: Int? = null,
    public val quantityScale: Int? = null,
    public val origin: String? = null,
    public val offset: String? = null,
)

/**
 * A trade as it is given.
 *
 * @property symbol Of which symbol: 1 to 128 bytes.
 * @property at When it was.
 * @property price The price, in decimal text.
 * @property quantity How much was traded, in decimal text.
 * @property id The number that the market gave it, below 2^63. All trades of a call have one, or none has.
 * @property taker Who took it, where that is known: `buyer` or `seller`.
 */
public data class TradeRow(
    public val symbol: String,
    public val at: Instant,
    public val price: String,
    public val quantity: String,
    public val id: String? = null,
    public val taker: String? = null,
) {
    /** A trade whose price and quantity are numbers. */
    public constructor(symbol: String, at: Instant, price: BigDecimal, quantity: BigDecimal, id: String? = null, taker: String? = null) :
        this(symbol, at, price.toPlainString(), quantity.toPlainString(), id, taker)

    internal fun json(): JsonObject = JsonObject(
        json(mapOf("symbol" to symbol, "at" to at, "id" to id, "price" to price, "quantity" to quantity, "taker" to taker)),
    )
}

/** What becomes of the other trades of a call where one is not taken. */
public enum class BadRows(
    /** Its name in requests. */
    public val wire: String,
) {
    /** None is taken. */
    REFUSE("refuse"),

    /** They are taken, and it is told which is not. */
    KEEP("keep"),
    ;

    internal companion object {
        fun of(wire: String): BadRows = entries.first { it.wire == wire }
    }
}

/** Defines rollups, takes trades into them, and tells what has become of them. A page of candles is told by [Thalium.klines]. */
public class Rollups internal constructor(private val of: Thalium) {
    // Who watches asks again when something was done here: one who is slow holds up nobody.
    private val done = MutableStateFlow(0L)

    /** Also where it fails: it is not known then whether it was done. */
    private suspend fun ask(request: JsonObject): String =
        try {
            of.ask(request)
        } finally {
            done.update { it + 1 }
        }

    private suspend fun one(request: JsonObject): Told = requireNotNull(Told.one(ask(request)) { it })

    /**
     * Defines a rollup. The same definition again changes nothing; another one of that name makes its next version, of all trades that
     * were ever taken.
     */
    public suspend fun define(rollup: DefineRollup): RollupView = RollupView.read(
        one(
            request(
                "define_rollup", "name" to rollup.name, "of" to rollup.of, "levels" to rollup.levels, "zone" to rollup.zone,
                "delay" to rollup.delay, "late" to rollup.late?.wire, "horizon" to rollup.horizon, "keep" to rollup.keep.ifEmpty { null },
                "price_scale" to rollup.priceScale, "quantity_scale" to rollup.quantityScale, "origin" to rollup.origin,
                "offset" to rollup.offset,
            ),
        ),
    )

    /** Takes a rollup away with its trades, unless others are made of it. */
    public suspend fun drop(name: String) {
        ask(request("drop_rollup", "name" to name))
    }

    /** The rollups, by their names. */
    public suspend fun list(): List<RollupView> = Told.several(of.ask(request("list_rollups")), RollupView::read)

    /**
     * Takes trades into a rollup, at most 65,536 in a call, and returns when they are durable.
     *
     * @param rollup The rollup.
     * @param trades The trades, in order.
     * @param badRows What becomes of the others where one is not taken: by default it fails with that one's field, and none is.
     * @param now What time it is; by default the clock's.
     */
    public suspend fun ingest(
        rollup: String,
        trades: List<TradeRow>,
        badRows: BadRows = BadRows.REFUSE,
        now: Instant? = null,
    ): IngestReport = IngestReport.read(
        one(request("ingest_trades", "rollup" to rollup, "trades" to trades.map { it.json() }, "bad_rows" to badRows.wire, "now" to now)),
    )

    /** Puts a trade in the place of that with its symbol, instant and id, and gives the one that was there. */
    public suspend fun correct(rollup: String, trade: TradeRow, now: Instant? = null): TradeView =
        TradeView.read(one(request("correct_trade", "rollup" to rollup, "trade" to trade.json(), "now" to now)))

    /** Takes a trade back, and gives the one that was there. */
    public suspend fun remove(rollup: String, symbol: String, at: Instant, id: String): TradeView =
        TradeView.read(one(request("remove_trade", "rollup" to rollup, "symbol" to symbol, "at" to at, "id" to id)))

    /**
     * Tells a rollup what time it is, by default the clock's: buckets close in which nothing happens any more. It is for who knows that
     * nothing earlier is on its way.
     */
    public suspend fun advance(rollup: String, now: Instant? = null) {
        ask(request("advance_rollup", "rollup" to rollup, "now" to now))
    }

    /** The candles of a symbol that begin at [from] or later, and before [to] where that is given, oldest first; see [Thalium.klines]. */
    public fun klines(
        rollup: String,
        symbol: String,
        width: String,
        from: Instant,
        to: Instant? = null,
        fill: Boolean = false,
    ): Flow<KlineView> = pagesAfter<KlineView, Instant> { next ->
        of.klines(symbol, width, next ?: from, to, rollup, PAGE, fill).let { Page(it.klines, it.next) }
    }

    /** A page of the symbols of a rollup, by name; its `next` is what the next page comes [after]. */
    public suspend fun symbolsPage(rollup: String, after: String? = null, limit: Int? = null): SymbolPage =
        SymbolPage.read(of.one(request("list_symbols", "rollup" to rollup, "after" to after, "limit" to limit)))

    /** The symbols of a rollup, by name, each with its newest price and its watermark. */
    public fun symbols(rollup: String): Flow<SymbolView> =
        pagesAfter<SymbolView, String> { after -> symbolsPage(rollup, after, PAGE).let { Page(it.symbols, it.next) } }

    /**
     * What has become of a rollup: its changes behind the number [after], in order; `next` is the [after] of the next question. The numbers
     * begin again with another version of the rollup.
     */
    public suspend fun changes(rollup: String, after: Long? = null, limit: Int? = null): ChangePage =
        ChangePage.read(of.one(request("rollup_changes", "rollup" to rollup, "after" to after, "limit" to limit)))

    /**
     * What has become of a rollup and what becomes of it, for as long as it is collected: a page whenever there are changes, at once when
     * something was done by this handle, and else every [pauseMillis]. It fails when the rollup is not there any more.
     *
     * @param rollup The rollup.
     * @param after Behind the change of this number, such as the `next` of the last page that was seen; from the first by default.
     * @param version The version that [after] is of. With another one the changes are told from its first; so it is, too, when the rollup
     * gets another version meanwhile.
     * @param pauseMillis Milliseconds to wait for what others do.
     */
    public fun watch(rollup: String, after: Long = 0, version: Long? = null, pauseMillis: Long = 1_000): Flow<ChangePage> = flow {
        var known = version
        var next = after
        while (true) {
            // Looked at before it is asked: what is done meanwhile is not waited for.
            val before = done.value
            val told = changes(rollup, next, PAGE)
            val isOther = known != null && known != told.version
            known = told.version
            next = if (isOther) 0 else told.next
            if (isOther) continue
            if (told.changes.isEmpty()) withTimeoutOrNull(pauseMillis) { done.first { it != before } } else emit(told)
        }
    }
}
