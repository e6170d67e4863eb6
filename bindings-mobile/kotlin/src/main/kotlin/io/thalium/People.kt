package io.thalium

import java.time.LocalDate
import java.util.UUID
import kotlinx.coroutines.flow.Flow
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonPrimitive

/** Finds people and companies, and opens what is sealed of them. */
public open class SeenParties internal constructor(private val of: SeenBooks) {
    /** A party, with what is known of it but for personal data; nothing if there is none. */
    public suspend fun get(name: String): PartyView? = Told.one(of.ask(request("get_party", "name" to name)), PartyView::read)

    /**
     * A page of parties by their ids; its `next` is what the next page comes [after]. Those that are [due] are to be forgotten on that date:
     * their relationship ended before it, and no law and no legal hold keeps them any longer.
     */
    public suspend fun page(
        broker: String? = null,
        kind: PartyKind? = null,
        flag: String? = null,
        due: LocalDate? = null,
        after: UUID? = null,
        limit: Int? = null,
    ): PartyPage = PartyPage.read(
        of.one(
            request("list_parties", "broker" to broker, "kind" to kind?.wire, "flag" to flag, "due" to due?.toString(), "after" to after, "limit" to limit),
        ),
    )

    /** Parties by their ids: all of them, the clients of a broker, those of a kind or with a flag, those [due] to be forgotten on a date. */
    public fun list(broker: String? = null, kind: PartyKind? = null, flag: String? = null, due: LocalDate? = null): Flow<PartyView> =
        pagesAfter<PartyView, UUID> { after -> page(broker, kind, flag, due, after, PAGE).let { Page(it.parties, it.next) } }

    /** The parties that have an account. */
    public suspend fun holders(account: String): List<HolderView> =
        Told.several(of.ask(request("list_holders", "account" to account)), HolderView::read)

    /** The retention classes, by their names. */
    public suspend fun retentions(): List<RetentionView> = Told.several(of.ask(request("list_retentions")), RetentionView::read)

    /** The parties that have an identifier, however it is written. */
    public suspend fun find(identifier: IdentifierKind, value: String): List<PartyView> =
        Told.several(of.ask(request("find_parties", "identifier" to identifier.wire, "value" to value)), PartyView::read)

    /**
     * Opens personal data, and records who read what, when and why before the values are given.
     *
     * @param party The party.
     * @param fields The names of the fields; all, where nothing else is named either.
     * @param transfers The transfers whose sealed descriptions and metadata are meant.
     * @param accounts The accounts whose sealed names and metadata are meant.
     * @param why The reason; in the clear.
     * @param context Who reads, and when.
     */
    public suspend fun read(
        party: String,
        fields: List<String> = emptyList(),
        transfers: List<String> = emptyList(),
        accounts: List<String> = emptyList(),
        why: String,
        context: Context = Context.NONE,
    ): PersonalData = PersonalData.read(
        of.one(
            request(
                "read_data", "party" to party, "fields" to fields.ifEmpty { null }, "transfers" to transfers.ifEmpty { null },
                "accounts" to accounts.ifEmpty { null }, "why" to why, *context.fields(),
            ),
        ),
    )

    /** All that is known of a party, as it is given to the person; recorded as a reading. */
    public suspend fun export(party: String, why: String, context: Context = Context.NONE): PartyExport =
        PartyExport.read(of.one(request("export_party", "party" to party, "why" to why, *context.fields())))

    /** The same as a page of HTML. */
    public suspend fun exportPage(party: String, why: String, context: Context = Context.NONE): String =
        Json.parseToJsonElement(of.ask(request("party_page", "party" to party, "why" to why, *context.fields()))).jsonPrimitive.content
}
