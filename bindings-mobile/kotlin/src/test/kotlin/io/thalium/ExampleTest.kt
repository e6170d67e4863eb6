package io.thalium

import io.thalium.examples.offline
import java.io.File
import java.net.ServerSocket
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse.BodyHandlers
import java.nio.file.Files.createTempDirectory
import java.util.concurrent.TimeUnit
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable

/** The sample of examples/kotlin against the back end of examples/express, which is not there at first. */
@EnabledIfEnvironmentVariable(named = "THALIUM_EXPRESS", matches = ".+", disabledReason = "THALIUM_EXPRESS names no built example")
class ExampleTest {
    private val express = File(System.getenv("THALIUM_EXPRESS") ?: ".")
    private val folder = createTempDirectory("offline").toFile()
    private val port = ServerSocket(0).use { it.localPort }
    private val url = "http://127.0.0.1:$port"

    private fun <T> withServer(run: () -> T): T {
        val command = listOf(
            "node", "dist/src/server.js", "--tokens", "tokens.example.json", "--data", File(folder, "books").path, "--port", "$port",
            "--assets", "ZAR",
        )
        val server = ProcessBuilder(command).directory(express).redirectError(ProcessBuilder.Redirect.INHERIT).start()
        try {
            assertTrue(server.inputReader().readLine().startsWith("listening on"))
            return run()
        } finally {
            server.destroy()
            assertTrue(server.waitFor(20, TimeUnit.SECONDS))
        }
    }

    private fun ask(method: String, path: String, body: String) {
        val asked = HttpRequest.newBuilder(URI(url + path)).header("Authorization", "Bearer operator-token-for-trying-out")
            .header("Content-Type", "application/json").header("Idempotency-Key", "k1").method(method, BodyPublishers.ofString(body)).build()
        val told = HttpClient.newHttpClient().send(asked, BodyHandlers.ofString())
        assertTrue(told.statusCode() in 200..201, told.body())
    }

    @Test
    fun `it goes offline, keeps what is asked for, and shows what became of it`() = runBlocking {
        withServer {
            for (customer in listOf("c42", "c77")) ask("POST", "/accounts", """{"customer":"$customer","asset":"ZAR"}""")
            ask("POST", "/deposits", """{"account":"c42:ZAR","amount":"250.00 ZAR"}""")
        }
        val shown = Channel<String>(Channel.UNLIMITED)
        val sample = async(Dispatchers.IO) {
            withTimeout(60_000) {
                offline(url, "c42-token-for-trying-out", File(folder, "device").path) { shown.trySend(it) }
            }
            shown.close()
        }
        assertEquals("offline: 3 intents wait", withTimeout(60_000) { shown.receive() })
        withServer { runBlocking { sample.await() } }
        val told = buildList { for (line in shown) add(line) }
        assertEquals(listOf("lunch-7: booked", "order-1: booked", "rent-1: refused, exceeds credits"), told.take(3))
        assertTrue(told[3].startsWith("c42:ZAR has 220.00 ZAR, 120.00 ZAR of it available"), told[3])
        assertEquals(listOf("post", "post", "hold"), told.drop(4).map { it.trim().substringBefore(' ') })
        folder.deleteRecursively()
        Unit
    }
}
