package io.thalium

import io.thalium.native.nativeRun
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonPrimitive

/** What is done with the files of a ledger, without an open handle. */
public object Files {
    private suspend fun run(request: JsonObject): String = withContext(Dispatchers.IO) { border { nativeRun(request.toString()) } }

    internal suspend fun one(request: JsonObject): Told = requireNotNull(Told.one(run(request)) { it })

    internal suspend fun <T> several(request: JsonObject, read: (Told) -> T): List<T> = Told.several(run(request), read)

    /** Copies a ledger, or brings its copy up to date; the ledger may be written meanwhile. */
    public suspend fun backup(ledger: String, to: String, keys: KeySource? = null): BackupReport =
        BackupReport.read(one(request("backup", "ledger" to ledger, "to" to to, "keys" to keys?.json())))

    /**
     * Makes a ledger from a backup, and verifies it.
     *
     * @param until Nothing that was asked for after this instant.
     * @param untilSize No more than the first so many events.
     * @param newKeys Encrypted under another key.
     * @param decrypt Without encryption.
     */
    public suspend fun restore(
        backup: String,
        ledger: String,
        until: String? = null,
        untilSize: Long? = null,
        keys: KeySource? = null,
        newKeys: KeySource? = null,
        decrypt: Boolean = false,
    ): RestoreReport = RestoreReport.read(
        one(
            request(
                "restore", "backup" to backup, "ledger" to ledger, "until" to until, "until_size" to untilSize, "keys" to keys?.json(),
                "new_keys" to newKeys?.json(), "decrypt" to decrypt.takeIf { it },
            ),
        ),
    )

    /** Shows that a backup can be restored. */
    public suspend fun rehearse(backup: String, keys: KeySource? = null): RestoreReport =
        RestoreReport.read(one(request("rehearse", "ledger" to backup, "keys" to keys?.json())))

    /** Verifies a ledger that no one writes from its first byte. */
    public suspend fun verify(ledger: String, keys: KeySource? = null): VerifyReport =
        VerifyReport.read(one(request("verify", "ledger" to ledger, "keys" to keys?.json())))

    /** Looks at the files of a ledger: what was found, as JSON. */
    public suspend fun inspect(ledger: String, keys: KeySource? = null): String =
        run(request("inspect", "ledger" to ledger, "keys" to keys?.json()))

    /** Brings the files of a ledger to the newest version of their formats; with [check] only tells which are older. */
    public suspend fun upgrade(ledger: String, check: Boolean = false, keys: KeySource? = null): List<String> =
        Json.parseToJsonElement(run(request("upgrade", "ledger" to ledger, "check" to check, "keys" to keys?.json())))
            .jsonArray.map { it.jsonPrimitive.content }

    /** Makes a key for encrypted ledgers in a file that is not there yet, and gives its path. */
    public suspend fun newKey(file: String): String =
        Json.parseToJsonElement(run(request("new_key", "file" to file))).jsonPrimitive.content
}
