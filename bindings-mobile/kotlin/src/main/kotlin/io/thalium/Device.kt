package io.thalium

import io.thalium.native.NativeDevice
import java.time.Instant
import kotlin.random.Random
import kotlin.random.nextULong
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.firstOrNull
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.transformWhile
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long

/** The back end, as the app reaches it: it sends the text and gives what was answered, or throws where there is no answer. */
public fun interface BackEnd {
    /** Sends a request of the device's, as JSON, and gives the answer. */
    public suspend fun sync(request: String): String
}

/**
 * What came of one exchange with the back end.
 *
 * @property done What was told; nothing where the back end was not asked, or could not be reached the first time.
 * @property waitMillis How long to wait before the next attempt; zero where it was reached.
 * @property failure Why it could not be reached.
 */
public class SyncResult(public val done: SyncDone?, public val waitMillis: Long, public val failure: Throwable?)

/**
 * A customer's device: intents that wait for the back end, what is handed in to cases, and copies of the customer's accounts and cases.
 *
 * Nothing is booked here. A command becomes an intent that is kept on the device, sent, sent again, and resolved with the
 * customer's reason. Between two calls no file is open and no lock is held, so that the system may suspend the app at any moment.
 * A directory is one customer's at one back end, and one handle's at a time.
 *
 * ```
 * val device = Device.open(directory, backEnd = { request -> post("https://example.com/sync", request) })
 * device.follow("c42:ZAR")
 * val rent = device.intents.post(key = "rent-1", from = "c42:ZAR", to = "c77:ZAR", amount = zar("250.00"))
 * device.sync()
 * println(rent.resolved().outcome?.reason)
 * ```
 */
public class Device private constructor(private val native: NativeDevice, private val backEnd: BackEnd) : AutoCloseable {
    /** What the customer asks for. */
    public val intents: Intents = Intents(this)

    private val exchange = Mutex()
    // What is sent while no one waits is kept.
    private val wake = Channel<Unit>(Channel.CONFLATED)

    // Who watches reads again when something changed: one who is slow holds up nobody, and never misses what stands in the end.
    private val version = MutableStateFlow(0L)

    internal suspend fun ask(request: JsonObject): String = withContext(Dispatchers.IO) { border { native.call(request.toString()) } }

    /** Keeps a copy of an account from the next sync on. */
    public suspend fun follow(account: String) {
        ask(request("follow", "account" to account))
        wake.trySend(Unit)
    }

    /** Forgets an account and its copy. */
    public suspend fun unfollow(account: String) {
        ask(request("unfollow", "account" to account))
        changed()
    }

    /** The accounts that are followed, as the device knows them. */
    public suspend fun accounts(): List<DeviceAccount> = Told.several(ask(request("followed_accounts")), DeviceAccount::read)

    /** An account as the device knows it; nothing if it is not followed. */
    public suspend fun account(name: String): DeviceAccount? =
        Told.one(ask(request("followed_account", "account" to name)), DeviceAccount::read)

    /** An account as the device knows it, now and whenever the back end tells it anew. */
    public fun accountUpdates(name: String): Flow<DeviceAccount> = seen({ false }) { account(name) }

    /** The open holds of an account as the device knows them; nothing if it is not followed. */
    public suspend fun holds(account: String): DeviceHolds? =
        Told.one(ask(request("followed_holds", "account" to account)), DeviceHolds::read)

    /**
     * A statement as far as the device knows it, over a span of RFC 3339 instants or dates; nothing before the back end has told
     * the account.
     */
    public suspend fun statement(account: String, from: String? = null, to: String? = null): DeviceStatement? =
        Told.one(ask(request("followed_statement", "account" to account, "from" to from, "to" to to)), DeviceStatement::read)

    /**
     * Sends what waits and takes what is new, until there is no more. It throws nothing where the back end cannot be reached: that
     * is told, and what waits stays. While a pause after a failure lasts nothing is sent, unless [now] says so.
     */
    public suspend fun sync(now: Boolean = false): SyncResult = exchange.withLock {
        if (now) ask(request("hurry_sync"))
        var all: SyncDone? = null
        do {
            val start = Json.parseToJsonElement(ask(request("begin_sync"))).jsonObject
            val asked = start["request"].takeIf { it !is JsonNull }
                ?: return SyncResult(all, start.getValue("wait_ms").jsonPrimitive.long, null)
            // What was queued is sent now.
            changed()
            val done = try {
                val reply = backEnd.sync(asked.toString())
                Told.one(ask(request("end_sync", "reply" to reply)), SyncDone::read)!!
            } catch (failure: Exception) {
                // A timeout of the back end's is told as a cancellation too: only this coroutine's own ends it.
                currentCoroutineContext().ensureActive()
                val wait = Json.parseToJsonElement(ask(request("fail_sync", "random" to Random.nextULong())))
                return SyncResult(all, wait.jsonObject.getValue("wait_ms").jsonPrimitive.long, failure)
            }
            changed()
            all = SyncDone(
                intents = all?.intents.orEmpty() + done.intents,
                accounts = (all?.accounts.orEmpty() + done.accounts).distinct(),
                refused = done.refused,
                handIns = all?.handIns.orEmpty() + done.handIns,
                cases = (all?.cases.orEmpty() + done.cases).distinct(),
                refusedCases = done.refusedCases,
                more = false,
            )
        } while (done.more)
        SyncResult(all, 0, null)
    }

    /**
     * Keeps in sync for as long as it is collected: at once when an intent is given, and else every [pauseMillis]; after a failure
     * with growing pauses.
     */
    public fun syncs(pauseMillis: Long = 30_000): Flow<SyncResult> = flow {
        while (true) {
            val told = sync()
            emit(told)
            val pause = if (told.waitMillis > 0) told.waitMillis else pauseMillis
            if (told.failure != null) delay(pause) else withTimeoutOrNull(pause) { wake.receive() }
        }
    }

    /** What a case of the customer's asks for: its copy is kept from the next sync on. */
    public suspend fun collection(case: String): CaseCollection {
        ask(request("follow_case", "case" to case))
        wake.trySend(Unit)
        return CaseCollection(this, case)
    }

    /** Forgets the copy of a case. What was handed in to it is sent all the same. */
    public suspend fun uncollect(case: String) {
        ask(request("unfollow_case", "case" to case))
        changed()
    }

    /** The cases whose copies are kept, as the device knows them. */
    public suspend fun cases(): List<DeviceCase> = Told.several(ask(request("followed_cases")), DeviceCase::read)

    internal suspend fun handIn(request: JsonObject): PendingHandIn {
        val told = HandInView.read(one(request))
        changed()
        wake.trySend(Unit)
        return PendingHandIn(this, told.key)
    }

    internal fun <T : Any> seen(isLast: (T) -> Boolean, ask: suspend () -> T?): Flow<T> =
        version.map { ask() }.distinctUntilChanged().transformWhile { told ->
            if (told != null) emit(told)
            told != null && !isLast(told)
        }

    internal suspend fun intend(command: Command): PendingIntent {
        val told = IntentView.read(one(request("intend", "command" to command.json)))
        changed()
        wake.trySend(Unit)
        return PendingIntent(this, told.key)
    }

    internal suspend fun one(request: JsonObject): Told = requireNotNull(Told.one(ask(request)) { it })

    internal fun changed() = version.update { it + 1 }

    internal fun updates(key: String): Flow<IntentView> = seen({ !it.isOpen }) { intents.get(key) }

    /** Closes the handle when the calls that are under way have ended. Closing again does nothing. */
    override fun close(): Unit = border { native.shut() }

    public companion object {
        /** Opens what a device keeps in a directory, which is made if it is not there; `memory:` keeps nothing. */
        public suspend fun open(directory: String, backEnd: BackEnd): Device =
            withContext(Dispatchers.IO) { border { Device(NativeDevice.open(directory), backEnd) } }
    }
}

/** Whether an intent still has to be sent or answered. */
public val IntentView.isOpen: Boolean get() = state == IntentState.QUEUED || state == IntentState.SENT

/** What the customer asks for. Each has a key: given again with the same key it is the same intent. */
public class Intents internal constructor(private val of: Device) {
    /** Money to move to a payee. */
    public suspend fun post(key: String, from: String, to: String, amount: Money, description: String = ""): PendingIntent =
        of.intend(Command.post(key, from, to, amount, Extra(description)))

    /** Money to hold, until the back end captures it or it is released. */
    public suspend fun hold(key: String, from: String, amount: Money, to: String? = null, timeout: UInt = 0u, description: String = ""): PendingIntent =
        of.intend(Command.hold(key, from, amount, to, timeout, Extra(description)))

    /** A hold to give back that was placed from a device: its key. */
    public suspend fun release(key: String, hold: String): PendingIntent = of.intend(Command.release(key, hold))

    /** An intent by its key. */
    public suspend fun get(key: String): IntentView? = Told.one(of.ask(request("get_intent", "key" to key)), IntentView::read)

    /** The intents in the order in which they were given; only those that are not resolved, if [open]. */
    public suspend fun list(open: Boolean = false): List<IntentView> =
        Told.several(of.ask(request("list_intents", "open" to open.takeIf { it })), IntentView::read)

    /** Takes an intent back that was never sent. */
    public suspend fun cancel(key: String): IntentView {
        val told = IntentView.read(of.one(request("cancel_intent", "key" to key)))
        of.changed()
        return told
    }

    /** Forgets the intents and what was handed in that were resolved before an instant, and gives their keys. */
    public suspend fun prune(before: Instant): List<String> {
        val told = Json.parseToJsonElement(of.ask(request("prune_intents", "before" to before)))
        of.changed()
        return told.jsonArray.map { it.jsonPrimitive.content }
    }
}

/**
 * An intent that was given.
 *
 * @property key Its key.
 */
public class PendingIntent internal constructor(private val of: Device, public val key: String) {
    /** How far it has come, now and at each change, until it is resolved. */
    public val updates: Flow<IntentView> get() = of.updates(key)

    /** Waits until it is resolved; an [InvalidException] if it was forgotten. */
    public suspend fun resolved(): IntentView = updates.firstOrNull { !it.isOpen }
        ?: throw exception("invalid", "key: there is no intent `$key`: it was forgotten", "key")

    /** How far it has come. */
    public suspend fun now(): IntentView? = of.intents.get(key)

    /** Takes it back, if it was never sent. */
    public suspend fun cancel(): IntentView = of.intents.cancel(key)
}
