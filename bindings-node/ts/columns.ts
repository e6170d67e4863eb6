import type { NativeColumns } from './native.js'
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
export type ColumnSource = PostColumns | { arrow: Uint8Array }

/** What became of the rows of `postColumns`. */
export interface PostOutcomes {
  /** Rows that were booked now. */
  readonly booked: number
  /** Rows that had been booked before. */
  readonly replayed: number
  /** Rows that were refused. */
  readonly rejected: number
  /** `ok`, `status`, `replayed`, `sequence` and `timestamp` of each row, as an Arrow IPC stream. */
  readonly arrow: Uint8Array
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

/** What the native module told of columns that were booked. @internal */
export function postOutcomes(told: string, arrow: Uint8Array | null): PostOutcomes {
  return Object.freeze({ ...(JSON.parse(told) as { booked: number; replayed: number; rejected: number }), arrow: arrow ?? new Uint8Array() })
}
