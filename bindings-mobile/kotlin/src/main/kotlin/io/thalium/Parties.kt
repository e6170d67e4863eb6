package io.thalium

import java.time.LocalDate
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonPrimitive

/**
 * A field of personal data. Its value is printed nowhere.
 *
 * @property value The value; it is sealed before it is kept.
 * @property purpose What it is held for, such as `contact` or `due_diligence`; in the clear.
 * @property basis On what ground, and so with which of the party's keys it is sealed: what is held by consent goes when the party asks.
 * Where nothing is said it is law with a retention class, else consent.
 * @property years For how many years after the relationship ended a law has it kept; 5 where the law is the ground and nothing is said.
 * @property retention The name of the retention class that says how long a law has it kept, in place of basis and years.
 * @property identifier What kind of identifier it is, for one by which the party can be found.
 */
public data class PersonalField(
    public val value: String,
    public val purpose: String,
    public val basis: Basis? = null,
    public val years: Int? = null,
    public val retention: String? = null,
    public val identifier: IdentifierKind? = null,
) {
    /** The field without its value. */
    override fun toString(): String =
        "PersonalField(…, purpose=$purpose, basis=$basis, years=$years, retention=$retention, identifier=$identifier)"

    internal fun json(): JsonObject = JsonObject(
        json(
            mapOf(
                "value" to value, "purpose" to purpose, "basis" to basis?.wire, "years" to years, "retention" to retention,
                "identifier" to identifier?.wire,
            ),
        ),
    )
}

/** Registers people and companies, seals what is known of them, and forgets them. */
public class Parties internal constructor(private val of: Thalium) : SeenParties(of) {
    /** Registers a party. Its [key] stands in the log in the clear: no personal data in it. */
    public suspend fun register(key: String, kind: PartyKind = PartyKind.PERSON, broker: String? = null, id: String? = null): Outcome =
        of.submit(Command.registerParty(key, kind, broker, id))

    /** Changes what is known of a party: its levels, its flags, the end of the relationship. What is left out stays as it is. */
    public suspend fun amend(
        party: String,
        kycLevel: Int? = null,
        risk: RiskLevel? = null,
        set: Set<String> = emptySet(),
        clear: Set<String> = emptySet(),
        ended: LocalDate? = null,
        resumed: Boolean = false,
    ): Outcome = of.submit(Command.amendParty(party, kycLevel, risk, set, clear, ended, resumed))

    /** Says what one party is to another. To end a relation is to say it again with [until]. */
    public suspend fun relate(
        from: String,
        to: String,
        role: RelationRole,
        since: LocalDate? = null,
        until: LocalDate? = null,
        share: String? = null,
    ): Outcome = of.submit(Command.relateParties(from, to, role, since, until, share))

    /** Gives an account to a party. To take it away is to say it again with [until]. */
    public suspend fun assign(
        party: String,
        account: String,
        role: AccountRole = AccountRole.OWNER,
        since: LocalDate? = null,
        until: LocalDate? = null,
    ): Outcome = of.submit(Command.assignAccount(party, account, role, since, until))

    /** Takes down personal data, sealed with the party's own keys before it is kept. */
    public suspend fun seal(party: String, fields: Map<String, PersonalField>): Outcome = of.submit(Command.sealData(party, fields))

    /** Makes two records of one party one: [party] is found under [into] from now on. */
    public suspend fun merge(party: String, into: String): Outcome = of.submit(Command.mergeParties(party, into))

    /** Undoes a merger. */
    public suspend fun split(party: String): Outcome = of.submit(Command.splitParty(party))

    /** Places a legal hold, until a date or until it is lifted: nothing of the party is forgotten while it is in force. */
    public suspend fun placeHold(party: String, name: String, until: LocalDate? = null, reason: String = ""): Outcome =
        of.submit(Command.placeHold(party, name, until, reason))

    /** Lifts a legal hold. */
    public suspend fun liftHold(party: String, name: String): Outcome = of.submit(Command.liftHold(party, name))

    /** Forgets a party: its keys are destroyed, and what was sealed with them is gone for ever. */
    public suspend fun forget(party: String, scope: ForgetScope = ForgetScope.ALL): Outcome = of.submit(Command.forgetParty(party, scope))

    /**
     * Lets someone read the access log of a [party], of a broker and its clients, or of all. [until] is an RFC 3339 instant, or a
     * date, which stands for its last instant in UTC.
     */
    public suspend fun grantAccess(actor: String, party: String? = null, until: String): Outcome =
        of.submit(Command.grantAccess(actor, party, until))

    /** Takes back all that someone was granted. */
    public suspend fun revokeAccess(actor: String): Outcome = of.submit(Command.revokeAccess(actor))

    /**
     * Says how long a law has data of a retention class kept: for [years] after the relationship ended, by the [law]. Said again it is
     * changed, and what was sealed under it follows. The name and the law stand in the log in the clear.
     */
    public suspend fun defineRetention(name: String, years: Int, law: String = ""): Outcome =
        of.submit(Command.defineRetention(name, years, law))

    /**
     * The token of each identifier for a [purpose]: the same for the same, to join tables by; nothing where a value is none of its kind.
     * At most 10,000 at a time.
     */
    public suspend fun tokens(identifier: IdentifierKind, values: List<String>, purpose: String): List<String?> =
        each(of.ask(request("make_tokens", "purpose" to purpose, "identifier" to identifier.wire, "values" to values)))

    /**
     * Each text with other digits in the place of its own, always the same ones for a [purpose]: a card or a phone number that still
     * looks like one; nothing where there are fewer than 6 digits or more than 64. At most 10,000 at a time.
     */
    public suspend fun mask(values: List<String>, purpose: String): List<String?> =
        each(of.ask(request("mask_digits", "purpose" to purpose, "values" to values)))

    private fun each(text: String): List<String?> = Json.parseToJsonElement(text).jsonArray.map { it.jsonPrimitive.contentOrNull }

    /** Who may read the access log. */
    public suspend fun grants(): List<GrantView> = Told.several(of.ask(request("list_grants")), GrantView::read)

    /**
     * A page of who read personal data, what and why, oldest first; its `next` is what the next page comes [after].
     *
     * @param party Whose data; of all, where nothing is said.
     * @param after The `next` of the page before.
     * @param limit How many entries at most.
     * @param actor Who asks: someone who was granted it; by default who opened the ledger.
     */
    public suspend fun accessLog(party: String? = null, after: Long? = null, limit: Int? = null, actor: String? = null): AccessPage =
        AccessPage.read(of.one(request("access_log", "party" to party, "after" to after, "limit" to limit, "actor" to actor)))
}
