package io.thalium

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.serialization.json.JsonObject

/** Books that are asked: a ledger's own, or what a broker sees of them. */
public sealed class SeenBooks {
    /** Finds accounts. */
    public abstract val accounts: SeenAccounts

    /** Lists assets. */
    public abstract val assets: SeenAssets

    /** Finds transfers. */
    public abstract val transfers: Transfers

    /** Finds people and companies, and opens what is sealed of them. */
    public abstract val parties: SeenParties

    internal abstract suspend fun ask(request: JsonObject): String

    internal suspend fun one(request: JsonObject): Told = requireNotNull(Told.one(ask(request)) { it })

    /** A page of the open holds of an account, oldest first. */
    public suspend fun holdsPage(account: String, after: Long? = null, limit: Int? = null): TransferPage =
        TransferPage.read(one(request("list_holds", "account" to account, "after" to after, "limit" to limit)))

    /** The open holds of an account, oldest first. */
    public fun holds(account: String): Flow<TransferView> =
        pages { after -> holdsPage(account, after, PAGE).let { Page(it.transfers, it.next) } }

    /** A page of what moved an account, with its balances after each: its transfers, and the holds that ran out. */
    public suspend fun historyPage(
        account: String,
        from: String? = null,
        to: String? = null,
        after: Long? = null,
        limit: Int? = null,
        newestFirst: Boolean = false,
    ): HistoryPage = HistoryPage.read(
        one(
            request(
                "history", "account" to account, "from" to from, "to" to to, "after" to after, "limit" to limit,
                "newest_first" to newestFirst.takeIf { it },
            ),
        ),
    )

    /** What moved an account, with its balances after each. */
    public fun history(account: String, from: String? = null, to: String? = null, newestFirst: Boolean = false): Flow<EntryView> =
        pages { after -> historyPage(account, from, to, after, PAGE, newestFirst).let { Page(it.entries, it.next) } }

    /**
     * What moved an account over a span of time, both ends included: RFC 3339 instants or dates; nothing if there is no such
     * account.
     */
    public suspend fun statement(account: String, from: String? = null, to: String? = null): StatementView? =
        Told.one(ask(request("statement", "account" to account, "from" to from, "to" to to)), StatementView::read)

    /**
     * A page of what an account held in each bucket of time, oldest first, also where nothing has happened. With [from] the buckets are the
     * first from then on; without it, the last. Where there are more, `next` is the [from] of the next page.
     *
     * @param account The account.
     * @param width How wide they are: `1h`, `1d`, `1w`, `1M` and others; `1d` by default.
     * @param from From the one on that has this: an RFC 3339 instant, or a date of the zone.
     * @param to Up to the one that has this; a date stands for its last instant.
     * @param zone The time zone by whose clocks they begin, such as `Africa/Johannesburg`; UTC by default.
     * @param limit How many at most: 500 by default, up to 10,000.
     */
    public suspend fun balanceHistory(
        account: String,
        width: String? = null,
        from: String? = null,
        to: String? = null,
        zone: String? = null,
        limit: Int? = null,
    ): BalanceHistoryPage = BalanceHistoryPage.read(
        one(
            request(
                "balance_history", "account" to account, "width" to width, "from" to from, "to" to to, "zone" to zone, "limit" to limit,
            ),
        ),
    )

    /**
     * A page of how much was moved in each bucket of time, by asset and code, oldest first. One of [account], [party] and [asset] says of
     * what. What is held counts when it is captured; a bucket in which nothing was moved is left out. The buckets are those of
     * [balanceHistory].
     *
     * @param account What an account was debited and credited.
     * @param party What all accounts of a party were.
     * @param asset All that was moved of an asset. Then debits and credits are the same.
     * @param code Only transfers with this code.
     * @param width How wide the buckets are.
     * @param from From the one on that has this.
     * @param to Up to the one that has this.
     * @param zone The time zone by whose clocks they begin.
     * @param limit How many buckets at most.
     */
    public suspend fun volumes(
        account: String? = null,
        party: String? = null,
        asset: String? = null,
        code: Int? = null,
        width: String? = null,
        from: String? = null,
        to: String? = null,
        zone: String? = null,
        limit: Int? = null,
    ): VolumePage = VolumePage.read(
        one(
            request(
                "volumes", "account" to account, "party" to party, "asset" to asset, "code" to code, "width" to width, "from" to from,
                "to" to to, "zone" to zone, "limit" to limit,
            ),
        ),
    )
}

/** Lists assets. */
public open class SeenAssets internal constructor(private val of: SeenBooks) {
    /** The registered assets by their codes; with [all] the currencies of ISO 4217 too. */
    public suspend fun list(all: Boolean = false): List<AssetView> =
        Told.several(of.ask(request("list_assets", "all" to all.takeIf { it })), AssetView::read)
}

/** Finds accounts. */
public open class SeenAccounts internal constructor(private val of: SeenBooks) {
    /** An account with its balances, now or after everything up to an instant; nothing if there is none. */
    public suspend fun get(name: String, at: String? = null): AccountView? =
        Told.one(of.ask(request("get_account", "name" to name, "at" to at)), AccountView::read)

    /** A page of accounts in the order in which they were opened. */
    public suspend fun page(under: String? = null, asset: String? = null, after: Long? = null, limit: Int? = null): AccountPage =
        AccountPage.read(of.one(request("list_accounts", "under" to under, "asset" to asset, "after" to after, "limit" to limit)))

    /** Accounts in the order in which they were opened. */
    public fun list(under: String? = null, asset: String? = null): Flow<AccountView> =
        pages { after -> page(under, asset, after, PAGE).let { Page(it.accounts, it.next) } }
}

/**
 * Which transfers. All that is given must match.
 *
 * @property account That debit or credit this account.
 * @property side That touch the account on this side.
 * @property asset In this asset.
 * @property code With this code.
 * @property from Recorded not before: an RFC 3339 instant or a date.
 * @property to Recorded not after.
 * @property fromDate With an effective date not before, as `2026-01-31`.
 * @property toDate With an effective date not after.
 * @property newestFirst Newest first.
 */
public data class TransferQuery(
    public val account: String? = null,
    public val side: Side? = null,
    public val asset: String? = null,
    public val code: Int? = null,
    public val from: String? = null,
    public val to: String? = null,
    public val fromDate: String? = null,
    public val toDate: String? = null,
    public val newestFirst: Boolean = false,
)

/** Finds transfers. */
public class Transfers internal constructor(private val of: SeenBooks) {
    /** A transfer by its key or id; nothing if there is none. */
    public suspend fun get(name: String): TransferView? = Told.one(of.ask(request("get_transfer", "name" to name)), TransferView::read)

    /** The transfers of a transaction, by its key or id. */
    public suspend fun ofTransaction(name: String): List<TransferView> =
        Told.several(of.ask(request("get_transaction", "name" to name)), TransferView::read)

    /** A page of the transfers that match; its `next` is what the next page comes [after]. */
    public suspend fun page(query: TransferQuery = TransferQuery(), after: Long? = null, limit: Int? = null): TransferPage = TransferPage.read(
        of.one(
            request(
                "list_transfers", "account" to query.account, "side" to query.side?.wire, "asset" to query.asset, "code" to query.code,
                "from" to query.from, "to" to query.to, "from_date" to query.fromDate, "to_date" to query.toDate, "after" to after,
                "limit" to limit, "newest_first" to query.newestFirst.takeIf { it },
            ),
        ),
    )

    /** The transfers that match. */
    public fun list(query: TransferQuery = TransferQuery()): Flow<TransferView> =
        pages { after -> page(query, after, PAGE).let { Page(it.transfers, it.next) } }
}

internal const val PAGE = 1_000

internal class Page<T, After : Any>(val items: List<T>, val next: After?)

/** What stands on page after page. */
internal fun <T> pages(page: suspend (after: Long?) -> Page<T, Long>): Flow<T> = pagesAfter(page)

/** What stands on page after page, where the next comes after something else than a number. */
internal fun <T, After : Any> pagesAfter(page: suspend (after: After?) -> Page<T, After>): Flow<T> = flow {
    var after: After? = null
    do {
        val told = page(after)
        told.items.forEach { emit(it) }
        after = told.next
    } while (after != null)
}
