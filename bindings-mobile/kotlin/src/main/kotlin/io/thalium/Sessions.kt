package io.thalium

import java.time.Instant
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject

/** What a [Chart] takes up a session by: what was answered last. The text [held] of it is what is stored, and serves as well. */
public sealed interface Held {
    /** The session as text, to be stored and given back with the next event. It names the version of its chart. */
    public val held: String
}

/**
 * What a session is.
 *
 * @property held The session as text, to be stored and given back with the next event. It names the version of its chart.
 * @property id Its id.
 * @property done Whether it has come to an end.
 * @property states The active states without children, in document order.
 * @property configuration All active states, in document order.
 * @property data Its variables. Numbers stand as they are written: `it.jsonPrimitive.content.toBigDecimal()` is exact, and
 * `it.jsonPrimitive.double` is not.
 * @property pending What waits for its time, in the order in which it is due.
 */
public data class HeldSession(
    override val held: String,
    public val id: String,
    public val done: Boolean,
    public val states: List<String>,
    public val configuration: List<String>,
    public val data: JsonObject,
    public val pending: List<SessionTimer>,
) : Held {
    internal companion object {
        fun of(told: ChartSession): HeldSession = HeldSession(
            told.session, told.id, told.done, told.states, told.configuration, Json.parseToJsonElement(told.data).jsonObject,
            told.pending.map(SessionTimer::of),
        )
    }
}

/**
 * A timer or a delayed event that waits.
 *
 * @property session The id of the session that it belongs to.
 * @property due When it is due: [Chart.advance] from then on has it happen.
 * @property event The event.
 * @property restore What becomes of it when its session rests.
 */
public data class SessionTimer(
    public val session: String,
    public val due: Instant,
    public val event: String,
    public val restore: TimerRestore,
) {
    internal companion object {
        fun of(told: ChartPending): SessionTimer =
            SessionTimer(told.session, Instant.parse(told.due), told.event, TimerRestore.entries.first { it.wire == told.restore })
    }
}

/** What becomes of a timer when its session rests; see [Chart.resume]. */
public enum class TimerRestore(
    /** Its name in charts and answers. */
    public val wire: String,
) {
    /** It is due when it was. */
    DEADLINE("deadline"),

    /** It is due after the time that was left. */
    REMAINING("remaining"),

    /** It begins anew. */
    RESTART("restart"),
}

/**
 * What came of a step.
 *
 * @property at What the session is now.
 * @property heard Whether the event was heard: a transition was taken for it, or what was invoked was told.
 * @property effects What is to be done, in order, once the session is stored.
 * @property faults What went wrong in expressions, with the path where: a guard that fails does not hold, an action that fails ends its block.
 * @property trace What happened, where that was asked for.
 */
public data class SessionStep(
    public val at: HeldSession,
    public val heard: Boolean,
    public val effects: List<SessionEffect>,
    public val faults: List<String>,
    public val trace: List<ChartMicrostep>,
) : Held {
    override val held: String get() = at.held

    /** Whether the session has come to an end. */
    public val done: Boolean get() = at.done

    /** The active states without children, in document order. */
    public val states: List<String> get() = at.states

    /** The session's variables, with exact numbers. */
    public val data: JsonObject get() = at.data

    /** What waits for its time, in the order in which it is due. */
    public val pending: List<SessionTimer> get() = at.pending

    internal companion object {
        fun read(told: Told): SessionStep =
            ChartStep.read(told).run {
                SessionStep(HeldSession.of(at), heard, effects.map(SessionEffect::of), faults, trace)
            }
    }
}

/** What a chart asks for; see [SessionEffect]. */
public enum class EffectKind(
    /** Its name in answers. */
    public val wire: String,
) {
    /** Send a message. */
    SEND("send"),

    /** Begin a service. */
    INVOKE("invoke"),

    /** End a service. */
    CANCEL_INVOKE("cancel_invoke"),

    /** Give an event to a service. */
    FORWARD("forward"),

    /** Take a line down. */
    LOG("log"),

    /** The session has come to its end. */
    DONE("done"),
}

/**
 * Something that a chart asks for.
 *
 * @property kind What.
 * @property session The id of the session that asks for it.
 * @property id The id of the message or service.
 * @property target Where the message goes.
 * @property type What kind of processor or service it is for.
 * @property name The event's name, or what a line of the log is about.
 * @property src Where the service is to be found.
 * @property data What is carried; nothing where nothing is, which JSON's null is not. Numbers stand as they are written.
 */
public data class SessionEffect(
    public val kind: EffectKind,
    public val session: String,
    public val id: String?,
    public val target: String?,
    public val type: String?,
    public val name: String?,
    public val src: String?,
    public val data: JsonElement?,
) {
    internal companion object {
        fun of(told: ChartEffect): SessionEffect = SessionEffect(
            EffectKind.entries.first { it.wire == told.kind }, told.session, told.id, told.target, told.type, told.name, told.src,
            told.data?.let(Json::parseToJsonElement),
        )
    }
}
