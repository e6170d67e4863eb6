package io.thalium

import java.time.Instant
import java.time.LocalDate
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonPrimitive

/**
 * What any movement may carry.
 *
 * @property description A description: public, unless there is a subject.
 * @property metadata Metadata, at most 4 KiB: public, unless there is a subject.
 * @property effectiveDate The civil date that the books give it.
 * @property code Why the money moves, by the caller's own list; 1 by default.
 * @property userData128 For the caller's use: a decimal number below 2^128, or a UUID.
 * @property userData64 For the caller's use.
 * @property userData32 For the caller's use.
 * @property linked Whether this command and the next succeed or fail together.
 * @property subject The party to which the description and the metadata are sealed: its key or id.
 * @property basis On what ground they are held; by law, where nothing is said.
 * @property years For how many years after the relationship ended a law has them kept; 5 where nothing is said.
 * @property retention The name of the retention class that says how long a law has them kept, in place of basis and years.
 * @property public The names of the entries of the metadata that stay public all the same.
 */
public data class Extra(
    public val description: String = "",
    public val metadata: Map<String, String> = emptyMap(),
    public val effectiveDate: LocalDate? = null,
    public val code: Int? = null,
    public val userData128: String? = null,
    public val userData64: ULong = 0u,
    public val userData32: UInt = 0u,
    public val linked: Boolean = false,
    public val subject: String? = null,
    public val basis: Basis? = null,
    public val years: Int? = null,
    public val retention: String? = null,
    public val public: List<String> = emptyList(),
) {
    /** What is said, without what is sealed to a subject. */
    override fun toString(): String = "Extra(${shown(JsonObject(json(fields().toMap())))})"

    internal fun fields(): Array<Pair<String, Any?>> = arrayOf(
        "description" to description.ifEmpty { null },
        "metadata" to metadata.ifEmpty { null },
        "effective_date" to effectiveDate,
        "code" to code,
        "user_data_128" to userData128,
        "user_data_64" to userData64.takeIf { it != 0uL },
        "user_data_32" to userData32.takeIf { it != 0u },
        "linked" to linked.takeIf { it },
        *sealing(subject, basis, years, retention, public),
    )

    internal companion object {
        val NONE = Extra()
    }
}

private fun sealing(subject: String?, basis: Basis?, years: Int?, retention: String?, public: List<String>): Array<Pair<String, Any?>> =
    arrayOf(
        "subject" to subject, "basis" to basis?.wire, "years" to years, "retention" to retention, "public" to public.ifEmpty { null },
    )

/** What is said, without the values of personal data; where there is a subject, without what is sealed to it. */
private fun shown(json: JsonObject): JsonObject {
    val told = json.toMutableMap()
    (json["fields"] as? JsonObject)?.let { fields ->
        told["fields"] = JsonObject(fields.mapValues { (_, field) -> JsonObject((field as? JsonObject).orEmpty() + ("value" to HIDDEN)) })
    }
    if ("subject" in json) {
        for (name in listOf("description", "name")) if (name in json) told[name] = HIDDEN
        val kept = (json["public"] as? JsonArray).orEmpty()
        (json["metadata"] as? JsonObject)?.let { metadata ->
            told["metadata"] = JsonObject(metadata.mapValues { (name, value) -> if (JsonPrimitive(name) in kept) value else HIDDEN })
        }
    }
    return JsonObject(told)
}

private val HIDDEN: JsonElement = JsonPrimitive("…")

/**
 * A leg of a transaction.
 *
 * @property account The account.
 * @property side On which side it stands.
 * @property amount How much.
 */
public data class Leg(public val account: String, public val side: Side, public val amount: Money)

/**
 * A command, ready to be submitted: `t.submit(listOf(Command.post(…), Command.hold(…)))`.
 *
 * Accounts, transfers, holds and parties are named by the caller's keys, or by the text of their ids.
 */
public class Command internal constructor(internal val json: JsonObject) {
    /** What it does. */
    public val op: String get() = json.getValue("op").jsonPrimitive.content

    /** Its key; empty where it has none. */
    public val key: String get() = json["key"]?.jsonPrimitive?.content ?: ""

    override fun equals(other: Any?): Boolean = other is Command && json == other.json

    override fun hashCode(): Int = json.hashCode()

    /** The command as JSON, without the values of personal data and what is sealed to a subject. */
    override fun toString(): String = shown(json).toString()

    public companion object {
        private fun of(op: String, vararg fields: Pair<String, Any?>) = Command(request(op, *fields))

        /**
         * Registers an asset: its code, and how many digits stand after the point. [fiat] is the number of a currency or a fund of
         * ISO 4217, in place of a [kind].
         */
        public fun asset(code: String, scale: Int, kind: String = "crypto", ledger: UInt? = null, fiat: Int? = null): Command {
            val told = fiat?.let { mapOf("fiat" to mapOf("number" to it)) } ?: kind
            return of("asset", "code" to code, "scale" to scale, "kind" to told, "ledger" to ledger)
        }

        /**
         * Opens an account. A liability may not be overdrawn unless [overdraft] says so; every other kind may, unless a flag
         * forbids it. With a [subject] its [name] and [metadata] are sealed to that party, as [Extra] says.
         */
        public fun account(
            key: String,
            asset: String,
            kind: AccountKind? = null,
            parent: String? = null,
            name: String = "",
            code: Int? = null,
            overdraft: Boolean = false,
            flags: Set<Flag> = emptySet(),
            metadata: Map<String, String> = emptyMap(),
            id: String? = null,
            timestamp: Instant? = null,
            userData128: String? = null,
            userData64: ULong = 0u,
            userData32: UInt = 0u,
            subject: String? = null,
            basis: Basis? = null,
            years: Int? = null,
            retention: String? = null,
            public: List<String> = emptyList(),
        ): Command = of(
            "account", "key" to key.ifEmpty { null }, "id" to id, "asset" to asset, "kind" to kind?.wire, "parent" to parent,
            "name" to name.ifEmpty { null }, "code" to code, "overdraft" to overdraft.takeIf { it },
            "flags" to flags.map { it.wire }.ifEmpty { null }, "metadata" to metadata.ifEmpty { null }, "timestamp" to timestamp,
            "user_data_128" to userData128, "user_data_64" to userData64.takeIf { it != 0uL }, "user_data_32" to userData32.takeIf { it != 0u },
            *sealing(subject, basis, years, retention, public),
        )

        /** Moves money at once. */
        public fun post(key: String, from: String, to: String, amount: Money, extra: Extra = Extra.NONE, id: String? = null): Command =
            of("post", "key" to key.ifEmpty { null }, "id" to id, "from" to from, "to" to to, "amount" to amount, *extra.fields())

        /** Holds money for a later capture or release; without [to] for the account `holds:ASSET`. */
        public fun hold(
            key: String,
            from: String,
            amount: Money,
            to: String? = null,
            timeout: UInt = 0u,
            extra: Extra = Extra.NONE,
            id: String? = null,
        ): Command = of(
            "hold", "key" to key.ifEmpty { null }, "id" to id, "from" to from, "to" to to, "amount" to amount,
            "timeout" to timeout.takeIf { it != 0u }, *extra.fields(),
        )

        /** Moves held money, wholly or in part; what is left is released. */
        public fun capture(
            key: String,
            hold: String,
            amount: Money? = null,
            to: String? = null,
            extra: Extra = Extra.NONE,
            id: String? = null,
        ): Command =
            of("capture", "key" to key.ifEmpty { null }, "id" to id, "hold" to hold, "to" to to, "amount" to amount, *extra.fields())

        /** Gives held money back. */
        public fun release(key: String, hold: String, extra: Extra = Extra.NONE, id: String? = null): Command =
            of("release", "key" to key.ifEmpty { null }, "id" to id, "hold" to hold, *extra.fields())

        /** Books legs together, all or nothing; they balance in each asset. */
        public fun transaction(key: String, legs: List<Leg>, extra: Extra = Extra.NONE, id: String? = null): Command {
            val told = legs.map { mapOf("account" to it.account, "side" to it.side.wire, "amount" to it.amount) }
            return of("transaction", "key" to key.ifEmpty { null }, "id" to id, "legs" to told, *extra.fields())
        }

        /**
         * A transfer with every field and flag of the ledger. [max] in place of an amount: as much as there is, for one that balances,
         * or all that is pending.
         */
        public fun transfer(
            key: String,
            from: String? = null,
            to: String? = null,
            amount: Money? = null,
            pending: String? = null,
            timeout: UInt = 0u,
            flags: Set<TransferFlag> = emptySet(),
            timestamp: Instant? = null,
            extra: Extra = Extra.NONE,
            id: String? = null,
            max: Boolean = false,
        ): Command = of(
            "transfer", "key" to key.ifEmpty { null }, "id" to id, "from" to from, "to" to to, "amount" to if (max) "max" else amount,
            "pending" to pending, "timeout" to timeout.takeIf { it != 0u }, "flags" to flags.map { it.wire }.ifEmpty { null },
            "timestamp" to timestamp, *extra.fields(),
        )

        /** Registers a party. Its [key] stands in the log in the clear: no personal data in it. */
        public fun registerParty(key: String, kind: PartyKind = PartyKind.PERSON, broker: String? = null, id: String? = null): Command =
            of("register_party", "key" to key.ifEmpty { null }, "id" to id, "kind" to kind.wire, "broker" to broker)

        /**
         * Changes what is known of a party; what is left out stays as it is. What a law has kept is counted from the date on which the
         * business relationship [ended]; with [resumed] it goes on.
         */
        public fun amendParty(
            party: String,
            kycLevel: Int? = null,
            risk: RiskLevel? = null,
            set: Set<String> = emptySet(),
            clear: Set<String> = emptySet(),
            ended: LocalDate? = null,
            resumed: Boolean = false,
        ): Command = of(
            "amend_party", "party" to party, "kyc_level" to kycLevel, "risk" to risk?.wire, "set" to set.toList().ifEmpty { null },
            "clear" to clear.toList().ifEmpty { null }, "ended" to ended, "resumed" to resumed.takeIf { it },
        )

        /**
         * Says what one party is to another, with a [share] in percent such as `25.5`. To end a relation is to say it again with
         * [until], that day included.
         */
        public fun relateParties(
            from: String,
            to: String,
            role: RelationRole,
            since: LocalDate? = null,
            until: LocalDate? = null,
            share: String? = null,
        ): Command =
            of("relate_parties", "from" to from, "to" to to, "role" to role.wire, "since" to since, "until" to until, "share" to share)

        /** Gives an account to a party. To take it away is to say it again with [until], that day included. */
        public fun assignAccount(
            party: String,
            account: String,
            role: AccountRole = AccountRole.OWNER,
            since: LocalDate? = null,
            until: LocalDate? = null,
        ): Command = of("assign_account", "party" to party, "account" to account, "role" to role.wire, "since" to since, "until" to until)

        /** Takes down personal data, sealed with the party's own keys; the names of the fields stand in the log in the clear. */
        public fun sealData(party: String, fields: Map<String, PersonalField>): Command =
            of("seal_data", "party" to party, "fields" to JsonObject(fields.mapValues { (_, field) -> field.json() }))

        /** Makes two records of one party one: [party] is found under [into] from now on. */
        public fun mergeParties(party: String, into: String): Command = of("merge_parties", "party" to party, "into" to into)

        /** Undoes a merger. */
        public fun splitParty(party: String): Command = of("split_party", "party" to party)

        /** Places a legal hold, until a date or until it is lifted: nothing of the party is forgotten while it is in force. */
        public fun placeHold(party: String, name: String, until: LocalDate? = null, reason: String = ""): Command =
            of("place_hold", "party" to party, "name" to name, "until" to until, "reason" to reason.ifEmpty { null })

        /** Lifts a legal hold. */
        public fun liftHold(party: String, name: String): Command = of("lift_hold", "party" to party, "name" to name)

        /** Forgets a party: its keys are destroyed, and what was sealed with them is gone for ever. */
        public fun forgetParty(party: String, scope: ForgetScope = ForgetScope.ALL): Command =
            of("forget_party", "party" to party, "scope" to scope.wire)

        /**
         * Lets someone read the access log of a [party], of a broker and its clients, or of all. [until] is an RFC 3339 instant, or a
         * date, which stands for its last instant in UTC.
         */
        public fun grantAccess(actor: String, party: String? = null, until: String): Command =
            of("grant_access", "actor" to actor, "party" to party, "until" to until)

        /** Takes back all that someone was granted. */
        public fun revokeAccess(actor: String): Command = of("revoke_access", "actor" to actor)

        /**
         * Says how long a law has data of a retention class kept: for [years] after the relationship ended, by the [law]. Said again it
         * is changed, and what was sealed under it follows. The name and the law stand in the log in the clear.
         */
        public fun defineRetention(name: String, years: Int, law: String = ""): Command =
            of("define_retention", "name" to name, "years" to years, "law" to law.ifEmpty { null })
    }
}
