/// How a case stands.
public enum CaseStatus: String, Sendable {
    /// It goes on.
    case open
    /// It came to its end.
    case ended
    /// It was ended from outside.
    case cancelled
}

/// How a document of a case stands.
public enum DocumentStanding: String, Sendable {
    /// It is asked for.
    case requested
    /// It was handed in.
    case submitted
    /// It is good.
    case approved
    /// It is not.
    case rejected
    /// It did not come in time, or is not valid any more.
    case expired
}

/// What somebody found who looked at a document.
public enum DocumentFinding: String, Sendable {
    /// It is good.
    case approve
    /// It is not.
    case reject
    /// It is to be handed in again.
    case revise
}

/// A case.
public struct Case: Sendable, Hashable {
    /// Its key.
    public let key: String
    /// The kind that it is of.
    public let kind: String
    /// The digest of the version of the kind that it is pinned to.
    public let definition: String
    /// How often it changed.
    public let version: Int64
    /// How it stands.
    public let status: CaseStatus
    /// The active states of its chart without children, in document order.
    public let states: [String]
    /// Whom it is about.
    public let party: String?
    /// The case that it was opened for.
    public let parent: String?
    /// When it was opened.
    public let openedAt: Timestamp
    /// By whom.
    public let openedBy: String
    /// When it changed last.
    public let changedAt: Timestamp
    /// When it ended.
    public let endedAt: Timestamp?
    /// How often it was opened again.
    public let reopened: Int64
    /// Where it waits, if it waits for people.
    public let place: Place?
    /// Who works on it.
    public let assignee: String?
    /// Until when it rests.
    public let snoozedUntil: Timestamp?
    /// Since when its time rests, too.
    public let pausedAt: Timestamp?
    /// When the next of what waits in it is due: ``Cases/advance(_:by:)`` and ``Cases/advanceAll(limit:actor:now:)`` from then on have it
    /// happen.
    public let nextDue: Timestamp?
    /// The digest of all that a decision rests on: who votes says which they saw.
    public let evidenceDigest: String
    /// Its documents, by name.
    public let documents: [Document]
    /// Other evidence, by name.
    public let evidence: [Evidence]
    /// The decision that is pending.
    public let pending: Decision?
    /// What was decided, the oldest first.
    public let decided: [Decision]
    /// What was decided beside the rules and holds.
    public let overrides: [Override]
    /// What its kind tells the register of parties of whom it is about.
    public let standing: CaseStanding?
    /// Its variables, an object; nothing where it is sealed and was not opened.
    ///
    /// Numbers stand as they are written; ``Json/decimal()`` and ``Json/integer`` give what Swift holds to the last digit.
    public let data: Json?
    /// Whether it is sealed to whom it is about.
    public let sealed: Bool
    /// Why what is sealed is not told, though it was asked for.
    public let withheld: String?

    init(_ told: Told) throws {
        key = try told.text("case")
        kind = try told.text("kind")
        definition = try told.text("definition")
        version = try told.number("version")
        status = try told.name("status")
        states = try told.texts("states")
        party = try told.textOrNil("party")
        parent = try told.textOrNil("parent")
        openedAt = try told.instant("opened_at")
        openedBy = try told.text("opened_by")
        changedAt = try told.instant("changed_at")
        endedAt = try told.instantOrNil("ended_at")
        reopened = try told.number("reopened")
        place = try told.ofOrNil("place", Place.init)
        assignee = try told.textOrNil("assignee")
        snoozedUntil = try told.instantOrNil("snoozed_until")
        pausedAt = try told.instantOrNil("paused_at")
        nextDue = try told.instantOrNil("next_due")
        evidenceDigest = try told.text("evidence_digest")
        documents = try told.list("documents", Document.init)
        evidence = try told.list("evidence", Evidence.init)
        pending = try told.ofOrNil("pending", Decision.init)
        decided = try told.list("decided", Decision.init)
        overrides = try told.list("overrides", Override.init)
        standing = try told.ofOrNil("standing", CaseStanding.init)
        data = try told.jsonOrNil("data")
        sealed = try told.flag("sealed")
        withheld = try told.textOrNil("withheld")
    }
}

extension Case {
    /// Where a case waits.
    public struct Place: Sendable, Hashable {
        /// The queue.
        public let queue: String
        /// Since when.
        public let since: Timestamp
        /// Until when it may.
        public let due: Timestamp?
        /// The queue that it belongs to by its kind, if it went on from there.
        public let from: String?
        /// Since when it waits for what is to be done, in whichever queue.
        public let waitsSince: Timestamp

        init(_ told: Told) throws {
            queue = try told.text("queue")
            since = try told.instant("since")
            due = try told.instantOrNil("due")
            from = try told.textOrNil("from")
            waitsSince = try told.instant("waits_since")
        }
    }

    /// A document of a case.
    public struct Document: Sendable, Hashable {
        /// Which.
        public let document: String
        /// How it stands.
        public let standing: DocumentStanding
        /// Since when.
        public let since: Timestamp
        /// Until when it is to be handed in.
        public let due: Timestamp?
        /// How often it was handed in.
        public let attempts: Int64
        /// The SHA-256 of what was handed in last.
        public let hash: String?
        /// Where the host keeps that; nothing where the case is sealed and was not opened.
        public let file: String?
        /// When it is not valid any more.
        public let validUntil: Timestamp?
        /// Why it is asked for, or is not good.
        public let reasons: [String]
        /// Who handed it in.
        public let by: String?

        init(_ told: Told) throws {
            document = try told.text("document")
            standing = try told.name("standing")
            since = try told.instant("since")
            due = try told.instantOrNil("due")
            attempts = try told.number("attempts")
            hash = try told.textOrNil("hash")
            file = try told.textOrNil("file")
            validUntil = try told.instantOrNil("valid_until")
            reasons = try told.texts("reasons")
            by = try told.textOrNil("by")
        }
    }

    /// Something that a decision rests on.
    public struct Evidence: Sendable, Hashable {
        /// Its name.
        public let name: String
        /// The SHA-256 of its bytes.
        public let hash: String
        /// Where the host keeps it; nothing where the case is sealed and was not opened.
        public let file: String?
        /// Since when it is there.
        public let since: Timestamp
        /// Who brought it.
        public let by: String

        init(_ told: Told) throws {
            name = try told.text("name")
            hash = try told.text("hash")
            file = try told.textOrNil("file")
            since = try told.instant("since")
            by = try told.text("by")
        }
    }

    /// A decision, with its votes.
    public struct Decision: Sendable, Hashable {
        /// Which.
        public let decision: String
        /// When it was taken; nothing while it is pending.
        public let at: Timestamp?
        /// The digest of the evidence that it rests on.
        public let seen: String
        /// The votes, the first first.
        public let votes: [Vote]

        init(_ told: Told) throws {
            decision = try told.text("decision")
            at = try told.instantOrNil("at")
            seen = try told.text("seen")
            votes = try told.list("votes", Vote.init)
        }
    }

    /// A vote.
    public struct Vote: Sendable, Hashable {
        /// Whose.
        public let by: String
        /// As what.
        public let role: String
        /// When.
        public let at: Timestamp
        /// With which reason codes.
        public let reasons: [String]

        init(_ told: Told) throws {
            by = try told.text("by")
            role = try told.text("role")
            at = try told.instant("at")
            reasons = try told.texts("reasons")
        }
    }

    /// What was decided beside the rules.
    public struct Override: Sendable, Hashable {
        /// By whom.
        public let by: String
        /// Why; nothing where the case is sealed and was not opened.
        public let why: String?
        /// Since when.
        public let since: Timestamp
        /// Until when.
        public let until: Timestamp

        init(_ told: Told) throws {
            by = try told.text("by")
            why = try told.textOrNil("why")
            since = try told.instant("since")
            until = try told.instant("until")
        }
    }
}

extension Case {
    /// What came of something that was done to a case. A refusal is a value: it is not ``ok``, and has changed nothing.
    public struct Outcome: Sendable, Hashable {
        /// Whether it was done.
        public let ok: Bool
        /// The case, by its key.
        public let key: String
        /// Why it was not done: a code, a promise.
        public let code: String?
        /// The same in words, with what to do.
        public let reason: String?
        /// Whether the chart heard what it was told; true where it was told nothing.
        public let heard: Bool
        /// Whether the same request was done before, or the same callback came before: nothing was done now.
        public let replayed: Bool
        /// Whether a callback was overtaken by a newer one about the same check: it is in the log, and the chart did not hear it.
        public let late: Bool
        /// What the host is to do, in order. It stands in the log of the case, too.
        public let effects: [Effect]
        /// What the case is now; nothing where it was refused.
        public let now: Case?

        init(_ told: Told) throws {
            ok = try told.flag("ok")
            key = try told.text("case")
            code = try told.textOrNil("code")
            reason = try told.textOrNil("reason")
            heard = try told.flag("heard")
            replayed = try told.flag("replayed")
            late = try told.flag("late")
            effects = try told.list("effects", Effect.init)
            now = try told.ofOrNil("now", Case.init)
        }
    }

    /// Something that a case asks for.
    public struct Effect: Sendable, Hashable {
        /// The case, by its key.
        public let key: String
        /// What its chart asks for.
        public let effect: SessionEffect

        init(_ told: Told) throws {
            key = try told.text("case")
            effect = try SessionEffect(told.of("effect", ChartEffect.init))
        }
    }

    /// Something that happened to cases.
    public struct Entry: Sendable, Hashable {
        /// Its number in the log.
        public let number: Int64
        /// When.
        public let at: Timestamp
        /// Who asked.
        public let actor: String
        /// The caller's id of the request.
        public let requestId: String?
        /// What: the name of what was done to a case, or `define` or `staff`.
        public let what: String
        /// The case, by its key.
        public let key: String?
        /// Which of its changes.
        public let version: Int64?
        /// What was asked, an object; nothing where it is sealed and was not opened. Numbers stand as they are written.
        public let asked: Json?
        /// What happened in the chart, step by step, a list; nothing where it is sealed and was not opened. Numbers stand as they are written.
        public let steps: Json?
        /// The SHA-256 of the session that it led to.
        public let session: String?
        /// The SHA-256 of the version of the kind, with its charts, that the case was in.
        public let definition: String?
        /// The SHA-256 of the evidence that the case had then.
        public let evidence: String?
        /// Whether it is sealed.
        public let sealed: Bool
        /// Why what is sealed is not told, though it was asked for.
        public let withheld: String?

        init(_ told: Told) throws {
            number = try told.number("number")
            at = try told.instant("at")
            actor = try told.text("actor")
            requestId = try told.textOrNil("request_id")
            what = try told.text("do")
            key = try told.textOrNil("case")
            version = try told.numberOrNil("version")
            asked = try told.jsonOrNil("asked")
            steps = try told.jsonOrNil("steps")
            session = try told.textOrNil("session")
            definition = try told.textOrNil("definition")
            evidence = try told.textOrNil("evidence")
            sealed = try told.flag("sealed")
            withheld = try told.textOrNil("withheld")
        }
    }
}

extension Told {
    /// What stands in a field as the text of JSON.
    func jsonOrNil(_ name: String) throws -> Json? { try textOrNil(name).map { try Json(reading: $0) } }
}
