package io.thalium

import java.io.File
import java.math.BigDecimal
import java.math.BigInteger
import java.nio.file.Files.createTempDirectory
import java.time.Instant
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonPrimitive

private val MODULE = """
    package p

    same := input
    twice := input.amount * 2
    long := 12345678901234567890.123456789012345678
    nothing := null
    clash := 1
    clash := 2
    verdict := {"outcome": "deny", "obligations": [{"type": "hold", "seconds": 18446744073709551615}]}
    wrong := {"outcome": "allow", "because": "of this"}
""".trimIndent()

class PoliciesTest {
    private val examples = File("../../examples/policies")
    private val newYear = Instant.parse("2026-01-01T00:00:00Z")

    private suspend fun policy() = Policy.of(mapOf("p.rego" to MODULE))

    @Test
    fun `a directory is opened and asked`() = runBlocking {
        val policy = Policy.open(examples.path)
        val told = policy.describe()
        assertTrue(told.digest.length == 64 && told.rules.any { it.name == "data.access.verdict" && it.makes == PolicyRuleKind.VALUE })
        for (name in listOf("access", "aml", "security", "trading")) {
            val input = File(examples, "inputs/$name.json").readText()
            val verdict = policy.decide("$name/verdict", input, newYear)
            assertTrue(verdict.reasons.none { it.message.isEmpty() || it.code < 10_000 }, "$name: $verdict")
            assertEquals(verdict, policy.decide("$name/verdict", input, newYear))
        }
        // What is not known denies.
        assertEquals(VerdictOutcome.DENY, policy.decide("access/verdict", emptyMap<String, Any>(), newYear).outcome)
        val tests = policy.test("access", newYear)
        assertTrue(tests.passed > 0 && tests.failed == 0L && tests.tests.all { it.outcome == PolicyTestOutcome.PASSED }, "$tests")
    }

    @Test
    fun `a module of one file is opened`() = runBlocking {
        val folder = createTempDirectory("policy").toFile()
        val file = File(folder, "p.rego").apply { writeText(MODULE) }
        assertEquals(JsonPrimitive(1), Policy.open(file.path).evaluate("p/same", 1))
        assertEquals("io", assertFailsWith<ThaliumException> { Policy.open(File(folder, "none").path) }.code)
        val keys = listOf(PolicyKey("HS256", "a secret of the operators", id = "ops"))
        val unsigned = assertFailsWith<PolicyException> { Policy.open(folder.path, keys) }
        assertTrue("a secret" !in unsigned.message.orEmpty() + keys)
        folder.deleteRecursively()
        Unit
    }

    @Test
    fun `numbers are exact`() = runBlocking {
        val policy = policy()
        val given = mapOf(
            "0.1" to BigDecimal("0.1"), "12.50" to BigDecimal("12.50"), "1000" to BigDecimal("1E+3"), "0.00000001" to BigDecimal("1E-8"),
            "-7" to -7, "9223372036854775807" to Long.MAX_VALUE, "18446744073709551615" to ULong.MAX_VALUE, "255" to UByte.MAX_VALUE,
            "100000000000000000000000000000000000000001" to BigInteger("100000000000000000000000000000000000000001"),
        )
        for ((text, number) in given) {
            assertEquals(text, policy.evaluate("p/same", number)?.jsonPrimitive?.content)
            assertEquals(text, policy.evaluate("p/same", text)?.jsonPrimitive?.content)
        }
        val twice = policy.evaluate("p/twice", """{"amount": 100000000000000000000.01}""")
        assertEquals(0, BigDecimal("200000000000000000000.02").compareTo(twice?.jsonPrimitive?.content?.toBigDecimal()))
        assertEquals("12345678901234567890.123456789012345678", policy.evaluate("p/long")?.jsonPrimitive?.content)
        // What an answer's type cannot hold is refused.
        val failed = assertFailsWith<ThaliumException> { policy.decide("p/verdict") }
        assertEquals(listOf<Any?>("unsupported", "seconds"), listOf(failed.code, failed.field))
    }

    @Test
    fun `an input is text, JSON or Kotlin's own`() = runBlocking {
        val policy = policy()
        val own = mapOf("a" to listOf(true, null, "x", setOf(1)), "at" to newYear)
        val text = """{"a":[true,null,"x",[1]],"at":"2026-01-01T00:00:00Z"}"""
        assertEquals(text, policy.evaluate("p/same", own).toString())
        assertEquals(text, policy.evaluate("p/same", text).toString())
        assertEquals(JsonPrimitive("x"), policy.evaluate("p/same", JsonPrimitive("x")))
        // None, and one that is null; undefined, and null.
        assertNull(policy.evaluate("p/same"))
        assertEquals(JsonNull, policy.evaluate("p/same", JsonNull))
        assertEquals(JsonNull, policy.evaluate("p/nothing"))
        assertEquals(listOf(JsonObject(mapOf("x" to JsonPrimitive(2)))), policy.query("x := input + 1", 1))
        assertTrue(policy.query("input > 1", 1).isEmpty())
    }

    @Test
    fun `what is not exact, or no JSON, is refused`() = runBlocking {
        val policy = policy()
        fun nested(levels: Int) = "[".repeat(levels) + "]".repeat(levels)
        assertEquals(nested(398), policy.evaluate("p/same", nested(398)).toString())
        val wrong = listOf(
            0.1 to "input: is a `Double`", mapOf("a" to listOf(1, 0.5f)) to "input.a[1]: is a `Float`", JsonPrimitive(Double.NaN) to "input: `NaN`",
            mapOf(1 to 2) to "input: the key `1`", listOf(Any()) to "input[0]: is a `Object`", currency("ZAR")("1") to "input: is a `Money`",
            "{" to "input: is no JSON", "" to "input: is no JSON", "{\"a\": b}" to "input.a: `b` is no JSON", "01" to "input: `01` is no JSON",
            nested(400) to "input: nests deeper", nested(100_000) to "input: is no JSON", BigDecimal("1E+2000000000") to "",
        )
        for ((input, why) in wrong) {
            val refused = assertFailsWith<InvalidException>(why) { policy.decide("p/same", input) }
            assertTrue(refused.message!!.startsWith(why), refused.message)
            assertTrue(refused.message!!.endsWith("no permission: deny"), refused.message)
        }
        for (input in listOf("\"\\ud800\"", JsonPrimitive("\ud800"))) assertFailsWith<InvalidException> { policy.evaluate("p/same", input) }
    }

    @Test
    fun `errors have codes`() = runBlocking {
        val refused = assertFailsWith<PolicyException> { Policy.of(mapOf("a/b.rego" to "package a\n\nx := \n")) }
        assertEquals("policy", refused.code)
        assertTrue("a/b.rego:4" in refused.message!!, refused.message)
        val policy = policy()
        for (path in listOf("p/clash", "p/wrong", "p/same", "p/long")) {
            val undecided = assertFailsWith<UndecidedException>(path) { policy.decide(path, 1) }
            assertEquals("undecided", undecided.code)
            assertTrue("no permission" in undecided.message!!)
        }
        assertEquals("undecided", assertFailsWith<UndecidedException> { policy.evaluate("p/clash") }.code)
        assertEquals("path", assertFailsWith<InvalidException> { policy.decide("p/verdikt") }.field)
        assertEquals("query", assertFailsWith<InvalidException> { policy.query("x :=") }.field)
        for (now in listOf(Instant.MIN, Instant.MAX, Instant.EPOCH)) {
            assertEquals("now", assertFailsWith<InvalidException> { policy.evaluate("p/same", 1, now) }.field)
        }
        // An undefined path is no error, but a denial.
        val denied = policy.decide("p/twice")
        assertEquals(listOf<Any?>(VerdictOutcome.DENY, Audience.OPERATOR), listOf(denied.outcome, denied.reasons.single().audience))
    }

    @Test
    fun `many ask it at once`() = runBlocking {
        val policy = policy()
        val told = (1..500).map { n -> async(Dispatchers.Default) { policy.evaluate("p/twice", mapOf("amount" to n)) } }.awaitAll()
        assertEquals((1..500).map { JsonPrimitive(2 * it) as Any? }, told)
    }
}
