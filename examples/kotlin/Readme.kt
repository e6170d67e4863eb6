// What the README of the Kotlin package shows, as it stands there; a test compares them and runs both.
package io.thalium.examples

import io.thalium.AccountKind
import io.thalium.Device
import io.thalium.Thalium
import io.thalium.currency
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.launch

/** How an app reaches its back end. */
fun interface Http {
    suspend fun post(url: String, body: String): String
}

suspend fun CoroutineScope.deviceOfTheReadme(directory: String, http: Http, show: (Any?) -> Unit) {
    val zar = currency("ZAR")
    val device = Device.open(directory, backEnd = { request -> http.post("https://example.com/sync", request) })
    device.follow("c42:ZAR")
    launch { device.syncs().collect { show(it.failure) } }                // for as long as the app is there
    val rent = device.intents.post(key = "rent-1", from = "c42:ZAR", to = "c77:ZAR", amount = zar("250.00"))
    rent.updates.collect { show(it.state) }                               // ends when it is resolved
    show(rent.resolved().outcome?.reason)
    device.account("c42:ZAR")?.let { show("${it.account?.available} as of ${it.asOf}") }
}

suspend fun ledgerOfTheReadme(address: String, show: (Any?) -> Unit) {
    val zar = currency("ZAR")

    Thalium.open(address).use { t ->
        t.accounts.create("bank:ZAR", "ZAR", AccountKind.ASSET)
        t.accounts.create("c42:ZAR", "ZAR", AccountKind.LIABILITY)
        t.accounts.create("holds:ZAR", "ZAR", AccountKind.LIABILITY)
        t.post(key = "dep-9", from = "bank:ZAR", to = "c42:ZAR", amount = zar("250.00"))
        val h = t.hold(key = "ord-7", from = "c42:ZAR", amount = zar("100"))
        t.capture(key = "fill-1", hold = h.id.toString(), amount = zar("60"))
        show(t.statement("c42:ZAR")?.closing)
    }
}
