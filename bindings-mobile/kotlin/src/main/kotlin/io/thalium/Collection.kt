package io.thalium

import java.io.File
import java.security.MessageDigest
import java.time.Instant
import java.util.UUID
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.firstOrNull
import kotlinx.coroutines.withContext
import kotlinx.serialization.json.JsonElement

/**
 * What a case of the customer's asks for, and what is handed in to it: documents, and answers to forms.
 *
 * Each is kept on the device, checked by what the back end told of the case last, sent, sent again, and resolved. The bytes of a document go to
 * where the back end takes them, by the app: here their SHA-256 is taken, and nothing else of them.
 *
 * ```
 * val collection = device.collection("case-7")
 * device.sync()
 * for (asked in collection.documents()) if (asked.wanted) println("${asked.document}, ${asked.attemptsLeft} left")
 * val passport = collection.submit("passport", File("passport.jpg"), file = uploaded, zone = lines)
 * passport.updates.collect { println(it.state) }
 * ```
 *
 * @property case The key of the case.
 */
public class CaseCollection internal constructor(private val of: Device, public val case: String) {
    /** The case as the device knows it; nothing if its copy is not kept any more. */
    public suspend fun now(): DeviceCase? = Told.one(of.ask(request("followed_case", "case" to case)), DeviceCase::read)

    /** The case as the device knows it, now and whenever something changed. */
    public val updates: Flow<DeviceCase> get() = of.seen({ false }) { now() }

    /** The documents of the case and how each stands; none before the back end has told. */
    public suspend fun documents(): List<AskedDocument> = now()?.told?.documents.orEmpty()

    /** The forms that the case waits for; none before the back end has told. */
    public suspend fun forms(): List<AskedForm> = now()?.told?.forms.orEmpty()

    /**
     * Keeps a document until the back end has answered. It throws [InvalidException] with the field at fault for what the case does not ask for. A
     * document that waits already is not handed in twice.
     *
     * @param document Which, by its name in the case.
     * @param from The file: its SHA-256 is taken.
     * @param file Where the back end keeps it.
     * @param validUntil When it is not valid any more; by default the end of the last day that its zone tells.
     * @param zone Its machine-readable zone, as a camera read it. What of it names the document or its holder is not sent.
     * @param key Its key: given again with the same key it is the same. By default one is made.
     */
    public suspend fun submit(
        document: String,
        from: File,
        file: String? = null,
        validUntil: Instant? = null,
        zone: String? = null,
        key: String = newKey(),
    ): PendingHandIn = of.handIn(paper("hand_in_document", key, document, null, from, null, file, validUntil, zone))

    /**
     * Keeps a document whose bytes are in memory, as the other does.
     *
     * @param document Which, by its name in the case.
     * @param bytes Its bytes.
     * @param name What it is called on the device. It is not sent.
     * @param file Where the back end keeps it.
     * @param validUntil When it is not valid any more.
     * @param zone Its machine-readable zone.
     * @param key Its key.
     */
    public suspend fun submit(
        document: String,
        bytes: ByteArray,
        name: String? = null,
        file: String? = null,
        validUntil: Instant? = null,
        zone: String? = null,
        key: String = newKey(),
    ): PendingHandIn = of.handIn(paper("hand_in_document", key, document, digest(bytes), null, name, file, validUntil, zone))

    /**
     * What would be noticed of a document, such as a zone that was misread. Nothing is kept.
     *
     * @param document Which, by its name in the case.
     * @param from The file.
     * @param validUntil When it is not valid any more.
     * @param zone Its machine-readable zone.
     */
    public suspend fun check(document: String, from: File, validUntil: Instant? = null, zone: String? = null): DocumentCheck =
        DocumentCheck.read(of.one(paper("check_document", newKey(), document, null, from, null, null, validUntil, zone)))

    /** What would be noticed of a document whose bytes are in memory. Nothing is kept. */
    public suspend fun check(document: String, bytes: ByteArray, validUntil: Instant? = null, zone: String? = null): DocumentCheck =
        DocumentCheck.read(of.one(paper("check_document", newKey(), document, digest(bytes), null, null, null, validUntil, zone)))

    /**
     * Keeps the answers to a form until the back end has answered.
     *
     * @param form Which, by its name in the case.
     * @param answers Variables with their values: text, exact numbers, booleans, lists and maps of them.
     * @param key Its key: given again with the same key it is the same. By default one is made.
     */
    public suspend fun answer(form: String, answers: Map<String, Any?>, key: String = newKey()): PendingHandIn {
        val told: JsonElement? = Input.json(answers, "answers")
        return of.handIn(request("answer_form", "key" to key, "case" to case, "form" to form, "answers" to told))
    }

    /** What was handed in to the case, in the order in which it was given; only what is not resolved, if [open]. */
    public suspend fun handIns(open: Boolean = false): List<HandInView> =
        Told.several(of.ask(request("list_hand_ins", "case" to case, "open" to open.takeIf { it })), HandInView::read)

    /** Something that was handed in before, to wait for: nothing if there is none. */
    public suspend fun pending(key: String): PendingHandIn? = PendingHandIn(of, key).takeIf { it.now() != null }

    private suspend fun digest(bytes: ByteArray): String {
        if (bytes.isEmpty()) throw exception("invalid", "bytes: is empty", "bytes")
        if (bytes.size > MOST) throw exception("invalid", "bytes: has more than ${MOST shr 20} MiB", "bytes")
        return withContext(Dispatchers.Default) { MessageDigest.getInstance("SHA-256").digest(bytes).joinToString("") { "%02x".format(it) } }
    }

    private fun paper(
        op: String,
        key: String,
        document: String,
        hash: String?,
        from: File?,
        name: String?,
        file: String?,
        validUntil: Instant?,
        zone: String?,
    ) = request(
        op, "key" to key, "case" to case, "document" to document, "hash" to hash, "path" to from?.path, "name" to name, "file" to file,
        "valid_until" to validUntil, "zone" to zone,
    )

    private fun newKey(): String = UUID.randomUUID().toString()

    private companion object {
        // As much as of a file.
        const val MOST = 256 shl 20
    }
}

/** Whether it still has to be sent or answered. */
public val HandInView.isOpen: Boolean get() = state == IntentState.QUEUED || state == IntentState.SENT

/**
 * Something that was handed in.
 *
 * @property key Its key.
 */
public class PendingHandIn internal constructor(private val of: Device, public val key: String) {
    /** How far it has come, now and at each change, until it is resolved. */
    public val updates: Flow<HandInView> get() = of.seen({ !it.isOpen }) { now() }

    /** Waits until it is resolved; an [InvalidException] if it was forgotten. */
    public suspend fun resolved(): HandInView = updates.firstOrNull { !it.isOpen }
        ?: throw exception("invalid", "key: nothing was handed in as `$key`: it was forgotten", "key")

    /** How far it has come; nothing if it was forgotten. */
    public suspend fun now(): HandInView? = Told.one(of.ask(request("get_hand_in", "key" to key)), HandInView::read)

    /** Takes it back, if it was never sent. */
    public suspend fun cancel(): HandInView {
        val told = HandInView.read(of.one(request("cancel_hand_in", "key" to key)))
        of.changed()
        return told
    }
}

/**
 * What of cases is a customer's, and what they may be told of it, as their back end says. What is not named is not told.
 *
 * @property parties The parties that the customer is, by key or id: cases about them are theirs.
 * @property documents Documents that the customer may hand in though nobody has asked for them in the case yet.
 * @property forms The forms that the customer may fill in: by the event that the chart hears, the variables that it carries.
 * @property states The states of charts that the customer may be told of.
 * @property reasons The reason codes of documents that the customer may be told.
 */
public class CustomerCases(
    public val parties: List<String>,
    public val documents: List<String> = emptyList(),
    public val forms: Map<String, List<String>> = emptyMap(),
    public val states: List<String> = emptyList(),
    public val reasons: List<String> = emptyList(),
) {
    internal fun json(): JsonElement? = Input.json(
        mapOf("parties" to parties, "documents" to documents, "forms" to forms, "states" to states, "reasons" to reasons), "cases",
    )
}
