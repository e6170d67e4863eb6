const TEXT = /^(-?)([0-9]{1,80})(?:\.([0-9]{1,80}))?$/
const CODE = /^[A-Z0-9][A-Z0-9._-]{0,15}$/
const SCALE_MAX = 80

/**
 * An exact amount of an asset: `zar('250.00')`, `Money.of('0.5', 'BTC')`, `Money.units(25000n, 2, 'ZAR')`.
 *
 * A `number` cannot hold money and a bare `bigint` does not say of what: both are errors when compiled and when run. Two amounts
 * are equal if they are the same number of the same asset, however many zeros are written. Arithmetic is exact.
 */
export class Money {
  /** The code of the asset. */
  readonly asset: string
  /** How many digits stand after the point. */
  readonly scale: number
  readonly #units: bigint

  private constructor(units: bigint, scale: number, asset: string) {
    if (typeof asset !== 'string') throw new TypeError("asset: give its code, as in Money.of('250.00', 'ZAR')")
    if (!CODE.test(asset)) {
      throw new RangeError(`asset: ${JSON.stringify(asset.slice(0, 64))} is no code: write 1 to 16 of A-Z, 0-9, '.', '_', '-'`)
    }
    this.#units = units
    this.scale = scale
    this.asset = asset
    Object.freeze(this)
  }

  /** An amount in decimal text, as `'250.00'`. */
  static of(amount: string, asset: string): Money {
    if (typeof amount !== 'string') {
      throw new TypeError(`amount: a ${typeof amount} cannot say how much money: give decimal text, or Money.units(…)`)
    }
    const found = TEXT.exec(amount)
    if (!found) throw new RangeError(`amount: ${JSON.stringify(amount.slice(0, 64))} is no decimal number: write '250.00'`)
    const [, sign, whole, rest = ''] = found
    const units = BigInt(`${whole}${rest}`)
    return new Money(sign ? -units : units, rest.length, asset)
  }

  /** An amount in decimal text with its asset, as `'250.00 ZAR'`. */
  static parse(text: string): Money {
    if (typeof text !== 'string') throw new TypeError(`amount: give text, as '250.00 ZAR', not a ${typeof text}`)
    const [amount = '', asset = '', ...more] = text.split(' ')
    if (more.length > 0 || asset === '') throw new RangeError(`amount: write it with its asset, as '250.00 ZAR'`)
    return Money.of(amount, asset)
  }

  /** An amount as a count of smallest units at a scale: `Money.units(25000n, 2, 'ZAR')` is 250.00 ZAR. */
  static units(units: bigint, scale: number, asset: string): Money {
    if (typeof units !== 'bigint') throw new TypeError(`units: give a bigint, not a ${typeof units}`)
    if (!Number.isInteger(scale) || scale < 0 || scale > SCALE_MAX) {
      throw new RangeError(`scale: ${String(scale)} is no whole number from 0 to ${SCALE_MAX}`)
    }
    return new Money(units, scale, asset)
  }

  /** The count of smallest units at a scale; an error where it would have to be rounded. */
  units(scale: number): bigint {
    if (!Number.isInteger(scale) || scale < 0 || scale > SCALE_MAX) throw new RangeError(`scale: ${String(scale)} is no scale`)
    if (scale >= this.scale) return this.#units * 10n ** BigInt(scale - this.scale)
    const step = 10n ** BigInt(this.scale - scale)
    if (this.#units % step !== 0n) throw new RangeError(`${this.toString()} has more than ${scale} digits after the point`)
    return this.#units / step
  }

  /** The sum. */
  add(other: Money): Money {
    const [a, b, scale] = this.#aligned(other)
    return new Money(a + b, scale, this.asset)
  }

  /** The difference. */
  sub(other: Money): Money {
    const [a, b, scale] = this.#aligned(other)
    return new Money(a - b, scale, this.asset)
  }

  /** So many times the amount. */
  times(n: bigint): Money {
    if (typeof n !== 'bigint') throw new TypeError(`times: give a bigint, not a ${typeof n}`)
    return new Money(this.#units * n, this.scale, this.asset)
  }

  /** The amount with the other sign. */
  negated(): Money {
    return new Money(-this.#units, this.scale, this.asset)
  }

  /** Less than zero, zero or more than zero, as this is less than, equal to or more than the other. */
  compare(other: Money): number {
    const [a, b] = this.#aligned(other)
    return a < b ? -1 : a > b ? 1 : 0
  }

  /** Whether both are the same number of the same asset. */
  equals(other: Money): boolean {
    return other instanceof Money && this.asset === other.asset && this.compare(other) === 0
  }

  /** Whether it is nothing. */
  isZero(): boolean {
    return this.#units === 0n
  }

  #aligned(other: Money): [bigint, bigint, number] {
    if (!(other instanceof Money)) throw new TypeError('give an amount of money')
    if (this.asset !== other.asset) throw new RangeError(`${this.toString()} and ${other.toString()} are of different assets`)
    const scale = Math.max(this.scale, other.scale)
    return [this.units(scale), other.units(scale), scale]
  }

  /** The amount alone, as `'250.00'`. */
  get amount(): string {
    const digits = (this.#units < 0n ? -this.#units : this.#units).toString().padStart(this.scale + 1, '0')
    const sign = this.#units < 0n ? '-' : ''
    const point = digits.length - this.scale
    return this.scale === 0 ? sign + digits : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
  }

  /** The amount with its asset, as `'250.00 ZAR'`. */
  toString(): string {
    return `${this.amount} ${this.asset}`
  }

  /** As `toString`. */
  toJSON(): string {
    return this.toString()
  }

  /** Money is no number: an attempt to compute with it as one is an error. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === 'number') throw new TypeError('money is no number: use add, sub, times and compare')
    return this.toString()
  }

  /** How the console shows it. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `Money(${this.toString()})`
  }
}

/** What makes money of one asset: `const zar = currency('ZAR')`, then `zar('250.00')`. */
export function currency(code: string): (amount: string) => Money {
  Money.of('0', code)
  return (amount) => Money.of(amount, code)
}
