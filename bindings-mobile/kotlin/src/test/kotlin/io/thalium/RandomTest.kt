package io.thalium

import io.thalium.native.NativeDevice
import io.thalium.native.NativeLedger
import io.thalium.native.NativePolicy
import kotlin.random.Random
import kotlin.test.Test
import kotlin.test.assertTrue

/** Whatever is sent, what comes back is an answer or a documented error. */
class RandomTest {
    private val payloads = if (System.getenv("THALIUM_TEST_TIER") == "full") 100_000 else 2_000
    private val operations = Thalium.operations()
    private val names = listOf("c1", "bank:ZAR", "p/x", "holds:ZAR", "", "7", "\u0000", "ключ", "x".repeat(300))
    private val fields = listOf(
        "op", "key", "id", "from", "to", "amount", "hold", "account", "asset", "kind", "parent", "name", "code", "flags", "legs", "now", "commands",
        "command", "request", "reply", "customer", "accounts", "payees", "limit", "after", "at", "before", "random", "open", "timeout", "metadata",
        "party", "into", "role", "broker", "fields", "value", "purpose", "basis", "identifier", "scope", "why", "actor", "until",
        "subject", "years", "retention", "law", "due", "public", "transfers", "viewer", "description",
        "rollup", "trades", "trade", "symbol", "price", "quantity", "taker", "bad_rows", "width", "fill", "levels", "zone", "delay", "late",
        "horizon", "keep", "of", "path", "input", "query", "strict", "only",
    )

    private fun Random.scalar(): String = when (nextInt(9)) {
        0 -> "null"
        1 -> nextBoolean().toString()
        2 -> nextLong().toString()
        3 -> nextDouble().toString()
        4 -> "\"${nextInt(100)}.${nextInt(100)} ZAR\""
        5 -> "\"2026-01-0${1 + nextInt(9)}T10:00:00Z\""
        6 -> "340282366920938463463374607431768211456"
        else -> quoted(names.random(this))
    }

    private fun quoted(text: String) = kotlinx.serialization.json.JsonPrimitive(text).toString()

    private fun Random.value(depth: Int): String = when (if (depth == 0) 9 else nextInt(8)) {
        0 -> List(nextInt(4)) { value(depth - 1) }.joinToString(",", "[", "]")
        1, 2 -> json(depth - 1)
        else -> scalar()
    }

    private fun Random.json(depth: Int): String {
        val commands = listOf(
            "post", "hold", "account", "asset", "release", "register_party", "seal_data", "forget_party", "define_retention", "nonsense",
        )
        val ops = operations.keys.filter { it != "drain" } + commands
        val told = List(nextInt(7)) { "${quoted(fields.random(this))}:${value(depth)}" }
        val op = if (nextInt(8) > 0) listOf("\"op\":${quoted(ops.random(this))}") else emptyList()
        return (op + told).joinToString(",", "{", "}")
    }

    @Test
    fun `only documented errors`() {
        val random = Random(20_261_128)
        val codes = Thalium.codes()
        val ledger = NativeLedger.open("memory:", OpenOptions(insecureSeed = "07".repeat(32)).text())
        val device = NativeDevice.open("memory:")
        val policy = NativePolicy.open("{\"files\":{\"p.rego\":\"package p\\n\\nx := input\\n\"}}")
        repeat(payloads) {
            val payload = if (random.nextInt(10) == 0) random.scalar() else random.json(3)
            for (call in listOf<(String) -> String>(ledger::call, device::call, policy::call)) {
                try {
                    border { call(payload) }
                } catch (error: ThaliumException) {
                    assertTrue(error.code in codes && error.code != "panicked", "$payload: ${error.code} ${error.message}")
                }
            }
        }
        ledger.shut()
        device.shut()
    }
}
