/// What a ``Chart`` takes up a session by: what was answered last, or the text of it that was stored.
public protocol Held: Sendable {
    /// The session as text, to be stored and given back with the next event. It names the version of its chart.
    var held: String { get }
}

extension String: Held {
    /// The text itself.
    public var held: String { self }
}

/// What a session is.
public struct HeldSession: Held, Hashable {
    /// The session as text, to be stored and given back with the next event. It names the version of its chart.
    public let held: String
    /// Its id.
    public let id: String
    /// Whether it has come to an end.
    public let done: Bool
    /// The active states without children, in document order.
    public let states: [String]
    /// All active states, in document order.
    public let configuration: [String]
    /// Its variables, an object. Numbers stand as they are written; ``Json/decimal()`` and ``Json/integer`` give what Swift holds to the
    /// last digit.
    public let data: Json
    /// What waits for its time, in the order in which it is due.
    public let pending: [SessionTimer]

    init(_ told: Told) throws {
        try self.init(of: ChartSession(told))
    }

    init(of told: ChartSession) throws {
        held = told.session
        id = told.id
        done = told.done
        states = told.states
        configuration = told.configuration
        data = try Json(reading: told.data)
        pending = try told.pending.map(SessionTimer.init)
    }
}

/// A timer or a delayed event that waits.
public struct SessionTimer: Sendable, Hashable {
    /// The id of the session that it belongs to.
    public let session: String
    /// When it is due: ``Chart/advance(_:now:trace:)`` from then on has it happen.
    public let due: Timestamp
    /// The event.
    public let event: String
    /// What becomes of it when its session rests.
    public let restore: TimerRestore

    init(_ told: ChartPending) throws {
        session = told.session
        due = try Timestamp(told.due)
        event = told.event
        restore = try known(told.restore, "restore")
    }
}

/// What becomes of a timer when its session rests; see ``Chart/resume(_:suspendedAt:now:trace:)``.
public enum TimerRestore: String, Sendable {
    /// It is due when it was.
    case deadline
    /// It is due after the time that was left.
    case remaining
    /// It begins anew.
    case restart
}

/// What came of a step.
public struct SessionStep: Held, Hashable {
    /// What the session is now.
    public let at: HeldSession
    /// Whether the event was heard: a transition was taken for it, or what was invoked was told.
    public let heard: Bool
    /// What is to be done, in order, once the session is stored.
    public let effects: [SessionEffect]
    /// What went wrong in expressions, with the path where: a guard that fails does not hold, an action that fails ends its block.
    public let faults: [String]
    /// What happened, where that was asked for.
    public let trace: [ChartMicrostep]

    init(_ told: Told) throws {
        let step = try ChartStep(told)
        at = try HeldSession(of: step.at)
        heard = step.heard
        effects = try step.effects.map(SessionEffect.init)
        faults = step.faults
        trace = step.trace
    }

    /// The session as text, to be stored and given back with the next event.
    public var held: String { at.held }

    /// Whether the session has come to an end.
    public var done: Bool { at.done }

    /// The active states without children, in document order.
    public var states: [String] { at.states }

    /// The session's variables, with exact numbers.
    public var data: Json { at.data }

    /// What waits for its time, in the order in which it is due.
    public var pending: [SessionTimer] { at.pending }
}

/// What a chart asks for; see ``SessionEffect``.
public enum EffectKind: String, Sendable {
    /// Send a message.
    case send
    /// Begin a service.
    case invoke
    /// End a service.
    case cancelInvoke = "cancel_invoke"
    /// Give an event to a service.
    case forward
    /// Take a line down.
    case log
    /// The session has come to its end.
    case done
}

/// Something that a chart asks for.
public struct SessionEffect: Sendable, Hashable {
    /// What.
    public let kind: EffectKind
    /// The id of the session that asks for it.
    public let session: String
    /// The id of the message or service.
    public let id: String?
    /// Where the message goes.
    public let target: String?
    /// What kind of processor or service it is for.
    public let type: String?
    /// The event's name, or what a line of the log is about.
    public let name: String?
    /// Where the service is to be found.
    public let src: String?
    /// What is carried; nothing where nothing is, which ``Json/null`` is not. Numbers stand as they are written.
    public let data: Json?

    init(_ told: ChartEffect) throws {
        kind = try known(told.kind, "kind")
        session = told.session
        id = told.id
        target = told.target
        type = told.type
        name = told.name
        src = told.src
        data = try told.data.map { try Json(reading: $0) }
    }
}

/// The value of a name that the library gave.
private func known<Name: RawRepresentable>(_ name: String, _ field: String) throws -> Name where Name.RawValue == String {
    guard let value = Name(rawValue: name) else {
        throw ThaliumError.fault("the library answered `\(name)` as `\(field)`: it and this package are of different versions", field)
    }
    return value
}
