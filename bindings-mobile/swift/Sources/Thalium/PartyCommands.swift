extension Command {
    /// Registers a party. Its key stands in the log in the clear: no personal data in it.
    public static func registerParty(key: String, kind: PartyKind = .person, broker: String? = nil, id: String? = nil) -> Command {
        Command(.request("register_party", [
            "key": .unlessEmpty(key), "id": .of(id), "kind": .text(kind.rawValue), "broker": .of(broker),
        ]))
    }

    /// Changes what is known of a party; what is left out stays as it is.
    ///
    /// What a law has kept is counted from the date on which the business relationship `ended`, as `2026-01-31`; with `resumed` it
    /// goes on.
    public static func amendParty(
        party: String,
        kycLevel: UInt8? = nil,
        risk: RiskLevel? = nil,
        set: Set<String> = [],
        clear: Set<String> = [],
        ended: String? = nil,
        resumed: Bool = false
    ) -> Command {
        Command(.request("amend_party", [
            "party": .text(party), "kyc_level": .of(kycLevel), "risk": .of(risk?.rawValue), "set": .unlessEmpty(set.sorted()),
            "clear": .unlessEmpty(clear.sorted()), "ended": .of(ended), "resumed": .ifTrue(resumed),
        ]))
    }

    /// Says what one party is to another, with a `share` in percent such as `25.5`.
    ///
    /// To end a relation is to say it again with `until`, that day included.
    public static func relateParties(
        from: String, to: String, role: RelationRole, since: String? = nil, until: String? = nil, share: String? = nil
    ) -> Command {
        Command(.request("relate_parties", [
            "from": .text(from), "to": .text(to), "role": .text(role.rawValue), "since": .of(since), "until": .of(until),
            "share": .of(share),
        ]))
    }

    /// Gives an account to a party. To take it away is to say it again with `until`, that day included.
    public static func assignAccount(
        party: String, account: String, role: AccountRole = .owner, since: String? = nil, until: String? = nil
    ) -> Command {
        Command(.request("assign_account", [
            "party": .text(party), "account": .text(account), "role": .text(role.rawValue), "since": .of(since), "until": .of(until),
        ]))
    }

    /// Takes down personal data, sealed with the party's own keys; the names of the fields stand in the log in the clear.
    public static func sealData(party: String, fields: [String: PersonalField]) -> Command {
        Command(.request("seal_data", ["party": .text(party), "fields": .object(fields.mapValues(\.json))]))
    }

    /// Makes two records of one party one: `party` is found under `into` from now on.
    public static func mergeParties(party: String, into: String) -> Command {
        Command(.request("merge_parties", ["party": .text(party), "into": .text(into)]))
    }

    /// Undoes a merger.
    public static func splitParty(party: String) -> Command {
        Command(.request("split_party", ["party": .text(party)]))
    }

    /// Places a legal hold, until a date or until it is lifted: nothing of the party is forgotten while it is in force.
    public static func placeHold(party: String, name: String, until: String? = nil, reason: String = "") -> Command {
        Command(.request("place_hold", [
            "party": .text(party), "name": .text(name), "until": .of(until), "reason": .unlessEmpty(reason),
        ]))
    }

    /// Lifts a legal hold.
    public static func liftHold(party: String, name: String) -> Command {
        Command(.request("lift_hold", ["party": .text(party), "name": .text(name)]))
    }

    /// Forgets a party: its keys are destroyed, and what was sealed with them is gone for ever.
    public static func forgetParty(party: String, scope: ForgetScope = .all) -> Command {
        Command(.request("forget_party", ["party": .text(party), "scope": .text(scope.rawValue)]))
    }

    /// Lets someone read the access log of a `party`, of a broker and its clients, or of all.
    ///
    /// `until` is an RFC 3339 instant, or a date, which stands for its last instant in UTC.
    public static func grantAccess(actor: String, party: String? = nil, until: String) -> Command {
        Command(.request("grant_access", ["actor": .text(actor), "party": .of(party), "until": .text(until)]))
    }

    /// Takes back all that someone was granted.
    public static func revokeAccess(actor: String) -> Command {
        Command(.request("revoke_access", ["actor": .text(actor)]))
    }

    /// Says how long a law has data of a retention class kept: for so many years after the relationship ended.
    ///
    /// Said again it is changed, and what was sealed under it follows. The name and the law stand in the log in the clear.
    public static func defineRetention(name: String, years: UInt8, law: String = "") -> Command {
        Command(.request("define_retention", ["name": .text(name), "years": .of(years), "law": .unlessEmpty(law)]))
    }
}
