import Foundation

/// Finds people and companies, and opens what is sealed of them; in a ledger registers them, seals what is known of them, and forgets
/// them.
///
/// Dates are text, as `2026-01-31`.
public struct Parties<Books: SeenBooks>: Sendable {
    let of: Books
}

extension Parties where Books == Thalium {
    /// Registers a party. Its key stands in the log in the clear: no personal data in it.
    @discardableResult
    public func register(key: String, kind: PartyKind = .person, broker: String? = nil, id: String? = nil) async throws -> Outcome {
        try await of.submit(.registerParty(key: key, kind: kind, broker: broker, id: id))
    }

    /// Changes what is known of a party: its levels, its flags, the end of the relationship. What is left out stays as it is.
    @discardableResult
    public func amend(
        _ party: String,
        kycLevel: UInt8? = nil,
        risk: RiskLevel? = nil,
        set: Set<String> = [],
        clear: Set<String> = [],
        ended: String? = nil,
        resumed: Bool = false
    ) async throws -> Outcome {
        try await of.submit(
            .amendParty(party: party, kycLevel: kycLevel, risk: risk, set: set, clear: clear, ended: ended, resumed: resumed)
        )
    }

    /// Says what one party is to another. To end a relation is to say it again with `until`.
    @discardableResult
    public func relate(
        from: String, to: String, role: RelationRole, since: String? = nil, until: String? = nil, share: String? = nil
    ) async throws -> Outcome {
        try await of.submit(.relateParties(from: from, to: to, role: role, since: since, until: until, share: share))
    }

    /// Gives an account to a party. To take it away is to say it again with `until`.
    @discardableResult
    public func assign(
        _ party: String, account: String, role: AccountRole = .owner, since: String? = nil, until: String? = nil
    ) async throws -> Outcome {
        try await of.submit(.assignAccount(party: party, account: account, role: role, since: since, until: until))
    }

    /// Takes down personal data, sealed with the party's own keys before it is kept.
    @discardableResult
    public func seal(_ party: String, fields: [String: PersonalField]) async throws -> Outcome {
        try await of.submit(.sealData(party: party, fields: fields))
    }

    /// Makes two records of one party one: `party` is found under `into` from now on.
    @discardableResult
    public func merge(_ party: String, into: String) async throws -> Outcome {
        try await of.submit(.mergeParties(party: party, into: into))
    }

    /// Undoes a merger.
    @discardableResult
    public func split(_ party: String) async throws -> Outcome {
        try await of.submit(.splitParty(party: party))
    }

    /// Places a legal hold, until a date or until it is lifted: nothing of the party is forgotten while it is in force.
    @discardableResult
    public func placeHold(_ party: String, name: String, until: String? = nil, reason: String = "") async throws -> Outcome {
        try await of.submit(.placeHold(party: party, name: name, until: until, reason: reason))
    }

    /// Lifts a legal hold.
    @discardableResult
    public func liftHold(_ party: String, name: String) async throws -> Outcome {
        try await of.submit(.liftHold(party: party, name: name))
    }

    /// Forgets a party: its keys are destroyed, and what was sealed with them is gone for ever.
    @discardableResult
    public func forget(_ party: String, scope: ForgetScope = .all) async throws -> Outcome {
        try await of.submit(.forgetParty(party: party, scope: scope))
    }
}

extension Parties {
    /// A party, with what is known of it but for personal data; nothing if there is none.
    public func get(_ name: String) async throws -> PartyView? {
        try await Told.one(of.ask("get_party", ["name": .text(name)]), PartyView.init)
    }

    /// A page of parties by their ids; its `next` is what the next page comes `after`. Those that are `due` are to be forgotten on that
    /// date: their relationship ended before it, and no law and no legal hold keeps them any longer.
    public func page(
        broker: String? = nil, kind: PartyKind? = nil, flag: String? = nil, due: String? = nil, after: UUID? = nil, limit: Int? = nil
    ) async throws -> PartyPage {
        try await of.one("list_parties", [
            "broker": .of(broker), "kind": .of(kind?.rawValue), "flag": .of(flag), "due": .of(due),
            "after": .of(after?.uuidString.lowercased()), "limit": .of(limit),
        ], PartyPage.init)
    }

    /// Parties by their ids: all of them, the clients of a broker, those of a kind or with a flag, those `due` to be forgotten on a date.
    public func list(broker: String? = nil, kind: PartyKind? = nil, flag: String? = nil, due: String? = nil) -> Pages<PartyView> {
        Pages(after: UUID.self) { after in
            let page = try await page(broker: broker, kind: kind, flag: flag, due: due, after: after, limit: Pages<PartyView>.limit)
            return (page.parties, page.next)
        }
    }

    /// The parties that have an account.
    public func holders(_ account: String) async throws -> [HolderView] {
        try await Told.several(of.ask("list_holders", ["account": .text(account)]), HolderView.init)
    }

    /// The retention classes, by their names.
    public func retentions() async throws -> [RetentionView] {
        try await Told.several(of.ask("list_retentions"), RetentionView.init)
    }

    /// The parties that have an identifier, however it is written.
    public func find(_ identifier: IdentifierKind, _ value: String) async throws -> [PartyView] {
        let fields: [String: Json?] = ["identifier": .text(identifier.rawValue), "value": .text(value)]
        return try await Told.several(of.ask("find_parties", fields), PartyView.init)
    }

    /// Opens personal data, and records who read what, when and why before the values are given.
    ///
    /// - Parameters:
    ///   - party: The party.
    ///   - fields: The names of the fields; all, where nothing else is named either.
    ///   - transfers: The transfers whose sealed descriptions and metadata are meant.
    ///   - accounts: The accounts whose sealed names and metadata are meant.
    ///   - why: The reason; in the clear.
    ///   - context: Who reads, and when.
    public func read(
        _ party: String,
        fields: [String] = [],
        transfers: [String] = [],
        accounts: [String] = [],
        why: String,
        context: Context = Context()
    ) async throws -> PersonalData {
        var told = reading(party, why, context)
        told["fields"] = .unlessEmpty(fields)
        told["transfers"] = .unlessEmpty(transfers)
        told["accounts"] = .unlessEmpty(accounts)
        return try await of.one("read_data", told, PersonalData.init)
    }

    /// All that is known of a party, as it is given to the person; recorded as a reading.
    public func export(_ party: String, why: String, context: Context = Context()) async throws -> PartyExport {
        try await of.one("export_party", reading(party, why, context), PartyExport.init)
    }

    /// The same as a page of HTML.
    public func exportPage(_ party: String, why: String, context: Context = Context()) async throws -> String {
        let text = try await of.ask("party_page", reading(party, why, context))
        guard let page = try Json(reading: text).text else { throw ThaliumError.fault("the library's page of a party is no text") }
        return page
    }

    private func reading(_ party: String, _ why: String, _ context: Context) -> [String: Json?] {
        var told = context.fields
        told["party"] = .text(party)
        told["why"] = .text(why)
        return told
    }
}

extension Parties where Books == Thalium {
    /// Lets someone read the access log of a `party`, of a broker and its clients, or of all.
    ///
    /// - Parameters:
    ///   - actor: Who may: the actor of their requests.
    ///   - party: Whose access log; of all, where nothing is said.
    ///   - until: An RFC 3339 instant, or a date, which stands for its last instant in UTC.
    @discardableResult
    public func grantAccess(_ actor: String, party: String? = nil, until: String) async throws -> Outcome {
        try await of.submit(.grantAccess(actor: actor, party: party, until: until))
    }

    /// Takes back all that someone was granted.
    @discardableResult
    public func revokeAccess(_ actor: String) async throws -> Outcome {
        try await of.submit(.revokeAccess(actor: actor))
    }

    /// Says how long a law has data of a retention class kept: for so many years after the relationship ended.
    ///
    /// Said again it is changed, and what was sealed under it follows. The name and the law stand in the log in the clear.
    @discardableResult
    public func defineRetention(_ name: String, years: UInt8, law: String = "") async throws -> Outcome {
        try await of.submit(.defineRetention(name: name, years: years, law: law))
    }

    /// The token of each identifier for a purpose: the same for the same, to join tables by; nothing where a value is none of its kind.
    ///
    /// At most 10,000 at a time.
    public func tokens(_ identifier: IdentifierKind, _ values: [String], purpose: String) async throws -> [String?] {
        try await each("make_tokens", ["purpose": .text(purpose), "identifier": .text(identifier.rawValue), "values": .of(values)])
    }

    /// Each text with other digits in the place of its own, always the same ones for a purpose: a card or a phone number that still
    /// looks like one; nothing where there are fewer than 6 digits or more than 64.
    ///
    /// At most 10,000 at a time.
    public func mask(_ values: [String], purpose: String) async throws -> [String?] {
        try await each("mask_digits", ["purpose": .text(purpose), "values": .of(values)])
    }

    private func each(_ op: String, _ fields: [String: Json?]) async throws -> [String?] {
        guard let told = try await Json(reading: of.ask(op, fields)).list else {
            throw ThaliumError.fault("the library answered `\(op)` with no list")
        }
        return told.map(\.text)
    }

    /// Who may read the access log.
    public func grants() async throws -> [GrantView] {
        try await Told.several(of.ask("list_grants"), GrantView.init)
    }

    /// A page of who read personal data, what and why, oldest first; its `next` is what the next page comes `after`.
    ///
    /// - Parameters:
    ///   - party: Whose data; of all, where nothing is said.
    ///   - after: The `next` of the page before.
    ///   - limit: How many entries at most.
    ///   - actor: Who asks: someone who was granted it; by default who opened the ledger.
    public func accessLog(
        party: String? = nil, after: Int64? = nil, limit: Int? = nil, actor: String? = nil
    ) async throws -> AccessPage {
        try await of.one(
            "access_log", ["party": .of(party), "after": .of(after), "limit": .of(limit), "actor": .of(actor)], AccessPage.init
        )
    }
}
