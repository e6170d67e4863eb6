package io.thalium

import io.thalium.examples.deviceOfTheReadme
import io.thalium.examples.ledgerOfTheReadme
import java.io.File
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
        val compiled = lines(File("../../examples/kotlin/Readme.kt").readText()).joinToString("\n")
        val blocks = Regex("```kotlin\n(.*?)```", RegexOption.DOT_MATCHES_ALL).findAll(File("README.md").readText()).toList()
        assertEquals(2, blocks.size)
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
