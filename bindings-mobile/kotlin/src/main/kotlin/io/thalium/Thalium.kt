package io.thalium

import io.thalium.native.NativeLedger
import io.thalium.native.nativeCodes
import io.thalium.native.nativeNewId
import io.thalium.native.nativeOperations
import java.time.Instant
import java.util.UUID
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long

/**
 * Where the key of an encrypted ledger is; at most one of the three.
 *
 * @property keyFile A file that holds the key's text.
 * @property key The key's text.
 * @property passphrase A passphrase.
 */
public class KeySource(public val keyFile: String? = null, public val key: String? = null, public val passphrase: String? = null) {
    internal fun fields(): Array<Pair<String, Any?>> = arrayOf("key_file" to keyFile, "key" to key, "passphrase" to passphrase)

    internal fun json(): JsonObject = JsonObject(json(fields().toMap()))
}

/**
 * How a ledger is opened.
 *
 * @property readOnly To read it beside a live writer, in any process.
 * @property at To read it as it was when its log had so many events.
 * @property waitMillis Milliseconds to wait for another writer to end, and take over from it.
 * @property create Whether it is made if it is not there.
 * @property tenant The tenant of a ledger that is made.
 * @property actor Who asks, unless a request says otherwise; written into the log. Put no personal data there.
 * @property role In which role.
 * @property origin From where.
 * @property memoryMib MiB of the newest history in memory; some twice as much is in memory at a time.
 * @property maxClockJumpDays Days by which an instant may be ahead of the log's newest.
 * @property keys The key of an encrypted ledger. One that is made is encrypted if a key is given. Personal data needs one.
 * @property insecureSeed For tests in `memory:`: 64 hexadecimal digits from which the keys of people come, the same everywhere.
 */
public class OpenOptions(
    public val readOnly: Boolean = false,
    public val at: Long? = null,
    public val waitMillis: Long = 0,
    public val create: Boolean = true,
    public val tenant: String? = null,
    public val actor: String = "",
    public val role: String = "",
    public val origin: String = "kotlin",
    public val memoryMib: Int? = null,
    public val maxClockJumpDays: Int? = null,
    public val keys: KeySource? = null,
    public val insecureSeed: String? = null,
) {
    internal fun text(): String = JsonObject(
        json(
            mapOf(
                "read_only" to readOnly, "at" to at, "wait_ms" to waitMillis, "create" to create, "tenant" to tenant,
                "context" to mapOf("actor" to actor, "role" to role, "origin" to origin), "memory_mib" to memoryMib, "max_clock_jump_days" to maxClockJumpDays,
                "keys" to keys?.json(), "insecure_seed" to insecureSeed,
            ),
        ),
    ).toString()
}

/**
 * Who asks for a request, and when.
 *
 * @property now The instant; by default the clock's.
 * @property actor Who asks.
 * @property role In which role.
 * @property requestId The caller's id of the request, for tracing.
 * @property origin Where it came from.
 */
public data class Context(
    public val now: Instant? = null,
    public val actor: String? = null,
    public val role: String? = null,
    public val requestId: String? = null,
    public val origin: String? = null,
) {
    internal fun fields(): Array<Pair<String, Any?>> =
        arrayOf("now" to now, "actor" to actor, "role" to role, "request_id" to requestId, "origin" to origin)

    internal companion object {
        val NONE = Context()
    }
}

/**
 * An open ledger in this process: for back ends on the JVM, for tests and tools. On a customer's device nothing is booked: there
 * is [Device].
 *
 * Calls suspend and run on the I/O dispatcher. `Thalium.open("memory:").use { t -> … }` closes it at the end of the block.
 */
public class Thalium private constructor(private val native: NativeLedger) : SeenBooks(), AutoCloseable {
    /** Opens accounts and finds them. */
    override val accounts: Accounts = Accounts(this)

    /** Registers assets and lists them. */
    override val assets: Assets = Assets(this)

    /** Finds transfers. */
    override val transfers: Transfers = Transfers(this)

    /** Registers people and companies, seals what is known of them, and forgets them. */
    override val parties: Parties = Parties(this)

    /** Defines rollups, takes trades into them, and tells what has become of them. */
    public val rollups: Rollups = Rollups(this)

    /**
     * The books as a [broker] sees them, by its key or id: itself and its clients, their accounts, and their side of what moves between
     * those and others. What is asked there is asked as that broker.
     */
    public fun seenBy(broker: String): BrokerView = BrokerView(this, broker)

    override suspend fun ask(request: JsonObject): String = askText(request.toString())

    internal suspend fun askText(request: String): String = withContext(Dispatchers.IO) { border { native.call(request) } }

    /**
     * Submits commands together, and returns when they are durable: one outcome each. A rejected command stops none of the
     * others, unless they are linked.
     */
    public suspend fun submit(commands: List<Command>, context: Context = Context.NONE): List<Outcome> =
        Told.several(ask(request("submit", "commands" to commands.map { it.json }, *context.fields())), Outcome::read)

    /** Submits one command. */
    public suspend fun submit(command: Command, context: Context = Context.NONE): Outcome = submit(listOf(command), context).first()

    /** Moves money at once. A retry with the same key never books twice. */
    public suspend fun post(key: String, from: String, to: String, amount: Money, extra: Extra = Extra.NONE): Outcome =
        submit(Command.post(key, from, to, amount, extra))

    /** Holds money for a later capture or release; without [to] for the account `holds:ASSET`. */
    public suspend fun hold(key: String, from: String, amount: Money, to: String? = null, timeout: UInt = 0u, extra: Extra = Extra.NONE): Outcome =
        submit(Command.hold(key, from, amount, to, timeout, extra))

    /** Moves held money, wholly or in part; what is left is released. */
    public suspend fun capture(key: String, hold: String, amount: Money? = null, to: String? = null, extra: Extra = Extra.NONE): Outcome =
        submit(Command.capture(key, hold, amount, to, extra))

    /** Gives held money back. */
    public suspend fun release(key: String, hold: String, extra: Extra = Extra.NONE): Outcome = submit(Command.release(key, hold, extra))

    /** Books legs together, all or nothing; they balance in each asset. */
    public suspend fun transaction(key: String, legs: List<Leg>, extra: Extra = Extra.NONE): Outcome =
        submit(Command.transaction(key, legs, extra))

    /**
     * Books what a customer's device asks for, as far as the customer may, and gives the text to send back: what became of it,
     * and what is new on the customer's accounts. The same request sent again books nothing twice.
     *
     * @param customer Who was authenticated.
     * @param accounts The accounts that are theirs.
     * @param request What the device sent.
     * @param payees The accounts to which they may send money, and those under which such accounts stand.
     */
    public suspend fun sync(
        customer: String,
        accounts: List<String>,
        request: String,
        payees: List<String> = emptyList(),
        context: Context = Context.NONE,
    ): String = ask(
        request(
            "sync", "customer" to customer, "accounts" to accounts, "payees" to payees, "request" to request, "now" to context.now,
            "request_id" to context.requestId, "origin" to context.origin,
        ),
    )

    /** The balances of every account, asset by asset, now or after everything up to an instant. */
    public suspend fun trialBalance(at: String? = null): List<TrialBalanceView> =
        Told.several(ask(request("trial_balance", "at" to at)), TrialBalanceView::read)

    /**
     * A page of the candles of a symbol, oldest first. With [from] they are the first from then on, and `next` is the [from] of the next
     * page where there are more; without it, the last. [Rollups.klines] goes through all pages.
     *
     * @param symbol The symbol.
     * @param width How wide they are, such as `1h`: one of the rollup's levels.
     * @param from Those that begin then or later.
     * @param to Those that begin before then.
     * @param rollup The rollup.
     * @param limit How many at most: 500 by default, up to 10,000.
     * @param fill Also those between in which nothing has happened, with the close before.
     */
    public suspend fun klines(
        symbol: String,
        width: String,
        from: Instant? = null,
        to: Instant? = null,
        rollup: String = "klines",
        limit: Int? = null,
        fill: Boolean = false,
    ): KlinePage = KlinePage.read(
        one(
            request(
                "klines", "rollup" to rollup, "symbol" to symbol, "width" to width, "from" to from, "to" to to, "limit" to limit,
                "fill" to fill.takeIf { it },
            ),
        ),
    )

    /** The size of the log and the root of its Merkle tree. */
    public suspend fun root(): Root = Root.read(one(request("root")))

    /** Checks every invariant of the books, and gives the digest of the state. */
    public suspend fun check(): Checked = Checked.read(one(request("check")))

    /** How large the ledger is. */
    public suspend fun stats(): Stats = Stats.read(one(request("stats")))

    /** Whether it takes requests, what waits, and whether the disk has room. */
    public suspend fun health(): Health = Health.read(one(request("health")))

    /** Figures for a dashboard in the OpenMetrics text format. */
    public suspend fun metrics(): String = Json.parseToJsonElement(ask(request("metrics"))).jsonPrimitive.content

    /** Takes no more requests, and returns when all that was taken is durable: the first step of a hand-over. */
    public suspend fun drain() {
        ask(request("drain"))
    }

    /** Encrypts what is written from now on with a new data key, and gives its number. */
    public suspend fun rotateKeys(): Long = Json.parseToJsonElement(ask(request("rotate_keys"))).jsonPrimitive.long

    /** Wraps the data keys with another key, which opens the ledger from now on. */
    public suspend fun rewrapKeys(keys: KeySource) {
        ask(request("rewrap_keys", *keys.fields()))
    }

    /** Unwraps every data key, and gives how many there are. */
    public suspend fun checkKeys(): Long = Json.parseToJsonElement(ask(request("check_keys"))).jsonPrimitive.long

    /** Wraps the keys of people with a new key of the tenant's, and gives its number; what an old copy of them holds is of no more use. */
    public suspend fun rotateSubjectKeys(): Long = Json.parseToJsonElement(ask(request("rotate_subject_keys"))).jsonPrimitive.long

    /** Unwraps every key of a person's, and tells which cannot be had. */
    public suspend fun checkSubjectKeys(): SubjectKeysReport = SubjectKeysReport.read(one(request("check_subject_keys")))

    /** Closes the ledger when the calls that are under way have ended. Closing again does nothing. */
    public suspend fun closeAndWait(): Unit = withContext(Dispatchers.IO) { border { native.shut() } }

    /** As [closeAndWait], for `use`: it blocks until the calls that are under way have ended. */
    override fun close(): Unit = runBlocking { closeAndWait() }

    public companion object {
        /** Opens the ledger at an address: `memory:`, `file:DIRECTORY`, or a directory. It is made if it is not there. */
        public suspend fun open(address: String, options: OpenOptions = OpenOptions()): Thalium =
            withContext(Dispatchers.IO) { border { Thalium(NativeLedger.open(address, options.text())) } }

        /** Every code that an error may have, with what it means. */
        public fun codes(): Map<String, String> = pairs(border { nativeCodes() })

        /** Every operation, with what it works on: `books`, `ledger`, `rollups`, `files`, `device` or `policy`. */
        public fun operations(): Map<String, String> = pairs(border { nativeOperations() })

        /** A new time-ordered id (UUIDv7). */
        public fun newId(): UUID = UUID.fromString(border { nativeNewId() })

        private fun pairs(text: String): Map<String, String> =
            Json.parseToJsonElement(text).jsonArray.associate { it.jsonArray[0].jsonPrimitive.content to it.jsonArray[1].jsonPrimitive.content }
    }
}

/** Registers assets and lists them. */
public class Assets internal constructor(private val of: Thalium) : SeenAssets(of) {
    /** Registers an asset. The currencies of ISO 4217 are there without it. */
    public suspend fun create(code: String, scale: Int, kind: String = "crypto", ledger: UInt? = null, fiat: Int? = null): Outcome =
        of.submit(Command.asset(code, scale, kind, ledger, fiat))
}

/** Opens accounts and finds them. */
public class Accounts internal constructor(private val of: Thalium) : SeenAccounts(of) {
    /** Opens an account. With a [subject] its name and metadata are sealed to that party, as [Extra] says. */
    public suspend fun create(
        key: String,
        asset: String,
        kind: AccountKind? = null,
        parent: String? = null,
        name: String = "",
        overdraft: Boolean = false,
        flags: Set<Flag> = emptySet(),
        metadata: Map<String, String> = emptyMap(),
        subject: String? = null,
        basis: Basis? = null,
        years: Int? = null,
        retention: String? = null,
        public: List<String> = emptyList(),
    ): Outcome = of.submit(
        Command.account(
            key, asset, kind, parent, name, null, overdraft, flags, metadata, subject = subject, basis = basis, years = years,
            retention = retention, public = public,
        ),
    )
}
