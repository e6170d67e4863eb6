/// Where the key of an encrypted ledger is.
///
/// It does not print what it holds.
public enum KeySource: Sendable, Hashable {
    /// A file that holds the key's text.
    case keyFile(String)
    /// The key's text.
    case key(String)
    /// A passphrase.
    case passphrase(String)

    var fields: [String: Json?] {
        switch self {
        case .keyFile(let path): ["key_file": .text(path)]
        case .key(let text): ["key": .text(text)]
        case .passphrase(let text): ["passphrase": .text(text)]
        }
    }

    var json: Json { .object(fields.compactMapValues { $0 }) }
}

extension KeySource: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Where the key is, without the key.
    public var description: String {
        switch self {
        case .keyFile(let path): "keyFile(\(path))"
        case .key: "key(…)"
        case .passphrase: "passphrase(…)"
        }
    }

    /// As ``description``.
    public var debugDescription: String { description }

    /// Nothing of the key.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// How a ledger is opened.
public struct OpenOptions: Sendable, Hashable {
    /// To read it beside a live writer, in any process.
    public var readOnly: Bool
    /// To read it as it was when its log had so many events.
    public var at: Int64?
    /// Milliseconds to wait for another writer to end, and take over from it.
    public var waitMilliseconds: Int64
    /// Whether it is made if it is not there.
    public var create: Bool
    /// The tenant of a ledger that is made.
    public var tenant: String?
    /// Who asks, unless a request says otherwise; written into the log. Put no personal data there.
    public var actor: String
    /// In which role.
    public var role: String
    /// From where.
    public var origin: String
    /// MiB of the newest history in memory; some twice as much is in memory at a time.
    public var memoryMiB: UInt32?
    /// Days that a request may be dated ahead of the log's newest instant.
    public var maxClockJumpDays: UInt32?
    /// The key of an encrypted ledger. One that is made is encrypted if a key is given. Personal data needs one.
    public var keys: KeySource?
    /// For tests in `memory:`: 64 hexadecimal digits from which the keys of people come, the same everywhere.
    public var insecureSeed: String?

    /// Makes options; nothing of them is needed.
    public init(
        readOnly: Bool = false,
        at: Int64? = nil,
        waitMilliseconds: Int64 = 0,
        create: Bool = true,
        tenant: String? = nil,
        actor: String = "",
        role: String = "",
        origin: String = "swift",
        memoryMiB: UInt32? = nil,
        maxClockJumpDays: UInt32? = nil,
        keys: KeySource? = nil,
        insecureSeed: String? = nil
    ) {
        self.readOnly = readOnly
        self.at = at
        self.waitMilliseconds = waitMilliseconds
        self.create = create
        self.tenant = tenant
        self.actor = actor
        self.role = role
        self.origin = origin
        self.memoryMiB = memoryMiB
        self.maxClockJumpDays = maxClockJumpDays
        self.keys = keys
        self.insecureSeed = insecureSeed
    }

    var json: Json {
        let fields: [String: Json?] = [
            "read_only": .of(readOnly), "at": .of(at), "wait_ms": .of(waitMilliseconds), "create": .of(create), "tenant": .of(tenant),
            "context": .object(["actor": .text(actor), "role": .text(role), "origin": .text(origin)]), "memory_mib": .of(memoryMiB),
            "max_clock_jump_days": .of(maxClockJumpDays), "keys": keys?.json, "insecure_seed": .of(insecureSeed),
        ]
        return .object(fields.compactMapValues { $0 })
    }
}

/// Who asks for a request, and when.
public struct Context: Sendable, Hashable {
    /// The instant; by default the clock's.
    public var now: Timestamp?
    /// Who asks.
    public var actor: String?
    /// In which role.
    public var role: String?
    /// The caller's id of the request, for tracing.
    public var requestId: String?
    /// Where it came from.
    public var origin: String?

    /// Makes a context; nothing of it is needed.
    public init(now: Timestamp? = nil, actor: String? = nil, role: String? = nil, requestId: String? = nil, origin: String? = nil) {
        self.now = now
        self.actor = actor
        self.role = role
        self.requestId = requestId
        self.origin = origin
    }

    var fields: [String: Json?] {
        ["now": .of(now), "actor": .of(actor), "role": .of(role), "request_id": .of(requestId), "origin": .of(origin)]
    }
}
