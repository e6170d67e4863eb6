const TEXT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/

/** An instant in UTC to the nanosecond. */
export class Timestamp {
  /** Nanoseconds since 1970 began in UTC. */
  readonly nanoseconds: bigint

  constructor(nanoseconds: bigint) {
    if (typeof nanoseconds !== 'bigint') throw new TypeError(`nanoseconds: give a bigint, not a ${typeof nanoseconds}`)
    this.nanoseconds = nanoseconds
    Object.freeze(this)
  }

  /** The instant that RFC 3339 text in UTC names, with up to nine digits after the second. */
  static parse(text: string): Timestamp {
    const found = TEXT.exec(text)
    const millis = found ? Date.parse(`${found[1]}Z`) : Number.NaN
    if (!found || Number.isNaN(millis)) {
      throw new RangeError(`${JSON.stringify(String(text).slice(0, 64))} is no instant: write '2026-01-31T09:30:00.000000001Z'`)
    }
    return new Timestamp(BigInt(millis) * 1_000_000n + BigInt((found[2] ?? '').padEnd(9, '0')))
  }

  /** The instant of a `Date`, which knows milliseconds. */
  static from(date: Date): Timestamp {
    return new Timestamp(BigInt(date.getTime()) * 1_000_000n)
  }

  /** As a `Date`: what lies behind the millisecond is lost. */
  toDate(): Date {
    return new Date(Number(floor(this.nanoseconds, 1_000_000n)))
  }

  /** Less than zero, zero or more than zero, as this is before, at or after the other. */
  compare(other: Timestamp): number {
    return this.nanoseconds < other.nanoseconds ? -1 : this.nanoseconds > other.nanoseconds ? 1 : 0
  }

  /** RFC 3339 text to the nanosecond. */
  toString(): string {
    const seconds = floor(this.nanoseconds, 1_000_000_000n)
    const rest = this.nanoseconds - seconds * 1_000_000_000n
    return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${rest.toString().padStart(9, '0')}Z`
  }

  /** As `toString`. */
  toJSON(): string {
    return this.toString()
  }

  /** How the console shows it. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `Timestamp(${this.toString()})`
  }
}

function floor(a: bigint, b: bigint): bigint {
  const whole = a / b
  return a % b < 0n ? whole - 1n : whole
}

/** What names an instant: a `Timestamp`, a `Date`, or text: RFC 3339, nanoseconds since 1970, or a date. */
export type Instant = Timestamp | Date | string

/** How a request writes an instant. @internal */
export function instantText(value: Instant | undefined, field: string): string | undefined {
  if (value === undefined || typeof value === 'string') return value
  if (value instanceof Timestamp) return value.nanoseconds.toString()
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new RangeError(`${field}: is an invalid Date`)
    return Timestamp.from(value).nanoseconds.toString()
  }
  throw new TypeError(`${field}: give a Timestamp, a Date or text, not a ${typeof value}`)
}
