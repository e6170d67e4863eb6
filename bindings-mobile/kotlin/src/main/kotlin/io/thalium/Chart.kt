package io.thalium

import io.thalium.native.NativeChart
import java.time.Instant
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import kotlinx.serialization.json.JsonObject

/** How JSON Logic takes values of other kinds. */
public enum class ChartDialect(
    /** Its name in requests. */
    public val wire: String,
) {
    /** It refuses them. */
    STRICT("strict"),

    /** As JavaScript does. */
    JAVASCRIPT("javascript"),
}

/** What a picture of a chart is made of. */
public enum class DrawFormat(
    /** Its name in requests. */
    public val wire: String,
) {
    /** SVG. */
    SVG("svg"),

    /** Mermaid's text of a state diagram. */
    MERMAID("mermaid"),
}

/** In which form a chart is written. */
public enum class ChartFormat(
    /** Its name in requests. */
    public val wire: String,
) {
    /** The format of this library, as JSON: the same chart is the same bytes, and reads back the same. */
    JSON("json"),

    /** SCXML. */
    SCXML("scxml"),
}

/**
 * A chart that cases run on: their states, what leads from one to the next, what is done on the way, and what waits for how long.
 *
 * It is loaded once, and holds no file open: there is nothing to close. Any coroutine may ask it, many at once. It keeps no session: what a
 * step answers is stored by the caller, by its text [Held.held], and given back with the next event.
 *
 * ```
 * val chart = Chart.open("individual-l1.yaml")
 * val begun = chart.start("case-1", mapOf("applicant" to mapOf("id" to "c42")))
 * store(begun.held)                                    // and then do what begun.effects ask for
 * val next = chart.step(begun, "document.received", mapOf("kind" to "passport"))
 * ```
 *
 * Data is the text of JSON, a `JsonElement`, or what is JSON in Kotlin's own types: a `Map` whose keys are text, a `List`, text, a `Boolean`,
 * null, and of numbers those that are exact, such as `Long`, `BigInteger` and `BigDecimal`; an `Instant` is written as its text. A `Double` is
 * refused, since it has lost digits before anyone sees it.
 *
 * An event that a session cannot take throws [RefusedException], whose code is `refused`: it has ended, a budget is used up, or its data would
 * not be as its schema has it. The session that was given stands as it was. One that nothing waits for is no error: nothing is done.
 */
public class Chart private constructor(private val native: NativeChart) {
    internal suspend fun ask(request: JsonObject): String = withContext(Dispatchers.IO) { border { native.call(request.toString()) } }

    private suspend fun <T> one(request: JsonObject, read: (Told) -> T): T = requireNotNull(Told.one(ask(request), read))

    private suspend fun stepped(op: String, vararg fields: Pair<String, Any?>): SessionStep = one(request(op, *fields), SessionStep::read)

    private fun timed(now: Instant?, trace: Boolean): Array<Pair<String, Any?>> = arrayOf("now" to now, "trace" to trace.takeIf { it })

    /** What was loaded. */
    public suspend fun describe(): ChartView = one(request("describe_chart"), ChartView::read)

    /**
     * What is probably wrong in it, by row, column and path.
     *
     * @param outside The events that can come from outside, such as `submitted` or `document.*`. Left out, any can; given, a transition for an
     * event that nothing makes is a finding.
     */
    public suspend fun lint(outside: List<String>? = null): List<ChartFinding> =
        Told.several(ask(request("lint_chart", "outside" to outside)), ChartFinding::read)

    /**
     * A picture of it, as text.
     *
     * @param format What it is made of.
     * @param session A session whose active states are brought out, if any.
     */
    public suspend fun draw(format: DrawFormat = DrawFormat.SVG, session: Held? = null): String = drawn(format, session?.held)

    /** A picture of it in which the active states of a stored session are brought out. */
    public suspend fun draw(format: DrawFormat = DrawFormat.SVG, session: String): String = drawn(format, session)

    private suspend fun drawn(format: DrawFormat, session: String?): String =
        one(request("draw_chart", "format" to format.wire, "session" to session), ChartText::read).text

    /** Its text in a form, whatever it was written in. */
    public suspend fun write(format: ChartFormat = ChartFormat.JSON): String =
        one(request("write_chart", "format" to format.wire), ChartText::read).text

    /**
     * Begins a session.
     *
     * @param id Its id: the caller's own.
     * @param data What its variables begin with, by name; the others begin as the chart says.
     * @param now The instant; by default the clock's.
     * @param trace Whether it is told what happened.
     */
    public suspend fun start(id: String, data: Any? = null, now: Instant? = null, trace: Boolean = false): SessionStep =
        stepped("start_session", "id" to id, "data" to Input.json(data, "data"), *timed(now, trace))

    /**
     * Gives an event to a session. Timers that are due happen first.
     *
     * @param session What was answered last.
     * @param event The event's name.
     * @param data What it carries.
     * @param invokeId The id under which what tells it was invoked, if it was.
     * @param to The session below that is told, by its id; by default the session itself.
     * @param now The instant; by default the clock's.
     * @param trace Whether it is told what happened.
     */
    public suspend fun step(
        session: Held,
        event: String,
        data: Any? = null,
        invokeId: String? = null,
        to: String? = null,
        now: Instant? = null,
        trace: Boolean = false,
    ): SessionStep = step(session.held, event, data, invokeId, to, now, trace)

    /**
     * Gives an event to a session that was stored. Timers that are due happen first.
     *
     * @param session Its text, [Held.held].
     * @param event The event's name.
     * @param data What it carries.
     * @param invokeId The id under which what tells it was invoked, if it was.
     * @param to The session below that is told, by its id; by default the session itself.
     * @param now The instant; by default the clock's.
     * @param trace Whether it is told what happened.
     */
    public suspend fun step(
        session: String,
        event: String,
        data: Any? = null,
        invokeId: String? = null,
        to: String? = null,
        now: Instant? = null,
        trace: Boolean = false,
    ): SessionStep = stepped(
        "step_session", "session" to session, "event" to event, "data" to Input.json(data, "data"), "invoke_id" to invokeId, "to" to to,
        *timed(now, trace),
    )

    /**
     * Lets time pass for a session: its timers that are due happen.
     *
     * @param session What was answered last.
     * @param now The instant; by default the clock's.
     * @param trace Whether it is told what happened.
     */
    public suspend fun advance(session: Held, now: Instant? = null, trace: Boolean = false): SessionStep = advance(session.held, now, trace)

    /** Lets time pass for a session that was stored. */
    public suspend fun advance(session: String, now: Instant? = null, trace: Boolean = false): SessionStep =
        stepped("advance_session", "session" to session, *timed(now, trace))

    /**
     * Goes on with a session that rested, its timers as their `restore` says.
     *
     * @param session What was answered last.
     * @param suspendedAt Since when it rested.
     * @param now The instant; by default the clock's.
     * @param trace Whether it is told what happened.
     */
    public suspend fun resume(session: Held, suspendedAt: Instant, now: Instant? = null, trace: Boolean = false): SessionStep =
        resume(session.held, suspendedAt, now, trace)

    /** Goes on with a session that rested and was stored. */
    public suspend fun resume(session: String, suspendedAt: Instant, now: Instant? = null, trace: Boolean = false): SessionStep =
        stepped("resume_session", "session" to session, "suspended_at" to suspendedAt, *timed(now, trace))

    /**
     * Ends a session from outside: its states are left.
     *
     * @param session What was answered last.
     * @param now The instant; by default the clock's.
     * @param trace Whether it is told what happened.
     */
    public suspend fun cancel(session: Held, now: Instant? = null, trace: Boolean = false): SessionStep = cancel(session.held, now, trace)

    /** Ends a session that was stored from outside. */
    public suspend fun cancel(session: String, now: Instant? = null, trace: Boolean = false): SessionStep =
        stepped("cancel_session", "session" to session, *timed(now, trace))

    /** What a stored session is. It throws `invalid` for a session of another version of the chart. */
    public suspend fun session(session: String): HeldSession =
        HeldSession.of(one(request("describe_session", "session" to session), ChartSession::read))

    public companion object {
        /**
         * Opens the chart in a file of JSON, YAML or SCXML. One that is refused throws [ChartException], with all that is wrong.
         *
         * @param path The file.
         * @param charts The texts of charts that it invokes by their ids.
         * @param policy The policy that its guards ask (`{"rego": PATH}`).
         * @param dialect How JSON Logic takes values of other kinds.
         */
        public suspend fun open(
            path: String,
            charts: List<String> = emptyList(),
            policy: PolicyBundle? = null,
            dialect: ChartDialect = ChartDialect.STRICT,
        ): Chart = opened("path" to path, charts, policy, dialect)

        /**
         * Opens a chart from its text: JSON, YAML or SCXML. One that is refused throws [ChartException], with all that is wrong.
         *
         * @param text The text.
         * @param charts The texts of charts that it invokes by their ids.
         * @param policy The policy that its guards ask (`{"rego": PATH}`).
         * @param dialect How JSON Logic takes values of other kinds.
         */
        public suspend fun of(
            text: String,
            charts: List<String> = emptyList(),
            policy: PolicyBundle? = null,
            dialect: ChartDialect = ChartDialect.STRICT,
        ): Chart = opened("text" to text, charts, policy, dialect)

        private suspend fun opened(what: Pair<String, String>, charts: List<String>, policy: PolicyBundle?, dialect: ChartDialect): Chart =
            openText(JsonObject(json(mapOf(what, "charts" to charts, "policy" to policy?.json, "dialect" to dialect.wire))).toString())

        internal suspend fun openText(request: String): Chart =
            withContext(Dispatchers.IO) { border { Chart(NativeChart.open(request)) } }
    }
}
