package io.thalium

import io.thalium.examples.deviceOfTheReadme
import io.thalium.examples.ledgerOfTheReadme
import java.io.File
import java.nio.file.Files.createTempDirectory
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlinx.coroutines.cancelChildren
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.runBlocking

/** What the README shows is what is compiled and run. */
class ReadmeTest {
    private fun lines(text: String) = text.lines().map { it.trim() }.filter { it.isNotEmpty() }

    @Test
    fun `what it shows is what is compiled`() {
        val sources = listOf("../../examples/kotlin/Readme.kt", "src/test/kotlin/io/thalium/ReadmeTest.kt")
        val compiled = sources.joinToString("\n") { lines(File(it).readText()).joinToString("\n") }
        val blocks = Regex("```kotlin\n(.*?)```", RegexOption.DOT_MATCHES_ALL).findAll(File("README.md").readText()).toList()
        assertEquals(3, blocks.size)
        for (block in blocks) {
            val shown = lines(block.groupValues[1]).joinToString("\n")
            assertTrue(shown in compiled, shown)
        }
    }

    @Test
    fun `the ledger`() = runBlocking {
        val shown = mutableListOf<Any?>()
        ledgerOfTheReadme("memory:") { shown += it }
        assertEquals(listOf<Any?>(currency("ZAR")("190.00")), shown)
    }

    private suspend fun partiesOfTheReadme(directory: String, file: String, show: (Any?) -> Unit) {
        Thalium.open(directory, OpenOptions(actor = "ann", keys = KeySource(keyFile = file))).use { t ->
            t.parties.register("c42")                                         // in the clear: no personal data in it
            val name = PersonalField("Thandi Maseko", purpose = "due_diligence", basis = Basis.LAW, years = 5)
            val email = PersonalField("thandi@example.com", purpose = "contact", identifier = IdentifierKind.EMAIL)
            t.parties.seal("c42", mapOf("name" to name, "email" to email))
            show(t.parties.find(IdentifierKind.EMAIL, "Thandi@Example.com").map { it.key })
            show(t.parties.read("c42", listOf("email"), why = "a complaint").fields.single().value)
            t.parties.forget("c42", ForgetScope.CONSENT)                      // the address is gone for ever
            show(t.parties.read("c42", why = "a complaint").fields.map { it.name })
        }
    }

    @Test
    fun `the parties`() = runBlocking {
        val folder = createTempDirectory("thalium").toFile()
        val shown = mutableListOf<Any?>()
        partiesOfTheReadme(File(folder, "books").path, Files.newKey(File(folder, "key").path)) { shown += it }
        folder.deleteRecursively()
        assertEquals(listOf<Any?>(listOf("c42"), "thandi@example.com", listOf("name")), shown)
    }

    @Test
    fun `the device`() = runBlocking {
        val zar = currency("ZAR")
        val shown = mutableListOf<Any?>()
        bank().use { t ->
            t.post("dep-1", "bank:ZAR", "c42:ZAR", zar("300.00"))
            coroutineScope {
                deviceOfTheReadme("memory:", { _, request -> t.sync("c42", listOf("c42:ZAR"), request, listOf("clients:ZAR")) }) { shown += it }
                coroutineContext.cancelChildren()
            }
        }
        assertTrue(IntentState.BOOKED in shown && shown.last().toString().startsWith("50.00 ZAR as of 20"), shown.toString())
    }
}
