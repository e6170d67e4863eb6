extension Thalium {
    /// Loads a policy that this ledger decides by, in the place of the one of that name, for all who ask from then on.
    ///
    /// The last eight are kept, for ``rollBackPolicy(_:)``. It is not stored with the ledger: it is loaded where the process begins.
    ///
    /// - Parameters:
    ///   - bundle: Where it is, or what it is.
    ///   - name: The name that it is asked by.
    ///   - shadow: Whether it is only tried out: it is asked beside the one in force, decides nothing, and ``listPolicies()`` tells what it
    ///     would decide otherwise.
    ///   - now: The instant that it says it was loaded at; by default the clock's.
    /// - Throws: `policy` for a bundle that is refused, with the file and the row, and `io` for one that cannot be read: then it replaces
    ///   nothing.
    @discardableResult
    public func loadPolicy(
        _ bundle: PolicyBundle, name: String = "policy", shadow: Bool = false, now: Timestamp? = nil
    ) async throws -> LoadedPolicy {
        let fields: [String: Json?] = ["name": .text(name), "bundle": bundle.json, "shadow": .ifTrue(shadow), "now": .of(now)]
        return try await one("load_policy", fields, LoadedPolicy.init)
    }

    /// Goes back to the version of a policy that was in force before.
    ///
    /// - Throws: `invalid` where there is none.
    @discardableResult
    public func rollBackPolicy(_ name: String = "policy") async throws -> LoadedPolicy {
        try await one("roll_back_policy", ["name": .text(name)], LoadedPolicy.init)
    }

    /// Takes a policy away; with `shadow` only what is tried out beside it.
    ///
    /// - Throws: `invalid` where there is none.
    public func dropPolicy(_ name: String = "policy", shadow: Bool = false) async throws {
        _ = try await ask("drop_policy", ["name": .text(name), "shadow": .ifTrue(shadow)])
    }

    /// The policies that this ledger decides by, by their names, each with what was in force before and what is tried out beside it.
    public func listPolicies() async throws -> [LoadedPolicy] {
        try await Told.several(ask("list_policies"), LoadedPolicy.init)
    }

    /// Decides by a policy that was loaded, and takes down what was asked, what was answered and by which policy: the verdict is told when
    /// that is durable. Where it is undefined at that path, it is a denial that says so.
    ///
    /// ```swift
    /// try await t.loadPolicy(.at("policies.tar.gz"))
    /// let input: Json = ["amount": .number("7000.00")]
    /// let decided = try await t.decide("aml/verdict", input: input, subject: "c42", retention: "aml", concerns: "w-17")
    /// if decided.verdict.outcome != .allow { decided.verdict.reasons.forEach { print($0.message) } }
    /// ```
    ///
    /// - Parameters:
    ///   - path: The path of a verdict, such as `aml/verdict`.
    ///   - input: What is decided about.
    ///   - policy: The policy, by the name that it was loaded under.
    ///   - subject: The party that it is about, by key or id: input and answer are sealed with the party's own key.
    ///   - retention: The retention class that says how long a law has it kept; left out, it is held by consent.
    ///   - concerns: What it is about, by the caller's own key, such as that of the transfer that is to be booked. In the clear.
    ///   - actor: Who asks; by default who opened the ledger. In the clear.
    ///   - requestId: The caller's id of the request. In the clear.
    ///   - decisionId: The decision's id, a UUID; by default one is made.
    ///   - now: The instant; by default the clock's.
    ///   - strict: Whether an error of a built-in function ends the evaluation, instead of making the expression undefined.
    /// - Throws: `undecided` where the policy comes to no verdict, which is on record as well, and `invalid` with the field at fault for a
    ///   policy, a path or a party that is not there: then nothing is. An error is no permission: who asked must deny.
    public func decide(
        _ path: String,
        input: Json? = nil,
        policy: String = "policy",
        subject: String? = nil,
        retention: String? = nil,
        concerns: String? = nil,
        actor: String? = nil,
        requestId: String? = nil,
        decisionId: String? = nil,
        now: Timestamp? = nil,
        strict: Bool = false
    ) async throws -> Decided {
        let fields: [String: Json?] = [
            "policy": .text(policy), "path": .text(path), "subject": .of(subject), "retention": .of(retention), "concerns": .of(concerns),
            "actor": .of(actor), "request_id": .of(requestId), "decision_id": .of(decisionId), "now": .of(now), "strict": .ifTrue(strict),
        ]
        return try await denying {
            let what: [String: Json?] = ["input": try input?.checked()]
            return try await one("decide_on_record", fields.merging(what) { first, _ in first }, Decided.init)
        }
    }

    /// Decides on record for an input that is the text of JSON.
    ///
    /// - Throws: As the other, and `invalid` for what is no JSON.
    public func decide(
        _ path: String,
        input text: String,
        policy: String = "policy",
        subject: String? = nil,
        retention: String? = nil,
        concerns: String? = nil,
        actor: String? = nil,
        requestId: String? = nil,
        decisionId: String? = nil,
        now: Timestamp? = nil,
        strict: Bool = false
    ) async throws -> Decided {
        let input = try await denying { try Json(parsing: text) }
        return try await decide(
            path, input: input, policy: policy, subject: subject, retention: retention, concerns: concerns, actor: actor,
            requestId: requestId, decisionId: decisionId, now: now, strict: strict
        )
    }
}

extension Thalium {
    /// A page of the decisions on record that match, oldest first; its `next` is what the next page comes `after`.
    ///
    /// ``decisions(_:open:masks:)`` goes through all pages.
    ///
    /// ```swift
    /// let query = DecisionQuery(subject: "c42")
    /// let told = try await t.listDecisions(query, open: OpenSealed(why: "complaint 12"), masks: [.remove("/input/name")])
    /// for decision in told.decisions { print(decision["timestamp"]!.text!, decision["input"]?.written ?? "") }
    /// ```
    ///
    /// - Parameters:
    ///   - query: Which.
    ///   - after: The `next` of the page before.
    ///   - limit: How many at most.
    ///   - open: Opens what is sealed; without it that is left out, and `sealed` says so.
    ///   - masks: What is left out or replaced.
    public func listDecisions(
        _ query: DecisionQuery = DecisionQuery(),
        after: Int64? = nil,
        limit: Int? = nil,
        open: OpenSealed? = nil,
        masks: [DecisionMask] = []
    ) async throws -> DecisionPage {
        let masks = try masks.map { try $0.json() }
        let how: [String: Json?] = [
            "after": .of(after), "limit": .of(limit), "open": open?.json, "masks": masks.isEmpty ? nil : .list(masks),
        ]
        let answer = try Json(reading: await ask("list_decisions", query.fields.merging(how) { first, _ in first }))
        guard let decisions = answer["decisions"]?.list else { throw ThaliumError.fault("the library answered `list_decisions` with no list") }
        return DecisionPage(decisions: decisions, next: answer["next"]?.integer)
    }

    /// The decisions on record that match, oldest first; see ``listDecisions(_:after:limit:open:masks:)``.
    ///
    /// What is sealed is opened, and read on record, page by page.
    public func decisions(
        _ query: DecisionQuery = DecisionQuery(), open: OpenSealed? = nil, masks: [DecisionMask] = []
    ) -> Pages<Json> {
        Pages { after in
            let page = try await self.listDecisions(query, after: after, limit: Pages<Json>.limit, open: open, masks: masks)
            return (page.decisions, page.next)
        }
    }

    /// Decides once more what is on record, by another policy and each at its own instant: which outcomes it would flip.
    ///
    /// Nothing is booked, and of what is sealed nothing is told but that.
    ///
    /// - Parameters:
    ///   - bundle: The other policy.
    ///   - path: Only decisions of this path.
    ///   - policy: Only those by the policy that was loaded under this name.
    ///   - from: Only those from this RFC 3339 instant or date on.
    ///   - until: Only those before this instant, or up to this date.
    ///   - limit: How many flips are told: 1,000 by default, up to 100,000. All are counted.
    public func replayDecisions(
        _ bundle: PolicyBundle, path: String? = nil, policy: String? = nil, from: String? = nil, until: String? = nil, limit: Int? = nil
    ) async throws -> ReplayReport {
        try await one("replay_decisions", [
            "bundle": bundle.json, "path": .of(path), "policy": .of(policy), "from": .of(from), "until": .of(until), "limit": .of(limit),
        ], ReplayReport.init)
    }
}
