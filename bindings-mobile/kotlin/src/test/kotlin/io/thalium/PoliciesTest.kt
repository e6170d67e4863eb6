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
    fun `an answer is explained`() = runBlocking {
        val module = """
            package access

            import rego.v1

            allow if {
                input.role == "teller"
                input.amount <= 100.50
            }

            said if print("the amount is", input.amount)
        """.trimIndent()
        val policy = Policy.of(mapOf("access.rego" to module))
        val input = mapOf("role" to "teller", "amount" to BigDecimal("100.51"))
        val why = policy.explain("access/allow", input, newYear)
        assertTrue(!why.defined && why.result == null && why.error == null && !why.cut, "$why")
        assertTrue("failed: input.amount <= 100.50" in why.text && "100.51" in why.text && "access.rego:7" in why.text, why.text)
        val failed = why.steps.last { it.became == PolicyStepOutcome.FAILED }
        assertEquals(listOf<Any?>("access.rego", true), listOf(failed.file, why.steps.any { it.depth > 0 && it.row == 7L }))
        val told = policy.explain("access/allow", """{"role": "teller", "amount": 100.50}""")
        assertEquals(listOf<Any?>(true, "true"), listOf(told.defined, told.result))
        assertTrue("the amount is 100.51" in policy.explain("access/said", input).said)
        val bare = policy.explain("access/said", input, withoutValues = true)
        assertTrue("100.51" !in bare.text && bare.said.isEmpty(), "$bare")
        assertTrue(policy.explain("access/allow", input, steps = 1).run { cut && steps.size == 1 })
        // That it came to no end is told, and a path that leads nowhere is misuse.
        val clash = policy().explain("p/clash")
        assertTrue(!clash.defined && clash.result == null && "p.rego:8" in clash.error!! && clash.error!! in clash.text, "$clash")
        assertEquals("path", assertFailsWith<InvalidException> { policy.explain("access/alow") }.field)
        assertEquals("input", assertFailsWith<InvalidException> { policy.explain("access/allow", 0.1) }.field)
    }

    @Test
    fun `what is probably wrong is told, and what the tests ran`() = runBlocking {
        val module = "package a\n\nimport data.b\n\nx := 1 if input.y\nelse := 2\n"
        val policy = Policy.of(mapOf("a.rego" to module, "a_test.rego" to "package a_test\n\ntest_x if data.a.x == 2\n"))
        val found = policy.lint().single { it.id == "unused-import" }
        assertEquals(listOf<Any?>("a.rego", 3L), listOf(found.file, found.row))
        assertTrue(found.message.isNotEmpty() && found.hint.isNotEmpty())
        assertNull(policy.test().coverage)
        val tests = policy.test(coverage = true)
        val coverage = tests.coverage!!
        assertEquals(listOf<Any?>(1L, listOf("a.rego", "a_test.rego")), listOf(tests.passed, coverage.files.map { it.file }))
        assertTrue(coverage.basisPoints!! in 1..10_000 && coverage.files.all { file -> file.covered.all { it.first <= it.last } }, "$coverage")
    }

    @Test
    fun `a rule becomes a condition in SQL`() = runBlocking {
        val module = """
            package accounts

            visible if input.row.owner == input.user

            visible if {
                input.row.branch in input.branches
                input.row.balance < 12345678901234567890.10
            }

            doubled if input.row.balance * 2 > 1

            all if input.user
        """.trimIndent()
        val policy = Policy.of(mapOf("accounts.rego" to module))
        val columns = mapOf(
            "owner" to RowColumn(ColumnKind.TEXT, sql = "owner_id"), "branch" to RowColumn(ColumnKind.TEXT, nullable = true),
            "balance" to RowColumn(ColumnKind.NUMBER),
        )
        val input = mapOf("user" to "ann", "branches" to listOf("north", "south"))
        val filter = policy.filter("accounts/visible", columns, input, alias = "a", firstParameter = 2)
        assertEquals(FilteredRows.SOME, filter.rows)
        assertTrue("owner_id" in filter.sql && "$2" in filter.sql && "$1" !in filter.sql, filter.sql)
        assertTrue(RowParameter("ann", null) in filter.parameters && RowParameter("12345678901234567890.10", null) in filter.parameters, "${filter.parameters}")
        assertTrue(filter.parameters.any { it.texts == listOf("north", "south") }, "${filter.parameters}")
        assertTrue("$1" in policy.filter("accounts/visible", columns, """{"user": "ann", "branches": []}""").sql)
        assertEquals(FilteredRows.ALL, policy.filter("accounts/all", columns, input).rows)
        assertEquals(FilteredRows.NONE, policy.filter("accounts/all", columns).rows)
        // What has no exact condition is refused.
        val refused = assertFailsWith<ThaliumException> { policy.filter("accounts/doubled", columns, input) }
        assertEquals(listOf<Any?>("unsupported", "path"), listOf(refused.code, refused.field))
        assertTrue("accounts.rego:10" in refused.message!!, refused.message)
        assertEquals("path", assertFailsWith<InvalidException> { policy.filter("accounts/visibel", columns) }.field)
        assertEquals("input", assertFailsWith<InvalidException> { policy.filter("accounts/visible", columns, 0.1) }.field)
    }

    @Test
    fun `what another version changes is told`() = runBlocking {
        fun files(limit: String) = mapOf("a/a.rego" to "package a\n\nok if input.amount < data.a.limit\n", "a/data.json" to """{"limit": $limit}""")
        val policy = Policy.of(files("100.50"))
        val diff = policy.diff(PolicyBundle.of(files("100.51") + ("b.rego" to "package b\n\nx := 1\n")))
        assertTrue(!diff.empty && !diff.same && diff.before.digest != diff.after.digest, "$diff")
        val row = diff.documents.single()
        assertEquals(listOf<Any?>("/a/limit", DiffChange.CHANGED, "100.50", "100.51"), listOf(row.pointer, row.change, row.before, row.after))
        assertEquals(listOf("data.b.x" to DiffChange.ADDED), diff.rules.map { it.path to it.change })
        assertTrue(policy.diff(PolicyBundle.of(files("100.50"))).run { empty && same && rules.isEmpty() })
        assertEquals("policy", assertFailsWith<PolicyException> { policy.diff(PolicyBundle.of(mapOf("a.rego" to "package a\n\nx := \n"))) }.code)
    }

    @Test
    fun `many ask it at once`() = runBlocking {
        val policy = policy()
        val told = (1..500).map { n -> async(Dispatchers.Default) { policy.evaluate("p/twice", mapOf("amount" to n)) } }.awaitAll()
        assertEquals((1..500).map { JsonPrimitive(2 * it) as Any? }, told)
    }
}
