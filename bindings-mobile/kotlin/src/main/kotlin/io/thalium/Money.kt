package io.thalium

import java.math.BigDecimal

/**
 * An exact amount of an asset: `zar("250.00")`, `Money.of("0.5", "BTC")`, `Money(BigDecimal("1.50"), "ZAR")`.
 *
 * Two amounts are equal if they are the same number of the same asset, however many zeros are written: `1.0` is `1.00`, which two
 * `BigDecimal`s are not. No amount can be made of a `Double`.
 *
 * @property amount The number, with the digits after the point that were written.
 * @property asset The code of the asset.
 */
public class Money(public val amount: BigDecimal, public val asset: String) : Comparable<Money> {
    init {
        require(CODE.matches(asset)) { "asset: `${asset.take(64)}` is no code: write 1 to 16 of A-Z, 0-9, '.', '_', '-'" }
        require(amount.scale() in 0..SCALE_MAX) { "amount: ${amount.scale()} digits after the point are none of 0 to $SCALE_MAX" }
        require(amount.precision() <= 2 * SCALE_MAX) { "amount: has more than ${2 * SCALE_MAX} digits" }
    }

    /** The sum; both are of the same asset. */
    public operator fun plus(other: Money): Money = Money(amount.add(of(other)), asset)

    /** The difference; both are of the same asset. */
    public operator fun minus(other: Money): Money = Money(amount.subtract(of(other)), asset)

    /** So many times the amount. */
    public operator fun times(n: Long): Money = Money(amount.multiply(BigDecimal.valueOf(n)), asset)

    /** The amount with the other sign. */
    public operator fun unaryMinus(): Money = Money(amount.negate(), asset)

    /** Compares amounts of the same asset. */
    override fun compareTo(other: Money): Int = amount.compareTo(of(other))

    /** Whether it is nothing. */
    public val isZero: Boolean get() = amount.signum() == 0

    override fun equals(other: Any?): Boolean =
        other is Money && asset == other.asset && amount.compareTo(other.amount) == 0

    override fun hashCode(): Int = 31 * amount.stripTrailingZeros().hashCode() + asset.hashCode()

    /** The amount with its asset, as `250.00 ZAR`. */
    override fun toString(): String = "${amount.toPlainString()} $asset"

    private fun of(other: Money): BigDecimal {
        require(asset == other.asset) { "$this and $other are of different assets" }
        return other.amount
    }

    public companion object {
        private val CODE = Regex("[A-Z0-9][A-Z0-9._-]{0,15}")
        private val TEXT = Regex("-?[0-9]{1,80}(\\.[0-9]{1,80})?")
        private const val SCALE_MAX = 80

        /** An amount in decimal text, as `of("250.00", "ZAR")`. */
        public fun of(amount: String, asset: String): Money {
            require(TEXT.matches(amount)) { "amount: `${amount.take(64)}` is no decimal number: write \"250.00\"" }
            return Money(BigDecimal(amount), asset)
        }

        /** An amount in decimal text with its asset, as `parse("250.00 ZAR")`. */
        public fun parse(text: String): Money {
            val parts = text.split(' ')
            require(parts.size == 2) { "amount: write it with its asset, as \"250.00 ZAR\"" }
            return of(parts[0], parts[1])
        }
    }
}

/** What makes money of one asset: `val zar = currency("ZAR")`, then `zar("250.00")`. */
public fun currency(asset: String): (String) -> Money {
    Money.of("0", asset)
    return { amount -> Money.of(amount, asset) }
}
