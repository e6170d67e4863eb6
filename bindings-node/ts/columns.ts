import type { NativeColumns, NativeOutcomes } from './native.js'
import { settle, settleSync } from './errors.js'
import { amountText, nameText, type Amount, type Name } from './commands.js'

/** Whole numbers: counts of smallest units, ids, codes. A column of floats is an error. */
export type WholeNumbers =
  | BigInt64Array | BigUint64Array | Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array | Uint8Array

/**
 * Columns of posts: `key` or `id`; `from`, `to`; `units` (whole numbers of smallest units) or `amount` (decimal text); and where
 * they differ `asset`, `code`, `description`. Ids are whole numbers, texts, or 16 bytes each in a `Uint8Array`. Or all of it as
 * an Arrow IPC stream.
 */
export interface PostColumns {
  /** The caller's names. */
  key?: readonly string[]
  /** Ids, where there are no keys. */
  id?: readonly string[] | BigUint64Array | Uint8Array
  /** Accounts that are debited. */
  from: readonly Name[] | BigUint64Array | Uint8Array
  /** Accounts that are credited. */
  to: readonly Name[] | BigUint64Array | Uint8Array
  /** Smallest units. */
  units?: WholeNumbers
  /** Decimal text, in place of `units`. */
  amount?: readonly Amount[]
  /** Codes of assets; by default that of the account `from`. */
  asset?: readonly string[]
  /** The caller's codes. */
  code?: Uint16Array
  /** Public descriptions. */
  description?: readonly (string | undefined)[]
}

/** Columns, or an Arrow IPC stream. */
export type ColumnSource = PostColumns | {
  /** The stream. */
  arrow: Uint8Array
}

/** What became of the rows of `postColumns`: counts at once, columns when they are asked for. */
export class PostOutcomes {
  /** Rows that were booked now. */
  readonly booked: number
  /** Rows that had been booked before. */
  readonly replayed: number
  /** Rows that were refused. */
  readonly rejected: number
  readonly #native: NativeOutcomes

  /** @internal */
  constructor(native: NativeOutcomes) {
    this.#native = native
    const told = JSON.parse(settleSync(() => native.counts())) as { booked: number; replayed: number; rejected: number }
    ;({ booked: this.booked, replayed: this.replayed, rejected: this.rejected } = told)
    Object.freeze(this)
  }

  /** The number of each row's status: 0 where it was booked now. */
  statuses(): Uint16Array {
    return settleSync(() => this.#native.statuses())
  }

  /** The place of each row in the log; zero where nothing is booked. */
  sequences(): BigUint64Array {
    return settleSync(() => this.#native.sequences())
  }

  /** When each row was decided, in nanoseconds since 1970; of a retry, when it was booked. */
  timestamps(): BigInt64Array {
    return settleSync(() => this.#native.timestamps())
  }

  /** `ok`, `status`, `replayed`, `sequence` and `timestamp` of each row, as an Arrow IPC stream. */
  async toArrow(): Promise<Uint8Array> {
    const [, bytes] = await settle(() => this.#native.arrow())
    return bytes as Uint8Array
  }
}

const IDS = new Set(['id', 'from', 'to'])

/** Columns as the native module takes them; what typed arrays hold is copied. @internal */
export function collect(columns: NativeColumns, source: ColumnSource): NativeColumns {
  if (typeof source !== 'object' || source === null) throw new TypeError('columns: give an object of columns, or { arrow }')
  if ('arrow' in source) {
    columns.arrow(source.arrow)
    return columns
  }
  for (const [name, values] of Object.entries(source) as [string, unknown][]) {
    if (values === undefined) continue
    if (Array.isArray(values)) {
      columns.texts(name, values.map((value) => text(name, value)))
    } else if (ArrayBuffer.isView(values)) {
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
      columns.buffer(name, IDS.has(name) && values instanceof Uint8Array ? 'ids' : values.constructor.name.replace('Buffer', 'Uint8Array'), bytes)
    } else {
      throw new TypeError(`column ${name}: give a typed array or a list of texts`)
    }
  }
  return columns
}

function text(name: string, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  if (name === 'amount') return amountText(value as Amount, `column ${name}`).split(' ')[0]
  return IDS.has(name) ? nameText(value as Name, `column ${name}`) : String(value)
}
