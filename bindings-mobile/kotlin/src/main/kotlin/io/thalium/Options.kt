package io.thalium

import java.time.Instant
import kotlinx.serialization.json.JsonObject

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
