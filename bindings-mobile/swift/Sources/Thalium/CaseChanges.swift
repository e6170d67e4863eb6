// A refusal is a value that may be of no interest, as that of a command.
extension Cases {
    /// Opens a case.
    ///
    /// - Parameters:
    ///   - key: Its key: the caller's own. In the clear.
    ///   - kind: The kind that it is of.
    ///   - data: The variables that it begins with, by name.
    ///   - party: Whom it is about, by the party's key or id: the case is sealed with the party's own key.
    ///   - retention: The retention class that says how long a law has it kept; left out, it is held by consent.
    ///   - parent: The case that it is opened for, by its key.
    ///   - by: By whom, and when.
    @discardableResult
    public func open(
        _ key: String,
        kind: String,
        data: Json? = nil,
        party: String? = nil,
        retention: String? = nil,
        parent: String? = nil,
        by: By = By()
    ) async throws -> Case.Outcome {
        let fields: [String: Json?] = ["kind": .text(kind), "party": .of(party), "retention": .of(retention), "parent": .of(parent)]
        return try await changed(key, "open", by, fields, data: data)
    }

    /// Gives an event to the chart of a case.
    ///
    /// - Parameters:
    ///   - key: The case.
    ///   - event: The event's name.
    ///   - data: What it carries.
    ///   - session: The session below the case that it is for.
    ///   - invokeId: The service that tells it, by the id that it was invoked under.
    ///   - by: By whom, and when.
    @discardableResult
    public func send(
        _ key: String, _ event: String, data: Json? = nil, session: String? = nil, invokeId: String? = nil, by: By = By()
    ) async throws -> Case.Outcome {
        let fields: [String: Json?] = ["event": .text(event), "session": .of(session), "invoke_id": .of(invokeId)]
        return try await changed(key, "send", by, fields, data: data)
    }

    /// Lets time pass for a case: what is due happens.
    @discardableResult
    public func advance(_ key: String, by: By = By()) async throws -> Case.Outcome { try await changed(key, "advance", by) }

    /// Has somebody work on a case.
    @discardableResult
    public func assign(_ key: String, to person: String, by: By = By()) async throws -> Case.Outcome {
        try await changed(key, "assign", by, ["to": .text(person)])
    }

    /// Has who asks work on a case.
    @discardableResult
    public func claim(_ key: String, by: By = By()) async throws -> Case.Outcome { try await changed(key, "claim", by) }

    /// Has nobody work on a case any more.
    @discardableResult
    public func release(_ key: String, by: By = By()) async throws -> Case.Outcome { try await changed(key, "release", by) }

    /// Writes something down.
    @discardableResult
    public func note(_ key: String, _ text: String, by: By = By()) async throws -> Case.Outcome {
        try await changed(key, "note", by, ["text": .text(text)])
    }

    /// Has a case rest until an instant, for a reason.
    ///
    /// - Parameter pause: Whether its time rests, too: its timers are due as their `restore` says when it goes on, which it does when anything
    ///   but a note is done to it.
    @discardableResult
    public func snooze(_ key: String, until: Timestamp, why: String, pause: Bool = false, by: By = By()) async throws -> Case.Outcome {
        try await changed(key, "snooze", by, ["until": .of(until), "why": .text(why), "pause": .ifTrue(pause)])
    }

    /// Has a case rest no more.
    @discardableResult
    public func wake(_ key: String, by: By = By()) async throws -> Case.Outcome { try await changed(key, "wake", by) }

    /// Asks for a document.
    @discardableResult
    public func requestDocument(_ key: String, _ document: String, why: String? = nil, by: By = By()) async throws -> Case.Outcome {
        try await changed(key, "request_document", by, ["document": .text(document), "why": .of(why)])
    }

    /// Hands in a document.
    ///
    /// - Parameters:
    ///   - key: The case.
    ///   - document: Which.
    ///   - hash: The SHA-256 of its bytes, in hexadecimal.
    ///   - file: Where the host keeps it.
    ///   - validUntil: When it is not valid any more.
    ///   - data: What the chart is told with it.
    ///   - by: By whom, and when.
    @discardableResult
    public func submitDocument(
        _ key: String,
        _ document: String,
        hash: String,
        file: String? = nil,
        validUntil: Timestamp? = nil,
        data: Json? = nil,
        by: By = By()
    ) async throws -> Case.Outcome {
        let fields: [String: Json?] = [
            "document": .text(document), "hash": .text(hash), "file": .of(file), "valid_until": .of(validUntil),
        ]
        return try await changed(key, "submit_document", by, fields, data: data)
    }

    /// Says what somebody found who looked at a document.
    ///
    /// - Parameters:
    ///   - key: The case.
    ///   - document: Which.
    ///   - finding: What they found.
    ///   - seen: The SHA-256 of the document that they saw, in hexadecimal.
    ///   - reasons: The reason codes.
    ///   - validUntil: When it is not valid any more, if that is known only now.
    ///   - data: What the chart is told with it.
    ///   - by: By whom, and when.
    @discardableResult
    public func decideDocument(
        _ key: String,
        _ document: String,
        _ finding: DocumentFinding,
        seen: String,
        reasons: [String] = [],
        validUntil: Timestamp? = nil,
        data: Json? = nil,
        by: By = By()
    ) async throws -> Case.Outcome {
        let fields: [String: Json?] = [
            "document": .text(document), "finding": .text(finding.rawValue), "seen": .text(seen), "reasons": .of(reasons),
            "valid_until": .of(validUntil),
        ]
        return try await changed(key, "decide_document", by, fields, data: data)
    }

    /// Puts evidence to a case, such as a report.
    ///
    /// - Parameters:
    ///   - key: The case.
    ///   - name: Its name in the case; what has that name is replaced.
    ///   - hash: The SHA-256 of its bytes, in hexadecimal.
    ///   - file: Where the host keeps it.
    ///   - by: By whom, and when.
    @discardableResult
    public func attach(_ key: String, name: String, hash: String, file: String? = nil, by: By = By()) async throws -> Case.Outcome {
        try await changed(key, "attach", by, ["name": .text(name), "hash": .text(hash), "file": .of(file)])
    }

    /// Delivers the callback of a provider. The case knows which came before (``Case/Outcome/replayed``: nothing is done) and which was overtaken by
    /// a newer one (``Case/Outcome/late``: it is in the log, and the chart does not hear it), so every delivery can be handed on as it comes.
    ///
    /// - Parameters:
    ///   - key: The case; also one that has ended.
    ///   - data: What was read of it: ``Callback/data``.
    ///   - body: Its body, as it came, to be kept in the log, sealed to whom the case is about.
    ///   - by: By whom, and when.
    @discardableResult
    public func callback(_ key: String, _ data: Json, body: String? = nil, by: By = By()) async throws -> Case.Outcome {
        try await changed(key, "callback", by, ["body": .of(body)], data: data)
    }

    /// Votes for a decision.
    ///
    /// - Parameters:
    ///   - key: The case.
    ///   - decision: Which.
    ///   - seen: The digest of the evidence that was seen: ``Case/evidenceDigest``.
    ///   - reasons: The reason codes.
    ///   - comment: What is said about it.
    ///   - data: What the chart is told with it.
    ///   - by: By whom, and when.
    @discardableResult
    public func decide(
        _ key: String,
        _ decision: String,
        seen: String,
        reasons: [String] = [],
        comment: String? = nil,
        data: Json? = nil,
        by: By = By()
    ) async throws -> Case.Outcome {
        let fields: [String: Json?] = [
            "decision": .text(decision), "seen": .text(seen), "reasons": .of(reasons), "comment": .of(comment),
        ]
        return try await changed(key, "decide", by, fields, data: data)
    }

    /// Takes the votes back that were given for a decision that is pending.
    @discardableResult
    public func returnDecision(_ key: String, why: String, by: By = By()) async throws -> Case.Outcome {
        try await changed(key, "return", by, ["why": .text(why)])
    }

    /// Decides something beside the rules, for a time.
    ///
    /// - Parameters:
    ///   - key: The case.
    ///   - why: Why.
    ///   - until: Until when.
    ///   - data: What the chart is told with it.
    ///   - by: By whom, and when.
    @discardableResult
    public func override(
        _ key: String, why: String, until: Timestamp, data: Json? = nil, by: By = By()
    ) async throws -> Case.Outcome {
        try await changed(key, "override", by, ["why": .text(why), "until": .of(until)], data: data)
    }

    /// Moves a case to another queue.
    @discardableResult
    public func escalate(_ key: String, to queue: String, why: String, by: By = By()) async throws -> Case.Outcome {
        try await changed(key, "escalate", by, ["queue": .text(queue), "why": .text(why)])
    }

    /// Begins a case again that has ended.
    @discardableResult
    public func reopen(_ key: String, why: String, by: By = By()) async throws -> Case.Outcome {
        try await changed(key, "reopen", by, ["why": .text(why)])
    }

    /// Ends a case from outside.
    @discardableResult
    public func cancel(_ key: String, why: String, by: By = By()) async throws -> Case.Outcome {
        try await changed(key, "cancel", by, ["why": .text(why)])
    }

    /// Has a case go on in the newest version of its kind.
    ///
    /// ``rehearseMigration(_:map:actor:now:)`` tells before what would become of all of them.
    ///
    /// - Parameters:
    ///   - key: The case.
    ///   - map: The map from the old version to the new: JSON or YAML.
    ///   - by: By whom, and when.
    @discardableResult
    public func migrate(_ key: String, map: String, by: By = By()) async throws -> Case.Outcome {
        try await changed(key, "migrate", by, ["map": .text(map)])
    }
}
