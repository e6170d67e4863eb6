package io.thalium

import io.thalium.native.NativeChart
import io.thalium.native.NativeDevice
import io.thalium.native.NativeLedger
import io.thalium.native.NativePolicy
import io.thalium.native.nativeCodes
import io.thalium.native.nativeNewId
import io.thalium.native.nativeOperations
import io.thalium.native.nativeRun
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import org.junit.jupiter.api.condition.EnabledIfSystemProperty

/** A panic in every export becomes an exception, and the process lives. Needs a library that was built with `test-hooks`. */
@EnabledIfSystemProperty(named = "thalium.hooks", matches = "true")
class PanicTest {
    private interface Hooks : com.sun.jna.Library {
        @Suppress("FunctionName")
        fun uniffi_thalium_mobile_fn_func_native_panic_next(status: com.sun.jna.Pointer)
    }

    private val hooks = com.sun.jna.Native.load("thalium_mobile", Hooks::class.java)

    @Test
    fun `every export`() {
        val ledger = NativeLedger.open("memory:", "{}")
        val device = NativeDevice.open("memory:")
        val policy = NativePolicy.open("{\"files\":{\"p.rego\":\"package p\"}}")
        val chart = NativeChart.open("{\"text\":\"{chart: 1, states: {a: {}}}\"}")
        val exports = mapOf<String, () -> Any?>(
            "open" to { NativeLedger.open("memory:", "{}") },
            "call" to { ledger.call("{\"op\":\"root\"}") },
            "device open" to { NativeDevice.open("memory:") },
            "device call" to { device.call("{\"op\":\"list_intents\"}") },
            "policy open" to { NativePolicy.open("{\"files\":{\"p.rego\":\"package p\"}}") },
            "policy call" to { policy.call("{\"op\":\"describe_policy\"}") },
            "chart open" to { NativeChart.open("{\"text\":\"{chart: 1, states: {a: {}}}\"}") },
            "chart call" to { chart.call("{\"op\":\"describe_chart\"}") },
            "run" to { nativeRun("{\"op\":\"verify\",\"ledger\":\"x\"}") },
            "codes" to { nativeCodes() },
            "operations" to { nativeOperations() },
            "new id" to { nativeNewId() },
            "device shut" to { device.shut() },
            "shut" to { ledger.shut() },
        )
        for ((name, export) in exports) {
            val status = com.sun.jna.Memory(64).apply { clear() }
            hooks.uniffi_thalium_mobile_fn_func_native_panic_next(status)
            assertEquals("panicked", assertFailsWith<ThaliumException>(name) { border { export() } }.code, name)
        }
        assertEquals(0, ledger.call("{\"op\":\"stats\"}").indexOf('{'))
    }
}
