package io.thalium

import java.math.BigDecimal
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotEquals
import kotlin.test.assertTrue

class MoneyTest {
    private val zar = currency("ZAR")

    @Test
    fun `what is written is read back`() {
        val cases = listOf("0", "0.00", "250.00", "-1.5", "340282366920938463463374607431768211455", "0.00000000000000000000000000000000000001")
        for (text in cases) assertEquals("$text ZAR", zar(text).toString())
    }

    @Test
    fun `amounts are numbers of an asset`() {
        assertEquals(zar("1.0"), zar("1.00"))
        assertEquals(zar("1.0").hashCode(), zar("1.00").hashCode())
        assertNotEquals(zar("1.00"), Money.of("1.00", "USD"))
        assertEquals(zar("0.30"), zar("0.10") + zar("0.20"))
        assertEquals(zar("-0.10"), zar("0.10") - zar("0.20"))
        assertEquals(zar("59.97"), zar("19.99") * 3)
        assertEquals(zar("-19.99"), -zar("19.99"))
        assertTrue(zar("9.99") < zar("10") && zar("0.00").isZero)
        // Every digit is kept, past 38 of them too.
        val most = zar("340282366920938463463374607431768211455")
        assertEquals("340282366920938463463374607431768211456 ZAR", (most + zar("1")).toString())
    }

    @Test
    fun `what is no amount is refused`() {
        for (text in listOf("", "1,00", "1.", ".5", "1e3", "NaN", "0x1", " 1", "1 ", "+1", "9".repeat(81))) {
            assertFailsWith<IllegalArgumentException>(text) { zar(text) }
        }
        for (asset in listOf("", "zar", "ZAR ", "A".repeat(17))) {
            assertFailsWith<IllegalArgumentException>(asset) { currency(asset) }
        }
        for (text in listOf("250.00", "250.00  ZAR", "ZAR 250.00", "250.00 ZAR x")) {
            assertFailsWith<IllegalArgumentException>(text) { Money.parse(text) }
        }
        assertFailsWith<IllegalArgumentException> { zar("1") + Money.of("1", "USD") }
        assertFailsWith<IllegalArgumentException> { zar("1") < Money.of("1", "USD") }
        assertFailsWith<IllegalArgumentException> { Money(BigDecimal("1E+3"), "ZAR") }
    }
}
