package io.thalium

import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** The books as a broker sees them. What is another's is not there; see [Thalium.seenBy]. */
public class BrokerView internal constructor(private val of: Thalium, private val broker: String) : SeenBooks() {
    /** Finds accounts. */
    override val accounts: SeenAccounts = SeenAccounts(this)

    /** Lists assets. */
    override val assets: SeenAssets = SeenAssets(this)

    /** Finds transfers. */
    override val transfers: Transfers = Transfers(this)

    /** Finds the broker and its clients, and opens what is sealed of them. */
    override val parties: SeenParties = SeenParties(this)

    override suspend fun ask(request: JsonObject): String = of.ask(JsonObject(request + ("viewer" to JsonPrimitive(broker))))
}
