package io.thalium

import io.thalium.native.NativeLedger
import io.thalium.native.nativeCodes
import io.thalium.native.nativeNewId
import io.thalium.native.nativeOperations
import java.time.Instant
import java.util.UUID
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long

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

    /** Cases that run on charts, and what people do with them. */
    public val cases: Cases = Cases(this)

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
     * @param cases What of cases is theirs, and what they may be told of it; by default nothing.
     */
    public suspend fun sync(
        customer: String,
        accounts: List<String>,
        request: String,
        payees: List<String> = emptyList(),
        context: Context = Context.NONE,
        cases: CustomerCases? = null,
    ): String = ask(
        request(
            "sync", "customer" to customer, "accounts" to accounts, "payees" to payees, "request" to request, "now" to context.now,
            "request_id" to context.requestId, "origin" to context.origin, "cases" to cases?.json(),
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

    /**
     * Loads a policy that this ledger decides by, in the place of the one of that [name], for all who ask from then on. The last eight are
     * kept, for [rollBackPolicy]. It is not stored with the ledger: it is loaded where the process begins.
     *
     * It fails with `policy` for a bundle that is refused, with the file and the row, and with `io` for one that cannot be read: then it
     * replaces nothing.
     *
     * @param bundle Where it is, or what it is.
     * @param name The name that it is asked by.
     * @param shadow Whether it is only tried out: it is asked beside the one in force, decides nothing, and [listPolicies] tells what it would
     * decide otherwise.
     * @param now The instant that it says it was loaded at; by default the clock's.
     */
    public suspend fun loadPolicy(bundle: PolicyBundle, name: String = POLICY, shadow: Boolean = false, now: Instant? = null): LoadedPolicy =
        LoadedPolicy.read(
            one(request("load_policy", "name" to name, "bundle" to bundle.json, "shadow" to shadow.takeIf { it }, "now" to now)),
        )

    /** Goes back to the version of a policy that was in force before. It fails with `invalid` where there is none. */
    public suspend fun rollBackPolicy(name: String = POLICY): LoadedPolicy = LoadedPolicy.read(one(request("roll_back_policy", "name" to name)))

    /** Takes a policy away; with [shadow] only what is tried out beside it. It fails with `invalid` where there is none. */
    public suspend fun dropPolicy(name: String = POLICY, shadow: Boolean = false) {
        ask(request("drop_policy", "name" to name, "shadow" to shadow.takeIf { it }))
    }

    /** The policies that this ledger decides by, by their names, each with what was in force before and what is tried out beside it. */
    public suspend fun listPolicies(): List<LoadedPolicy> = Told.several(ask(request("list_policies")), LoadedPolicy::read)

    /**
     * Decides by a policy that was loaded, and takes down what was asked, what was answered and by which policy: the verdict is told when that
     * is durable. Where it is undefined at that path, it is a denial that says so.
     *
     * ```
     * t.loadPolicy(PolicyBundle.at("policies.tar.gz"))
     * val input = mapOf("amount" to BigDecimal("7000.00"))
     * val decided = t.decide("aml/verdict", input, subject = "c42", retention = "aml", concerns = "w-17")
     * if (decided.verdict.outcome != VerdictOutcome.ALLOW) decided.verdict.reasons.forEach { println(it.message) }
     * ```
     *
     * An error is thrown, and is no permission: who asked must deny. It is `undecided` where the policy comes to no verdict, which is on record
     * as well, and `invalid` with the field at fault for a policy, a path or a party that is not there: then nothing is.
     *
     * @param path The path of a verdict, such as `aml/verdict`.
     * @param input What is decided about, as a [Policy] takes it.
     * @param policy The policy, by the name that it was loaded under.
     * @param subject The party that it is about, by key or id: input and answer are sealed with the party's own key.
     * @param retention The retention class that says how long a law has it kept; left out, it is held by consent.
     * @param concerns What it is about, by the caller's own key, such as that of the transfer that is to be booked. In the clear.
     * @param actor Who asks; by default who opened the ledger. In the clear.
     * @param requestId The caller's id of the request. In the clear.
     * @param decisionId The decision's id, a UUID; by default one is made.
     * @param now The instant; by default the clock's.
     * @param strict Whether an error of a built-in function ends the evaluation, instead of making the expression undefined.
     */
    public suspend fun decide(
        path: String,
        input: Any? = null,
        policy: String = POLICY,
        subject: String? = null,
        retention: String? = null,
        concerns: String? = null,
        actor: String? = null,
        requestId: String? = null,
        decisionId: String? = null,
        now: Instant? = null,
        strict: Boolean = false,
    ): Decided = denying {
        Decided.read(
            one(
                request(
                    "decide_on_record", "policy" to policy, "path" to path, "input" to Input.json(input), "subject" to subject,
                    "retention" to retention, "concerns" to concerns, "actor" to actor, "request_id" to requestId, "decision_id" to decisionId,
                    "now" to now, "strict" to strict.takeIf { it },
                ),
            ),
        )
    }

    /**
     * A page of the decisions on record that match, oldest first; its `next` is what the next page comes [after]. [decisions] goes through
     * all pages.
     *
     * ```
     * val masks = listOf(DecisionMask.remove("/input/name"))
     * val told = t.listDecisions(DecisionQuery(subject = "c42"), open = OpenSealed("complaint 12"), masks = masks)
     * told.decisions.forEach { println("${it["timestamp"]} ${it["outcome"]} ${it["input"]}") }
     * ```
     *
     * @param query Which.
     * @param after The `next` of the page before.
     * @param limit How many at most.
     * @param open Opens what is sealed; without it that is left out, and `sealed` says so.
     * @param masks What is left out or replaced.
     */
    public suspend fun listDecisions(
        query: DecisionQuery = DecisionQuery(),
        after: Long? = null,
        limit: Int? = null,
        open: OpenSealed? = null,
        masks: List<DecisionMask> = emptyList(),
    ): DecisionPage {
        val told = Json.parseToJsonElement(
            ask(
                request(
                    "list_decisions", *query.fields(), "after" to after, "limit" to limit, "open" to open?.json(),
                    "masks" to masks.map { it.json() }.ifEmpty { null },
                ),
            ),
        ).jsonObject
        return DecisionPage(told.getValue("decisions").jsonArray.map { it.jsonObject }, told["next"]?.jsonPrimitive?.long)
    }

    /** The decisions on record that match, oldest first; see [listDecisions]. What is sealed is opened, and read on record, page by page. */
    public fun decisions(
        query: DecisionQuery = DecisionQuery(),
        open: OpenSealed? = null,
        masks: List<DecisionMask> = emptyList(),
    ): Flow<JsonObject> = pages { after -> listDecisions(query, after, PAGE, open, masks).let { Page(it.decisions, it.next) } }

    /**
     * Decides once more what is on record, by another policy and each at its own instant: which outcomes it would flip. Nothing is booked, and
     * of what is sealed nothing is told but that.
     *
     * @param bundle The other policy.
     * @param path Only decisions of this path.
     * @param policy Only those by the policy that was loaded under this name.
     * @param from Only those from this RFC 3339 instant or date on.
     * @param until Only those before this instant, or up to this date.
     * @param limit How many flips are told: 1,000 by default, up to 100,000. All are counted.
     */
    public suspend fun replayDecisions(
        bundle: PolicyBundle,
        path: String? = null,
        policy: String? = null,
        from: String? = null,
        until: String? = null,
        limit: Int? = null,
    ): ReplayReport = ReplayReport.read(
        one(
            request(
                "replay_decisions", "bundle" to bundle.json, "path" to path, "policy" to policy, "from" to from, "until" to until,
                "limit" to limit,
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
        /** The name of a policy where none is given. */
        private const val POLICY = "policy"

        /** Opens the ledger at an address: `memory:`, `file:DIRECTORY`, or a directory. It is made if it is not there. */
        public suspend fun open(address: String, options: OpenOptions = OpenOptions()): Thalium =
            withContext(Dispatchers.IO) { border { Thalium(NativeLedger.open(address, options.text())) } }

        /** Every code that an error may have, with what it means. */
        public fun codes(): Map<String, String> = pairs(border { nativeCodes() })

        /** Every operation, with what it works on: `books`, `ledger`, `rollups`, `decisions`, `cases`, `files`, `kyc`, `device`, `policy` or `chart`. */
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
