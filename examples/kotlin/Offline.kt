// A customer's device on the console: it goes offline, keeps what the customer asks for, and shows what became of it when the
// back end is reached. `examples/express` is a back end for it; `cargo xtask mobile` runs both.
//
//   offline http://127.0.0.1:8080 c42-token-for-trying-out ./device
package io.thalium.examples

import io.thalium.Device
import io.thalium.IntentState
import io.thalium.IntentView
import io.thalium.currency
import java.io.IOException
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse.BodyHandlers
import kotlin.system.exitProcess
import kotlinx.coroutines.future.await
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking

private val zar = currency("ZAR")

suspend fun offline(url: String, token: String, directory: String, show: (String) -> Unit) {
    val http = HttpClient.newHttpClient()
    val device = Device.open(directory) { request ->
        val asked = HttpRequest.newBuilder(URI("$url/sync")).header("Authorization", "Bearer $token")
            .header("Content-Type", "application/json").POST(BodyPublishers.ofString(request)).build()
        val answer = http.sendAsync(asked, BodyHandlers.ofString()).await()
        if (answer.statusCode() != 200) throw IOException("the back end answered ${answer.statusCode()}")
        answer.body()
    }
    device.use {
        device.follow("c42:ZAR")
        // Each has a key: whatever is sent again, and however often, is booked once.
        device.intents.post(key = "lunch-7", from = "c42:ZAR", to = "c77:ZAR", amount = zar("30.00"), description = "Lunch")
        device.intents.hold(key = "order-1", from = "c42:ZAR", amount = zar("100.00"))
        device.intents.post(key = "rent-1", from = "c42:ZAR", to = "c77:ZAR", amount = zar("5000.00"))
        if (device.sync(now = true).failure != null) show("offline: ${device.intents.list(open = true).size} intents wait")
        // Until the back end is there again; between two attempts it waits, longer each time.
        device.syncs().first { it.failure == null && device.intents.list(open = true).isEmpty() }
        for (intent in device.intents.list()) show(line(intent))
        val account = device.account("c42:ZAR") ?: return
        show("c42:ZAR has ${account.account?.balance}, ${account.account?.available} of it available, as of ${account.asOf}")
        for (entry in device.statement("c42:ZAR")?.statement?.entries.orEmpty()) {
            show("  ${entry.what.padEnd(8)} ${entry.change.toString().padStart(14)}  ${entry.balance}  ${entry.counterparty}")
        }
    }
}

private fun line(intent: IntentView): String = when (intent.state) {
    IntentState.REJECTED -> "${intent.key}: refused, ${intent.outcome?.reason}"
    else -> "${intent.key}: ${intent.state.wire}"
}

fun main(args: Array<String>) {
    if (args.size != 3) {
        System.err.println("offline URL TOKEN DIRECTORY")
        exitProcess(2)
    }
    runBlocking { offline(args[0], args[1], args[2], ::println) }
}
